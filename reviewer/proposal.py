"""Acts of a case that need two (pure): a dossier, the release of an original or of a claim, an erasure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, TypeVar

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from reviewer.entry import Entry, of
from reviewer.setting import Setting
from reviewer.support import Support, Void
from wire.approval import Approval, check_approvals
from wire.content import (
    AnswerImported,
    Confirmed,
    DossierApproved,
    DossierProposed,
    DossierSent,
    EraseProposed,
    ReleaseProposed,
    Withdrawn,
)
from wire.content_kind import Content
from wire.draft import Draft
from wire.errors import ApprovalError, TooFewApprovalsError, WireError
from wire.receipt import Receipt, open_receipt
from wire.roster import Roster

About = TypeVar("About", bound=Confirmed | DossierApproved | DossierSent | Withdrawn | AnswerImported)
Act: TypeAlias = Entry[ReleaseProposed] | Entry[EraseProposed]


@dataclass(frozen=True)
class OfficeAnswer:
    """A receipt, question or outcome that an office signed, and how it came into the case log.

    Attributes:
        receipt: what it says; its signature was verified, and it answers this very dossier.
        office: the office's name.
        event: the importing event, 32 bytes.
        author: id of the reviewer who imported it.
        on: the day of that, UTC.
    """

    receipt: Receipt
    office: str
    event: bytes
    author: str
    on: date


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
            or ``withdrawn``. An erasure that an app rightly carried out stays ``approved``.
        blocked_by: ``office`` (not on the organisation's list), ``claim`` or ``original`` (one not released),
            ``draft`` (unreadable, its attestations do not hold, or in another's name), ``roster`` (it changed: propose
            anew) or None.
        answers: receipts, questions and outcomes that the office signed.
    """

    id: bytes
    content: DossierProposed | ReleaseProposed | EraseProposed
    proposer: str
    approvals: tuple[str, ...]
    void: tuple[Void, ...]
    state: str
    blocked_by: str | None = None
    answers: tuple[OfficeAnswer, ...] = ()


def fold_proposals(setting: Setting) -> tuple[Proposal, ...]:
    """Return all proposals of a case, in order."""
    acts = [
        *(_act(setting, entry) for entry in setting.story.of(ReleaseProposed)),
        *(_act(setting, entry) for entry in setting.story.of(EraseProposed)),
    ]
    released = _released(setting)
    dossiers = [_dossier(setting, entry, released) for entry in setting.story.of(DossierProposed)]
    place = {entry.id: place for place, entry in enumerate(setting.story.entries)}
    return tuple(sorted((*acts, *dossiers), key=lambda each: place[each.id]))


def rightly_sent(setting: Setting, sent: Entry[DossierSent]) -> bool:
    """Tell whether a dossier was approved, under the roster that it names, by all that its sender had seen."""
    for proposal in setting.story.of(DossierProposed):
        roster = roster_named(setting.rosters, proposal.content.approval)
        if proposal.id == sent.content.proposal and roster is not None and setting.story.precedes(proposal, sent):
            seen = setting.as_seen_by(sent, roster)
            return _dossier(seen, proposal, _released(seen)).state in {"approved", "sent"}
    return False


def _released(setting: Setting) -> frozenset[bytes]:
    return frozenset(
        entry.content.sha256 for entry in setting.story.of(ReleaseProposed) if _act(setting, entry).state == "approved"
    )


def _about(setting: Setting, kind: type[About], proposal: Entry[Content]) -> tuple[Entry[About], ...]:
    return tuple(entry for entry in setting.story.of(kind) if entry.content.proposal == proposal.id)


def _state(setting: Setting, proposal: Entry[Content], support: Support, roster: Roster) -> str:
    if _about(setting, Withdrawn, proposal):
        return "withdrawn"
    if setting.holds:
        return "held"
    return "approved" if support.suffices(roster) else "open"


def _names(support: Support) -> tuple[str, ...]:
    return (support.proposer, *support.others) if support.proposer else ()


