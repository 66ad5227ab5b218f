"""The intake takes what could be a letter and tells why it does not take the rest."""

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.seal import seal
from tests.wire.organisation import WEEK, Organisation
from wire.errors import LetterError
from wire.letter import LETTER_SIZE, PART_SIZE
from wire.look import check_letter, check_part, name_of
from wire.sealing import seal_batch

ORGANISATION = Organisation()
SHEET = ORGANISATION.sheet
SHEETS = {SHEET.digest: WEEK}
LETTER = seal_batch(SHEET, ORGANISATION.roster, b"line\n")


def test_a_letter_to_a_sheet_in_force_is_taken() -> None:
    """Its name is its SHA-256."""
    assert check_letter(LETTER, SHEETS) == name_of(LETTER) == hashlib.sha256(LETTER).digest()


@pytest.mark.parametrize(
    ("sealed", "kind"),
    [
        (b"", "not_age"),
        (b"%PDF-1.7 my evidence", "not_age"),
        (b"%PDF-1.7".ljust(LETTER_SIZE), "not_age"),
        (b"age-encryption.org/v2\n".ljust(LETTER_SIZE), "not_age"),
        (LETTER[:1000], "not_age"),
        (LETTER[:-1], "size"),
        (LETTER + b"\0", "size"),
        (seal(bytes(1000), [SHEET.keys[0][1]]), "size"),
        (seal(bytes(63_877), [SHEET.keys[0][1]]), "stanzas"),
    ],
    ids=[
        "empty",
        "document",
        "document of the size",
        "other version",
        "cut",
        "short",
        "long",
        "small age",
        "other age",
    ],
)
def test_what_is_no_letter_is_refused_with_its_kind(sealed: bytes, kind: str) -> None:
    """A document handed in by mistake, another size, or another age file each have a kind."""
    with pytest.raises(LetterError) as caught:
        check_letter(sealed, SHEETS)
    assert caught.value.kind == kind


@pytest.mark.parametrize("sheets", [{}, {bytes(32): WEEK}, {SHEET.digest: WEEK.next()}])
def test_a_letter_to_keys_that_are_gone_is_refused(sheets: dict[bytes, object]) -> None:
    """Sealed to a sheet that is not in force, a letter would never be opened."""
    with pytest.raises(LetterError) as caught:
        check_letter(LETTER, sheets)  # type: ignore[arg-type] # an empty dict has no types
    assert caught.value.kind == "sheet_gone"


@given(st.binary(max_size=200), st.integers(0, 7_000))
def test_any_bytes_are_taken_or_refused(junk: bytes, position: int) -> None:
    """No bytes raise anything but a LetterError."""
    for sealed in (junk, LETTER[:position] + junk + LETTER[position + len(junk) :]):
        with contextlib.suppress(LetterError):
            check_letter(sealed, SHEETS)


def test_a_part_is_told_by_its_size_alone() -> None:
    """Exactly 1 MiB is a part."""
    part = bytes(PART_SIZE)
    assert check_part(part) == name_of(part)
    for wrong in (part[1:], part + b"\0", b""):
        with pytest.raises(LetterError) as caught:
            check_part(wrong)
        assert caught.value.kind == "size"
