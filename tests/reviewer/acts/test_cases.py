"""Acts within a case reach the other reviewers, and only those who act in it."""

import hashlib
import os

import pytest

from reviewer.acts import cases
from reviewer.errors import ActError
from reviewer.store import log as store
from reviewer.sync import outbox
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source


def test_note_is_read_by_the_others(office: OfficeHours, tip: Source) -> None:
    """A note of one reviewer stands in the case of another after a round."""
    cases.note(office.hand("r1"), tip.case_id, "  chợ động vật, see letter 1 ")
    office.rounds()

    (note,) = office.case("r2", tip.case_id).notes
    assert (note.author, note.content.text) == ("r1", "chợ động vật, see letter 1")


def test_assignment_and_status_are_shared(office: OfficeHours, tip: Source) -> None:
    """Who takes a case forward and where it stands is the same in every app."""
    cases.assign(office.hand("r1"), tip.case_id, "r2")
    cases.set_status(office.hand("r1"), tip.case_id, "vetted")
    office.rounds()

    case = office.case("r3", tip.case_id)
    assert (case.assigned, case.status) == (("r2",), "vetted")


def test_hold_stands_until_resumed(office: OfficeHours, tip: Source) -> None:
    """A hold is seen by the others and ended by a reviewer who had seen it."""
    cases.hold(office.hand("r1"), tip.case_id, "the source is at risk")
    office.rounds()
    assert [hold.content.reason for hold in office.case("r2", tip.case_id).holds] == ["the source is at risk"]

    cases.resume(office.hand("r2"), tip.case_id, "talked")
    office.rounds()
    assert not office.case("r3", tip.case_id).holds
    with pytest.raises(ActError, match="not on hold"):
        cases.resume(office.hand("r3"), tip.case_id, "again")


def test_recused_reviewer_reads_nothing_written_after(office: OfficeHours, tip: Source) -> None:
    """After a recusal the case has a new key, and the recused reviewer's app can open nothing under it."""
    cases.recuse(office.hand("r1"), tip.case_id, "r3", "knows the seller")
    office.rounds()
    cases.note(office.hand("r2"), tip.case_id, "not for r3")
    office.rounds(times=2)

    assert [note.content.text for note in office.case("r1", tip.case_id).notes] == ["not for r3"]
    assert not office.case("r3", tip.case_id).notes
    with pytest.raises(ActError, match="you do not act in this case"):
        cases.note(office.hand("r3"), tip.case_id, "still here?")


def test_follow_up_after_a_recusal_still_joins_the_case(office: OfficeHours, tip: Source) -> None:
    """A later letter of the source is told of under the new key by those who still act in the case."""
    cases.recuse(office.hand("r1"), tip.case_id, "r3", "knows the seller")
    office.rounds()
    tip.send("more")
    office.rounds(times=3)

    assert office.case("r1", tip.case_id).letters[1].checked_by == {"r1", "r2"}
    assert len(office.case("r3", tip.case_id).letters) == 1


def test_case_opened_by_a_reviewer_reaches_its_members_alone(office: OfficeHours) -> None:
    """A case that a reviewer opened is read by the members they chose, and by nobody else."""
    office.open()
    case_id = cases.open_case(office.hand("r1"), "Orchids at the market", ["r2"], "seen on Sunday")
    office.rounds(times=2)

    case = office.case("r2", case_id)
    assert (case.title, sorted(case.members), case.from_tip) == ("Orchids at the market", ["r1", "r2"], False)
    assert [note.content.text for note in case.notes] == ["seen on Sunday"]
    assert case_id not in office.log("r3").cases


def test_reviewer_who_is_given_a_case_reads_its_past(office: OfficeHours) -> None:
    """A reviewer who joins later reads what was written before, and after."""
    office.open()
    case_id = cases.open_case(office.hand("r1"), "Orchids", ["r2"], "seen on Sunday")
    office.rounds(times=2)
    cases.join(office.hand("r2"), case_id, "r3")
    office.rounds(times=2)
    cases.note(office.hand("r3"), case_id, "I know that stall")
    office.rounds(times=2)

    assert [note.content.text for note in office.case("r3", case_id).notes] == ["seen on Sunday", "I know that stall"]
    assert office.case("r1", case_id).notes == office.case("r3", case_id).notes


