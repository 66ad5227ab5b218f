"""The bounds of a reply, each at its very edge."""

from dataclasses import replace
from typing import Any

import pytest

from tests.wire.edges import Bound, changed, hexadecimal, integer, text
from tests.wire.test_reply import REPLY
from wire.errors import ReplyError
from wire.reply import Reply

BOUNDS = [
    hexadecimal("instance", 16),
    hexadecimal("conversation", 32),
    text("reviewer", 1, 32),
    integer("number", 1, 1_000_000),
    integer("seen", 1, 1_000_000),
    text("week", 8, 8),
    hexadecimal("roster", 32),
    hexadecimal("recipient", 32),
    text("text", 0, 8_000),
    integer("v", 1, 1),
]


@pytest.mark.parametrize("bound", BOUNDS, ids=str)
def test_a_field_reaches_to_its_bounds_and_not_beyond(bound: Bound) -> None:
    """The least and the most are read; one more, or less, is refused, and the error says which field is wrong."""
    for value in () if bound.name == "week" else bound.within:
        Reply.decode(changed(REPLY.encode(), **{bound.name: value}))
    for value in bound.beyond:
        with pytest.raises(ReplyError, match=bound.complaint):
            Reply.decode(changed(REPLY.encode(), **{bound.name: value}))


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ({"number": 1, "seen": 1}, {"number": 0}),
        ({"number": 1_000_000}, {"number": 1_000_001}),
        ({"seen": 1_000_000}, {"seen": 1_000_001}),
        ({"seen": 1}, {"seen": 0}),
        ({"text": "é" * 4_000}, {"text": "é" * 4_000 + "."}),
    ],
)
def test_the_last_value_makes_a_reply_and_the_next_none(last: dict[str, Any], first: dict[str, Any]) -> None:
    """What no reader would take cannot be written."""
    replace(REPLY, **last)
    with pytest.raises(ReplyError, match=r"reply: (a number is out of range|over 8000 bytes)"):
        replace(REPLY, **first)


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """No value is passed over."""
    with pytest.raises(ReplyError, match="does not belong there"):
        Reply.decode(changed(REPLY.encode(), more=1))
