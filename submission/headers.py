"""The headers of every answer: nothing to keep, nothing to fetch elsewhere, nothing that tells hosts apart."""

from typing import Final

from flask import Flask, Response

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; img-src 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
NEVER: Final = ("Server", "Date", "ETag", "Last-Modified", "Expires", "Set-Cookie", "Vary")
"""What would tell hosts, clocks or visitors apart. The server adds none of them either (`submission.server`)."""


def install(app: Flask) -> None:
    """Put the rules on every answer, errors included."""

    @app.after_request
    def apply(response: Response) -> Response:
        response.headers.update(HEADERS)
        for name in NEVER:
            response.headers.pop(name, None)
        return response
