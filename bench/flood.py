"""What a flood from many circuits does to the others, measured: `python -m bench.flood`.

A real intake on its two sockets; this program is tor, with a circuit for each connection. Each flood goes on, renewed
wherever the intake lets a connection go, while an honest visitor reads pages, sends words and sends a file.
"""

import http.client
import secrets
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from bench.machine import MIB, Row, children, command, describe, environment, most_memory, show
from bench.organisation import make_intake
from bench.visits import BOUNDARY, end, file_start, text_form, tip_fields

HOST: Final = "a" * 56 + ".onion"
MULTIPART: Final = f"multipart/form-data; boundary={BOUNDARY}"
CIRCUITS: Final = count(1)
TICK: Final = 1.0
"""Seconds between two drops of a connection that drips."""
ENOUGH: Final = 81_920
"""Bytes of a form with files that buy it a place: more than the intake waits for (`submission.visit`)."""


class ThroughTor(http.client.HTTPConnection):
    """A connection by a circuit of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(HOST, timeout=300)
        self.folder = folder

    def connect(self) -> None:
        """Connect to the visitors' socket and say by which circuit."""
        self.sock = connect(self.folder, next(CIRCUITS))


def connect(folder: Path, circuit: int) -> socket.socket:
    """Return a connection that begins with tor's line."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(folder / "visitors.sock"))
    address = f"fc00:dead:beef:4dad::{circuit >> 16:x}:{circuit & 0xFFFF:x}"
    connection.sendall(f"PROXY TCP6 {address} ::1 {max(1, circuit & 0xFFFF)} 80\r\n".encode())
    return connection


def head(length: int) -> bytes:
    """Return the head of a form."""
    return (
        f"POST /tip HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {MULTIPART}\r\nContent-Length: {length}\r\n\r\n".encode()
    )


@dataclass(frozen=True, slots=True)
class Drip:
    """One kind of slow connection: what it says first, and what drips behind it in each second."""

    first: bytes = b""
    drop: bytes = b""
    each: int = 1
    """Connections of one circuit."""


def holder(rate: int) -> Drip:
    """Return a form with files that gets a place and then moves at so many bytes a second."""
    begun = tip_fields("x") + file_start()
    return Drip(head(1_000_000_000) + begun + bytes(ENOUGH), bytes(rate), each=2)


class Crowd:
    """Slow connections that are renewed when the intake lets them go."""

    def __init__(self, folder: Path, kinds: list[Drip]) -> None:
        self._folder = folder
        self._kinds = kinds
        self._open: list[tuple[Drip, socket.socket]] = []
        self._over = threading.Event()
        self.renewed = 0
        self.sent = 0

    def run(self) -> None:
        """Open all, then let them drip until the end."""
        circuit, left = 0, 0
        for kind in self._kinds:
            if not left:
                circuit, left = next(CIRCUITS), kind.each
            left -= 1
            self._open.append((kind, self._begin(kind, circuit)))
        while not self._over.wait(TICK):
            self._open = [(kind, self._drip(kind, connection)) for kind, connection in self._open]
        for _, connection in self._open:
            connection.close()

    def _begin(self, kind: Drip, circuit: int) -> socket.socket:
        connection = connect(self._folder, circuit)
        connection.settimeout(0)
        with suppress(OSError):
            self.sent += connection.send(kind.first)
        return connection

    def _drip(self, kind: Drip, connection: socket.socket) -> socket.socket:
        try:
            if connection.recv(4_096):
                raise ConnectionAbortedError
            raise ConnectionAbortedError
        except BlockingIOError:
            pass
        except OSError:
            connection.close()
            self.renewed += 1
            return self._begin(kind, next(CIRCUITS))
        with suppress(OSError):
            self.sent += connection.send(kind.drop) if kind.drop else 0
        return connection

    def end(self) -> None:
        """Let `run` end."""
        self._over.set()


@contextmanager
def crowded(folder: Path, kinds: list[Drip]) -> Iterator[Crowd]:
    """Keep a crowd in front of the intake until the block ends."""
    crowd = Crowd(folder, kinds)
    thread = threading.Thread(target=crowd.run)
    thread.start()
    time.sleep(3)
    try:
        yield crowd
    finally:
        crowd.end()
        thread.join()


def ask(folder: Path, path: str, form: bytes | None = None) -> tuple[int, float]:
    """Make one visit; return its status and its seconds."""
    began = time.perf_counter()
    connection = ThroughTor(folder)
    try:
        connection.request("GET" if form is None else "POST", path, form, {"Content-Type": MULTIPART} if form else {})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer.status, time.perf_counter() - began


def upload(folder: Path, size: int, rate: float) -> tuple[int, float]:
    """Send a form with one file at a rate in bytes a second; return its status and its seconds."""
    began = time.perf_counter()
    form = tip_fields("words") + file_start() + secrets.token_bytes(size) + end()
    with connect(folder, next(CIRCUITS)) as connection:
        connection.settimeout(300)
        connection.sendall(head(len(form)))
        with suppress(OSError):
            for start in range(0, len(form), step := max(1, int(rate / 10))):
                connection.sendall(form[start : start + step])
                time.sleep(max(0.0, began + start / rate - time.perf_counter()))
        status = int(connection.recv(65_536).split()[1])
    return status, time.perf_counter() - began


def told(what: str, visits: list[tuple[int, float]]) -> Row:
    """Return the figures of several visits."""
    seconds = sorted(took for _, took in visits)
    kinds = ", ".join(
        f"{sum(status == one for one, _ in visits)} x {status}" for status in sorted({s for s, _ in visits})
    )
    return Row(what, f"{kinds}; median {statistics.median(seconds) * 1e3:.0f} ms, longest {seconds[-1] * 1e3:.0f} ms")


def honest(folder: Path, rate: float = 2_000_000.0) -> list[Row]:
    """Do what an honest visitor does, and tell how it went."""
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(upload, folder, 5 * MIB, rate)
        pages, words = [], []
        for _ in range(20):
            pages.append(ask(folder, "/"))
            words.append(ask(folder, "/tip", text_form()))
            time.sleep(0.5)
        status, seconds = sending.result()
    return [
        told("20 pages", pages),
        told("20 stories without files", words),
        Row(f"a file of 5 MiB at {rate / 1e3:.0f} kB/s", f"{status}; {seconds:.0f} s"),
    ]


def slow(each: int) -> list[Drip]:
    """Return so many connections of each kind that does not get far."""
    return [
        *[Drip()] * each,
        *[Drip(b"GET / HTTP/1.1\r\nX: ", b"x")] * each,
        *[Drip(head(5_000_000), b"x")] * each,
    ]


def flood_of_words(folder: Path, seconds: float, clients: int) -> tuple[int, list[Row]]:
    """Send stories as fast as they are taken, each by a circuit of its own, beside an honest visitor."""
    until = time.perf_counter() + seconds
    form = text_form()

    def send() -> list[tuple[int, float]]:
        done = []
        while time.perf_counter() < until:
            done.append(ask(folder, "/tip", form))
        return done

    with ThreadPoolExecutor(clients) as pool:
        sending = [pool.submit(send) for _ in range(clients)]
        time.sleep(2)
        rows = honest(folder)
        visits = [visit for one in sending for visit in one.result()]
    taken = sum(status == 200 for status, _ in visits)
    return taken, [told(f"the flood, {clients} at a time", visits), Row("a second", f"{taken / seconds:.0f}"), *rows]


@contextmanager
def running(folder: Path) -> Iterator[Callable[[], str]]:
    """Serve an intake until the block ends; gives what tells the most memory of its processes so far."""
    make_intake(folder / "state")
    (folder / "onion").mkdir()
    words = command("intake", "serve", "--state", str(folder / "state"), "--onion", str(folder / "onion"))
    process = subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield lambda: f"{max(most_memory(one) for one in [process.pid, *children(process.pid)]):.0f} MiB"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def measure(title: str, work: Callable[[Path], list[Row]]) -> None:
    """Measure one thing with an intake of its own, and print it."""
    folder = Path(tempfile.mkdtemp(prefix="lapwing-flood-"))
    try:
        with running(folder) as memory:
            rows = work(folder / "onion")
            show(title, [*rows, Row("most memory of a process", memory())])
    finally:
        shutil.rmtree(folder)


def quiet(onion: Path) -> list[Row]:
    """Nobody else is there."""
    return honest(onion)


def hundreds(each: int, rate: float) -> Callable[[Path], list[Row]]:
    """A third each says nothing, drips a head, drips a body."""

    def work(onion: Path) -> list[Row]:
        with crowded(onion, slow(each)) as crowd:
            rows = honest(onion, rate)
        return [*rows, Row("connections renewed meanwhile", str(crowd.renewed))]

    return work


def holders(circuits: int, rate: int) -> Callable[[Path], list[Row]]:
    """Two forms of each circuit that get a place, and move as slowly as is suffered, or more slowly."""

    def work(onion: Path) -> list[Row]:
        with crowded(onion, [holder(rate)] * (2 * circuits)) as crowd:
            rows = honest(onion)
            seconds = 60
            before = crowd.sent
            time.sleep(seconds)
            sent = crowd.sent - before
            again = told("files again, a minute later", [upload(onion, MIB, 2_000_000)])
            return [
                *rows,
                again,
                Row("what the flood sends", f"{sent / seconds / 1e3:.0f} kB/s"),
                Row("connections renewed meanwhile", str(crowd.renewed)),
            ]

    return work


def words(onion: Path) -> list[Row]:
    """As many stories as are taken."""
    taken, rows = flood_of_words(onion, 30, 16)
    size = sum(path.stat().st_size for path in (onion.parent / "state").iterdir() if path.is_file())
    return [*rows, Row("on disk", f"{size / MIB:.0f} MiB for {taken} stories")]


def main() -> None:
    """Measure all and print it."""
    print(describe())
    measure("nobody else", quiet)
    measure("300 slow connections, each by its own circuit", hundreds(100, 20_000))
    measure("900 slow connections", hundreds(300, 100_000))
    measure("23 circuits that hold all places but two, at 5,000 bytes/s", holders(23, 5_000))
    measure("48 circuits that want all places, at 600 bytes/s", holders(48, 600))
    measure("48 circuits that hold all places, at 5,000 bytes/s", holders(48, 5_000))
    measure("a flood of stories", words)


if __name__ == "__main__":
    main()
