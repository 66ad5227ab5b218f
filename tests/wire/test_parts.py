"""Files of every size become whole parts, in constant memory."""

import hashlib
import tracemalloc
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.header import read_header
from crypto.seal import plaintext_size_for, sealed_size
from crypto.unseal import unseal
from tests.wire.organisation import Organisation
from wire.errors import LetterError
from wire.files import LIMITS, SealedFiles
from wire.letter import PART_SIZE
from wire.parts import FilesSealer, padded_size

ORGANISATION = Organisation()
SHEET = ORGANISATION.sheet
IDENTITIES = list(ORGANISATION.period.values())

MIB = 2**20
KIB_64 = 2**16
AROUND = st.builds(lambda edge, more: max(0, edge + more), st.sampled_from([0, KIB_64, MIB]), st.integers(-40, 40))
SIZES = AROUND | st.integers(0, 3 * MIB)


def seal_files(contents: Sequence[bytes], piece: int = MIB) -> tuple[SealedFiles, list[bytes]]:
    """Seal files, written in pieces."""
    parts: list[bytes] = []
    sealer = FilesSealer(SHEET, parts.append)
    for number, content in enumerate(contents):
        sealer.start_file(f"{number}.bin", "a/b")
        for start in range(0, len(content), piece):
            sealer.write(content[start : start + piece])
        sealer.end_file()
    return sealer.finish(), parts


@settings(deadline=None, max_examples=40)
@given(st.lists(SIZES, max_size=4), st.sampled_from([4_099, KIB_64, MIB, 5 * MIB]))
def test_files_of_any_size_become_whole_parts(sizes: list[int], piece: int) -> None:
    """All parts have one size, and joined they are one age file: the files, then zeros."""
    contents = [bytes([number + 1]) * size for number, size in enumerate(sizes)]
    listing, parts = seal_files(contents, piece)
    assert [(file.length, file.sha256) for file in listing.files] == [
        (len(content), hashlib.sha256(content).digest()) for content in contents
    ]
    assert {len(part) for part in parts} <= {PART_SIZE}
    assert listing.parts == tuple(hashlib.sha256(part).digest() for part in parts)
    if parts:
        plaintext = unseal(b"".join(parts), IDENTITIES)
        files, padding = plaintext[: sum(sizes)], plaintext[sum(sizes) :]
        assert files == b"".join(contents)
        assert padding.count(0) == len(padding)
    else:
        assert sum(sizes) == 0


@given(st.integers(1_000, 30_000), st.one_of(st.integers(0, 5 * MIB), st.integers(0, LIMITS.total)))
def test_padding_is_the_smallest_that_makes_whole_parts(header_size: int, size: int) -> None:
    """No smaller number of parts can be reached."""
    padded = padded_size(header_size, size)
    total = sealed_size(header_size, padded)
    assert padded >= size
    assert total % PART_SIZE == 0
    before = plaintext_size_for(header_size, total - PART_SIZE)
    assert before is None or before < size


def test_a_part_boundary_that_cannot_be_reached_is_stepped_over() -> None:
    """Where 1 MiB falls into the gap before a new chunk, 2 MiB is taken."""
    header_size = next(size for size in range(1_000, 80_000) if plaintext_size_for(size, PART_SIZE) is None)
    assert sealed_size(header_size, padded_size(header_size, 0)) == 2 * PART_SIZE


def test_the_header_of_the_parts_looks_like_the_letters() -> None:
    """The same number of stanzas, shuffled, and the sheet's name last."""
    _, parts = seal_files([b"x"])
    assert [stanza.type for stanza in read_header(parts[0]).stanzas] == ["mlkem768x25519"] * 4 + ["lapwing-sheet"]


def test_many_parts_are_named_in_an_index() -> None:
    """Over 64 parts, the letter names the parts of an index instead, and memory stays at a few parts."""
    names: list[bytes] = []
    last_parts: list[bytes] = []

    def store(part: bytes) -> None:
        names.append(hashlib.sha256(part).digest())
        last_parts[:] = [part]

    sealer = FilesSealer(SHEET, store)
    sealer.start_file("big.bin", "a/b")
    zeros = bytes(MIB)
    tracemalloc.start()
    for _ in range(66):
        sealer.write(zeros)
    sealer.end_file()
    listing = sealer.finish()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 9 * MIB
    assert listing.index
    assert len(names) == 68
    assert listing.parts == (names[-1],)
    plaintext = unseal(last_parts[0], IDENTITIES)
    assert plaintext.rstrip(b"\0") == b"".join(names[:-1]).rstrip(b"\0")


def test_one_large_write_needs_no_more_memory_than_many_small() -> None:
    """A write of any size is taken in pieces."""
    sealer = FilesSealer(SHEET, lambda part: None)
    sealer.start_file("big.bin", "a/b")
    zeros = bytes(24 * MIB)
    tracemalloc.start()
    sealer.write(zeros)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 9 * MIB


def test_files_begin_and_end_in_turn() -> None:
    """Writing outside a file, or beginning one inside another, is refused."""
    sealer = FilesSealer(SHEET, lambda part: None)
    with pytest.raises(LetterError):
        sealer.write(b"x")
    with pytest.raises(LetterError):
        sealer.end_file()
    sealer.start_file("a", "a/b")
    with pytest.raises(LetterError):
        sealer.start_file("b", "a/b")
    with pytest.raises(LetterError):
        sealer.finish()
    sealer.write(b"")
    assert (sealer.count, sealer.total) == (1, 0)
    sealer.end_file()
    assert sealer.finish().parts == ()


def test_too_many_files_are_refused() -> None:
    """101 files are the most that a letter lists."""
    sealer = FilesSealer(SHEET, lambda part: None)
    for number in range(101):
        sealer.start_file(str(number), "a/b")
        sealer.end_file()
    with pytest.raises(LetterError) as caught:
        sealer.start_file("one more", "a/b")
    assert caught.value.kind == "too_much"


def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files together have a bound."""
    monkeypatch.setattr("wire.parts.LIMITS", type(LIMITS)(total=10))
    sealer = FilesSealer(SHEET, lambda part: None)
    sealer.start_file("a", "a/b")
    sealer.write(b"0123456789")
    with pytest.raises(LetterError) as caught:
        sealer.write(b"x")
    assert caught.value.kind == "too_much"


def test_views_of_any_item_size_are_taken_as_bytes() -> None:
    """A view of wider items counts its bytes."""
    parts: list[bytes] = []
    sealer = FilesSealer(SHEET, parts.append)
    sealer.start_file("a", "a/b")
    sealer.write(memoryview(bytes(8)).cast("I"))
    sealer.write(bytearray(2))
    sealer.end_file()
    assert sealer.finish().files[0].length == 10
