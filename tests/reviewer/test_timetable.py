"""Letters leave at moments that were drawn beforehand, one in each hour for each shelf, and none is caught up on."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.timetable import LATE, PERIOD, SEED_SIZE, Timetable
from submission.counters import MOST_A_DAY
from wire.errors import WireError
from wire.shelf import NARROWEST, shelf_names

DAY = date(2026, 11, 25)
BEGIN = datetime(2026, 11, 25, tzinfo=UTC)
END = BEGIN + timedelta(days=1)
SEEDS = st.binary(min_size=SEED_SIZE, max_size=SEED_SIZE)


@given(SEEDS, st.integers(0, 3))
def test_one_letter_leaves_in_each_hour_for_each_shelf(seed: bytes, bits: int) -> None:
    """Whatever the seed, hour and shelf alone have exactly one letter; no shelf is ever busier than another."""
    places = shelf_names(bits)
    slots = Timetable(DAY, seed).between(BEGIN, END, places)
    assert sorted((slot.at.hour, slot.place) for slot in slots) == sorted(
        (hour, place) for hour in range(24) for place in places
    )
    assert list(slots) == sorted(slots)


@given(SEEDS, st.lists(st.integers(0, 86_399), max_size=20))
def test_looks_at_any_moments_find_the_same_letters(seed: bytes, seconds: list[int]) -> None:
    """How often it is looked does not move a letter, nor is one found twice."""
    timetable = Timetable(DAY, seed)
    moments = [BEGIN - timedelta(seconds=1), *sorted(BEGIN + timedelta(seconds=each) for each in seconds), END]
    found = [slot for after, until in pairwise(moments) for slot in timetable.between(after, until, ["0", "1"])]
    assert tuple(found) == timetable.between(moments[0], END, ["0", "1"])


def test_moments_are_spread_over_the_hour_and_differ_by_day_hour_and_shelf() -> None:
    """No minute of the hour has more than its share, over many seeds: a letter can leave at any moment."""
    minutes = [0] * 60
    for number in range(500):
        for slot in Timetable(DAY, number.to_bytes(SEED_SIZE, "big")).between(BEGIN, END, ["0", "1"]):
            minutes[slot.at.minute] += 1
    share = 500 * 24 * 2 / 60
    assert all(abs(count - share) < 5 * share**0.5 for count in minutes)


@given(SEEDS, st.floats(0, 86_000))
def test_what_left_while_nobody_looked_is_gone(seed: bytes, seconds: float) -> None:
    """An app that was off for hours finds at most what left within the last ten minutes, and that once."""
    timetable, now = Timetable(DAY, seed), BEGIN + timedelta(seconds=seconds)
    for looked in (None, BEGIN - timedelta(hours=5), now - timedelta(seconds=LATE)):
        due = timetable.due(looked, now, [""])
        assert due == timetable.between(now - timedelta(seconds=LATE), now, [""])
    assert not timetable.due(now, now, [""])


def test_a_clock_that_was_set_back_holds_up_nothing() -> None:
    """Who looked last by a clock a year ahead goes on at once."""
    timetable, now = Timetable(DAY, bytes(SEED_SIZE)), BEGIN + timedelta(hours=12)
    assert timetable.due(now + timedelta(days=365), now, [""]) == timetable.due(None, now, [""])


def test_the_intake_takes_as_many_letters_as_an_app_ever_posts() -> None:
    """With the narrowest shelves a day has fewer letters than the intake takes from one reviewer."""
    letters = Timetable(DAY, bytes(SEED_SIZE)).between(BEGIN, END, shelf_names(NARROWEST))
    assert len(letters) <= MOST_A_DAY["replies"]


def test_a_short_period_is_not_caught_up_on_either() -> None:
    """With letters every few seconds, as in a demonstration, an app that was off posts one of them and goes on."""
    timetable = Timetable(DAY, bytes(SEED_SIZE), 5.0)
    assert len(timetable.due(None, BEGIN + timedelta(hours=2), [""])) <= 2


def test_a_reply_leaves_today_while_letters_of_its_shelf_are_left() -> None:
    """At noon twelve hours are left; who waits behind more than their letters leaves tomorrow."""
    timetable, noon = Timetable(DAY, bytes(SEED_SIZE)), BEGIN + timedelta(hours=12)
    left = len(timetable.between(noon, END, ["01"]))
    assert left in {12, 13}
    assert timetable.leaves_today("01", left - 1, noon)
    assert not timetable.leaves_today("01", left, noon)
    assert not timetable.leaves_today("01", 0, END - timedelta(milliseconds=1))


@given(SEEDS)
def test_a_timetable_is_read_back_as_stored(seed: bytes) -> None:
    """Day and seed survive, so that an app that starts anew goes on with the moments that were drawn."""
    timetable = Timetable(DAY, seed)
    assert Timetable.decode(timetable.encode(), PERIOD) == timetable


@pytest.mark.parametrize("stored", [b"", b"yesterday", b"2026-13-01" + bytes(32)])
def test_what_is_no_timetable_is_refused(stored: bytes) -> None:
    """A vault that holds something else is told so."""
    with pytest.raises(WireError):
        Timetable.decode(stored, PERIOD)
