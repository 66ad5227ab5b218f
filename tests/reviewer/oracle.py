"""What must hold of any log, found the slow and plain way from what an app holds, not by the fold."""

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from reviewer.case import Case
from reviewer.proposal import Proposal
from tests.reviewer.simulation import LIAR, App, said
from wire.approval import PAYLOAD_TYPE, Approval
from wire.content import (
    CaseOpened,
    Confirmed,
    DossierApproved,
    DossierProposed,
    DossierSent,
    Erased,
    Held,
    Joined,
    Recused,
    Resumed,
)
from wire.content_kind import CaseContent, Content
from wire.event import Event


class Oracle:
    """One app's events, searched plainly."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.events: dict[bytes, Event] = {each: signed.event for each, signed in app.events.items()}
        self.pasts = self._pasts()
        self.void = self._void()
        self.says: dict[bytes, Content] = {
            each: content
            for each, opened in app.opened.items()
            if each in self.pasts and each not in self.void and (content := said(opened)) is not None
        }

    def _pasts(self) -> dict[bytes, frozenset[bytes]]:
        """Everything that counts, with all that it had seen: found by going round until nothing changes."""
        pasts: dict[bytes, frozenset[bytes]] = {}
        grown = True
        while grown:
            grown = False
            for each, event in self.events.items():
                if each not in pasts and all(cited in pasts for cited in event.cited) and self._follows(event):
                    pasts[each] = frozenset(event.cited).union(*(pasts[cited] for cited in event.cited))
                    grown = True
        return pasts

    def _follows(self, event: Event) -> bool:
        before = None if event.previous is None else self.events[event.previous]
        return before is None or (before.author, before.number + 1) == (event.author, event.number)

    def _void(self) -> frozenset[bytes]:
        void: set[bytes] = set()
        for removed in self.app.roster.removed:
            theirs = {each for each in self.pasts if self.events[each].author == removed.id}
            counted: set[bytes] = set()
            last = removed.last_event
            while last in theirs:
                assert last is not None
                counted.add(last)
                last = self.events[last].previous
            void |= theirs - counted
        return frozenset(void)

    def unforked(self, event: bytes) -> bool:
        """Whether an event stands before every fork of its author."""
        author, number = self.events[event].author, self.events[event].number
        numbers = [each.number for each in self.events.values() if each.author == author]
        return all(numbers.count(other) == 1 for other in numbers if other <= number)

    def of(self, case: Case, kind: type[CaseContent]) -> list[bytes]:
        """What the case's own first members say of a kind."""
        opened = [each for each in self.says.values() if isinstance(each, CaseOpened) and each.case == case.id]
        members = {name for each in opened if each.number <= 1 for name in each.members}
        return [
            each
            for each, content in self.says.items()
            if isinstance(content, kind) and content.case == case.id and self.events[each].author in members
        ]

    def check_approved(self, case: Case, proposal: Proposal) -> None:
        """Nothing is approved but by enough fit reviewers who had seen all that they should."""
        roster = self.app.roster
        assert len(set(proposal.approvals)) == len(proposal.approvals) >= roster.approvals
        assert proposal.approvals[0] == proposal.proposer == self.events[proposal.id].author
        for hold in self.of(case, Held):
            ended = [each for each, said in self.says.items() if isinstance(said, Resumed) and said.case == case.id]
            assert any(hold in self.pasts[each] for each in ended)
        for name in proposal.approvals:
            assert name in roster.ids
            agreements = [proposal.id] if name == proposal.proposer else self._approvals(proposal, name)
            assert any(self._fit(case, proposal, each) for each in agreements)

    def check_erasure(self, proposal: Proposal) -> None:
        """A case is not erased by one, and stays erased once an honest app erased it on honest reviewers' word."""
        agreed = {proposal.proposer} | {
            self.events[each].author
            for each, said in self.says.items()
            if isinstance(said, Confirmed) and said.proposal == proposal.id
        }
        if proposal.state == "approved":
            assert len(agreed) >= 2
        carried_out = {
            self.events[each].author
            for each, said in self.says.items()
            if isinstance(said, Erased) and said.proposal == proposal.id
        }
        if carried_out - {LIAR} and LIAR not in agreed:
            assert proposal.state == "approved"

    def _approvals(self, proposal: Proposal, name: str) -> list[bytes]:
        return [
            each
            for each, said in self.says.items()
            if isinstance(said, DossierApproved) and said.proposal == proposal.id and self.events[each].author == name
        ]

    def _fit(self, case: Case, proposal: Proposal, event: bytes) -> bool:
        seen = self.pasts[event]
        own = event == proposal.id
        return (
            self.unforked(event)
            and self._signed(proposal, event)
            and self._under_roster(event)
            and (own or (proposal.id in seen and all(hold in seen for hold in self.of(case, Held))))
            and all(self._back(recusal, event) for recusal in self._recusals(case, self.events[event].author))
        )

    def _recusals(self, case: Case, name: str) -> list[bytes]:
        recusals = self.of(case, Recused)
        return [each for each in recusals if isinstance(said := self.says[each], Recused) and said.reviewer == name]

    def _back(self, recusal: bytes, event: bytes) -> bool:
        name = self.events[event].author
        return any(
            isinstance(said, Joined)
            and said.reviewer == name
            and self.events[join].author != name
            and recusal in self.pasts[join]
            and join in self.pasts[event]
            for join, said in self.says.items()
        )

    def _under_roster(self, event: bytes) -> bool:
        content = self.says[event]
        assert isinstance(content, DossierProposed | DossierApproved)
        return Approval.decode(Envelope.decode(content.approval).payload).roster == self.app.roster.digest

    def _signed(self, proposal: Proposal, event: bytes) -> bool:
        content = self.says[event]
        assert isinstance(content, DossierProposed | DossierApproved)
        assert isinstance(proposal.content, DossierProposed)
        author = self.events[event].author
        keys = {one.id: one.key for roster in self.app.world.staff.rosters for one in roster.reviewers}
        try:
            envelope = Envelope.decode(content.approval)
            envelope.verify(PAYLOAD_TYPE, {keys[author]})
        except CryptoError:
            return False
        approval = Approval.decode(envelope.payload)
        return (approval.dossier, approval.reviewer) == (proposal.content.dossier, author)

    def check_sent(self, proposal: Proposal) -> None:
        """Nothing counts as sent but with enough signatures that its sender had seen."""
        senders = [
            each for each, said in self.says.items() if isinstance(said, DossierSent) and said.proposal == proposal.id
        ]
        assert any(self._seen_enough(proposal, sent) for sent in senders)

    def _seen_enough(self, proposal: Proposal, sent: bytes) -> bool:
        seen = {
            self.events[each].author
            for each, said in self.says.items()
            if isinstance(said, DossierApproved)
            and said.proposal == proposal.id
            and each in self.pasts[sent]
            and self._signed(proposal, each)
        }
        return self._signed(proposal, proposal.id) and len(seen | {proposal.proposer}) >= 2
