"""Files, one after the other, sealed while they stream in and cut into parts of 1 MiB.

Memory stays at a few parts, whatever the size of the files. No plaintext is kept.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence

from crypto.header import Stanza
from crypto.hybrid import HybridRecipient
from crypto.seal import Sealer, plaintext_size_for
from wire.errors import LetterError
from wire.files import LIMITS, File, SealedFiles, clean_name, clean_type
from wire.keysheet import KeySheet
from wire.letter import PART_SIZE
from wire.stanzas import recipients_for, sheet_stanza

NAME_SIZE = 32

_ZEROS = bytes(PART_SIZE)


class PartSealer:
    """Seals one age file, padded with zeros to a multiple of 1 MiB, and hands out its parts as they fill up.

    Args:
        recipients: in the order of their stanzas.
        extra: stanzas after them.
        store: called with each part, 1,048,576 bytes.
    """

    def __init__(
        self, recipients: Sequence[HybridRecipient], extra: Sequence[Stanza], store: Callable[[bytes], None]
    ) -> None:
        self._sealer = Sealer(recipients, extra)
        self._store = store
        self._part = memoryview(bytearray(PART_SIZE))
        self._filled = 0
        self._names: list[bytes] = []
        self._size = 0
        self._cut(self._sealer.start())

    def write(self, plaintext: memoryview) -> None:
        """Take the next bytes."""
        self._size += len(plaintext)
        for start in range(0, len(plaintext), PART_SIZE):
            self._cut(self._sealer.update(plaintext[start : start + PART_SIZE]))

    def finish(self) -> list[bytes]:
        """Pad, hand out the last part and return the SHA-256 of each part in order."""
        padding = memoryview(_ZEROS)
        for missing in _pieces(padded_size(self._sealer.header_size, self._size) - self._size):
            self.write(padding[:missing])
        self._cut(self._sealer.finish())
        if self._filled:
            raise AssertionError("the padded file does not end with a part")
        return self._names

    def _cut(self, sealed: bytes) -> None:
        rest = memoryview(sealed)
        while rest:
            piece = rest[: PART_SIZE - self._filled]
            self._part[self._filled : self._filled + len(piece)] = piece
            self._filled += len(piece)
            rest = rest[len(piece) :]
            if self._filled == PART_SIZE:
                part = bytes(self._part)
                self._names.append(hashlib.sha256(part).digest())
                self._store(part)
                self._filled = 0


class FilesSealer:
    """Seals the files of one letter or exhibit: `start_file`, `write`, `end_file` for each, then `finish`.

    Args:
        sheet: to whom.
        store: called with each finished part, 1,048,576 bytes.
        not_to: ids of reviewers to leave out.

    Raises:
        LetterError: who is left out is not on the sheet, or nobody remains.
    """

    def __init__(self, sheet: KeySheet, store: Callable[[bytes], None], not_to: Collection[str] = ()) -> None:
        recipients_for(sheet, not_to)
        self._sheet = sheet
        self._store = store
        self._not_to = tuple(not_to)
        self._files: list[File] = []
        self._sealer: PartSealer | None = None
        self._total = 0
        self._open: tuple[str, str, int] | None = None
        self._hash = hashlib.sha256()

    @property
    def count(self) -> int:
        """How many files were begun."""
        return len(self._files) + (self._open is not None)

    @property
    def total(self) -> int:
        """How many bytes were written."""
        return self._total

    def start_file(self, name: str, media_type: str) -> None:
        """Begin a file.

        Args:
            name: as the source's browser gave it; made fit to be a name.
            media_type: as the source's browser gave it; anything unfit becomes ``application/octet-stream``.

        Raises:
            LetterError: the file before was not ended, or (kind ``too_much``) there are 101 files already.
        """
        if self._open is not None:
            raise LetterError("file: the one before was not ended")
        if len(self._files) == LIMITS.files:
            raise LetterError("file: too many in one letter; send the others as a follow-up", "too_much")
        self._open = (clean_name(name), clean_type(media_type), self._total)
        self._hash = hashlib.sha256()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take the next bytes of the file, any number.

        Raises:
            LetterError: no file was begun, or (kind ``too_much``) all together are over 32 GiB.
        """
        if self._open is None:
            raise LetterError("file: none was begun")
        view = memoryview(data).cast("B")
        if not view:
            return
        if self._total + len(view) > LIMITS.total:
            raise LetterError("file: too large; send the others as a follow-up", "too_much")
        if self._sealer is None:
            self._sealer = self._new_sealer()
        self._hash.update(view)
        self._sealer.write(view)
        self._total += len(view)

    def end_file(self) -> None:
        """End the file; `LetterError` if none was begun."""
        if self._open is None:
            raise LetterError("file: none was begun")
        name, media_type, offset = self._open
        self._files.append(File(name, media_type, offset, self._total - offset, self._hash.digest()))
        self._open = None

    def finish(self) -> SealedFiles:
        """Pad, hand out the last parts, and return what a letter lists; `LetterError` if a file was not ended."""
        if self._open is not None:
            raise LetterError("file: the last one was not ended")
        names = self._sealer.finish() if self._sealer else []
        index = len(names) > LIMITS.parts
        if index:
            sealer = self._new_sealer()
            for name in names:
                sealer.write(memoryview(name))
            names = sealer.finish()
        return SealedFiles(tuple(self._files), tuple(names), index)

    def _new_sealer(self) -> PartSealer:
        recipients = recipients_for(self._sheet, self._not_to)
        return PartSealer(recipients, [sheet_stanza(self._sheet.week, self._sheet.digest)], self._store)


def padded_size(header_size: int, size: int) -> int:
    """Return how many bytes of plaintext, ``size`` at least, make the smallest whole number of parts.

    Args:
        header_size: bytes of the header without the nonce.
        size: bytes of plaintext before padding.
    """
    parts = size // PART_SIZE + 1
    # A part boundary that no plaintext reaches (16 in each 65,552) is stepped over.
    while (padded := plaintext_size_for(header_size, parts * PART_SIZE)) is None or padded < size:
        parts += 1
    return padded


def _pieces(size: int) -> list[int]:
    """Split a size into pieces of at most one part."""
    return [min(PART_SIZE, size - start) for start in range(0, size, PART_SIZE)]
