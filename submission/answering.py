"""One request, from the parser through the application to the visitor, with nothing of the server's own."""

import io
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]  # ships no type hints
from gunicorn.http import wsgi  # type: ignore[import-untyped]  # ships no type hints

from submission.faults import tell
from submission.refusals import FAULT
from submission.sockets import LISTENER
from submission.visit import Visit

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class PlainResponse(wsgi.Response):  # type: ignore[misc]  # of a module without type hints
    """An answer with the headers of the application and nothing of the server's."""

    def default_headers(self) -> list[str]:
        """Return the status line and the header that the connection needs."""
        return [f"HTTP/1.1 {self.status}\r\n", "Connection: close\r\n"]


def answer(application: Application, request: Any, visit: Visit) -> None:  # noqa: ANN401  # gunicorn's own type
    """Run the application for one request; the connection ends with it.

    Raises:
        OSError: the visitor left.
    """
    response, environ = wsgi.create(request, visit.sock, visit.client, visit.server, visit.cfg, PlainResponse)
    environ["wsgi.multithread"] = True
    environ[LISTENER] = visit.listener
    if "HTTP_TRANSFER_ENCODING" in environ:
        # No browser sends a form in chunks. It is refused for having no length, and its chunks are not looked at.
        environ["wsgi.input"] = io.BytesIO()
    response.force_close()
    try:
        _run(application, environ, response)
    except OSError:
        raise
    except Exception as fault:  # noqa: BLE001  # the application answers its own faults, except within an answer
        tell(fault)
        if not response.headers_sent:
            util.write(visit.sock, FAULT)


def _run(application: Application, environ: dict[str, Any], response: PlainResponse) -> None:
    pieces = application(environ, response.start_response)
    try:
        for piece in pieces:
            response.write(piece)
        response.close()
    finally:
        # A list, which Flask gives for a page without a body, has nothing to close.
        getattr(pieces, "close", tuple)()
