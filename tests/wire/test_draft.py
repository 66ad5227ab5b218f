"""A dossier as proposed."""

import contextlib
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.claims import COMMITMENT
from tests.wire.dossiers import RECORD, Desk, exhibit
from tests.wire.edges import changed
from wire.content import DossierProposed
from wire.draft import LIMITS, CustodyEntry, Draft, DraftExhibit
from wire.errors import DossierError
from wire.event import commit

DRAFT = Desk().draft
ENCODED = DRAFT.encode()


def test_a_draft_is_read_as_written() -> None:
    """Every value comes back."""
    assert Draft.decode(ENCODED) == DRAFT


def test_a_draft_may_hold_the_commitment_of_a_claim() -> None:
    """It comes back with its mark, and without one nothing is written."""
    for commitment in (COMMITMENT, replace(COMMITMENT, known_to_intake=True)):
        draft = replace(DRAFT, claim=commitment)
        assert Draft.decode(draft.encode()) == draft
    assert b'"claim"' not in ENCODED


@pytest.mark.parametrize("text", ["", "lapwing-claim1", COMMITMENT.encode()[:-1] + "q", COMMITMENT.encode() + "q"])
def test_a_claim_that_is_no_commitment_is_refused(text: str) -> None:
    """One that was mistyped would be of no use to the office."""
    with pytest.raises(DossierError, match="claim"):
        Draft.decode(changed(ENCODED, claim=text))


def test_a_draft_has_no_place_for_what_names_the_source() -> None:
    """There is no field for codename, conversation or arrival, and every time is a day."""
    known = {"dossier", "title", "purpose", "language", "office", "proposer", "on"}
    told = {"summary", "fields", "story", "exhibits", "custody", "claim", "known"}
    assert {one.name for one in fields(Draft)} == known | told
    assert {one.name for one in fields(CustodyEntry)} == {"on", "who", "what", "sha256"}
    assert {one.name for one in fields(DraftExhibit)} == {
        "name",
        "type",
        "size",
        "sha256",
        "sha512",
        "form",
        "origin",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"dossier": bytes(15)},
        {"title": ""},
        {"title": "two\nlines"},
        {"title": "x" * 241},
        {"purpose": ""},
        {"language": "de"},
        {"proposer": ""},
        {"fields": {"codename": "words"}},
        {"fields": {"species": ""}},
        {"fields": {"species": " spaces "}},
        {"fields": {"product": "ivory", "species": "elephant"}},
        {"fields": {"reward_wish": "perhaps"}},
        {"story": "x" * 12_001},
        {"summary": "x" * 9_000, "story": "x" * 9_000},
        {"exhibits": (exhibit("", RECORD),)},
        {"exhibits": (replace(exhibit("a", RECORD), size=2**33),)},
        {"exhibits": (replace(exhibit("a", RECORD), sha256=bytes(31)),)},
        {"exhibits": (replace(exhibit("a", RECORD), sha512=bytes(65)),)},
        {"exhibits": (exhibit("a", RECORD, origin="\u202e"),)},
        {"custody": (CustodyEntry(date(2026, 11, 25), "", "x", None),)},
        {"custody": (CustodyEntry(date(2026, 11, 25), "x", "x", bytes(31)),)},
    ],
)
def test_a_value_out_of_bounds_is_not_written(changes: dict[str, Any]) -> None:
    """What a reader would refuse is refused when it is written."""
    with pytest.raises(DossierError):
        replace(DRAFT, **changes).encode()


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b'"v":1', b'"v":2'),
        (b'"story"', b'"tale"'),
        (b'{"v"', b'{"x":0,"v"'),
        (b"2026-11-25", b"2026-11-31"),
        (b"safe copy", b"copy"),
        (b"age1pq1", b"age1pq2"),
        (b"Parquet de Lyon", b""),
    ],
)
def test_what_is_no_draft_is_refused(part: bytes, other: bytes) -> None:
    """A draft in another form is refused."""
    with pytest.raises(DossierError):
        Draft.decode(ENCODED.replace(part, other))


def test_exhibits_have_places_in_their_order() -> None:
    """The bag names exhibits by number and name."""
    assert DRAFT.paths == ("data/exhibits/01-tusks-e.jpg", "data/exhibits/02-chat-log.exe.bin")


def test_the_longest_draft_fits_into_a_case_event() -> None:
    """A draft of 18,000 bytes, proposed with its approval, is within the content of an event."""
    proposal = DossierProposed(
        on=DRAFT.on,
        case=bytes(16),
        draft=b'{"x":"' + b"x" * (LIMITS.draft - 8) + b'"}',
        dossier=bytes(32),
        approval=bytes(2_048),
    )

    assert len(commit(proposal.encode()).content) <= 24_576


@given(st.binary(max_size=300))
def test_any_bytes_give_a_draft_or_an_error(untrusted: bytes) -> None:
    """No bytes do anything but give a draft or a ``DossierError``."""
    with contextlib.suppress(DossierError):
        Draft.decode(untrusted)


@given(st.integers(0, len(ENCODED) - 1), st.binary(max_size=3))
def test_a_damaged_draft_gives_a_draft_or_an_error(position: int, damage: bytes) -> None:
    """Damage anywhere does nothing but give a draft or a ``DossierError``."""
    with contextlib.suppress(DossierError):
        Draft.decode(ENCODED[:position] + damage + ENCODED[position + 1 :])


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(words, words)
def test_texts_come_back_as_they_are(summary: str, story: str) -> None:
    """What reviewers wrote and chose is not changed, whatever it holds."""
    draft = replace(DRAFT, summary=summary, story=story)
    assert Draft.decode(draft.encode()) == draft
