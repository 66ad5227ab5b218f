"""Weeks are read, written and counted as ISO 8601 says."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import WeekError
from wire.week import Week

DAYS = st.dates(date(2000, 1, 3), date(2999, 12, 20))


@given(DAYS)
def test_a_week_is_read_back_as_written(day: date) -> None:
    """Writing and reading a week gives the same week."""
    week = Week.of(day)
    assert Week.parse(str(week)) == week
    assert week.monday <= day < week.monday + timedelta(days=7)


@given(DAYS)
def test_the_next_week_starts_seven_days_later(day: date) -> None:
    """Weeks follow each other, over the year's end too, and order as their dates do."""
    week = Week.of(day)
    assert week.next().monday == week.monday + timedelta(days=7)
    assert week < week.next()
    assert week.ends == week.next().monday + timedelta(days=1)


@given(st.text(max_size=10))
def test_any_text_gives_a_week_or_a_week_error(text: str) -> None:
    """No text raises anything but a WeekError."""
    with contextlib.suppress(WeekError):
        assert str(Week.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["2026-W54", "2025-W53", "2026-W00", "2026-w48", "2026W48", "2026-W48\n", "٢٠٢٦-W48", "1999-W01", ""]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    """Weeks that do not exist and other ways to write one are refused."""
    with pytest.raises(WeekError):
        Week.parse(text)


def test_a_year_of_53_weeks_has_its_last_week() -> None:
    """2026 has 53 weeks."""
    assert Week.parse("2026-W53").next() == Week(2027, 1)


@pytest.mark.parametrize(("year", "beyond"), [(2000, 1999), (2999, 3000)])
def test_the_years_reach_from_2000_to_2999(year: int, beyond: int) -> None:
    """Both bounds have weeks, and the years next to them none."""
    assert Week.parse(str(Week(year, 1))) == Week(year, 1)
    with pytest.raises(WeekError, match="2000 to 2999"):
        Week(beyond, 1)


def test_a_year_out_of_range_is_refused() -> None:
    """Weeks outside the years 2000 to 2999 are refused."""
    with pytest.raises(WeekError):
        Week.of(date(1999, 6, 1))
