"""What honest reviewers do in their apps."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.reviewer.casework import TODAY, draft_by
from tests.reviewer.log_world import HONEST, PICK, LogWorld
from tests.reviewer.simulation import IDS
from wire.content import (
    Assigned,
    Confirmed,
    DossierApproved,
    DossierSent,
    EraseProposed,
    Heads,
    Held,
    Noted,
    Recused,
    Resumed,
    StatusSet,
    Withdrawn,
)
from wire.content_kind import CaseContent

ACTS = ("note", "vetted", "closed", "hold", "resume", "resume", "assign", "assign", "recuse")
FRESH = st.sampled_from([True, True, False])


class HonestActs(LogWorld):
    """Whatever an honest app lets its reviewer do."""

    @rule(
        one=HONEST,
        fresh=FRESH,
        pick=PICK,
        act=st.sampled_from(ACTS),
    )
    def something_is_said(self, one: str, pick: int, act: str, *, fresh: bool) -> None:
        """A note, a status, a hold, its end, an assignment, a recusal."""
        app = self.working(one, fresh=fresh)
        case = self.case_of(app, pick)
        if case is None:
            return
        other = IDS[pick % 4]
        contents: dict[str, CaseContent] = {
            "note": Noted(on=TODAY, case=case.id, text="x"),
            "vetted": StatusSet(on=TODAY, case=case.id, status="vetted"),
            "closed": StatusSet(on=TODAY, case=case.id, status="closed"),
            "hold": Held(on=TODAY, case=case.id, reason="x"),
            "resume": Resumed(on=TODAY, case=case.id, reason="x"),
            "assign": Assigned(on=TODAY, case=case.id, reviewer=other),
            "recuse": Recused(on=TODAY, case=case.id, reviewer=other, reason="x"),
        }
        app.say(contents[act])

    @rule(one=HONEST, fresh=FRESH, pick=PICK, other=st.sampled_from(IDS))
    def somebody_is_let_in(self, one: str, pick: int, other: str, *, fresh: bool) -> None:
        """For the first time or again."""
        app = self.working(one, fresh=fresh)
        case = self.case_of(app, pick)
        if case is not None and other != one and other in self.staff.roster.ids:
            self.reach[case.id].add(other)
            app.let_in(case.id, other)

    @rule(one=HONEST, fresh=FRESH)
    def a_day_passes(self, one: str, *, fresh: bool) -> None:
        """Heads are posted."""
        self.working(one, fresh=fresh).say(Heads(on=TODAY))

    @rule(one=HONEST, fresh=FRESH, pick=PICK)
    def a_dossier_is_proposed(self, one: str, pick: int, *, fresh: bool) -> None:
        """By an honest reviewer."""
        app = self.working(one, fresh=fresh)
        case = self.case_of(app, pick)
        if case is not None:
            app.say(replace(app.desk.proposal(draft_by(app.id)), case=case.id))

    @rule(one=HONEST, fresh=FRESH, pick=PICK)
    def a_dossier_is_approved(self, one: str, pick: int, *, fresh: bool) -> None:
        """By an honest reviewer who sees the proposal open."""
        app = self.working(one, fresh=fresh)
        found = self.proposal_of(app, pick, "open", "held")
        if found is None or found[1].proposer == app.id:
            return
        case, proposal = found
        if isinstance(proposal.content, EraseProposed):
            app.say(Confirmed(on=TODAY, case=case.id, proposal=proposal.id))
        else:
            approval = app.desk.sign(draft_by(proposal.proposer), proposal.proposer, self.staff.roster)
            app.say(DossierApproved(on=TODAY, case=case.id, proposal=proposal.id, approval=approval))

    @rule(one=HONEST, fresh=FRESH, pick=PICK)
    def a_dossier_is_sent(self, one: str, pick: int, *, fresh: bool) -> None:
        """By an honest reviewer who sees it approved."""
        app = self.working(one, fresh=fresh)
        found = self.proposal_of(app, pick, "approved")
        if found is not None and not isinstance(found[1].content, EraseProposed):
            app.say(DossierSent(on=TODAY, case=found[0].id, proposal=found[1].id, sealed=bytes(32)))

    @rule(one=HONEST, other=HONEST, pick=PICK, steps=st.integers(1, 3))
    def a_dossier_goes_through(self, one: str, other: str, pick: int, steps: int) -> None:
        """As on a good day: proposed, approved, sent; or as far as the day goes."""
        self.a_dossier_is_proposed(one, pick, fresh=True)
        if steps > 1:
            self.a_dossier_is_approved(other, pick, fresh=True)
        if steps > 2:
            self.a_dossier_is_sent(one, pick, fresh=True)

    @rule(one=HONEST, fresh=FRESH, pick=PICK)
    def a_proposal_is_withdrawn(self, one: str, pick: int, *, fresh: bool) -> None:
        """By whoever has second thoughts."""
        app = self.working(one, fresh=fresh)
        found = self.proposal_of(app, pick, "open", "held", "approved")
        if found is not None and pick % 3 == 0:
            app.say(Withdrawn(on=TODAY, case=found[0].id, proposal=found[1].id))

    @rule(one=HONEST, fresh=FRESH, pick=PICK)
    def an_erasure_is_proposed(self, one: str, pick: int, *, fresh: bool) -> None:
        """It needs another reviewer."""
        app = self.working(one, fresh=fresh)
        case = self.case_of(app, pick)
        if case is not None and pick % 3 == 0:
            app.say(EraseProposed(on=TODAY, case=case.id, reason="x"))

    @rule(one=HONEST, other=HONEST, third=HONEST, pick=PICK, act=st.sampled_from(["hold", "withdraw", "nothing"]))
    def a_case_is_erased(self, one: str, other: str, third: str, pick: int, act: str) -> None:
        """Two agree and one destroys it, while somebody who does not know of it may think otherwise."""
        if pick % 4:
            return
        self.an_erasure_is_proposed(one, 3 * pick, fresh=True)
        self.a_dossier_is_approved(other, 3 * pick, fresh=True)
        late = self.working(third, fresh=act == "withdraw")
        self.what_was_agreed_is_destroyed(one, fresh=True)
        if act == "hold":
            self.something_is_said(late.id, 3 * pick, "hold", fresh=False)
        if act == "withdraw":
            self.a_proposal_is_withdrawn(late.id, 3 * pick, fresh=False)

    @rule(one=HONEST, fresh=FRESH)
    def what_was_agreed_is_destroyed(self, one: str, *, fresh: bool) -> None:
        """In one app, which says so."""
        self.working(one, fresh=fresh).destroy_agreed()
