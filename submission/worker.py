"""The worker: takes connections, lets none of them hold a thread before it asked for something, and serves it.

One thread waits for all who have not said yet what they want, and for those who have their answer and do not leave.
Only a whole request gets a thread of its own, or a form with files once enough of it came. Who waits for a thread waits
in one of five lines, by errand, so a flood in one leaves the others alone.
"""

import selectors
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from socket import SHUT_WR, SO_SNDBUF, SOL_SOCKET, socket
from typing import Any, Final

from gunicorn import util  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # ships no type hints

from submission.answering import answer
from submission.errors import BusyError, NoRequestError
from submission.line import Line, Places
from submission.pace import PacedSocket
from submission.refusals import BUSY, NO_REQUEST
from submission.sockets import listener_of
from submission.visit import Errand, Visit

FORM_THREADS: Final = 48
"""Visitors at the same time whose form with files still arrives; most of them wait for a slow circuit."""
PLACES: Final[dict[Errand, Places]] = {
    "pages": Places(in_all=16, each=6, waiting=32, patience=60),
    "shelves": Places(in_all=16, each=2, waiting=8, patience=60),
    "small forms": Places(in_all=16, each=4, waiting=16, patience=60),
    "forms with files": Places(in_all=FORM_THREADS, each=2, waiting=8, patience=120),
    "reviewers": Places(in_all=8, each=4, waiting=64, patience=120),
}
"""The lines; a browser opens six connections at once."""
MOST_WAITING: Final = 512
"""Visits in all lines together."""
MOST_SILENT_EACH: Final = 16
"""Connections of one circuit that have not said what they want."""
MOST_PAGE: Final = 262_144
"""Bytes that the system takes of an answer when the visitor takes none: any page whole, so it holds no thread."""
LINGER_SECONDS: Final = 1
"""How long to wait for the visitor's end of a connection after the answer."""
OWING_SECONDS: Final = 120
"""How long to take in the form of somebody who was refused before it was read."""
LOOK_SECONDS: Final = 0.5
"""How often to look who has waited too long."""


