"""Which week it is, as far as the clock is believed, and which weeks' pieces are kept. Pure."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from wire.week import Week

MOST_STEP: Final = timedelta(weeks=4)
"""How far a clock may move between two looks without anybody else saying so: a machine may be off for that long."""


def believe(today: Week, last: Week | None, sheets: Collection[Week]) -> Week:
    """Return the week that pieces are dated with and counted from.

    A clock that is wrong by a year must not have everything deleted, nor date pieces so that the right clock deletes
    them. A clock that moved far is believed once reviewers signed a key sheet for the week that it tells, or the one
    before it; they do so each week in which a tip can come.

    Args:
        today: what the clock says.
        last: what was believed when it was last looked at; None the first time.
        sheets: the weeks of the key sheets that are here.
    """
    if last is None or abs(today.monday - last.monday) <= MOST_STEP:
        return today
    return today if {today, Week.of(today.monday - timedelta(days=1))} & set(sheets) else last


def oldest_kept(week: Week, weeks: int) -> Week:
    """Return the first week whose pieces are kept in `week`: a piece stays for `weeks` whole weeks after its own."""
    return Week.of(week.monday - timedelta(weeks=weeks))
