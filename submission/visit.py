"""A connection that has not said yet what it wants: what came is kept here until it is enough to serve.

Bytes are taken, not peeked at: a unix socket that was peeked at says again and again that there is something to read.
"""

import re
from socket import socket
from typing import Any, Final, Literal

from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]  # ships no type hints

from submission.circuit import take_circuit
from submission.errors import NoRequestError

Errand = Literal["pages", "shelves", "small forms", "forms with files", "reviewers"]
HEAD_SECONDS: Final = 20
"""How long a connection may take to say what it wants, and again until its form moves."""
SLOWEST: Final = 1_024
"""Bytes of a form in a second, after that time: it holds no thread yet, so even a sealed letter may come slowly."""
MOST_HEAD: Final = 16_384
"""Bytes of a request's head."""
MOST_BODY: Final = 81_920
"""Bytes of a form that are waited for without a thread: a story without files, or a sealed letter, is whole by then."""
FIRST_OF_FILES: Final = 16_384
"""Bytes that must have come of a longer form before it gets a thread."""
MOST_OWED: Final = 64 * 1024**2
"""Bytes of a form that are still taken, and dropped, when it is refused unread: what tor carries in two minutes.

A browser shows the answer once all of its form is gone. With more the connection is reset, and it shows a page of its
own; the form tells beforehand what to do then.
"""
READING: Final = (b"GET ", b"HEAD ")
PAGE: Final = re.compile(rb"(?:GET|HEAD) /(?!shelf/)[^%\s]* HTTP/")
"""The request of a page, which has some KiB; a shelf has as much as lies on it, and an address may hide it behind %."""
HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
LENGTH: Final = re.compile(rb"\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r?\n", re.IGNORECASE)
SHELTERED: Final = "localhost"
"""The name of the machine for whoever asks on a unix socket; no page shows it."""


class Visit(TConn):  # type: ignore[misc]  # of a module without type hints
    """A connection and what came of its request.

    Args:
        cfg: gunicorn's settings.
        connection: the connected socket.
        address: its other end, where it has one.
        listener: "visitors" or "reviewers", whose connections begin with tor's line; or "both", of which none does.
        now: seconds, growing.

    Attributes:
        circuit: tor's name for the circuit, once it is there; without tor the address and port of the other end.
        arrived: what came of the request and was not read by anybody yet.
        errand: what the request is about, by which it waits in one of the lines of `submission.worker`.
        owes: bytes of the request that are still to come and are worth waiting for before the connection ends.
    """

    def __init__(self, cfg: Any, connection: socket, address: Any, listener: str, now: float) -> None:  # noqa: ANN401  # gunicorn's own types
        super().__init__(cfg, connection, address, (SHELTERED, 80) if listener != "both" else connection.getsockname())
        self.listener = listener
        self.circuit = "" if listener != "both" else f"{address[0]} {address[1]}"
        self.arrived = bytearray()
        self.errand: Errand = "pages"
        self.timeout: float = now + HEAD_SECONDS
        self._ended = False
        self.owes = 0
        self._looked = 0
        self._began = now
        self._body_at = 0
        self._wanted = 0

    def look(self, now: float) -> bool:
        """Take what has come; tell whether it is enough to be served.

        Raises:
            NoRequestError: it is no request, or does not begin with tor's line, as it must on this listener.
            OSError: the connection broke, or its end came before that of what it wants.
        """
        self._take()
        if not self.circuit:
            circuit = take_circuit(self.arrived)
            if circuit is None:
                return self._wait()
            self.circuit = circuit
            # This becomes the peer of the request.
            self.client = (circuit, 0)
        return self._is_enough(now) or self._wait()

    def _wait(self) -> bool:
        if self._ended:
            raise ConnectionResetError("the visitor left before asking")
        return False

    def take_arrived(self) -> bytes:
        """Give out what came of the request, and keep it no longer; whoever takes it takes in the rest."""
        arrived, self.arrived = bytes(self.arrived), bytearray()
        self.owes = 0
        return arrived

    def drop_more(self) -> bool:
        """Take what still comes after the answer and drop it; tell whether that is the end."""
        try:
            data = self.sock.recv(MOST_BODY)
        except BlockingIOError:
            return False
        except OSError:
            return True
        self.owes = max(0, self.owes - len(data))
        return not data

    def _take(self) -> None:
        try:
            data = self.sock.recv(MOST_HEAD + MOST_BODY - len(self.arrived))
        except BlockingIOError:
            return
        self._ended = not data
        self.arrived += data

    def _is_enough(self, now: float) -> bool:
        if not self._body_at:
            if self.arrived and not self.arrived[:1].isalpha():
                raise NoRequestError("a connection that brought something else than a request")
            end = HEAD_END.search(self.arrived, max(0, self._looked - 3), MOST_HEAD)
            self._looked = len(self.arrived)
            if end is None:
                if self._looked >= MOST_HEAD:
                    raise NoRequestError("the head of a request is too long")
                return False
            self._body_at = end.end()
            self._wanted = self._body_at + self._length()
            self._began = now
        body = len(self.arrived) - self._body_at
        self.timeout = self._began + HEAD_SECONDS + body / SLOWEST
        rest = self._wanted - len(self.arrived)
        self.owes = max(0, rest) if rest <= MOST_OWED else 0
        self.errand = self._errand(whole=rest <= 0)
        return rest <= 0 or (self._wanted > self._body_at + MOST_BODY and body >= FIRST_OF_FILES)

    def _errand(self, *, whole: bool) -> Errand:
        if self.listener == "reviewers":
            return "reviewers"
        if self.arrived.startswith(READING):
            return "pages" if PAGE.match(self.arrived) else "shelves"
        return "small forms" if whole else "forms with files"

    def _length(self) -> int:
        """Return how much body follows the head; what the head says badly is left to the parser to refuse."""
        found = LENGTH.search(self.arrived, 0, self._body_at)
        return 0 if found is None or self.arrived.startswith(READING) else int(found[1])
