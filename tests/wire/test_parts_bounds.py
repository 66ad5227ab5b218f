"""How files fill parts, to the byte."""

from crypto.seal import plaintext_size_for
from tests.wire.test_parts import MIB, SHEET
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


def test_64_parts_stand_in_the_letter_and_65_in_an_index() -> None:
    """The letter has room for 64 names of 32 bytes."""
    assert NAME_SIZE == 32
    zeros = bytes(MIB)
    for mebibytes, indexed in ((63, False), (64, True)):
        stored: list[int] = []
        sealer = FilesSealer(SHEET, lambda part, stored=stored: stored.append(len(part)))  # type: ignore[misc]  # bound now
        sealer.start_file("a", "a/b")
        for _ in range(mebibytes):
            sealer.write(zeros)
        sealer.end_file()
        listing = sealer.finish()
        assert (listing.index, len(listing.parts)) == (indexed, 1 if indexed else 64)
        assert len(stored) == (66 if indexed else 64)
