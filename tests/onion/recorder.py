"""An honest intake behind a SOCKS port, without tor, that writes down headers, lines and turns of what it is asked."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from reviewer.answer import Answer
from tests.onion.network import wait_for

ANONYMOUS, NAMED = 0, 2
"""Ways to come to a SOCKS port: without a name, as the browser here does, and with one, as a reviewer's app."""


@dataclass(frozen=True, order=True)
class Asked:
    """One request.

    Attributes:
        turn: 1 and up; those of one turn came while answers of it were held back.
        path: with what follows the question mark.
        headers: in their order.
        before: what came last on the same connection; empty for the first.
        user: name at the SOCKS port, by which tor keeps circuits apart; empty for none.
    """

    turn: int
    path: str
    headers: tuple[tuple[str, str], ...]
    before: str
    user: str = ""


@dataclass
class Recorder:
    """The port, and what came.

    Attributes:
        port: of SOCKS.
        hold: seconds for which each answer is held back.
        open: whether connections stay open after an answer, which an honest intake never does.
        halves: whether a page comes in halves, the second as late as other answers.
        hang_up: how many of the next requests get no answer at all.
        asked: every request, in the order in which they came.
    """

    port: int
    hold: float = 0.0
    open: bool = False
    halves: bool = False
    hang_up: int = 0
    asked: list[Asked] = field(default_factory=list)

    def take(self, count: int) -> list[Asked]:
        """Return the next requests, as many, and forget them: turn by turn from 1, sorted within each."""
        wait_for(f"{count} requests", lambda: True if len(self.asked) >= count else None, 30)
        first = min(one.turn for one in self.asked)
        taken = sorted(replace(one, turn=one.turn - first + 1, user="") for one in self.asked)
        self.asked.clear()
        return taken


Give = Callable[[str, str], Answer]
"""Answers a path, and what languages the browser wishes for."""


class _Pages(ThreadingHTTPServer):
    """The intake behind the port."""

    def __init__(self, kept: Recorder, give: Give) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.users: dict[int, str] = {}
        self.kept = kept
        self._give = give
        self._lock = threading.Lock()
        self._turn = 0
        self._held = 0

    def take(self, path: str, told: Message, before: str, port: int) -> Answer | None:
        """Write a request down; returns its answer, which is held back until `let_go`, or none for hanging up."""
        with self._lock:  # the vaults behind it know one thread at a time
            self._turn += not self._held
            self._held += 1
            self.kept.asked.append(Asked(self._turn, path, tuple(told.items()), before, self.users.get(port, "")))
            if self.kept.hang_up:
                self.kept.hang_up -= 1
                return None
            return self._give(path, told.get("Accept-Language", ""))

    def let_go(self) -> None:
        """Wait, as long as answers are held back."""
        time.sleep(self.kept.hold)
        with self._lock:
            self._held -= 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1_048_576  # an answer leaves as a whole, as far as it goes
    before = ""
    server: _Pages

    def do_GET(self) -> None:
        pages, kept = self.server, self.server.kept
        answer = pages.take(self.path, self.headers, self.before, self.client_address[1])
        self.before, self.close_connection = self.path, answer is None or not kept.open
        if answer is None:
            pages.let_go()
        elif kept.halves and answer.is_page:
            self._begin(answer)
            half = len(answer.body) // 2
            self.wfile.write(answer.body[:half])
            self.wfile.flush()
            pages.let_go()
            self.wfile.write(answer.body[half:])
        else:
            pages.let_go()
            self._begin(answer)
            self.wfile.write(answer.body)

    def _begin(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in (*answer.headers, *([("connection", "close")] if self.close_connection else [])):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Stay silent."""


@contextlib.contextmanager
def recorder(onion: str, give: Give) -> Iterator[Recorder]:
    """Serve an onion's pages until the block ends.

    Args:
        onion: its address; nobody else is reached.
        give: what it says.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept = Recorder(listening.getsockname()[1])
        with _Pages(kept, give) as pages:

            def carry(line: socket.socket) -> None:
                with line, contextlib.suppress(OSError, EOFError):
                    host, port, user = _greet(line)
                    if (host, port) == (onion, 80):
                        _carry(line, pages, user)

            def accept() -> None:
                with contextlib.suppress(OSError):
                    while True:
                        threading.Thread(target=carry, args=(listening.accept()[0],), daemon=True).start()

            threads = [threading.Thread(target=one) for one in (accept, partial(pages.serve_forever, 0.05))]
            for thread in threads:
                thread.start()
            try:
                yield kept
            finally:
                listening.shutdown(socket.SHUT_RDWR)
                pages.shutdown()
                for thread in threads:
                    thread.join()


def _carry(line: socket.socket, pages: _Pages, user: str) -> None:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        pages.users[there.getsockname()[1]] = user
        there.connect(("127.0.0.1", pages.server_port))
        threading.Thread(target=_pump, args=(line, there), daemon=True).start()
        _pump(there, line)


def _greet(line: socket.socket) -> tuple[str, int, str]:
    """Speak SOCKS 5 and return the host and port that are asked for, and by whom."""
    user = b""
    ways = _read(line, _read(line, 2)[1])
    line.sendall(bytes([5, NAMED if NAMED in ways else ANONYMOUS]))
    if NAMED in ways:
        _read(line, 1)
        user, _ = (_read(line, _read(line, 1)[0]) for _ in range(2))
        line.sendall(b"\1\0")
    host = _read(line, _read(line, 5)[4]).decode("ascii")
    port = int.from_bytes(_read(line, 2), "big")
    line.sendall(b"\5\0\0\1" + bytes(6))
    return host, port, user.decode("ascii")


def _read(line: socket.socket, size: int) -> bytes:
    taken = line.recv(size, socket.MSG_WAITALL)
    if len(taken) < size:
        raise EOFError
    return taken


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
