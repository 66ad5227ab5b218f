"""The header tells the sheet and nothing else: not who was left out, not who comes first."""

from collections import Counter
from dataclasses import replace

import pytest

from crypto.header import Header, Stanza, read_header
from crypto.hybrid import HybridIdentity
from crypto.seal import seal
from tests.wire.organisation import WEEK, Organisation
from wire.errors import LetterError
from wire.stanzas import read_sheet_name, recipient_count, recipients_for, sheet_stanza

SHEET = Organisation().sheet
DIGEST = SHEET.digest
HEADER = read_header(seal(b"", recipients_for(SHEET), [sheet_stanza(WEEK, DIGEST)]))
FIRST, *_, LAST = HEADER.stanzas


@pytest.mark.parametrize(("reviewers", "stanzas"), [(2, 4), (3, 4), (4, 4), (5, 8), (8, 8), (9, 12), (16, 16)])
def test_the_number_of_recipients_is_a_multiple_of_four(reviewers: int, stanzas: int) -> None:
    """The number follows from the sheet alone, so leaving out all but one changes nothing."""
    organisation = Organisation(reviewers)
    assert recipient_count(organisation.sheet) == stanzas
    for left_out in range(reviewers):
        assert len(recipients_for(organisation.sheet, organisation.ids[:left_out])) == stanzas


def test_sixteen_stanzas_are_the_most() -> None:
    """A header for sixteen reviewers is read, one with twenty stanzas is not."""
    sheet = Organisation(16).sheet
    recipients = recipients_for(sheet)
    header = read_header(seal(b"", recipients, [sheet_stanza(WEEK, DIGEST)]))
    assert read_sheet_name(header) == (WEEK, DIGEST)
    more = read_header(seal(b"", [*recipients, *recipients[:4]], [sheet_stanza(WEEK, DIGEST)]))
    with pytest.raises(LetterError, match="multiple of four up to 16"):
        read_sheet_name(more)


def test_who_is_left_out_gets_no_stanza_and_everyone_else_gets_one() -> None:
    """The reviewers who remain are among the recipients, the others are not."""
    recipients = recipients_for(SHEET, ["r2"])
    own = dict(SHEET.keys)
    assert own["r1"] in recipients
    assert own["r2"] not in recipients
    assert own["r3"] in recipients


def test_the_order_is_drawn_anew_and_the_discarded_keys_too() -> None:
    """No place in the order belongs to a reviewer, and no discarded key is used twice."""
    drawn = [tuple(recipients_for(SHEET)) for _ in range(60)]
    places = Counter(order.index(SHEET.keys[0][1]) for order in drawn)
    assert set(places) == {0, 1, 2, 3}
    own = {recipient for _, recipient in SHEET.keys}
    assert len({recipient for order in drawn for recipient in order} - own) == 60


@pytest.mark.parametrize("not_to", [["r9"], ["r1", "r2", "r3"], ["r1", "r9"]])
def test_nobody_unknown_and_not_everybody_can_be_left_out(not_to: list[str]) -> None:
    """Leaving out someone who is not there, or all, is refused."""
    with pytest.raises(LetterError) as caught:
        recipients_for(SHEET, not_to)
    assert caught.value.kind == "sheet"


def test_the_sheets_name_is_read_from_the_header() -> None:
    """Anybody can read the week and digest of the sheet."""
    assert read_sheet_name(HEADER) == (WEEK, DIGEST)


def with_stanzas(*stanzas: Stanza) -> Header:
    """Return a header of these stanzas."""
    return replace(HEADER, stanzas=stanzas)


@pytest.mark.parametrize(
    "header",
    [
        with_stanzas(LAST),
        with_stanzas(*[FIRST] * 3, LAST),
        with_stanzas(*[FIRST] * 5, LAST),
        with_stanzas(*[FIRST] * 20, LAST),
        with_stanzas(*[FIRST] * 4),
        with_stanzas(LAST, *[FIRST] * 4),
        with_stanzas(*[FIRST] * 3, Stanza("X25519", FIRST.arguments, FIRST.body), LAST),
        with_stanzas(*[FIRST] * 3, replace(FIRST, body=bytes(31)), LAST),
        with_stanzas(*[FIRST] * 3, replace(FIRST, arguments=()), LAST),
        with_stanzas(*[FIRST] * 3, replace(FIRST, arguments=("AAAA",)), LAST),
        with_stanzas(*[FIRST] * 3, replace(FIRST, arguments=("!",)), LAST),
        with_stanzas(*[FIRST] * 4, replace(LAST, body=b"x")),
        with_stanzas(*[FIRST] * 4, replace(LAST, type="lapwing-roster")),
        with_stanzas(*[FIRST] * 4, replace(LAST, arguments=LAST.arguments[:1])),
        with_stanzas(*[FIRST] * 4, replace(LAST, arguments=("2026-W99", LAST.arguments[1]))),
        with_stanzas(*[FIRST] * 4, replace(LAST, arguments=(LAST.arguments[0], "!"))),
        with_stanzas(*[FIRST] * 4, replace(LAST, arguments=(LAST.arguments[0], "AAAA"))),
    ],
)
def test_a_header_that_is_not_ours_is_refused(header: Header) -> None:
    """Another number, kind or shape of stanzas is not sealed to a key sheet."""
    with pytest.raises(LetterError) as caught:
        read_sheet_name(header)
    assert caught.value.kind == "stanzas"


@pytest.mark.parametrize("reviewers", [3, 5, 16])
def test_the_size_of_the_header_follows_from_the_number_of_stanzas(reviewers: int) -> None:
    """1,557 bytes for each recipient and 141 for the rest, as docs/format.md says."""
    sheet = Organisation(reviewers).sheet
    header = read_header(seal(b"", recipients_for(sheet), [sheet_stanza(WEEK, sheet.digest)]))
    assert header.size == 1557 * recipient_count(sheet) + 141


def test_a_discarded_recipient_looks_like_any_other() -> None:
    """Every recipient stanza has the same shape."""
    header = read_header(seal(b"", [HybridIdentity.generate().recipient], []))
    assert len(header.stanzas[0].body) == len(FIRST.body)
    assert len(header.stanzas[0].arguments[0]) == len(FIRST.arguments[0])
