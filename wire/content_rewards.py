"""What a case event says of rewards: the facts, and what became of a claim to one. docs/format.md, "Case log"."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from wire.content_kind import CaseContent, Remark, Word
from wire.shape import Choice, Day


@dataclass(frozen=True, kw_only=True)
class FactStated(CaseContent):
    """A fact that eligibility may depend on, and who said so."""

    kind = "fact"
    name: Word
    value: Remark
    said_by: Annotated[str, Choice(("source", "reviewer", "office"))]


@dataclass(frozen=True, kw_only=True)
class ProgrammeFiled(CaseContent):
    """A reward programme's form was filed: by whom, which form, when."""

    kind = "filed"
    programme: Word
    by: Remark
    form: Remark
    filed_on: Annotated[date | None, Day(optional=True)]
