"""Replies that wait in the vault until a letter leaves whose place they take."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update

from reviewer.store import log
from reviewer.tables import OUTGOING
from reviewer.timetable import Slot
from wire.fields import Fields, dump, encode_base64, parse_object

KIND: Final = "reply"
MOST: Final = 65_536
"""Bytes of one, as it is kept."""
MOST_LETTERS: Final = 2**31
MOST_UNLOCKINGS: Final = 2**40
_ALL: Final = (
    select(OUTGOING.c.serial, OUTGOING.c.case_id, OUTGOING.c.body)
    .where(OUTGOING.c.kind == KIND)
    .order_by(OUTGOING.c.serial)
)


@dataclass(frozen=True)
class Waiting:
    """One reply that has not left.

    Attributes:
        case_id: 16 bytes.
        on: the day it was written.
        ready: the moment (UTC) from which it may leave.
        seen: number of the last letter that its reviewer had seen then.
        text: what it says.
        signed: its envelope, once it was written into the case log; None while no letter left whose place it took.
        unlocking: number of the unlocking of the vault in which it was written; 0 before any was counted.
        asks: name of the question that it asks for rewards; empty for every other reply.
        serial: its place in the queue.
    """

    case_id: bytes
    on: date
    ready: datetime
    seen: int
    text: str
    signed: bytes | None = None
    unlocking: int = 0
    asks: str = ""
    serial: int = 0


def add(connection: Connection, reply: Waiting) -> None:
    """Put a reply behind all that wait."""
    log.queue(connection, KIND, _encode(reply), reply.case_id)


def waiting(connection: Connection) -> tuple[Waiting, ...]:
    """Return every reply that waits, the oldest first."""
    rows = connection.execute(_ALL)
    return tuple(_decode(row.serial, row.case_id, row.body) for row in rows)


def leaving(connection: Connection, slot: Slot) -> tuple[Waiting, ...]:
    """Return the replies that may leave in a letter's place, whatever its shelf, the oldest first."""
    return tuple(reply for reply in waiting(connection) if may_leave(reply, slot))


def may_leave(reply: Waiting, slot: Slot) -> bool:
    """Tell whether a reply may leave in a letter's place, whatever its shelf.

    In one that follows an unlocking it must have been written in an earlier one. Else its moment must have come; one
    that is days ahead was written while the clock was wrong.
    """
    if slot.opening:
        return reply.unlocking < slot.opening
    return reply.ready <= slot.at or reply.ready - slot.at > timedelta(days=1)


def sign(connection: Connection, reply: Waiting, envelope: bytes) -> Waiting:
    """Note that a reply is signed and in the case log; it waits until it has left."""
    signed = replace(reply, signed=envelope)
    connection.execute(update(OUTGOING).where(OUTGOING.c.serial == reply.serial).values(body=_encode(signed)))
    return signed


def left(connection: Connection, reply: Waiting) -> None:
    """Forget a reply that has left; the case log has its text."""
    connection.execute(delete(OUTGOING).where(OUTGOING.c.serial == reply.serial))


def _encode(reply: Waiting) -> bytes:
    values = {
        "on": reply.on.isoformat(),
        "ready": reply.ready.isoformat(),
        "seen": reply.seen,
        "text": reply.text,
        "unlocking": reply.unlocking,
        "asks": reply.asks,
    }
    return dump(values if reply.signed is None else values | {"signed": encode_base64(reply.signed)})


def _decode(serial: int, case_id: bytes, body: bytes) -> Waiting:
    fields: Fields = parse_object(body, MOST, "waiting reply")
    return Waiting(
        case_id=case_id,
        on=date.fromisoformat(fields.text("on", 10)),
        ready=datetime.fromisoformat(fields.text("ready", 40)),
        seen=fields.integer("seen", 1, MOST_LETTERS),
        text=fields.text("text", MOST),
        signed=fields.optional_base64("signed", 1, MOST),
        unlocking=fields.optional_integer("unlocking", 0, MOST_UNLOCKINGS) or 0,
        asks=fields.text("asks", 64),
        serial=serial,
    )
