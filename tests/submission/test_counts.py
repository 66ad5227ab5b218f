"""Visits are counted for a while, and what has ended is forgotten by the visits that follow."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits.storage import storage_from_string

from submission.counts import FORGET_SECONDS, SCHEME, Counts


class Clock:
    """A clock that a test turns."""

    now = 1_000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The system's clock."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


def test_a_count_ends_after_its_first_visit(clock: Clock) -> None:
    """However many follow, they count until then, and then from the start."""
    counts = Counts()
    assert [counts.incr("a", 60), counts.incr("a", 60, 2), counts.incr("b", 60)] == [1, 3, 1]
    assert (counts.get("a"), counts.get_expiry("a")) == (3, 1_060)

    clock.now += 59
    assert counts.incr("a", 60) == 4
    clock.now += 1
    assert (counts.get("a"), counts.get_expiry("a")) == (0, clock.now)
    assert counts.incr("a", 60) == 1


def test_what_has_ended_is_forgotten_by_others(clock: Clock) -> None:
    """An address that came once is not kept after its time; one that still counts is."""
    counts = Counts()
    counts.incr("once", 60)
    clock.now += 30
    counts.incr("other", 60)
    clock.now += 30 + FORGET_SECONDS
    counts.incr("third", 60)

    assert set(counts._counts) == {"other", "third"}


def test_counts_can_be_dropped(clock: Clock) -> None:
    """One, or all of them."""
    counts = Counts()
    counts.incr("a", 60)
    counts.incr("b", 60)
    counts.clear("a")
    counts.clear("never there")

    assert (counts.get("a"), counts.get("b"), counts.reset(), counts.get("b")) == (0, 1, 1, 0)


def test_it_starts_no_thread_and_loses_no_visit() -> None:
    """Many who come at once are all counted, and each number is given once."""
    counts = Counts()
    assert isinstance(storage_from_string(f"{SCHEME}://"), Counts)
    with ThreadPoolExecutor(8) as pool:
        before = set(threading.enumerate())
        numbers = list(pool.map(lambda _: counts.incr("a", 60), range(2_000)))
        started = {thread for thread in set(threading.enumerate()) - before if thread not in pool._threads}

    assert sorted(numbers) == list(range(1, 2_001))
    assert started == set()
    assert counts.check()
    assert counts.base_exceptions == ()
