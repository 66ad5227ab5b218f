"""The only way out of the browsers: a proxy on loopback that lets nobody through and remembers who tried."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

NO_PASSWORD: Final = b"\x05\x00"
OWN: Final = b"\x15update.googleapis.com"
"""Where Chromium itself asks after some minutes, whatever it shows; what its pages ask for, it tells apart."""


class Watchman:
    """A listening socket that browsers take for their SOCKS 5 proxy. A context manager.

    Attributes:
        port: where it listens on 127.0.0.1.
        tries: for each connection that came, where it wanted to go: the request of RFC 1928, section 4.
    """

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.tries: list[bytes] = []
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            with visitor:
                visitor.settimeout(2)
                try:
                    visitor.recv(512)
                    visitor.sendall(NO_PASSWORD)
                    wanted = visitor.recv(512)
                    if OWN not in wanted:
                        self.tries.append(wanted)
                except OSError:
                    self.tries.append(b"")
