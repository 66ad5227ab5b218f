"""A visit sends what Tor Browser sends, over circuits of its own, and tells nobody who it is."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest

from crypto.onion import onion_of
from reviewer.answer import Answer
from reviewer.errors import IntakeUnreachableError
from reviewer.looking import Visitors, go, keep_looking, visit
from reviewer.socks import Socks, way
from reviewer.walks import READ_SECONDS, TYPE_SECONDS, USER_AGENTS, WALKS, WISHES, Walk, in_language
from tests.onion.recorder import Asked, Recorder, recorder
from tests.reviewer.web_server import web_server

ONION = onion_of(bytes(range(32)))


def answer(_path: str, _wishes: str) -> Answer:
    """The same for everything."""
    return Answer(200, (("content-length", "4"), ("content-type", "text/html")), b"body")


@pytest.fixture
def seen() -> Iterator[Recorder]:
    """An onion that writes down what comes."""
    with recorder(ONION, answer) as seen:
        yield seen


def never(_least: float, _most: float) -> None:
    """Read nothing."""


def visitors(seen: Recorder, user_agents: Sequence[str] = USER_AGENTS[:1]) -> Visitors:
    """The onion behind that SOCKS port."""
    return Visitors(ONION, 80, lambda: way(ONION, Socks("127.0.0.1", seen.port)), user_agents)


def by_walk(asked: Sequence[Asked]) -> list[list[Asked]]:
    """What was asked for, one list for each circuit, in the order in which circuits came."""
    walks: dict[str, list[Asked]] = {}
    for one in asked:
        walks.setdefault(one.user, []).append(one)
    return list(walks.values())


def walk_of(asked: Sequence[Asked], language: str = "en") -> Walk:
    """Which walk this was, in English or by whichever browser."""
    paths = sorted(one.path for one in asked)
    every = [in_language(walk, language, browser) for walk in WALKS for browser in ("en", language)]
    return next(walk for walk in every if sorted(path for path, _ in walk) == paths)


def test_requests_are_those_of_a_browser(seen: Recorder) -> None:
    """Names, values and order of the headers are what Firefox with Tor Browser's preferences was seen to send."""
    for walk in WALKS:
        found = go(visitors(seen), walk, never, "en")
        assert sorted(path for path, _ in found) == sorted(one.path for one in seen.asked[-len(walk) :])

    assert len(seen.asked) == sum(len(walk) for walk in WALKS)
    (tip,) = [walk for walk in by_walk(seen.asked) if walk_of(walk) == WALKS[0]]
    headers = {(one.path, dict(one.headers)["Sec-Fetch-Dest"]): list(one.headers) for one in tip}
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
    fresh = [("Priority", "u=4"), ("Pragma", "no-cache"), ("Cache-Control", "no-cache")]
    style = told("text/css,*/*;q=0.1", *fetch("style", "no-cors", "same-origin"), ("Priority", "u=2"))
    assert headers["/", "document"] == told(pages, upgrade, *typed, by_hand, soon)
    assert headers["/style.css", "style"] == style
    assert headers["/tip", "document"] == told(pages, upgrade, *pressed, by_hand, soon)
    assert headers["/page.js", "script"] == told("*/*", *fetch("script", "no-cors", "same-origin"))
    assert headers["/words.txt", "empty"] == told("*/*", *fetch("empty", "cors", "same-origin"), *fresh)
    worker = told("*/*", *fetch("worker", "same-origin", "same-origin"), ("Priority", "u=4"))
    assert headers["/page.js", "worker"] == worker


def test_a_person_reads_before_they_click_and_types_before_they_ask_for_replies(seen: Recorder) -> None:
    """Between pages there is a pause, and a longer one between the mailbox and the shelf."""
    pauses: list[tuple[int, float, float]] = []
    for walk in WALKS:
        go(visitors(seen), walk, lambda least, most: pauses.append((len(seen.asked), least, most)), "en")

    at = {place: (least, most) for place, least, most in pauses}
    clicks = [
        place
        for place, one in enumerate(seen.asked)
        if dict(one.headers)["Sec-Fetch-Dest"] == "document" and dict(one.headers)["Sec-Fetch-Site"] != "none"
    ]
    (shelf,) = [place for place, one in enumerate(seen.asked) if one.path == "/shelf/"]
    assert at == {**dict.fromkeys(clicks, READ_SECONDS), shelf: TYPE_SECONDS}


def test_each_walk_has_circuits_of_its_own(seen: Recorder) -> None:
    """All requests of a walk share one user name at tor, every other walk has another: to the intake, other people."""
    many = 8
    for _ in range(many):
        visit(visitors(seen), never, "en")

    walks = by_walk(seen.asked)
    assert len(walks) == many
    assert all(one.user for walk in walks for one in walk)
    assert {walk_of(walk) for walk in walks} <= set(WALKS)


