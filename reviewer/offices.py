"""The offices that dossiers may go to (pure): proposed by one reviewer, confirmed by others, withdrawn by any."""

from dataclasses import dataclass

from crypto.errors import CryptoError
from crypto.hybrid import HybridRecipient
from reviewer.entry import Story
from reviewer.support import Rules, Support
from wire.content import OfficeConfirmed, OfficeProposed, OfficeWithdrawn
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
        withdrawn: whether a reviewer took it off the list.
    """

    proposal: bytes
    office: Office
    support: Support
    confirmed: bool
    withdrawn: bool = False


def fold_offices(organisation: Story, roster: Roster) -> tuple[OfficeState, ...]:
    """Return every office that was proposed, in order."""
    rules = Rules(organisation, roster)
    withdrawn = {entry.content.proposal for entry in organisation.of(OfficeWithdrawn)}
    states = []
    for entry in organisation.of(OfficeProposed):
        office = _office(entry.content)
        if office is None:
            continue
        confirmations = [each for each in organisation.of(OfficeConfirmed) if each.content.proposal == entry.id]
        support = rules.weigh(entry, confirmations)
        confirmed = support.suffices(roster) and entry.id not in withdrawn
        states.append(OfficeState(entry.id, office, support, confirmed, entry.id in withdrawn))
    return tuple(states)


def _office(content: OfficeProposed) -> Office | None:
    try:
        return Office(content.name, HybridRecipient(content.recipient), content.key)
    except (OfficeError, CryptoError):
        return None
