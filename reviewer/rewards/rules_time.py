"""Rules on days: how long there is time, and how long a programme runs (pure)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.rule import Basis, Finding, Rule
from reviewer.rewards.table import Table

CLOCKS: Final = {
    "appeal": ("refused_{law}", "determined_on_{law}", "appealed_on_{law}"),
    "internal_report": ("internal_report", "internal_report_on", "reported_on_{law}"),
}
"""What sets a clock going: whether it runs at all, since when, and the day on which what it waits for was done."""


@dataclass(frozen=True)
class TimeLimit(Rule):
    """Something must be done within some days of something else.

    Attributes:
        clock: which of `CLOCKS`.
        days: the last of which is the last day.
    """

    kind = "time_limit"
    clock: str
    days: int

    @classmethod
    def read(cls, basis: Basis, table: Table) -> "TimeLimit":
        """Read `clock` and `days`."""
        return cls(basis, table.choice("clock", tuple(CLOCKS)), table.integer("days", 3660))

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Whether the clock runs, since when, and whether the thing was done."""
        return tuple(question.format(law=self.basis.law) for question in CLOCKS[self.clock])

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Hold while there is time, with the last day; break when it went by. A refusal nobody told of is none."""
        runs, since, done = map(facts.now, self.questions)
        if runs is None:
            return self.holds() if self.clock == "appeal" else self.unknown(self.questions[0])
        if runs.answer.text == "no":
            return self.holds()
        if since is None or since.answer.day is None:
            return self.unknown(self.questions[1])
        last = later(since.answer.day, days=self.days)
        if done is not None and done.answer.day is not None:
            return self.holds() if done.answer.day <= last else self.broken()
        return self.holds(due=last) if today <= last else self.broken()


@dataclass(frozen=True)
class Limitation(Rule):
    """A suit must be filed within years of the violation, or of what officials knew, whichever is last, up to a most.

    Attributes:
        years: since the violation.
        known_years: since officials knew or should have known.
        most_years: since the violation, whatever officials knew.
    """

    kind = "limitation"
    years: int
    known_years: int
    most_years: int

    @classmethod
    def read(cls, basis: Basis, table: Table) -> "Limitation":
        """Read `years`, `known_years` and `most_years`."""
        return cls(
            basis, table.integer("years", 100), table.integer("known_years", 100), table.integer("most_years", 100)
        )

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """When it was violated, when officials knew, and when suit was filed."""
        law = self.basis.law
        return (f"violated_on_{law}", f"known_on_{law}", "own_suit_on")

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Compare the day of the suit, or today, with the last day; ask what officials knew only where it matters."""
        violated, known, filed = (None if fact is None else fact.answer.day for fact in map(facts.now, self.questions))
        if violated is None:
            return self.unknown(self.questions[0])
        acted = filed or today
        last = later(violated, years=self.years)
        if acted > last and known is None and acted <= later(violated, years=self.most_years):
            return self.unknown(self.questions[1])
        if known is not None:
            last = max(last, min(later(known, years=self.known_years), later(violated, years=self.most_years)))
        if acted > last:
            return self.broken()
        return self.holds(due=None if filed else last)


@dataclass(frozen=True)
class InForce(Rule):
    """Whether the programme runs is not sure for ever, or not sure at all.

    Attributes:
        until: the last day on which it runs for sure; None where somebody must look.
    """

    kind = "in_force"
    until: date | None

    @classmethod
    def read(cls, basis: Basis, table: Table) -> "InForce":
        """Read `until`."""
        return cls(basis, table.optional_day("until"))

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Whether it is in force."""
        return (f"in_force_{self.basis.law}",)

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Believe whoever looked; else hold up to the day, and ask after it."""
        fact = facts.now(self.questions[0])
        if fact is not None:
            return self.holds() if fact.answer.text == "yes" else self.broken()
        if self.until is not None and today <= self.until:
            return self.holds(due=self.until)
        return self.unknown(self.questions[0])


def later(day: date, *, days: int = 0, years: int = 0) -> date:
    """Return a day some days or years later; 29 February becomes 28 February, and no day is past the year 9999."""
    try:
        moved = day.replace(year=day.year + years)
    except ValueError:
        moved = date(day.year + years, 2, 28) if day.year + years <= date.max.year else date.max
    try:
        return moved + timedelta(days=days)
    except OverflowError:
        return date.max
