"""Batches and grants: how events travel."""

import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.errors import CryptoError
from crypto.header import read_header
from crypto.hybrid import HybridIdentity
from crypto.unseal import unseal
from tests.wire.organisation import Organisation
from wire.batch import (
    LIMITS,
    CaseKey,
    Grant,
    Item,
    Posted,
    decode_batch,
    decode_keys,
    encode_batch,
    encode_item,
    encode_keys,
    open_box,
    pack,
    seal_grant,
)
from wire.content import Heads, Noted
from wire.content_kind import Content
from wire.errors import EventError
from wire.event import LIMITS as EVENT_LIMITS
from wire.event import Event, Opened, SignedEvent, commit, seal_content, sign_event
from wire.fields import encode_base64
from wire.opening import open_batch
from wire.sealing import batch_room, seal_batch

TODAY = date(2026, 11, 25)
AUTHOR = SigningKey(bytes(32))
KEY = CaseKey(b"c" * 16, b"k" * 32)
NOTE = Noted(on=TODAY, case=KEY.case, text="Seen again.")
HEADS = Heads(on=TODAY)


def signed_for(opened: Opened, heads: tuple[bytes, ...] = (), author: str = "r1") -> SignedEvent:
    """An event that commits to a content."""
    event = Event(bytes(16), author, 2, b"p" * 32, heads, opened.commitment)
    return sign_event(event, AUTHOR)


def boxed(content: Content | bytes, key: CaseKey = KEY) -> tuple[SignedEvent, Posted]:
    """An event whose content is boxed."""
    opened = commit(content if isinstance(content, bytes) else content.encode())
    signed = signed_for(opened)
    return signed, Posted(signed.envelope, box=seal_content(opened, key.key, signed.id))


def in_the_open(content: Content | bytes) -> Posted:
    """An event whose content is not boxed."""
    opened = commit(content if isinstance(content, bytes) else content.encode())
    return Posted(signed_for(opened).envelope, opened)


OPEN = in_the_open(HEADS)
BOXED = boxed(NOTE)[1]
GRANT = Grant(b"age")


def test_a_batch_survives_its_encoding_padded_or_not() -> None:
    """Every kind of line comes back, in order."""
    items = (OPEN, BOXED, GRANT)
    assert decode_batch(encode_batch(items)) == items
    assert decode_batch(encode_batch(items) + b" " * 1_000 + b"\n") == items
    assert decode_batch(b"   \n") == ()


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from([b'{"grant":"YQ=="}', b"", b" ", b"{}", b"\xff"])).map(b"\n".join)
)
def test_any_bytes_are_a_batch_or_refused(untrusted: bytes) -> None:
    """No other error escapes."""
    with suppress(EventError):
        decode_batch(untrusted)


def line(**changes: object) -> bytes:
    """A line with other values; None takes a field away."""
    values = json.loads(encode_item(OPEN)) | changes
    return json.dumps({name: value for name, value in values.items() if value is not None}).encode()


@pytest.mark.parametrize(
    "untrusted",
    [
        line(event=encode_base64(b"{}")),
        line(event=None),
        line(content=None),
        line(nonce=None),
        line(nonce=None, content=None),
        line(box=encode_base64(b"box")),
        line(box=""),
        line(more=1),
        line(nonce=encode_base64(bytes(31))),
        line(content=encode_base64(b"{}")),
        b'{"grant":"YQ==","event":"YQ=="}',
        b'{"grant":""}',
        b"{}",
        b"[]",
        b'{"grant":"YQ=="}\n\n{"grant":"YQ=="}',
        b'{"grant":"YQ=="}\r\n{"grant":"YQ=="}\x00',
        b" " * (LIMITS.line + 1) + b"{}",
        b'{"grant":"YQ=="}\n' * (LIMITS.lines + 1),
    ],
)
def test_one_wrong_line_refuses_the_batch(untrusted: bytes) -> None:
    """A batch has one author, who should know how to write it."""
    with pytest.raises(EventError):
        decode_batch(untrusted)


def test_a_batch_may_have_as_many_lines_as_the_limit() -> None:
    """The padding is no line."""
    assert len(decode_batch(encode_batch([GRANT] * LIMITS.lines) + b"  \n")) == LIMITS.lines


def test_an_event_travels_with_its_content_in_one_way() -> None:
    """Neither both nor none."""
    opened = commit(HEADS.encode())
    for both in ({}, {"opened": opened, "box": b"box"}):
        with pytest.raises(EventError, match="either"):
            Posted(signed_for(opened).envelope, **both)  # type: ignore[arg-type]  # no mapping says which


def test_what_belongs_to_a_case_never_travels_in_the_open() -> None:
    """No app can post it by mistake, and none reads it."""
    opened = commit(NOTE.encode())
    with pytest.raises(EventError, match="boxed only"):
        in_the_open(NOTE)
    leak = line(
        event=encode_base64(signed_for(opened).envelope.encode()),
        nonce=encode_base64(opened.nonce),
        content=encode_base64(opened.content),
    )
    with pytest.raises(EventError, match="boxed only"):
        decode_batch(leak)


