"""Reviewers at work on one case log, without vault or intake: each knows some events and writes the next."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

from nacl.signing import SigningKey

from crypto.hybrid import HybridIdentity
from reviewer.case import Case
from reviewer.chain import Chains, Known, Past, chains
from reviewer.entry import Story, by_case, read
from reviewer.fold import Log, fold
from wire.approval import Approval, sign_approval
from wire.content import CaseOpened, DossierApproved, DossierProposed, OfficeConfirmed, OfficeProposed
from wire.content_kind import Content
from wire.draft import Draft, DraftExhibit
from wire.event import Event, commit, sign_event
from wire.office import Office
from wire.roster import Removed, Reviewer, Roster

INSTANCE = bytes(range(16))
TODAY = date(2026, 11, 25)
CASE = bytes(range(100, 116))
LETTER = bytes(range(32))


@dataclass
class Staff:
    """Everybody's keys, and the rosters so far, the one in force last."""

    ids: tuple[str, ...] = ("r1", "r2", "r3")
    approvals: int = 2
    rosters: list[Roster] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys: dict[str, SigningKey] = {}
        self.announce(self.ids)

    def announce(
        self, ids: Sequence[str], removed: dict[str, bytes | None] | None = None, approvals: int | None = None
    ) -> Roster:
        """Put a new roster in force."""
        for one in ids:
            self.keys.setdefault(one, SigningKey.generate())
        self.approvals = approvals or self.approvals
        roster = Roster(
            version=len(self.rosters) + 1,
            instance=INSTANCE,
            expires=date(2027, 6, 30),
            approvals=self.approvals,
            next_root=bytes(32),
            reviewers=tuple(Reviewer(one, f"Desk {one}", bytes(self.keys[one].verify_key)) for one in ids),
            removed=tuple(
                Removed(one, bytes(self.keys[one].verify_key), last) for one, last in (removed or {}).items()
            ),
        )
        self.rosters.append(roster)
        return roster

    @property
    def roster(self) -> Roster:
        """The one in force."""
        return self.rosters[-1]

    def desk(self, reviewer: str, *others: "Desk") -> "Desk":
        """A new desk of a reviewer that knows what some others know."""
        desk = Desk(self, reviewer)
        for other in others:
            desk.hear(other.known.values())
        return desk


@dataclass
class Desk:
    """What one reviewer knows, and their pen."""

    staff: Staff
    id: str
    known: dict[bytes, Known] = field(default_factory=dict)

    def hear(self, events: Iterable[Known]) -> None:
        """Take events in."""
        self.known.update({each.id: each for each in events})

    @property
    def chains(self) -> Chains:
        """The chains as known here."""
        return chains(self.known.values(), self.staff.roster)

    @property
    def log(self) -> Log:
        """The log as known here."""
        return fold(self.known.values(), self.staff.rosters)

    @property
    def story(self) -> Story:
        """The entries of the case that most tests are about."""
        return by_case(self.chains, read(self.chains)[0])[CASE]

    @property
    def case(self) -> Case:
        """The case that most tests are about."""
        return self.log.cases[CASE]

    def say(self, content: Content, past: Past | None = None) -> Known:
        """Write an event after all that is known here, or after something else."""
        past = past or self.chains.next_of(self.id)
        known = write(self.staff, self.id, past, content)
        self.hear([known])
        return known

    def open(self, *members: str, number: int = 1) -> Known:
        """Tell of the case's letter."""
        return self.say(opening(members or self.staff.ids, number))

    def propose(self, draft: Draft, proposer: str | None = None, roster: Roster | None = None) -> Known:
        """Propose a dossier."""
        return self.say(self.proposal(draft, proposer, roster))

    def proposal(self, draft: Draft, proposer: str | None = None, roster: Roster | None = None) -> DossierProposed:
        """A proposal as this desk would write it."""
        approval = self.sign(draft, proposer or self.id, roster or self.staff.roster)
        return DossierProposed(on=TODAY, case=CASE, draft=draft.encode(), dossier=digest_of(draft), approval=approval)

    def approve(self, proposal: Known, draft: Draft, past: Past | None = None, roster: Roster | None = None) -> Known:
        """Approve somebody's proposal."""
        approval = self.sign(draft, proposal.author, roster or self.staff.roster)
        return self.say(DossierApproved(on=TODAY, case=CASE, proposal=proposal.id, approval=approval), past)

    def sign(self, draft: Draft, proposer: str, roster: Roster) -> bytes:
        """The approval's envelope."""
        statement = Approval(INSTANCE, digest_of(draft), draft.office.digest, roster.digest, proposer, self.id)
        return sign_approval(statement, self.staff.keys[self.id]).encode()


def write(staff: Staff, author: str, past: Past, content: Content | bytes) -> Known:
    """Write an event with any past and content, however unwise."""
    opened = commit(content if isinstance(content, bytes) else content.encode())
    event = Event(INSTANCE, author, past.number, past.previous, past.heads, opened.commitment)
    return Known(sign_event(event, staff.keys[author]), opened)


def after(known: Known, *heads: Known) -> Past:
    """The past of the event that follows one, as its author."""
    return Past(known.number + 1, known.id, tuple(sorted(head.id for head in heads)))


def opening(members: Iterable[str], number: int = 1, letter: bytes | None = LETTER) -> CaseOpened:
    """What an app says when it opened the case's letter."""
    return CaseOpened(
        on=TODAY,
        case=CASE,
        letter=letter,
        number=number,
        tip=bytes(16) if letter else None,
        title="Ivory",
        members=tuple(sorted(members)),
        checked=True,
    )


class OfficeKeys:
    """An office with its secret halves."""

    @cached_property
    def signing(self) -> SigningKey:
        """What receipts are signed with."""
        return SigningKey.generate()

    @cached_property
    def office(self) -> Office:
        """The public half."""
        return Office("Customs", HybridIdentity.generate().recipient, bytes(self.signing.verify_key))


@cache
def customs() -> OfficeKeys:
    """The office that all tests write to."""
    return OfficeKeys()


def list_office(proposer: Desk, confirmer: Desk, office: Office | None = None) -> None:
    """Put an office on the organisation's list; both desks then know it."""
    office = office or customs().office
    proposed = proposer.say(OfficeProposed(on=TODAY, name=office.name, recipient=office.recipient.raw, key=office.key))
    confirmer.hear(proposer.known.values())
    confirmer.say(OfficeConfirmed(on=TODAY, proposal=proposed.id))
    proposer.hear(confirmer.known.values())


def draft_by(proposer: str, *exhibits: DraftExhibit, title: str = "Ivory") -> Draft:
    """A dossier as somebody would propose it."""
    return Draft(
        dossier=bytes(16),
        title=title,
        purpose="investigation",
        language="en",
        office=customs().office,
        proposer=proposer,
        on=TODAY,
        summary="A summary.",
        fields={},
        story="",
        exhibits=exhibits,
        custody=(),
    )


def digest_of(draft: Draft) -> bytes:
    """Stands for the hash of dossier.json, which the fold takes as it is told."""
    return hashlib.sha256(draft.encode()).digest()


def share(*desks: Desk) -> None:
    """Everybody hears everything."""
    for one in desks:
        for other in desks:
            one.hear(other.known.values())
