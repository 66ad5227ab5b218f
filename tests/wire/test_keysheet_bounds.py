"""The bounds of period keys and key sheets, each at its very edge."""

from dataclasses import replace

import pytest

from tests.wire.edges import changed, changed_within
from tests.wire.organisation import WEEK
from tests.wire.test_keysheet import R1, ROSTER, SHEET
from wire.errors import KeySheetError
from wire.fields import Json
from wire.keysheet import KeySheet, PeriodKey, build_sheet

LONG = "r" * 32
PAYLOAD = SHEET.encode()


def test_a_sheet_names_the_whole_shelf_unless_told_otherwise() -> None:
    """The shelf width is 0 where nothing is said."""
    assert build_sheet(ROSTER, WEEK, (R1, *map(_key_of, ("r2", "r3")))).shelf_bits == 0
    assert KeySheet(bytes(16), WEEK, 1, bytes(32), ()).shelf_bits == 0


def _key_of(reviewer: str) -> PeriodKey:
    return replace(R1, reviewer=reviewer)


@pytest.mark.parametrize("bits", [0, 16])
def test_a_shelf_width_reaches_to_its_bounds(bits: int) -> None:
    """0 and 16 bits make a sheet that is read back."""
    sheet = replace(SHEET, shelf_bits=bits)
    assert KeySheet.decode(sheet.encode()) == sheet


@pytest.mark.parametrize("reviewer", ["r", LONG])
def test_a_reviewers_id_reaches_to_its_bounds(reviewer: str) -> None:
    """1 and 32 bytes are read in a period key and in a sheet, where two reviewers are enough."""
    key = replace(R1, reviewer=reviewer)
    assert PeriodKey.decode(key.encode()) == key
    sheet = replace(SHEET, keys=((reviewer, R1.recipient), SHEET.keys[1]))
    assert KeySheet.decode(sheet.encode()) == sheet


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 0),
        ("v", 2),
        ("reviewer", ""),
        ("reviewer", LONG + "r"),
        ("week", "2026-W4"),
        ("week", "2026-W480"),
        ("recipient", "x" * 1_958),
        ("recipient", "x" * 1_960),
        ("roster", "00" * 31),
        ("roster", "00" * 33),
    ],
)
def test_a_field_of_a_period_key_out_of_bounds_is_named(name: str, value: Json) -> None:
    """The first value beyond a bound is refused where it is read, and the error says which field is wrong."""
    with pytest.raises(KeySheetError, match=rf"^period key: {name} is not .*\d"):
        PeriodKey.decode(changed(R1.encode(), **{name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 0),
        ("v", 2),
        ("instance", "00" * 15),
        ("instance", "00" * 17),
        ("week", "2026-W4"),
        ("week", "2026-W480"),
        ("roster_version", 0),
        ("roster_version", 1_000_001),
        ("roster", "00" * 31),
        ("roster", "00" * 33),
        ("keys", [{}]),
        ("keys", [{}] * 17),
        ("page_bundle", "00" * 31),
        ("page_bundle", "00" * 33),
        ("sealer", "00" * 31),
        ("sealer", "00" * 33),
        ("shelf_bits", -1),
        ("shelf_bits", 17),
    ],
)
def test_a_field_of_a_sheet_out_of_bounds_is_named(name: str, value: Json) -> None:
    """The first value beyond a bound is refused where it is read, and the error says which field is wrong."""
    with pytest.raises(KeySheetError, match=rf"^key sheet: {name} is not .*\d"):
        KeySheet.decode(changed(PAYLOAD, **{name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("reviewer", ""), ("reviewer", LONG + "r"), ("recipient", "x" * 1_958), ("recipient", "x" * 1_960)],
)
def test_a_field_of_a_reviewers_key_out_of_bounds_is_named(name: str, value: Json) -> None:
    """So is a value within the keys."""
    with pytest.raises(KeySheetError, match=rf"^key sheet: keys: {name} is not \d"):
        KeySheet.decode(changed_within(PAYLOAD, "keys", **{name: value}))


def test_no_more_bytes_than_the_limits_are_looked_at() -> None:
    """A period key has at most 4 KiB and a sheet 64; one more byte is not read at all."""
    assert PeriodKey.decode(R1.encode().ljust(4_096)) == R1
    with pytest.raises(KeySheetError, match="more than 4096 bytes"):
        PeriodKey.decode(R1.encode().ljust(4_097))
    with pytest.raises(KeySheetError, match="one encoding"):
        KeySheet.decode(PAYLOAD.ljust(65_536))
    with pytest.raises(KeySheetError, match="more than 65536 bytes"):
        KeySheet.decode(PAYLOAD.ljust(65_537))


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """It is not only another encoding, at the top as within."""
    with pytest.raises(KeySheetError, match="does not belong there"):
        PeriodKey.decode(changed(R1.encode(), more=1))
    with pytest.raises(KeySheetError, match="does not belong there"):
        KeySheet.decode(changed(PAYLOAD, more=1))
    with pytest.raises(KeySheetError, match="does not belong there"):
        KeySheet.decode(changed_within(PAYLOAD, "keys", more=1))