def test_a_kind_of_a_later_version_may_travel_in_the_open() -> None:
    """It says nothing here yet, and its author's chain goes on."""
    later = in_the_open(b'{"v":1,"kind":"later"}')
    assert decode_batch(encode_batch([later])) == (later,)


def test_a_box_opens_under_a_key_of_the_case_that_it_belongs_to() -> None:
    """Readers of one case cannot be told something of another."""
    signed, posted = boxed(NOTE)
    assert posted.box is not None
    assert open_box(posted.box, KEY, signed).content.startswith(NOTE.encode())
    with pytest.raises(EventError, match="something else"):
        open_box(posted.box, CaseKey(b"x" * 16, KEY.key), signed)
    with pytest.raises(CryptoError):
        open_box(posted.box, CaseKey(KEY.case, bytes(32)), signed)


@pytest.mark.parametrize("content", [HEADS, b"{}"])
def test_what_belongs_to_no_case_is_not_read_from_a_box(content: Content | bytes) -> None:
    """Else some would see an office that others do not."""
    signed, posted = boxed(content)
    assert posted.box is not None
    with pytest.raises(EventError, match="something else"):
        open_box(posted.box, KEY, signed)


@given(
    st.lists(
        st.builds(CaseKey, st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32)),
        min_size=1,
        max_size=64,
    )
)
def test_the_keys_of_a_grant_survive_their_encoding(keys: list[CaseKey]) -> None:
    """From one to 64 keys."""
    assert decode_keys(encode_keys(keys)) == tuple(keys)


@given(st.binary(max_size=100))
def test_any_bytes_are_keys_or_refused(untrusted: bytes) -> None:
    """No other error escapes."""
    with suppress(EventError):
        decode_keys(untrusted)


@pytest.mark.parametrize("count", [0, 65])
def test_a_grant_has_one_to_64_keys(count: int) -> None:
    """More are given in several."""
    with pytest.raises(EventError):
        decode_keys(encode_keys([KEY] * count))
    with pytest.raises(EventError, match="split"):
        seal_grant([KEY] * count, [HybridIdentity.generate().recipient])


def test_a_grant_opens_for_its_holders_and_shows_only_a_multiple_of_four() -> None:
    """How many hold a case does not show, nor who."""
    holders = [HybridIdentity.generate() for _ in range(2)]
    grant = seal_grant([KEY], [holder.recipient for holder in holders])
    assert len(read_header(grant.sealed).stanzas) == 4
    for holder in holders:
        assert decode_keys(unseal(grant.sealed, [holder])) == (KEY,)
    with pytest.raises(CryptoError):
        unseal(grant.sealed, [HybridIdentity.generate()])


def test_no_place_among_the_stanzas_is_a_holders() -> None:
    """The order is drawn anew for each grant, so it does not tell which stanzas are real."""
    holder = HybridIdentity.generate()
    places = set()
    for _ in range(60):
        stanzas = read_header(seal_grant([KEY], [holder.recipient]).sealed).stanzas
        opened = [holder.unwrap(stanza) is not None for stanza in stanzas]
        assert sum(opened) == 1
        places.add(opened.index(True))
    assert places == {0, 1, 2, 3}


def test_a_grant_to_nobody_opens_for_nobody() -> None:
    """Who was to get it has left; the queue behind it goes on."""
    assert len(read_header(seal_grant([KEY], []).sealed).stanzas) == 4


def test_items_are_packed_in_order_into_few_batches() -> None:
    """No batch exceeds the room, and nothing is left behind."""
    items: list[Item] = [OPEN, BOXED, OPEN, BOXED, GRANT]
    room = len(encode_item(OPEN)) + len(encode_item(BOXED))
    batches = pack(items, room)
    assert [item for batch in batches for item in batch] == items
    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert all(len(encode_batch(batch)) <= room for batch in batches)
    assert pack([], room) == ()
    assert [len(batch) for batch in pack([GRANT] * (LIMITS.lines + 1), 100_000)] == [LIMITS.lines, 1]


def test_what_fits_into_no_batch_is_refused() -> None:
    """Instead of waiting for ever."""
    with pytest.raises(EventError, match="exhibit"):
        pack([BOXED], len(encode_item(BOXED)) - 1)


def test_the_largest_event_and_grant_fit_into_a_letter_to_sixteen_reviewers() -> None:
    """What can be written can be posted."""
    sixteen = Organisation(size=16)
    opened = commit(b"x" * EVENT_LIMITS.content)
    heads = tuple(bytes([number]) * 32 for number in range(EVENT_LIMITS.heads))
    event = Event(bytes(16), "r" * 32, EVENT_LIMITS.number, b"p" * 32, heads, opened.commitment)
    signed = sign_event(event, AUTHOR)
    largest = Posted(signed.envelope, box=seal_content(opened, KEY.key, signed.id))
    grant = seal_grant([KEY] * 10, [identity.recipient for identity in sixteen.period.values()])
    room = batch_room(sixteen.sheet)
    for item in (largest, grant, Grant(bytes(LIMITS.grant))):
        assert len(encode_item(item)) <= min(room, LIMITS.line)
    sealed = seal_batch(sixteen.sheet, sixteen.roster, encode_batch([largest]))
    assert decode_batch(open_batch(sealed, [sixteen.period["r16"]])) == (largest,)
