"""A key sheet is whole, the same for everyone, signed by enough reviewers, and in force for eight days."""

import contextlib
import hashlib
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.hybrid import HybridIdentity
from tests.wire.organisation import TODAY, WEEK, Organisation
from wire.errors import KeySheetError, KeySheetExpiredError
from wire.keysheet import (
    PAYLOAD_TYPE,
    PERIOD_KEY_PAYLOAD_TYPE,
    KeySheet,
    PeriodKey,
    agreed_bits,
    build_sheet,
    open_period_key,
    open_sheet,
)

ORGANISATION = Organisation()
ROSTER = ORGANISATION.roster
SHEET = ORGANISATION.sheet
R1, R2, R3 = ORGANISATION.period_keys


def test_every_order_of_period_keys_gives_the_same_bytes() -> None:
    """Every reviewer's app signs equal bytes."""
    assert {build_sheet(ROSTER, WEEK, keys).encode() for keys in permutations(ORGANISATION.period_keys)} == {
        SHEET.encode()
    }
    assert SHEET.digest == hashlib.sha256(SHEET.encode()).digest()


@given(
    st.integers(0, 16),
    st.none() | st.binary(min_size=32, max_size=32),
    st.none() | st.binary(min_size=32, max_size=32),
)
def test_a_sheet_is_read_back_as_written(bits: int, page: bytes | None, sealer: bytes | None) -> None:
    """Encoding and decoding gives an equal sheet."""
    sheet = build_sheet(ROSTER, WEEK, ORGANISATION.period_keys, bits, page_bundle=page, sealer=sealer)
    assert KeySheet.decode(sheet.encode()) == sheet


@given(st.integers(0, 16))
def test_a_period_key_is_read_back_as_written(bits: int) -> None:
    """Encoding and decoding gives an equal period key, whatever width of shelves its app answers for."""
    period_key = replace(R1, shelf_bits=bits)
    assert PeriodKey.decode(period_key.encode()) == period_key


@pytest.mark.parametrize(("asked", "agreed"), [((3, 3, 3), 3), ((3, 0, 2), 0), ((2, 3, 1), 1), ((), 0)])
def test_the_widest_shelves_that_anybody_asks_for_are_agreed(asked: tuple[int, ...], agreed: int) -> None:
    """No app can make shelves narrower than another answers for."""
    keys = [replace(one, shelf_bits=bits) for one, bits in zip((R1, R2, R3), asked, strict=False)]
    assert agreed_bits(keys) == agreed


@given(st.binary(max_size=300))
def test_any_bytes_give_a_sheet_or_a_sheet_error(untrusted: bytes) -> None:
    """No bytes raise anything but a KeySheetError."""
    with contextlib.suppress(KeySheetError):
        KeySheet.decode(untrusted)
    with contextlib.suppress(KeySheetError):
        PeriodKey.decode(untrusted)


