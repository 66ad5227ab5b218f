"""Calendar weeks (ISO 8601), the finest time that Lapwing tells about a source."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from wire.errors import WeekError

_WRITTEN = re.compile(r"(2[0-9]{3})-W([0-5][0-9])")


@dataclass(frozen=True, order=True)
class Week:
    """One week, Monday to Sunday in UTC, written ``2026-W48``; years 2000 to 2999.

    Attributes:
        year: the ISO week-numbering year.
        number: 1 to 53.

    Raises:
        WeekError: there is no such week.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 2000 <= self.year <= 2999:
            raise WeekError("week: the year is not from 2000 to 2999")
        try:
            date.fromisocalendar(self.year, self.number, 1)
        except ValueError:
            raise WeekError("week: there is no such week in its year") from None

    @classmethod
    def parse(cls, untrusted: str) -> "Week":
        """Read ``2026-W48``; `WeekError` for anything else."""
        match = _WRITTEN.fullmatch(untrusted)
        if match is None:
            raise WeekError("week: not written as 2026-W48")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Week":
        """Return the week that a day (UTC) lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def monday(self) -> date:
        """The first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def ends(self) -> date:
        """The first day on which this week's key sheet is no longer in force: Tuesday of the next week.

        Eight days from Monday 00:00 UTC, so that a source who began on Sunday night can finish.
        """
        return self.monday + timedelta(days=8)

    def next(self) -> "Week":
        """Return the week after this one."""
        return Week.of(self.monday + timedelta(days=7))
