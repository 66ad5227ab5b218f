"""Offices: added to the organisation's list from a card, by two."""

from reviewer.acts.desk_work import Hand
from reviewer.errors import ActError
from wire.content import OfficeConfirmed, OfficeProposed, OfficeWithdrawn
from wire.office import Office


def propose_office(hand: Hand, untrusted_card: bytes) -> None:
    """Propose an office from its card; another reviewer must confirm that the card is genuine.

    Raises:
        OfficeError: it is no card.
        ActError: it is on the list already.
    """
    office = Office.decode(untrusted_card)
    with hand.work() as work:
        if any(known.office.digest == office.digest and not known.withdrawn for known in work.log.offices):
            raise ActError("this office is on the list already, or waits there to be confirmed")
        content = OfficeProposed(on=hand.desk.today(), name=office.name, recipient=office.recipient.raw, key=office.key)
        work.pen.write(content)


def confirm_office(hand: Hand, proposal: bytes) -> None:
    """Confirm that an office's card is genuine.

    Raises:
        ActError: there is no such proposal, or it is the reviewer's own.
    """
    with hand.work() as work:
        known = next((one for one in work.log.offices if one.proposal == proposal), None)
        if known is None or known.confirmed or known.withdrawn:
            raise ActError("there is no such office to confirm")
        if known.support.proposer == hand.desk.id:
            raise ActError("another reviewer must confirm what you proposed")
        work.pen.write(OfficeConfirmed(on=hand.desk.today(), proposal=proposal))


def withdraw_office(hand: Hand, proposal: bytes) -> None:
    """Take an office off the list; one reviewer is enough to be careful."""
    with hand.work() as work:
        known = next((one for one in work.log.offices if one.proposal == proposal and not one.withdrawn), None)
        if known is None:
            raise ActError("there is no such office on the list")
        work.pen.write(OfficeWithdrawn(on=hand.desk.today(), proposal=proposal))