class SilentWorker(ThreadWorker):  # type: ignore[misc]  # of a module without type hints
    """Serves one request on each connection."""

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Make the lines, and the threads for all who are at their front."""
        self._lines: dict[Errand, Line[Visit]] = {errand: Line(places) for errand, places in PLACES.items()}
        self._waiting = 0
        self._most_waiting = min(MOST_WAITING, self.worker_connections // 2)
        # Those who have not said what they want, and those who have their answer: the first came first.
        self._asking: dict[Visit, None] = {}
        self._lingering: dict[Visit, float] = {}
        self._next_look = 0.0
        return ThreadPoolExecutor(sum(places.in_all for places in PLACES.values()))

    def accept(self, listener: socket) -> None:
        """Take a connection and wait, with all others, for what it wants."""
        try:
            client, address = listener.accept()
        except OSError:  # it left already
            return
        if self.nr_conns + 1 >= self.worker_connections:
            self._make_room()
        self.nr_conns += 1
        visit = Visit(self.cfg, client, address, listener_of(listener.getsockname()), time.monotonic())
        self._asking[visit] = None
        client.setsockopt(SOL_SOCKET, SO_SNDBUF, MOST_PAGE)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, visit))

    def _make_room(self) -> None:
        """Let somebody go: who lingers, else the first who said nothing, else the first who did not say all."""
        if visit := next(iter(self._lingering), None):
            self._end(visit)
            return
        silent = (visit for visit in self._asking if not visit.arrived)
        if visit := next(silent, None) or next(iter(self._asking), None):
            self._give_up(visit)

    def on_pending_socket_readable(self, conn: Visit, client: Any) -> None:  # noqa: ANN401, ARG002  # gunicorn's own types
        """Put a connection into its line when its request is there; else wait for more of it."""
        if conn not in self._asking:  # let go since the system told of it
            return
        unknown = not conn.circuit
        try:
            if not conn.look(time.monotonic()):
                if unknown and conn.circuit:
                    self._bound(conn.circuit)
                return
        except NoRequestError:
            self._forget_pending(conn)
            self._refuse(conn, NO_REQUEST)
            return
        except OSError:
            self._give_up(conn)
            return
        self._forget_pending(conn)
        self.enqueue_req(conn)

    def _bound(self, circuit: str) -> None:
        """Let the first of a circuit's connections go when too many of them have not said what they want."""
        same = [visit for visit in self._asking if visit.circuit == circuit]
        if len(same) > MOST_SILENT_EACH:
            self._give_up(same[0])

    def enqueue_req(self, conn: Visit) -> None:
        """Let a thread serve a connection when it is its turn."""
        line = self._lines[conn.errand]
        if self._waiting >= self._most_waiting:
            self._refuse(conn, BUSY)
            return
        try:
            line.join(conn.circuit, conn, time.monotonic())
        except BusyError:
            self._refuse(conn, BUSY)
            return
        self._waiting += 1
        self._begin(line)

    def _begin(self, line: Line[Visit]) -> None:
        for visit in line.begin():
            self._waiting -= 1
            served = self.tpool.submit(self.handle, visit)
            served.add_done_callback(partial(self.method_queue.defer, self._leave, line, visit))

    def _leave(self, line: Line[Visit], conn: Visit, _served: object) -> None:
        line.leave(conn.circuit)
        self._linger(conn)
        self._begin(line)

    def handle(self, conn: Visit) -> bool:
        """Serve one connection from its first byte to its end, in a thread of its own."""
        connection = conn.sock
        conn.sock = PacedSocket(connection, conn.take_arrived())
        try:
            conn.init()
            answer(self.wsgi, next(conn.parser), conn)
        except (NoMoreData, StopIteration, OSError):
            return False
        except Exception as error:  # noqa: BLE001  # whatever the parser does not like is no request
            self.handle_error(None, connection, conn.client, error)
        finally:
            conn.sock, conn.parser = connection, None
        return False

    def _refuse(self, conn: Visit, refusal: bytes) -> None:
        """Answer without the application, as far as the visitor takes it at once."""
        with suppress(OSError):
            util.write_nonblock(conn.sock, refusal)
        self._linger(conn)

    def _linger(self, conn: Visit) -> None:
        """Wait for the visitor's end: closing on what they still send would take the answer from them."""
        try:
            conn.sock.settimeout(0)
            if not conn.owes:
                conn.sock.shutdown(SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_lingering, conn))
        except OSError:
            self.finish_request(conn, None)
            return
        self._lingering[conn] = time.monotonic() + (OWING_SECONDS if conn.owes else LINGER_SECONDS)

    def _on_lingering(self, conn: Visit, _client: object) -> None:
        if conn not in self._lingering:
            return
        owed = conn.owes
        if conn.drop_more():
            self._end(conn)
        elif owed and not conn.owes:
            self.poller.unregister(conn.sock)
            del self._lingering[conn]
            self._linger(conn)

    def _end(self, conn: Visit) -> None:
        del self._lingering[conn]
        self.poller.unregister(conn.sock)
        self.finish_request(conn, None)

    def _forget_pending(self, conn: Visit) -> None:
        del self._asking[conn]
        self.poller.unregister(conn.sock)

    def _give_up(self, conn: Visit) -> None:
        self._forget_pending(conn)
        self.finish_request(conn, None)

    def murder_pending(self) -> None:
        """Let those go who wait for too long; all of them once the process was told to end."""
        now = time.monotonic()
        if now < self._next_look and self.alive:
            return
        self._next_look = now + LOOK_SECONDS
        for visit in [visit for visit in self._asking if visit.timeout <= now or not self.alive]:
            self._give_up(visit)
        for visit in [visit for visit, end in self._lingering.items() if end <= now]:
            self._end(visit)
        for line in self._lines.values():
            for visit in line.overdue(now):
                self._waiting -= 1
                self._refuse(visit, BUSY)

    def finish_request(self, conn: Visit, fs: Any) -> None:  # noqa: ANN401, ARG002  # gunicorn's own types
        """Forget a connection that is served, or that left."""
        self.nr_conns -= 1
        conn.close()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ANN401, ARG002  # the same
        """Refuse what is no HTTP request with a fixed answer; gunicorn's own would repeat it."""
        with suppress(OSError):
            util.write_nonblock(client, NO_REQUEST)
