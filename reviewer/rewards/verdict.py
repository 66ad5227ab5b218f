"""What the facts of a case come to for each programme (pure): open so far, shut out, or facts missing.

Never an amount, and never a promise: *open so far* says that no rule known here shuts the source out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import find_question
from reviewer.rewards.rule import Finding, Rule
from reviewer.rewards.rules import NoOtherProgramme
from reviewer.rewards.rules_source import Counsel, Filing
from reviewer.rewards.rules_time import TimeLimit

State = Literal["open", "shut", "missing"]
What = Literal["ask", "find_out", "counsel", "file", "wait", "appeal", "apply", "none"]

STATES: Final[tuple[State, ...]] = ("open", "missing", "shut")
"""In the order of a page: what can be paid first, what cannot be last."""

_WHOM: Final[dict[str, What]] = {"source": "ask", "reviewer": "find_out", "office": "wait"}
_WHO_FIRST: Final = ("source", "reviewer", "office")


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next.

    Attributes:
        what: `ask` the source, `find_out` as reviewers, have the source find `counsel` or `file` a form, `wait` for an
            office's report, have the source `appeal` or `apply` to the authority; `none` where there is nothing to do.
        question: for `ask`, `find_out` and `wait`.
        form: for `file`.
    """

    what: What
    question: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for something, and where that stands."""

    day: date
    rule: Rule

    @property
    def citation(self) -> str:
        """Where it stands."""
        return self.rule.basis.citation


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the facts come to for one programme.

    Attributes:
        programme: the programme.
        state: `open` so far, `shut` out, or facts `missing`.
        reasons: findings that say why: the broken rules, or what is unknown, or all that holds.
        reduced: findings for which an award would be less.
        asks: open questions, the one that decides most first; none when shut out.
        next_step: what to do next.
        deadline: the first one that runs, None when none does.
        instead: ids of open programmes because of which this one is shut.
    """

    programme: Programme
    state: State
    reasons: tuple[Finding, ...]
    reduced: tuple[Finding, ...]
    asks: tuple[str, ...]
    next_step: Step
    deadline: Deadline | None
    instead: tuple[str, ...] = ()


def judge(programme: Programme, facts: CaseFacts, today: date) -> Verdict:
    """Return what the facts come to for one programme on a day, as far as it stands alone. Never raises."""
    findings = [rule.find(facts, today) for rule in programme.rules]
    broken = tuple(finding for finding in findings if finding.state == "broken")
    if broken:
        return Verdict(programme, "shut", broken, (), (), Step("none"), None)
    unknown = tuple(finding for finding in findings if finding.state == "unknown")
    asks = _in_order(unknown, Counter())
    return Verdict(
        programme=programme,
        state="missing" if unknown else "open",
        reasons=unknown or tuple(findings),
        reduced=tuple(finding for finding in findings if finding.reduced),
        asks=asks,
        next_step=_next_step(findings, unknown, asks),
        deadline=_deadline(findings),
    )


def judge_all(programmes: Sequence[Programme], facts: CaseFacts, today: date) -> tuple[Verdict, ...]:
    """Return a verdict for each programme, in their order, with what they do to each other. Never raises."""
    alone = tuple(judge(programme, facts, today) for programme in programmes)
    verdicts = tuple(_beside(verdict, alone) for verdict in alone)
    shared = Counter(name for verdict in verdicts for name in verdict.asks)
    return tuple(_weighed(verdict, shared) for verdict in verdicts)


def open_questions(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Return what the case as a whole should ask: what can shut out most programmes first, then what most ask."""
    listed = tuple(verdicts)
    shared = Counter(name for verdict in listed for name in verdict.asks)
    return _in_order([finding for verdict in listed for finding in verdict.reasons], shared)


def _in_order(unknown: Iterable[Finding], shared: Counter[str]) -> tuple[str, ...]:
    shutting: Counter[str] = Counter()
    first: dict[str, int] = {}
    for finding in unknown:
        for name in finding.asks:
            first.setdefault(name, len(first))
            shutting[name] += finding.rule.can_shut
    return tuple(
        sorted(
            first,
            key=lambda name: (
                _WHO_FIRST.index(find_question(name).asked) == 2,  # an office answers in its own time
                not shutting[name],
                -shared[name],
                first[name],
            ),
        )
    )


def _beside(verdict: Verdict, others: Iterable[Verdict]) -> Verdict:
    rules = [rule for rule in verdict.programme.rules if isinstance(rule, NoOtherProgramme)]
    if not rules or verdict.state == "shut":
        return verdict
    instead = tuple(
        other.programme.id
        for other in others
        if other.state == "open"
        and other.programme.id != verdict.programme.id
        and other.programme.jurisdiction == verdict.programme.jurisdiction
    )
    if not instead:
        return verdict
    broken = tuple(rule.broken() for rule in rules)
    return Verdict(verdict.programme, "shut", broken, (), (), Step("none"), None, instead)


def _weighed(verdict: Verdict, shared: Counter[str]) -> Verdict:
    if len(verdict.asks) < 2:
        return verdict
    asks = _in_order(verdict.reasons, shared)
    step = verdict.next_step
    if step.question:
        step = _ask(asks[0])
    return replace(verdict, asks=asks, next_step=step)


def _deadline(findings: Iterable[Finding]) -> Deadline | None:
    running = [Deadline(finding.due, finding.rule) for finding in findings if finding.due is not None]
    return min(running, key=lambda deadline: deadline.day, default=None)


def _next_step(findings: Iterable[Finding], unknown: Sequence[Finding], asks: tuple[str, ...]) -> Step:
    for finding in findings:
        if isinstance(finding.rule, TimeLimit) and finding.rule.clock == "appeal" and finding.due is not None:
            return Step("appeal")
    pending = [finding for finding in unknown if finding.pending]
    for finding in pending:
        if isinstance(finding.rule, Counsel):
            return Step("counsel")
    for finding in pending:
        if isinstance(finding.rule, Filing):
            return Step("file", form=finding.rule.form)
    return _ask(asks[0]) if asks else Step("apply")


def _ask(question: str) -> Step:
    return Step(_WHOM[find_question(question).asked], question=question)
