"""An honest intake behind a SOCKS port, without tor, that writes down what it is asked for: every header, in order."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from reviewer.answer import Answer
from tests.onion.network import wait_for

ANONYMOUS, NAMED = 0, 2
"""Ways to come to a SOCKS port: without a name, as the browser here does, and with one, as a reviewer's app."""

Asked = tuple[str, tuple[tuple[str, str], ...]]
"""Path and headers of a request."""


@dataclass
class Recorder:
    """The port, and what came.

    Attributes:
        port: of SOCKS.
        asked: every request, in the order in which they came.
    """

    port: int
    asked: list[Asked] = field(default_factory=list)

    def take(self, count: int) -> list[Asked]:
        """Return the next requests, as many, sorted, and forget them: a browser asks for several things at once."""
        wait_for(f"{count} requests", lambda: True if len(self.asked) >= count else None, 30)
        taken, self.asked[:] = sorted(self.asked), []
        return taken


@contextlib.contextmanager
def recorder(onion: str, give: Callable[[str], Answer]) -> Iterator[Recorder]:
    """Serve an onion's pages until the block ends.

    Args:
        onion: its address; nobody else is reached.
        give: answers a path.
    """
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:  # the vaults behind it know one thread at a time
                kept.asked.append((self.path, tuple(self.headers.items())))
                answer = give(self.path)
            self.send_response_only(answer.status)
            for name, value in (*answer.headers, ("connection", "close")):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            """Stay silent."""

    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Handler) as pages,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        kept = Recorder(listening.getsockname()[1])

        def carry(line: socket.socket) -> None:
            with line, contextlib.suppress(OSError, EOFError):
                if _greet(line) == onion:
                    with socket.create_connection(("127.0.0.1", pages.server_port), 30) as there:
                        threading.Thread(target=_pump, args=(line, there), daemon=True).start()
                        _pump(there, line)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=carry, args=(listening.accept()[0],), daemon=True).start()

        threads = [threading.Thread(target=one) for one in (accept, pages.serve_forever)]
        for thread in threads:
            thread.start()
        try:
            yield kept
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            pages.shutdown()
            for thread in threads:
                thread.join()


def _greet(line: socket.socket) -> str:
    """Speak SOCKS 5 and return the host that is asked for."""
    ways = _read(line, _read(line, 2)[1])
    line.sendall(bytes([5, NAMED if NAMED in ways else ANONYMOUS]))
    if NAMED in ways:
        _read(line, 1)
        for _ in range(2):
            _read(line, _read(line, 1)[0])
        line.sendall(b"\1\0")
    host = _read(line, _read(line, 5)[4]).decode("ascii")
    _read(line, 2)
    line.sendall(b"\5\0\0\1" + bytes(6))
    return host


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
