"""What a check finds: how bad it is, what it is, what to do. Nothing in it tells about visitors, not even how many."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad; the worst of all is the exit code of a check."""

    REMARK = 0
    WARNING = 1
    BROKEN = 2


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it must be.

    Attributes:
        level: whether it is broken, or will be; or could only be better.
        what: what is wrong, in plain words.
        remedy: what to do.
    """

    level: Level
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return the line that an operator reads."""
        return f"{self.level.name.lower()}: {self.what}. {self.remedy}."


def broken(what: str, remedy: str) -> Finding:
    """Return a finding about what does not work, or lies open."""
    return Finding(Level.BROKEN, what, remedy)


def remark(what: str, remedy: str) -> Finding:
    """Return a finding about what works, and could work better."""
    return Finding(Level.REMARK, what, remedy)


def warning(what: str, remedy: str) -> Finding:
    """Return a finding about what still works, but not for long, or not as safely as it should."""
    return Finding(Level.WARNING, what, remedy)
