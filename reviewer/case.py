"""One case (pure): what all its events come to, the same in every app that can read them.

Among concurrent events the more careful one wins: recusal over joining and approving, a hold over
sending, *open* over *vetted* over *closed*. What people should know about is a ``conflict``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reviewer.entry import Entry, Story, of
from reviewer.proposal import Proposal, Setting, fold_proposals
from wire.content import (
    AnswerImported,
    Assigned,
    CaseOpened,
    Content,
    DossierSent,
    EraseProposed,
    ExhibitAdded,
    FactStated,
    Held,
    Joined,
    Keyed,
    Noted,
    ProgrammeFiled,
    Recused,
    ReleaseProposed,
    Replied,
    Resumed,
    StatusSet,
)
from wire.roster import Roster

CAREFUL_FIRST = ("open", "vetted", "closed")


@dataclass(frozen=True)
class LetterSeen:
    """A letter of the case as the reviewers' apps told of it.

    Attributes:
        letter: its name, 32 bytes.
        number: the running number that it carries.
        tip: the form's id (16 bytes): equal for a form sent twice.
        checked_by: the reviewers whose MAC held; the letter counts as the source's from two on.
        opened_by: the reviewers whose apps opened it.
        on: the earliest day that one of them names.
    """

    letter: bytes
    number: int
    tip: bytes | None
    checked_by: frozenset[str]
    opened_by: frozenset[str]
    on: date

    @property
    def verified(self) -> bool:
        """Whether two reviewers' apps have verified that the source wrote it."""
        return len(self.checked_by) >= 2


@dataclass(frozen=True)
class CaseKeyInfo:
    """A key of the case.

    Attributes:
        digest: SHA-256 (32 bytes) of the key; None for the first, which came with the case.
        may_hold: every reviewer who was ever given it.
    """

    digest: bytes | None
    may_hold: frozenset[str]


@dataclass(frozen=True)
class Conflict:
    """Something that the fold decided carefully and that people should look at.

    Attributes:
        kind: ``status``, ``assigned``, ``members``, ``sent-while-held`` or ``sent-after-recusal``.
        events: the ids concerned.
    """

    kind: str
    events: tuple[bytes, ...]


@dataclass(frozen=True)
class Case:
    """What a case comes to; entries in the common order.

    Attributes:
        id: 16 bytes.
        title: by whoever opened it; may be empty.
        letters: by running number.
        members: reviewers who act in it now.
        recused: reviewers who do not.
        assigned: who takes it forward (several after concurrent assignments).
        status: ``open``, ``vetted`` or ``closed``.
        holds: holds that stand.
        proposals: dossiers, releases, erasures.
        released: SHA-256 of the originals that may leave.
        keys: all its keys, in order.
        erased: whether an erasure was agreed.
        conflicts: see ``Conflict``.
        entries: all of them; the views by kind below are taken from these.
    """

    id: bytes
    title: str
    letters: tuple[LetterSeen, ...]
    members: frozenset[str]
    recused: frozenset[str]
    assigned: tuple[str, ...]
    status: str
    holds: tuple[Entry[Held], ...]
    proposals: tuple[Proposal, ...]
    released: frozenset[bytes]
    keys: tuple[CaseKeyInfo, ...]
    erased: bool
    conflicts: tuple[Conflict, ...]
    entries: tuple[Entry[Content], ...]

    @property
    def from_tip(self) -> bool:
        """Whether a source's letter began it, not a reviewer."""
        return bool(self.letters)

    @property
    def writing_key(self) -> CaseKeyInfo | None:
        """The newest key that only members can hold; None: make a new one before writing anything."""
        usable = [key for key in self.keys if key.may_hold <= self.members]
        return usable[-1] if usable else None

    @property
    def notes(self) -> tuple[Entry[Noted], ...]:
        """Notes."""
        return of(self.entries, Noted)

    @property
    def facts(self) -> tuple[Entry[FactStated], ...]:
        """Facts; a later one never erases an earlier one."""
        return of(self.entries, FactStated)

    @property
    def exhibits(self) -> tuple[Entry[ExhibitAdded], ...]:
        """Exhibits that reviewers added."""
        return of(self.entries, ExhibitAdded)

    @property
    def replies(self) -> tuple[Entry[Replied], ...]:
        """Replies sent to the source."""
        return of(self.entries, Replied)

    @property
    def answers(self) -> tuple[Entry[AnswerImported], ...]:
        """Receipts, questions and outcomes that offices sent back."""
        return of(self.entries, AnswerImported)

    @property
    def filings(self) -> tuple[Entry[ProgrammeFiled], ...]:
        """Forms of reward programmes that were filed."""
        return of(self.entries, ProgrammeFiled)


