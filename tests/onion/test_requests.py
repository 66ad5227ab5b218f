"""What a reviewer's app asks for on a visit is what a browser asks for, when and how; tor is not needed here."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from crypto.codename import Codename
from crypto.onion import onion_of
from reviewer.looking import Visitors, go
from reviewer.socks import Socks, way
from reviewer.walks import USER_AGENTS, WALKS, Walk, in_language
from tests.onion.firefox import Firefox, firefox
from tests.onion.recorder import Asked, Recorder, recorder
from tests.onion.torbrowser import Level, Preferences, preferences
from tests.onion.within import PICTURES
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.visits import HonestIntake

ONION = onion_of(bytes(range(32)))
SITE = f"http://{ONION}"
BEFORE = {"/tip": "/", "/keys": "/", "/roster.json": "/keys", "/keysheet.json": "/keys", "/offline": "/letter"}
BEFORE |= {"/sealer.html": "/offline", "/mailbox": "/", "/letter": "/", "/rewards": "/", "/protection": "/rewards"}
"""Where the link stands that somebody presses to come to a page."""
MARIONETTE_PORT = 2829
"""Another browser may still run on the usual one."""
IN_FRENCH: Preferences = {"privacy.spoof_english": 1, "intl.accept_languages": "fr, fr-FR, en-US, en"}
"""Of a Tor Browser in French that was not asked to speak English: what its own translation sets."""
TRIED = 2
"""Requests that the typing of a codename brings."""


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HonestIntake]:
    """An intake that is open for tips today."""
    office = OfficeHours(tmp_path_factory.mktemp("office"), now=datetime.now(UTC).date())
    office.open()
    intake = HonestIntake(office, tmp_path_factory.mktemp("intake") / "state")
    intake.publish()
    yield intake
    office.close()


@pytest.fixture
def seen(intake: HonestIntake) -> Iterator[Recorder]:
    """What writes down who asks for what, and holds each answer back to see what comes meanwhile."""
    with recorder(ONION, intake.answer) as seen:
        seen.hold = 0.8  # a browser under load takes half of it from one request of a turn to the next
        yield seen


def ours(seen: Recorder, walk: Walk, language: str) -> list[list[Asked]]:
    """What an app asks for on a walk: for each page what it brings, in turns."""
    socks = Socks("127.0.0.1", seen.port)
    go(Visitors(ONION, 80, lambda: way(ONION, socks), USER_AGENTS[:1]), walk, lambda _least, _most: None, language)
    asked, seen.asked[:] = list(seen.asked), []
    pages = [place for place, one in enumerate(asked) if dict(one.headers)["Sec-Fetch-Dest"] == "document"]
    found = []
    for start, end in pairwise([*pages, len(asked)]):
        seen.asked[:] = asked[start:end]
        found.append(seen.take(end - start))
    return found


def ask_for_replies(browser: Firefox) -> None:
    """Type a codename that nobody has, and open."""
    browser.type("#codename", str(Codename.generate()))
    browser.click("form[data-sealed] button[type=submit]")


def test_visits_ask_for_what_a_browser_asks_for(seen: Recorder, tmp_path: Path) -> None:
    """Each page brings the same requests at the same time, with the same headers in the same order, as in a browser."""
    expected = [page for walk in WALKS for page in ours(seen, walk, "en")]
    settings = preferences(Level.STANDARD, seen.port)

    with firefox(tmp_path / "profile", settings, Path(os.environ[PICTURES]), "requests", MARIONETTE_PORT) as browser:
        for page in expected:
            path = page[0].path
            if path in BEFORE:
                browser.open(f"{SITE}{BEFORE[path]}")
                seen.take(2)  # the page and its style
                browser.click(f"a[href^='{path}']")
            else:
                browser.open(f"{SITE}{path}")
            if path == "/mailbox":
                found = seen.take(len(page) - TRIED)
                ask_for_replies(browser)
                assert [*found, *later(seen.take(TRIED), found[-1].turn)] == page
            else:
                assert seen.take(len(page)) == page


def later(asked: list[Asked], turns: int) -> list[Asked]:
    """The same, so many turns later."""
    return [Asked(one.turn + turns, one.path, one.headers, one.before) for one in asked]


@pytest.mark.parametrize(("language", "wish"), [("en", "en"), ("fr", "fr"), ("fr", "en")])
def test_visits_use_connections_and_languages_as_a_browser_does(
    language: str, wish: str, seen: Recorder, tmp_path: Path
) -> None:
    """An intake that leaves connections open sees the same one used again for the same thing, in either language."""
    seen.open = True
    walk = in_language(WALKS[1], language, wish)
    pages = ours(seen, walk, wish)
    settings = {**preferences(Level.STANDARD, seen.port), **(IN_FRENCH if wish == "fr" else {})}

    with firefox(tmp_path / "profile", settings, Path(os.environ[PICTURES]), "requests", MARIONETTE_PORT) as browser:
        browser.open(f"{SITE}/")
        found = seen.take(2)
        if language != wish:
            browser.click(f"a[href='/?lang={language}']")
            found += seen.take(2)
        browser.click("a[href^='/mailbox']")
        found += seen.take(len(pages[-1]) - TRIED)
        ask_for_replies(browser)
        found += later(seen.take(TRIED), found[-1].turn)
    assert found == [one for page in pages for one in page]
