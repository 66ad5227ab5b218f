"""By which way and under which name a page may be had."""

from typing import Final

from flask import Flask, Response, render_template, request

from crypto.onion import ADDRESS
from submission.config import Config
from submission.error_pages import API_PREFIX, WORDS, answer, page
from submission.sockets import LISTENER

GATEWAYS: Final = ("x-tor2web", "x-forwarded", "x-real-ip", "forwarded", "via")
"""What the headers begin with that a gateway from the open web adds to a request, and Tor Browser never does."""


def install(app: Flask, config: Config) -> None:
    """Give visitors no reviewers' addresses, reviewers no pages, and whoever comes around Tor only the way to it."""

    @app.before_request
    def check() -> Response | None:
        listener = request.environ.get(LISTENER, "both")
        for_reviewers = f"{request.path}/".startswith(API_PREFIX)
        if listener == "reviewers":
            return None if for_reviewers else answer(404, "this address is for reviewers' apps only", {})
        if listener == "visitors" and for_reviewers:
            # The page must be the same as where there is nothing at all, its links included.
            request.url_rule = None
            return page(404, *WORDS[404])
        if listener == "both" and (config.clearnet_allowed or for_reviewers):
            return None
        if request.endpoint == "pages.style_sheet":
            return None
        if _came_by_tor(config.onion_address):
            return None
        return Response(render_template("around_tor.html", address=config.onion_address), 421)


def _came_by_tor(own: str | None) -> bool:
    """Tell whether the visitor asked an onion, ours where we know it, and nobody between them and Tor says so."""
    if any(name.lower().startswith(GATEWAYS) for name, _ in request.headers):
        return False
    host = request.host.partition(":")[0].lower()
    return host == own if own is not None else ADDRESS.fullmatch(host) is not None
