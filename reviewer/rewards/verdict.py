"""What the facts of a case come to for each programme (pure): open so far, shut out, or facts missing.

Never an amount, and never a promise: *open so far* says that no rule known here shuts the source out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import who_knows
from reviewer.rewards.rule import Finding, Rule
from reviewer.rewards.rules_source import Counsel, Filing
from reviewer.rewards.rules_time import TimeLimit

State = Literal["open", "shut", "missing"]
What = Literal["ask", "find_out", "counsel", "file", "wait", "appeal", "apply", "none"]

STATES: Final[tuple[State, ...]] = ("open", "missing", "shut")
"""In the order of a page: what can be paid first, what cannot be last."""

_WHOM: Final[dict[str, What]] = {"source": "ask", "reviewer": "find_out", "office": "wait"}


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


@dataclass(frozen=True, slots=True)
class _Found:
    """What the rules of one programme came to, sorted by state."""

    programme: Programme
    findings: list[Finding]
    broken: list[Finding]
    unknown: list[Finding]
    ranks: dict[str, int]


def judge(programme: Programme, facts: CaseFacts, today: date) -> Verdict:
    """Return what the facts come to for one programme on a day, as far as it stands alone. Never raises."""
    return _verdict(_find(programme, facts, today), {})


def judge_all(programmes: Sequence[Programme], facts: CaseFacts, today: date) -> tuple[Verdict, ...]:
    """Return a verdict for each programme, in their order, with what they do to each other. Never raises."""
    found = [_find(programme, facts, today) for programme in programmes]
    can_be_paid = [each.programme for each in found if not each.broken and not each.unknown]
    shut = {each.programme.id: others for each in found if (others := _instead(each, can_be_paid))}
    shared: dict[str, int] = {}
    for each in found:
        if each.programme.id not in shut:
            for name in each.ranks:
                shared[name] = shared.get(name, 0) + 1
    return tuple(
        _shut(each.programme, [rule.broken() for rule in each.programme.exclusive], shut[each.programme.id])
        if each.programme.id in shut
        else _verdict(each, shared)
        for each in found
    )


def open_questions(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Return what the case as a whole should ask: what can shut out first, and of that what most programmes ask."""
    missing = [verdict for verdict in arranged(verdicts) if verdict.state == "missing"]
    shared = Counter(name for verdict in missing for name in verdict.asks)
    return _in_order(_ranks([finding for verdict in missing for finding in verdict.reasons]), shared)


def arranged(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts as a page shows them: open, then missing, then shut; of each the closest to this case first."""

    def rank(verdict: Verdict) -> tuple[int, bool, bool, bool, int]:
        programme = verdict.programme
        # A programme of a country that nothing ties to the case yet is the less likely one.
        untied = any(name.startswith("link_") for name in verdict.asks)
        unclear = programme.amount == "unclear"
        return STATES.index(verdict.state), untied, not programme.wildlife, unclear, len(verdict.asks)

    return sorted(verdicts, key=rank)


def _find(programme: Programme, facts: CaseFacts, today: date) -> _Found:
    findings = [rule.find(facts, today) for rule in programme.rules]
    broken = [finding for finding in findings if finding.state == "broken"]
    unknown = [] if broken else [finding for finding in findings if finding.state == "unknown"]
    return _Found(programme, findings, broken, unknown, _ranks(unknown))


def _ranks(unknown: Iterable[Finding]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for finding in unknown:
        for name, rank in finding.ranked:
            if ranks.get(name, rank) >= rank:
                ranks[name] = rank
    return ranks


def _in_order(ranks: Mapping[str, int], shared: Mapping[str, int]) -> tuple[str, ...]:
    """Sort open questions by rank, then by how many programmes ask them, then by the order of the rules."""
    return tuple(sorted(ranks, key=lambda name: (ranks[name] << 16) - shared.get(name, 0)))


def _instead(found: _Found, can_be_paid: Iterable[Programme]) -> tuple[str, ...]:
    if found.broken or not found.programme.exclusive:
        return ()
    return tuple(
        other.id
        for other in can_be_paid
        if other.id != found.programme.id and other.jurisdiction == found.programme.jurisdiction
    )


def _verdict(found: _Found, shared: Mapping[str, int]) -> Verdict:
    if found.broken:
        return _shut(found.programme, found.broken, ())
    asks = _in_order(found.ranks, shared)
    running = [finding for finding in found.findings if finding.due is not None]
    return Verdict(
        programme=found.programme,
        state="missing" if found.unknown else "open",
        reasons=tuple(found.unknown or found.findings),
        reduced=tuple([finding for finding in found.findings if finding.reduced]),
        asks=asks,
        next_step=_next_step(running, found.unknown, asks),
        deadline=_deadline(running),
    )


def _shut(programme: Programme, broken: Iterable[Finding], instead: tuple[str, ...]) -> Verdict:
    return Verdict(programme, "shut", tuple(broken), (), (), Step("none"), None, instead)


def _deadline(running: Iterable[Finding]) -> Deadline | None:
    days = [Deadline(finding.due, finding.rule) for finding in running if finding.due is not None]
    return min(days, key=lambda deadline: deadline.day, default=None)


def _next_step(running: Iterable[Finding], unknown: Iterable[Finding], asks: tuple[str, ...]) -> Step:
    for finding in running:
        if isinstance(finding.rule, TimeLimit) and finding.rule.clock == "appeal":
            return Step("appeal")
    pending = [finding.rule for finding in unknown if finding.pending]
    if any(isinstance(rule, Counsel) for rule in pending):
        return Step("counsel")
    for rule in pending:
        if isinstance(rule, Filing):
            return Step("file", form=rule.form)
    return _ask(asks[0]) if asks else Step("apply")


def _ask(question: str) -> Step:
    return Step(_WHOM[who_knows(question)], question=question)
