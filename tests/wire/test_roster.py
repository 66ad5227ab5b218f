"""The roster counts only as the root signed it, and only its rightful successor follows it."""

import contextlib
import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from tests.wire.organisation import TODAY, Organisation
from wire.errors import RosterError
from wire.roster import LIMITS, PAYLOAD_TYPE, Removed, Reviewer, Roster, open_next_roster, open_roster

ORGANISATION = Organisation()
ROSTER = ORGANISATION.roster
ROOT = bytes(ORGANISATION.root.verify_key)
NEXT_ROOT = bytes(ORGANISATION.next_root.verify_key)
SECOND = replace(ROSTER, version=2)

BYTES_32 = st.binary(min_size=32, max_size=32)
IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=32)
LABELS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=80)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Draw any roster."""
    ids = draw(st.lists(IDS, min_size=2, max_size=8, unique=True))
    keys = draw(st.lists(BYTES_32, min_size=len(ids), max_size=len(ids), unique=True))
    kept = draw(st.integers(2, len(ids)))
    labels = st.just("Desk") | LABELS.filter(lambda text: not {"\u061c", "\u200e", "\u200f"} & set(text))
    return Roster(
        version=draw(st.integers(1, LIMITS.version)),
        instance=draw(st.binary(min_size=16, max_size=16)),
        expires=draw(st.dates()),
        approvals=draw(st.integers(2, kept)),
        next_root=draw(BYTES_32),
        reviewers=tuple(Reviewer(one, draw(labels), key) for one, key in zip(ids[:kept], keys, strict=False)),
        removed=tuple(
            Removed(one, key, draw(st.none() | BYTES_32)) for one, key in zip(ids[kept:], keys[kept:], strict=True)
        ),
    )


def signed(roster: Roster, root: SigningKey = ORGANISATION.root) -> Envelope:
    """Return a roster signed by a root."""
    return sign(PAYLOAD_TYPE, roster.encode(), root)


@given(rosters())
def test_a_roster_is_read_back_as_written(roster: Roster) -> None:
    """Encoding and decoding gives an equal roster with an equal digest."""
    decoded = Roster.decode(roster.encode())
    assert decoded == roster
    assert decoded.digest == hashlib.sha256(roster.encode()).digest()


@given(st.binary(max_size=300))
def test_any_bytes_give_a_roster_or_a_roster_error(untrusted: bytes) -> None:
    """No bytes raise anything but a RosterError."""
    with contextlib.suppress(RosterError):
        Roster.decode(untrusted)


@given(st.integers(0, len(ROSTER.encode()) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_makes_another_roster(position: int, change: int) -> None:
    """No two payloads are one roster."""
    payload = bytearray(ROSTER.encode())
    payload[position] ^= change
    with contextlib.suppress(RosterError):
        assert Roster.decode(bytes(payload)) != ROSTER


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"instance": bytes(15)},
        {"approvals": 1},
        {"approvals": 4},
        {"next_root": b""},
        {"reviewers": ROSTER.reviewers[:1]},
        {"reviewers": ROSTER.reviewers * 6},
        {"reviewers": (*ROSTER.reviewers, ROSTER.reviewers[0])},
        {"reviewers": (*ROSTER.reviewers, Reviewer("r9", "Desk", ROSTER.reviewers[0].key))},
        {"reviewers": (*ROSTER.reviewers, Reviewer("R9", "Desk", bytes(32)))},
        {"reviewers": (*ROSTER.reviewers, Reviewer("", "Desk", bytes(32)))},
        {"reviewers": (*ROSTER.reviewers, Reviewer("r9", "", bytes(32)))},
        {"reviewers": (*ROSTER.reviewers, Reviewer("r9", "x" * 81, bytes(32)))},
        {"reviewers": (*ROSTER.reviewers, Reviewer("r9", "two\nlines", bytes(32)))},
        {"reviewers": (*ROSTER.reviewers, Reviewer("r9", "Desk", bytes(31)))},
        {"removed": (Removed("r1", bytes(32)),)},
        {"removed": (Removed("r9", ROSTER.reviewers[0].key),)},
        {"removed": (Removed("r9", bytes(32), b""),)},
        {"removed": tuple(Removed(f"x{n}", n.to_bytes(32, "big")) for n in range(65))},
    ],
)
def test_what_is_no_roster_cannot_be_made(change: dict[str, Any]) -> None:
    """Wrong sizes, doubles, too few or too many are refused when a roster is made."""
    with pytest.raises(RosterError):
        replace(ROSTER, **change)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"version":1', b'"version": 1'),
        (b'"2027-06-30"', b'"2027-W26-3"'),
        (b'"2027-06-30"', b'"2027-06-31"'),
        (b'"v":1', b'"v":2'),
        (b'{"v":1', b'{"x":1,"v":1'),
        (b'"approvals":2,', b""),
    ],
)
def test_a_roster_has_one_encoding(old: bytes, new: bytes) -> None:
    """The same roster written another way is refused, because its hash would differ."""
    payload = ROSTER.encode()
    assert old in payload
    with pytest.raises(RosterError):
        Roster.decode(payload.replace(old, new))


def test_reviewers_are_found_by_id_and_key() -> None:
    """Lookups give the reviewer or raise."""
    first = ROSTER.reviewers[0]
    assert ROSTER.by_id("r1") == ROSTER.by_key(first.key) == first
    assert ROSTER.ids == ("r1", "r2", "r3")
    assert first.key in ROSTER.keys
    with pytest.raises(RosterError):
        ROSTER.by_id("r9")
    with pytest.raises(RosterError):
        ROSTER.by_key(bytes(32))


def test_the_roots_signature_opens_a_roster() -> None:
    """Signed by the root and not expired, it counts, on its last day too."""
    assert open_roster(ORGANISATION.roster_envelope, ROOT, TODAY) == ROSTER
    assert open_roster(ORGANISATION.roster_envelope, ROOT, ROSTER.expires) == ROSTER


def test_an_expired_roster_is_refused() -> None:
    """After its last day it does not count."""
    with pytest.raises(RosterError, match="expired"):
        open_roster(ORGANISATION.roster_envelope, ROOT, date(2027, 7, 1))


@pytest.mark.parametrize(
    "envelope",
    [
        signed(ROSTER, ORGANISATION.next_root),
        sign("text/plain", ROSTER.encode(), ORGANISATION.root),
        replace(ORGANISATION.roster_envelope, payload=SECOND.encode()),
        replace(ORGANISATION.roster_envelope, signatures=()),
    ],
)
def test_a_roster_not_signed_by_the_root_is_refused(envelope: Envelope) -> None:
    """Another signer, another kind or another payload is refused."""
    with pytest.raises(RosterError, match="not signed"):
        open_roster(envelope, ROOT, TODAY)


def test_a_newer_roster_of_the_same_root_follows() -> None:
    """Adding someone keeps the root; versions may be skipped by who was away."""
    third = replace(ROSTER, version=3, reviewers=(*ROSTER.reviewers, Reviewer("r4", "Desk", bytes(32))))
    assert open_next_roster(signed(third), ROSTER, ROOT, TODAY) == (third, ROOT)


def test_the_next_root_takes_over() -> None:
    """Signed by the announced next root, a roster makes it the root, and announces another."""
    handed_over = replace(SECOND, next_root=bytes(32))
    envelope = signed(handed_over, ORGANISATION.next_root)
    assert open_next_roster(envelope, ROSTER, ROOT, TODAY) == (handed_over, NEXT_ROOT)
    both = envelope.with_signatures(signed(handed_over))
    assert open_next_roster(both, ROSTER, ROOT, TODAY) == (handed_over, NEXT_ROOT)


REMOVED_ONE = replace(SECOND, reviewers=ROSTER.reviewers[:2], removed=(Removed("r3", ROSTER.reviewers[2].key),))


@pytest.mark.parametrize(
    ("roster", "root"),
    [
        (ROSTER, ORGANISATION.root),
        (replace(SECOND, instance=bytes(16)), ORGANISATION.root),
        (replace(SECOND, next_root=bytes(32)), ORGANISATION.root),
        (SECOND, ORGANISATION.next_root),
        (SECOND, SigningKey.generate()),
        (replace(SECOND, reviewers=ROSTER.reviewers[:2]), ORGANISATION.root),
        (
            replace(SECOND, reviewers=(*ROSTER.reviewers[:2], replace(ROSTER.reviewers[2], key=bytes(32)))),
            ORGANISATION.root,
        ),
    ],
    ids=["same version", "organisation", "root by itself", "no new next", "unknown root", "vanished", "key changed"],
)
def test_what_does_not_follow_the_roster_is_refused(roster: Roster, root: SigningKey) -> None:
    """A stolen root cannot name its own successor, and nobody vanishes or changes keys unseen."""
    with pytest.raises(RosterError):
        open_next_roster(signed(roster, root), ROSTER, ROOT, TODAY)


def test_a_removed_reviewer_stays_removed() -> None:
    """Who was removed does not come back, and their last event is named once."""
    assert open_next_roster(signed(REMOVED_ONE), ROSTER, ROOT, TODAY)[0] == REMOVED_ONE
    named = replace(REMOVED_ONE, version=3, removed=(replace(REMOVED_ONE.removed[0], last_event=bytes(32)),))
    assert open_next_roster(signed(named), REMOVED_ONE, ROOT, TODAY)[0] == named
    for roster, previous in ((replace(ROSTER, version=4), named), (replace(REMOVED_ONE, version=4), named)):
        with pytest.raises(RosterError, match="removed"):
            open_next_roster(signed(roster), previous, ROOT, TODAY)


def test_the_largest_roster_fits() -> None:
    """16 reviewers and 64 removed with the longest labels and ids are within the size limit."""
    roster = replace(
        ROSTER,
        reviewers=tuple(Reviewer(f"{n:032}", "\U0001f418" * 80, n.to_bytes(32, "big")) for n in range(16)),
        removed=tuple(Removed(f"x{n:031}", (99 + n).to_bytes(32, "big"), bytes(32)) for n in range(64)),
    )
    assert Roster.decode(roster.encode()) == roster