@given(st.integers(0, len(SHEET.encode()) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_makes_another_sheet(position: int, change: int) -> None:
    """No two payloads are one sheet."""
    payload = bytearray(SHEET.encode())
    payload[position] ^= change
    with contextlib.suppress(KeySheetError):
        assert KeySheet.decode(bytes(payload)) != SHEET


@pytest.mark.parametrize(
    "keys",
    [
        (R1, R2),
        (R1, R2, R3, R3),
        (R1, R2, replace(R2, recipient=R3.recipient)),
        (R1, R2, replace(R3, reviewer="r4")),
        (R1, R2, replace(R3, week=WEEK.next())),
        (R1, R2, replace(R3, roster=bytes(32))),
    ],
    ids=["missing", "twice", "two of one", "unknown", "week", "roster"],
)
def test_a_sheet_has_exactly_one_key_of_each_reviewer(keys: tuple[PeriodKey, ...]) -> None:
    """A missing, second, unknown or unfit period key makes no sheet."""
    with pytest.raises(KeySheetError):
        build_sheet(ROSTER, WEEK, keys)


@pytest.mark.parametrize("bits", [-1, 17])
def test_a_shelf_width_out_of_range_makes_no_sheet(bits: int) -> None:
    """The shelf width is 0 to 16 bits."""
    with pytest.raises(KeySheetError):
        build_sheet(ROSTER, WEEK, ORGANISATION.period_keys, bits)


def test_a_period_key_opens_under_its_reviewers_signature() -> None:
    """Signed by the reviewer it names, it counts."""
    assert open_period_key(R1.sign(ORGANISATION.signing["r1"]), ROSTER) == R1


@pytest.mark.parametrize(
    "envelope",
    [
        R1.sign(ORGANISATION.signing["r2"]),
        R1.sign(SigningKey.generate()),
        replace(R1, reviewer="r9").sign(ORGANISATION.signing["r1"]),
        replace(R1, roster=bytes(32)).sign(ORGANISATION.signing["r1"]),
        sign(PAYLOAD_TYPE, R1.encode(), ORGANISATION.signing["r1"]),
        sign(PERIOD_KEY_PAYLOAD_TYPE, R1.encode().replace(b"age1pq1", b"age1pq2"), ORGANISATION.signing["r1"]),
        sign(PERIOD_KEY_PAYLOAD_TYPE, R1.encode().replace(b"-W48", b"-W54"), ORGANISATION.signing["r1"]),
    ],
    ids=["another reviewer", "stranger", "unknown", "roster", "kind", "recipient", "week"],
)
def test_a_period_key_not_made_by_its_reviewer_is_refused(envelope: Envelope) -> None:
    """No reviewer can give a key in another's name."""
    with pytest.raises(KeySheetError):
        open_period_key(envelope, ROSTER)


@pytest.mark.parametrize("day", [0, 2, 7])
def test_a_sheet_signed_by_enough_is_in_force_for_eight_days(day: int) -> None:
    """Two of three signatures open it from Monday to the next Monday."""
    assert open_sheet(ORGANISATION.sign_sheet("r1", "r3"), ROSTER, WEEK.monday + timedelta(days=day)) == SHEET


@pytest.mark.parametrize("day", [-1, 8])
def test_a_sheet_outside_its_days_is_expired(day: int) -> None:
    """Before its Monday and from the ninth day on it is not in force."""
    with pytest.raises(KeySheetExpiredError):
        open_sheet(ORGANISATION.sign_sheet("r1", "r2"), ROSTER, WEEK.monday + timedelta(days=day))


def test_a_sheet_signed_by_one_is_refused() -> None:
    """One reviewer alone cannot put a sheet in force, not with a stranger's help either."""
    alone = ORGANISATION.sign_sheet("r1")
    with_stranger = alone.with_signatures(sign(PAYLOAD_TYPE, SHEET.encode(), SigningKey.generate()))
    for envelope in (alone, with_stranger):
        with pytest.raises(KeySheetError, match="enough"):
            open_sheet(envelope, ROSTER, TODAY)


@pytest.mark.parametrize(
    "change",
    [
        {"instance": bytes(16)},
        {"roster": bytes(32)},
        {"roster_version": 2},
        {"keys": SHEET.keys[:2]},
        {"keys": SHEET.keys[::-1]},
        {"keys": (*SHEET.keys[:2], ("r4", HybridIdentity.generate().recipient))},
    ],
)
def test_a_sheet_for_another_roster_is_refused_whoever_signed(change: dict[str, Any]) -> None:
    """Even two reviewers cannot leave a third out of the sheet."""
    payload = replace(SHEET, **change).encode()
    first, second = (sign(PAYLOAD_TYPE, payload, ORGANISATION.signing[one]) for one in ("r1", "r2"))
    with pytest.raises(KeySheetError):
        open_sheet(first.with_signatures(second), ROSTER, TODAY)


def test_a_sheet_of_sixteen_reviewers_fits() -> None:
    """The largest roster has a sheet."""
    organisation = Organisation(16, long_ids=True)
    sheet = organisation.sheet
    assert open_sheet(organisation.sign_sheet(*organisation.ids), organisation.roster, TODAY) == sheet


def test_a_sheet_has_one_encoding() -> None:
    """The same sheet written another way is refused, because its hash would differ."""
    with pytest.raises(KeySheetError, match="one encoding"):
        KeySheet.decode(SHEET.encode().replace(b'"v":1,', b'"v":1, '))
