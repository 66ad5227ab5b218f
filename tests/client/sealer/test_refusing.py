"""What is not this week's key sheet of this organisation is refused, and nothing can be sealed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.hybrid import HybridIdentity
from tests.client.sealer.browsers import Browser, reads, ready
from tests.client.sealer.office import Office, utc_today
from wire.bundle import fill
from wire.keysheet import KeySheet, PeriodKey
from wire.roster import PAYLOAD_TYPE, Reviewer


def with_swapped_key(sheet: KeySheet) -> KeySheet:
    """The sheet with another key for its second reviewer."""
    (first, (second, _), *others) = sheet.keys
    return replace(sheet, keys=(first, (second, HybridIdentity.generate().recipient), *others))


def stale(office: Office) -> Envelope:
    """A genuine sheet of three weeks ago."""
    return office.signed(office.sheet(utc_today() - timedelta(days=21)))


def early(office: Office) -> Envelope:
    """A genuine sheet of a later week."""
    return office.signed(office.sheet(utc_today() + timedelta(days=14)))


def without_a_reviewer(office: Office) -> Envelope:
    """A sheet from which two reviewers left the third one out."""
    sheet = office.sheet()
    return office.signed(replace(sheet, keys=sheet.keys[:2]))


def of_another_roster(office: Office) -> Envelope:
    """A sheet by the same reviewers for a later roster."""
    return office.signed(office.sheet(roster=replace(office.roster, version=2)))


def with_a_key_swapped(office: Office) -> Envelope:
    """The genuine signatures over a sheet in which the intake swapped a key."""
    genuine = office.signed(office.sheet())
    return replace(genuine, payload=with_swapped_key(office.sheet()).encode())


def signed_by_one(office: Office) -> Envelope:
    """A sheet that one reviewer alone signed, twice by different hands."""
    stranger = office.sign(office.sheet().encode(), SigningKey.generate())
    return office.signed(office.sheet(), ["r1"]).with_signatures(stranger)


def of_another_root(office: Office) -> Envelope:
    """The whole and genuine sheet of another organisation."""
    other = Office(office.folder)
    return other.signed(other.sheet())


def a_period_key(office: Office) -> Envelope:
    """Something else that a reviewer signed."""
    sheet = office.sheet()
    reviewer, recipient = sheet.keys[0]
    return PeriodKey(reviewer, sheet.week, recipient, office.roster.digest).sign(office.organisation.signing[reviewer])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (stale, "not in force today"),
        (early, "not in force today"),
        (without_a_reviewer, "one of the reviewers is missing"),
        (of_another_roster, "for another list of reviewers"),
        (with_a_key_swapped, "not signed by enough"),
        (signed_by_one, "not signed by enough"),
        (of_another_root, "not signed by enough"),
        (a_period_key, "not signed by enough"),
    ],
)
def test_a_wrong_key_sheet_is_refused(
    browser: Browser, office: Office, make: Callable[[Office], Envelope], words: str
) -> None:
    """The page says why, and there is nothing to seal with."""
    browser.open(office.sealer)
    browser.choose("#sheet", office.keep("keysheet.json", make(office).encode()))

    text = reads(browser, words)

    assert "is genuine" not in text
    assert browser.run("return document.querySelector('#write').disabled") is True


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_key_sheet_is_refused(browser: Browser, office: Office, content: bytes) -> None:
    """Any other file is told apart from a key sheet."""
    browser.open(office.sealer)
    browser.choose("#sheet", office.keep("keysheet.json", content))

    reads(browser, "That is not a key sheet, or it is damaged.")

    assert browser.run("return document.querySelector('#write').disabled") is True


def test_a_wrong_sheet_takes_a_right_one_away(browser: Browser, office: Office) -> None:
    """Only what was opened last counts."""
    browser.open(office.sealer)
    browser.choose("#sheet", office.downloaded())
    ready(browser, "#write")
    browser.choose("#sheet", office.keep("old.json", stale(office).encode()))

    reads(browser, "not in force today")

    assert browser.run("return document.querySelector('#write').disabled") is True


def test_a_key_sheet_that_names_no_sealer_says_so(browser: Browser, office: Office) -> None:
    """The reader is told that nobody signed the file, and may go on."""
    browser.open(office.sealer)
    browser.choose("#sheet", office.downloaded(replace(office.sheet(), sealer=None)))

    reads(browser, "They signed no sealer this week")

    ready(browser, "#write")


def doctored(office: Office, root: bytes, roster: bytes) -> Path:
    """The sealer with another root or roster inside than belong together."""
    page = office.sealer.read_bytes()
    start = page.index(b'id="roster">') + len(b'id="roster">')
    end = page.index(b"</script>", start)
    inside = {"root": root.hex(), "roster": roster.decode()}
    return office.keep("doctored.html", fill(page[:start] + b"{{roster}}" + page[end:], inside))


def test_a_roster_that_the_root_did_not_sign_ends_everything(browser: Browser, office: Office) -> None:
    """A sealer with somebody's own list of reviewers offers nothing at all."""
    own = replace(office.roster, reviewers=(*office.roster.reviewers[:2], Reviewer("r3", "Desk r3", bytes(range(32)))))
    roster = sign(PAYLOAD_TYPE, own.encode(), SigningKey.generate()).encode()
    browser.open(doctored(office, office.root, roster))

    reads(browser, "This file is damaged, or somebody has changed it")

    assert browser.run("return document.querySelector('input, #write') === null") is True


def test_a_sealer_whose_roster_has_ended_seals_nothing(browser: Browser, office: Office) -> None:
    """An old sealer says that it is out of date, by which clock, and refuses every sheet."""
    old = replace(office.roster, expires=utc_today() - timedelta(days=1))
    envelope = sign(PAYLOAD_TYPE, old.encode(), office.organisation.root).encode()
    browser.open(doctored(office, office.root, envelope))
    reads(browser, "This sealer is out of date")
    browser.choose("#sheet", office.keep("sheet.json", office.signed(office.sheet(roster=old)).encode()))

    reads(browser, "its list of reviewers has ended")

    assert browser.run("return document.querySelector('#write').disabled") is True