def _act(setting: Setting, entry: Act) -> Proposal:
    support = setting.rules(setting.roster).weigh(entry, _about(setting, Confirmed, entry))
    state = _state(setting, entry, support, setting.roster)
    if state != "approved" and isinstance(entry.content, EraseProposed) and _carried_out(setting, entry):
        state = "approved"
    return Proposal(entry.id, entry.content, entry.author, _names(support), support.void, state)


def _carried_out(setting: Setting, proposal: Act) -> bool:
    """Tell whether an app destroyed the case rightly: what came later, or was not seen, does not bring it back.

    Who agreed may have left since, so older rosters serve; but none that asked for fewer.
    """
    rosters = [each for each in setting.rosters if each.approvals >= setting.roster.approvals]
    return any(
        _act(setting.as_seen_by(erased, roster), proposal).state == "approved"
        for erased in setting.erased
        if erased.content.proposal == proposal.id and setting.story.precedes(proposal, erased)
        for roster in rosters
    )


def _dossier(setting: Setting, entry: Entry[DossierProposed], released: Collection[bytes]) -> Proposal:
    content = entry.content
    roster = roster_named(setting.rosters, content.approval)
    draft = _draft(content.draft, roster)
    if draft is None or roster is None:
        if _about(setting, Withdrawn, entry):
            return Proposal(entry.id, content, entry.author, (), (), "withdrawn")
        return Proposal(entry.id, content, entry.author, (), (), "blocked", "draft" if draft is None else "roster")
    support = setting.rules(roster).weigh(
        entry, _about(setting, DossierApproved, entry), lambda each: _signature_holds(each, entry, draft, roster)
    )
    state, blocked_by = _state(setting, entry, support, roster), None
    if _was_sent(setting, entry, draft, roster):
        state = "sent"
    elif state != "withdrawn":
        blocked_by = _block(setting, entry, draft, roster, released)
        state = "blocked" if blocked_by else state
    answers = _answers(setting, entry, draft)
    return Proposal(entry.id, content, entry.author, _names(support), support.void, state, blocked_by, answers)


def _draft(untrusted: bytes, roster: Roster | None) -> Draft | None:
    """Return a draft that can be read, and whose attestations hold: an app that cannot show it must not count it."""
    try:
        draft = Draft.decode(untrusted)
        if roster is not None:
            draft.shown(roster)
    except WireError:
        return None
    return draft


def _block(
    setting: Setting, entry: Entry[DossierProposed], draft: Draft, roster: Roster, released: Collection[bytes]
) -> str | None:
    if roster != setting.roster:
        return "roster"
    if draft.proposer != entry.author:
        return "draft"
    if draft.office not in setting.offices:
        return "office"
    if draft.claim is not None and draft.claim.digest not in released:
        return "claim"
    originals = {one.sha256 for one in draft.exhibits if one.form == "original"}
    return None if originals <= set(released) else "original"


def roster_named(rosters: Iterable[Roster], approval: bytes) -> Roster | None:
    """Return the roster under which an approval says that it was given; None when there was no such roster."""
    try:
        named = Approval.decode(Envelope.decode(approval).payload).roster
    except (WireError, CryptoError):
        return None
    return next((each for each in rosters if each.digest == named), None)


def _answers(setting: Setting, entry: Entry[DossierProposed], draft: Draft) -> tuple[OfficeAnswer, ...]:
    answers = []
    for each in _about(setting, AnswerImported, entry):
        try:
            receipt = open_receipt(Envelope.decode(each.content.answer), draft.office, entry.content.dossier)
        except (WireError, CryptoError):
            continue
        answers.append(OfficeAnswer(receipt, draft.office.name, each.id, each.author, each.content.on))
    return tuple(answers)


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
    """Tell whether it was sent with enough signatures that its sender had seen: an office would accept it.

    Second thoughts do not undo a sending. Whether it should have been sent is another question (`rightly_sent`).
    """
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
