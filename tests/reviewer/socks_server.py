"""A SOCKS port on loopback that answers as tor does: it carries streams to one place, or gives a code."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class SocksServer:
    """Such a port.

    Attributes:
        code: of the answer; 0 carries the stream.
        target: port on loopback to which every onion leads.
        greeting: answer to the greeting; tor's is version 5, user name and password.
        kind: of the address in the answer: 1, 3 or 4.
        asked: host, port and user name of each stream that was asked for.
    """

    code: int = 0
    target: int = 0
    greeting: bytes = b"\x05\x02"
    kind: int = 1
    port: int = 0
    asked: list[tuple[str, int, str]] = field(default_factory=list)

    def serve(self, line: socket.socket) -> None:
        """Answer one stream."""
        with line, contextlib.suppress(OSError), line.makefile("rb") as reader:
            assert reader.read(3) == b"\x05\x01\x02"
            line.sendall(self.greeting)
            if self.greeting != b"\x05\x02":
                return
            assert reader.read(1) == b"\x01"
            user, password = (reader.read(reader.read(1)[0]) for _ in range(2))
            assert user == password
            line.sendall(b"\x01\x00")
            assert reader.read(4) == b"\x05\x01\x00\x03"
            host = reader.read(reader.read(1)[0]).decode()
            self.asked.append((host, int.from_bytes(reader.read(2), "big"), user.decode()))
            address = {1: bytes(4), 3: b"\x02ab", 4: bytes(16)}[self.kind]
            line.sendall(bytes([5, self.code, 0, self.kind]) + address + b"\x00\x00")
            if not self.code:
                self._carry(line)

    def _carry(self, line: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self.target), 5) as there:
            back = threading.Thread(target=_pump, args=(there, line))
            back.start()
            _pump(line, there)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def socks_server(target: int = 0) -> Iterator[SocksServer]:
    """Run one while the test needs it."""
    kept = SocksServer(target=target)
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        kept.port = listening.getsockname()[1]

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    line, _ = listening.accept()
                    threads.append(threading.Thread(target=kept.serve, args=(line,)))
                    threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        yield kept
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for thread in threads:
            thread.join(10)
