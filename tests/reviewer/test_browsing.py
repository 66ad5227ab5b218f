"""What is asked for at once, and on which connection, is what Firefox was seen to do; tests/onion compares the two."""

from collections.abc import Iterator

import pytest

from crypto.onion import onion_of
from reviewer.browsing import SECONDS, TRIES, Browser
from reviewer.errors import IntakeUnreachableError
from reviewer.socks import Socks, way
from reviewer.walks import USER_AGENTS, WALKS, WISHES, headers_of, turns
from tests.onion.recorder import Recorder, recorder
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.visits import HonestIntake

ONION = onion_of(bytes(range(32)))
MAILBOX = WALKS[1]


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HonestIntake]:
    """An intake that is open for tips."""
    office = OfficeHours(tmp_path_factory.mktemp("office"))
    office.open()
    intake = HonestIntake(office, tmp_path_factory.mktemp("intake") / "state")
    intake.publish()
    yield intake
    office.close()


@pytest.fixture
def seen(intake: HonestIntake) -> Iterator[Recorder]:
    """The same, with every answer held back for a while."""
    with recorder(ONION, intake.answer) as seen:
        seen.hold = 0.2
        yield seen


def walk(seen: Recorder) -> None:
    """Go to the mailbox, as somebody who wants replies."""
    connect = way(ONION, Socks("127.0.0.1", seen.port))
    with Browser(
        lambda: connect(ONION, 80, SECONDS), lambda kind: headers_of(ONION, USER_AGENTS[0], WISHES["en"], kind)
    ) as browser:
        for turn in turns(MAILBOX):
            browser.ask(turn)


def turns_of(seen: Recorder) -> list[list[str]]:
    """The paths of each turn, sorted."""
    asked = seen.take(len(MAILBOX))
    return [[one.path for one in asked if one.turn == turn] for turn in range(1, asked[-1].turn + 1)]


IN_A_PAGE = ["/page.js", "/style.css"]
BY_SCRIPT = ["/keysheet.json", "/page.js", "/roster.json", "/words.txt"]
REPLIES = [["/shelf/"], ["/rosters.json"]]


def test_what_a_browser_asks_for_at_once_is_asked_for_at_once(seen: Recorder) -> None:
    """An intake that holds its answers back sees the same come meanwhile."""
    walk(seen)

    assert turns_of(seen) == [["/"], ["/style.css"], ["/mailbox"], IN_A_PAGE, BY_SCRIPT, *REPLIES]


def test_what_a_page_names_is_asked_for_before_all_of_it_is_there(seen: Recorder) -> None:
    """An intake that gives half a page, and waits, sees what stands in that half come."""
    seen.halves = True
    walk(seen)

    assert turns_of(seen) == [["/", "/style.css"], ["/mailbox", *IN_A_PAGE], BY_SCRIPT, *REPLIES]


def test_a_connection_that_stays_open_is_used_again(seen: Recorder) -> None:
    """The one that brought most comes first, and what a script fetches goes over others than what stands in a page."""
    seen.open = True
    walk(seen)

    before = {(one.path, dict(one.headers)["Sec-Fetch-Dest"]): one.before for one in seen.asked}
    assert before["/style.css", "style"] == "/mailbox"
    assert before["/mailbox", "document"] == "/style.css"
    assert before["/page.js", "worker"] == "/page.js"
    assert [before[path, "empty"] for path in ("/words.txt", "/roster.json", "/keysheet.json")] == [""] * 3
    assert before["/shelf/", "empty"] == "/words.txt"
    assert before["/rosters.json", "empty"] == "/shelf/"


def test_a_connection_that_is_closed_after_each_answer_is_not_used_again(seen: Recorder) -> None:
    """What an honest intake does makes a new connection for each request."""
    walk(seen)

    assert {one.before for one in seen.asked} == {""}


def test_what_gets_no_answer_is_asked_for_again_as_often_as_by_a_browser(seen: Recorder) -> None:
    """An intake cannot tell by hanging up who comes; in the end there is no visit."""
    seen.hold, seen.hang_up = 0.0, TRIES - 1
    walk(seen)
    assert [one.path for one in seen.asked][: TRIES + 1] == ["/"] * TRIES + ["/style.css"]

    seen.asked.clear()
    seen.hang_up = 1_000
    with pytest.raises(IntakeUnreachableError):
        walk(seen)
    assert [one.path for one in seen.asked] == ["/"] * TRIES


def test_a_connection_that_went_away_meanwhile_is_replaced(seen: Recorder) -> None:
    """An intake that leaves a connection open and hangs up at the next request gets that again on a new one."""
    seen.hold, seen.open = 0.0, True
    connect = way(ONION, Socks("127.0.0.1", seen.port))
    with Browser(
        lambda: connect(ONION, 80, SECONDS), lambda kind: headers_of(ONION, USER_AGENTS[0], WISHES["en"], kind)
    ) as browser:
        browser.ask(MAILBOX[:1])
        seen.hang_up = 1
        browser.ask(MAILBOX[:1])

    assert [one.before for one in seen.asked] == ["", "/", ""]
