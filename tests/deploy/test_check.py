"""`lapwing intake check` finds what is wrong, says what to do, changes nothing, and tells nothing about visitors."""

import json
import os
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest

from crypto.codename import Codename
from deploy import check, look_host, look_state, state
from deploy.check import check_main, look_at
from deploy.findings import Level
from deploy.look_host import Host
from deploy.look_terms import terms
from deploy.onion import PUBLIC_FILE
from deploy.torrc import torrc
from submission.config import utc_today
from submission.room import make_rules
from submission.rows import SHELVES
from tests.deploy.intakes import Intake, make_services
from tests.submission.live import LiveIntake
from tests.submission.visitor import MULTIPART, encode
from tests.wire.organisation import TODAY
from wire.letter import LETTER_SIZE

SIZES = {str(shelf): size for shelf, size in SHELVES.items()}


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    """An intake with a sheet in force and two tips."""
    intake = Intake(tmp_path / "state")
    intake.open()
    intake.send_tips(2)
    return intake


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A machine without swap, where tor runs."""
    proc, cgroups, tor = tmp_path / "proc", tmp_path / "cgroup", tmp_path / "tor.pid"
    (proc / "sys/kernel").mkdir(parents=True)
    (proc / "7").mkdir()
    (proc / "7/comm").write_text("tor\n")
    (proc / "swaps").write_text("Filename Type Size Used Priority\n")
    (proc / "sys/kernel/core_pattern").write_text("core\n")
    for unit in look_host.UNITS:
        (cgroups / unit).mkdir(parents=True)
    tor.write_text("7\n")
    (pages := tmp_path / "pages").write_text("[always] madvise never\n")
    return Host(proc, cgroups, tor, pages)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the sheet is in force."""
    monkeypatch.setattr(check, "utc_today", lambda: TODAY)


def found(state: Path) -> list[str]:
    """What is wrong in a state folder itself, worst first."""
    return [str(finding) for finding in sorted(look_at(state, quick=False), key=lambda one: -one.level)]


