"""What a case event says of rewards: the facts, and what became of each programme. docs/format.md, "Case log"."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from wire.content_kind import CaseContent, OptionalHash, Remark, Word
from wire.shape import Choice, Day, Money, Text

STEPS: Final = (
    "considered",
    "source_told",
    "filed",
    "accepted",
    "determination",
    "award",
    "paid",
    "refused",
    "appealed",
)
WHO: Final = ("source", "counsel", "organisation", "authority")


@dataclass(frozen=True, kw_only=True)
class FactStated(CaseContent):
    """A fact that eligibility may depend on, and who said so."""

    kind = "fact"
    name: Word
    value: Remark
    said_by: Annotated[str, Choice(("source", "reviewer", "office"))]


@dataclass(frozen=True, kw_only=True)
class LedgerStep(CaseContent):
    """One step on a programme's way in a case, done or, with a due day alone, still to be done. Never edited.

    Attributes:
        programme: its id.
        step: which one.
        who: whose step it is; what the organisation files is not the source's own filing.
        by: the same in words.
        form: what was filed, or on which paper it came.
        number: of the form, the claim or the payment.
        done_on: the day it happened; with neither day it happened on a day that nobody knows.
        due_on: the last day to do it.
        amount: of an award or a payment.
        document: SHA-256 of an exhibit of the case.
        note: further words.
    """

    kind = "ledger"
    programme: Word
    step: Annotated[str, Choice(STEPS)]
    who: Annotated[str, Choice(WHO)]
    by: Remark
    form: Remark
    number: Remark
    done_on: Annotated[date | None, Day(optional=True)]
    due_on: Annotated[date | None, Day(optional=True)]
    amount: Annotated[str | None, Money(optional=True)]
    document: OptionalHash
    note: Annotated[str, Text(2_000)]

    @property
    def planned(self) -> bool:
        """Whether it is still to be done: it names a due day and no day on which it happened."""
        return self.done_on is None and self.due_on is not None
