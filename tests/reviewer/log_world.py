"""Four apps around a log shelf, and what intake, network and organisation do to them."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from reviewer.case import Case
from reviewer.fold import Log
from reviewer.proposal import Proposal
from tests.reviewer.casework import TODAY, customs
from tests.reviewer.simulation import IDS, LIAR, App, World
from wire.batch import CaseKey
from wire.content import CaseOpened, OfficeConfirmed, OfficeProposed

HONEST = st.sampled_from([one for one in IDS if one != LIAR])
PICK = st.integers(0, 1_000)


class LogWorld(RuleBasedStateMachine):
    """Apps, a shelf, and what happens to them by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.staff = self.world.staff
        self.apps = {one: App(self.world, one) for one in IDS}
        self.liar = self.apps[LIAR]
        self.letters: list[tuple[CaseKey, tuple[str, ...]]] = []
        self.reach: dict[bytes, set[str]] = {}
        self.withheld: dict[str, list[int]] = {one: [] for one in IDS}
        self.checked: dict[str, Log] = {}
        office = customs().office
        proposed = self.apps["r1"].say(
            OfficeProposed(on=TODAY, name=office.name, recipient=office.recipient.raw, key=office.key)
        )
        assert proposed is not None
        self.deliver_all()
        self.apps["r2"].say(OfficeConfirmed(on=TODAY, proposal=proposed))
        self.a_tip_comes(left_out=False)
        for one in ("r1", "r2", LIAR):
            self.a_letter_is_opened(one, 0, lie=False)
        self.deliver_all()

    def working(self, one: str, *, fresh: bool) -> App:
        """An app, synced or not; a reviewer who is not hired yet hands the work to the first one."""
        app = self.apps[one if one in self.staff.roster.ids else "r1"]
        if fresh and app.online:
            self.deliver(app.id)
        return app

    def case_of(self, app: App, pick: int) -> Case | None:
        """One of the cases that an app knows."""
        cases = sorted(app.log.cases.values(), key=lambda case: case.id)
        return cases[pick % len(cases)] if cases else None

    def proposal_of(self, app: App, pick: int, *states: str) -> tuple[Case, Proposal] | None:
        """One of the proposals that an app knows, in some state."""
        case = self.case_of(app, pick)
        found = [each for each in case.proposals if each.state in states] if case else []
        return (case, found[pick % len(found)]) if case and found else None

    @precondition(lambda self: len(self.letters) < 2)
    @rule(left_out=st.booleans())
    def a_tip_comes(self, left_out: bool) -> None:
        """A source writes to all on the roster, or not to one of them."""
        members = tuple(one for one in self.staff.roster.ids if not (left_out and one == LIAR))
        self.letters.append((CaseKey(self.world.draw()[:16], self.world.draw()), members))
        self.reach[self.letters[-1][0].case] = set(members)

    @precondition(lambda self: self.letters)
    @rule(one=st.sampled_from(IDS), pick=PICK, lie=st.booleans())
    def a_letter_is_opened(self, one: str, pick: int, lie: bool) -> None:
        """An app opens a letter and tells of it; a liar tells that it is theirs alone."""
        key, members = self.letters[pick % len(self.letters)]
        app = self.apps[one]
        if one not in members or key in app.keys or key.case in app.erased:
            return
        app.hold([key])
        told = (LIAR,) if lie and app is self.liar else members
        app.write(
            CaseOpened(
                on=TODAY, case=key.case, letter=key.case * 2, number=1, tip=None, title="", members=told, checked=True
            ),
            key,
        )

    def deliver_all(self) -> None:
        """Everybody on the roster pulls what waits for them."""
        for one in self.staff.roster.ids:
            self.deliver(one)

    def deliver(self, one: str) -> None:
        """One app pulls what waits for it, the last first."""
        waiting = self.world.shelf.waiting[one]
        while waiting:
            self.apps[one].receive(self.world.shelf.batches[waiting.pop()])

    @rule(one=st.sampled_from(IDS), picks=st.lists(PICK, min_size=1, max_size=8), again=st.booleans())
    def batches_are_pulled(self, one: str, picks: list[int], again: bool) -> None:
        """Some, in any order; some of them twice."""
        app, waiting = self.apps[one], self.world.shelf.waiting[one]
        if not app.online or one not in self.staff.roster.ids:
            return
        for pick in picks:
            if waiting:
                app.receive(self.world.shelf.batches[waiting.pop(pick % len(waiting))])
            if again and self.world.shelf.batches:
                number = pick % len(self.world.shelf.batches)
                if number not in waiting and number not in self.withheld[one]:
                    app.receive(self.world.shelf.batches[number])

    @rule(one=st.sampled_from(IDS), pick=PICK)
    def a_batch_is_withheld(self, one: str, pick: int) -> None:
        """From one app, for now."""
        waiting = self.world.shelf.waiting[one]
        if waiting:
            self.withheld[one].append(waiting.pop(pick % len(waiting)))

    @rule(one=st.sampled_from(IDS))
    def what_was_withheld_comes(self, one: str) -> None:
        """The intake can only delay."""
        self.world.shelf.waiting[one] += self.withheld[one]
        self.withheld[one].clear()

    @rule(one=st.sampled_from(IDS), online=st.booleans())
    def an_app_goes_on_or_offline(self, one: str, online: bool) -> None:
        """For days."""
        self.apps[one].connect(online)

    @precondition(lambda self: "r4" not in self.staff.roster.ids)
    @rule(sure=st.integers(0, 2))
    def a_reviewer_is_hired(self, sure: int) -> None:
        """Everything is posted again for them."""
        if sure:
            return
        removed = {one.id: one.last_event for one in self.staff.roster.removed}
        self.staff.announce((*self.staff.roster.ids, "r4"), removed)

    @precondition(lambda self: LIAR in self.staff.roster.ids)
    @rule(pick=PICK, sure=st.integers(0, 6))
    def the_liar_is_removed(self, pick: int, sure: int) -> None:
        """The roster names the last event of theirs that counts, or none."""
        if sure:
            return
        theirs = [each for each, signed in self.liar.events.items() if signed.event.author == LIAR]
        last = theirs[pick % len(theirs)] if theirs and pick % 3 else None
        ids = tuple(one for one in self.staff.roster.ids if one != LIAR)
        self.staff.announce(ids, {LIAR: last})