def test_an_app_goes_one_walk_after_each_drawn_wait(seen: Recorder) -> None:
    """No walk follows another at once, and none foretells the next: of four, some kind often comes twice."""
    many, mean = 160, 900.0
    waits: list[float] = []
    before: list[int] = []

    def wait(seconds: float) -> bool:
        before.append(len(by_walk(seen.asked)))
        waits.append(seconds)
        return len(waits) > many

    keep_looking(lambda: visit(visitors(seen), never, "en"), wait, mean)

    assert before == list(range(many + 1))
    # Of waits drawn so, one in three is longer than the mean, one in seven shorter than a sixth of it. That so few are
    # happens less often than once in a million million times.
    assert sum(each > mean for each in waits) > many / 10
    assert sum(each < mean / 6 for each in waits) > many / 80
    kinds = [walk_of(walk) for walk in by_walk(seen.asked)]
    assert set(kinds) == set(WALKS)
    fours = [set(kinds[place : place + 4]) for place in range(0, many, 4)]
    assert sum(len(one) < 4 for one in fours) > len(fours) / 2  # as it should be in nine of ten
    assert any(one == other for one, other in pairwise(kinds))


def test_a_visit_that_fails_ends_nothing() -> None:
    """After an intake that did not answer the app waits as after any other visit."""
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) > 3

    def look() -> None:
        raise IntakeUnreachableError("the intake does not answer; try again later")

    keep_looking(look, wait, 900.0)

    assert len(waits) == 4


def test_no_walk_is_one_that_no_source_takes() -> None:
    """Who wants replies goes straight to the mailbox, and who tells to the form: who lies to either lies to us."""
    for path in ("/tip", "/mailbox"):
        (walk,) = [one for one in WALKS if path in dict(one)]
        assert [each for each, kind in walk if kind.by_hand] == ["/", path]


def test_walks_come_from_any_device(seen: Recorder) -> None:
    """The system that a walk's browser names is not always the same; some are telephones."""
    many = 64  # no telephone among them once in a hundred million times
    for _ in range(many):
        visit(visitors(seen, USER_AGENTS), never, "en")

    walks = by_walk(seen.asked)
    agents = [{dict(one.headers)["User-Agent"] for one in walk} for walk in walks]
    assert all(len(one) == 1 for one in agents)  # nobody changes their device on the way
    devices = {agent for one in agents for agent in one}
    assert any("Android" in one for one in devices)
    assert any("Windows" in one for one in devices)


def test_who_reads_french_comes_by_either_way(seen: Recorder) -> None:
    """Some browsers wish for French, others speak English as Tor Browser offers, and press the link to French pages."""
    many = 32  # all of one way once in two thousand million times
    found = [step for _ in range(many) for step in visit(visitors(seen), never, "fr")]

    wishes = set()
    for walk in by_walk(seen.asked):
        (wish,) = {dict(one.headers)["Accept-Language"] for one in walk}
        wishes.add(wish)
        assert walk_of(walk, "fr")
        pages = [one.path for one in walk if dict(one.headers)["Sec-Fetch-Dest"] == "document"]
        start = ["/"] if wish == WISHES["fr"] else ["/", "/?lang=fr"]
        assert pages[: len(start)] == start
        assert pages[len(start)].endswith("?lang=fr")
        assert "/roster.json?lang=fr" not in pages
    assert wishes == {WISHES["en"], WISHES["fr"]}
    # What came as French has the name that links give it, whichever way it came.
    assert sum(path == "/?lang=fr" for path, _ in found) == many


def test_visit_that_breaks_off_is_told(seen: Recorder) -> None:
    """Without every answer there is nothing to compare."""
    seen.hang_up = 1_000
    with pytest.raises(IntakeUnreachableError, match="next visit"):
        visit(visitors(seen), never, "en")


def test_answer_that_never_ends_is_not_taken() -> None:
    """More than a page can have is no answer."""
    with web_server() as web:
        web.answers = [(200, b"x" * 1_048_577)]
        with pytest.raises(IntakeUnreachableError):
            visit(Visitors("127.0.0.1", web.port, lambda: way("127.0.0.1", None)), never, "en")


def test_port_of_the_address_is_named() -> None:
    """Where the address has a port, the Host header has it too."""
    with web_server() as web:
        web.answers = [(200, b"")] * max(len(walk) for walk in WALKS)
        visit(Visitors("127.0.0.1", web.port, lambda: way("127.0.0.1", None)), never, "en")

    assert web.headers[0][0] == ("Host", f"127.0.0.1:{web.port}")
