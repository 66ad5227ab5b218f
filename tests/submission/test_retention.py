"""A wrong clock is not believed by itself; what is kept is counted in whole weeks."""

from datetime import date, timedelta

import pytest

from submission.retention import believe, oldest_kept
from wire.week import Week

NOW = Week(2026, 48)


def later(weeks: int) -> Week:
    """Return the week so many after `NOW`."""
    return Week.of(NOW.monday + timedelta(weeks=weeks))


@pytest.mark.parametrize("step", [0, 1, 4, -1, -4])
def test_a_small_step_is_believed(step: int) -> None:
    """A machine that was off for a month, or a clock set back a little, needs nobody's word."""
    assert believe(later(step), NOW, ()) == later(step)


@pytest.mark.parametrize("step", [5, 52, -5, -52])
def test_a_large_step_needs_a_sheet_of_its_week(step: int) -> None:
    """Only what reviewers signed for that week or the one before it makes a large step believed."""
    assert believe(later(step), NOW, [NOW, later(step + 1), later(step - 2)]) == NOW
    assert believe(later(step), NOW, [later(step)]) == later(step)
    assert believe(later(step), NOW, [later(step - 1)]) == later(step)


def test_the_first_look_believes() -> None:
    """A new intake has nothing to lose."""
    assert believe(NOW, None, ()) == NOW


def test_weeks_are_counted_over_the_end_of_a_year() -> None:
    """Fifty-three weeks or fifty-two, the week kept first is so many Mondays back."""
    assert oldest_kept(Week(2027, 2), 6) == Week(2026, 49)
    assert oldest_kept(Week.of(date(2026, 11, 24)), 1) == Week(2026, 47)
