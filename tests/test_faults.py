"""The intake stays up, keeps what it confirmed, and says what it did not keep: against real processes.

`LAPWING_FAULTS=whole` asks for the whole of what docs/threat-model.md tells: a crowd for two minutes and an upload of
5 MiB, 12,000 tips instead of 720, and a fault at every system call instead of at each that differs
from its neighbours. Without it this file takes a few minutes; with it, a quarter of an hour.
"""

import os
import re
import secrets
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from crypto.codename import Codename
from submission.database import FILE_NAME
from submission.rows import SHELVES
from tests.submission.crowd import Crowd
from tests.submission.disk import all_pieces
from tests.submission.faults import Call, FailingIntake, Outcome, calls, turning_points
from tests.submission.malformed import sendings
from tests.submission.tor import ONION, open_socket
from tests.submission.visitor import MULTIPART, encode

WHOLE = os.environ.get("LAPWING_FAULTS") == "whole"
CROWD, HOLD_SECONDS, UPLOAD = (300, 120, 5 * 1024**2) if WHOLE else (300, 40, 512 * 1024)
PACE = 20_000  # bytes in a second
ROUNDS, AT_ONCE = (1_000 if WHOLE else 60), 12
MALFORMED, WARM, MOST_GROWTH = 5_000, 500, 16  # requests, requests, MiB
SEED = 20_261_124
DISK = 96 * 1024**2
NOTHING_KEPT = b"Nothing was kept"

pytestmark = pytest.mark.slow

Make = Callable[..., FailingIntake]


@pytest.fixture
def make(tmp_path: Path, require_tool: Callable[[str], str]) -> Iterator[Make]:
    """A function that makes an intake, serving and with a key sheet in force."""
    made: list[FailingIntake] = []

    def start(*, onion: bool = False, folder: Path = tmp_path) -> FailingIntake:
        intake = FailingIntake(folder, onion=onion)
        made.append(intake)
        intake.strace = require_tool("strace")
        intake.start()
        intake.open()
        return intake

    yield start
    for intake in made:
        intake.stop()


