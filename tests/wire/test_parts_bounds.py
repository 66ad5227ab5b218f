"""How files fill parts, to the byte."""

import pytest

from crypto.seal import plaintext_size_for
from tests.wire.test_parts import MIB, SHEET
from wire.errors import LetterError
from wire.files import SealedFiles
from wire.letter import PART_SIZE
from wire.parts import NAME_SIZE, FilesSealer, padded_size


def test_what_fills_its_parts_needs_no_padding() -> None:
    """One byte more takes another part."""
    for header_size in (6_369, 25_053):
        for parts in (1, 2, 7):
            full = plaintext_size_for(header_size, parts * PART_SIZE)
            assert full is not None
            assert padded_size(header_size, full) == full
            assert padded_size(header_size, full + 1) == plaintext_size_for(header_size, (parts + 1) * PART_SIZE)


def seal_mebibytes(count: int) -> tuple[SealedFiles, int]:
    """Seal one file of so many MiB; return what lists it, and how many parts were stored."""
    sizes: list[int] = []
    sealer = FilesSealer(SHEET, lambda part: sizes.append(len(part)))
    sealer.start_file("a", "a/b")
    for _ in range(count):
        sealer.write(bytes(MIB))
    sealer.end_file()
    return sealer.finish(), len(sizes)


def test_64_parts_stand_in_the_letter_and_65_in_an_index() -> None:
    """The letter has room for 64 names of 32 bytes; the index takes a part of its own."""
    assert NAME_SIZE == 32
    listing, stored = seal_mebibytes(63)
    assert (listing.index, len(listing.parts), stored) == (False, 64, 64)
    listing, stored = seal_mebibytes(64)
    assert (listing.index, len(listing.parts), stored) == (True, 1, 66)


def test_whom_nobody_knows_is_told_before_the_first_file() -> None:
    """Not only when there is something to seal."""
    with pytest.raises(LetterError) as caught:
        FilesSealer(SHEET, lambda part: None, ["r9"])
    assert caught.value.kind == "sheet"
