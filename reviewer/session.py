"""Who may use the app: whoever opened the one-time link, in that browser, on this computer.

Against other web pages in the same browser: the Host must be our own, the cookie is SameSite=Strict and unreadable to
scripts, every form carries a token. Against other users of the computer: without the link there is no session. A
browser gives a cookie to every port of 127.0.0.1, so another program here could wait for it: therefore the whole app
lies under a random path, and the cookie is for that path alone.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

COOKIE: Final = "lapwing_desk"
OPEN_ENDPOINTS: Final = frozenset({"enter", "desk.style"})

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Session:
    """The one session of a running app; forgotten when it ends.

    Attributes:
        root: under which path the app lies, another at each start; 22 random characters after the slash.
        csrf: stands in every form.
        language: chosen by the reviewer, None for the browser's.
    """

    def __init__(self) -> None:
        self.root = f"/{secrets.token_urlsafe(16)}"
        self._link: str | None = secrets.token_urlsafe(24)
        self._cookie = secrets.token_urlsafe(24)
        self.csrf = secrets.token_urlsafe(24)
        self.language: str | None = None

    def link(self, port: int) -> str:
        """Return the address to open once."""
        return f"http://127.0.0.1:{port}{self.root}/enter/{self._link}"

    def redeem(self, untrusted: str) -> str | None:
        """Return the cookie's value for the right link, once; None for anything else."""
        if self._link is None or not hmac.compare_digest(untrusted.encode(), self._link.encode()):
            return None
        self._link = None
        return self._cookie

    def holds(self, untrusted_cookie: str) -> bool:
        """Tell whether a cookie is this session's."""
        return hmac.compare_digest(untrusted_cookie.encode(), self._cookie.encode())

    def is_here(self) -> bool:
        """Tell whether the browser that is asking has this session."""
        return self.holds(request.cookies.get(COOKIE, ""))

    def sent(self, untrusted_csrf: str) -> bool:
        """Tell whether a form came from one of our own pages."""
        return hmac.compare_digest(untrusted_csrf.encode(), self.csrf.encode())


def install(app: Flask, session: Session, port: int, touch: Callable[[], None]) -> None:
    """Put the rules on every request and answer, errors included.

    Args:
        app: the application.
        session: its one session.
        port: that it listens on.
        touch: called for each request of the session.
    """
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    @app.before_request
    def check() -> None:
        if request.host not in hosts:
            abort(421)
        if request.endpoint in OPEN_ENDPOINTS:
            return
        if not session.is_here():
            abort(403)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            abort(403)
        touch()
        if request.method == "POST" and not session.sent(request.form.get("csrf", "")):
            abort(403)

    @app.after_request
    def apply(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    app.jinja_env.globals.update(csrf=lambda: session.csrf)
    _add_entrance(app, session)
    app.wsgi_app = Rooted(app.wsgi_app, session.root)  # type: ignore[method-assign]  # Flask's way to put one around


def _add_entrance(app: Flask, session: Session) -> None:
    @app.get("/enter/<link>")
    def enter(link: str) -> AnyResponse:
        if request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", ""):
            return Response(status=204)  # somebody looks where the link leads, and must not use it up
        cookie = session.redeem(link)
        if cookie is None:
            abort(403)
        answer = redirect(url_for("inbox.show"), 303)
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", path=session.root)
        return answer


class Rooted:
    """Serves an application under one path, and outside of it the same plain answer to everybody.

    Args:
        inner: the application.
        root: the path, with a slash before and none after.
    """

    def __init__(self, inner: WSGIApplication, root: str) -> None:
        self._inner = inner
        self._root = root.encode()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "").encode("latin-1")
        root, rest = path[: len(self._root)], path[len(self._root) :]
        if not hmac.compare_digest(root, self._root) or rest[:1] != b"/":
            # It must not tell the path: whoever asks here has not shown that they know it.
            words = "Open the link that the app printed when it started.\n"
            return AnyResponse(words, 404, HEADERS, "text/plain")(environ, start_response)
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = self._root.decode(), rest.decode("latin-1")
        return self._inner(environ, start_response)
