"""What forwarding or publishing could cost a source (pure): warnings from the rules of programmes that are not shut.

Nothing here is a list of its own: who must file what, who needs a lawyer, what being public does and which time runs
stand in the programmes. A warning is *open* until a fact says that it is done; steps of the ledger are facts, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.programme import Programme
from reviewer.rewards.rule import Finding, Rule
from reviewer.rewards.rules_case import Law, Link
from reviewer.rewards.rules_source import AlreadyPublic, Counsel, Filing, PublicDisclosureBar
from reviewer.rewards.rules_time import Limitation, TimeLimit
from reviewer.rewards.verdict import arranged, judge_all
from wire.content_asking import MOST_WARNINGS

Purpose = Literal["forward", "publish"]
Harm = Literal["file", "counsel", "public", "deadline"]

HARMS: Final[tuple[Harm, ...]] = ("file", "counsel", "public", "deadline")
"""In the order of a page."""


@dataclass(frozen=True, slots=True)
class RewardWarning:
    """One way in which going ahead could cost the source an award of one programme.

    Attributes:
        programme: the programme.
        harm: the source's own form is not filed; they lack the lawyer without whom they are not anonymous; it becomes
            public; or a time runs that we do not hold up.
        rule: says so, with its citation.
        due: the last day, None where none is known.
        form: of `file`, what must be filed.
    """

    programme: Programme
    harm: Harm
    rule: Rule
    due: date | None = None
    form: str = ""

    @property
    def citation(self) -> str:
        """Where it stands."""
        return self.rule.citation

    @property
    def name(self) -> str:
        """What a decision in the case log calls it: `us-sec/file`."""
        return f"{self.programme.id}/{self.harm}"


def find_warnings(
    programmes: Sequence[Programme], facts: CaseFacts, today: date, purpose: Purpose
) -> tuple[RewardWarning, ...]:
    """Return what is open, the programmes that are closest to the case first; of one programme one warning a harm.

    A programme can be lost only where it could be had: the source does not say that they wish no reward (`find_wish`),
    nothing shuts them out of it, and either they wish one or something is recorded that ties the case to it.

    Args:
        programmes: all that there are.
        facts: what is known in the case.
        today: UTC.
        purpose: what is about to happen.

    Returns:
        At most 100.
    """
    wish = find_wish(facts)
    if wish == "no":
        return ()
    found: dict[str, RewardWarning] = {}
    for verdict in arranged(judge_all(programmes, facts, today)):
        programme = verdict.programme
        if verdict.state == "shut" or not (wish == "yes" or is_tied(programme, facts)):
            continue
        for rule in programme.rules:
            warning = _warning(programme, rule.find(facts, today), facts, purpose)
            if warning is not None:
                found.setdefault(warning.name, warning)
    return tuple(found.values())[:MOST_WARNINGS]


def find_wish(facts: CaseFacts) -> Literal["yes", "no", ""]:
    """Return whether the source wishes a reward; empty where nobody knows.

    A yes of their own letters is outweighed by a letter alone: one reviewer who records a no would else take away every
    warning, at every other reviewer too.
    """
    own = CaseFacts(tuple(fact for fact in facts.of("reward_wish") if fact.from_letter and not fact.answer.open))
    written, recorded = own.now("reward_wish"), facts.now("reward_wish")
    if written is not None and written.answer.text == "yes":
        return "yes"
    if recorded is None:
        return ""
    return "yes" if recorded.answer.text == "yes" else "no"


def is_tied(programme: Programme, facts: CaseFacts) -> bool:
    """Tell whether something is recorded that ties the case to a programme: its country, or that its law was broken."""
    ties = (rule.questions[0] for rule in programme.rules if isinstance(rule, Link | Law))
    return any((fact := facts.now(question)) is not None and fact.answer.text == "yes" for question in ties)


def _warning(programme: Programme, finding: Finding, facts: CaseFacts, purpose: Purpose) -> RewardWarning | None:
    rule = finding.rule
    match rule:
        case Filing(form=form) if finding.state == "unknown":
            return RewardWarning(programme, "file", rule, form=form)
        case Counsel() if finding.state == "unknown":
            return RewardWarning(programme, "counsel", rule)
        case AlreadyPublic() if purpose == "publish" or isinstance(rule, PublicDisclosureBar):
            return RewardWarning(programme, "public", rule)
        case TimeLimit() | Limitation() if _runs(finding, facts):
            return RewardWarning(programme, "deadline", rule, due=finding.due)
    return None


def _runs(finding: Finding, facts: CaseFacts) -> bool:
    """Tell whether a time runs: to a last day, or since a day that nobody has told yet. Filing ends all but appeals."""
    rule = finding.rule
    appeal = isinstance(rule, TimeLimit) and rule.clock == "appeal"
    filed = facts.now(f"filed_{rule.basis.law}")
    if filed is not None and filed.answer.text == "yes" and not appeal:
        return False
    since = rule.questions[1:2] if isinstance(rule, TimeLimit) else ()
    return finding.due is not None or (finding.state == "unknown" and finding.asks == since)
