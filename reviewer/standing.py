"""Who acts in a case (pure): named when it was opened, joined since, recused, or back.

The careful side wins. Recusing counts whoever does it. Joining counts when it is done by somebody who then acted in
the case themselves (so nobody brings themselves back), and it takes back only the recusals that they had seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reviewer.entry import Entry, Story
from wire.content import CaseOpened, Joined, Recused
from wire.content_kind import Content
from wire.roster import Roster


@dataclass(frozen=True)
class Standing:
    """Who acts in a case.

    Attributes:
        story: the case's entries in order.
        first: who could read it from the start; empty when nobody's word is left (an erased case).
        joins: every joining that counts, in order.
        members: who acts in the case now: on the roster and not recused.
        recused: who does not.
    """

    story: Story
    first: frozenset[str]
    joins: tuple[Entry[Joined], ...]
    members: frozenset[str]
    recused: frozenset[str]

    def acts(self, entry: Entry[Content]) -> bool:
        """Tell whether an entry's author acted in the case when they wrote it, as far as the others knew."""
        return _acts(self.story, self.first, self.joins, entry)

    def unhindered(self, entry: Entry[Content]) -> bool:
        """Tell whether an entry's author was never recused, or wrote it after all of that was taken back."""
        return all(
            _back_before(self.story, self.joins, recusal, entry) for recusal in _recusals(self.story, entry.author)
        )


def find_standing(story: Story, roster: Roster) -> Standing:
    """Return who acts in a case under the roster in force."""
    first = first_members(story)
    joins: list[Entry[Joined]] = []
    for join in story.of(Joined):
        if not story.chains.forked(join.id) and _acts(story, first, joins, join):
            joins.append(join)
    recused = frozenset(name for name in _names(story.of(Recused)) if not _is_back(story, joins, name))
    members = (first | _names(joins)) - recused
    return Standing(story, first, tuple(joins), members & frozenset(roster.ids), recused)


def first_members(story: Story) -> frozenset[str]:
    """Return who could read the case from the start: whom everybody names, and whom anybody does who opened it.

    So nobody who has the letter is cut out by another's word, and nobody whom the source left out is let in by it.
    That they differ is a conflict that shows.
    """
    claims = [frozenset(entry.content.members) for entry in first_claims(story)]
    if not claims:
        return frozenset()
    opened_by = {entry.author for entry in first_claims(story)}
    return frozenset.intersection(*claims) | (frozenset.union(*claims) & opened_by)


def first_claims(story: Story) -> tuple[Entry[CaseOpened], ...]:
    """Return the entries that say who can read the case: those of its first letter, or of who opened it."""
    return tuple(entry for entry in story.of(CaseOpened) if entry.content.number <= 1)


def without_strangers(story: Story) -> tuple[Story, tuple[Entry[Content], ...]]:
    """Return the story without what was written by reviewers whom nobody ever gave the case, and that apart."""
    known = set(first_members(story))
    if not known:
        return story, ()
    for join in story.of(Joined):
        if join.author in known:
            known.add(join.content.reviewer)
    kept = Story(story.chains, tuple(entry for entry in story.entries if entry.author in known))
    return kept, tuple(entry for entry in story.entries if entry.author not in known)


def _names(entries: Iterable[Entry[Joined] | Entry[Recused]]) -> frozenset[str]:
    return frozenset(entry.content.reviewer for entry in entries)


def _recusals(story: Story, reviewer: str) -> tuple[Entry[Recused], ...]:
    return tuple(entry for entry in story.of(Recused) if entry.content.reviewer == reviewer)


def _is_back(story: Story, joins: Iterable[Entry[Joined]], reviewer: str) -> bool:
    back = [join for join in joins if join.content.reviewer == reviewer]
    return all(any(story.precedes(each, join) for join in back) for each in _recusals(story, reviewer))


def _back_before(story: Story, joins: Iterable[Entry[Joined]], recusal: Entry[Recused], entry: Entry[Content]) -> bool:
    return any(
        join.content.reviewer == recusal.content.reviewer
        and story.precedes(recusal, join)
        and story.precedes(join, entry)
        for join in joins
    )


def _acts(story: Story, first: frozenset[str], joins: Iterable[Entry[Joined]], entry: Entry[Content]) -> bool:
    joined = (join for join in joins if join.content.reviewer == entry.author)
    if first and entry.author not in first and not any(story.precedes(join, entry) for join in joined):
        return False
    return all(
        story.precedes(entry, recusal) or _back_before(story, joins, recusal, entry)
        for recusal in _recusals(story, entry.author)
    )
