"""A browser's way with connections, for one walk: what it asks for at once, and on which line.

As Firefox does, written down beside its headers (`reviewer.walks`): a line that the intake leaves open is used again,
the one that brought most in one answer first; what comes without an answer is asked for again on a new line; what
stands in a page is asked for as soon as the page names it, not when all of it is there.
"""

import contextlib
import http.client
import select
import socket
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final, Self

from reviewer.answer import MOST, MOST_SHELF, Answer
from reviewer.errors import IntakeUnreachableError
from reviewer.walks import Kind, Step
from reviewer.watch import SHELF

SECONDS: Final = 60.0
"""Without a byte."""
TRIES: Final = 10
"""Of one request, as long as the line ends before the first byte of an answer."""
PIECE: Final = 65_536
PARSING_SECONDS: Final = 0.03
"""From what came of a page to what it names: within that, more of it comes first."""
AT_ONCE: Final = 6
"""Lines to one host."""


class Line:
    """One connection; `most` is the size in bytes of the largest answer that it brought."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.most = 0
        self._connection = connection
        self._socket: socket.socket | None = None

    def begin(self, path: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """Ask, and return what begins to come; `ConnectionError` when the line ends without a byte."""
        self._connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self._connection.putheader(name, value)
        self._connection.endheaders()
        return self._connection.getresponse()

    def connect(self) -> None:
        """Connect, where that was not done yet."""
        if self._connection.sock is None:
            self._connection.connect()
            self._socket = self._connection.sock  # the connection lets go of it when an answer is its last

    def goes_on(self) -> bool:
        """Wait a moment; tell whether more came."""
        sockets = [] if self._socket is None else [self._socket]
        return bool(select.select(sockets, [], [], PARSING_SECONDS)[0])

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class Browser:
    """One person's browser; a context manager that hangs up at its end."""

    def __init__(self, connect: Callable[[], http.client.HTTPConnection], told: Callable[[Kind], Mapping[str, str]]):
        """Sit down before it.

        Args:
            connect: makes a line, not connected yet.
            told: the headers of each kind of request.
        """
        self._connect = connect
        self._told = told
        self._idle: dict[bool, list[Line]] = {False: [], True: []}
        self._lock = Lock()
        self._work = ThreadPoolExecutor(AT_ONCE)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up once nothing is under way."""
        self._work.shutdown()
        for line in (*self._idle[False], *self._idle[True]):
            line.close()

    def ask(self, steps: Sequence[Step]) -> list[Answer]:
        """Ask for one turn; returns the answers in the order of the steps.

        Raises:
            IntakeUnreachableError: an answer did not come, or not whole.
        """
        asked: dict[Step, Future[Answer]] = {}

        def ask_for(named: Callable[[str], bool]) -> None:
            asked.update({step: self._begin(step) for step in steps[1:] if step not in asked and named(step[0])})

        path, kind = steps[0]
        if kind.by_hand:
            first = self._get(
                path, kind, self._take(kind), lambda page: ask_for(lambda one: f'"{one}"'.encode() in page)
            )
        else:
            beginning = self._begin(steps[0])
            ask_for(lambda _: True)
            first = beginning.result()
        ask_for(lambda _: True)
        return [first, *(asked[step].result() for step in steps[1:])]

    def _begin(self, step: Step) -> Future[Answer]:
        # The line is chosen here, in the order in which things are asked for.
        path, kind = step
        return self._work.submit(self._get, path, kind, self._take(kind), None)

    def _take(self, kind: Kind) -> Line:
        with self._lock:
            idle = self._idle[kind.fresh]
            return idle.pop(0) if idle else Line(self._connect())

    def _leave(self, kind: Kind, line: Line) -> None:
        with self._lock:
            idle = self._idle[kind.fresh]
            idle.insert(next((place for place, one in enumerate(idle) if one.most < line.most), len(idle)), line)

    def _get(self, path: str, kind: Kind, line: Line, came: Callable[[bytearray], None] | None) -> Answer:
        try:
            with contextlib.ExitStack() as undo:
                line, response = self._insist(path, kind, line)
                undo.callback(line.close)
                body = _read(response, MOST_SHELF if path.startswith(SHELF) else MOST, line, came)
                line.most = max(line.most, len(body))
                if not response.will_close:
                    response.close()
                    undo.pop_all()
                    self._leave(kind, line)
        except (OSError, http.client.HTTPException):
            raise IntakeUnreachableError("the visitors' onion does not answer; the next visit will try again") from None
        told = tuple((name.lower(), value) for name, value in response.getheaders())
        return Answer(response.status, told, body)

    def _insist(self, path: str, kind: Kind, line: Line) -> tuple[Line, http.client.HTTPResponse]:
        for _ in range(TRIES):
            line.connect()
            try:
                return line, line.begin(path, self._told(kind))
            except ConnectionError:
                line.close()
                line = Line(self._connect())
            except (OSError, http.client.HTTPException):
                line.close()
                raise
        raise ConnectionResetError


def _read(response: http.client.HTTPResponse, most: int, line: Line, came: Callable[[bytearray], None] | None) -> bytes:
    """Return the body; `came` is told all of it that is there, each time that nothing more comes at once."""
    body, rest = bytearray(), response.length
    while rest is None or rest:
        piece = response.read1(PIECE if rest is None else min(PIECE, rest))
        if not piece:
            break
        body += piece
        rest = None if rest is None else rest - len(piece)
        if len(body) > most:
            raise http.client.IncompleteRead(b"", rest)
        if came is not None and rest != 0 and not line.goes_on():
            came(body)
    if rest:
        raise http.client.IncompleteRead(b"", rest)
    return bytes(body)
