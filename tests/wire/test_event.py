"""Chain entries: signed, committed to their content, apart from it."""

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import Envelope, Signature, sign
from crypto.errors import CryptoError
from wire.errors import EventError
from wire.event import (
    LIMITS,
    PAYLOAD_TYPE,
    Event,
    Opened,
    commit,
    decode_event,
    open_content,
    open_event,
    seal_content,
    sign_event,
)
from wire.roster import Removed, Reviewer, Roster

KEYS = {one: SigningKey(bytes([number]) * 32) for number, one in enumerate(("r1", "r2", "gone"), 1)}
ROSTER = Roster(
    version=2,
    instance=bytes(range(16)),
    expires=date(2027, 6, 30),
    approvals=2,
    next_root=bytes(32),
    reviewers=tuple(Reviewer(one, one, bytes(KEYS[one].verify_key)) for one in ("r1", "r2")),
    removed=(Removed("gone", bytes(KEYS["gone"].verify_key), None),),
)
CONTENT = Opened(bytes(32), b"{}".ljust(512))
HASHES = st.binary(min_size=32, max_size=32)


def event(**changes: Any) -> Event:
    """The second event of r1."""
    values: dict[str, Any] = {
        "instance": ROSTER.instance,
        "author": "r1",
        "number": 2,
        "previous": b"p" * 32,
        "heads": (b"h" * 32,),
        "commitment": CONTENT.commitment,
    }
    return Event(**values | changes)


EVENTS = st.builds(
    lambda number, previous, heads, commitment: event(
        number=number,
        previous=None if number == 1 else previous,
        heads=tuple(sorted(heads - {previous})),
        commitment=commitment,
    ),
    st.integers(1, LIMITS.number),
    HASHES,
    st.sets(HASHES, max_size=LIMITS.heads),
    HASHES,
)


@given(EVENTS)
def test_every_event_survives_its_encoding(each: Event) -> None:
    """An event of up to 32 heads is within the limit of the payload."""
    assert decode_event(each.encode()) == each
    assert len(each.encode()) <= LIMITS.payload


def test_an_event_cites_the_one_before_and_the_other_heads() -> None:
    """A first event may cite others and has none before."""
    assert event().cited == (b"p" * 32, b"h" * 32)
    assert event(number=1, previous=None).cited == (b"h" * 32,)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_refused(untrusted: bytes) -> None:
    """No other error escapes."""
    with suppress(EventError):
        decode_event(untrusted)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 1},
        {"previous": None},
        {"number": 0, "previous": None},
        {"number": LIMITS.number + 1},
        {"author": ""},
        {"author": "r" * 33},
        {"instance": bytes(15)},
        {"previous": b"p" * 31},
        {"heads": (b"b" * 32, b"a" * 32)},
        {"heads": (b"a" * 32, b"a" * 32)},
        {"heads": (b"p" * 32,)},
        {"heads": tuple(bytes([number]) * 32 for number in range(33))},
        {"commitment": bytes(33)},
    ],
)
def test_a_malformed_event_is_refused_when_read_and_when_signed(changes: dict[str, Any]) -> None:
    """An app learns of its own mistake before others do."""
    with pytest.raises(EventError):
        decode_event(event(**changes).encode())
    with pytest.raises(EventError):
        sign_event(event(**changes), KEYS["r1"])


def test_an_event_has_one_encoding() -> None:
    """Else one event could have two ids, which would look like a fork."""
    values = json.loads(event().encode())
    for other in (
        json.dumps(values).encode(),
        event().encode() + b" ",
        json.dumps(dict(reversed(values.items())), separators=(",", ":")).encode(),
        json.dumps(values | {"heads": []}, separators=(",", ":")).encode().replace(b"[]", b"[ ]"),
    ):
        with pytest.raises(EventError, match="one encoding"):
            decode_event(other)
    with pytest.raises(EventError):
        decode_event(json.dumps(values | {"on": "2026-11-25"}, separators=(",", ":")).encode())


def test_an_event_by_a_reviewer_is_opened() -> None:
    """Its id is the hash of what was signed."""
    signed = sign_event(event(), KEYS["r1"])
    assert open_event(Envelope.decode(signed.envelope.encode()), ROSTER) == signed
    assert signed.id == hashlib.sha256(event().encode()).digest()


def test_an_event_by_a_removed_reviewer_is_opened() -> None:
    """How far theirs count, the fold decides."""
    signed = sign_event(event(author="gone"), KEYS["gone"])
    assert open_event(signed.envelope, ROSTER).event.author == "gone"


