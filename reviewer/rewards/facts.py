"""What is known in a case, and who said so (pure). A later fact never erases an earlier one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

from reviewer.rewards.questions import Answer

SaidBy = Literal["source", "reviewer", "office"]
SAID_BY: Final[tuple[SaidBy, ...]] = ("source", "reviewer", "office")


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer to one question.

    Attributes:
        question: its name (`reviewer.rewards.questions`).
        answer: in its one form.
        said_by: the source, a reviewer who found out, or an office that reported it.
        author: id of the reviewer who recorded it; empty for what stands in the tip itself.
        on: the day it was recorded, UTC.
    """

    question: str
    answer: Answer
    said_by: SaidBy
    author: str
    on: date


@dataclass(frozen=True)
class CaseFacts:
    """Every fact of a case in the order of the case log."""

    facts: tuple[Fact, ...] = ()

    def adding(self, *facts: Fact) -> "CaseFacts":
        """Return these facts and then others."""
        return CaseFacts((*self.facts, *facts))

    @cached_property
    def _now(self) -> dict[str, Fact]:
        return _settled(self.facts)

    @cached_property
    def _reported(self) -> dict[str, Fact]:
        return _settled(fact for fact in self.facts if fact.said_by == "office")

    def now(self, question: str) -> Fact | None:
        """Return the last fact on a question, None when there is none or it leaves the question open."""
        return self._now.get(question)

    def reported(self, question: str) -> Fact | None:
        """Return the last fact on a question that an office reported, as `now` does.

        What a reviewer read or a source heard of an outcome is kept, but opens no programme.
        """
        return self._reported.get(question)

    def of(self, question: str) -> tuple[Fact, ...]:
        """Return every fact on a question, in order."""
        return tuple(fact for fact in self.facts if fact.question == question)

    def disputed(self, question: str) -> bool:
        """Tell whether the last words of source, reviewers and offices on a question differ."""
        last = {fact.said_by: fact.answer.text for fact in self.of(question) if not fact.answer.open}
        return len(set(last.values())) > 1


def _settled(facts: Iterable[Fact]) -> dict[str, Fact]:
    last = {fact.question: fact for fact in facts}
    return {question: fact for question, fact in last.items() if not fact.answer.open}
