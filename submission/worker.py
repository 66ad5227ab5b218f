"""The worker: takes connections, lets none of them hold a thread before it asked for something, and serves it.

One thread waits for all who have not said yet what they want. Only a whole request gets a thread of its own, and who
sends something waits in another line than who only reads, so a flood of forms leaves the pages and the reviewers' pulls
alone.
"""

import io
import selectors
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from socket import MSG_PEEK, SO_RCVLOWAT, SOL_SOCKET, socket
from typing import Any, Final

from gunicorn import util  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.http import wsgi  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]  # ships no type hints

from submission.headers import HEADERS
from submission.pace import PacedSocket

FORM_THREADS: Final = 32
"""Visitors at the same time who send something; most of them wait for a slow circuit."""
PAGE_THREADS: Final = 16
"""Visitors at the same time who only read."""
HEAD_SECONDS: Final = 20
"""A connection that has not said after this long what it wants is closed."""
MOST_HEAD: Final = 16_384
"""Bytes of a request's head that are waited for without a thread."""
LINGER_SECONDS: Final = 1
"""How long to wait for the visitor's end of a connection after the answer."""
READING: Final = (b"GET ", b"HEAD ")


class PlainResponse(wsgi.Response):  # type: ignore[misc]  # of a module without type hints
    """An answer with the headers of the application and nothing of the server's."""

    def default_headers(self) -> list[str]:
        """Return the status line and the header that the connection needs."""
        return [f"HTTP/1.1 {self.status}\r\n", "Connection: close\r\n"]


class Visit(TConn):  # type: ignore[misc]  # of a module without type hints
    """A connection, and how much of its request was there when it was last looked at."""

    seen = 0
    reads_only = False

    def look(self) -> bool:
        """Look at what has come, without taking it; tell whether there is enough to serve or refuse it."""
        head = self.sock.recv(MOST_HEAD, MSG_PEEK)
        self.reads_only = head.startswith(READING)
        # Looked at again and no longer: its end has come.
        before, self.seen = self.seen, len(head)
        return (
            b"\r\n\r\n" in head
            or b"\n\n" in head
            or not head[:1].isalpha()  # no HTTP, and so without that end
            or len(head) in {before, MOST_HEAD}
        )


class SilentWorker(ThreadWorker):  # type: ignore[misc]  # of a module without type hints
    """Serves one request on each connection with a `PlainResponse`."""

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Make the threads: those that take in forms, and apart from them those that serve pages."""
        self._page_pool = ThreadPoolExecutor(PAGE_THREADS)
        return ThreadPoolExecutor(FORM_THREADS)

    def accept(self, listener: socket) -> None:
        """Take a connection and wait, with all others, for what it wants."""
        try:
            client, address = listener.accept()
        except OSError:  # it left already
            return
        self.nr_conns += 1
        visit = Visit(self.cfg, client, address, listener.getsockname())
        visit.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(visit)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, visit))

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:  # noqa: ANN401  # gunicorn's own types
        """Give a connection a thread when its request is there; else wait for more of it."""
        try:
            if not conn.look():
                client.setsockopt(SOL_SOCKET, SO_RCVLOWAT, conn.seen + 1)
                return
            client.setsockopt(SOL_SOCKET, SO_RCVLOWAT, 1)
        except OSError:
            conn.seen = 0
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if conn.seen:
            self.enqueue_req(conn)
        else:
            self.finish_request(conn, None)

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401  # the same
        """Let a thread serve a connection."""
        pool = self._page_pool if conn.reads_only else self.tpool
        served = pool.submit(self.handle, conn)
        served.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def handle(self, conn: Any) -> bool:  # noqa: ANN401  # the same
        """Serve one connection from its first byte to its end, in a thread of its own."""
        connection = conn.sock
        conn.sock = PacedSocket(connection)
        try:
            conn.init()
            self.handle_request(next(conn.parser), conn)
        except (NoMoreData, StopIteration, OSError):
            return False
        except Exception as error:  # noqa: BLE001  # whatever the parser does not like is no request
            self.handle_error(None, connection, conn.client, error)
        finally:
            # gunicorn does this in its main loop, where one visitor who lingers would hold up all others.
            util.close_graceful(connection, timeout=LINGER_SECONDS)
        return False

    def finish_request(self, conn: Any, fs: Any) -> None:  # noqa: ANN401, ARG002  # the same
        """Forget a connection that is served, or that left."""
        self.nr_conns -= 1
        conn.close()

    def handle_request(self, req: Any, conn: Any) -> bool:  # noqa: ANN401  # the same
        """Run the application for one request; the connection ends with it."""
        response, environ = wsgi.create(req, conn.sock, conn.client, conn.server, self.cfg, PlainResponse)
        environ["wsgi.multithread"] = True
        if "HTTP_TRANSFER_ENCODING" in environ:
            # No browser sends a form in chunks. It is refused for having no length, and its chunks are not looked at.
            environ["wsgi.input"] = io.BytesIO()
        response.force_close()
        pieces = self.wsgi(environ, response.start_response)
        try:
            for piece in pieces:
                response.write(piece)
            response.close()
        finally:
            # A list, which Flask gives for a page without a body, has nothing to close.
            getattr(pieces, "close", tuple)()
        return False

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ANN401, ARG002  # the same
        """Refuse what is no HTTP request with a fixed answer; gunicorn's own would repeat it."""
        body = b"This is not a request that a browser makes. Open the address again.\n"
        head = [
            "HTTP/1.1 400 Bad Request",
            "Connection: close",
            "Content-Type: text/plain",
            f"Content-Length: {len(body)}",
        ]
        head += [f"{name}: {value}" for name, value in HEADERS.items()]
        try:
            util.write_nonblock(client, "\r\n".join([*head, "", ""]).encode("latin-1") + body)
        except OSError:
            return
