"""The case log under everything at once: four apps, one of them a liar's, and an intake that holds things back.

Batches come late, twice, in any order or not at all until they are let through; apps go offline and come back; one
reviewer joins later, the liar is removed or not. After every step each app's log is held against a plain search.
"""

import random
from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant

from reviewer.chain import Known
from reviewer.fold import Log, fold
from tests.reviewer.log_lies import Lies
from tests.reviewer.oracle import Oracle
from tests.reviewer.simulation import LIAR, App
from wire.content import Confirmed, EraseProposed
from wire.event import open_event


class CaseLog(Lies):
    """Whatever happens, each log is right."""

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
                    oracle.check_erasure(proposal)
                elif proposal.state == "approved":
                    oracle.check_approved(case, proposal)
                elif proposal.state == "sent":
                    oracle.check_sent(proposal)
        for each, signed in app.events.items():
            assert open_event(signed.envelope, self.staff.roster) == signed
            opened = app.opened.get(each)
            assert opened is None or opened.commitment == signed.event.commitment

    def teardown(self) -> None:
        """Everything comes through in the end, and whoever reads the same sees the same."""
        for one, app in self.apps.items():
            app.connect(online=True)
            self.what_was_withheld_comes(one)
            for number in range(len(self.letters) if app is not self.liar else 0):
                self.a_letter_is_opened(one, number, lie=False)
        for _ in range(2):
            self.deliver_all()
            for app in self.apps.values():
                if app is not self.liar:
                    app.destroy_agreed()
        self.deliver_all()
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
