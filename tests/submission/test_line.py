"""The line is fair: turns go round the circuits, nobody takes more places than allowed, and nobody waits for ever."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from submission.errors import BusyError
from submission.line import Line, Places

PLACES = Places(in_all=4, each=2, waiting=6, patience=10)


def begun(line: Line[str]) -> list[str]:
    """Return everyone whose turn has come."""
    return list(line.begin())


def test_turns_go_round_the_circuits() -> None:
    """Who brings many waits between its own for everybody else."""
    line = Line[str](replace(PLACES, in_all=1))
    for number in range(3):
        line.join("greedy", f"greedy {number}", 0)
    line.join("b", "b", 1)
    line.join("c", "c", 2)

    order = begun(line)
    while (now := order[-1].split()[0]) and not line.idle:
        line.leave(now)
        order += begun(line)

    assert order == ["greedy 0", "b", "c", "greedy 1", "greedy 2"]


def test_one_circuit_never_takes_all_places() -> None:
    """Beyond its own places a circuit waits, although others are free."""
    line = Line[str](PLACES)
    for number in range(4):
        line.join("a", f"a {number}", 0)
    assert begun(line) == ["a 0", "a 1"]

    line.join("b", "b", 0)
    assert begun(line) == ["b"]
    line.leave("a")
    assert begun(line) == ["a 2"]


def test_who_has_nothing_at_work_comes_first() -> None:
    """A second place is given when nobody waits for a first one."""
    line = Line[str](replace(PLACES, in_all=2))
    for circuit in ("a", "b"):
        line.join(circuit, f"{circuit} 0", 0)
    assert begun(line) == ["a 0", "b 0"]
    line.join("b", "b 1", 1)
    line.join("c", "c", 2)

    line.leave("a")

    assert begun(line) == ["c"]


def test_who_waits_too_long_is_told() -> None:
    """After the patience of the line a visit is taken out of it, and the place goes to others."""
    line = Line[str](replace(PLACES, in_all=1))
    line.join("a", "a", 0)
    assert begun(line) == ["a"]
    line.join("b", "b 0", 1)
    line.join("c", "c", 2)
    line.join("b", "b 1", 3)

    assert line.overdue(10.9) == []
    assert line.overdue(12) == ["b 0", "c"]
    line.leave("a")
    assert begun(line) == ["b 1"]
    assert line.overdue(1_000) == []


def test_a_circuit_that_waits_too_often_is_refused() -> None:
    """One circuit can put only so many into the line; another still can."""
    line = Line[str](PLACES)
    for _ in range(PLACES.waiting):
        line.join("a", "a", 0)

    with pytest.raises(BusyError):
        line.join("a", "a", 0)
    line.join("b", "b", 0)


def test_nobody_leaves_twice() -> None:
    """A place that was never taken cannot be given up."""
    with pytest.raises(AssertionError):
        Line[str](PLACES).leave("a")


class Flood(RuleBasedStateMachine):
    """Any circuits, in any order, against a model that knows nothing but the promises."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Line[tuple[str, int]](PLACES)
        self.now = 0.0
        self.number = 0
        self.waiting: list[tuple[str, int, float]] = []
        self.working = Counter[str]()
        # For each circuit that waits, since when, and which others have had a turn since.
        self.passed: dict[str, Counter[str]] = {}

    @rule(circuit=st.sampled_from("abcdefgh"))
    def arrive(self, circuit: str) -> None:
        """One more visit."""
        self.number += 1
        mine = sum(one == circuit for one, _, _ in self.waiting)
        if mine >= PLACES.waiting:
            with pytest.raises(BusyError):
                self.line.join(circuit, (circuit, self.number), self.now)
        else:
            self.line.join(circuit, (circuit, self.number), self.now)
            self.waiting.append((circuit, self.number, self.now))
            self.passed.setdefault(circuit, Counter())
        self.begin()

    @precondition(lambda self: self.working)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        """One at work is done."""
        circuit = data.draw(st.sampled_from(sorted(self.working)))
        self.working -= Counter([circuit])
        self.line.leave(circuit)
        self.begin()

    @rule(seconds=st.integers(1, 6))
    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self.now += seconds
        late = [(circuit, number) for circuit, number, since in self.waiting if since <= self.now - PLACES.patience]
        assert sorted(self.line.overdue(self.now)) == sorted(late)
        self.waiting = [one for one in self.waiting if one[:2] not in late]
        self.forget()

    def begin(self) -> None:
        """Let those begin whose turn it is, and look at each choice."""
        for circuit, number in self.line.begin():
            mine = [one for one in self.waiting if one[0] == circuit]
            assert mine[0][1] == number, "the first of a circuit comes first"
            others = {one for one, _, _ in self.waiting}
            assert self.working[circuit] == min(self.working[one] for one in others), "fewer at work come first"
            self.waiting.remove(mine[0])
            for one in others - {circuit}:
                self.passed[one][circuit] += 1
                if self.working[one] <= self.working[circuit]:
                    assert self.passed[one][circuit] <= 1 + PLACES.each, "nobody is passed again and again"
            self.passed[circuit] = Counter()
            self.working[circuit] += 1
        self.forget()

    def forget(self) -> None:
        """Circuits that wait no more cannot be passed."""
        self.passed = {one: self.passed[one] for one, _, _ in self.waiting}

    @invariant()
    def places_are_kept(self) -> None:
        """Never more than allowed, and no place is free that somebody may have."""
        assert sum(self.working.values()) <= PLACES.in_all
        assert all(count <= PLACES.each for count in self.working.values())
        if sum(self.working.values()) < PLACES.in_all:
            assert all(self.working[one] >= PLACES.each for one, _, _ in self.waiting)
        assert self.line.idle == (not self.working and not self.waiting)


Flood.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestFlood = Flood.TestCase
