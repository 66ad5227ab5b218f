"""The web server of the app: on 127.0.0.1 alone, a thread for each request, no line about any of them."""

import logging
import socket
from typing import Final

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from reviewer.errors import ReviewerError

HOST: Final = "127.0.0.1"


class ServerError(ReviewerError):
    """The app cannot listen on its port."""


class SilentHandler(WSGIRequestHandler):
    """Serves without a log and without a word about itself."""

    def log(self, _type: str, _message: str, *_arguments: object) -> None:
        """Write nothing: paths name cases."""

    def version_string(self) -> str:
        """Return what the Server header says."""
        return "Lapwing"


def listen(app: Flask, port: int) -> BaseWSGIServer:
    """Return a server that listens; `serve_forever` runs it.

    Raises:
        ServerError: the port is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise ServerError(f"port {port} is taken; choose another with --port") from None
    logging.getLogger("werkzeug").disabled = True  # a download that breaks off would be told with all that was called
    return make_server(HOST, port, app, threaded=True, request_handler=SilentHandler)
