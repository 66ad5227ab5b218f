"""What runs out: the roster, the key sheet of the week, the reviewers' period keys."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from crypto.errors import CryptoError
from deploy.errors import OperatorError
from deploy.findings import Finding, broken, warning
from deploy.state import reading
from submission import config as configuration
from submission.config import Config
from submission.errors import SubmissionError
from submission.keys import Keys
from wire.errors import WireError
from wire.keysheet import PeriodKey
from wire.week import Week

ROSTER_DAYS: Final = 45
"""Days before its expiry from which on a roster is told of: its root lies offline, perhaps in another country."""
KEY_DAYS: Final = 14
"""Days before period keys run out. An app makes new ones while three whole weeks are left, so one that is told of here
was not opened for a week."""
SHEET_DAYS: Final = 2
"""Days before an intake would close. Reviewers' apps sign the next week's sheet during the week before."""
ASK: Final = "Ask them to start their apps and let them sync"
CLOCK: Final = ". If that cannot be, this machine's clock is wrong: timedatectl"


def terms(state: Path, today: date) -> Iterator[Finding]:
    """Look at all of them; silent where settings or database cannot be read, which others tell."""
    try:
        config = configuration.load(state)
        with reading(state) as engine:
            yield from _terms(config, engine, today)
    except (OperatorError, SubmissionError, DatabaseError, sqlite3.DatabaseError, CryptoError, WireError):
        return


def _terms(config: Config, engine: Engine, today: date) -> Iterator[Finding]:
    config = _on(config, today)
    keys = Keys(config, engine)
    roster = keys.newest_roster()
    left = (roster.expires - today).days
    if left < 0:
        yield broken(
            "the roster has expired, so the intake takes no tip", f"The organisation must sign a new one{CLOCK}"
        )
        return
    if left <= ROSTER_DAYS:
        yield warning(f"the roster expires in {left} days", "The organisation must sign a new one: lapwing keys roster")
    if left >= SHEET_DAYS:
        yield from _sheet(config, engine, today)
    this = Week.of(today)
    for reviewer in roster.ids:
        ends = _last_day(keys, reviewer, this)
        if ends is None:
            yield broken(f"there is no period key of {reviewer} for this week", ASK)
        elif (ends - today).days <= KEY_DAYS:
            yield warning(f"the period keys of {reviewer} run out in {(ends - today).days} days", ASK)


def _sheet(config: Config, engine: Engine, today: date) -> Iterator[Finding]:
    if not Keys(config, engine).is_open():
        yield broken(
            "no key sheet is in force, so the intake takes no tip", f"Two reviewers must sign this week's. {ASK}{CLOCK}"
        )
    elif not Keys(_on(config, today + timedelta(days=SHEET_DAYS)), engine).is_open():
        yield warning(
            f"the key sheet ends within {SHEET_DAYS} days, and none follows", f"Two must sign the next. {ASK}"
        )


def _last_day(keys: Keys, reviewer: str, week: Week) -> date | None:
    """Return the last day up to which every week has a key of a reviewer; None when this week has none."""
    last = None
    while any(PeriodKey.decode(envelope.payload).reviewer == reviewer for envelope in keys.period_keys(week)):
        last = week.ends - timedelta(days=1)
        week = week.next()
    return last


def _on(config: Config, day: date) -> Config:
    return replace(config, today=lambda: day)
