"""The tar of a bag, in one form only: regular files in USTAR headers that have no choice left in them.

The reader does not ask what a header means. It takes name and size from it, writes the header that these two have, and
refuses any other: so links, devices, sparse files, extensions and odd names need no rule of their own.
"""

import tarfile
from collections.abc import Callable, Iterator
from typing import Final

from wire.errors import DossierError

BLOCK: Final = tarfile.BLOCKSIZE
RECORD: Final = tarfile.RECORDSIZE

Read = Callable[[int], bytes]
"""Gives exactly so many bytes; fewer only where the data ends."""

# Every file gets the same hour, so that the archive tells none: noon of 1 January 2000.
_TIME: Final = 946_728_000
_CHUNK: Final = 262_144


def member_header(name: str, size: int) -> bytes:
    """Return the 512 bytes before a file.

    Args:
        name: at most 100 ASCII characters.
        size: bytes, below 8 GiB.

    Raises:
        DossierError: one of them does not fit.
    """
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, _TIME, 0o644
    try:
        return info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")
    except ValueError:
        raise DossierError("tar: a name or a size does not fit") from None


def padding(size: int, unit: int = BLOCK) -> bytes:
    """Return the zeros that fill up to a whole block."""
    return bytes(-size % unit)


def ending(written: int) -> bytes:
    """Return what closes a tar of so many bytes: two empty blocks, and zeros up to a record of 10,240."""
    closed = written + 2 * BLOCK
    return bytes(2 * BLOCK) + padding(closed, RECORD)


def read_members(read: Read) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """Read a tar as it comes, name by name.

    Args:
        read: gives the next bytes of the tar.

    Yields:
        Name, size in bytes, and the content in pieces of at most 256 KiB; what was left unread of a content is
        skipped at the next name. Only when the iteration has ended was the whole tar well-formed.

    Raises:
        DossierError: anything but what `member_header`, `padding` and `ending` write.
    """
    taken = 0
    while any(block := _exactly(read, BLOCK)):
        name, size = _name_and_size(block)
        content = _content(read, size)
        yield name, size, content
        for _ in content:
            pass
        taken += BLOCK + size + len(padding(size))
    rest = ending(taken)[BLOCK:]
    if read(len(rest) + 1) != rest:
        raise DossierError("tar: it does not end as it must")


def _exactly(read: Read, size: int) -> bytes:
    data = read(size)
    if len(data) != size:
        raise DossierError("tar: it ends too early")
    return data


def _name_and_size(block: bytes) -> tuple[str, int]:
    try:
        info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    except (tarfile.HeaderError, ValueError):
        raise DossierError("tar: a header is malformed") from None
    if info.size < 0 or member_header(info.name, info.size) != block:
        raise DossierError("tar: a header is not one of a plain file")
    return info.name, info.size


def _content(read: Read, size: int) -> Iterator[bytes]:
    left = size
    while left:
        piece = _exactly(read, min(left, _CHUNK))
        left -= len(piece)
        yield piece
    if any(_exactly(read, len(padding(size)))):
        raise DossierError("tar: the space after a file is not empty")