@pytest.fixture
def small_disk(tmp_path: Path, require_tool: Callable[[str], str]) -> Iterator[Path]:
    """A disk of 96 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run([require_tool("mount"), "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def check(intake: FailingIntake) -> tuple[int, str]:
    """Return exit code and words of `lapwing intake check`."""
    words = [sys.executable, "-m", "deploy.cli", "intake", "check", "--state", str(intake.state)]
    done = subprocess.run(words, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


class Ledger:
    """What sources were told, to be compared with what is there."""

    def __init__(self, intake: FailingIntake) -> None:
        self.intake = intake
        self.confirmed: set[str] = set()
        self.unsure: set[str] = set()

    def note(self, outcome: Outcome) -> Outcome:
        """Remember what a source was told: it arrived, nothing was kept, or neither."""
        if outcome.confirmed:
            self.confirmed.add(outcome.story)
        elif NOTHING_KEPT not in outcome.page:
            self.unsure.add(outcome.story)
        return outcome

    def compare(self) -> None:
        """Assert that all that was confirmed is whole, and that nothing is there of which a source read it was not."""
        there = set(self.intake.whole_tips())
        assert self.confirmed <= there, "a tip that was confirmed is gone"
        assert there <= self.confirmed | self.unsure, "a tip is there although its source read that it was not kept"


# Slow visitors


class SlowUpload(threading.Thread):
    """An honest source with a slow circuit."""

    def __init__(self, intake: FailingIntake) -> None:
        super().__init__(daemon=True)
        self.intake = intake
        self.answer = b""

    def run(self) -> None:
        """Send a tip with a file at an even pace, and take the page."""
        fields = {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": "slow"}
        body = encode(fields, {"a": secrets.token_bytes(UPLOAD)})
        head = (
            f"POST /tip HTTP/1.1\r\nHost: {ONION}\r\nContent-Type: {MULTIPART}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        assert self.intake.tor is not None
        connection = self.intake.tor.connection("visitors.sock")
        connection.connect()
        with closing(connection.sock) as sock:
            sock.settimeout(300)
            sock.sendall(head.encode())
            for start in range(0, len(body), PACE // 5):
                sock.sendall(body[start : start + PACE // 5])
                time.sleep(0.2)
            while data := sock.recv(65_536):
                self.answer += data


def test_a_crowd_that_holds_its_places_holds_up_nobody(make: Make) -> None:
    """Beside 300 who say nothing or drip, pages come within a second, words arrive, and a slow upload completes."""
    intake = make(onion=True)
    upload = SlowUpload(intake)
    times = []
    assert intake.tor is not None
    with Crowd(intake.tor, CROWD) as crowd:
        upload.start()
        end = time.monotonic() + HOLD_SECONDS
        while time.monotonic() < end or upload.is_alive():
            for path in ("/", "/tip"):
                began = time.monotonic()
                assert intake.exchange("GET", path)[0] == 200
                times.append(time.monotonic() - began)
            assert intake.send_tip(0).confirmed
            time.sleep(HOLD_SECONDS / 20)
        upload.join(60)
        assert set(crowd.let_go) == {"silent", "head", "body"}

    assert b"Your tip has arrived" in upload.answer
    assert len(times) >= 20
    assert max(times) < 1, f"median {statistics.median(times):.3f} s, longest {max(times):.3f} s"
    assert "slow" in intake.whole_tips()


# Twelve at the same instant


def test_tips_at_the_same_instant_all_arrive(make: Make) -> None:
    """Twelve sources send at once, again and again: each is told that it arrived, and each is there."""
    intake = make(onion=True)
    start = threading.Barrier(AT_ONCE)

    def send(_number: int) -> bool:
        start.wait(60)
        return intake.send_tip(0).confirmed

    with ThreadPoolExecutor(AT_ONCE) as pool:
        confirmed = [sum(pool.map(send, range(AT_ONCE))) for _ in range(ROUNDS)]

    assert confirmed == [AT_ONCE] * ROUNDS
    with closing(sqlite3.connect(intake.state / FILE_NAME)) as database:
        rows = database.execute("SELECT count(*) FROM pieces WHERE shelf = 'letters'").fetchone()[0]
    assert rows == AT_ONCE * ROUNDS
    assert intake.errors.read_bytes() == b""


# What is no request


def memory(process: int) -> int:
    """Return how many MiB of memory a process has."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) // 1_024


def test_malformed_requests_break_and_keep_nothing(make: Make) -> None:
    """Of 5,000 malformed requests none is answered with 500, none is stored, and memory does not grow."""
    intake = make(onion=True)
    worker = intake.worker()
    assert intake.tor is not None
    before = 0
    for number, sending in enumerate(sendings(SEED, MALFORMED)):
        if number == WARM:
            before = memory(worker)
        answer = b""
        with closing(open_socket(intake.tor.folder / sending.socket)) as connection, suppress(ConnectionError):
            connection.sendall(sending.data)
            connection.shutdown(socket.SHUT_WR)
            while data := connection.recv(65_536):
                answer += data
        assert not answer or re.match(rb"HTTP/1\.1 (100|200|4\d\d) ", answer), (sending.kind, answer[:60])
        assert b"HTTP/1.1 5" not in answer, sending.kind

    assert intake.worker() == worker, "the server had to be started again"
    assert memory(worker) - before <= MOST_GROWTH
    assert all_pieces(intake.state) == []
    assert intake.errors.read_bytes() == b""


# Kills and broken disks


def points(intake: FailingIntake, ledger: Ledger) -> list[Call]:
    """Return the system calls of one tip, and of what a thread does after it, at which to put a fault."""
    ledger.note(intake.send_tip())  # the first one makes room for others
    intake.settle()
    with intake.traced() as record:
        assert ledger.note(intake.send_tip()).confirmed
        intake.settle()
    found = calls(record)
    assert len(found) > 20, "letter, part, log and database at least must be seen"
    return found if WHOLE else turning_points(found)


