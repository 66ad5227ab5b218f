"""What a case comes to."""

from dataclasses import replace
from datetime import date

import pytest

from reviewer.case import Conflict
from tests.reviewer.casework import CASE, LETTER, TODAY, Desk, Staff, opening, share
from wire.content import AnswerImported, Assigned, ExhibitAdded, Joined, Keyed, Noted, Recused, Replied, StatusSet
from wire.content_kind import CaseContent
from wire.content_rewards import FactStated, LedgerStep

OTHER = b"o" * 32
NEW_KEY = b"n" * 32


class Office:
    """Four desks; the case is r1's, r2's and r3's."""

    def __init__(self) -> None:
        self.staff = Staff(("r1", "r2", "r3", "r4"))
        self.r1, self.r2, self.r3, self.r4 = self.desks = tuple(self.staff.desk(one) for one in self.staff.ids)
        self.r1.open("r1", "r2", "r3")
        self.meet()

    def meet(self) -> None:
        """Everybody hears everything."""
        share(*self.desks)

    def conflicts(self) -> list[str]:
        """What people should look at."""
        self.meet()
        return [each.kind for each in self.r1.case.conflicts]

    def written_under(self, reviewer: str) -> list[bytes | None]:
        """The keys that somebody writes under, the newest first."""
        self.meet()
        return [key.digest for key in self.r1.case.writing_keys(reviewer)]

    def assigned(self) -> tuple[str, ...]:
        """Who takes it forward."""
        self.meet()
        return self.r1.case.assigned


@pytest.fixture
def office() -> Office:
    """Four desks that know of one case of three."""
    return Office()


def status(word: str) -> StatusSet:
    """Where the case stands."""
    return StatusSet(on=TODAY, case=CASE, status=word)


def keyed(*holders: str, digest: bytes = NEW_KEY) -> Keyed:
    """A new key."""
    return Keyed(on=TODAY, case=CASE, digest=digest, holders=holders)


def join(reviewer: str) -> Joined:
    """A reviewer is given the case."""
    return Joined(on=TODAY, case=CASE, reviewer=reviewer)


def recuse(reviewer: str) -> Recused:
    """A reviewer no longer acts."""
    return Recused(on=TODAY, case=CASE, reviewer=reviewer, reason="x")


def test_a_letter_counts_as_the_sources_when_two_apps_verified_it(office: Office) -> None:
    """The earliest day that one of them names is kept."""
    (letter,) = office.r1.case.letters
    assert (letter.letter, letter.number, letter.verified) == (LETTER, 1, False)
    assert letter.opened_by == {"r1"}
    office.r2.say(replace(opening(["r1", "r2", "r3"]), checked=False, on=date(2026, 11, 20)))
    office.meet()
    assert not office.r1.case.letters[0].verified
    office.r3.open("r1", "r2", "r3")
    office.meet()
    (letter,) = office.r1.case.letters
    assert letter.verified
    assert letter.checked_by == {"r1", "r3"}
    assert letter.opened_by == {"r1", "r2", "r3"}
    assert letter.on == date(2026, 11, 20)
    assert office.conflicts() == []


def test_letters_stand_in_the_order_of_their_numbers(office: Office) -> None:
    """Whatever order they were opened in."""
    office.r2.say(opening(["r1", "r2", "r3"], 3, OTHER))
    office.r2.say(opening(["r1", "r2", "r3"], 2, b"a" * 32))
    assert [each.number for each in office.r2.case.letters] == [1, 2, 3]


def test_a_letter_that_is_told_differently_shows_both_ways(office: Office) -> None:
    """A false form id cannot hide a letter behind another one."""
    told = office.r3.say(replace(opening(["r1", "r2", "r3"]), tip=b"\1" * 16))
    office.meet()
    assert [each.tip for each in office.r1.case.letters] == [bytes(16), b"\1" * 16]
    assert [set(each.checked_by) for each in office.r1.case.letters] == [{"r1"}, {"r3"}]
    (conflict,) = office.r1.case.conflicts
    assert (conflict.kind, conflict.events[1]) == ("letter", told.id)


def test_a_case_opened_by_a_reviewer_has_no_letter() -> None:
    """Its title is the opener's."""
    desk = Desk(Staff(), "r1")
    desk.say(opening(["r1", "r2"], 0, None))
    assert not desk.case.from_tip
    assert (desk.case.letters, desk.case.title) == ((), "Ivory")
    assert desk.case.members == {"r1", "r2"}


def test_who_could_read_it_told_differently_is_a_conflict(office: Office) -> None:
    """Nobody is cut out in silence, and nobody let in."""
    office.r3.say(opening(["r1", "r2", "r3", "r4"]))
    assert office.conflicts() == ["members"]
    assert office.r1.case.members == {"r1", "r2", "r3"}
    assert office.written_under("r1") == []  # whoever says so may also have given the key away


def test_of_concurrent_statuses_the_more_careful_one_wins(office: Office) -> None:
    """And people are told."""
    assert office.r1.case.status == "open"
    office.r1.say(status("closed"))
    office.r2.say(status("vetted"))
    assert office.conflicts() == ["status"]
    assert office.r1.case.status == "vetted"
    office.r3.say(status("closed"))
    assert (office.conflicts(), office.r1.case.status) == ([], "closed")


def test_equal_statuses_are_no_conflict(office: Office) -> None:
    """Two said the same."""
    office.r1.say(status("closed"))
    office.r2.say(status("closed"))
    assert (office.conflicts(), office.r1.case.status) == ([], "closed")


