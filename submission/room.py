"""How much of the disk each shelf may take, so that files never crowd out words, and words never what reviewers write.

One share of the disk is kept free of sources' files: none are begun when they would need it. All else may go on for
longer: files that were begun before, and those that reviewers post, to half of that share; letters to a tenth; replies
and the case log to a twentieth, which is left to the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from submission.errors import FilesFullError, FullError

LEAST: Final = 16 * 1024**2
MOST: Final = 16 * 1024**3
"""Bytes between which the share that is kept free of files lies, however small or large the disk is."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one shelf may take.

    Attributes:
        keep_free: bytes of the disk that it leaves free when it grows.
        most: bytes of its pieces.
        error: what to raise when there is no more room.
    """

    keep_free: int = 0
    most: int = 2**63
    error: type[FullError] = FullError


@dataclass(frozen=True, slots=True)
class Rules:
    """The bounds of all shelves.

    Attributes:
        beginning: of files, when a form with files begins.
        shelves: when a piece is written.
    """

    beginning: Bounds
    shelves: Mapping[str, Bounds]


def make_rules(disk: int, percent: int, most_files: int) -> Rules:
    """Return the bounds for a disk.

    Args:
        disk: its size in bytes.
        percent: of it that is kept free of sources' files, within `LEAST` and `MOST`.
        most_files: bytes of files that may wait for reviewers.
    """
    free = max(LEAST, min(MOST, disk * percent // 100))
    return Rules(
        Bounds(free, most_files, FilesFullError),
        {
            "parts": Bounds(free // 2, most_files + most_files // 4, FilesFullError),
            "letters": Bounds(free // 10),
            "replies": Bounds(free // 20),
            "log": Bounds(free // 20),
        },
    )