def fold_case(
    case: bytes, story: Story, rosters: Mapping[bytes, Roster], roster: Roster, offices: Collection[bytes]
) -> Case:
    """Return what the story of one case comes to."""
    recused = _recused(story)
    first_members, told = _first_members(story)
    members = (first_members | _named(story.of(Joined))) - recused
    holds = _holds(story)
    setting = Setting(story, rosters, roster, recused, story.of(Held), bool(holds), offices)
    proposals = fold_proposals(setting)
    approved = [each.content for each in proposals if each.state == "approved"]
    assigned = story.latest(story.of(Assigned))
    statuses = story.latest(story.of(StatusSet))
    return Case(
        id=case,
        title=next((entry.content.title for entry in story.of(CaseOpened)), ""),
        letters=_letters(story),
        members=members,
        recused=recused,
        assigned=tuple(sorted(_named(assigned) - recused)),
        status=_status(statuses),
        holds=holds,
        proposals=proposals,
        released=frozenset(each.sha256 for each in approved if isinstance(each, ReleaseProposed)),
        keys=_keys(story),
        erased=any(isinstance(each, EraseProposed) for each in approved),
        conflicts=(
            *_several("status", statuses, {_status((entry,)) for entry in statuses}),
            *_several("assigned", assigned, _named(assigned)),
            *_several("members", story.of(CaseOpened), told),
            *_sent_in_spite(story),
        ),
        entries=story.entries,
    )


def _named(entries: Iterable[Entry[Joined] | Entry[Assigned] | Entry[Recused]]) -> frozenset[str]:
    return frozenset(entry.content.reviewer for entry in entries)


def _first_members(story: Story) -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
    told = frozenset(entry.content.members for entry in story.of(CaseOpened) if entry.content.number <= 1)
    return frozenset.intersection(*map(frozenset, told)) if told else frozenset(), told


def _recused(story: Story) -> frozenset[str]:
    """Reviewers with a recusal that no later joining, by somebody who had seen it, took back."""
    gone: set[str] = set()
    for recusal in story.of(Recused):
        back = [join for join in story.of(Joined) if join.content.reviewer == recusal.content.reviewer]
        if not any(story.precedes(recusal, join) for join in back):
            gone.add(recusal.content.reviewer)
    return frozenset(gone)


def _holds(story: Story) -> tuple[Entry[Held], ...]:
    resumed = story.of(Resumed)
    return tuple(hold for hold in story.of(Held) if not any(story.precedes(hold, each) for each in resumed))


def _status(statuses: Iterable[Entry[StatusSet]]) -> str:
    values = {entry.content.status for entry in statuses}
    return min(values, key=CAREFUL_FIRST.index, default="open")


def _letters(story: Story) -> tuple[LetterSeen, ...]:
    seen: dict[bytes, LetterSeen] = {}
    for entry in story.of(CaseOpened):
        content = entry.content
        if content.letter is None:
            continue
        before = seen.get(content.letter) or LetterSeen(
            content.letter, content.number, content.tip, frozenset(), frozenset(), content.on
        )
        seen[content.letter] = LetterSeen(
            before.letter,
            before.number,
            before.tip,
            before.checked_by | ({entry.author} if content.checked else frozenset()),
            before.opened_by | {entry.author},
            min(before.on, content.on),
        )
    return tuple(sorted(seen.values(), key=lambda letter: (letter.number, letter.letter)))


def _keys(story: Story) -> tuple[CaseKeyInfo, ...]:
    first = frozenset(name for entry in story.of(CaseOpened) for name in entry.content.members)
    joins = story.of(Joined)
    keys = [CaseKeyInfo(None, first | _named(joins))]
    for entry in story.of(Keyed):
        later = (join for join in joins if not story.precedes(join, entry))
        keys.append(CaseKeyInfo(entry.content.digest, frozenset(entry.content.holders) | _named(later)))
    return tuple(keys)


def _several(kind: str, entries: Sequence[Entry[Content]], values: Collection[object]) -> tuple[Conflict, ...]:
    return (Conflict(kind, tuple(entry.id for entry in entries)),) if len(values) > 1 else ()


def _sent_in_spite(story: Story) -> tuple[Conflict, ...]:
    conflicts = []
    for sent in story.of(DossierSent):
        resumed = [each for each in story.of(Resumed) if story.precedes(each, sent)]
        conflicts += [
            Conflict("sent-while-held", (hold.id, sent.id))
            for hold in story.of(Held)
            if not story.precedes(sent, hold) and not any(story.precedes(hold, each) for each in resumed)
        ]
        conflicts += [
            Conflict("sent-after-recusal", (recusal.id, sent.id))
            for recusal in story.of(Recused)
            if recusal.content.reviewer == sent.author and not story.precedes(sent, recusal)
        ]
    return tuple(conflicts)