def test_the_latest_assignment_counts_and_concurrent_ones_all(office: Office) -> None:
    """A recused reviewer is assigned nothing."""
    office.r1.say(Assigned(on=TODAY, case=CASE, reviewer="r1"))
    office.r2.say(Assigned(on=TODAY, case=CASE, reviewer="r2"))
    assert office.conflicts() == ["assigned"]
    assert office.assigned() == ("r1", "r2")
    office.r3.say(recuse("r2"))
    assert office.assigned() == ("r1",)
    office.r3.say(Assigned(on=TODAY, case=CASE, reviewer="r3"))
    assert office.conflicts() == []
    assert office.assigned() == ("r3",)


def test_what_was_written_is_told_by_kind(office: Office) -> None:
    """In the common order."""
    contents: list[CaseContent] = [
        Noted(on=TODAY, case=CASE, text="x"),
        FactStated(on=TODAY, case=CASE, name="species", value="elephant", said_by="source"),
        ExhibitAdded(
            on=TODAY,
            case=CASE,
            name="page.html",
            type="text/html",
            size=1,
            sha256=bytes(32),
            parts=(),
            index=False,
            captured_by="r1",
            captured_on=TODAY,
            taken_from="a market",
            how="saved",
        ),
        Replied(on=TODAY, case=CASE, number=1, seen=1, text="Thank you."),
        AnswerImported(on=TODAY, case=CASE, proposal=bytes(32), answer=b"x"),
        LedgerStep(
            on=TODAY,
            case=CASE,
            programme="lacey",
            step="filed",
            who="counsel",
            by="",
            form="letter",
            number="",
            done_on=None,
            due_on=None,
            amount=None,
            document=None,
            note="",
        ),
    ]
    for content in contents:
        office.r1.say(content)
    case = office.r1.case
    views = (case.notes, case.facts, case.exhibits, case.replies, case.answers, case.steps)
    assert [entry.content for view in views for entry in view] == contents
    assert len(case.entries) == 1 + len(contents)


def test_the_first_key_is_written_under_by_who_opened_the_letter(office: Office) -> None:
    """It came with the letter, so it reached all who could open that."""
    (key,) = office.r1.case.writing_keys("r1")
    assert key.digest is None
    assert key.may_hold == {"r1", "r2", "r3"}
    assert office.written_under("r2") == []
    office.r2.open("r1", "r2", "r3")
    assert office.written_under("r2") == [None]


def test_who_does_not_act_writes_under_no_key(office: Office) -> None:
    """Nothing of theirs is asked for."""
    assert office.written_under("r4") == []


def test_after_a_recusal_a_new_key_is_needed(office: Office) -> None:
    """The old one is known to who left."""
    office.r1.say(recuse("r3"))
    assert office.written_under("r1") == []
    office.r1.say(keyed("r1", "r2"))
    assert office.written_under("r1") == [NEW_KEY]


def test_after_somebody_left_the_roster_a_new_key_is_needed(office: Office) -> None:
    """Their app still holds the old one."""
    office.staff.announce(("r1", "r2", "r4"), {"r3": None})
    assert office.r1.case.members == {"r1", "r2"}
    assert office.written_under("r1") == []


def test_a_key_that_somebody_outside_may_hold_or_a_member_lacks_is_not_written_under(office: Office) -> None:
    """Neither reaches exactly those who act in the case."""
    office.r1.say(keyed("r1", "r2", "r3", "r4", digest=b"1" * 32))
    office.r1.say(keyed("r1", digest=b"2" * 32))
    assert office.written_under("r1") == [None]


def test_nobody_writes_under_a_key_that_another_gave_out(office: Office) -> None:
    """Who announces a key need not give it to all: some could not read a hold, and so not heed it."""
    office.r3.say(keyed("r1", "r2", "r3"))
    assert office.written_under("r1") == [None]
    assert office.written_under("r3") == [NEW_KEY]


def test_who_joins_is_given_every_key_by_who_lets_them_in(office: Office) -> None:
    """The newest comes first."""
    office.r1.say(keyed("r1", "r2", "r3"))
    office.r1.say(join("r4"))
    assert office.written_under("r1") == [NEW_KEY, None]
    assert office.r1.case.members == {"r1", "r2", "r3", "r4"}


def test_what_another_let_somebody_into_is_written_under_a_new_key(office: Office) -> None:
    """They need not have been given all the keys."""
    office.r2.say(join("r4"))
    assert office.written_under("r1") == []
    office.r1.say(keyed("r1", "r2", "r3", "r4"))
    assert office.written_under("r1") == [NEW_KEY]


def test_a_key_made_while_somebody_joined_did_not_reach_them(office: Office) -> None:
    """And they may still come to hold it."""
    office.r1.say(keyed("r1", "r2", "r3"))
    office.r2.say(join("r4"))
    assert office.written_under("r1") == []
    assert office.r1.case.keys[1].may_hold == {"r1", "r2", "r3", "r4"}
    assert office.r1.case.keys[1].holders == {"r1", "r2", "r3"}


def test_a_key_may_be_held_by_whoever_was_let_in_although_it_does_not_count(office: Office) -> None:
    """The careful side: a bad reviewer gives what they like to whom they like."""
    office.r1.say(recuse("r3"))
    office.r3.say(join("r4"))
    office.r1.say(keyed("r1", "r2"))
    assert office.written_under("r1") == []
    assert office.r1.case.members == {"r1", "r2"}
    assert office.r1.case.keys[0].may_hold == {"r1", "r2", "r3", "r4"}


def test_strangers_say_nothing_and_show(office: Office) -> None:
    """Somebody gave away the key."""
    written = office.r4.say(status("closed"))
    office.meet()
    assert office.r1.case.status == "open"
    assert office.r1.case.conflicts == (Conflict("stranger", (written.id,)),)