def test_a_kill_at_any_call_of_a_commit_loses_no_confirmed_tip(make: Make) -> None:
    """Killed at any system call from the first byte on disk on, the next worker has what was confirmed.

    The last of these calls put the database in order, before the page or after it. A source who got no page does not
    know; what it sent is there whole, or not at all.
    """
    intake = make()
    ledger = Ledger(intake)
    killed = 0
    for call in points(intake, ledger):
        before = intake.worker()
        with intake.traced(call.rule("signal=KILL")):
            ledger.note(intake.send_tip())
            intake.settle()
        if intake.worker() == before:  # a commit that took fewer calls ended before this one
            os.kill(before, signal.SIGKILL)
        else:
            killed += 1
        intake.await_service(before)
        ledger.compare()

    assert killed > 10
    assert check(intake)[0] < 2
    assert intake.errors.read_bytes() == b""


@pytest.mark.parametrize("fault", ["EIO", "ENOSPC"])
def test_a_disk_that_fails_at_any_call_loses_no_confirmed_tip(make: Make, fault: str) -> None:
    """Whichever call the disk fails at, the page says whether the tip was kept, and it holds after a kill."""
    intake = make()
    ledger = Ledger(intake)
    outcomes = []
    for call in points(intake, ledger):
        if call.file:
            with intake.traced(call.rule(f"error={fault}")):
                outcomes.append(ledger.note(intake.send_tip()))
                intake.settle()
            intake.kill_worker()
            ledger.compare()

    refused = [outcome for outcome in outcomes if not outcome.confirmed]
    assert len(refused) > 4
    assert all(NOTHING_KEPT in outcome.page for outcome in refused)
    assert b"fault OSError at slots.py" in intake.errors.read_bytes()


@pytest.mark.parametrize("rule", ["fdatasync:error=EIO", "pwrite64:error=EROFS", "fsync:error=ENOSPC"])
def test_a_disk_that_fails_and_goes_on_failing_loses_no_confirmed_tip(make: Make, rule: str) -> None:
    """Where even undoing fails, the page says that nobody knows; what comes back after a kill comes back whole."""
    intake = make()
    ledger = Ledger(intake)
    assert ledger.note(intake.send_tip()).confirmed
    with intake.traced(f"{rule}:when=1+"):
        for _ in range(3):
            assert not ledger.note(intake.send_tip()).confirmed
        assert intake.exchange("GET", "/")[0] == 200
    intake.kill_worker()
    ledger.compare()
    assert ledger.note(intake.send_tip()).confirmed
    ledger.compare()
    assert check(intake)[0] < 2


def test_pieces_last_before_their_rows_and_those_before_the_page(make: Make) -> None:
    """The system is asked to make bytes durable before rows name them, and rows before the source is told."""
    intake = make()
    intake.send_tip()
    with intake.traced() as record:
        assert intake.send_tip().confirmed
    order = [(call.name, call.file) for call in calls(record)]

    log = f"{FILE_NAME}-wal"
    first_row = order.index(("pwrite64", log))
    for shelf in ("parts", "letters"):
        assert max(place for place, what in enumerate(order) if what == ("pwrite64", shelf)) < order.index(
            ("fsync", shelf)
        )
        assert order.index(("fsync", shelf)) < first_row
    assert first_row < order.index(("fdatasync", log)) < order.index(("sendto", ""))


def test_a_full_disk_is_told_and_words_still_arrive(make: Make, small_disk: Path) -> None:
    """Files are refused first, and words go on; with no byte left that is told; with room again all goes on."""
    intake = make(folder=small_disk)
    ledger = Ledger(intake)
    refused = next(one for _ in range(60) if not (one := ledger.note(intake.send_tip(3 * 1024**2))).confirmed)
    assert (refused.status, NOTHING_KEPT in refused.page) == (507, True)
    assert ledger.note(intake.send_tip(0)).confirmed
    ledger.compare()

    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4_096))
    outcomes = [ledger.note(intake.send_tip(0)) for _ in range(60)]
    assert {outcome.status for outcome in outcomes} <= {200, 500, 503, 507}
    assert not all(outcome.confirmed for outcome in outcomes)
    code, told = check(intake)
    assert (code, "disk" in told) == (2, True)

    filler.unlink()
    assert ledger.note(intake.send_tip(0)).confirmed
    ledger.compare()
    intake.kill_worker()
    ledger.compare()


# What an operator finds


