"""The bounds of an office and its card, each at its very edge."""

from dataclasses import replace

import pytest

from tests.wire.edges import changed
from tests.wire.test_office import CARD, OFFICE
from wire.errors import OfficeError
from wire.fields import Json
from wire.office import CARD_LIMIT, NAME_LIMIT, Office


@pytest.mark.parametrize("name", ["x", "x" * 120, "\U0001f418" * 120])
def test_a_name_has_1_to_120_characters(name: str) -> None:
    """Whatever they are; they are read back from the card."""
    office = replace(OFFICE, name=name)
    assert Office.decode(office.encode()) == office
    for wrong in ("", name[:1] * 121):
        with pytest.raises(OfficeError, match="1 to 120 characters"):
            replace(OFFICE, name=wrong)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 0),
        ("v", 2),
        ("name", "x" * 481),
        ("recipient", "x" * 1_960),
        ("key", "00" * 31),
        ("key", "00" * 33),
    ],
)
def test_a_field_out_of_bounds_is_named(name: str, value: Json) -> None:
    """The first value beyond a bound is refused where it is read, and the error says which field is wrong."""
    with pytest.raises(OfficeError, match=rf"^office card: {name} is not .*\d"):
        Office.decode(changed(CARD, **{name: value}))


@pytest.mark.parametrize("size", [31, 33])
def test_a_signing_key_has_32_bytes(size: int) -> None:
    """One of another size makes no office."""
    with pytest.raises(OfficeError, match="not 32 bytes"):
        replace(OFFICE, key=bytes(size))


def test_a_card_has_at_most_8192_bytes() -> None:
    """So many are read, one more is not looked at."""
    assert (CARD_LIMIT, NAME_LIMIT) == (8_192, 120)
    assert Office.decode(CARD.ljust(8_192)) == OFFICE
    with pytest.raises(OfficeError, match="more than 8192 bytes"):
        Office.decode(CARD.ljust(8_193))


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """No value is passed over."""
    with pytest.raises(OfficeError, match="does not belong there"):
        Office.decode(changed(CARD, more=1))
