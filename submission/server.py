"""The web server: gunicorn with one process and threads, made silent.

It adds no Server and no Date, answers one request on each connection (the peer address that tor gives counts for the
first only), writes no line about a request, opens no control socket, and repeats nothing of
a request that it cannot read.
"""

from collections.abc import Callable
from typing import Any, Final, NoReturn

from flask import Flask
from gunicorn import util  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.http import wsgi  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # ships no type hints

from submission.config import Config
from submission.headers import HEADERS
from submission.memory import bound_allocator

THREADS: Final = 32
"""Visitors served at the same time; most of them wait for a slow circuit."""
FIRST_BYTE_SECONDS: Final = 5
"""A connection that sends nothing at all for this long is closed."""
LINGER_SECONDS: Final = 1
"""How long to wait for the visitor's end of a connection after the answer."""
IDLE_SECONDS: Final = 60
"""A connection that sends or takes nothing for this long is closed."""


class SilentLogger(Logger):  # type: ignore[misc]  # of a module without type hints
    """Only what concerns the process itself: nothing about requests."""

    def access(self, *_arguments: object) -> None:
        """Write nothing about a visit."""

    def debug(self, *_arguments: object, **_options: object) -> None:
        """Write nothing about connections."""

    def info(self, *_arguments: object, **_options: object) -> None:
        """Write nothing about workers coming and going."""

    def warning(self, *_arguments: object, **_options: object) -> None:
        """Write nothing about requests that could not be read."""

    def exception(self, *_arguments: object, **_options: object) -> None:
        """Write no traceback: it could repeat what was sent."""


class PlainResponse(wsgi.Response):  # type: ignore[misc]  # of a module without type hints
    """An answer with the headers of the application and nothing of the server's."""

    def default_headers(self) -> list[str]:
        """Return the status line and the two headers that the connection needs."""
        lines = [f"HTTP/1.1 {self.status}\r\n", "Connection: close\r\n"]
        if self.chunked:
            lines.append("Transfer-Encoding: chunked\r\n")
        return lines


class SilentWorker(ThreadWorker):  # type: ignore[misc]  # of a module without type hints
    """Serves one request on each connection with a `PlainResponse`."""

    def handle(self, conn: Any) -> bool:  # noqa: ANN401  # gunicorn's own types
        """Serve one connection from its first byte to its end, in a thread of its own."""
        request = None
        try:
            if not conn.wait_for_data(FIRST_BYTE_SECONDS):
                return False
            conn.init()
            conn.sock.settimeout(IDLE_SECONDS)
            request = next(conn.parser)
        except (NoMoreData, StopIteration, OSError):
            return False
        except Exception as error:  # noqa: BLE001  # whatever the parser does not like is no request
            self.handle_error(request, conn.sock, conn.client, error)
        try:
            return request is not None and self.handle_request(request, conn)
        except OSError:
            return False
        finally:
            # gunicorn does this in its main loop, where one visitor who lingers would hold up all others.
            util.close_graceful(conn.sock, timeout=LINGER_SECONDS)

    def finish_request(self, conn: Any, fs: Any) -> None:  # noqa: ANN401, ARG002  # the same
        """Forget a connection that its thread has closed."""
        self.nr_conns -= 1
        conn.close()

    def handle_request(self, req: Any, conn: Any) -> bool:  # noqa: ANN401  # the same
        """Run the application for one request; the connection ends with it."""
        response, environ = wsgi.create(req, conn.sock, conn.client, conn.server, self.cfg, PlainResponse)
        environ["wsgi.multithread"] = True
        response.force_close()
        pieces = self.wsgi(environ, response.start_response)
        try:
            for piece in pieces:
                response.write(piece)
            response.close()
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
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


class Server(BaseApplication):  # type: ignore[misc]  # of a module without type hints
    """gunicorn with our settings and no others: no command line, no environment, no file."""

    def __init__(self, config: Config, bind: str, make: Callable[[Config], Flask], ready: Callable[[], None]) -> None:
        self._config = config
        self._make = make
        self._settings: dict[str, object] = {
            "bind": [bind],
            "workers": 1,
            "threads": THREADS,
            "worker_class": SilentWorker,
            "logger_class": SilentLogger,
            "keepalive": 0,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "critical",
            "control_socket_disable": True,
            "worker_tmp_dir": str(config.state / "tmp"),
            "timeout": 120,
            "graceful_timeout": 10,
            "proc_name": "lapwing intake",
            "umask": 0o077,
            "post_worker_init": lambda _worker: ready(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Set the settings."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application in the worker process, so that its database connections belong to it."""
        bound_allocator()
        return self._make(self._config)


def serve(config: Config, bind: str, make: Callable[[Config], Flask], ready: Callable[[], None]) -> NoReturn:
    """Serve until the process is told to stop; `ready` is called when connections are taken."""
    Server(config, bind, make, ready).run()
    raise SystemExit(0)
