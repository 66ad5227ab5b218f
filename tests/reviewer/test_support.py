"""Whether a second signature counts."""

import pytest

from reviewer.chain import Known
from reviewer.proposal import Proposal
from tests.reviewer.casework import CASE, TODAY, Desk, Staff, share
from wire.content import Confirmed, Held, Joined, Noted, Recused, ReleaseProposed, Resumed

RELEASE = ReleaseProposed(on=TODAY, case=CASE, sha256=bytes(32), reason="no metadata in it")


def confirm(proposal: Known) -> Confirmed:
    """Agree to a release."""
    return Confirmed(on=TODAY, case=CASE, proposal=proposal.id)


def hold() -> Held:
    """Nothing leaves."""
    return Held(on=TODAY, case=CASE, reason="wait for the source")


def resume() -> Resumed:
    """It may leave after all."""
    return Resumed(on=TODAY, case=CASE, reason="the source answered")


class Office:
    """Four desks; the case is r1's, r2's and r3's, and r1 proposed a release."""

    def __init__(self, approvals: int = 2) -> None:
        self.staff = Staff(("r1", "r2", "r3", "r4"), approvals)
        self.r1, self.r2, self.r3, self.r4 = self.desks = tuple(self.staff.desk(one) for one in self.staff.ids)
        self.r1.open("r1", "r2", "r3")
        self.proposed = self.r1.say(RELEASE)
        self.meet()

    def meet(self) -> None:
        """Everybody hears everything."""
        share(*self.desks)

    @property
    def proposal(self) -> Proposal:
        """The release as r1 sees it."""
        self.meet()
        return next(each for each in self.r1.case.proposals if each.id == self.proposed.id)

    @property
    def void(self) -> list[tuple[str, str]]:
        """Agreements that do not count."""
        return [(each.author, each.reason) for each in self.proposal.void]


@pytest.fixture
def office() -> Office:
    """Four desks and a release that r1 proposed."""
    return Office()


def test_a_proposal_alone_is_not_enough(office: Office) -> None:
    """It stays open."""
    assert (office.proposal.state, office.proposal.approvals) == ("open", ("r1",))


def test_another_reviewers_agreement_counts(office: Office) -> None:
    """Two distinct reviewers, the proposer among them."""
    office.r2.say(confirm(office.proposed))
    assert (office.proposal.state, office.proposal.approvals) == ("approved", ("r1", "r2"))
    assert office.r1.case.released == {RELEASE.sha256}


def test_as_many_are_needed_as_the_roster_says() -> None:
    """Three of four."""
    office = Office(approvals=3)
    office.r2.say(confirm(office.proposed))
    assert office.proposal.state == "open"
    office.r3.say(confirm(office.proposed))
    assert office.proposal.approvals == ("r1", "r2", "r3")
    assert office.proposal.state == "approved"


def test_ones_own_agreement_does_not_count(office: Office) -> None:
    """However often."""
    office.r1.say(confirm(office.proposed))
    assert (office.proposal.state, office.void) == ("open", [("r1", "own")])


def test_one_reviewer_counts_once() -> None:
    """Agreeing twice is one agreement."""
    office = Office(approvals=3)
    office.r2.say(confirm(office.proposed))
    office.r2.say(confirm(office.proposed))
    assert (office.proposal.state, office.void) == ("open", [("r2", "twice")])


def test_nobody_agrees_to_what_they_had_not_seen(office: Office) -> None:
    """An agreement must cite the proposal."""
    blind = office.staff.desk("r2")
    blind.say(confirm(office.proposed))
    office.r1.hear(blind.known.values())
    assert office.void == [("r2", "unseen")]


def test_an_agreement_that_had_not_seen_a_hold_does_not_count(office: Office) -> None:
    """Not even after the hold is over: they might have thought otherwise."""
    office.r2.say(confirm(office.proposed))
    office.r3.say(hold())
    assert (office.proposal.state, office.void) == ("held", [("r2", "hold")])
    office.r1.say(resume())
    assert (office.proposal.state, office.void) == ("open", [("r2", "hold")])
    office.r2.say(confirm(office.proposed))
    assert (office.proposal.state, office.void) == ("approved", [("r2", "hold")])


def test_an_agreement_while_a_hold_stands_waits_for_its_end(office: Office) -> None:
    """Its author had seen the hold."""
    office.r3.say(hold())
    office.meet()
    office.r2.say(confirm(office.proposed))
    assert (office.proposal.state, office.proposal.approvals) == ("held", ("r1", "r2"))
    office.r3.say(resume())
    assert office.proposal.state == "approved"


