"""Dossiers: proposed, rebuilt and approved by others. Releases and erasures, by two as well."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reviewer.acts.attesting import check_letters
from reviewer.acts.deciding import UNDECIDED, Decision, decided
from reviewer.acts.desk_work import Hand, Look, Work, one_line, required
from reviewer.acts.drafting import commitment_with
from reviewer.case import Case
from reviewer.desk import rosters
from reviewer.errors import ActError
from reviewer.proposal import Proposal, roster_named
from reviewer.rewards.programme import Programme
from reviewer.store import letters
from wire.approval import Approval, sign_approval
from wire.content import Confirmed, DossierApproved, DossierProposed, EraseProposed, ReleaseProposed, Withdrawn
from wire.dossier import dossier_json
from wire.draft import Draft
from wire.roster import Roster


def propose(
    hand: Hand, case_id: bytes, draft: Draft, programmes: Sequence[Programme], decision: Decision = UNDECIDED
) -> bytes:
    """Propose a dossier as it would be sent, with the proposer's own approval; returns the proposal's id (32 bytes).

    Args:
        hand: the proposer.
        case_id: 16 bytes.
        draft: what would be sent.
        programmes: the reward programmes that there are: their rules tell what forwarding could cost the source.
        decision: to go ahead all the same; needed, and written into the case, only where warnings are open.

    Raises:
        DossierError: the draft is too long or out of bounds.
        ActError: nothing was decided on the warnings that are open, the case does not allow it, or an exhibit of the
            draft is not in the vault.
    """
    with hand.work() as work:
        case = work.case(case_id)
        _check_exhibits(work, case_id, draft)
        _check_claim(work, case_id, draft)
        check_letters(work, case, draft, work.roster)
        digest = hashlib.sha256(dossier_json(draft, work.roster)).digest()
        decided(work, case, programmes, "forward", decision, digest)
        approval = _sign(work, draft, digest)
        content = DossierProposed(
            on=hand.desk.today(), case=case_id, draft=draft.encode(), dossier=digest, approval=approval
        )
        return work.pen.write(content)


def _sign(work: Work, draft: Draft, digest: bytes) -> bytes:
    statement = Approval(
        instance=work.roster.instance,
        dossier=digest,
        office=draft.office.digest,
        roster=work.roster.digest,
        proposer=draft.proposer,
        reviewer=work.desk.id,
    )
    return sign_approval(statement, work.desk.signing).encode()


def _check_exhibits(work: Look, case_id: bytes, draft: Draft) -> None:
    for exhibit in draft.exhibits:
        file = letters.file_of(work.connection, case_id, exhibit.sha256)
        if file is None or (file.sha512, file.length) != (exhibit.sha512, exhibit.size):
            raise ActError("an exhibit of the dossier is not in this vault as it is described; sync and look again")


def _check_claim(work: Look, case_id: bytes, draft: Draft) -> None:
    if draft.claim is not None and commitment_with(work, case_id, draft.claim.digest) != draft.claim:
        raise ActError("the claim of the dossier is not as the letter in this vault has it; do not approve it, talk")


def find_proposal(case: Case, proposal: bytes) -> Proposal:
    """Return a proposal of a case by its id; `ActError` if there is none."""
    for known in case.proposals:
        if known.id == proposal:
            return known
    raise ActError("there is no such proposal in this case")


@dataclass(frozen=True)
class Rebuilt:
    """What an approver's app made of a proposal by itself.

    Attributes:
        draft: as proposed.
        roster: under which it was proposed; the one in force where that is not known here.
        json: dossier.json as it would stand in the bag.
        digest: SHA-256 (32 bytes) of it.
        matches: whether that is the digest which the proposer signed.
        exhibits_here: whether every exhibit lies in this vault with the sizes and hashes described.
        claim_here: whether its claim, if it has one, is that of a letter in this vault.
        known_here: whether what it says of the date of letters is all that counts in this vault.
    """

    draft: Draft
    roster: Roster
    json: bytes
    digest: bytes
    matches: bool
    exhibits_here: bool
    claim_here: bool
    known_here: bool


def rebuild(work: Look, case_id: bytes, proposal: Proposal) -> Rebuilt:
    """Rebuild a proposed dossier from its draft and the roster, as this app has it, under which it was proposed.

    Raises:
        ActError: it is no dossier.
        DossierError: the draft is none, or its proposer is not on the roster.
        AttestationError: what it says of when a letter was known does not hold.
    """
    content = proposal.content
    if not isinstance(content, DossierProposed):
        raise ActError("that is no dossier; confirm it on its own page")
    draft = Draft.decode(content.draft)
    roster = roster_named(rosters(work.connection), content.approval) or work.roster
    written = dossier_json(draft, roster)
    digest = hashlib.sha256(written).digest()
    return Rebuilt(
        draft,
        roster,
        written,
        digest,
        matches=digest == content.dossier,
        exhibits_here=_holds(lambda: _check_exhibits(work, case_id, draft)),
        claim_here=_holds(lambda: _check_claim(work, case_id, draft)),
        known_here=_holds(lambda: check_letters(work, work.readable(case_id), draft, roster, proposal.id)),
    )


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except ActError:
        return False
    return True


def approve(hand: Hand, case_id: bytes, proposal: bytes) -> None:
    """Approve a dossier after rebuilding it here; what is signed is what this app wrote itself.

    Raises:
        ActError: it is one's own, not open, not the same when rebuilt, or something of it is not here.
        WireError: it cannot be rebuilt (`rebuild`).
    """
    with hand.work() as work:
        case = work.case(case_id)
        known = find_proposal(case, proposal)
        if known.proposer == hand.desk.id:
            raise ActError("another reviewer must approve what you proposed")
        if hand.desk.id in known.approvals:
            raise ActError("you have approved this dossier already")
        rebuilt = rebuild(work, case_id, known)
        if rebuilt.roster != work.roster:
            raise ActError("the roster has changed since the dossier was proposed; propose it anew")
        if not rebuilt.matches:
            raise ActError("rebuilt here, the dossier is another one than was proposed; do not approve it, talk")
        if not rebuilt.exhibits_here:
            raise ActError("an exhibit of the dossier is not in this vault as it is described; sync and look again")
        _check_claim(work, case_id, rebuilt.draft)
        check_letters(work, case, rebuilt.draft, rebuilt.roster, proposal)
        approval = _sign(work, rebuilt.draft, rebuilt.digest)
        work.pen.write(DossierApproved(on=hand.desk.today(), case=case_id, proposal=proposal, approval=approval))


def propose_release(hand: Hand, case_id: bytes, sha256: bytes, reason: str) -> bytes:
    """Propose to let an original leave as it is, metadata and all."""
    with hand.work() as work:
        work.case(case_id)
        if letters.file_of(work.connection, case_id, sha256) is None:
            raise ActError("that file is not in this vault")
        words = required(one_line(reason), ActError("the reason is missing; write it and try again"))
        return work.pen.write(ReleaseProposed(on=hand.desk.today(), case=case_id, sha256=sha256, reason=words))


def propose_erasure(hand: Hand, case_id: bytes, reason: str) -> bytes:
    """Propose to destroy the case: its keys, contents, letters and files, in every honest app."""
    with hand.work() as work:
        work.case(case_id)
        words = required(one_line(reason), ActError("the reason is missing; write it and try again"))
        return work.pen.write(EraseProposed(on=hand.desk.today(), case=case_id, reason=words))


def confirm(hand: Hand, case_id: bytes, proposal: bytes) -> None:
    """Agree to a release or an erasure that another reviewer proposed."""
    with hand.work() as work:
        known = find_proposal(work.case(case_id), proposal)
        if isinstance(known.content, DossierProposed):
            raise ActError("a dossier is approved on its own page")
        if known.proposer == hand.desk.id:
            raise ActError("another reviewer must confirm what you proposed")
        work.pen.write(Confirmed(on=hand.desk.today(), case=case_id, proposal=proposal))


def withdraw(hand: Hand, case_id: bytes, proposal: bytes) -> None:
    """Take a proposal back, one's own or another's."""
    with hand.work() as work:
        known = find_proposal(work.case(case_id), proposal)
        if known.state in {"sent", "withdrawn"}:
            raise ActError("it is too late to withdraw this")
        work.pen.write(Withdrawn(on=hand.desk.today(), case=case_id, proposal=proposal))
