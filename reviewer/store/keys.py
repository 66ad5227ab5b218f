"""Who we are, who the others are, and the keys of the weeks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from reviewer.tables import PERIOD_IDENTITY, PERIOD_KEY, PROPERTY, ROSTER, SHEET

REQUEST_COUNTER: Final = "counter"


# Made once: they run several times in every round.
_INSERT: Final = insert(PROPERTY)
_SET: Final = _INSERT.on_conflict_do_update(index_elements=["name"], set_={"value": _INSERT.excluded.value})
_GET: Final = select(PROPERTY.c.value).where(PROPERTY.c.name == bindparam("wanted"))


def set_property(connection: Connection, name: str, value: bytes) -> None:
    """Set one named value."""
    connection.execute(_SET, {"name": name, "value": value})


def get_property(connection: Connection, name: str) -> bytes | None:
    """Return one named value, None before it was set."""
    return connection.execute(_GET, {"wanted": name}).scalar_one_or_none()


def next_counter(connection: Connection, at_least: int = 0) -> int:
    """Count the next request: one more than ever before, and more than ``at_least``."""
    last = int(get_property(connection, REQUEST_COUNTER) or b"0")
    counter = max(last, at_least) + 1
    set_property(connection, REQUEST_COUNTER, str(counter).encode())
    return counter


def add_roster(connection: Connection, version: int, envelope: bytes, today: date) -> None:
    """Keep an accepted roster; the one with the highest version is in force."""
    values = {"version": version, "envelope": envelope, "accepted_on": today}
    connection.execute(insert(ROSTER).values(values).on_conflict_do_nothing())


def rosters(connection: Connection) -> tuple[bytes, ...]:
    """Return the envelopes of all rosters ever accepted, the newest first."""
    return tuple(connection.execute(select(ROSTER.c.envelope).order_by(ROSTER.c.version.desc())).scalars())


def put_sheet(connection: Connection, digest: bytes, week: str, envelope: bytes) -> None:
    """Keep a key sheet under its digest, or its envelope with more signatures than before."""
    statement = insert(SHEET).values(digest=digest, week=week, envelope=envelope)
    connection.execute(statement.on_conflict_do_update(index_elements=["digest"], set_={"envelope": envelope}))


def sheet(connection: Connection, digest: bytes) -> bytes | None:
    """Return the envelope of a key sheet by its digest."""
    return connection.execute(select(SHEET.c.envelope).where(SHEET.c.digest == digest)).scalar_one_or_none()


def sheets(connection: Connection) -> tuple[tuple[str, bytes], ...]:
    """Return week and envelope of every key sheet, the newest week first."""
    rows = connection.execute(select(SHEET.c.week, SHEET.c.envelope).order_by(SHEET.c.week.desc()))
    return tuple((row.week, row.envelope) for row in rows)


@dataclass(frozen=True)
class StoredPeriodKey:
    """A period key as it stands in the vault.

    Attributes:
        reviewer: whose.
        week: as text, ``2026-W48``.
        envelope: signed by that reviewer.
        posted: the intake has it (our own only).
        contradicted: another key by the same reviewer for the same week was seen.
    """

    reviewer: str
    week: str
    envelope: bytes
    posted: bool
    contradicted: bool


def add_period_key(connection: Connection, reviewer: str, week: str, roster: bytes, envelope: bytes) -> None:
    """Keep the first period key seen from a reviewer for a week; mark it when a different one follows."""
    values = {"reviewer": reviewer, "week": week, "roster": roster, "envelope": envelope}
    statement = insert(PERIOD_KEY).values(**values, posted=False, contradicted=False)
    connection.execute(statement.on_conflict_do_nothing())


def mark_period_key(connection: Connection, reviewer: str, week: str, roster: bytes, **marks: bool) -> None:
    """Set ``posted`` or ``contradicted``."""
    this = (PERIOD_KEY.c.reviewer == reviewer) & (PERIOD_KEY.c.week == week) & (PERIOD_KEY.c.roster == roster)
    connection.execute(update(PERIOD_KEY).where(this).values(**marks))


def period_keys(connection: Connection, roster: bytes, week: str | None = None) -> tuple[StoredPeriodKey, ...]:
    """Return the period keys made under a roster (its digest), of one week or of all."""
    statement = select(PERIOD_KEY).where(PERIOD_KEY.c.roster == roster)
    if week is not None:
        statement = statement.where(PERIOD_KEY.c.week == week)
    rows = connection.execute(statement.order_by(PERIOD_KEY.c.week, PERIOD_KEY.c.reviewer))
    return tuple(StoredPeriodKey(row.reviewer, row.week, row.envelope, row.posted, row.contradicted) for row in rows)


def add_identity(connection: Connection, week: str, identity: str) -> None:
    """Keep the secret half of our own period key for a week; the first one stays."""
    connection.execute(insert(PERIOD_IDENTITY).values(week=week, identity=identity).on_conflict_do_nothing())


def identities(connection: Connection) -> dict[str, str]:
    """Return our own period identities by week."""
    rows = connection.execute(select(PERIOD_IDENTITY).order_by(PERIOD_IDENTITY.c.week))
    return {row.week: row.identity for row in rows}


def destroy_identities(connection: Connection, weeks: Collection[str]) -> int:
    """Destroy the period identities of some weeks; returns how many.

    The database overwrites what it deletes; call ``Vault.scrub`` after the transaction for the write-ahead log.
    """
    return connection.execute(delete(PERIOD_IDENTITY).where(PERIOD_IDENTITY.c.week.in_(weeks))).rowcount
