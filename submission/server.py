"""The web server: gunicorn with one process and threads, made silent.

It adds no Server and no Date, answers one request on each connection (the peer address that tor gives counts for the
first only), writes no line about a request, opens no control socket, believes no header about where a request came
from, and repeats nothing of a request that it cannot read.
"""

import atexit
from collections.abc import Callable
from functools import partial
from typing import Final, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # ships no type hints

from submission import moments
from submission.chores import CHORES, keep_doing
from submission.config import Config
from submission.faults import hush
from submission.memory import be_unreadable, keep_forgetting
from submission.order import ORDER
from submission.process import bound_allocator, hold, leave_no_core, room_for_visitors
from submission.setup import TEMPORARY
from submission.worker import FORM_THREADS, SilentWorker

SETTINGS: Final = {
    "workers": 1,
    "threads": FORM_THREADS,
    "worker_class": SilentWorker,
    "keepalive": 0,
    "accesslog": None,
    "errorlog": "-",
    "loglevel": "critical",
    "control_socket_disable": True,
    "http_parser": "python",
    # Every connection comes from tor on this machine, so none of them may tell our paths and scheme by a header.
    "forwarded_allow_ips": "",
    "forwarder_headers": "",
    "secure_scheme_headers": {},
    "timeout": 120,
    "graceful_timeout": 10,
    "proc_name": "lapwing intake",
    "umask": 0o077,
}


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


class Server(BaseApplication):  # type: ignore[misc]  # of a module without type hints
    """gunicorn with our settings and no others: no command line, no environment, no file."""

    def __init__(
        self, config: Config, binds: list[str], make: Callable[[Config], Flask], ready: Callable[[], None]
    ) -> None:
        self._config = config
        self._make = make
        self._settings: dict[str, object] = {
            **SETTINGS,
            "bind": binds,
            "worker_connections": room_for_visitors(),
            "logger_class": SilentLogger,
            "worker_tmp_dir": str(config.state / TEMPORARY),
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
        hush()
        # gunicorn starts the next worker before the last has ended.
        self._held = hold(self._config.state, wait=True)
        app = self._make(self._config)
        keep_forgetting()
        keep_doing(app.extensions[CHORES])
        keep_doing([partial(moments.renew, self._config.state)], moments.EVERY_SECONDS)
        app.extensions[ORDER].leave_to_thread()
        atexit.register(app.extensions[ORDER].forget)
        return app


def serve(config: Config, binds: list[str], make: Callable[[Config], Flask], ready: Callable[[], None]) -> NoReturn:
    """Serve on addresses, or on open sockets as `fd://NUMBER`, until the process is told to stop.

    `ready` is called when connections are taken.
    """
    leave_no_core()
    be_unreadable()
    Server(config, binds, make, ready).run()
    raise AssertionError("gunicorn ends the process itself")
