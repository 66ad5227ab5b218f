"""What a reviewer should look at first (pure): keys that run out, silence, gaps, forks, contradictions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reviewer.chain import Chains
from wire.roster import Roster
from wire.week import Week

SILENT_AFTER: Final = 2
"""Days without a word after which an author counts as silent: each app writes once a day."""
SPARE_WEEKS: Final = 2
"""Full weeks of period keys below which a reviewer's batch counts as ending."""
ROSTER_DAYS: Final = 30


@dataclass(frozen=True)
class Notice:
    """One thing to look at.

    Attributes:
        kind: ``no-sheet``, ``next-sheet``, ``keys-end``, ``contradicted``, ``silent``, ``never-heard``, ``gap``,
            ``fork``, ``missing``, ``roster-ends``, ``refused``, ``unseen``, ``files-leave``, ``letters``, ``releases``,
            ``clock`` or ``outcome``.
        reviewer: whom it is about, None for everybody.
        week: as text, where it is about a week.
        day: where it is about a day.
        count: where something was counted.
        case: in hexadecimal, where it is about a case.
        title: of that case; may be empty.
    """

    kind: str
    reviewer: str | None = None
    week: str | None = None
    day: date | None = None
    count: int = 0
    case: str = ""
    title: str = ""


def log_notices(chains: Chains, roster: Roster, seen: Mapping[str, date], today: date) -> tuple[Notice, ...]:
    """Return what the case log's chains show, and who was not heard from.

    Args:
        chains: as the log was folded.
        roster: in force.
        seen: the day on which each author's chain last grew here.
        today: the date in UTC.
    """
    found = [Notice("fork", fork.author, count=fork.number) for fork in chains.forks]
    found += [Notice("gap", gap.author, count=gap.last - gap.first + 1) for gap in chains.gaps]
    if chains.missing:
        found.append(Notice("missing", count=len(chains.missing)))
    if chains.refused:
        found.append(Notice("refused", count=len(chains.refused)))
    for reviewer in roster.ids:
        if reviewer not in seen:
            found.append(Notice("never-heard", reviewer))
        elif today - seen[reviewer] > timedelta(days=SILENT_AFTER):
            found.append(Notice("silent", reviewer, day=seen[reviewer]))
    return tuple(found)


@dataclass(frozen=True)
class KeysSeen:
    """The period keys that are known under the roster in force.

    Attributes:
        last: the last week for which each reviewer has a key, by id.
        contradicted: reviewer and week of keys of which two were seen.
        sheets: weeks whose key sheet enough reviewers have signed.
        others: weeks for which another reviewer signed a sheet that names other clients than this app's release has,
            and no sheet that names those is whole.
    """

    last: Mapping[str, Week]
    contradicted: Collection[tuple[str, str]]
    sheets: Collection[Week]
    others: Collection[Week] = ()


def key_notices(keys: KeysSeen, roster: Roster, today: date) -> tuple[Notice, ...]:
    """Return what threatens the key sheets: without one, the intake closes."""
    this_week = Week.of(today)
    found = [Notice("contradicted", reviewer, week) for reviewer, week in keys.contradicted]
    if not any(week.monday <= today < week.ends for week in keys.sheets):
        found.append(Notice("no-sheet", week=str(this_week)))
    elif this_week.next() not in {*keys.sheets, *keys.others} and today.isoweekday() >= 4:
        found.append(Notice("next-sheet", week=str(this_week.next())))
    found += [
        Notice("releases", week=str(week), day=None if week in keys.sheets else week.monday)
        for week in (this_week, this_week.next())
        if week in keys.others
    ]
    for reviewer in roster.ids:
        last = keys.last.get(reviewer)
        if last is None or last.monday < this_week.monday + timedelta(weeks=SPARE_WEEKS):
            found.append(Notice("keys-end", reviewer, None if last is None else str(last)))
    if roster.expires - today <= timedelta(days=ROSTER_DAYS):
        found.append(Notice("roster-ends", day=roster.expires))
    return tuple(found)
