"""Letters leave at moments that were drawn beforehand, one in each hour for each shelf, and none is caught up on."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reviewer.timetable import LATE, OPENING, SEED_SIZE, Opening, Timetable
from reviewer.timetable import MOST_A_DAY as MOST
from submission.counters import MOST_A_DAY
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


@given(SEEDS, SEEDS, st.floats(0, 86_399), st.integers(0, 3))
def test_one_letter_leaves_for_each_shelf_within_ten_minutes_after_an_unlocking(
    seed: bytes, own: bytes, seconds: float, bits: int
) -> None:
    """It stands for those of the next hour; the others leave as if nobody had unlocked, those of midnight too."""
    places, at = shelf_names(bits), BEGIN + timedelta(seconds=seconds)
    opening, timetable = Opening(7, at, own), Timetable(DAY, seed)
    slots = timetable.between(BEGIN, END + timedelta(hours=1), places, opening)
    after = [slot for slot in slots if slot.opening]

    assert sorted(slot.place for slot in after) == sorted(places)
    assert all(at <= slot.at < at + timedelta(seconds=OPENING) for slot in after)
    assert [slot for slot in slots if not slot.opening] == [
        slot for slot in timetable.between(BEGIN, END, places) if not at <= slot.at < at + timedelta(hours=1)
    ]


def test_a_day_that_is_full_has_no_room_for_another_unlocking() -> None:
    """Of an app that is never locked the intake would take eight letters more, and not nine."""
    timetable, places = Timetable(DAY, bytes(SEED_SIZE)), shelf_names(NARROWEST)
    opening = Opening(1, BEGIN + timedelta(hours=12), bytes(SEED_SIZE))
    to_come = len(timetable.between(opening.at, END, places, opening))
    assert timetable.has_room(MOST - to_come, opening, places)
    assert not timetable.has_room(MOST - to_come + 1, opening, places)
    assert MOST_A_DAY["replies"] == MOST
