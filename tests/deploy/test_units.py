"""The units: hardened as they claim, what they start exists, and nothing that an intake does is forbidden by them.

systemd itself does not run here. What it would forbid is read from the units and compared with what strace sees.
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crypto.codename import Codename
from deploy import intake
from deploy.arguments import EXIT_USAGE
from deploy.onion import KEYS
from tests.deploy.units import UNITS, allowed_calls, settings, words
from tests.submission.live import ROOT, LiveIntake, served
from tests.submission.visitor import MULTIPART, encode

INTAKE = UNITS / "lapwing-intake.service"
CHECKS = [UNITS / "lapwing-check.service", UNITS / "lapwing-check-all.service"]
CALL = re.compile(r"^(?:\d+ +)?(\w+)\(", re.MULTILINE)
SCORE = re.compile(r"Overall exposure level for \S+: ([0-9.]+)")


def test_the_intakes_unit_is_as_closed_as_systemd_can_tell(require_tool: Callable[[str], str]) -> None:
    """`systemd-analyze security` gives 0.8 or less, of 10."""
    analyze = require_tool("systemd-analyze")

    done = subprocess.run([analyze, "security", "--offline=true", INTAKE], capture_output=True, text=True, check=False)

    match = SCORE.search(done.stdout)
    assert match is not None, done.stderr
    assert float(match[1]) <= 0.8


@pytest.mark.parametrize(
    "line",
    [
        "PrivateNetwork=yes",
        "RestrictAddressFamilies=AF_UNIX",
        "ProtectSystem=strict",
        "MemorySwapMax=0",
        "LimitCORE=0",
        "User=lapwing",
        "StandardInput=null",
    ],
)
def test_the_intakes_unit_keeps_what_the_score_does_not_count(line: str) -> None:
    """No network, no core, no swap, nothing written but its own folders."""
    assert line in INTAKE.read_text().splitlines()


def test_tors_own_unit_keeps_cores_and_swap_out_too() -> None:
    """What visitors type passes through tor's memory as well."""
    lines = (UNITS / "tor-lapwing.conf").read_text().splitlines()
    assert {"LimitCORE=0", "MemorySwapMax=0"} <= set(lines)


def test_units_are_units(require_tool: Callable[[str], str], tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say, once the program they start is where this Python is."""
    analyze = require_tool("systemd-analyze")
    program = tmp_path / "lapwing"
    program.touch(0o755)
    for path in UNITS.iterdir():
        text = path.read_text().replace(words(INTAKE)[0], str(program))
        (tmp_path / path.name).write_text(text)

    paths = [tmp_path / path.name for path in UNITS.iterdir() if path.suffix in {".service", ".timer"}]
    done = subprocess.run([analyze, "verify", "--man=no", *paths], capture_output=True, text=True, check=False)

    assert [line for line in done.stderr.splitlines() if str(tmp_path) in line or "lapwing" in line] == []


def test_what_the_units_start_exists(capsys: pytest.CaptureFixture[str]) -> None:
    """Each is a verb with arguments that it takes; the intake stops only because its folder is not there."""
    for unit in (INTAKE, *CHECKS):
        program, *arguments = words(unit)
        assert program == "/opt/lapwing/.venv/bin/lapwing"
        assert arguments[0] == "intake"
        state = arguments[arguments.index("--state") + 1]
        assert state in settings(unit)["ReadWritePaths"][0].split()
        try:
            code = intake.main([word.replace(state, "/nonexistent") for word in arguments[1:]])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        assert (code, "usage" in captured.err) == ((1, False) if unit == INTAKE else (EXIT_USAGE, False)), captured.err


def test_only_what_is_broken_wakes_somebody_by_the_hour() -> None:
    """Of the two checks the hourly one takes warnings for success and reads no piece; the nightly one does neither."""
    hourly, nightly = (settings(unit) for unit in CHECKS)

    assert hourly["SuccessExitStatus"] == ["1"]
    assert "SuccessExitStatus" not in nightly
    assert "--quick" in hourly["ExecStart"][0]
    assert "--quick" not in nightly["ExecStart"][0]
    assert hourly["OnFailure"] == nightly["OnFailure"] == ["lapwing-alarm@%N.service"]


def test_an_alarm_hands_over_what_the_run_that_failed_said(tmp_path: Path) -> None:
    """The operator's program gets on its standard input what the journal has of that run, and nothing else of it."""
    (tmp_path / "journalctl").write_text('#!/bin/sh\nprintf "%s\\n" "said in a run" "$@"\n')
    (tmp_path / "alarm").write_text(f"#!/bin/sh\ncat > {tmp_path}/mail\n")
    for name in ("journalctl", "alarm"):
        (tmp_path / name).chmod(0o755)
    shell, option, line = words(UNITS / "lapwing-alarm@.service")
    line = line.replace("$$", "$").replace("/etc/lapwing/alarm", str(tmp_path / "alarm"))

    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "MONITOR_INVOCATION_ID": "a1b2"}
    subprocess.run([shell, option, line], env=environment, check=True)

    told = (tmp_path / "mail").read_text().splitlines()
    assert told[0] == "said in a run"
    assert told[-1] == "_SYSTEMD_INVOCATION_ID=a1b2"
    assert "--output=cat" in told