def test_a_hold_ends_only_by_somebody_who_had_seen_it(office: Office) -> None:
    """One made at the same time stands."""
    office.r3.say(hold())
    office.r2.say(resume())
    assert office.proposal.state == "held"
    assert len(office.r1.case.holds) == 1


def test_a_hold_does_not_end_by_the_hand_of_who_no_longer_acts(office: Office) -> None:
    """Neither a recused reviewer nor a stranger lets anything leave."""
    office.r3.say(hold())
    office.r1.say(Recused(on=TODAY, case=CASE, reviewer="r2", reason="x"))
    office.meet()
    office.r2.say(resume())
    office.r4.say(resume())
    assert office.proposal.state == "held"


def test_a_hold_does_not_end_by_the_hand_of_who_forked(office: Office) -> None:
    """Nobody knows which of their stories holds."""
    office.r3.say(hold())
    office.meet()
    past = office.r2.chains.next_of("r2")
    office.r2.say(resume(), past)
    office.r2.say(Noted(on=TODAY, case=CASE, text="Other story."), past)
    assert office.proposal.state == "held"


def test_a_recused_reviewers_agreement_does_not_count(office: Office) -> None:
    """Given before, at the same time or after."""
    office.r2.say(confirm(office.proposed))
    office.r3.say(Recused(on=TODAY, case=CASE, reviewer="r2", reason="knows the seller"))
    assert (office.proposal.state, office.void) == ("open", [("r2", "recused")])
    office.r2.say(confirm(office.proposed))
    assert office.void == [("r2", "recused")] * 2


def test_who_came_back_agrees_anew(office: Office) -> None:
    """An agreement from before the recusal stays void."""
    office.r2.say(confirm(office.proposed))
    office.r3.say(Recused(on=TODAY, case=CASE, reviewer="r2", reason="knows the seller"))
    office.meet()
    office.r3.say(Joined(on=TODAY, case=CASE, reviewer="r2"))
    assert office.proposal.state == "open"
    office.r2.say(confirm(office.proposed))
    assert (office.proposal.state, office.void) == ("approved", [("r2", "recused")])


def test_a_recused_proposer_stands_behind_nothing(office: Office) -> None:
    """Others must propose anew."""
    office.r2.say(confirm(office.proposed))
    office.r3.say(Recused(on=TODAY, case=CASE, reviewer="r1", reason="knows the seller"))
    assert (office.proposal.state, office.proposal.approvals) == ("open", ())
    assert office.void == [("r1", "recused")]


def test_who_was_never_given_the_case_does_not_agree(office: Office) -> None:
    """A leaked key makes nobody a member; what they wrote shows and says nothing."""
    written = office.r4.say(confirm(office.proposed))
    assert office.proposal.state == "open"
    assert [each.events for each in office.r1.case.conflicts if each.kind == "stranger"] == [(written.id,)]


def test_who_was_let_in_by_who_no_longer_acts_does_not_agree(office: Office) -> None:
    """They are no stranger, and no member."""
    office.r1.say(Recused(on=TODAY, case=CASE, reviewer="r3", reason="x"))
    office.r3.say(Joined(on=TODAY, case=CASE, reviewer="r4"))
    office.meet()
    office.r4.say(confirm(office.proposed))
    assert (office.proposal.state, office.void) == ("open", [("r4", "member")])


def test_who_left_the_roster_does_not_agree(office: Office) -> None:
    """Although what they wrote before can be read."""
    agreed = office.r2.say(confirm(office.proposed))
    office.meet()
    office.staff.announce(("r1", "r3", "r4"), {"r2": agreed.id})
    assert (office.proposal.state, office.void) == ("open", [("r2", "roster")])


@pytest.mark.parametrize("forker", ["r1", "r2"])
def test_who_forked_stands_behind_nothing_from_there_on(office: Office, forker: str) -> None:
    """Neither side of a fork counts; what came before does."""
    desk = {"r1": office.r1, "r2": office.r2}[forker]
    past = desk.chains.next_of(forker)
    office.r2.say(confirm(office.proposed))
    assert office.proposal.state == "approved"
    other = Desk(office.staff, forker)
    office.r3.hear([other.say(Noted(on=TODAY, case=CASE, text="Other story."), past)])
    if forker == "r2":
        assert (office.proposal.state, office.void) == ("open", [("r2", "fork")])
    else:
        assert office.proposal.state == "approved"
