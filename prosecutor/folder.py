"""A dossier's folder on disk: which plain files stand in it, and their digests. No link is ever followed."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prosecutor.errors import ChangedFileError, LinkError, MissingFileError, PlaceError, UnlistedFileError
from wire.manifest import ALGORITHMS, LIMITS, most_bytes

FOLDERS: Final = frozenset({"data", "data/exhibits"})

_CHUNK: Final = 1_048_576
_HARMLESS: Final = re.compile(r"[A-Za-z0-9._-]{1,60}(?:/[A-Za-z0-9._-]{1,60}){0,2}")


@dataclass(frozen=True)
class Measure:
    """One file as it is on disk.

    Attributes:
        size: bytes.
        digests: by the names in `wire.manifest.ALGORITHMS`.
    """

    size: int
    digests: Mapping[str, bytes]


def list_files(folder: Path) -> tuple[str, ...]:
    """Return the names of all files in a dossier's folder, in order.

    Raises:
        PlaceError: the folder cannot be read.
        LinkError: something in it is neither a plain file nor a folder.
        UnlistedFileError: it has a name that no dossier has.
    """
    try:
        names = tuple(sorted(_walk(folder, "")))
    except OSError:
        raise PlaceError("the folder cannot be read; name the one that lapwing dossier open made") from None
    return names


def _walk(folder: Path, below: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = below + entry.name
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode) and name in FOLDERS:
                yield from _walk(folder / entry.name, f"{name}/")
            elif stat.S_ISLNK(mode) or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise LinkError(f"{shown(name)} is a link or a device; a dossier has plain files only")
            elif stat.S_ISDIR(mode) or most_bytes(name) is None:
                raise UnlistedFileError(f"{shown(name)} does not belong to the dossier; remove it and verify again")
            else:
                yield name


def shown(name: str) -> str:
    """Return a name as it may be printed: whatever could play with a terminal is not repeated."""
    return name if _HARMLESS.fullmatch(name) else "something with an unusual name"


def read_small(folder: Path, name: str) -> bytes:
    """Return one of the files that are written by us.

    Raises:
        MissingFileError: it is not there.
        ChangedFileError: it is longer than any such file.
        PlaceError: it cannot be read.
    """
    try:
        with (folder / name).open("rb") as file:
            content = file.read(LIMITS.text + 1)
    except FileNotFoundError:
        raise MissingFileError(f"{name} is missing") from None
    except OSError:
        raise PlaceError(f"{name} cannot be read") from None
    if len(content) > LIMITS.text:
        raise ChangedFileError(f"{name} is longer than it can be")
    return content


def measure(folder: Path, name: str) -> Measure:
    """Return size and digests of a file, read in pieces of 1 MiB.

    Raises:
        PlaceError: it cannot be read.
    """
    hashes = {algorithm: hashlib.new(algorithm) for algorithm in ALGORITHMS}
    size = 0
    try:
        with (folder / name).open("rb") as file:
            while piece := file.read(_CHUNK):
                size += len(piece)
                for each in hashes.values():
                    each.update(piece)
    except OSError:
        raise PlaceError(f"{name} cannot be read") from None
    return Measure(size, {algorithm: each.digest() for algorithm, each in hashes.items()})
