"""The bounds of an office's answer, each at its very edge."""

from dataclasses import replace

import pytest

from tests.wire.edges import Bound, changed, hexadecimal, integer, text
from tests.wire.test_receipt import RECEIPT
from wire.errors import ReceiptError
from wire.receipt import Receipt

PAYLOAD = replace(RECEIPT, kind="outcome", text="Two arrests.").encode()
BOUNDS = [
    integer("v", 1, 1),
    hexadecimal("instance", 16),
    hexadecimal("dossier", 32),
    hexadecimal("office", 32),
    text("text", 1, 4_000),
]


@pytest.mark.parametrize("bound", BOUNDS, ids=str)
def test_a_field_reaches_to_its_bounds_and_not_beyond(bound: Bound) -> None:
    """The least and the most are read; one more, or less, is refused."""
    for value in bound.within:
        Receipt.decode(changed(PAYLOAD, **{bound.name: value}))
    for value in bound.beyond:
        with pytest.raises(
            ReceiptError, match="a question or an outcome has a text" if value == "" else bound.complaint
        ):
            Receipt.decode(changed(PAYLOAD, **{bound.name: value}))


def test_no_more_than_5800_bytes_are_looked_at() -> None:
    """So many are read; one more is not read at all."""
    assert Receipt.decode(PAYLOAD.ljust(5_800)).text == "Two arrests."
    with pytest.raises(ReceiptError, match="more than 5800 bytes"):
        Receipt.decode(PAYLOAD.ljust(5_801))


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """No value is passed over."""
    with pytest.raises(ReceiptError, match="does not belong there"):
        Receipt.decode(changed(PAYLOAD, more=1))
