"""How slowly a visitor may send or take: far below any Tor circuit that can be used, only there to hold a place."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import socket
from typing import Any, Final

GRACE_SECONDS: Final = 15
"""How long a visitor may keep us waiting in all, besides what was earned; who gets here has sent some KiB already."""
PACE: Final = 4_096
"""Bytes, sent or taken, that buy one more second. So this many in a second is what holding a place costs."""
MOST_SECONDS: Final = 90
"""What can be saved up, or who sent much once could then idle for hours."""
IDLE_SECONDS: Final = 60
"""A connection that sends or takes nothing for this long is closed in any case."""
MOST_TAKEN: Final = 131_072
"""Bytes taken at once: while it waits for them, a visit holds memory for all of them."""


class PacedSocket:
    """A socket that gives up on a visitor who keeps us waiting too long. Our own work is not counted as theirs.

    Args:
        connection: a connected socket in blocking mode; whatever is not about pace is left to it.
        arrived: bytes that were taken from it already, to be received first.
        clock: seconds, growing.
    """

    def __init__(self, connection: socket, arrived: bytes = b"", clock: Callable[[], float] = time.monotonic) -> None:
        self._connection = connection
        self._arrived = memoryview(arrived)
        self._clock = clock
        self._left: float = GRACE_SECONDS

    def recv(self, size: int) -> bytes:
        """Return up to `size` bytes; `TimeoutError` when the visitor is too slow."""
        if self._arrived:
            taken, self._arrived = self._arrived[:size], self._arrived[size:]
            return bytes(taken)
        with self._waiting():
            data = self._connection.recv(min(size, MOST_TAKEN))
        self._earn(len(data))
        return data

    def send(self, data: bytes | memoryview) -> int:
        """Send what the system takes of `data` now, return how much; `TimeoutError` when the visitor is too slow."""
        with self._waiting():
            sent = self._connection.send(data)
        self._earn(sent)
        return sent

    def sendall(self, data: bytes) -> None:
        """Send all of `data`; `TimeoutError` when the visitor is too slow."""
        rest = memoryview(data)
        while rest:
            rest = rest[self.send(rest) :]

    def _earn(self, moved: int) -> None:
        self._left = min(MOST_SECONDS, self._left + moved / PACE)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        if self._left <= 0:
            raise TimeoutError("the visitor is too slow")
        self._connection.settimeout(min(IDLE_SECONDS, self._left))
        began = self._clock()
        try:
            yield
        finally:
            self._left -= self._clock() - began

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # what a socket has besides
        return getattr(self._connection, name)
