"""Replies that wait in the vault until a letter leaves whose place they take."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update

from reviewer.store import log
from reviewer.tables import OUTGOING
from wire.fields import Fields, dump, encode_base64, parse_object

KIND: Final = "reply"
MOST: Final = 65_536
"""Bytes of one, as it is kept."""
MOST_LETTERS: Final = 2**31


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
        serial: its place in the queue.
    """

    case_id: bytes
    on: date
    ready: datetime
    seen: int
    text: str
    signed: bytes | None = None
    serial: int = 0


def add(connection: Connection, reply: Waiting) -> None:
    """Put a reply behind all that wait."""
    log.queue(connection, KIND, _encode(reply), reply.case_id)


def waiting(connection: Connection, at: datetime | None = None) -> tuple[Waiting, ...]:
    """Return every reply that waits, or those that may leave at a moment (UTC), the oldest first."""
    rows = connection.execute(select(OUTGOING).where(OUTGOING.c.kind == KIND).order_by(OUTGOING.c.serial))
    found = (_decode(row.serial, row.case_id, row.body) for row in rows)
    return tuple(reply for reply in found if at is None or _may_leave(reply, at))


def _may_leave(reply: Waiting, at: datetime) -> bool:
    """Tell whether the moment has come; one that is days ahead was written while the clock was wrong."""
    return reply.ready <= at or reply.ready - at > timedelta(days=1)


def sign(connection: Connection, reply: Waiting, envelope: bytes) -> Waiting:
    """Note that a reply is signed and in the case log; it waits until it has left."""
    signed = replace(reply, signed=envelope)
    connection.execute(update(OUTGOING).where(OUTGOING.c.serial == reply.serial).values(body=_encode(signed)))
    return signed


def left(connection: Connection, reply: Waiting) -> None:
    """Forget a reply that has left; the case log has its text."""
    connection.execute(delete(OUTGOING).where(OUTGOING.c.serial == reply.serial))


def _encode(reply: Waiting) -> bytes:
    values = {"on": reply.on.isoformat(), "ready": reply.ready.isoformat(), "seen": reply.seen, "text": reply.text}
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
        serial=serial,
    )
