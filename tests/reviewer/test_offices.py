"""The offices that dossiers may go to."""

from dataclasses import replace

from tests.reviewer.casework import TODAY, Desk, Staff, customs, list_office, share
from wire.content import OfficeConfirmed, OfficeProposed, OfficeWithdrawn

OFFICE = customs().office
PROPOSED = OfficeProposed(on=TODAY, name=OFFICE.name, recipient=OFFICE.recipient.raw, key=OFFICE.key)


def test_an_office_needs_a_second_reviewer() -> None:
    """Its proposer's own confirmation does not count."""
    staff = Staff()
    one, two = staff.desk("r1"), staff.desk("r2")
    proposed = one.say(PROPOSED)
    one.say(OfficeConfirmed(on=TODAY, proposal=proposed.id))
    (state,) = one.log.offices
    assert (state.office, state.confirmed, state.withdrawn) == (OFFICE, False, False)
    assert [each.reason for each in state.support.void] == ["own"]
    share(one, two)
    two.say(OfficeConfirmed(on=TODAY, proposal=proposed.id))
    assert two.log.offices[0].confirmed
    assert two.log.offices[0].support.others == ("r2",)


def test_a_confirmation_of_another_proposal_does_not_count() -> None:
    """Even of the same office."""
    staff = Staff()
    one, two = staff.desk("r1"), staff.desk("r2")
    one.say(PROPOSED)
    second = one.say(PROPOSED)
    share(one, two)
    two.say(OfficeConfirmed(on=TODAY, proposal=second.id))
    assert [state.confirmed for state in two.log.offices] == [False, True]


def test_any_reviewer_takes_an_office_off_the_list() -> None:
    """Before or after it was confirmed."""
    staff = Staff()
    one, two, three = (Desk(staff, name) for name in staff.ids)
    list_office(one, two)
    share(one, two, three)
    three.say(OfficeWithdrawn(on=TODAY, proposal=one.log.offices[0].proposal))
    assert [(state.confirmed, state.withdrawn) for state in three.log.offices] == [(False, True)]
    list_office(one, two)
    share(one, two, three)
    assert [state.confirmed for state in three.log.offices] == [False, True]


def test_who_left_the_roster_vouches_for_no_office() -> None:
    """Others must confirm it anew."""
    staff = Staff()
    one, two = staff.desk("r1"), staff.desk("r2")
    list_office(one, two)
    staff.announce(("r2", "r3"), {"r1": one.chains.last["r1"].id})
    (state,) = two.log.offices
    assert (state.confirmed, state.support.proposer) == (False, None)
    assert [each.reason for each in state.support.void] == ["roster"]


def test_keys_that_are_no_keys_make_no_office() -> None:
    """Whoever agreed to them."""
    desk = Staff().desk("r1")
    desk.say(replace(PROPOSED, recipient=b"short"))
    desk.say(replace(PROPOSED, name="n" * 121))
    assert desk.log.offices == ()
