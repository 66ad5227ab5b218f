"""What came of a dossier, as an office reports it in fields that rules can read. docs/format.md, "Receipt"."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from wire.fields import Fields, Json
from wire.shape import Day, Money

Happened = Literal[
    "arrest",
    "charge",
    "conviction",
    "penalty",
    "forfeiture",
    "recovery",
    "judgment",
    "action",
    "dismantling",
    "leader",
    "finances",
    "offer",
]
HAPPENED: Final[tuple[Happened, ...]] = get_args(Happened)
"""What can come of a dossier under a law, in the order in which it is written."""

Proceedings = Literal["under_way", "over"]
PROCEEDINGS: Final[tuple[Proceedings, ...]] = get_args(Proceedings)

_LAW: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Limits:
    """What is accepted at most, in bytes."""

    law: int = 40
    statute: int = 200


LIMITS: Final = Limits()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a dossier under one law in one country.

    Attributes:
        country: whose authorities report it: two capital letters (ISO 3166-1).
        happened: in the order of `HAPPENED`, each once.
        proceedings: how far all proceedings are that came of the dossier in the country; None where nothing is said.
        law: under which, by the word that reward programmes use for it (`us-lacey`), at most 40 bytes; may be empty.
        statute: a law for which there is no such word, in one line of at most 200 bytes; may be empty.
        collected: what was received under the law so far in all, `1500000 USD`; empty where nothing is said.
        sanctions: the sanctions ordered under the law in all, likewise.
        day: when it happened, None where nothing is said.
    """

    country: str
    happened: tuple[Happened, ...] = ()
    proceedings: Proceedings | None = None
    law: str = ""
    statute: str = ""
    collected: str = ""
    sanctions: str = ""
    day: date | None = None

    @property
    def under_a_law(self) -> bool:
        """Whether it says something that stands under a law, rather than of proceedings alone."""
        return bool(self.happened or self.collected or self.sanctions)

    def write(self) -> dict[str, Json]:
        """Return the JSON object; what is empty is left out."""
        fields: dict[str, Json] = {
            "country": self.country,
            "happened": list(self.happened),
            "proceedings": self.proceedings,
            "law": self.law,
            "statute": self.statute,
            "collected": self.collected,
            "sanctions": self.sanctions,
            "day": None if self.day is None else self.day.isoformat(),
        }
        return {name: value for name, value in fields.items() if value}

    @classmethod
    def read(cls, untrusted: Fields) -> "Outcome":
        """Read the JSON object.

        Raises:
            ReceiptError: (the error that the fields were opened with) it is no outcome, or tells nothing.
        """
        outcome = cls(
            country=_shaped(untrusted, "country", _COUNTRY, 2, "is not two capital letters"),
            happened=_happened(untrusted),
            proceedings=_proceedings(untrusted),
            law=_law(untrusted),
            statute=untrusted.line("statute", LIMITS.statute, 1) if untrusted.has("statute") else "",
            collected=Money(optional=True).read(untrusted, "collected") or "",
            sanctions=Money(optional=True).read(untrusted, "sanctions") or "",
            day=Day(optional=True).read(untrusted, "day"),
        )
        untrusted.end()
        if not outcome.under_a_law and outcome.proceedings is None:
            untrusted.refuse("happened", "is missing, and nothing else is told")
        if outcome.law and outcome.statute:
            untrusted.refuse("statute", "stands beside a law; only one of them may")
        if outcome.under_a_law and not (outcome.law or outcome.statute.strip()):
            untrusted.refuse("law", "is missing, and no statute stands in its place")
        return outcome


def _shaped(untrusted: Fields, name: str, shape: re.Pattern[str], most: int, otherwise: str) -> str:
    text = untrusted.text(name, most)
    if not shape.fullmatch(text):
        untrusted.refuse(name, otherwise)
    return text


def _law(untrusted: Fields) -> str:
    if not untrusted.has("law"):
        return ""
    return _shaped(untrusted, "law", _LAW, LIMITS.law, "is not a word of reward programmes for a law")


def _happened(untrusted: Fields) -> tuple[Happened, ...]:
    if not untrusted.has("happened"):
        return ()
    words = untrusted.texts("happened", len(HAPPENED), 16)
    found = tuple(word for word in HAPPENED if word in words)
    if not found or words != found:
        untrusted.refuse("happened", "holds another word than the known ones, or not each once in their order")
    return found


def _proceedings(untrusted: Fields) -> Proceedings | None:
    word = untrusted.optional_choice("proceedings", PROCEEDINGS)
    return next((each for each in PROCEEDINGS if each == word), None)