def test_reviewer_whom_the_source_left_out_is_never_given_the_case(office: OfficeHours) -> None:
    """What a source put under "not to be read by" holds against the other reviewers too."""
    office.open()
    source = Source(office)
    source.send(not_to=("r3",))
    office.rounds(times=2)

    with pytest.raises(ActError, match="the source asked"):
        cases.join(office.hand("r1"), source.case_id, "r3")


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda hand, case: cases.note(hand, case, "   "), "the note is missing"),
        (lambda hand, case: cases.note(hand, case, "x" * 30_000), "does not fit"),
        (lambda hand, case: cases.assign(hand, case, "r9"), "only a reviewer who acts"),
        (lambda hand, case: cases.set_status(hand, case, "lost"), "open, vetted or closed"),
        (lambda hand, case: cases.recuse(hand, case, "r9", "x"), "does not act in the case"),
        (lambda hand, case: cases.join(hand, case, "r2"), "choose a reviewer"),
        (lambda hand, _case: cases.note(hand, bytes(16), "x"), "no such case"),
        (lambda hand, _case: cases.open_case(hand, "x", ["r9"], ""), "not on the roster"),
        (lambda hand, _case: cases.open_case(hand, " ", [], ""), "the title is missing"),
    ],
)
def test_act_that_makes_no_sense_is_refused(office: OfficeHours, tip: Source, act: object, message: str) -> None:
    """Each act that the case does not allow says what is wrong, and writes nothing."""
    assert callable(act)
    before = len(office.log("r1").chains.order)
    with pytest.raises(ActError, match=message):
        act(office.hand("r1"), tip.case_id)

    assert len(office.log("r1").chains.order) == before


def test_two_apps_offline_for_days_converge(office: OfficeHours, tip: Source) -> None:
    """What two reviewers wrote without hearing of each other is the same case in both apps afterwards."""
    cases.note(office.hand("r1"), tip.case_id, "one")
    cases.set_status(office.hand("r1"), tip.case_id, "closed")
    office.later(days=3)
    cases.note(office.hand("r2"), tip.case_id, "two")
    cases.set_status(office.hand("r2"), tip.case_id, "vetted")
    office.rounds(times=2)

    one, two = office.case("r1", tip.case_id), office.case("r2", tip.case_id)
    assert one == two == office.case("r3", tip.case_id)
    assert one.status == "vetted"
    assert [conflict.kind for conflict in one.conflicts] == ["status"]


def test_acts_wait_in_the_vault_while_there_is_no_key_sheet(office: OfficeHours, tip: Source) -> None:
    """Without a sheet in force nothing is posted and nothing is lost."""
    office.later(weeks=6)
    cases.note(office.hand("r1"), tip.case_id, "kept")

    assert outbox.post_log(office.desks["r1"], office.intakes["r1"]) == 0
    assert office.case("r1", tip.case_id).notes


def test_keys_that_anybody_granted_do_not_stop_a_joining(office: OfficeHours) -> None:
    """A flood of granted keys that the log does not know is not passed on, and the newcomer reads the case."""
    office.open()
    case_id = cases.open_case(office.hand("r1"), "Orchids", ["r2"], "seen on Sunday")
    office.rounds(times=2)
    with office.desks["r1"].vault.begin() as connection:
        for _ in range(100):
            key = os.urandom(32)
            store.add_case_key(connection, case_id, hashlib.sha256(key).digest(), key)
    cases.join(office.hand("r1"), case_id, "r3")
    office.rounds(times=2)

    assert [note.content.text for note in office.case("r3", case_id).notes] == ["seen on Sunday"]
    with office.desks["r3"].vault.read() as connection:
        assert len(store.case_keys(connection, case_id)) < 5
