"""Opening letters, files and batches with a reviewer's identities. The intake cannot reach this module."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from crypto.errors import AgeError, NoMatchError
from crypto.header import read_header
from crypto.hybrid import HybridIdentity
from crypto.unseal import Unsealer, unseal
from wire.errors import LetterError, PartsError
from wire.files import File
from wire.letter import LETTER_SIZE, PART_SIZE, Letter, decode
from wire.parts import NAME_SIZE
from wire.stanzas import read_sheet_name

Fetch = Callable[[bytes], bytes]


class Listing(Protocol):
    """What lists files and their parts: a `Letter`, or the `SealedFiles` of an exhibit."""

    @property
    def files(self) -> tuple[File, ...]:
        """The files, in order."""
        ...

    @property
    def parts(self) -> tuple[bytes, ...]:
        """The names of the parts, or of the index."""
        ...

    @property
    def index(self) -> bool:
        """Whether `parts` names the index."""
        ...


@dataclass(frozen=True)
class OpenLetter:
    """A letter that one of our identities opened. Who wrote it is for `verify_letter`.

    Attributes:
        letter: what it says.
        content: its first line as it was written, which the MACs cover.
        macs: 32 bytes for each reviewer it was written to, by id.
    """

    letter: Letter
    content: bytes
    macs: dict[str, bytes]


def open_letter(sealed: bytes, identities: Sequence[HybridIdentity]) -> OpenLetter:
    """Open a letter.

    Args:
        sealed: 65,536 bytes.
        identities: tried one after the other.

    Raises:
        LetterError: (kind ``not_mine``) no identity opens it; or it is damaged, no letter, or (kind ``sheet``)
            inside it names another key sheet than outside.
    """
    letter, content, macs = decode(_unseal(sealed, identities))
    if read_sheet_name(read_header(sealed)) != (letter.week, letter.sheet):
        raise LetterError("letter: inside it names another key sheet than outside", "sheet")
    return OpenLetter(letter, content, macs)


def open_batch(sealed: bytes, identities: Sequence[HybridIdentity]) -> bytes:
    """Return the lines of a case-log batch, as `seal_batch` was given them.

    Raises:
        LetterError: (kind ``not_mine``) no identity opens it; or it is damaged, no batch, or (kind ``stanzas``) its
            header is not that of what is sealed to a key sheet.
    """
    plaintext = _unseal(sealed, identities)
    # What another app would not read must not count here: all reviewers must see the same cases.
    read_sheet_name(read_header(sealed))
    if not plaintext.endswith(b"\n"):
        raise LetterError("batch: not lines and padding")
    lines = plaintext[:-1].rstrip(b" ")
    if lines and not lines.endswith(b"\n"):
        raise LetterError("batch: not lines and padding")
    return lines


def read_files(
    listing: Listing, fetch: Fetch, identities: Sequence[HybridIdentity]
) -> Iterator[tuple[File, Iterator[bytes]]]:
    """Read the files of a letter one after the other, in memory of a few parts.

    Take each file's bytes to their end before asking for the next file (what was not taken is read and checked all
    the same). A file is whole and right only when its bytes have ended without an error, so write it to a temporary
    name until then; all files are, when the outer iterator has ended.

    Args:
        listing: the letter, or what an exhibit lists.
        fetch: returns the part of that name.
        identities: tried one after the other.

    Raises:
        PartsError: a part is not the one named, no identity opens them, they are damaged or cut short, or a file is
            not what is listed.
    """
    reader = _Reader(_part_names(listing, fetch, identities), fetch, identities)
    for file in listing.files:
        content = _read_file(reader, file)
        yield file, content
        for _ in content:
            pass
    reader.check_padding()


def part_names(listing: Listing, fetch: Fetch, identities: Sequence[HybridIdentity]) -> tuple[bytes, ...]:
    """Return the names of all parts that hold files, read from the index where there is one; raises `PartsError`."""
    return tuple(_part_names(listing, fetch, identities))


def most_parts(total: int) -> int:
    """Return more parts than files of so many bytes together ever need, so that no letter makes a reader fetch more."""
    return (total + total // 4096 + LETTER_SIZE) // PART_SIZE + 2


def _part_names(listing: Listing, fetch: Fetch, identities: Sequence[HybridIdentity]) -> Iterator[bytes]:
    most = most_parts(sum(file.length for file in listing.files))
    names = _index_names(listing, fetch, identities) if listing.index else iter(listing.parts)
    for count, name in enumerate(names, start=1):
        if count > most:
            raise PartsError("parts: more are named than the files need")
        yield name


def _index_names(listing: Listing, fetch: Fetch, identities: Sequence[HybridIdentity]) -> Iterator[bytes]:
    reader = _Reader(iter(listing.parts), fetch, identities)
    while len(name := b"".join(reader.take(NAME_SIZE))) == NAME_SIZE and any(name):
        yield name
    reader.check_padding()


def _read_file(reader: "_Reader", file: File) -> Iterator[bytes]:
    digest = hashlib.sha256()
    missing = file.length
    for piece in reader.take(file.length):
        digest.update(piece)
        missing -= len(piece)
        yield piece
    if missing or digest.digest() != file.sha256:
        raise PartsError("file: its bytes are not the ones the letter lists")


class _Reader:
    """The plaintext of one sealed file, taken piece by piece from its parts."""

    def __init__(self, names: Iterator[bytes], fetch: Fetch, identities: Sequence[HybridIdentity]) -> None:
        self._pieces = _unseal_parts(names, fetch, identities)
        self._rest = memoryview(b"")

    def take(self, size: int) -> Iterator[bytes]:
        """Give the next bytes, fewer than asked for only at the end."""
        while size and (self._rest or self._refill()):
            piece, self._rest = self._rest[:size], self._rest[size:]
            size -= len(piece)
            yield bytes(piece)

    def check_padding(self) -> None:
        """Read to the end, where all must be zero."""
        while self._rest or self._refill():
            if bytes(self._rest).count(0) != len(self._rest):
                raise PartsError("parts: something follows the files")
            self._rest = memoryview(b"")

    def _refill(self) -> bool:
        self._rest = memoryview(next(self._pieces, b""))
        return bool(self._rest)


def _unseal_parts(names: Iterator[bytes], fetch: Fetch, identities: Sequence[HybridIdentity]) -> Iterator[bytes]:
    """Give the plaintext of the parts in pieces; none is empty, as a part is longer than any header and one chunk."""
    unsealer = Unsealer(identities)
    empty = True
    try:
        for name in names:
            part = fetch(name)
            if len(part) != PART_SIZE or hashlib.sha256(part).digest() != name:
                raise PartsError("parts: one is not the one the letter names")
            empty = False
            yield unsealer.update(part)
        if not empty:
            yield unsealer.finish()
    except AgeError:
        raise PartsError("parts: not sealed to us, damaged or cut short") from None


def _unseal(sealed: bytes, identities: Sequence[HybridIdentity]) -> bytes:
    if len(sealed) != LETTER_SIZE:
        raise LetterError(f"letter: not {LETTER_SIZE} bytes", "size")
    try:
        return unseal(sealed, identities)
    except NoMatchError:
        raise LetterError("letter: none of our keys opens it", "not_mine") from None
    except AgeError:
        raise LetterError("letter: damaged") from None
