"""What stands in for systemctl where systemd does not run: starts what the installed units name, as their users.

Run as a program, by the runbook's own lines, inside the copy of a machine that `tests/deploy/machine.py` makes.
"""

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.deploy.units import settings, words

OWN = Path("/etc/systemd/system")
DISTRIBUTION = Path("/lib/systemd/system")
NOTES = Path("/run/stand-in")
SECONDS = 30


def main(arguments: list[str]) -> int:
    """Do what the real one would have done; 5 for a unit or a verb that it does not know."""
    NOTES.mkdir(exist_ok=True)
    verb, *names = [word for word in arguments if not word.startswith("-")]
    if verb == "daemon-reload" or names == ["apparmor"]:
        return 0
    return max(_one(verb, name, now=verb != "enable" or "--now" in arguments) for name in names)


def _one(verb: str, name: str, *, now: bool) -> int:
    unit = next(
        (path for path in (OWN / name, OWN / f"{name}.service", DISTRIBUTION / f"{name}.service") if path.exists()),
        None,
    )
    if unit is None or verb not in {"enable", "start", "restart", "stop", "reload"}:
        sys.stderr.write(f"systemctl: {verb} {name}: no such unit or verb\n")
        return 5
    if unit.suffix == ".timer":
        return 0 if unit.with_suffix(".service").exists() else 5
    if verb == "reload":
        os.kill(int((NOTES / name).read_text()), signal.SIGHUP)
        return 0
    if verb in {"restart", "stop"}:
        _stop(name)
    if verb != "stop" and now:
        _start(name, unit)
    return 0


def _stop(name: str) -> None:
    note = NOTES / name
    if not note.exists():
        return
    pid = int(note.read_text())
    note.unlink()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        _wait(lambda: not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text())


def _start(name: str, unit: Path) -> None:
    command = words(unit)
    if name == "tor@default":
        assert (OWN / "tor@default.service.d/lapwing.conf").exists()
        for line in settings(unit)["ExecStartPre"]:
            subprocess.run(line.split(), check=True, stdout=subprocess.DEVNULL)
        # Here is no network to come into.
        command += ["--DisableNetwork", "1"]
    log = (NOTES / f"{name}.log").open("wb")
    user = settings(unit).get("User", ["root"])[0]
    account = pwd.getpwnam(user)
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        umask=int(settings(unit).get("UMask", ["0022"])[0], 8),
        start_new_session=True,
    )
    (NOTES / name).write_text(str(process.pid))
    marks = {"lapwing-intake": b"serves", "tor@default": b"DisableNetwork is set"}
    try:
        _wait(lambda: marks[name] in (NOTES / f"{name}.log").read_bytes() or process.poll() is not None)
        if name == "tor@default":
            _wait(lambda: Path("/var/lib/tor/lapwing/reviewers/hostname").exists() or process.poll() is not None)
    finally:
        sys.stderr.write((NOTES / f"{name}.log").read_text())
    assert process.poll() is None


def _wait(look: Callable[[], object]) -> None:
    until = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < until
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
