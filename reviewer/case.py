"""One case (pure): what all its events come to, the same in every app that can read them.

Among concurrent events the more careful one wins: recusal over joining and approving, a hold over
sending, *open* over *vetted* over *closed*. What people should know about is a ``conflict``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reviewer.conflicts import Conflict, erased_in_spite, sent_in_spite, several, told_differently
from reviewer.entry import Entry, Story, of
from reviewer.proposal import Proposal, fold_proposals
from reviewer.setting import find_setting
from reviewer.standing import first_claims, without_strangers
from wire.content import (
    AnswerImported,
    Assigned,
    CaseOpened,
    EraseProposed,
    ExhibitAdded,
    Held,
    Joined,
    Keyed,
    Noted,
    ReleaseProposed,
    Replied,
    StatusSet,
)
from wire.content_kind import Content
from wire.content_proof import Attested
from wire.content_rewards import FactStated, LedgerStep
from wire.roster import Roster

__all__ = ["Case", "CaseKeyInfo", "Conflict", "LetterSeen", "fold_case"]

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
        by: whose hand gave it to the holders: who announced it; of the first key, all who opened the case with it.
        holders: to whom it was given then.
        let_in: by whom, and who, was let into the case since.
        may_hold: every reviewer who may ever have been given it, by whomever.
    """

    digest: bytes | None
    by: frozenset[str]
    holders: frozenset[str]
    let_in: frozenset[tuple[str, str]]
    may_hold: frozenset[str]

    def reaches(self, members: frozenset[str], writer: str) -> bool:
        """Tell whether a writer gave it to all of some reviewers with their own hand, and nobody to anybody else."""
        given = self.holders | {who for by, who in self.let_in if by == writer}
        return writer in self.by and self.may_hold <= members <= given


@dataclass(frozen=True)
class Case:
    """What a case comes to; entries in the common order.

    Attributes:
        id: 16 bytes.
        title: by whoever opened it; may be empty.
        letters: by running number.
        members: reviewers on the roster who act in it now.
        recused: reviewers who do not.
        assigned: who takes it forward (several after concurrent assignments).
        status: ``open``, ``vetted`` or ``closed``.
        holds: holds that stand.
        proposals: dossiers, releases, erasures.
        released: SHA-256 of the originals, and digests of the claims, that may leave.
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

    def writing_keys(self, reviewer: str) -> tuple[CaseKeyInfo, ...]:
        """The keys that a reviewer writes under, the newest first; without one, they make one and give it to all.

        Only what one gave to the others oneself is sure to reach them: who announces a key, or lets somebody in,
        need not hand over what they say, and what the others cannot read (a hold!) they cannot heed.
        """
        if self.erased or reviewer not in self.members:
            return ()
        return tuple(key for key in reversed(self.keys) if key.reaches(self.members, reviewer))

    @property
    def attestations(self) -> tuple[Entry[Attested], ...]:
        """What apps attest of letters; `reviewer.attested` says which of it counts."""
        return of(self.entries, Attested)

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
    def steps(self) -> tuple[Entry[LedgerStep], ...]:
        """Steps of reward programmes; a later one never erases an earlier one."""
        return of(self.entries, LedgerStep)


def fold_case(case: bytes, whole: Story, organisation: Story, rosters: Sequence[Roster]) -> Case:
    """Return what the story of one case comes to.

    Args:
        case: 16 bytes.
        whole: every entry of the case.
        organisation: the entries of no case, daily heads apart.
        rosters: every roster there was, the one in force last.
    """
    story, strange = without_strangers(whole)
    setting = find_setting(story, organisation, rosters, rosters[-1])
    proposals = fold_proposals(setting)
    approved = [each.content for each in proposals if each.state == "approved"]
    assigned = story.latest(story.of(Assigned))
    statuses = story.latest(story.of(StatusSet))
    claims = first_claims(story)
    return Case(
        id=case,
        title=next((entry.content.title for entry in story.of(CaseOpened)), ""),
        letters=_letters(story),
        members=setting.standing.members,
        recused=setting.standing.recused,
        assigned=tuple(sorted(_named(assigned) - setting.standing.recused)),
        status=_status(statuses),
        holds=setting.holds,
        proposals=proposals,
        released=frozenset(each.sha256 for each in approved if isinstance(each, ReleaseProposed)),
        keys=_keys(whole),
        erased=any(isinstance(each, EraseProposed) for each in approved),
        conflicts=(
            *several("status", statuses, {_status((entry,)) for entry in statuses}),
            *several("assigned", assigned, _named(assigned)),
            *several("members", claims, {entry.content.members for entry in claims}),
            *told_differently(story),
            *((Conflict("stranger", tuple(entry.id for entry in strange)),) if strange else ()),
            *sent_in_spite(setting),
            *erased_in_spite(setting, proposals),
        ),
        entries=story.entries,
    )


def _named(entries: Iterable[Entry[Joined] | Entry[Assigned]]) -> frozenset[str]:
    return frozenset(entry.content.reviewer for entry in entries)


def _status(statuses: Iterable[Entry[StatusSet]]) -> str:
    values = {entry.content.status for entry in statuses}
    return min(values, key=CAREFUL_FIRST.index, default="open")


def _letters(story: Story) -> tuple[LetterSeen, ...]:
    seen: dict[tuple[bytes, int, bytes | None], LetterSeen] = {}
    for entry in story.of(CaseOpened):
        content = entry.content
        if content.letter is None:
            continue
        told = (content.letter, content.number, content.tip)
        before = seen.get(told) or LetterSeen(*told, frozenset(), frozenset(), content.on)
        seen[told] = replace(
            before,
            checked_by=before.checked_by | ({entry.author} if content.checked else frozenset()),
            opened_by=before.opened_by | {entry.author},
            on=min(before.on, content.on),
        )
    return tuple(sorted(seen.values(), key=lambda each: (each.number, each.letter, each.tip or b"")))


def _keys(whole: Story) -> tuple[CaseKeyInfo, ...]:
    """Return every key with who may hold it: whoever anybody named or let in, whether that counts or not."""
    claims, joins = first_claims(whole), whole.of(Joined)
    first = frozenset(name for entry in claims for name in entry.content.members)
    opened_by = frozenset(entry.author for entry in claims)
    keys = [CaseKeyInfo(None, opened_by, first, _pairs(joins), first | _named(joins))]
    for entry in whole.of(Keyed):
        holders = frozenset(entry.content.holders)
        after = _pairs(join for join in joins if whole.precedes(entry, join))
        not_before = _named(join for join in joins if not whole.precedes(join, entry))
        keys.append(CaseKeyInfo(entry.content.digest, frozenset({entry.author}), holders, after, holders | not_before))
    return tuple(keys)


def _pairs(joins: Iterable[Entry[Joined]]) -> frozenset[tuple[str, str]]:
    return frozenset((join.author, join.content.reviewer) for join in joins)
