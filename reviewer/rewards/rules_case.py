"""Rules on the case: which law, what came of it, how much, by when (pure)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.questions import FAMILIES
from reviewer.rewards.rule import Basis, Finding, Rule, is_over
from reviewer.rewards.rules_source import YesOrNo
from reviewer.rewards.table import Table

OUTCOMES: Final = tuple(name for name, (kind, asked, _) in FAMILIES.items() if asked == "office" and kind == "yes_no")
MEASURES: Final = ("sanctions", "collected", "disputed", "income")


class Link(YesOrNo):
    """Something ties the case to the country."""

    kind = "link"
    question = "link_{country}"


class Law(YesOrNo):
    """The law under which the programme pays was broken."""

    kind = "law"
    question = "broken_{law}"


class Transnational(YesOrNo):
    """The offence reaches into another country than the programme's own."""

    kind = "transnational"
    question = "transnational"


class NoGovernmentSuit(YesOrNo):
    """The government is not a party to proceedings on it already."""

    kind = "no_government_suit"
    question = "government_suit"
    wanted = "no"


@dataclass(frozen=True)
class Outcome(Rule):
    """Nothing is paid before the authority reaches something under this law, as an office reports it.

    Attributes:
        any_of: the outcomes of which one is enough.
        proceedings: the question whether they are over.
    """

    kind = "outcome"
    any_of: tuple[str, ...]
    proceedings: str

    @classmethod
    def read(cls, basis: Basis, table: Table) -> "Outcome":
        """Read `any_of` and `proceedings`."""
        return cls(basis, table.names("any_of", OUTCOMES, least=1), _proceedings(basis, table))

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """One for each outcome, and whether proceedings are over."""
        return (*(f"{name}_{self.basis.law}" for name in self.any_of), self.proceedings)

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Hold with one outcome; break when proceedings ended without."""
        del today
        found = [facts.reported(question) for question in self.questions[:-1]]
        if any(fact is not None and fact.answer.text == "yes" for fact in found):
            return self.holds()
        if is_over(facts, self.proceedings):
            return self.broken()
        asks = (name for name, fact in zip(self.questions, found, strict=False) if fact is None)
        return self.unknown(*asks, self.proceedings)


@dataclass(frozen=True)
class Collected(Rule):
    """Paid out of what was received under this law: without money there is nothing to pay from."""

    kind = "collected"
    proceedings: str

    @classmethod
    def read(cls, basis: Basis, table: Table) -> "Collected":
        """Read `proceedings`."""
        return cls(basis, _proceedings(basis, table))

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """How much was collected, and whether proceedings are over."""
        return (f"collected_{self.basis.law}", self.proceedings)

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Hold with any amount; break when proceedings ended with none."""
        del today
        fact = facts.reported(self.questions[0])
        if fact is None or fact.answer.money is None:
            return self.unknown(self.questions[0])
        if fact.answer.money.amount > 0:
            return self.holds()
        return self.broken() if is_over(facts, self.proceedings) else self.unknown(self.proceedings)


@dataclass(frozen=True)
class Threshold(Rule):
    """An amount must be reached. Another currency settles nothing: nothing is converted here.

    Attributes:
        of: what is measured: `sanctions` or `collected` as an office reports them, `disputed` or `income`.
        amount, currency: the threshold.
        above: it must be exceeded, not only reached.
        reduces: below it an award is less or discretionary, rather than none.
        only_if: a yes-or-no question without whose yes the rule says nothing; may be empty.
        proceedings: the question after whose `over` sanctions and collections grow no more.
    """

    kind = "threshold"
    of: str
    amount: Decimal
    currency: str
    above: bool
    reduces: bool
    only_if: str
    proceedings: str

    @classmethod
    def read(cls, basis: Basis, table: Table) -> "Threshold":
        """Read `of`, `amount`, `currency`, `above`, `reduces`, `persons_only` and `proceedings`."""
        return cls(
            basis,
            of=table.choice("of", MEASURES),
            amount=table.amount("amount"),
            currency=table.currency("currency"),
            above=table.boolean("above"),
            reduces=table.boolean("reduces"),
            only_if="taxpayer_is_a_person" if table.boolean("persons_only") else "",
            proceedings=_proceedings(basis, table),
        )

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """How much, and what else it depends on."""
        amount = f"{self.of}_{self.basis.law}"
        return (*filter(None, (self.only_if,)), amount, *((self.proceedings,) if self._grows else ()))

    @property
    def _grows(self) -> bool:
        return self.of in {"sanctions", "collected"}

    @property
    def can_shut(self) -> bool:
        """Not where less is paid below it."""
        return not self.reduces

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Compare amounts of one currency; what can still grow is broken only when proceedings are over."""
        del today
        if self.only_if:
            applies = facts.now(self.only_if)
            if applies is None:
                return self.unknown(self.only_if)
            if applies.answer.text == "no":
                return self.holds()
        question = f"{self.of}_{self.basis.law}"
        fact = facts.reported(question) if self._grows else facts.now(question)
        money = None if fact is None else fact.answer.money
        if money is None or money.currency != self.currency:
            return self.unknown(question)
        if money.amount > self.amount or (money.amount == self.amount and not self.above):
            return self.holds()
        return self._below(facts)

    def _below(self, facts: CaseFacts) -> Finding:
        if self.reduces:
            return self.holds(reduced=True)
        if self._grows and not is_over(facts, self.proceedings):
            return self.unknown(self.proceedings)
        return self.broken()


@dataclass(frozen=True)
class FirstReport(Rule):
    """Original information is new to the authority: what it had from elsewhere came later than the source's report."""

    kind = "first_report"

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Whether the authority had it, since when, and when the source told it."""
        law = self.basis.law
        return (f"known_{law}", f"known_on_{law}", f"reported_on_{law}")

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Hold while nobody else told it; else the earlier day wins, and on one day nobody does."""
        del today
        known, known_on, reported_on = map(facts.now, self.questions)
        if known is None:
            return self.unknown(self.questions[0])
        if known.answer.text == "no":
            return self.holds()
        if known_on is None or known_on.answer.day is None:
            return self.unknown(self.questions[1])
        if reported_on is None or reported_on.answer.day is None:
            return self.unknown(self.questions[2])
        return self.holds() if reported_on.answer.day < known_on.answer.day else self.broken()


@dataclass(frozen=True)
class FirstToFile(FirstReport):
    """Only the first to file suit may go on."""

    kind = "first_to_file"

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Whether another filed on the same facts, when, and when the source did."""
        return ("related_suit", "related_suit_on", "own_suit_on")


def _proceedings(basis: Basis, table: Table) -> str:
    return f"proceedings_{basis.law if table.boolean('proceedings_of_its_own') else basis.country}"
