"""What a rule of a reward programme is, and what is found when it meets the facts of a case (pure)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar, Final, Literal

from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.questions import who_knows
from reviewer.rewards.table import Table, Text

State = Literal["holds", "broken", "unknown"]
OVER: Final = "over"


@dataclass(frozen=True, slots=True)
class Basis:
    """What every rule stands on.

    Attributes:
        citation: statute, section or page that says so.
        text: the rule in words; may be empty, as every kind has words of its own in the app.
        law: about which its questions are asked; programmes under one law share it.
        country: of the programme, lower case.
    """

    citation: str
    text: Text
    law: str
    country: str


@dataclass(frozen=True)
class Finding:
    """What a rule comes to.

    Attributes:
        state: whether it holds, is broken (which shuts out), or what it needs is not known.
        rule: the rule.
        asks: names of the questions that would settle it, the first one first; empty unless unknown.
        reduced: it holds, but an award would be less for it.
        due: the last day to do what it demands, None where nothing runs.
        pending: known not to be done yet, and still to be done by the source: a filing, a lawyer.
    """

    state: State
    rule: "Rule"
    asks: tuple[str, ...] = ()
    reduced: bool = False
    due: date | None = None
    pending: bool = False

    @property
    def citation(self) -> str:
        """Where the rule stands."""
        return self.rule.basis.citation

    @cached_property
    def ranked(self) -> tuple[tuple[str, int], ...]:
        """The questions with their rank: 0 where an answer can shut out, else 1; 2 more where only an office knows."""
        rank = 0 if self.rule.can_shut else 1
        return tuple((name, rank + 2 * (who_knows(name) == "office")) for name in self.asks)


@dataclass(frozen=True)
class Rule(ABC):
    """One rule of one programme; a class a kind, each with the one function that judges it."""

    kind: ClassVar[str] = ""
    basis: Basis

    @classmethod
    def read(cls, basis: Basis, _table: Table) -> "Rule":
        """Return the rule as a table of a programme's file has it; a kind with more fields reads them here.

        Raises:
            ProgrammeError: a field is missing or not as it must be.
        """
        return cls(basis)

    @property
    def citation(self) -> str:
        """Where it stands."""
        return self.basis.citation

    @abstractmethod
    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Return what the facts come to on a day; never raises."""

    @cached_property
    @abstractmethod
    def questions(self) -> tuple[str, ...]:
        """Names of every question that can matter to it."""

    @property
    def can_shut(self) -> bool:
        """Whether some answer can shut a source out, rather than only make an award less."""
        return True

    def holds(self, *, reduced: bool = False, due: date | None = None) -> Finding:
        """Find that it holds."""
        if due is not None:
            return Finding("holds", self, reduced=reduced, due=due)
        return self._reduced if reduced else self._holds

    def broken(self) -> Finding:
        """Find that it shuts out."""
        return self._broken

    def unknown(self, *asks: str, pending: bool = False) -> Finding:
        """Find that it depends on questions which are still open."""
        found = self._unknown.get((asks, pending))
        if found is None:
            found = self._unknown[asks, pending] = Finding("unknown", self, asks, pending=pending)
        return found

    # A rule meets thousands of cases and finds the same few things in all of them.

    @cached_property
    def _holds(self) -> Finding:
        return Finding("holds", self)

    @cached_property
    def _reduced(self) -> Finding:
        return Finding("holds", self, reduced=True)

    @cached_property
    def _broken(self) -> Finding:
        return Finding("broken", self)

    @cached_property
    def _unknown(self) -> dict[tuple[tuple[str, ...], bool], Finding]:
        return {}


def is_over(facts: CaseFacts, proceedings: str) -> bool:
    """Tell whether an office reported that the proceedings (`proceedings_us`) are over."""
    fact = facts.reported(proceedings)
    return fact is not None and fact.answer.text == OVER