@pytest.mark.parametrize(
    "envelope",
    [
        sign_event(event(author="r2"), KEYS["r1"]).envelope,
        sign_event(event(author="nobody"), KEYS["r1"]).envelope,
        sign_event(event(), SigningKey(bytes(32))).envelope,
        sign_event(event(instance=bytes(16)), KEYS["r1"]).envelope,
        sign("application/vnd.lapwing.reply+json", event().encode(), KEYS["r1"]),
        sign(PAYLOAD_TYPE, b"{}", KEYS["r1"]),
        Envelope(PAYLOAD_TYPE, event().encode(), ()),
        Envelope(PAYLOAD_TYPE, event().encode(), (Signature(bytes(KEYS["r1"].verify_key), bytes(64)),)),
    ],
    ids=["other author", "nobody", "stranger's key", "instance", "type", "payload", "unsigned", "signature"],
)
def test_an_event_not_signed_by_whom_it_names_is_refused(envelope: Envelope) -> None:
    """Author, key, instance and type all have to agree."""
    with pytest.raises(EventError):
        open_event(envelope, ROSTER)


def test_a_second_signature_is_refused() -> None:
    """Two envelopes of one event must not tell different stories about who signed."""
    both = sign_event(event(), KEYS["r1"]).envelope.with_signatures(sign_event(event(), KEYS["r2"]).envelope)
    with pytest.raises(EventError, match="exactly once"):
        open_event(both, ROSTER)


def test_two_copies_of_an_event_are_equal_whatever_their_signatures() -> None:
    """Ed25519 lets an author sign one payload in many ways."""
    signed = sign_event(event(), KEYS["r1"])
    other = Envelope(PAYLOAD_TYPE, signed.envelope.payload, (Signature(bytes(32), bytes(64)),))
    assert replace(signed, envelope=other) == signed


def test_content_is_padded_and_held_against_the_commitment() -> None:
    """Its length tells little, and no other content fits."""
    opened = commit(b'{"v":1}')
    assert len(opened.content) == LIMITS.step
    opened.check(event(commitment=opened.commitment))
    for other in (replace(opened, content=b"{}".ljust(512)), replace(opened, nonce=bytes(32))):
        with pytest.raises(EventError, match="committed"):
            other.check(event(commitment=opened.commitment))


def test_the_commitment_hides_equal_contents() -> None:
    """Nobody can tell by guessing what an event says."""
    assert commit(b"{}").commitment != commit(b"{}").commitment


def test_content_may_be_as_long_as_the_limit() -> None:
    """One byte more is refused, with the remedy."""
    assert len(commit(b"x" * LIMITS.content).content) == LIMITS.content
    with pytest.raises(EventError, match="exhibit"):
        commit(b"x" * (LIMITS.content + 1))


@pytest.mark.parametrize(
    ("nonce", "content"),
    [
        (bytes(31), b" " * 512),
        (bytes(33), b" " * 512),
        (bytes(32), b""),
        (bytes(32), b" " * 511),
        (bytes(32), b" " * (LIMITS.content + 512)),
    ],
)
def test_content_of_another_size_is_refused(nonce: bytes, content: bytes) -> None:
    """So that nonce and content are told apart in one way only."""
    with pytest.raises(EventError):
        Opened(nonce, content)


def test_boxed_content_opens_with_its_key_in_its_place_only() -> None:
    """Who lacks the key learns nothing, and a box cannot be moved to another event."""
    key, signed = bytes(32), sign_event(event(), KEYS["r1"])
    box = seal_content(CONTENT, key, signed.id)
    assert open_content(box, key, signed) == CONTENT
    with pytest.raises(CryptoError):
        open_content(box, b"\1" * 32, signed)
    with pytest.raises(CryptoError):
        open_content(box, key, sign_event(event(number=3), KEYS["r1"]))
    with pytest.raises(CryptoError):
        open_content(box[:-1], key, signed)


@pytest.mark.parametrize("inside", [commit(b"{}"), None])
def test_a_box_that_holds_something_else_is_refused(inside: Opened | None) -> None:
    """An author cannot tell one reader this and another one that."""
    key, signed = bytes(32), sign_event(event(), KEYS["r1"])
    if inside is None:
        short = object.__new__(Opened)
        object.__setattr__(short, "nonce", b"")
        object.__setattr__(short, "content", b"")
        inside = short
    with pytest.raises(EventError):
        open_content(seal_content(inside, key, signed.id), key, signed)
