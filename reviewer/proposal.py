"""Acts of a case that need two (pure): a dossier, the release of an original, an erasure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from reviewer.entry import Entry, Story, of
from reviewer.support import Rules, Support, Void
from wire.approval import Approval, check_approvals
from wire.content import (
    Confirmed,
    Content,
    DossierApproved,
    DossierProposed,
    DossierSent,
    EraseProposed,
    ReleaseProposed,
    Withdrawn,
)
from wire.draft import Draft
from wire.errors import ApprovalError, TooFewApprovalsError, WireError
from wire.roster import Roster

About = TypeVar("About", bound=Confirmed | DossierApproved | DossierSent | Withdrawn)


@dataclass(frozen=True)
class Proposal:
    """A proposal and how far it got.

    Attributes:
        id: the proposing event, 32 bytes.
        content: what is proposed.
        proposer: who proposed it.
        approvals: who stands behind it, the proposer first; empty when the proposer's own no longer counts.
        void: agreements that do not count, and why.
        state: ``open`` (more agreement needed), ``held``, ``blocked`` (see ``blocked_by``), ``approved``, ``sent``
            or ``withdrawn``.
        blocked_by: ``office`` (not on the organisation's list), ``original`` (one not released), ``draft``
            (unreadable), ``roster`` (it changed: propose anew) or None.
    """

    id: bytes
    content: DossierProposed | ReleaseProposed | EraseProposed
    proposer: str
    approvals: tuple[str, ...]
    void: tuple[Void, ...]
    state: str
    blocked_by: str | None = None


@dataclass(frozen=True)
class Setting:
    """What proposals of a case are held against.

    Attributes:
        story: the case's entries in order.
        rosters: every roster by its digest.
        roster: the one in force.
        recused: reviewers who do not act in the case.
        holds: every hold, ended or not.
        held: whether a hold stands now.
        offices: digests of the offices that the organisation agreed on.
    """

    story: Story
    rosters: Mapping[bytes, Roster]
    roster: Roster
    recused: Collection[str]
    holds: tuple[Entry[Content], ...]
    held: bool
    offices: Collection[bytes]

    def rules(self, roster: Roster) -> Rules:
        """The rules for agreements under a roster."""
        return Rules(self.story, roster, self.recused, self.holds)


def fold_proposals(setting: Setting) -> tuple[Proposal, ...]:
    """Return all proposals of a case, in order."""
    acts = [
        *(_act(setting, entry) for entry in setting.story.of(ReleaseProposed)),
        *(_act(setting, entry) for entry in setting.story.of(EraseProposed)),
    ]
    released = {
        each.content.sha256 for each in acts if isinstance(each.content, ReleaseProposed) and each.state == "approved"
    }
    dossiers = [_dossier(setting, entry, released) for entry in setting.story.of(DossierProposed)]
    place = {entry.id: place for place, entry in enumerate(setting.story.entries)}
    return tuple(sorted((*acts, *dossiers), key=lambda each: place[each.id]))


def _about(setting: Setting, kind: type[About], proposal: Entry[Content]) -> tuple[Entry[About], ...]:
    return tuple(entry for entry in setting.story.of(kind) if entry.content.proposal == proposal.id)


def _state(setting: Setting, proposal: Entry[Content], support: Support, roster: Roster) -> str:
    if any(setting.rules(roster).unfit(entry) is None for entry in _about(setting, Withdrawn, proposal)):
        return "withdrawn"
    if setting.held:
        return "held"
    return "approved" if support.suffices(roster) else "open"


def _names(support: Support) -> tuple[str, ...]:
    return (support.proposer, *support.others) if support.proposer else ()


def _act(setting: Setting, entry: Entry[ReleaseProposed] | Entry[EraseProposed]) -> Proposal:
    support = setting.rules(setting.roster).weigh(entry, _about(setting, Confirmed, entry))
    state = _state(setting, entry, support, setting.roster)
    return Proposal(entry.id, entry.content, entry.author, _names(support), support.void, state)


def _dossier(setting: Setting, entry: Entry[DossierProposed], released: Collection[bytes]) -> Proposal:
    content = entry.content
    roster = _roster_named(setting, content.approval)
    try:
        draft = Draft.decode(content.draft)
    except WireError:
        return Proposal(entry.id, content, entry.author, (), (), "blocked", "draft")
    sent = _about(setting, DossierSent, entry)
    if roster is None or (roster != setting.roster and not sent):
        return Proposal(entry.id, content, entry.author, (), (), "blocked", "roster")
    support = setting.rules(roster).weigh(
        entry, _about(setting, DossierApproved, entry), lambda each: _signature_holds(each, entry, draft, roster)
    )
    state, blocked_by = _state(setting, entry, support, roster), None
    if _was_sent(setting, entry, draft, roster):
        state = "sent"
    elif draft.office.digest not in setting.offices:
        state, blocked_by = "blocked", "office"
    elif not {one.sha256 for one in draft.exhibits if one.form == "original"} <= set(released):
        state, blocked_by = "blocked", "original"
    return Proposal(entry.id, content, entry.author, _names(support), support.void, state, blocked_by)


def _roster_named(setting: Setting, approval: bytes) -> Roster | None:
    try:
        return setting.rosters.get(Approval.decode(Envelope.decode(approval).payload).roster)
    except (WireError, CryptoError):
        return None


def _signature_holds(each: Entry[Content], proposal: Entry[DossierProposed], draft: Draft, roster: Roster) -> bool:
    """Hold one approval against the very function that the prosecutor's verifier calls."""
    others = of((each,), DossierApproved)
    try:
        _check(proposal, others, draft, roster)
    except TooFewApprovalsError:
        return True
    except (ApprovalError, CryptoError):
        return False
    return True


def _was_sent(setting: Setting, proposal: Entry[DossierProposed], draft: Draft, roster: Roster) -> bool:
    """Tell whether it was sent by somebody who had seen enough approvals; second thoughts do not undo a sending."""
    for sent in _about(setting, DossierSent, proposal):
        seen = {
            each.author: each
            for each in _about(setting, DossierApproved, proposal)
            if each.author != proposal.author
            and setting.story.precedes(each, sent)
            and _signature_holds(each, proposal, draft, roster)
        }
        try:
            _check(proposal, seen.values(), draft, roster)
        except (ApprovalError, CryptoError):
            continue
        return True
    return False


def _check(
    proposal: Entry[DossierProposed], approvals: Iterable[Entry[DossierApproved]], draft: Draft, roster: Roster
) -> tuple[str, ...]:
    envelopes = []
    for author, approval in (
        (proposal.author, proposal.content.approval),
        *((each.author, each.content.approval) for each in approvals),
    ):
        envelope = Envelope.decode(approval)
        if Approval.decode(envelope.payload).reviewer != author:
            raise ApprovalError("approvals: one is not by the author of its event")
        envelopes.append(envelope)
    return check_approvals(envelopes, proposal.content.dossier, draft.office.digest, roster, proposal.author)