def content(state: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a folder with its bytes and the time when it was last changed."""
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in state.rglob("*") if path.is_file()}


def slots(state: Path, shelf: str) -> dict[bytes, int]:
    """Where the pieces of a shelf lie."""
    with closing(sqlite3.connect(state / "intake.db")) as connection:
        return dict(connection.execute("SELECT name, slot FROM pieces WHERE shelf = ?", (shelf,)))


def damage(state: Path, shelf: str) -> None:
    """Change a byte in the middle of a piece."""
    size = SIZES[shelf]
    slot = min(slots(state, shelf).values())
    with (state / shelf).open("r+b") as file:
        file.seek(slot * size + size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([(byte[0] + 1) % 256]))


def test_nothing_is_found_where_all_is_well_and_nothing_is_changed(intake: Intake) -> None:
    """Each byte and time in the folder of an intake that serves is as before."""
    before = content(intake.state)

    assert found(intake.state) == []

    assert content(intake.state) == before


def test_a_folder_that_nobody_serves_is_checked_too(intake: Intake, tmp_path: Path) -> None:
    """Without the files that a served database has beside it, nothing is found and none appear for good."""
    (copy := tmp_path / "copy").mkdir(mode=0o700)
    with (
        closing(sqlite3.connect(intake.state / "intake.db")) as served,
        closing(sqlite3.connect(copy / "intake.db")) as made,
    ):
        served.backup(made)
    for name in ("config.json", *SIZES):
        (copy / name).write_bytes((intake.state / name).read_bytes())
    for path in copy.iterdir():
        path.chmod(0o600)
    before = {path.name for path in copy.iterdir()}

    assert found(copy) == []
    assert {path.name for path in copy.iterdir()} == before


def test_how_much_waits_is_not_told(
    intake: Intake, host: Host, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether two tips wait or five, one is damaged or three, the operator reads the same words."""
    printed = []
    monkeypatch.setattr(look_state, "PAUSE", 0)
    for more in (0, 3):
        intake.send_tips(more)
        damage(intake.state, "parts")
        assert check_main(["--state", str(intake.state)], host) == 2
        printed.append(capsys.readouterr().out)

    assert printed[0] == printed[1]
    assert "damaged" in printed[0]
    assert not any(piece.hex()[:8] in printed[0] for piece in slots(intake.state, "parts"))


@pytest.mark.parametrize("shelf", ["letters", "parts"])
def test_a_damaged_piece_is_found(intake: Intake, shelf: str) -> None:
    """One bit is enough; the shelf is named."""
    damage(intake.state, shelf)

    (line,) = [str(finding) for finding in look_state.pieces(intake.state, lambda _: None)]

    assert line.startswith(f"broken: on the shelf {shelf} a piece or more is damaged. ")


def test_a_piece_that_is_deleted_or_moved_meanwhile_is_not_damaged(intake: Intake) -> None:
    """A row that is gone, or that names another slot at the second look, is no finding."""
    first, second = sorted(slots(intake.state, "letters").items())
    damage(intake.state, "letters")
    sealed = (intake.state / "letters").read_bytes()

    def between(_seconds: float) -> None:
        with closing(sqlite3.connect(intake.state / "intake.db")) as connection, connection:
            connection.execute("DELETE FROM pieces WHERE name = ?", (first[0] if first[1] < second[1] else second[0],))

    assert list(look_state.pieces(intake.state, between)) == []
    assert (intake.state / "letters").read_bytes() == sealed


def test_a_missing_shelf_is_found(intake: Intake) -> None:
    """Each shelf that is gone is named."""
    (intake.state / "parts").unlink()

    assert [line for line in found(intake.state) if "the shelf parts is gone" in line]


def test_a_shortened_shelf_is_found(intake: Intake) -> None:
    """A shelf cut within or before a slot is told."""
    os.truncate(intake.state / "letters", LETTER_SIZE * max(slots(intake.state, "letters").values()) + 100)
    assert [line for line in found(intake.state) if "ends within a slot" in line]

    os.truncate(intake.state / "letters", 0)
    assert [line for line in found(intake.state) if "shorter than the database says" in line]


def test_a_damaged_database_is_found(intake: Intake) -> None:
    """Overwritten pages, and a file that is no database, end with what to do, not with a traceback."""
    path = intake.state / "intake.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + os.urandom(len(whole) - 8192))
    assert [line for line in found(intake.state) if line.startswith("broken: the database") and "restore" in line]

    path.write_bytes(os.urandom(len(whole)))
    assert [
        line
        for line in found(intake.state)
        if (line.startswith("broken: ") and "intake.db" in line) or "database" in line
    ]

    path.unlink()
    assert [line for line in found(intake.state) if "intake.db cannot be opened" in line]


def test_damage_that_no_query_notices_is_found(intake: Intake) -> None:
    """A row that is not in its place, past which a query looks, is found by the database's own look at itself."""
    path = intake.state / "intake.db"
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'pieces'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        content = file.read(size)
        file.seek((page - 1) * size)
        # A page fills from its end, so the first row stands last in it.
        before, _, after = content.rpartition(b"letters")
        file.write(before + b"zetters" + after)

    assert [line for line in found(intake.state) if "the database is damaged (PRAGMA integrity_check)" in line]


def test_a_locked_database_is_not_called_damaged(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds it is to be found; nobody is sent to restore a backup."""
    monkeypatch.setattr(state, "WAIT", 0.1)
    shutil.copytree(intake.state, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy/intake.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")

        (line,) = [line for line in found(tmp_path / "copy") if "locked" in line]

    assert "Nothing is lost" in line
    assert "restore" not in line


def test_a_disk_that_takes_nothing_is_found(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that the kernel made read-only is told."""
    asked = os.statvfs

    def read_only(path: Path) -> os.statvfs_result:
        fields = list(asked(path))
        fields[8] |= os.ST_RDONLY
        return os.statvfs_result(fields)

    monkeypatch.setattr(os, "statvfs", read_only)

    assert [line for line in found(intake.state) if "is read-only, so no tip is taken" in line]


def test_tables_of_another_version_are_found(intake: Intake) -> None:
    """A column that is missing or unknown is told before the intake stumbles over it."""
    with closing(sqlite3.connect(intake.state / "intake.db")) as connection, connection:
        connection.execute("ALTER TABLE counters ADD COLUMN more INTEGER")

    assert found(intake.state) == [
        "broken: the database was made by another version of Lapwing. Run the version that made it."
    ]


def test_open_doors_are_found(intake: Intake) -> None:
    """A folder that others can look into is broken; a file that only the folder protects is a warning."""
    (intake.state / "letters").chmod(0o644)
    assert [line.split(":")[0] for line in found(intake.state)] == ["warning"]

    intake.state.chmod(0o755)
    assert [line for line in found(intake.state) if "others can look into" in line]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_account_is_found(intake: Intake) -> None:
    """A file that the intake could not write is told before it tries."""
    os.chown(intake.state / "parts", 65_534, 65_534)

    assert [line for line in found(intake.state) if "different accounts" in line]


def test_an_identity_within_reach_is_found(intake: Intake) -> None:
    """It is named, as at the start of the intake."""
    path = intake.state / "notes"
    path.write_text("AGE-SECRET-KEY-PQ-1QQQ\n")
    path.chmod(0o600)

    assert [line for line in found(intake.state) if "holds an identity" in line]


def test_broken_settings_are_found(intake: Intake) -> None:
    """They are told, and the rest is still looked at."""
    (intake.state / "config.json").write_text("{")
    damage(intake.state, "letters")

    lines = found(intake.state)

    assert [line for line in lines if "config.json is not JSON" in line]
    assert [line for line in lines if "damaged" in line]


def on(intake: Intake, day: date) -> list[str]:
    """What runs out, seen on a day."""
    return [str(finding) for finding in terms(intake.state, day)]


def test_what_runs_out_is_told_before_it_does(intake: Intake) -> None:
    """Period keys and the sheet from their last fortnight and days on, a roster weeks before, each with its days."""
    assert on(intake, TODAY) == [
        f"warning: the period keys of {one} run out in 5 days. Ask them to start their apps and let them sync."
        for one in intake.organisation.ids
    ]
    monday = TODAY + timedelta(days=5)
    assert [line for line in on(intake, monday) if "the key sheet ends within 2 days" in line]
    assert [line for line in on(intake, monday + timedelta(days=1)) if "no key sheet is in force" in line]
    expires = intake.organisation.roster.expires
    assert [line for line in on(intake, expires - timedelta(days=30)) if "the roster expires in 30 days" in line]
    assert [line for line in on(intake, expires + timedelta(days=1)) if "the roster has expired" in line]


def test_a_reviewer_without_a_key_is_named(tmp_path: Path) -> None:
    """Nobody can sign a sheet until each has posted a key, so it is told whose is missing."""
    intake = Intake(tmp_path / "state")
    intake.reviewers["r2"].post_period_key()

    told = "\n".join(on(intake, TODAY))

    assert "no key sheet is in force" in told
    assert "there is no period key of r1 for this week" in told
    assert "there is no period key of r2" not in told


def usage(total: int, free: int) -> Callable[[Path], tuple[int, int, int]]:
    """A disk."""
    return lambda _: (total, total - free, free)


def test_a_disk_that_fills_is_told(intake: Intake) -> None:
    """A warning from twice the share on that is kept free of files; broken as soon as files are refused."""
    kept = make_rules(100 << 30, intake.config.keep_free_percent, intake.config.most_files).beginning.keep_free

    for free, level in (
        (2 * kept, None),
        (2 * kept - 1, Level.WARNING),
        (kept, Level.WARNING),
        (kept - 1, Level.BROKEN),
    ):
        levels = [one.level for one in look_host.disk(intake.state, usage(100 << 30, free))]
        assert levels == ([level] if level else [])


def test_small_pages_are_remarked(
    intake: Intake, host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An intake that could be faster is one where all is well; where the kernel does not tell, nothing is said."""
    monkeypatch.setattr(check, "terms", lambda *_: iter(()))
    assert list(look_host.pages(host)) == []

    host.pages.write_text("always [madvise] never\n")
    assert [finding.level for finding in look_host.pages(host)] == [Level.REMARK]
    assert check_main(["--state", str(intake.state), "--journal"], host) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("<6>remark: the kernel gives small pages of memory")
    assert last == "all is well"

    host.pages.unlink()
    assert list(look_host.pages(host)) == []


def test_swap_and_cores_are_told(host: Host) -> None:
    """Swap is told unless both units are kept out of it, and a kernel that pipes cores to a program is."""
    assert list(look_host.memory(host)) == []

    (host.proc / "swaps").write_text("Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n")
    (host.proc / "sys/kernel/core_pattern").write_text("|/usr/share/apport/apport %p\n")
    swap, core = (str(one) for one in look_host.memory(host))
    assert swap.startswith("warning: swap is on, so what visitors type could get onto the disk. ")
    assert core.startswith("warning: after a crash the kernel hands a program's memory to another program. ")

    for unit in look_host.UNITS:
        (host.cgroups / unit / "memory.swap.max").write_text("0\n")
    assert len(list(look_host.memory(host))) == 1


def test_a_tor_that_is_down_is_told(host: Host) -> None:
    """No process, or another one under the number that tor wrote down."""
    assert list(look_host.tor(host)) == []

    (host.proc / "7/comm").write_text("sshd\n")
    assert [one.level for one in look_host.tor(host)] == [Level.BROKEN]

    host.tor.unlink()
    assert [one.level for one in look_host.tor(host)] == [Level.BROKEN]


@contextmanager
def answering(path: Path, answer: bytes) -> Iterator[list[bytes]]:
    """Something that answers one connection on a unix socket; gives what it was asked."""
    asked: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                asked.append(connection.recv(4096))
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield asked
        thread.join(10)


def test_sockets_that_answer_are_well(tmp_path: Path) -> None:
    """The visitors' and the reviewers' socket are asked as tor would ask them: first the circuit, then an onion."""
    with (
        answering(tmp_path / "visitors.sock", b"HTTP/1.1 200 OK\r\n\r\n") as visitors,
        answering(tmp_path / "reviewers.sock", b"HTTP/1.1 401 Unauthorized\r\n\r\n") as reviewers,
    ):
        assert list(look_host.sockets(tmp_path)) == []

    assert visitors[0].startswith(b"PROXY TCP6 fc00:dead:beef:4dad::ffff:ffff ::1 65535 80\r\nGET / HTTP/1.1\r\n")
    assert b"GET /api/roster HTTP/1.1\r\n" in reviewers[0]


def test_sockets_that_do_not_answer_are_told(tmp_path: Path) -> None:
    """Nobody there, something that is no HTTP, and a failure are told apart."""
    with (
        answering(tmp_path / "visitors.sock", b"what?"),
        answering(tmp_path / "reviewers.sock", b"HTTP/1.1 500 Internal Server Error\r\n\r\n"),
    ):
        told = [str(one) for one in look_host.sockets(tmp_path)]
    assert told[0].startswith("broken: the intake does not answer on visitors.sock.")
    assert told[1].startswith("broken: the intake fails when reviewers ask.")

    (tmp_path / "visitors.sock").unlink()
    (tmp_path / "reviewers.sock").unlink()
    assert len(list(look_host.sockets(tmp_path))) == 2


def test_keys_of_the_onions_are_looked_at(intake: Intake, tmp_path: Path) -> None:
    """Damaged keys, a reviewers' onion that is open to all, and settings without the address are told."""
    keys = tmp_path / "tor/lapwing"
    addresses = make_services(keys, "r1")
    assert "do not name the visitors' address" in str(*look_host.onion_keys(keys, intake.state))

    settings = json.loads((intake.state / "config.json").read_text())
    (intake.state / "config.json").write_text(json.dumps({**settings, "onion_address": addresses["visitors"]}))
    assert list(look_host.onion_keys(keys, intake.state)) == []

    for path in (keys / "reviewers/authorized_clients").iterdir():
        path.unlink()
    (keys / "visitors" / PUBLIC_FILE).unlink()
    assert [one.level for one in look_host.onion_keys(keys, intake.state)] == [Level.BROKEN, Level.BROKEN]


def test_a_torrc_of_another_version_is_told(tmp_path: Path) -> None:
    """Lines that somebody changed are found; others around them are not ours."""
    onion, keys, path = Path("/run/lapwing"), Path("/var/lib/tor/lapwing"), tmp_path / "torrc"
    path.write_text(f"Nickname x\n{torrc(onion, keys)}")
    assert list(look_host.torrc_lines(path, onion, keys)) == []

    path.write_text(torrc(onion, keys).replace("SafeLogging 1", "SafeLogging 0"))
    assert [one.level for one in look_host.torrc_lines(path, onion, keys)] == [Level.WARNING]


def test_the_worst_decides_the_exit_code(intake: Intake, host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    """0 when all is well, 1 for warnings, 2 when something is broken; the worst stands first."""
    assert check_main(["--state", str(intake.state)], host) == 1

    (intake.state / "parts").unlink()
    assert check_main(["--state", str(intake.state), "--journal"], host) == 2
    lines = capsys.readouterr().out.splitlines()
    assert lines[-4].startswith("<3>broken: ")
    assert lines[-1].startswith("<4>warning: ")


def test_all_is_well_is_said(
    intake: Intake, host: Host, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is wrong, one line says so."""
    monkeypatch.setattr(check, "terms", lambda *_: ())

    assert check_main(["--state", str(intake.state)], host) == 0

    assert capsys.readouterr().out == "all is well\n"


def test_everything_that_is_asked_for_is_looked_at(
    intake: Intake, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With all options, sockets, tor, keys and torrc are looked at; quick leaves out reading what waits."""
    damage(intake.state, "letters")
    keys = tmp_path / "tor/lapwing"
    make_services(keys)
    words = [
        "--state",
        str(intake.state),
        "--onion",
        str(tmp_path),
        "--keys",
        str(keys),
        "--torrc",
        str(tmp_path / "x"),
    ]

    assert check_main([*words, "--quick"], host) == 2

    told = capsys.readouterr().out
    assert "visitors.sock" in told
    assert "is not what lapwing intake torrc prints" in told
    assert "do not name the visitors' address" in told
    assert "damaged" not in told


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong path ends with what to do, not with a traceback."""
    assert check_main(["--state", str(tmp_path / "none")], host) == 2
    assert "make the state folder with `lapwing intake init`" in capsys.readouterr().out


def test_wrong_usage_is_told_apart() -> None:
    """Usage errors end with 2, help with 0."""
    assert check_main([]) == 2
    assert check_main(["--help"]) == 0


@pytest.mark.slow
def test_a_check_beside_a_busy_intake_finds_nothing_wrong(
    tmp_path: Path, host: Host, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While tips come in and others are acknowledged and deleted, twelve checks in a row see only what is well."""
    monkeypatch.setattr(check, "utc_today", utc_today)
    live = LiveIntake(tmp_path)
    live.start()
    end = threading.Event()
    busy = threading.Thread(target=keep_busy, args=(live, end))
    try:
        live.open()
        busy.start()
        for _ in range(12):
            assert check_main(["--state", str(live.state)], host) == 1
    finally:
        end.set()
        busy.join()
        live.stop()

    assert {line.split(" of ")[0] for line in capsys.readouterr().out.splitlines()} == {"warning: the period keys"}


def keep_busy(live: LiveIntake, end: threading.Event) -> None:
    """Send tips; every reviewer takes all there is after each third one."""
    for number in count():
        if end.is_set():
            return
        fields = {"codename": str(Codename.generate()), "tip": os.urandom(16).hex(), "story": "x"}
        body = encode(fields, {"a": os.urandom(1_500_000)})
        assert live.exchange("POST", "/tip", body, {"Content-Type": MULTIPART})[0] == 200
        if number % 3 == 2:
            opened = live.letters()
            parts = [name.hex() for one in opened.values() for name in one.letter.parts]
            taken = json.dumps({"letters": list(opened), "parts": parts}).encode()
            for reviewer in live.organisation.ids:
                live.ask(reviewer, "POST", "/api/acknowledgements", taken)
