"""Going ahead although it could cost the source an award: only with a decision, which stands in the case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.acts.desk_work import Hand, Look, Work, one_line
from reviewer.acts.knowing import known_facts
from reviewer.case import Case
from reviewer.entry import Entry, of
from reviewer.errors import ActError
from reviewer.proposal import Proposal
from reviewer.rewards.programme import Programme
from reviewer.rewards.warnings import Purpose, RewardWarning, find_warnings
from wire.content import DossierProposed
from wire.content_asking import Decided

CHOICES: Final = ("told", "anyway")


@dataclass(frozen=True)
class Decision:
    """What a reviewer chose before going ahead.

    Attributes:
        choice: ``told`` (the source was), ``anyway``, or empty: nothing was chosen.
        reason: why all the same; needed for ``anyway``.
    """

    choice: str = ""
    reason: str = ""


UNDECIDED: Final = Decision()


def open_warnings(
    look: Look, case: Case, programmes: Sequence[Programme], purpose: Purpose
) -> tuple[RewardWarning, ...]:
    """Return what forwarding or publishing a case could cost its source, as this app knows the case today."""
    return find_warnings(programmes, known_facts(look, case, programmes).facts, look.desk.today(), purpose)


def decided(
    work: Work, case: Case, programmes: Sequence[Programme], purpose: Purpose, decision: Decision, dossier: bytes | None
) -> None:
    """Write the decision to go ahead into the case; with no warning open there is nothing to decide.

    Args:
        work: the act that goes ahead.
        case: which case.
        programmes: whose rules warn.
        purpose: what is about to happen.
        decision: as the reviewer chose.
        dossier: SHA-256 (32 bytes) of the dossier.json that is proposed; None when publishing.

    Raises:
        ActError: warnings are open and nothing was chosen, or the reason is missing.
    """
    warnings = open_warnings(work, case, programmes, purpose)
    if not warnings:
        return
    if decision.choice not in CHOICES:
        raise ActError(
            "this could cost the source an award: tell them first, then say that they were told, or why it goes ahead "
            "all the same"
        )
    told, reason = decision.choice == "told", one_line(decision.reason)
    if not told and not reason:
        raise ActError("say why it goes ahead all the same; the other reviewers read it")
    names = tuple(sorted(warning.name for warning in warnings))
    work.pen.write(
        Decided(
            on=work.desk.today(),
            case=case.id,
            purpose=purpose,
            dossier=dossier,
            warnings=names,
            told=told,
            reason=reason,
        )
    )


def publish(hand: Hand, case_id: bytes, programmes: Sequence[Programme], decision: Decision) -> None:
    """Record the decision to publish something of a case.

    Raises:
        ActError: nothing was chosen, the reason is missing, or there is nothing to decide.
    """
    with hand.work() as work:
        case = work.case(case_id)
        if not open_warnings(work, case, programmes, "publish"):
            raise ActError("nothing is open that publishing could cost the source; there is nothing to decide")
        decided(work, case, programmes, "publish", decision, None)


def decision_on(case: Case, proposal: Proposal) -> Entry[Decided] | None:
    """Return the decision with which a dossier was proposed, None where its proposer wrote none."""
    content = proposal.content
    if not isinstance(content, DossierProposed):
        return None
    own = (entry for entry in of(case.entries, Decided) if entry.author == proposal.proposer)
    return next((entry for entry in own if entry.content.dossier == content.dossier), None)


def published(case: Case) -> tuple[Entry[Decided], ...]:
    """Return the decisions to publish."""
    return tuple(entry for entry in of(case.entries, Decided) if entry.content.purpose == "publish")


def undecided(warnings: Sequence[RewardWarning], decision: Entry[Decided] | None) -> tuple[RewardWarning, ...]:
    """Return the open warnings that a decision does not name."""
    named: Collection[str] = () if decision is None else decision.content.warnings
    return tuple(warning for warning in warnings if warning.name not in named)
