"""The fold (pure): all events that an app holds, in whatever order they came, become the same log everywhere.

Equal sets of readable events give equal logs. docs/format.md, "Case log"; docs/decisions/ says why
the order follows from citations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reviewer.case import Case, fold_case
from reviewer.chain import Chains, Known, chains
from reviewer.entry import Entry, Story, by_case, read
from reviewer.offices import OfficeState, fold_offices
from wire.content import Heads
from wire.content_kind import CaseContent, Content
from wire.roster import Roster

__all__ = ["Log", "OfficeState", "fold"]


@dataclass(frozen=True)
class Log:
    """All that the events come to.

    Attributes:
        cases: by id (16 bytes), those that this app can read.
        offices: proposed, confirmed and withdrawn, in order.
        chains: the order, gaps, forks, and what waits.
        malformed: ids of events whose content makes no sense; they say nothing.
        organisation: entries of no case, in order.
        wanted: ids of events that some app lacks, by its last daily heads: whoever has them posts them again.
    """

    cases: Mapping[bytes, Case]
    offices: tuple[OfficeState, ...]
    chains: Chains
    malformed: tuple[bytes, ...]
    organisation: tuple[Entry[Content], ...]
    wanted: frozenset[bytes]


def fold(events: Iterable[Known], rosters: Sequence[Roster]) -> Log:
    """Fold events into cases.

    Args:
        events: in any order, doubles allowed.
        rosters: every roster there was, the one in force last.
    """
    order = chains(events, rosters[-1])
    entries, malformed = read(order)
    organisation = Story(order, tuple(entry for entry in entries if not isinstance(entry.content, CaseContent)))
    acts = Story(order, tuple(entry for entry in organisation.entries if not isinstance(entry.content, Heads)))
    return Log(
        cases={case: fold_case(case, story, acts, rosters) for case, story in by_case(order, entries).items()},
        offices=fold_offices(organisation, rosters[-1]),
        chains=order,
        malformed=malformed,
        organisation=organisation.entries,
        wanted=_wanted(organisation),
    )


def _wanted(organisation: Story) -> frozenset[bytes]:
    last = {entry.author: entry.content.missing for entry in organisation.of(Heads)}
    return frozenset(event for missing in last.values() for event in missing)
