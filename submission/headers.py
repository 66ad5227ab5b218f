"""The headers of every answer: nothing to keep, nothing to fetch elsewhere, nothing that tells hosts apart."""

from typing import Final

from flask import Flask, Response, g

POLICY: Final = "Content-Security-Policy"
HEADERS: Final = {
    POLICY: (
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


def allow_script(digest: str) -> None:
    """Let the page of this request run one script, use it as its worker, and ask this machine.

    Args:
        digest: of the script, as a policy writes it: `sha256-` and base64.
    """
    g.script = digest


def with_script(digest: str) -> str:
    """Return the policy of a page with a script: that of all pages, and what `allow_script` says.

    Browsers look at a hash only where a page names a script; a worker can be had by its address alone.
    """
    return f"{HEADERS[POLICY]}; script-src '{digest}'; worker-src 'self'; connect-src 'self'"


def install(app: Flask) -> None:
    """Put the rules on every answer, errors included."""

    @app.after_request
    def apply(response: Response) -> Response:
        response.headers.update(HEADERS)
        if "script" in g:
            response.headers[POLICY] = with_script(g.script)
        for name in NEVER:
            response.headers.pop(name, None)
        return response
