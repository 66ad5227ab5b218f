"""Who acts in a case."""

import pytest

from reviewer.standing import Standing, find_standing, without_strangers
from tests.reviewer.casework import CASE, TODAY, Desk, Staff, opening, share
from wire.content import Joined, Noted, Recused


def standing(desk: Desk) -> Standing:
    """As a desk sees it."""
    story = without_strangers(desk.story)[0]
    return find_standing(story, desk.staff.roster)


def join(reviewer: str) -> Joined:
    """A reviewer is given the case."""
    return Joined(on=TODAY, case=CASE, reviewer=reviewer)


def recuse(reviewer: str) -> Recused:
    """A reviewer no longer acts."""
    return Recused(on=TODAY, case=CASE, reviewer=reviewer, reason="knows the seller")


class Office:
    """Four desks; the case is r1's, r2's and r3's."""

    def __init__(self) -> None:
        self.staff = Staff(("r1", "r2", "r3", "r4"))
        self.r1, self.r2, self.r3, self.r4 = self.desks = tuple(self.staff.desk(one) for one in self.staff.ids)
        self.r1.open("r1", "r2", "r3")
        share(*self.desks)


@pytest.fixture
def office() -> Office:
    """Four desks that know of one case of three."""
    return Office()


def test_who_is_named_at_the_opening_acts(office: Office) -> None:
    """Nobody else does."""
    assert standing(office.r1).members == {"r1", "r2", "r3"}
    assert standing(office.r1).first == {"r1", "r2", "r3"}


def test_nobody_who_opened_the_letter_is_cut_out_by_anothers_word(office: Office) -> None:
    """Who is named by one and not by another acts as soon as they show that they can read it."""
    office.r3.say(opening(["r3"]))
    assert standing(office.r3).members == {"r1", "r3"}
    office.r2.say(opening(["r1", "r2", "r3"]))
    share(*office.desks)
    assert standing(office.r3).members == {"r1", "r2", "r3"}


def test_nobody_whom_the_source_left_out_is_let_in_by_anothers_word(office: Office) -> None:
    """They could not have opened the letter."""
    office.r3.say(opening(["r1", "r2", "r3", "r4"]))
    assert standing(office.r3).members == {"r1", "r2", "r3"}


def test_later_letters_name_nobody(office: Office) -> None:
    """Who was hired since, or forgotten to be left out again, is not given the case by a follow-up."""
    office.r3.say(opening(["r1", "r2", "r3", "r4"], number=2))
    assert "r4" not in standing(office.r3).members


def test_a_member_can_let_another_reviewer_in(office: Office) -> None:
    """One is enough: what the newcomer then does needs others as before."""
    office.r1.say(join("r4"))
    assert standing(office.r1).members == {"r1", "r2", "r3", "r4"}


def test_nobody_lets_themselves_in(office: Office) -> None:
    """Nor does a stranger let in another one."""
    office.r4.say(join("r4"))
    office.r4.say(join("r5"))
    assert standing(office.r4).members == {"r1", "r2", "r3"}
    story, strange = without_strangers(office.r4.story)
    assert [entry.author for entry in strange] == ["r4", "r4"]
    assert {entry.author for entry in story.entries} == {"r1"}


def test_who_was_let_in_can_let_in(office: Office) -> None:
    """From when they knew of it."""
    office.r1.say(join("r4"))
    share(*office.desks)
    office.r4.say(join("r5"))
    office.staff.announce((*office.staff.ids, "r5"))
    assert standing(office.r4).members == {"r1", "r2", "r3", "r4", "r5"}


def test_who_did_not_know_of_being_let_in_lets_nobody_in(office: Office) -> None:
    """They could not have acted rightly."""
    office.r4.say(join("r5"))
    office.r1.say(join("r4"))
    share(*office.desks)
    office.staff.announce((*office.staff.ids, "r5"))
    assert standing(office.r4).members == {"r1", "r2", "r3", "r4"}


def test_a_recusal_counts_whoever_says_it(office: Office) -> None:
    """The careful side."""
    office.r1.say(recuse("r3"))
    office.r2.say(recuse("r2"))
    share(*office.desks)
    assert standing(office.r1).members == {"r1"}
    assert standing(office.r1).recused == {"r2", "r3"}


