"""A visit sends what Tor Browser sends, over circuits of its own, and tells nobody who it is."""

from itertools import pairwise

import pytest

from crypto.onion import onion_of
from reviewer.errors import IntakeUnreachableError
from reviewer.looking import STEPS, USER_AGENTS, WALKS, Visitors, Walk, visit
from reviewer.socks import Socks, way
from tests.reviewer.socks_server import SocksServer, socks_server
from tests.reviewer.web_server import web_server

ONION = onion_of(bytes(range(32)))


def visitors(tor: SocksServer) -> Visitors:
    """The onion behind that SOCKS port."""
    return Visitors(ONION, 80, lambda: way(ONION, Socks("127.0.0.1", tor.port)), USER_AGENTS[:1])


def walks_of(paths: list[str]) -> list[Walk]:
    """Which walks these requests were, in their order; each begins at the first page."""
    starts = [*(place for place, path in enumerate(paths) if path == "/"), len(paths)]
    walked = [paths[start:end] for start, end in pairwise(starts)]
    return [next(walk for walk in WALKS if [path for path, _ in walk] == one) for one in walked]


def test_requests_are_those_of_a_browser() -> None:
    """Names, values and order of the headers are what Firefox with Tor Browser's preferences was seen to send."""
    pauses: list[int] = []
    with web_server() as web, socks_server(web.port) as tor:
        web.answers = [(200, b"body")] * len(STEPS)
        found = visit(visitors(tor), lambda: pauses.append(len(web.asked)))

    paths = [path for _, path, _, _ in web.asked]
    assert [path for path, _ in found] == paths
    walked = walks_of(paths)
    steps = [step for walk in walked for step in walk]
    assert sorted(paths) == sorted(path for path, _ in STEPS)
    assert {token for _, _, token, _ in web.asked} == {None}
    always = [("Accept-Language", "en-US,en;q=0.9"), ("Accept-Encoding", "gzip, deflate"), ("Sec-GPC", "1")]
    always.append(("Connection", "keep-alive"))

    def told(accept: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
        return [("Host", ONION), ("User-Agent", USER_AGENTS[0]), ("Accept", accept), *always, *more]

    def fetch(destination: str, mode: str, site: str) -> list[tuple[str, str]]:
        return [("Sec-Fetch-Dest", destination), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Site", site)]

    pages, upgrade = (
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        ("Upgrade-Insecure-Requests", "1"),
    )
    by_hand, soon = ("Sec-Fetch-User", "?1"), ("Priority", "u=0, i")
    typed, pressed = (fetch("document", "navigate", site) for site in ("none", "same-origin"))
    at = sum(len(walk) for walk in walked[: walked.index(WALKS[0])])
    headers = web.headers[at : at + len(WALKS[0])]
    assert headers[0] == told(pages, upgrade, *typed, by_hand, soon)
    assert headers[1] == told("text/css,*/*;q=0.1", *fetch("style", "no-cors", "same-origin"), ("Priority", "u=2"))
    assert headers[2] == told(pages, upgrade, *pressed, by_hand, soon)
    assert headers[4] == told("*/*", *fetch("script", "no-cors", "same-origin"))
    fresh = [("Priority", "u=4"), ("Pragma", "no-cache"), ("Cache-Control", "no-cache")]
    assert headers[5] == told("*/*", *fetch("empty", "cors", "same-origin"), *fresh)
    assert headers[6] == told("*/*", *fetch("worker", "same-origin", "same-origin"), ("Priority", "u=4"))
    clicks = [place for place, (_, kind) in enumerate(steps) if kind.by_hand]
    assert pauses == clicks[1:]  # where a person reads before they click


def test_each_walk_has_circuits_of_its_own() -> None:
    """All requests of a walk share one user name at tor, every other walk has another: to the intake, other people."""
    with web_server() as web, socks_server(web.port) as tor:
        web.answers = [(200, b"")] * 2 * len(STEPS)
        for _ in range(2):
            visit(visitors(tor), lambda: None)

        users = [user for _, _, user in tor.asked]
    assert len(set(users)) == 2 * len(WALKS)
    at = 0
    for walk in walks_of([path for _, path, _, _ in web.asked]):
        assert len(set(users[at : at + len(walk)])) == 1
        at += len(walk)


def test_no_walk_is_one_that_no_source_takes() -> None:
    """Who wants replies goes straight to the mailbox, and who tells to the form: who lies to either lies to us."""
    for path in ("/tip", "/mailbox"):
        (walk,) = [one for one in WALKS if path in dict(one)]
        assert [each for each, kind in walk if kind.by_hand] == ["/", path]


def test_walks_come_in_any_order_and_from_any_computer() -> None:
    """Neither the first walk nor the system that its browser names is always the same."""
    with web_server() as web, socks_server(web.port) as tor:
        many = 12  # all alike once in 177,147 times or less
        web.answers = [(200, b"")] * many * len(STEPS)
        anybody = Visitors(ONION, 80, visitors(tor).connect)
        for _ in range(many):
            visit(anybody, lambda: None)

    paths = [path for _, path, _, _ in web.asked]
    firsts = {id(walks_of(paths[at : at + len(STEPS)])[0]) for at in range(0, len(paths), len(STEPS))}
    assert len(firsts) > 1
    assert len({dict(headers)["User-Agent"] for headers in web.headers}) > 1


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
