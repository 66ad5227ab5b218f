"""Which tips' files are worth fetching (pure): letters come always, files only where a reviewer works on the case."""

from dataclasses import dataclass
from typing import Final

from reviewer.case import Case
from wire.content import Assigned, DossierProposed, ExhibitAdded, Joined, ReleaseProposed
from wire.content_kind import Content
from wire.content_rewards import FactStated
from wire.opening import Listing

WORK: Final[tuple[type[Content], ...]] = (
    Assigned,
    DossierProposed,
    ExhibitAdded,
    FactStated,
    Joined,
    ReleaseProposed,
)
"""What only somebody does who takes a case seriously. A note is not: it may say that the case is nonsense.

Nor is a reply: files fetched by every app after a letter left would tell that it was a reply, and to which tip."""
GIB: Final = 1024**3


@dataclass(frozen=True)
class Rules:
    """What a reviewer set for their own app.

    Attributes:
        unasked: bytes of a letter's files up to which they are fetched unasked; 0 for never.
        most: bytes that all files in the vault may take.
    """

    unasked: int = 0
    most: int = 20 * GIB


def is_kept(case: Case) -> bool:
    """Tell whether some reviewer works on a case, so that the app of every member fetches its files."""
    if case.erased or case.status == "closed":
        return False
    return case.status == "vetted" or any(isinstance(entry.content, WORK) for entry in case.entries)


def size_of(listing: Listing) -> int:
    """Return the bytes of all files of a letter or exhibit, unsealed."""
    return sum(file.length for file in listing.files)


def is_wanted(case: Case | None, size: int, rules: Rules) -> bool:
    """Tell whether a letter's files are to be fetched without anybody asking for them.

    Args:
        case: of the letter; None while the log knows none.
        size: bytes of its files.
        rules: of this app.
    """
    return size <= rules.unasked or (case is not None and is_kept(case))
