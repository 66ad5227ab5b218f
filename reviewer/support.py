"""Who stands behind a proposal (pure): the one place that decides whether a second signature counts.

The careful side wins: an agreement counts only when its author had seen the proposal and every hold,
is another reviewer than the proposer and than every other one counted, is on the roster, acts in the
case, was not recused since, and has not forked their chain.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from reviewer.entry import Entry, Story
from reviewer.standing import Standing
from wire.content_kind import Content
from wire.errors import RosterError
from wire.roster import Roster


@dataclass(frozen=True)
class Void:
    """An agreement that does not count, and why.

    Attributes:
        author: whose it was.
        reason: ``own``, ``twice``, ``roster``, ``member`` (never given the case), ``recused``, ``fork``, ``unseen``
            (the proposal), ``hold`` or ``signature``.
    """

    author: str
    reason: str


@dataclass(frozen=True)
class Support:
    """Who stands behind a proposal.

    Attributes:
        proposer: None when the proposer's own signature no longer counts.
        others: reviewers other than the proposer whose agreement counts.
        void: agreements that do not.
    """

    proposer: str | None
    others: tuple[str, ...]
    void: tuple[Void, ...]

    def suffices(self, roster: Roster) -> bool:
        """Tell whether the number of distinct reviewers that the roster requires is reached."""
        return self.proposer is not None and 1 + len(self.others) >= roster.approvals


@dataclass(frozen=True)
class Rules:
    """What agreements are held against.

    Attributes:
        story: the entries and their order.
        roster: the one that must list every author.
        standing: who acts in the case; None for what concerns the whole organisation.
        holds: the latest holds, ended or not; who had seen them had seen all.
    """

    story: Story
    roster: Roster
    standing: Standing | None = None
    holds: tuple[Entry[Content], ...] = ()

    def unfit(self, entry: Entry[Content]) -> str | None:
        """Return why an author's entry cannot count, whatever it says."""
        try:
            self.roster.by_id(entry.author)
        except RosterError:
            return "roster"
        if self.standing is not None:
            if not self.standing.unhindered(entry):
                return "recused"
            if self.standing.first and entry.author not in self.standing.members:
                return "member"
        return "fork" if self.story.chains.forked(entry.id) else None

    def weigh(
        self,
        proposal: Entry[Content],
        agreements: Iterable[Entry[Content]],
        signed: Callable[[Entry[Content]], bool] = lambda _entry: True,
    ) -> Support:
        """Return who stands behind a proposal; ``signed`` tells whether an agreement's own signature holds."""
        others: list[str] = []
        void: list[Void] = []
        for entry in agreements:
            reason = self.unfit(entry) or self._against(proposal, entry, others)
            if reason is None and not signed(entry):
                reason = "signature"
            if reason is None:
                others.append(entry.author)
            else:
                void.append(Void(entry.author, reason))
        reason = self.unfit(proposal) or (None if signed(proposal) else "signature")
        if reason:
            void.append(Void(proposal.author, reason))
        return Support(None if reason else proposal.author, tuple(others), tuple(void))

    def _against(self, proposal: Entry[Content], entry: Entry[Content], others: Collection[str]) -> str | None:
        if entry.author == proposal.author:
            return "own"
        if entry.author in others:
            return "twice"
        if not self.story.precedes(proposal, entry):
            return "unseen"
        if not all(self.story.precedes(hold, entry) for hold in self.holds):
            return "hold"
        return None