def test_a_locked_database_is_waited_for_and_then_told(make: Make) -> None:
    """A tip waits for half a minute, then its source reads that nothing was kept; pages come all the while."""
    intake = make()
    ledger = Ledger(intake)
    with closing(sqlite3.connect(intake.state / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(intake.send_tip)
            for _ in range(20):
                began = time.monotonic()
                assert intake.exchange("GET", "/tip")[0] == 200
                assert time.monotonic() - began < 1
                time.sleep(1.2)
            assert not first.done()
            second = pool.submit(intake.send_tip)
            refused = ledger.note(first.result(60))
            other.execute("COMMIT")
            assert ledger.note(second.result(60)).confirmed

    assert (refused.status, NOTHING_KEPT in refused.page) == (503, True)
    ledger.compare()


def refused_start(intake: FailingIntake) -> str:
    """Return what `lapwing intake serve` says when it does not start."""
    done = subprocess.run(
        intake._command("serve", "--port", str(intake.port)),
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_without_a_whole_database_or_a_disk_to_write_to_nothing_starts(make: Make) -> None:
    """Serve and check say what is wrong and what to do, and not a byte of the shelves is touched."""
    intake = make()
    ledger = Ledger(intake)
    ledger.note(intake.send_tip(2 * 1024**2))
    intake.stop()
    database = intake.state / FILE_NAME
    whole, shelves = database.read_bytes(), {shelf: (intake.state / shelf).read_bytes() for shelf in SHELVES}

    for damaged in (None, b"", whole[: len(whole) // 2], whole[:4_096] + os.urandom(len(whole) - 4_096)):
        database.unlink(missing_ok=True)
        if damaged is not None:
            database.write_bytes(damaged)
        assert FILE_NAME in refused_start(intake)
        code, told = check(intake)
        assert (code, "backup" in told) == (2, True)
    database.write_bytes(whole)
    mount(intake.state)
    try:
        assert "Read-only" in refused_start(intake)
        code, told = check(intake)
        assert (code, "read-only" in told) == (2, True)
    finally:
        subprocess.run(["umount", str(intake.state)], check=True)

    assert {shelf: (intake.state / shelf).read_bytes() for shelf in SHELVES} == shelves
    intake.start()
    ledger.compare()


def mount(folder: Path) -> None:
    """Make a folder read-only, as a system does with a disk that fails; until it is unmounted."""
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_damaged_shelves_lose_only_what_was_damaged(make: Make, damage: str) -> None:
    """What is damaged is never given out as whole; all else is, new tips arrive, and the check says what to do."""
    intake = make()
    old = {intake.send_tip().story for _ in range(3)}
    intake.stop()
    letters = intake.state / "letters"
    if damage == "flipped":
        content = bytearray(letters.read_bytes())
        place = next(place for place in range(1_000, len(content), SHELVES["letters"]) if content[place])
        content[place] ^= 1
        letters.write_bytes(content)
    elif damage == "cut":
        os.truncate(letters, SHELVES["letters"] * 3 // 2)
    else:
        letters.unlink()
    code, told = check(intake)
    assert (code, "letters" in told, "backup" in told) == (2, True, True)

    intake.start()
    new = {outcome.story for _ in range(40) if (outcome := intake.send_tip(0)).confirmed}
    intake.kill_worker()

    left = set(intake.whole_tips(lost=3))
    assert len(new) == 40
    assert new <= left <= new | old
    assert len(left & old) == {"flipped": 2, "cut": len(left & old), "gone": 0}[damage]
    assert check(intake)[0] == 2


@pytest.mark.parametrize("days", [365, -365])
def test_a_clock_that_is_a_year_wrong_loses_nothing(make: Make, days: int) -> None:
    """While it is wrong, sources read that the intake is closed; once it is right, all is there and tips arrive."""
    intake = make()
    ledger = Ledger(intake)
    assert ledger.note(intake.send_tip()).confirmed
    intake.stop()

    intake.days = days
    intake.start()
    outcome = ledger.note(intake.send_tip())
    assert (outcome.status, NOTHING_KEPT in outcome.page) == (503, True)
    intake.stop()

    intake.days = 0
    intake.start()
    assert ledger.note(intake.send_tip()).confirmed
    ledger.compare()
