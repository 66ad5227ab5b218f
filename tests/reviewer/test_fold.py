"""The same log everywhere."""

import random
from dataclasses import replace

from crypto.dsse import Envelope, Signature
from reviewer.chain import Known
from reviewer.fold import fold
from tests.reviewer.casework import CASE, TODAY, Staff, draft_by, list_office, opening, share, write
from wire.content import Confirmed, DossierSent, Heads, Held, Joined, Noted, ReleaseProposed, Resumed, StatusSet


def busy() -> tuple[Staff, list[Known]]:
    """Some days of an office, with concurrent acts."""
    staff = Staff(("r1", "r2", "r3", "r4"))
    r1, r2, r3, _r4 = desks = [staff.desk(one) for one in staff.ids]
    list_office(r1, r2)
    share(*desks)
    for desk in (r1, r2, r3):
        desk.open("r1", "r2", "r3")
    share(*desks)
    proposed = r1.propose(draft_by("r1"))
    release = r2.say(ReleaseProposed(on=TODAY, case=CASE, sha256=bytes(32), reason="x"))
    r3.say(Held(on=TODAY, case=CASE, reason="x"))
    share(*desks)
    r2.approve(proposed, draft_by("r1"))
    r1.say(Confirmed(on=TODAY, case=CASE, proposal=release.id))
    r3.say(Resumed(on=TODAY, case=CASE, reason="x"))
    r1.say(StatusSet(on=TODAY, case=CASE, status="vetted"))
    r2.say(StatusSet(on=TODAY, case=CASE, status="closed"))
    share(*desks)
    r3.say(Joined(on=TODAY, case=CASE, reviewer="r4"))
    r1.say(DossierSent(on=TODAY, case=CASE, proposal=proposed.id, sealed=bytes(32)))
    share(*desks)
    return staff, list(r1.known.values())


def test_equal_sets_of_events_give_equal_logs() -> None:
    """Whatever order they came in, however often, with content first or last."""
    staff, events = busy()
    whole = fold(events, staff.rosters)
    assert whole.cases[CASE].proposals[0].state in {"approved", "sent"}
    closed = [Known(known.signed) for known in events]
    for _ in range(20):
        assert fold(random.sample(events * 2 + closed, 3 * len(events)), staff.rosters) == whole


def test_the_log_does_not_depend_on_which_signature_came() -> None:
    """An author can sign an event in many ways; all of them are one event."""
    staff, events = busy()
    signed = events[3].signed
    envelope = Envelope(signed.envelope.payload_type, signed.envelope.payload, (Signature(bytes(32), bytes(64)),))
    other = Known(replace(signed, envelope=envelope), events[3].opened)
    assert fold([*events, other], staff.rosters) == fold([other, *events], staff.rosters)


def test_every_case_is_folded_by_itself() -> None:
    """What is said in one says nothing in another."""
    staff = Staff()
    desk = staff.desk("r1")
    other = bytes(16)
    desk.open()
    desk.say(replace(opening(staff.ids), case=other))
    held = desk.say(Held(on=TODAY, case=other, reason="x"))
    proposed = desk.propose(draft_by("r1"))
    desk.say(Confirmed(on=TODAY, case=other, proposal=proposed.id))
    log = desk.log
    assert set(log.cases) == {CASE, other}
    assert log.cases[CASE].holds == ()
    assert [hold.id for hold in log.cases[other].holds] == [held.id]
    assert log.cases[CASE].proposals[0].void == ()


def test_who_cannot_read_a_case_sees_its_chain_alone() -> None:
    """Neither its number nor what is said."""
    staff, events = busy()
    mine = [known if known.author == "r9" else Known(known.signed) for known in events]
    log = fold(mine, staff.rosters)
    assert (log.cases, log.offices, log.organisation) == ({}, (), ())
    assert len(log.chains.order) == len(events)


def test_what_makes_no_sense_is_named() -> None:
    """And breaks nothing."""
    staff = Staff()
    desk = staff.desk("r1")
    desk.hear([wrong := write(staff, "r1", desk.chains.next_of("r1"), b"nonsense")])
    desk.open()
    assert desk.log.malformed == (wrong.id,)
    assert set(desk.log.cases) == {CASE}


def test_what_an_app_lacks_is_asked_for_until_its_next_heads() -> None:
    """So that whoever has it posts it again."""
    staff = Staff()
    one, two = staff.desk("r1"), staff.desk("r2")
    assert one.log.wanted == frozenset()
    one.say(Heads(on=TODAY, missing=(b"a" * 32, b"b" * 32)))
    two.say(Heads(on=TODAY, missing=(b"c" * 32,)))
    share(one, two)
    assert one.log.wanted == {b"a" * 32, b"b" * 32, b"c" * 32}
    two.say(Noted(on=TODAY, case=CASE, text="x"))
    two.say(Heads(on=TODAY))
    assert two.log.wanted == {b"a" * 32, b"b" * 32}
