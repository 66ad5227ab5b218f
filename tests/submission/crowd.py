"""Visitors who only hold a place: a third say nothing, the others send a head or a form, a byte each second.

Each comes by a circuit of its own, and comes again by another as soon as it is let go.
"""

import contextlib
import selectors
import socket
import threading
import time
from collections import Counter
from itertools import count
from typing import Self

from tests.submission.tor import Tor, line, open_socket
from tests.submission.visitor import BOUNDARY, MULTIPART

EVERY_SECONDS = 1.0
"""How often each sends one more byte."""
SILENT, HEAD, BODY = "silent", "head", "body"
_HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: "
_FILE = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'.encode()
_BODY = (
    f"POST /tip HTTP/1.1\r\nHost: x\r\nContent-Length: {8 * 1024**2}\r\nContent-Type: {MULTIPART}\r\n\r\n".encode()
    + _FILE.ljust(20_000, b"x")
)
"""More than is waited for without a thread, so that as many as possible get one."""


class Crowd(threading.Thread):
    """Holds connections until it is told to leave."""

    def __init__(self, tor: Tor, size: int) -> None:
        super().__init__(daemon=True)
        self._tor = tor
        self._size = size
        self._circuits = count(1_000_000)
        self._held: dict[socket.socket, str] = {}
        self._selector = selectors.DefaultSelector()
        self._leaving = threading.Event()
        self.all_there = threading.Event()
        self.let_go = Counter[str]()

    def __enter__(self) -> Self:
        self.start()
        assert self.all_there.wait(60)
        return self

    def __exit__(self, *_error: object) -> None:
        self._leaving.set()
        self.join(60)
        for connection in self._held:
            connection.close()
        self._selector.close()

    def run(self) -> None:
        """Come, drip, and come again."""
        for kind in (SILENT, HEAD, BODY):
            for _ in range(self._size // 3):
                self._come(kind)
        self.all_there.set()
        while not self._leaving.is_set():
            next_drip = time.monotonic() + EVERY_SECONDS
            while (left := next_drip - time.monotonic()) > 0:
                for key, _ in self._selector.select(left):
                    assert isinstance(key.fileobj, socket.socket)
                    self._look(key.fileobj)
            for connection, kind in list(self._held.items()):
                if kind != SILENT:
                    with contextlib.suppress(OSError):
                        connection.send(b"x")

    def _come(self, kind: str) -> None:
        connection = open_socket(self._tor.folder / "visitors.sock")
        self._held[connection] = kind
        self._selector.register(connection, selectors.EVENT_READ)
        connection.sendall(line(next(self._circuits)) + {SILENT: b"", HEAD: _HEAD, BODY: _BODY}[kind])
        connection.setblocking(False)

    def _look(self, connection: socket.socket) -> None:
        """Take what comes; when it is the end, come again."""
        try:
            if connection.recv(65_536):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        kind = self._held.pop(connection)
        self._selector.unregister(connection)
        connection.close()
        self.let_go[kind] += 1
        self._come(kind)