def test_a_joining_takes_back_the_recusals_that_its_author_had_seen(office: Office) -> None:
    """Not one made at the same time."""
    office.r1.say(recuse("r3"))
    share(*office.desks)
    office.r2.say(join("r3"))
    assert standing(office.r2).members == {"r1", "r2", "r3"}
    office.r1.say(recuse("r3"))
    share(*office.desks)
    assert standing(office.r1).recused == {"r3"}
    office.r2.say(join("r3"))
    assert standing(office.r2).recused == frozenset()


def test_nobody_takes_back_their_own_recusal(office: Office) -> None:
    """Somebody else must want them."""
    office.r1.say(recuse("r3"))
    share(*office.desks)
    office.r3.say(join("r3"))
    assert standing(office.r3).recused == {"r3"}


def test_two_recused_reviewers_do_not_bring_each_other_back(office: Office) -> None:
    """They no longer act."""
    office.r1.say(recuse("r2"))
    office.r1.say(recuse("r3"))
    share(*office.desks)
    office.r2.say(join("r3"))
    office.r3.say(join("r2"))
    share(*office.desks)
    assert standing(office.r1).members == {"r1"}


def test_a_recused_reviewer_lets_nobody_in_even_when_they_claim_not_to_have_known(office: Office) -> None:
    """What they did at the same time as the recusal does not count."""
    office.r1.say(recuse("r3"))
    office.r3.say(join("r4"))
    share(*office.desks)
    assert standing(office.r1).members == {"r1", "r2"}


def test_who_was_let_in_by_somebody_recused_since_stays(office: Office) -> None:
    """The act was in order, and whoever recused them knew of it."""
    office.r3.say(join("r4"))
    share(*office.desks)
    office.r1.say(recuse("r3"))
    share(*office.desks)
    assert standing(office.r1).members == {"r1", "r2", "r4"}


def test_who_came_back_lets_in_again(office: Office) -> None:
    """From when they knew of it."""
    office.r1.say(recuse("r3"))
    share(*office.desks)
    office.r1.say(join("r3"))
    share(*office.desks)
    office.r3.say(join("r4"))
    assert standing(office.r3).members == {"r1", "r2", "r3", "r4"}


def test_a_joining_by_an_author_who_forked_does_not_count(office: Office) -> None:
    """Nobody knows which of their stories holds."""
    past = office.r3.chains.next_of("r3")
    office.r3.say(join("r4"), past)
    office.r3.say(Noted(on=TODAY, case=CASE, text="Other story."), past)
    assert standing(office.r3).members == {"r1", "r2", "r3"}


def test_who_left_the_roster_no_longer_acts_and_their_guests_stay(office: Office) -> None:
    """What they did before counts, up to the event that the roster names."""
    office.r3.say(join("r4"))
    share(*office.desks)
    last = office.r1.chains.last["r3"].id
    office.staff.announce(("r1", "r2", "r4"), {"r3": last})
    assert standing(office.r1).members == {"r1", "r2", "r4"}


def test_acting_is_judged_by_what_each_had_seen(office: Office) -> None:
    """An act that the recuser knew of was in order; an agreement must be given anew after it."""
    early = office.r3.say(Noted(on=TODAY, case=CASE, text="early"))
    share(*office.desks)
    office.r1.say(recuse("r3"))
    beside = office.r3.say(Noted(on=TODAY, case=CASE, text="beside"))
    share(*office.desks)
    office.r1.say(join("r3"))
    share(*office.desks)
    late = office.r3.say(Noted(on=TODAY, case=CASE, text="late"))
    seen = standing(office.r3)
    entries = {entry.id: entry for entry in office.r3.story.entries}
    assert [seen.acts(entries[each.id]) for each in (early, beside, late)] == [True, False, True]
    assert [seen.unhindered(entries[each.id]) for each in (early, beside, late)] == [False, False, True]


def test_of_a_case_whose_opening_is_gone_nobody_is_a_stranger(office: Office) -> None:
    """After an erasure only its own acts can be read."""
    desk = office.staff.desk("r4")
    desk.say(Noted(on=TODAY, case=CASE, text="Who opened this?"))
    story, strange = without_strangers(desk.story)
    assert (len(story.entries), strange) == (1, ())
    assert standing(desk).members == frozenset()
