"""Parts that wait at the intake: since when, and which of them an index names whose files are still to come."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from reviewer.tables import PART, PART_INDEX
from wire.parts import NAME_SIZE


def note_parts(connection: Connection, names: Collection[bytes], today: date, *, whole: bool) -> None:
    """Note the day on which parts were first seen.

    Args:
        connection: to the vault.
        names: SHA-256 (32 bytes) of each part that the intake lists and of which this app told it nothing.
        today: the day (UTC).
        whole: whether these are all; then what is not listed any more is forgotten.
    """
    known = set(connection.execute(select(PART.c.name)).scalars())
    new = [{"name": name, "seen_on": today} for name in set(names) - known]
    if new:
        connection.execute(insert(PART), new)
    if whole:
        forget_parts(connection, known - set(names))


def parts_since(connection: Connection, day: date) -> tuple[bytes, ...]:
    """Return the names of parts that were first seen on a day or before it, sorted."""
    statement = select(PART.c.name).where(PART.c.seen_on <= day).order_by(PART.c.name)
    return tuple(connection.execute(statement).scalars())


def forget_parts(connection: Connection, names: Iterable[bytes]) -> None:
    """Forget parts: the intake has them no more, or was told that they need not lie there."""
    for name in names:
        connection.execute(delete(PART).where(PART.c.name == name))


def add_index(connection: Connection, listed_by: bytes, names: Iterable[bytes]) -> None:
    """Keep what an index names, so that it is pulled once; none for an index that cannot be read."""
    statement = insert(PART_INDEX).values(listed_by=listed_by, names=b"".join(names))
    connection.execute(statement.on_conflict_do_nothing())


def indexes(connection: Connection) -> Mapping[bytes, frozenset[bytes]]:
    """Return what each index names, by the letter (name) or event (id) that lists it."""
    return {
        row.listed_by: frozenset(row.names[at : at + NAME_SIZE] for at in range(0, len(row.names), NAME_SIZE))
        for row in connection.execute(select(PART_INDEX))
    }


def forget_indexes(connection: Connection, kept: Collection[bytes]) -> None:
    """Forget every index but those that these letters or events list."""
    for listed_by in set(connection.execute(select(PART_INDEX.c.listed_by)).scalars()) - set(kept):
        connection.execute(delete(PART_INDEX).where(PART_INDEX.c.listed_by == listed_by))
