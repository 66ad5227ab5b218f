"""What is known in a case, and who said so (pure). A later fact never erases an earlier one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

from reviewer.rewards.questions import Answer, who_knows

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
        signed: whether it follows from what the office itself signed, rather than that a reviewer typed what one told.
    """

    question: str
    answer: Answer
    said_by: SaidBy
    author: str
    on: date
    signed: bool = False

    @property
    def from_letter(self) -> bool:
        """Whether it stands in a letter of the source, rather than that somebody recorded it."""
        return not self.author


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
        told = (fact for fact in self.facts if fact.said_by == "office" and not fact.signed)
        # Whoever can type must not outweigh whoever signed, however late they type.
        return _settled(told) | _settled(fact for fact in self.facts if fact.signed)

    def now(self, question: str) -> Fact | None:
        """Return the last fact on a question, None when there is none or it leaves the question open."""
        return self._now.get(question)

    def reported(self, question: str) -> Fact | None:
        """Return the last fact on a question that an office signed; where none did, that an office told, as `now` does.

        What a reviewer read or a source heard of an outcome is kept, but opens no programme.
        """
        return self._reported.get(question)

    def unsigned(self, questions: Iterable[str]) -> tuple[Fact, ...]:
        """Return what counts as reported on some questions although no office signed it."""
        found = (self.reported(question) for question in questions if who_knows(question) == "office")
        return tuple(fact for fact in found if fact is not None and not fact.signed)

    def of(self, question: str) -> tuple[Fact, ...]:
        """Return every fact on a question, in order."""
        return tuple(fact for fact in self.facts if fact.question == question)

    def disputed(self, question: str) -> bool:
        """Tell whether the last words on a question differ.

        They are those of the source's letters, of the source as recorded, of reviewers, and of offices as recorded and
        as signed.
        """
        said = (fact for fact in self.of(question) if not fact.answer.open)
        last = {(fact.said_by, fact.from_letter, fact.signed): fact.answer.text for fact in said}
        return len(set(last.values())) > 1


def _settled(facts: Iterable[Fact]) -> dict[str, Fact]:
    last = {fact.question: fact for fact in facts}
    return {question: fact for question, fact in last.items() if not fact.answer.open}
