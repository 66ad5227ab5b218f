"""The case log in the vault: events, their contents, case keys, and what waits to be posted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from reviewer.tables import CASE_KEY, ERASED, EVENT, OUTGOING, SEEN


@dataclass(frozen=True)
class StoredEvent:
    """An event in the vault.

    Attributes:
        id: SHA-256 (32 bytes) of the signed payload.
        author: a reviewer's id.
        number: place in the author's chain, from 1.
        envelope: DSSE, as it came.
        box: content sealed under a case key; None for the organisation's own events.
        opened: nonce (32 bytes) and content; None while no key opens the box, or after erasure.
        case_id: 16 bytes, once known.
        posted: the intake has it.
        arrived_on: the day it came, or was written here.
    """

    id: bytes
    author: str
    number: int
    envelope: bytes
    box: bytes | None
    opened: bytes | None
    case_id: bytes | None
    posted: bool
    arrived_on: date


def add_event(connection: Connection, event: StoredEvent) -> bool:
    """Keep an event; returns whether it was new."""
    statement = insert(EVENT).values(**vars(event)).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


def _events(connection: Connection, *conditions: object) -> tuple[StoredEvent, ...]:
    statement = select(EVENT).order_by(EVENT.c.author, EVENT.c.number, EVENT.c.id)
    for condition in conditions:
        statement = statement.where(condition)  # type: ignore[arg-type]  # each is a column expression
    return tuple(StoredEvent(**row._mapping) for row in connection.execute(statement))  # noqa: SLF001 - public API


def events(connection: Connection) -> tuple[StoredEvent, ...]:
    """Return every event."""
    return _events(connection)


def events_to_post(connection: Connection) -> tuple[StoredEvent, ...]:
    """Return the events that the intake does not have yet."""
    return _events(connection, EVENT.c.posted.is_(False))


def events_closed(connection: Connection) -> tuple[StoredEvent, ...]:
    """Return events whose box no key has opened yet."""
    return _events(connection, EVENT.c.opened.is_(None), EVENT.c.box.is_not(None))


def last_of(connection: Connection, author: str) -> StoredEvent | None:
    """Return an author's event with the highest number."""
    found = _events(connection, EVENT.c.author == author)
    return found[-1] if found else None


def mark_posted(connection: Connection, ids: Iterable[bytes]) -> None:
    """Note that the intake has these events."""
    for each in ids:
        connection.execute(update(EVENT).where(EVENT.c.id == each).values(posted=True))


def post_again(connection: Connection, authors: Iterable[str]) -> None:
    """Post everything by these authors once more, for a reviewer who joined after it was sealed."""
    connection.execute(update(EVENT).where(EVENT.c.author.in_(tuple(authors))).values(posted=False))


def set_opened(connection: Connection, event_id: bytes, opened: bytes, case_id: bytes) -> None:
    """Keep the content of an event once a case key opened it."""
    connection.execute(update(EVENT).where(EVENT.c.id == event_id).values(opened=opened, case_id=case_id))


def generation(connection: Connection) -> tuple[int, int]:
    """Return a pair of counts that changes whenever the case log or what of it can be read has changed."""
    row = connection.execute(select(func.count(), func.count(EVENT.c.opened)).select_from(EVENT)).one()
    return row[0], row[1]


def add_case_key(connection: Connection, case_id: bytes, digest: bytes, key: bytes) -> bool:
    """Keep a case key under its SHA-256; returns whether it was new. A key of an erased case is not kept."""
    if is_erased(connection, case_id):
        return False
    statement = insert(CASE_KEY).values(digest=digest, case_id=case_id, key=key).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


def case_keys(connection: Connection, case_id: bytes | None = None) -> tuple[tuple[bytes, bytes, bytes], ...]:
    """Return case id, digest and key, of one case or of all."""
    statement = select(CASE_KEY)
    if case_id is not None:
        statement = statement.where(CASE_KEY.c.case_id == case_id)
    return tuple((row.case_id, row.digest, row.key) for row in connection.execute(statement))


def is_erased(connection: Connection, case_id: bytes) -> bool:
    """Whether this app has destroyed a case."""
    return connection.execute(select(ERASED).where(ERASED.c.case_id == case_id)).one_or_none() is not None


def erase_case(connection: Connection, case_id: bytes, keep: Iterable[bytes], today: date) -> None:
    """Destroy a case's keys and the contents of its events, but for those in ``keep``: the erasure's own acts."""
    connection.execute(insert(ERASED).values(case_id=case_id, on=today).on_conflict_do_nothing())
    connection.execute(delete(CASE_KEY).where(CASE_KEY.c.case_id == case_id))
    connection.execute(delete(OUTGOING).where(OUTGOING.c.case_id == case_id))
    these = (EVENT.c.case_id == case_id) & EVENT.c.id.not_in(tuple(keep))
    connection.execute(update(EVENT).where(these).values(opened=None))


def note_seen(connection: Connection, author: str, number: int, today: date) -> None:
    """Note that an author's chain has grown to a number; the day stays when it has not grown."""
    statement = insert(SEEN).values(author=author, number=number, on=today)
    grown = {"number": number, "on": today}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["author"], set_=grown, where=SEEN.c.number < number)
    )


def seen(connection: Connection) -> dict[str, date]:
    """Return the day on which each author's chain last grew here."""
    return {row.author: row.on for row in connection.execute(select(SEEN))}


def queue(connection: Connection, kind: str, body: bytes, case_id: bytes | None = None) -> None:
    """Put something in the queue for the intake: a sealed reply, or a grant."""
    connection.execute(insert(OUTGOING).values(kind=kind, case_id=case_id, body=body, posted=False))


def outgoing(connection: Connection, kind: str) -> tuple[tuple[int, bytes], ...]:
    """Return serial and body of what waits, the oldest first."""
    statement = select(OUTGOING).where(OUTGOING.c.kind == kind, OUTGOING.c.posted.is_(False))
    return tuple((row.serial, row.body) for row in connection.execute(statement.order_by(OUTGOING.c.serial)))


def sent(connection: Connection, serials: Iterable[int]) -> None:
    """Note that these were posted."""
    for serial in serials:
        connection.execute(update(OUTGOING).where(OUTGOING.c.serial == serial).values(posted=True))
