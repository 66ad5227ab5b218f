"""The case log in the vault: events, their contents, case keys, and what waits to be posted."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from reviewer.store.keys import get_property, set_property
from reviewer.tables import CASE_KEY, ERASED, EVENT, OTHER_BOX, OUTGOING, SEEN

MOST_BOXES: Final = 8
GENERATION: Final = "log_generation"


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


def add_event(connection: Connection, new: StoredEvent) -> bool:
    """Keep an event; returns whether it was new."""
    statement = insert(EVENT).values(**vars(new)).on_conflict_do_nothing()
    added = connection.execute(statement).rowcount == 1
    if added:
        _changed(connection)
    return added


def _events(connection: Connection, *conditions: object) -> tuple[StoredEvent, ...]:
    statement = select(EVENT).order_by(EVENT.c.author, EVENT.c.number, EVENT.c.id)
    for condition in conditions:
        statement = statement.where(condition)  # type: ignore[arg-type]  # each is a column expression
    return tuple(StoredEvent(**row._mapping) for row in connection.execute(statement))  # noqa: SLF001 - public API


def events(connection: Connection) -> tuple[StoredEvent, ...]:
    """Return every event."""
    return _events(connection)


def event(connection: Connection, event_id: bytes) -> StoredEvent | None:
    """Return one event."""
    found = _events(connection, EVENT.c.id == event_id)
    return found[0] if found else None


def events_to_post(connection: Connection) -> tuple[StoredEvent, ...]:
    """Return the events that the intake does not have yet."""
    return _events(connection, EVENT.c.posted.is_(False))


def events_closed(connection: Connection) -> tuple[StoredEvent, ...]:
    """Return events whose box no key has opened yet."""
    return _events(connection, EVENT.c.opened.is_(None), EVENT.c.box.is_not(None))


def add_box(connection: Connection, event_id: bytes, box: bytes) -> bool:
    """Keep another box for an event that no key has opened; returns whether it was kept. At most eight are."""
    this = OTHER_BOX.c.event_id == event_id
    closed = select(func.count()).where(EVENT.c.id == event_id, EVENT.c.opened.is_(None), EVENT.c.box != box)
    if not connection.execute(closed).scalar_one():
        return False
    if connection.execute(select(func.count()).where(this)).scalar_one() >= MOST_BOXES:
        return False
    statement = insert(OTHER_BOX).values(event_id=event_id, box=box).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


def boxes(connection: Connection, closed: StoredEvent) -> tuple[bytes, ...]:
    """Return every box that came for an event, the first one first."""
    others = connection.execute(select(OTHER_BOX.c.box).where(OTHER_BOX.c.event_id == closed.id)).scalars()
    return (*((closed.box,) if closed.box is not None else ()), *others)


def mark_posted(connection: Connection, ids: Iterable[bytes]) -> None:
    """Note that the intake has these events."""
    for each in ids:
        connection.execute(update(EVENT).where(EVENT.c.id == each).values(posted=True))


def post_again(connection: Connection, authors: Iterable[str]) -> None:
    """Post everything by these authors once more, for a reviewer who joined after it was sealed."""
    connection.execute(update(EVENT).where(EVENT.c.author.in_(tuple(authors))).values(posted=False))


def post_once_more(connection: Connection, ids: Iterable[bytes]) -> None:
    """Post these events again, as far as they are here: another app lacks them."""
    connection.execute(update(EVENT).where(EVENT.c.id.in_(tuple(ids))).values(posted=False))


def set_opened(connection: Connection, event_id: bytes, box: bytes, opened: bytes, case_id: bytes) -> None:
    """Keep the content of an event once a case key opened this box of it; every other box goes."""
    values = {"box": box, "opened": opened, "case_id": case_id}
    connection.execute(update(EVENT).where(EVENT.c.id == event_id).values(values))
    connection.execute(delete(OTHER_BOX).where(OTHER_BOX.c.event_id == event_id))
    _changed(connection)


def set_content(connection: Connection, event_id: bytes, opened: bytes) -> None:
    """Keep content that came in the open, after a copy of its event whose box was false."""
    values = {"box": None, "opened": opened}
    these = (EVENT.c.id == event_id) & EVENT.c.opened.is_(None)
    if connection.execute(update(EVENT).where(these).values(values)).rowcount:
        connection.execute(delete(OTHER_BOX).where(OTHER_BOX.c.event_id == event_id))
        _changed(connection)


def generation(connection: Connection) -> bytes:
    """Return a token that is another one whenever the case log, or what of it can be read, has changed."""
    return get_property(connection, GENERATION) or b""


def _changed(connection: Connection) -> None:
    # Random, not counted: a transaction that is undone must not leave a number to be used again.
    set_property(connection, GENERATION, secrets.token_bytes(16))


def add_case_key(connection: Connection, case_id: bytes, digest: bytes, key: bytes) -> bool:
    """Keep a case key under its SHA-256; returns whether it was new. A key of an erased case is not kept."""
    if is_erased(connection, case_id):
        return False
    statement = insert(CASE_KEY).values(digest=digest, case_id=case_id, key=key, tried=False).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


def case_keys(connection: Connection, case_id: bytes | None = None) -> tuple[tuple[bytes, bytes, bytes], ...]:
    """Return case id, digest and key, of one case or of all."""
    statement = select(CASE_KEY)
    if case_id is not None:
        statement = statement.where(CASE_KEY.c.case_id == case_id)
    return tuple((row.case_id, row.digest, row.key) for row in connection.execute(statement))


def untried_keys(connection: Connection) -> tuple[tuple[bytes, bytes, bytes], ...]:
    """Return case id, digest and key of the keys that were not tried yet on what was here before them."""
    rows = connection.execute(select(CASE_KEY).where(CASE_KEY.c.tried.is_(False)))
    return tuple((row.case_id, row.digest, row.key) for row in rows)


def mark_tried(connection: Connection) -> None:
    """Note that every key was tried on every event that is closed."""
    connection.execute(update(CASE_KEY).where(CASE_KEY.c.tried.is_(False)).values(tried=True))


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
    _changed(connection)


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
    """Put something in the queue for the intake: a reply, a grant or an exhibit."""
    connection.execute(insert(OUTGOING).values(kind=kind, case_id=case_id, body=body, posted=False))


def outgoing(connection: Connection, kind: str) -> tuple[tuple[int, bytes], ...]:
    """Return serial and body of what waits, the oldest first."""
    statement = select(OUTGOING).where(OUTGOING.c.kind == kind, OUTGOING.c.posted.is_(False))
    return tuple((row.serial, row.body) for row in connection.execute(statement.order_by(OUTGOING.c.serial)))


def outgoing_of(connection: Connection, case_id: bytes, kind: str) -> tuple[bytes, ...]:
    """Return what of a kind waits for a case."""
    these = (OUTGOING.c.kind == kind, OUTGOING.c.case_id == case_id, OUTGOING.c.posted.is_(False))
    return tuple(connection.execute(select(OUTGOING.c.body).where(*these).order_by(OUTGOING.c.serial)).scalars())


def waits(connection: Connection, case_id: bytes) -> bool:
    """Tell whether something of a case is still to be posted: an event of ours, or a key that opens it for others."""
    events = select(EVENT.c.id).where(EVENT.c.case_id == case_id, EVENT.c.posted.is_(False)).limit(1)
    return bool(outgoing_of(connection, case_id, "grant")) or connection.execute(events).first() is not None


def sent(connection: Connection, serials: Iterable[int]) -> None:
    """Note that these were posted."""
    for serial in serials:
        connection.execute(update(OUTGOING).where(OUTGOING.c.serial == serial).values(posted=True))
