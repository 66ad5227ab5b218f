"""The bounds of a chain entry, each at its very edge."""

import pytest

from tests.wire.edges import Bound, changed, hexadecimal, integer, text
from tests.wire.test_event import event
from wire.errors import EventError
from wire.event import LIMITS, NONCE_SIZE, decode_event

PAYLOAD = event().encode()
BOUNDS = [
    integer("v", 1, 1),
    hexadecimal("instance", 16),
    text("author", 1, 32),
    hexadecimal("previous", 32),
    hexadecimal("commitment", 32),
]


def test_the_limits_are_those_of_the_format() -> None:
    """They are the numbers that docs/format.md has."""
    assert (LIMITS.payload, LIMITS.content, LIMITS.heads) == (4_096, 24_576, 32)
    assert (LIMITS.number, LIMITS.author, LIMITS.step, NONCE_SIZE) == (10_000_000, 32, 512, 32)


@pytest.mark.parametrize("bound", BOUNDS, ids=str)
def test_a_field_reaches_to_its_bounds_and_not_beyond(bound: Bound) -> None:
    """The least and the most are read; one more, or less, is refused, and the error says which field is wrong."""
    for value in bound.within:
        decode_event(changed(PAYLOAD, **{bound.name: value}))
    for value in bound.beyond:
        with pytest.raises(EventError, match=bound.complaint):
            decode_event(changed(PAYLOAD, **{bound.name: value}))


def test_an_author_has_events_number_1_to_10_million() -> None:
    """Both are read, the next is refused; number 1 has none before."""
    first = event(number=1, previous=None)
    assert decode_event(first.encode()) == first
    assert decode_event(event(number=10_000_000).encode()).number == 10_000_000
    for number in (0, 10_000_001):
        with pytest.raises(EventError, match="number is not an integer from 1 to 10000000"):
            decode_event(event(number=number).encode())


def test_an_event_cites_up_to_32_heads() -> None:
    """32 are read, 33 refused; each has 32 bytes."""
    heads = tuple(bytes([number]) * 32 for number in range(33))
    assert decode_event(event(heads=heads[:32]).encode()).heads == heads[:32]
    for wrong in (heads, (bytes(31),), (bytes(33),)):
        with pytest.raises(EventError, match=r"heads is not .*\d"):
            decode_event(event(heads=wrong).encode())


def test_no_more_than_4096_bytes_are_looked_at() -> None:
    """So many are read, and found to be another encoding; one more is not read at all."""
    with pytest.raises(EventError, match="one encoding"):
        decode_event(PAYLOAD.ljust(4_096))
    with pytest.raises(EventError, match="more than 4096 bytes"):
        decode_event(PAYLOAD.ljust(4_097))


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """It is not only another encoding."""
    with pytest.raises(EventError, match="does not belong there"):
        decode_event(changed(PAYLOAD, more=1))
