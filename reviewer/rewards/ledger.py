"""Where each reward programme of a case stands, what is due, what was awarded and paid (pure).

Steps are never edited: what was recorded stays, and a later one stands beside it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from reviewer.entry import Entry
from reviewer.rewards.facts import Fact
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import find_question, parse_answer
from reviewer.rewards.rules_time import InForce, TimeLimit
from reviewer.rewards.verdict import Deadline, Verdict
from wire.content_rewards import STEPS, LedgerStep

PLANNED: Final = "planned"
"""Where a programme stands of which nothing was done yet."""

_OWN: Final = ("filed", "appealed")
"""Steps that count only when the source takes them, or counsel for them."""
_SOURCE: Final = ("source", "counsel")
_RANK: Final = {
    "considered": 0,
    "source_told": 1,
    "filed": 2,
    "accepted": 3,
    "determination": 4,
    "appealed": 4,
    "award": 5,
    "paid": 6,
    "refused": 6,
}
"""How far a step is along the way; one that was done makes those before it due no more."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that must be done until a day.

    Attributes:
        day: the last one.
        programme: id.
        step: which one.
        citation: where the day stands in the law; empty for one that reviewers set.
    """

    day: date
    programme: str
    step: str
    citation: str


@dataclass(frozen=True)
class ProgrammeLedger:
    """A programme in a case.

    Attributes:
        programme: id; also of one that there is no more.
        stands: the step where it stands, None where nothing was done yet.
        history: every step in the order of the case log, those that were still to be done too.
        dues: what is open, the first day first, each step once.
    """

    programme: str
    stands: Entry[LedgerStep] | None
    history: tuple[Entry[LedgerStep], ...]
    dues: tuple[Due, ...]

    @property
    def state(self) -> str:
        """Where it stands, in one word."""
        return PLANNED if self.stands is None else self.stands.content.step

    def overdue(self, today: date) -> tuple[Due, ...]:
        """Return what should have been done before today."""
        return tuple(due for due in self.dues if due.day < today)

    def next_due(self, today: date) -> Due | None:
        """Return what is due next, None for nothing."""
        return next((due for due in self.dues if due.day >= today), None)

    def total(self, step: str) -> dict[str, Decimal]:
        """Return what was awarded, or paid, by currency.

        Of entries with the same number, or without one of the same day, the last one counts: it corrects the others.
        """
        last: dict[tuple[str, date | None], str] = {}
        for entry in self.history:
            said = entry.content
            if said.step == step and not said.planned and said.amount is not None:
                last[(said.number, None) if said.number else ("", said.done_on)] = said.amount
        return _added(last.values())


@dataclass(frozen=True)
class CaseLedger:
    """A case (16 bytes) with the ledgers of its programmes."""

    case: bytes
    ledgers: tuple[ProgrammeLedger, ...]


@dataclass(frozen=True)
class Waiting:
    """A due day with its case (16 bytes)."""

    case: bytes
    due: Due


@dataclass(frozen=True)
class Totals:
    """One programme over all cases.

    Attributes:
        programme: id.
        states: in how many cases it stands where; `PLANNED` first, then in the order of the steps.
        awarded: sums by currency, in the order of the currencies; nothing is ever converted or added across them.
        paid: likewise.
    """

    programme: str
    states: tuple[tuple[str, int], ...]
    awarded: tuple[tuple[str, Decimal], ...]
    paid: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Overview:
    """All cases: what is overdue, due this month, and later, the first day first; and the totals by programme."""

    overdue: tuple[Waiting, ...]
    this_month: tuple[Waiting, ...]
    later: tuple[Waiting, ...]
    totals: tuple[Totals, ...]

    @property
    def dues(self) -> tuple[Waiting, ...]:
        """All of them."""
        return (*self.overdue, *self.this_month, *self.later)


def fold_ledger(
    steps: Sequence[Entry[LedgerStep]], verdicts: Sequence[Verdict], today: date
) -> tuple[ProgrammeLedger, ...]:
    """Return the ledger of each programme of which a step was recorded or a deadline runs.

    Args:
        steps: of the case, in the order of its log.
        verdicts: of the programmes that there are, in the order in which they shall come.
        today: UTC; whatever claims a later day counts as of today.
    """
    of: dict[str, list[Entry[LedgerStep]]] = {}
    for entry in steps:
        of.setdefault(entry.content.programme, []).append(entry)
    deadlines = {verdict.programme.id: verdict.deadline for verdict in verdicts}
    names = [*deadlines, *sorted(of.keys() - deadlines.keys())]
    ledgers = (_fold(name, of.get(name, ()), deadlines.get(name), today) for name in names)
    return tuple(ledger for ledger in ledgers if ledger.history or ledger.dues)


def facts_of(steps: Iterable[Entry[LedgerStep]], programmes: Iterable[Programme]) -> tuple[Fact, ...]:
    """Return what steps answer by themselves, each as said by whoever can know it and never as reported by an office.

    Filed and appealed count only when the source or their counsel did so, refused only from the authority.

    Args:
        steps: in the order of the case log.
        programmes: those that there are; steps of others answer nothing.
    """
    laws = {programme.id: programme.rules[0].basis.law for programme in programmes}
    facts = []
    for entry in steps:
        said, law = entry.content, laws.get(entry.content.programme)
        told = None if law is None else _told(said)
        if told is not None:
            question = find_question(f"{told[0]}_{law}")
            facts.append(Fact(question.name, parse_answer(question, told[1]), question.asked, entry.author, said.on))
    return tuple(facts)


def overview(cases: Iterable[CaseLedger], today: date) -> Overview:
    """Return what all cases come to on a day (UTC)."""
    cases = sorted(cases, key=lambda each: each.case)
    waiting = [Waiting(case.case, due) for case in cases for ledger in case.ledgers for due in ledger.dues]
    waiting.sort(key=lambda each: (each.due.day, each.due.programme, each.due.step, each.case))
    ends = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    by_programme: dict[str, list[ProgrammeLedger]] = {}
    for case in cases:
        for ledger in case.ledgers:
            if ledger.history:
                by_programme.setdefault(ledger.programme, []).append(ledger)
    return Overview(
        overdue=tuple(each for each in waiting if each.due.day < today),
        this_month=tuple(each for each in waiting if today <= each.due.day < ends),
        later=tuple(each for each in waiting if each.due.day >= ends),
        totals=tuple(_totals(name, by_programme[name]) for name in sorted(by_programme)),
    )


def _told(said: LedgerStep) -> tuple[str, str] | None:
    """Return the family of questions that a step answers, and how."""
    own, day = said.who in _SOURCE, said.done_on
    match said.step:
        case "filed" if own and not said.planned:
            return "filed", "yes"
        case "appealed" if own and day is not None:
            return "appealed_on", day.isoformat()
        case "refused" if said.who == "authority" and not said.planned:
            return "refused", "yes"
        case "determination" if day is not None:
            return "determined_on", day.isoformat()
    return None


def _fold(name: str, history: Sequence[Entry[LedgerStep]], deadline: Deadline | None, today: date) -> ProgrammeLedger:
    done = [entry for entry in history if not entry.content.planned]
    # Of one day the last: max() would keep the first.
    stands = max(reversed(done), key=lambda entry: _day(entry.content, today), default=None)
    dues = {due.step: due for due in _plans(history)}
    law = None if deadline is None else _by_law(name, history, deadline)
    if law is not None and (law.step not in dues or law.day <= dues[law.step].day):
        dues[law.step] = law
    return ProgrammeLedger(name, stands, tuple(history), tuple(sorted(dues.values(), key=lambda due: due.day)))


def _day(said: LedgerStep, today: date) -> date:
    """Return the day from which a step counts: without one, the day it was recorded."""
    return min(said.done_on or said.on, said.on, today)


def _plans(history: Iterable[Entry[LedgerStep]]) -> Iterable[Due]:
    open_: dict[str, LedgerStep] = {}
    for entry in history:
        said = entry.content
        if said.planned:
            open_[said.step] = said
        else:
            open_ = {step: plan for step, plan in open_.items() if not _settles(said, plan.step, plan.who)}
    return [Due(plan.due_on, plan.programme, plan.step, "") for plan in open_.values() if plan.due_on is not None]


def _by_law(name: str, history: Sequence[Entry[LedgerStep]], deadline: Deadline) -> Due | None:
    """Return a verdict's deadline as a due day, None where it asks for nothing in this case.

    That a programme itself ends some day is no reason to remind anybody who has not begun with it.
    """
    rule = deadline.rule
    appeal = isinstance(rule, TimeLimit) and rule.clock == "appeal"
    due = Due(deadline.day, name, "appealed" if appeal else "filed", deadline.citation)
    if not history:
        return None if isinstance(rule, InForce) else due
    done = [entry.content for entry in history if not entry.content.planned]
    if any(_given_up(said) for said in done):
        return None
    # Whether an appeal was in time the verdict knows by itself; an earlier one is no answer to a later refusal.
    return None if not appeal and any(_settles(said, "filed", "source") for said in done) else due


def _settles(done: LedgerStep, step: str, who: str) -> bool:
    """Tell whether something that was done leaves nothing to do of a step that was due."""
    if _given_up(done):
        return True
    if done.step in _OWN and done.who not in _SOURCE:
        return done.step == step and done.who == who
    if step == "appealed":
        return done.step == "appealed"
    return _RANK[done.step] >= _RANK[step]


def _given_up(done: LedgerStep) -> bool:
    """Tell whether not the authority refused, but those whose reward it would be, or the reviewers."""
    return done.step == "refused" and done.who != "authority"


def _totals(name: str, ledgers: Sequence[ProgrammeLedger]) -> Totals:
    counts = Counter(ledger.state for ledger in ledgers)
    return Totals(
        programme=name,
        states=tuple((state, counts[state]) for state in (PLANNED, *STEPS) if counts[state]),
        awarded=_together(ledger.total("award") for ledger in ledgers),
        paid=_together(ledger.total("paid") for ledger in ledgers),
    )


def _added(amounts: Iterable[str]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for amount in amounts:
        number, _, currency = amount.partition(" ")
        sums[currency] = sums.get(currency, Decimal(0)) + Decimal(number)
    return sums


def _together(totals: Iterable[dict[str, Decimal]]) -> tuple[tuple[str, Decimal], ...]:
    sums: dict[str, Decimal] = {}
    for each in totals:
        for currency, amount in each.items():
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return tuple(sorted(sums.items()))
