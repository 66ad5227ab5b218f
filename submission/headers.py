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


def allow_scripts(*digests: str) -> None:
    """Let the page of this request run these scripts and no others, have workers of this machine, and ask it.

    Args:
        digests: of the scripts, as a policy writes them: `sha256-` and base64.
    """
    g.scripts = digests


def with_scripts(*digests: str) -> str:
    """Return the policy of a page with scripts: that of all pages, and what `allow_scripts` says.

    Browsers look at a hash only where a page names a script; a worker can be had by its address alone.
    """
    hashes = " ".join(f"'{digest}'" for digest in digests)
    return f"{HEADERS[POLICY]}; script-src {hashes}; worker-src 'self'; connect-src 'self'"


def install(app: Flask) -> None:
    """Put the rules on every answer, errors included."""

    @app.after_request
    def apply(response: Response) -> Response:
        response.headers.update(HEADERS)
        if "scripts" in g:
            response.headers[POLICY] = with_scripts(*g.scripts)
        for name in NEVER:
            response.headers.pop(name, None)
        return response
