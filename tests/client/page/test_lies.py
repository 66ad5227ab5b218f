"""An intake that lies about to whom is sealed, or about the script: the page says so, and nothing leaves."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from nacl.signing import SigningKey
from playwright.sync_api import Browser

from crypto.dsse import Envelope, sign
from crypto.hybrid import HybridIdentity
from tests.client.page.source import Source, visit
from tests.submission.live import LiveIntake
from tests.wire.organisation import Organisation
from wire import keysheet, roster
from wire.keysheet import KeySheet, PeriodKey, build_sheet
from wire.roster import Reviewer
from wire.week import Week

pytestmark = pytest.mark.slow

Lie = Callable[[Organisation], bytes]


def this_week() -> Week:
    """Return the week that it is."""
    return Week.of(datetime.now(UTC).date())


def sheet_of(organisation: Organisation, week: Week | None = None) -> KeySheet:
    """Return an honest key sheet."""
    week = week or this_week()
    keys = [
        PeriodKey(one, week, identity.recipient, organisation.roster.digest)
        for one, identity in organisation.period.items()
    ]
    return build_sheet(organisation.roster, week, keys)


def signed(organisation: Organisation, sheet: KeySheet, *reviewers: str) -> Envelope:
    """Return a key sheet with the signatures of these reviewers."""
    first, *others = (sign(keysheet.PAYLOAD_TYPE, sheet.encode(), organisation.signing[one]) for one in reviewers)
    for other in others:
        first = first.with_signatures(other)
    return first


def old_sheet(organisation: Organisation) -> bytes:
    """Return the sheet of two weeks ago, as it was signed then."""
    then = Week.of(this_week().monday - timedelta(weeks=2))
    return signed(organisation, sheet_of(organisation, then), "r1", "r2").encode()


def next_sheet(organisation: Organisation) -> bytes:
    """Return a sheet that is not in force yet."""
    return signed(organisation, sheet_of(organisation, this_week().next()), "r1", "r2").encode()


def sheet_of_one(organisation: Organisation) -> bytes:
    """Return a sheet that only one reviewer signed."""
    return signed(organisation, sheet_of(organisation), "r1").encode()


def swapped_key(organisation: Organisation) -> bytes:
    """Return a sheet with the intake's own key in the place of a reviewer's, and the signatures of the true one."""
    true = sheet_of(organisation)
    mine = HybridIdentity.generate().recipient
    false = replace(true, keys=((true.keys[0][0], mine), *true.keys[1:]))
    return replace(signed(organisation, true, "r1", "r2"), payload=false.encode()).encode()


def without_one(organisation: Organisation) -> bytes:
    """Return a sheet that leaves a reviewer out, signed by two who turned bad."""
    true = sheet_of(organisation)
    return signed(organisation, replace(true, keys=true.keys[:2]), "r1", "r2").encode()


def other_width(organisation: Organisation) -> bytes:
    """Return a sheet with a shelf so narrow that it names its reader, and the signatures of the true one."""
    true = sheet_of(organisation)
    return replace(signed(organisation, true, "r1", "r2"), payload=replace(true, shelf_bits=16).encode()).encode()


def other_script(organisation: Organisation) -> bytes:
    """Return a sheet whose reviewers signed another script than the one that is served."""
    other = replace(sheet_of(organisation), page_bundle=hashlib.sha256(b"another").digest())
    return signed(organisation, other, "r1", "r2").encode()


def no_sheet(_organisation: Organisation) -> bytes:
    """Return something that is no sheet."""
    return b'{"signatures":[]}'


SHEETS: dict[str, tuple[Lie, str]] = {
    "old": (old_sheet, "not those of this week"),
    "not yet": (next_sheet, "not those of this week"),
    "signed by one": (sheet_of_one, "not signed by enough reviewers"),
    "a swapped key": (swapped_key, "not signed by enough reviewers"),
    "somebody left out": (without_one, "one of them is missing"),
    "a false width": (other_width, "not signed by enough reviewers"),
    "another script": (other_script, "another one than the reviewers signed"),
    "no sheet": (no_sheet, "are damaged"),
}


def other_root(organisation: Organisation) -> bytes:
    """Return the true roster, signed by another root."""
    return sign(roster.PAYLOAD_TYPE, organisation.roster.encode(), SigningKey.generate()).encode()


def other_reviewers(organisation: Organisation) -> bytes:
    """Return a roster with somebody else on it, and the signature of the true one."""
    mine = Reviewer("r1", "Desk r1", bytes(SigningKey.generate().verify_key))
    false = replace(organisation.roster, reviewers=(mine, *organisation.roster.reviewers[1:]))
    return replace(organisation.roster_envelope, payload=false.encode()).encode()


def expired(organisation: Organisation) -> bytes:
    """Return a roster that the root signed and that is over."""
    over = replace(organisation.roster, expires=datetime.now(UTC).date() - timedelta(days=1))
    return sign(roster.PAYLOAD_TYPE, over.encode(), organisation.root).encode()


def next_roster(organisation: Organisation) -> bytes:
    """Return another roster of the same root, to which the key sheet does not belong."""
    other = replace(organisation.roster, version=2)
    return sign(roster.PAYLOAD_TYPE, other.encode(), organisation.root).encode()


ROSTERS: dict[str, tuple[Lie, str]] = {
    "another root": (other_root, "not signed by the organisation"),
    "others on it": (other_reviewers, "not signed by the organisation"),
    "expired": (expired, "no longer valid"),
    "another version": (next_roster, "do not belong to these reviewers"),
    "no roster": (no_sheet, "is damaged"),
}

LIES = [
    *(pytest.param("/keysheet.json", lie, words, id=f"sheet: {name}") for name, (lie, words) in SHEETS.items()),
    *(pytest.param("/roster.json", lie, words, id=f"roster: {name}") for name, (lie, words) in ROSTERS.items()),
]


@pytest.mark.parametrize(("path", "lie", "words"), LIES)
def test_a_lie_about_to_whom_is_refused(intake: LiveIntake, chromium: Browser, path: str, lie: Lie, words: str) -> None:
    """The page says what is wrong, takes its own way off the choice, and sends nothing when the button is pressed."""
    with visit(chromium, intake.port) as source:
        source.lie(path, lie(intake.organisation))
        source.open("/tip")
        source.wait(words)
        source.write("still here")

        source.send()

        source.wait("Choose first how it shall be sealed")
        assert source.page.locator("input[name=way][value=device]").is_disabled()
        assert source.page.locator("input[name=way]:checked").count() == 0
        assert source.page.locator("#story").input_value() == "still here"
        assert source.sent == []


@pytest.mark.parametrize(("path", "lie", "words"), [LIES[0], LIES[3], LIES[-5]])
def test_a_lie_that_begins_later_is_refused(
    source: Source, intake: LiveIntake, path: str, lie: Lie, words: str
) -> None:
    """What was right when the page was opened is looked at again before anything is sealed."""
    source.ready()
    source.lie(path, lie(intake.organisation))
    source.write("still here")

    source.send()

    source.wait(words)
    source.wait("Nothing was sent in clear")
    assert source.page.locator("#story").input_value() == "still here"
    assert source.sent == []


def test_another_script_does_not_run(intake: LiveIntake, chromium: Browser) -> None:
    """A script with one byte more than the page names is not run; the page then says how it seals without one."""
    with visit(chromium, intake.port) as source:
        source.lie("/page.js", b"document.title = 'mine';", "text/javascript")
        source.open("/tip")

        assert source.page.title() == "Send a tip · Lapwing"
        assert source.page.locator("[data-ways]").is_hidden()
        assert "your tip is sealed on arrival" in source.words


def test_other_words_are_refused(intake: LiveIntake, chromium: Browser) -> None:
    """A word list that is not the one that is built in makes no codename."""
    with visit(chromium, intake.port) as source:
        source.lie("/words.txt", b"badger\n" * 7_776, "text/plain")
        source.open("/tip")

        source.wait("The word list for codenames did not arrive")
        assert source.page.locator("input[name=way][value=device]").is_disabled()


@pytest.mark.parametrize(("path", "lie", "words"), [LIES[5], LIES[-5]])
def test_the_mailbox_refuses_lies_too(intake: LiveIntake, chromium: Browser, path: str, lie: Lie, words: str) -> None:
    """A false width or roster is refused before any shelf is asked for, and the codename stays."""
    with visit(chromium, intake.port) as source:
        source.lie(path, lie(intake.organisation))
        source.open("/mailbox")
        source.wait(words)
        source.page.locator("#codename").fill("a b c d e f g h")
        source.send()

        source.wait("Choose first where your replies shall be opened")
        assert not [one.path for one in source.asked if one.path.startswith("/shelf")]
        assert source.sent == []
