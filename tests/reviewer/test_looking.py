"""A visit sends what Tor Browser sends, over circuits of its own, and tells nobody who it is."""

import pytest

from crypto.onion import onion_of
from reviewer.errors import IntakeUnreachableError
from reviewer.looking import STEPS, USER_AGENT, Visitors, visit
from reviewer.socks import Socks, way
from tests.reviewer.socks_server import SocksServer, socks_server
from tests.reviewer.web_server import web_server

ONION = onion_of(bytes(range(32)))


def visitors(tor: SocksServer) -> Visitors:
    """The onion behind that SOCKS port."""
    return Visitors(ONION, 80, lambda: way(ONION, Socks("127.0.0.1", tor.port)))


def test_requests_are_those_of_a_browser() -> None:
    """Names, values and order of the headers are what Firefox with Tor Browser's preferences was seen to send."""
    pauses: list[int] = []
    with web_server() as web, socks_server(web.port) as tor:
        web.answers = [(200, b"body")] * len(STEPS)
        found = visit(visitors(tor), lambda: pauses.append(len(web.asked)))

    assert [path for path, _ in found] == [path for _, path, _, _ in web.asked] == [path for path, _ in STEPS]
    assert {token for _, _, token, _ in web.asked} == {None}
    always = [("Accept-Language", "en-US,en;q=0.9"), ("Accept-Encoding", "gzip, deflate"), ("Sec-GPC", "1")]
    always.append(("Connection", "keep-alive"))

    def told(accept: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
        return [("Host", ONION), ("User-Agent", USER_AGENT), ("Accept", accept), *always, *more]

    def fetch(destination: str, mode: str, site: str) -> list[tuple[str, str]]:
        return [("Sec-Fetch-Dest", destination), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Site", site)]

    pages, upgrade = (
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        ("Upgrade-Insecure-Requests", "1"),
    )
    by_hand, soon = ("Sec-Fetch-User", "?1"), ("Priority", "u=0, i")
    typed, pressed = (fetch("document", "navigate", site) for site in ("none", "same-origin"))
    assert web.headers[0] == told(pages, upgrade, *typed, by_hand, soon)
    assert web.headers[1] == told("text/css,*/*;q=0.1", *fetch("style", "no-cors", "same-origin"), ("Priority", "u=2"))
    assert web.headers[2] == told(pages, upgrade, *pressed, by_hand, soon)
    assert web.headers[4] == told("*/*", *fetch("script", "no-cors", "same-origin"))
    fresh = [("Priority", "u=4"), ("Pragma", "no-cache"), ("Cache-Control", "no-cache")]
    assert web.headers[5] == told("*/*", *fetch("empty", "cors", "same-origin"), *fresh)
    assert web.headers[6] == told("*/*", *fetch("worker", "same-origin", "same-origin"), ("Priority", "u=4"))
    clicks = [place for place, (_, kind) in enumerate(STEPS) if kind.by_hand]
    assert pauses == clicks[1:]  # where a person reads before they click


def test_each_visit_has_circuits_of_its_own() -> None:
    """All requests of a visit share one user name at tor, another visit has another."""
    with web_server() as web, socks_server(web.port) as tor:
        web.answers = [(200, b"")] * 2 * len(STEPS)
        for _ in range(2):
            visit(visitors(tor), lambda: None)

        users = [user for _, _, user in tor.asked]
    assert len(set(users)) == 2
    assert len(set(users[: len(STEPS)])) == 1


def test_visit_that_breaks_off_is_told() -> None:
    """Without every answer there is nothing to compare."""
    with web_server() as web, socks_server(web.port) as tor:
        web.answers = [(200, b"")] * 2
        with pytest.raises(IntakeUnreachableError, match="next visit"):
            visit(visitors(tor), lambda: None)


def test_answer_that_never_ends_is_not_taken() -> None:
    """More than a page can have is no answer."""
    with web_server() as web, socks_server(web.port) as tor:
        web.answers = [(200, b"x" * 1_048_577)]
        with pytest.raises(IntakeUnreachableError):
            visit(visitors(tor), lambda: None)


def test_port_of_the_address_is_named() -> None:
    """Where the address has a port, the Host header has it too."""
    with web_server() as web:
        web.answers = [(200, b"")] * len(STEPS)
        visit(Visitors("127.0.0.1", web.port, lambda: way("127.0.0.1", None)), lambda: None)

    assert web.headers[0][0] == ("Host", f"127.0.0.1:{web.port}")
