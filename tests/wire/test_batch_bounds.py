"""The bounds of batches and grants, each at its very edge."""

import pytest

from crypto.hybrid import HybridIdentity
from tests.wire.edges import changed, changed_within
from tests.wire.test_batch import BOXED, GRANT, KEY, OPEN
from wire.batch import (
    CaseKey,
    Grant,
    decode_batch,
    decode_keys,
    encode_batch,
    encode_item,
    encode_keys,
    pack,
    seal_grant,
)
from wire.errors import EventError
from wire.fields import Json, dump, encode_base64

LINE = encode_item(OPEN)[:-1]
BOXED_LINE = encode_item(BOXED)[:-1]
KEYS = encode_keys([KEY])


def test_a_line_has_at_most_50000_bytes() -> None:
    """So many are read, one more is refused."""
    before, after = LINE[:1], LINE[1:]
    padded = before + b" " * (50_000 - len(LINE)) + after
    assert decode_batch(padded) == (OPEN,)
    with pytest.raises(EventError, match="more than 50000 bytes"):
        decode_batch(before + b" " + padded[1:])


def test_a_batch_has_at_most_400_lines() -> None:
    """So many are read and packed together, one more is refused and goes into a second batch."""
    assert len(decode_batch(encode_batch([GRANT] * 400))) == 400
    with pytest.raises(EventError, match="too many lines"):
        decode_batch(encode_batch([GRANT] * 401))
    assert [len(batch) for batch in pack([GRANT] * 801, 100_000)] == [400, 400, 1]


@pytest.mark.parametrize(
    ("line", "name", "size"),
    [
        (LINE, "event", 0),
        (LINE, "event", 10_001),
        (LINE, "nonce", 31),
        (LINE, "nonce", 33),
        (LINE, "content", 0),
        (LINE, "content", 24_577),
        (BOXED_LINE, "box", 0),
        (BOXED_LINE, "box", 24_705),
        (b'{"grant":""}', "grant", 0),
        (b'{"grant":""}', "grant", 28_001),
    ],
)
def test_a_field_out_of_bounds_is_named(line: bytes, name: str, size: int) -> None:
    """The first size beyond a bound is refused where it is read, and the error says which field is wrong."""
    with pytest.raises(EventError, match=rf"^batch: {name} is not .*\d"):
        decode_batch(changed(line, **{name: encode_base64(bytes(size))}))


@pytest.mark.parametrize("size", [1, 24_704])
def test_a_box_reaches_to_its_bounds(size: int) -> None:
    """From one byte to the most content, a nonce and what sealing adds."""
    (item,) = decode_batch(changed(BOXED_LINE, box=encode_base64(bytes(size))))
    assert not isinstance(item, Grant)
    assert item.box == bytes(size)


@pytest.mark.parametrize("size", [1, 28_000])
def test_a_grant_reaches_to_its_bounds(size: int) -> None:
    """Any bytes are read as a grant: whether it opens, its holders see."""
    assert decode_batch(encode_item(Grant(bytes(size)))) == (Grant(bytes(size)),)


@pytest.mark.parametrize(
    ("size", "complaint"), [(1, "malformed"), (10_000, "malformed"), (10_001, "event is not 1 to 10000")]
)
def test_an_envelope_of_1_to_10000_bytes_is_looked_at(size: int, complaint: str) -> None:
    """A longer one is refused before."""
    with pytest.raises(EventError, match=complaint):
        decode_batch(dump({"event": encode_base64(b"x" * size)}))


@pytest.mark.parametrize(("size", "complaint"), [(1, "512"), (24_575, "512"), (24_577, "content is not 1 to 24576")])
def test_content_of_1_to_24576_bytes_is_looked_at(size: int, complaint: str) -> None:
    """A shorter one is refused for its padding, a longer one before."""
    with pytest.raises(EventError, match=complaint):
        decode_batch(changed(LINE, content=encode_base64(bytes(size))))


@pytest.mark.parametrize("count", [1, 64])
def test_a_grant_of_1_and_of_64_keys_is_sealed_and_read(count: int) -> None:
    """Both bounds are included."""
    assert decode_keys(encode_keys([KEY] * count)) == (KEY,) * count
    assert seal_grant([KEY] * count, [HybridIdentity.generate().recipient]).sealed


@pytest.mark.parametrize(("name", "value"), [("v", 0), ("v", 2), ("keys", []), ("keys", [{}] * 65)])
def test_keys_out_of_bounds_are_named(name: str, value: Json) -> None:
    """The first value beyond a bound is refused, and the error says which field is wrong."""
    with pytest.raises(EventError, match=rf"^grant: {name} is not .*\d"):
        decode_keys(changed(KEYS, **{name: value}))


@pytest.mark.parametrize(("name", "size"), [("case", 15), ("case", 17), ("key", 31), ("key", 33)])
def test_a_case_has_16_bytes_and_a_key_32(name: str, size: int) -> None:
    """Another size is refused, and the error says of what."""
    with pytest.raises(EventError, match=rf"^grant: keys: {name} is not .*\d"):
        decode_keys(changed_within(KEYS, "keys", **{name: "00" * size}))


def test_keys_of_at_most_28000_bytes_are_looked_at() -> None:
    """So many are read, one more is not."""
    assert decode_keys(KEYS.ljust(28_000)) == (KEY,)
    with pytest.raises(EventError, match="more than 28000 bytes"):
        decode_keys(KEYS.ljust(28_001))


def test_a_grant_has_at_most_28000_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of exactly so many is sealed, one byte more is refused."""
    sizes = iter((28_000, 28_001))
    monkeypatch.setattr("wire.batch.seal", lambda _plaintext, _recipients: bytes(next(sizes)))
    assert len(seal_grant([KEY], []).sealed) == 28_000
    with pytest.raises(EventError, match="split"):
        seal_grant([KEY], [])


def test_items_fill_a_batch_to_its_last_byte() -> None:
    """What fits exactly goes in, alone or beside others; each batch begins empty."""
    size = len(encode_item(GRANT))
    assert pack([GRANT], size) == ((GRANT,),)
    assert pack([GRANT] * 4, 2 * size) == ((GRANT,) * 2,) * 2
    assert pack([GRANT] * 4, 2 * size - 1) == ((GRANT,),) * 4
    with pytest.raises(EventError, match="too long for a letter"):
        pack([GRANT], size - 1)


def test_cases_and_keys_keep_their_places() -> None:
    """What was first is first."""
    keys = tuple(CaseKey(bytes([number]) * 16, bytes([number]) * 32) for number in range(3))
    assert decode_keys(encode_keys(keys)) == keys


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """No value is passed over, in a line, in a grant and within it."""
    with pytest.raises(EventError, match="does not belong there"):
        decode_batch(changed(LINE, more=1))
    with pytest.raises(EventError, match="does not belong there"):
        decode_batch(b'{"grant":"AA==","more":1}')
    with pytest.raises(EventError, match="does not belong there"):
        decode_keys(changed(KEYS, more=1))
    with pytest.raises(EventError, match="does not belong there"):
        decode_keys(changed_within(KEYS, "keys", more=1))
