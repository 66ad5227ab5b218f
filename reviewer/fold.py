"""The fold (pure): all events that an app holds, in whatever order they came, become the same log everywhere.

Equal sets of readable events give equal logs. docs/format.md, "Case log"; docs/decisions/ says why
the order follows from citations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crypto.errors import CryptoError
from crypto.hybrid import HybridRecipient
from reviewer.case import Case, fold_case
from reviewer.chain import Chains, Known, chains
from reviewer.entry import Entry, Story, by_case, read
from reviewer.support import Rules, Support
from wire.content import CaseContent, Content, OfficeConfirmed, OfficeProposed
from wire.errors import OfficeError
from wire.office import Office
from wire.roster import Roster


@dataclass(frozen=True)
class OfficeState:
    """An office that somebody proposed.

    Attributes:
        proposal: the proposing event, 32 bytes.
        office: its name and keys.
        support: who stands behind it.
        confirmed: whether dossiers may be proposed for it.
    """

    proposal: bytes
    office: Office
    support: Support
    confirmed: bool


@dataclass(frozen=True)
class Log:
    """All that the events come to.

    Attributes:
        cases: by id (16 bytes), those that this app can read.
        offices: proposed and confirmed, in order.
        chains: the order, gaps, forks, and what waits.
        malformed: ids of events whose content makes no sense; they say nothing.
        organisation: entries of no case, in order.
    """

    cases: Mapping[bytes, Case]
    offices: tuple[OfficeState, ...]
    chains: Chains
    malformed: tuple[bytes, ...]
    organisation: tuple[Entry[Content], ...]


def fold(events: Iterable[Known], rosters: Sequence[Roster]) -> Log:
    """Fold events into cases.

    Args:
        events: in any order, doubles allowed.
        rosters: every roster there was, the one in force last.
    """
    roster = rosters[-1]
    order = chains(events, roster)
    entries, malformed = read(order)
    organisation = tuple(entry for entry in entries if not isinstance(entry.content, CaseContent))
    offices = _offices(Story(order, organisation), roster)
    agreed = {state.office.digest for state in offices if state.confirmed}
    by_digest = {each.digest: each for each in rosters}
    cases = {case: fold_case(case, story, by_digest, roster, agreed) for case, story in by_case(order, entries).items()}
    return Log(cases, offices, order, malformed, organisation)


def _offices(story: Story, roster: Roster) -> tuple[OfficeState, ...]:
    rules = Rules(story, roster, ())
    states = []
    for entry in story.of(OfficeProposed):
        office = _office(entry.content)
        if office is None:
            continue
        confirmations = [each for each in story.of(OfficeConfirmed) if each.content.proposal == entry.id]
        support = rules.weigh(entry, confirmations)
        states.append(OfficeState(entry.id, office, support, support.suffices(roster)))
    return tuple(states)


def _office(content: OfficeProposed) -> Office | None:
    try:
        return Office(content.name, HybridRecipient(content.recipient), content.key)
    except (OfficeError, CryptoError):
        return None