def test_sockets_are_for_tor_alone() -> None:
    """The sockets' folder gives its group to what is made in it, and its group is tor's; the intake is not in it."""
    folder, state = (line.split() for line in (UNITS / "lapwing.tmpfiles").read_text().splitlines() if line[0] == "d")

    assert folder[1:5] == ["/run/lapwing", "2750", "lapwing", "debian-tor"]
    assert state[1:5] == ["/var/lib/lapwing", "0700", "lapwing", "lapwing"]
    assert "debian-tor" not in INTAKE.read_text()
    assert f"-{KEYS.parent}" in settings(INTAKE)["InaccessiblePaths"][0].split()


def test_the_kernel_gives_large_pages(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    """The line is one that systemd-tmpfiles follows; where there is no such setting, or it may not, nothing fails."""
    tmpfiles = require_tool("systemd-tmpfiles")
    (line,) = (line for line in (UNITS / "lapwing.tmpfiles").read_text().splitlines() if line[0] == "w")
    (tmp_path / "one.conf").write_text(f"{line}\n")
    command = [tmpfiles, "--create", f"--root={tmp_path}", str(tmp_path / "one.conf")]

    subprocess.run(command, check=True)
    assert not (tmp_path / "sys").exists()
    setting = tmp_path / line.split()[1].lstrip("/")
    setting.parent.mkdir(parents=True)
    setting.write_text("")
    subprocess.run(command, check=True)
    assert setting.read_text() == "always"
    setting.unlink()
    setting.mkdir()
    subprocess.run(command, check=True)


def calls(trace: str) -> set[str]:
    """The names of the system calls in a trace, without those that only root makes, which no unit runs as."""
    # SQLite gives a file that it makes to the owner of the database.
    return set(CALL.findall(trace)) - {"fchown"}


class TracedIntake(LiveIntake):
    """An intake behind tor with every system call on record."""

    strace = ""

    @property
    def trace(self) -> str:
        """What strace wrote."""
        return (self.state.parent / "trace").read_text("latin-1")

    def stop(self) -> None:
        """End the server; strace, which lets no signal through to itself, ends with it."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self._reap()

    def _environment(self) -> dict[str, str]:
        # Not measured: what measures it writes files of its own beside the project.
        return {name: value for name, value in super()._environment().items() if name != "COVERAGE_PROCESS_START"}

    def _command(self, verb: str, *arguments: str) -> list[str]:
        command = super()._command(verb, *arguments)
        if verb != "serve":
            return command
        return [self.strace, "-f", "-qq", "-s", "16", "-o", str(self.state.parent / "trace"), *command]


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What an intake does from its start to its end: pages, a tip with a file, the mailbox, reviewers."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed; install what requirements/system.txt lists")
    intake = TracedIntake(tmp_path_factory.mktemp("traced"), onion=True)
    intake.strace = strace
    with served(intake):
        codename = str(Codename.generate())
        fields = {"codename": codename, "tip": secrets.token_hex(16), "story": "x"}
        for path in ("/", "/tip", "/mailbox", "/style.css", "/keys"):
            assert intake.exchange("GET", path)[0] == 200
        body = encode(fields, {"a": secrets.token_bytes(3_000_000)})
        assert intake.exchange("POST", "/tip", body, {"Content-Type": MULTIPART})[0] == 200
        asked = f"codename={codename.replace(' ', '+')}".encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert intake.exchange("POST", "/mailbox", asked, form)[0] == 200
        assert len(intake.letters()) == 1
    return intake.trace


@pytest.mark.slow
def test_the_filter_lets_through_what_an_intake_does(traced: str) -> None:
    """Every system call of a served intake is one that the unit allows, and there were many."""
    made = calls(traced)

    assert len(made) > 40
    assert made - allowed_calls(INTAKE) == set()


@pytest.mark.slow
def test_no_memory_is_both_written_and_run(traced: str) -> None:
    """MemoryDenyWriteExecute would stop a mapping that can be written and run, or one made runnable later."""
    mappings = [line for line in traced.splitlines() if "PROT_EXEC" in line]

    assert mappings
    assert [line for line in mappings if "mprotect" in line or ("PROT_WRITE" in line and "mmap" in line)] == []


@pytest.mark.slow
def test_an_intake_makes_unix_sockets_only(traced: str) -> None:
    """RestrictAddressFamilies takes nothing from it."""
    made = re.findall(r"\bsocket(?:pair)?\((\w+)", traced)

    assert made
    assert set(made) == {"AF_UNIX"}


@pytest.mark.slow
def test_an_intake_reads_nothing_of_the_kernel_and_of_other_processes(traced: str) -> None:
    """With ProcSubset=pid it finds all that it opens in /proc."""
    opened = set(re.findall(r'"(/proc/[^"]*)".* = \d+$', traced, re.MULTILINE))

    assert {path for path in opened if not path.startswith("/proc/self/")} == set()


@pytest.mark.slow
def test_an_intake_writes_its_state_and_sockets_alone(traced: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """ProtectSystem=strict takes nothing from it: it opens nothing else for writing."""
    written = re.findall(r'openat\(AT_FDCWD, "([^"]*)", [^)]*O_(?:WRONLY|RDWR|CREAT)', traced)

    # Another module may have a folder of this name too, so the number at its end is not known.
    state = re.compile(re.escape(str(tmp_path_factory.getbasetemp() / "traced")) + r"\d+/state/")
    assert any(state.match(path) for path in written)
    others = {path for path in written if not state.match(path)}
    assert others <= {"/dev/null"}


@pytest.mark.slow
def test_a_check_asks_a_real_intake_and_does_nothing_that_its_unit_forbids(
    tmp_path: Path, require_tool: Callable[[str], str]
) -> None:
    """Both sockets of a served intake answer the check's own questions, and the filter lets the check through."""
    with served(LiveIntake(tmp_path, onion=True)) as live:
        assert live.tor is not None
        check = ["check", "--state", str(live.state), "--onion", str(live.tor.folder)]
        command = [sys.executable, "-m", "deploy.cli", "intake", *check]
        trace = tmp_path / "trace"
        strace = [require_tool("strace"), "-f", "-qq", "-o", str(trace)]
        done = subprocess.run([*strace, *command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert "does not answer" not in done.stdout
    assert "fails" not in done.stdout
    assert "period keys" in done.stdout
    assert calls(trace.read_text("latin-1")) - allowed_calls(CHECKS[0]) == set()
