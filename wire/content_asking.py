"""What a case event says of harm to the source that something could do. docs/format.md, "Case log"."""

from dataclasses import dataclass
from typing import Annotated, Final

from wire.content_kind import CaseContent, OptionalHash, Remark
from wire.shape import Boolean, Choice, Names

PURPOSES: Final = ("forward", "publish")
MOST_WARNINGS: Final = 100
WARNING: Final = 64
"""Most bytes of the name of a warning."""


@dataclass(frozen=True, kw_only=True)
class Decided(CaseContent):
    """A reviewer goes ahead although warnings were open: what is done could cost the source an award.

    Attributes:
        purpose: ``forward`` a dossier, or ``publish``.
        dossier: SHA-256 of the dossier.json that it is about; None when publishing.
        warnings: those that were open, `programme/kind` each.
        told: whether the source was told before.
        reason: why it goes ahead all the same; empty where the source was told.
    """

    kind = "decided"
    purpose: Annotated[str, Choice(PURPOSES)]
    dossier: OptionalHash
    warnings: Annotated[tuple[str, ...], Names(MOST_WARNINGS, WARNING)]
    told: Annotated[bool, Boolean()]
    reason: Remark
