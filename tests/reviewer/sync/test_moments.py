"""What the vault keeps of the moments of letters."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.sync.moments import Moments
from reviewer.timetable import PERIOD, SEED_SIZE, Opening, Timetable
from wire.errors import WireError

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TIMES = st.datetimes(timezones=st.just(UTC))
SEEDS = st.binary(min_size=SEED_SIZE, max_size=SEED_SIZE)
KEPT = st.builds(
    Moments,
    st.none() | st.builds(Timetable, st.dates(), SEEDS),
    st.integers(0, 200),
    st.none() | TIMES,
    st.integers(0, 2**31),
    st.none() | TIMES,
    st.none() | st.builds(Opening, st.integers(1, 2**31), TIMES, SEEDS),
)


@given(KEPT)
def test_moments_are_read_back_as_stored(moments: Moments) -> None:
    """An app that starts anew goes on with the moments that were drawn."""
    assert Moments.decode(moments.encode(), PERIOD) == moments


@pytest.mark.parametrize("stored", [b"", b"yesterday", b"{}", b'{"posted":0,"unlockings":0,"day":"2026-13-01"}'])
def test_what_holds_no_moments_is_refused(stored: bytes) -> None:
    """A vault that holds something else is told so."""
    with pytest.raises(WireError):
        Moments.decode(stored, PERIOD)


def test_letters_follow_an_unlocking_once_an_hour() -> None:
    """Whoever locks and unlocks gets letters after the first unlocking, and after one an hour later."""
    drawn = Moments().of_day(NOW, bytes, PERIOD)
    first = Moments(drawn.timetable, unlockings=1, unlocked=NOW).settled(["0"], bytes)
    assert first.opening == Opening(1, NOW, bytes(SEED_SIZE))
    assert first.unlocked is None
    for minutes, number in ((0, 1), (59, 1), (60, 2)):
        at = NOW + timedelta(minutes=minutes)
        again = Moments(first.timetable, unlockings=2, unlocked=at, opening=first.opening).settled(["0"], bytes)
        assert again.opening is not None
        assert again.opening.number == number


def test_a_day_begins_with_new_moments_and_no_letters() -> None:
    """What was drawn for a day stays for that day."""
    kept = Moments().of_day(NOW, bytes, PERIOD)
    counted = Moments(kept.timetable, posted=7)
    assert counted.of_day(NOW + timedelta(hours=14), lambda size: b"x" * size, PERIOD) == counted
    assert counted.of_day(NOW + timedelta(hours=16), lambda size: b"x" * size, PERIOD).posted == 0
