"""The case log under everything at once: four apps, one of them a liar's, and an intake that holds things back.

Batches come late, twice, in any order or not at all until they are let through; apps go offline and come back; one
reviewer joins later, the liar is removed or not. After every step each app's log is held against a plain search.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reviewer.case import Case
from reviewer.chain import Known, Past
from reviewer.fold import Log, fold
from reviewer.proposal import Proposal
from tests.reviewer.casework import INSTANCE, TODAY, customs, draft_by
from tests.reviewer.oracle import Oracle
from tests.reviewer.simulation import IDS, LIAR, App, Given, World
from wire.batch import CaseKey, Posted, encode_batch, encode_item
from wire.content import (
    Assigned,
    CaseContent,
    CaseOpened,
    Confirmed,
    DossierApproved,
    DossierSent,
    Erased,
    EraseProposed,
    Heads,
    Held,
    Joined,
    Keyed,
    Noted,
    OfficeConfirmed,
    OfficeProposed,
    Recused,
    Resumed,
    StatusSet,
    Withdrawn,
)
from wire.event import Event, open_event, seal_content, sign_event
from wire.fields import encode_base64

ACTS = ("note", "vetted", "closed", "hold", "resume", "resume", "assign", "assign", "recuse")
HONEST = st.sampled_from([one for one in IDS if one != LIAR])
PICK = st.integers(0, 1_000)
FRESH = st.sampled_from([True, True, False])


class CaseLog(RuleBasedStateMachine):
    """Apps, a shelf, and whatever may happen to them."""

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
        self._deliver_all()
        self.apps["r2"].say(OfficeConfirmed(on=TODAY, proposal=proposed))
        self.a_tip_comes(left_out=False)
        for one in ("r1", "r2", LIAR):
            self.a_letter_is_opened(one, 0, lie=False)
        self._deliver_all()

    # --- what honest reviewers do ---

    def working(self, one: str, *, fresh: bool) -> App:
        """An app, synced or not; a reviewer who is not hired yet hands the work to the first one."""
        app = self.apps[one if one in self.staff.roster.ids else "r1"]
        if fresh and app.online:
            self._deliver(app.id)
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

    @rule(one=HONEST, other=HONEST, third=HONEST, pick=PICK, act=st.sampled_from(["hold", "recuse", "fork"]))
    def second_thoughts_come_at_the_same_time(self, one: str, other: str, third: str, pick: int, act: str) -> None:
        """A dossier goes through while somebody who does not know of it stops it, and then thinks better of it."""
        self._deliver_all()
        if act == "fork":
            self.the_liar_acts(pick, "hold")
            self.the_liar_acts(pick, "hold")
            self._deliver(one)
        self.a_dossier_goes_through(one, other, pick, 2)
        if act != "fork":
            self.something_is_said(third, pick, act, fresh=False)
        self._deliver_all()
        self.something_is_said(one, pick, "resume", fresh=True)

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

    @rule(one=HONEST, fresh=FRESH)
    def what_was_agreed_is_destroyed(self, one: str, *, fresh: bool) -> None:
        """In one app, which says so."""
        self.working(one, fresh=fresh).destroy_agreed()

    # --- what the intake and the network do ---

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

    # --- what the organisation does ---

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

    # --- what a liar does ---

    @rule(
        pick=PICK,
        lie=st.sampled_from(["own", "blind", "hold", "resume", "withdraw", "sent", "erase", "join", "keyed", "mine"]),
    )
    def the_liar_acts(self, pick: int, lie: str) -> None:
        """With well-formed events that an honest app would not write."""
        case = self.case_of(self.liar, pick)
        key = next((key for key in reversed(self.liar.keys) if case and key.case == case.id), None)
        if case is None or key is None:
            return
        here, own = case.id, self._own_past(pick)
        proposal = next(iter(case.proposals[pick % len(case.proposals) :]), None) if case.proposals else None
        desk, about = self.liar.desk, proposal.id if proposal else bytes(32)
        proposer = proposal.proposer if proposal else LIAR
        approval = desk.sign(draft_by(proposer), proposer, self.staff.rosters[0])
        lies: dict[str, Callable[[], object]] = {
            "own": lambda: self.liar.write(
                DossierApproved(on=TODAY, case=here, proposal=about, approval=approval), key
            ),
            "blind": lambda: self.liar.write(
                DossierApproved(on=TODAY, case=here, proposal=about, approval=approval), key, own
            ),
            "hold": lambda: self.liar.write(Held(on=TODAY, case=here, reason="x"), key, own),
            "resume": lambda: self.liar.write(Resumed(on=TODAY, case=here, reason="x"), key, own),
            "withdraw": lambda: self.liar.write(Withdrawn(on=TODAY, case=here, proposal=about), key),
            "sent": lambda: self.liar.write(DossierSent(on=TODAY, case=here, proposal=about, sealed=bytes(32)), key),
            "erase": lambda: self.liar.write(Erased(on=TODAY, proposal=about), None),
            "join": lambda: self.liar.write(Joined(on=TODAY, case=here, reviewer=LIAR), key),
            "keyed": lambda: self._false_key(case, pick),
            "mine": lambda: self.liar.write(replace(desk.proposal(draft_by(LIAR)), case=case.id), key),
        }
        lies[lie]()

    def _false_key(self, case: Case, pick: int) -> None:
        """Announce a key to all and give it to one, or to nobody."""
        new = CaseKey(case.id, self.world.draw())
        self.liar.write(Keyed(on=TODAY, case=case.id, digest=self.world.draw(), holders=IDS[:3]), new)
        if pick % 2 and "r1" in self.reach[case.id]:
            self.liar.post(Given(frozenset({"r1"}), (new,)))

    def _own_past(self, pick: int) -> Past | None:
        """The liar's chain continued from anywhere, citing nobody: a fork, often."""
        theirs = [signed for signed in self.liar.events.values() if signed.event.author == LIAR]
        if not theirs:
            return None
        before = theirs[pick % len(theirs)]
        return Past(before.event.number + 1, before.id, ())

    @rule(pick=PICK, lie=st.sampled_from(["fork", "nowhere", "many", "jump", "name", "other", "junk", "leak", "swap"]))
    def the_liar_breaks_the_rules_of_chains(self, pick: int, lie: str) -> None:
        """Forks, invented pasts, another's name, content that is not what was committed to."""
        liar, note = self.liar, Noted(on=TODAY, case=self.world.draw()[:16], text="x")
        own = self._own_past(pick) or Past(1, None, ())
        others = sorted(each for each, signed in liar.events.items() if signed.event.author != LIAR)
        other = others[pick % len(others)]
        key = CaseKey(note.case, self.world.draw())
        lies: dict[str, Callable[[], object]] = {
            "fork": lambda: liar.write(Heads(on=TODAY), None, own),
            "nowhere": lambda: liar.write(Heads(on=TODAY), None, replace(own, heads=(self.world.draw(),))),
            "many": lambda: liar.write(
                Heads(on=TODAY), None, replace(own, heads=tuple(sorted(self.world.draw() for _ in range(32))))
            ),
            "jump": lambda: liar.write(
                Heads(on=TODAY), None, replace(own, number=own.number + 1) if own.previous else own
            ),
            "other": lambda: liar.write(Heads(on=TODAY), None, Past(2, other, ())),
            "name": lambda: self._in_anothers_name(pick),
            "junk": lambda: liar.write(b"{}", [key, None][pick % 2]),
            "leak": lambda: self._leak(note),
            "swap": lambda: (
                liar.write(note, [key, None][pick % 2], shown=self.world.commit(Heads(on=TODAY)))
                if pick % 2 == 0
                else liar.write(Heads(on=TODAY), None, shown=self.world.commit(Heads(on=TODAY)))
            ),
        }
        lies[lie]()

    def _in_anothers_name(self, pick: int) -> None:
        opened = self.world.commit(Heads(on=TODAY))
        event = Event(INSTANCE, IDS[pick % 2], 1, None, (), opened.commitment)
        self.liar.post(encode_batch([Posted(sign_event(event, self.staff.keys[LIAR]).envelope, opened)]))

    def _leak(self, note: Noted) -> None:
        """A case's content in the open: no app writes such a line, so it is made by hand."""
        opened = self.world.commit(note)
        past = self._own_past(-1) or Past(1, None, ())
        signed = sign_event(
            Event(INSTANCE, LIAR, past.number, past.previous, past.heads, opened.commitment), self.staff.keys[LIAR]
        )
        boxed = encode_item(Posted(signed.envelope, box=seal_content(opened, bytes(32), signed.id)))
        plain = f'"nonce":"{encode_base64(opened.nonce)}","content":"{encode_base64(opened.content)}"}}\n'
        self.liar.post(boxed[: boxed.index(b'"box"')] + plain.encode())

    # --- what always holds ---

    @invariant()
    def every_log_is_right(self) -> None:
        """For each app that has something new."""
        for app in self.apps.values():
            log = app.log
            if app is not self.liar and self.checked.get(app.id) is not log:
                self.checked[app.id] = log
                self._check_order(app, log)
                self._check_gaps(app, log)
                self._check_cases(app, log)

    def _check_order(self, app: App, log: Log) -> None:
        shuffled = app.known * 2 + [Known(known.signed) for known in app.known]
        random.Random(len(shuffled)).shuffle(shuffled)
        assert fold(shuffled, self.staff.rosters) == log
        oracle = Oracle(app)
        assert {known.id for known in log.chains.order} == set(oracle.pasts)
        assert log.chains.void == oracle.void
        place = {known.id: number for number, known in enumerate(log.chains.order)}
        for known in log.chains.order:
            assert all(place[cited] < place[known.id] for cited in known.signed.event.cited)
        assert all(known.author == LIAR for known in app.known if known.id in log.chains.refused)

    def _check_gaps(self, app: App, log: Log) -> None:
        """Whatever others cite or number and is not here shows, and so does a fork."""
        cited = {each for signed in app.events.values() for each in signed.event.cited}
        assert log.chains.missing == cited - set(app.events)
        numbers: dict[str, Counter[int]] = {}
        for signed in app.events.values():
            numbers.setdefault(signed.event.author, Counter())[signed.event.number] += 1
        lacking = {
            (author, number) for author, held in numbers.items() for number in range(1, max(held)) if not held[number]
        }
        shown = {(gap.author, number) for gap in log.chains.gaps for number in range(gap.first, gap.last + 1)}
        assert shown == lacking
        twice = {(author, number) for author, held in numbers.items() for number, times in held.items() if times > 1}
        assert {(fork.author, fork.number) for fork in log.chains.forks} == twice
        assert {author for author, _ in twice} <= {LIAR}

    def _check_cases(self, app: App, log: Log) -> None:
        oracle = Oracle(app)
        for case in log.cases.values():
            assert app.id in self.reach[case.id]
            assert case.members <= set(self.staff.roster.ids) - case.recused
            if case.id in app.erased:
                assert all(isinstance(entry.content, EraseProposed | Confirmed) for entry in case.entries)
                assert case.erased or "erased-unapproved" in {conflict.kind for conflict in case.conflicts}
            for proposal in case.proposals:
                if isinstance(proposal.content, EraseProposed):
                    continue
                if proposal.state == "approved":
                    oracle.check_approved(case, proposal)
                elif proposal.state == "sent":
                    oracle.check_sent(proposal)
        for each, signed in app.events.items():
            assert open_event(signed.envelope, self.staff.roster) == signed
            opened = app.opened.get(each)
            assert opened is None or opened.commitment == signed.event.commitment

    # --- how it ends ---

    def _deliver_all(self) -> None:
        for one in self.staff.roster.ids:
            self._deliver(one)

    def _deliver(self, one: str) -> None:
        waiting = self.world.shelf.waiting[one]
        while waiting:
            self.apps[one].receive(self.world.shelf.batches[waiting.pop()])

    def teardown(self) -> None:
        """Everything comes through in the end, and whoever reads the same sees the same."""
        for one, app in self.apps.items():
            app.connect(online=True)
            self.what_was_withheld_comes(one)
            for number in range(len(self.letters) if app is not self.liar else 0):
                self.a_letter_is_opened(one, number, lie=False)
        for _ in range(2):
            self._deliver_all()
            for app in self.apps.values():
                if app is not self.liar:
                    app.destroy_agreed()
        self._deliver_all()
        self.every_log_is_right()
        honest = [app for app in self.apps.values() if app is not self.liar and app.id in self.staff.roster.ids]
        assert all(set(app.events) == set(honest[0].events) for app in honest)
        readable = set.intersection(*(set(app.opened) for app in honest))
        logs = [
            fold(
                [Known(known.signed, known.opened if known.id in readable else None) for known in app.known],
                self.staff.rosters,
            )
            for app in honest
        ]
        assert all(log == logs[0] for log in logs)
        for event, case, members in (each for app in honest for each in app.meant):
            assert all(event in app.opened for app in honest if app.id in members and case not in app.erased)
        counted = {known.id for known in honest[0].log.chains.order}
        assert all(signed.event.author == LIAR for each, signed in honest[0].events.items() if each not in counted)


TestCaseLog = CaseLog.TestCase
TestCaseLog.settings = settings(
    max_examples=30, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
