"""What the proposals of a case are held against (pure), now or as the author of some event had seen it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from reviewer.entry import Entry, Story
from reviewer.offices import fold_offices
from reviewer.standing import Standing, find_standing
from reviewer.support import Rules
from wire.content import Erased, Held, Resumed
from wire.content_kind import Content
from wire.office import Office
from wire.roster import Roster


@dataclass(frozen=True)
class Setting:
    """What proposals of a case are held against.

    Attributes:
        story: the case's entries in order.
        organisation: the entries of no case.
        erased: who says that they carried an erasure out, of whatever case.
        rosters: every roster there was, oldest first.
        roster: the one to judge by.
        standing: who acts in the case.
        holds: the holds that stand.
        offices: those that the organisation agreed on.
    """

    story: Story
    organisation: Story
    erased: tuple[Entry[Erased], ...]
    rosters: Sequence[Roster]
    roster: Roster
    standing: Standing
    holds: tuple[Entry[Held], ...]
    offices: Collection[Office]

    def rules(self, roster: Roster) -> Rules:
        """The rules for agreements under a roster."""
        return Rules(self.story, roster, self.standing, self.story.latest(self.story.of(Held)))

    def as_seen_by(self, event: Entry[Content], roster: Roster) -> "Setting":
        """The setting as the author of an event had seen it, judged by a roster and not by what anybody carried out."""
        past = find_setting(self.story.past_of(event), self.organisation.past_of(event), self.rosters, roster)
        return replace(past, erased=())


def find_setting(story: Story, organisation: Story, rosters: Sequence[Roster], roster: Roster) -> Setting:
    """Return what the proposals of a case are held against.

    A hold ends only by the hand of somebody who acted in the case and had seen it.
    """
    standing = find_standing(story, roster)
    resumed = story.latest(
        each for each in story.of(Resumed) if standing.acts(each) and not story.chains.forked(each.id)
    )
    holds = tuple(hold for hold in story.of(Held) if not any(story.precedes(hold, each) for each in resumed))
    offices = [state.office for state in fold_offices(organisation, roster) if state.confirmed]
    return Setting(story, organisation, organisation.of(Erased), rosters, roster, standing, holds, offices)
