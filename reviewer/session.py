"""Who may use the app: whoever opened the one-time link, in that browser, on this computer.

Against other web pages in the same browser: the Host must be our own, the cookie is SameSite=Strict and unreadable to
scripts, every form carries a token. Against other users of the computer: without the link there is no session.
"""

import hmac
import secrets
from collections.abc import Callable
from typing import Final

from flask import Flask, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

COOKIE: Final = "lapwing_desk"
"""Followed by the port: a browser gives cookies to every port of a host, and two apps may run on one computer."""
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
        csrf: stands in every form.
        language: chosen by the reviewer, None for the browser's.
    """

    def __init__(self) -> None:
        self._link: str | None = secrets.token_urlsafe(24)
        self._cookie = secrets.token_urlsafe(24)
        self.csrf = secrets.token_urlsafe(24)
        self.language: str | None = None

    def link(self, port: int) -> str:
        """Return the address to open once."""
        return f"http://127.0.0.1:{port}/enter/{self._link}"

    def redeem(self, untrusted: str) -> str | None:
        """Return the cookie's value for the right link, once; None for anything else."""
        if self._link is None or not hmac.compare_digest(untrusted.encode(), self._link.encode()):
            return None
        self._link = None
        return self._cookie

    def holds(self, untrusted_cookie: str) -> bool:
        """Tell whether a cookie is this session's."""
        return hmac.compare_digest(untrusted_cookie.encode(), self._cookie.encode())

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
    cookie_name = f"{COOKIE}_{port}"

    @app.before_request
    def check() -> None:
        if request.host not in hosts:
            abort(421)
        if request.endpoint in OPEN_ENDPOINTS:
            return
        if not session.holds(request.cookies.get(cookie_name, "")):
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
    _add_entrance(app, session, cookie_name)


def _add_entrance(app: Flask, session: Session, cookie_name: str) -> None:
    @app.get("/enter/<link>")
    def enter(link: str) -> AnyResponse:
        cookie = session.redeem(link)
        if cookie is None:
            abort(403)
        answer = redirect("/", 303)
        answer.set_cookie(cookie_name, cookie, httponly=True, samesite="Strict", path="/")
        return answer
