"""Take in what a browser is still sending before the answer goes out.

A browser reads the answer only after it has sent its form. Closing on it earlier would reset the connection, and the
page that says what to do would never be seen. However much was announced, it costs no memory, and the pace that the
server demands bounds the time.
"""

from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

CHUNK_SIZE: Final = 262_144


def install(app: Flask) -> None:
    """Read and drop whatever a form still holds, after every request that has a body."""

    @app.after_request
    def drain(response: Response) -> Response:
        if request.method in {"GET", "HEAD"}:
            return response
        try:
            while request.stream.read(CHUNK_SIZE):
                continue
        except (HTTPException, OSError):
            # The visitor left. The answer goes nowhere, and what was taken in is already dropped.
            return response
        return response
