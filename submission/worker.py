"""The worker: takes connections, lets none of them hold a thread before it asked for something, and serves it.

One thread waits for all who have not said yet what they want, and for those who have their answer and do not leave.
Only a whole request gets a thread of its own, or a form with files once enough of it came. Pages, small forms, forms
with files and reviewers wait in four lines, so a flood in one leaves the others alone.
"""

import io
import selectors
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from socket import SHUT_WR, socket
from typing import Any, Final

from gunicorn import util  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.http import wsgi  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # ships no type hints

from submission.errors import BusyError, NoRequestError
from submission.faults import tell
from submission.line import Line, Places
from submission.pace import PacedSocket
from submission.refusals import BUSY, FAULT, NO_REQUEST
from submission.sockets import listener_of
from submission.visit import Visit

FORM_THREADS: Final = 32
"""Visitors at the same time whose form with files still arrives; most of them wait for a slow circuit."""
PLACES: Final = {
    "pages": Places(in_all=16, each=6, waiting=32, patience=60),
    "small forms": Places(in_all=16, each=4, waiting=16, patience=60),
    "forms with files": Places(in_all=FORM_THREADS, each=4, waiting=8, patience=120),
    "reviewers": Places(in_all=8, each=4, waiting=64, patience=120),
}
"""The lines; a browser opens six connections at once."""
MOST_WAITING: Final = 512
"""Visits in all lines together."""
MOST_SILENT_EACH: Final = 16
"""Connections of one circuit that have not said what they want."""
LINGER_SECONDS: Final = 1
"""How long to wait for the visitor's end of a connection after the answer."""
OWING_SECONDS: Final = 20
"""How long to take in the form of somebody who was refused before it was read."""
LOOK_SECONDS: Final = 0.5
"""How often to look who has waited too long."""


class PlainResponse(wsgi.Response):  # type: ignore[misc]  # of a module without type hints
    """An answer with the headers of the application and nothing of the server's."""

    def default_headers(self) -> list[str]:
        """Return the status line and the header that the connection needs."""
        return [f"HTTP/1.1 {self.status}\r\n", "Connection: close\r\n"]


class SilentWorker(ThreadWorker):  # type: ignore[misc]  # of a module without type hints
    """Serves one request on each connection with a `PlainResponse`."""

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Make the lines, and the threads for all who are at their front."""
        self._lines: dict[str, Line[Visit]] = {kind: Line(places) for kind, places in PLACES.items()}
        self._waiting = 0
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
        self.pending_conns.append(visit)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, visit))

    def _make_room(self) -> None:
        """Let somebody go: who lingers, else the first who said nothing, else the first who did not say all."""
        chosen: Iterator[Visit] = iter(self._lingering)
        if visit := next(chosen, None):
            self._end(visit)
            return
        silent = (visit for visit in self.pending_conns if not visit.arrived)
        if visit := next(silent, None) or next(iter(self.pending_conns), None):
            self._give_up(visit)

    def on_pending_socket_readable(self, conn: Visit, client: Any) -> None:  # noqa: ANN401, ARG002  # gunicorn's own types
        """Put a connection into its line when its request is there; else wait for more of it."""
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
        same = [visit for visit in self.pending_conns if visit.circuit == circuit]
        if len(same) > MOST_SILENT_EACH:
            self._give_up(same[0])

    def enqueue_req(self, conn: Visit) -> None:
        """Let a thread serve a connection when it is its turn."""
        line = self._line_of(conn)
        if self._waiting >= MOST_WAITING:
            self._refuse(conn, BUSY)
            return
        try:
            line.join(conn.circuit, conn, time.monotonic())
        except BusyError:
            self._refuse(conn, BUSY)
            return
        self._waiting += 1
        self._begin(line)

    def _line_of(self, conn: Visit) -> Line[Visit]:
        if conn.listener == "reviewers":
            return self._lines["reviewers"]
        if conn.reads_only:
            return self._lines["pages"]
        return self._lines["small forms" if conn.whole else "forms with files"]

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
            self.handle_request(next(conn.parser), conn)
        except (NoMoreData, StopIteration, OSError):
            return False
        except Exception as error:  # noqa: BLE001  # whatever the parser does not like is no request
            self.handle_error(None, connection, conn.client, error)
        finally:
            conn.sock, conn.parser = connection, None
        return False

    def _refuse(self, conn: Visit, answer: bytes) -> None:
        """Answer without the application, as far as the visitor takes it at once."""
        with suppress(OSError):
            util.write_nonblock(conn.sock, answer)
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
        self.pending_conns.remove(conn)
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
        for visit in [visit for visit in self.pending_conns if visit.timeout <= now or not self.alive]:
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

    def handle_request(self, req: Any, conn: Visit) -> bool:  # noqa: ANN401  # the same
        """Run the application for one request; the connection ends with it."""
        response, environ = wsgi.create(req, conn.sock, conn.client, conn.server, self.cfg, PlainResponse)
        environ["wsgi.multithread"] = True
        environ["lapwing.listener"] = conn.listener
        if "HTTP_TRANSFER_ENCODING" in environ:
            # No browser sends a form in chunks. It is refused for having no length, and its chunks are not looked at.
            environ["wsgi.input"] = io.BytesIO()
        response.force_close()
        try:
            self._run(environ, response)
        except OSError:  # the visitor left
            raise
        except Exception as fault:  # noqa: BLE001  # the application answers its own faults, except within an answer
            tell(fault)
            if not response.headers_sent:
                util.write(conn.sock, FAULT)
        return False

    def _run(self, environ: dict[str, Any], response: PlainResponse) -> None:
        pieces = self.wsgi(environ, response.start_response)
        try:
            for piece in pieces:
                response.write(piece)
            response.close()
        finally:
            # A list, which Flask gives for a page without a body, has nothing to close.
            getattr(pieces, "close", tuple)()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ANN401, ARG002  # the same
        """Refuse what is no HTTP request with a fixed answer; gunicorn's own would repeat it."""
        with suppress(OSError):
            util.write_nonblock(client, NO_REQUEST)
