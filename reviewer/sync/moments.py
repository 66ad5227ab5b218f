"""Which letters leave now: what the vault keeps of moments that were drawn, and of unlockings.

Nothing here looks at what there is to say.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from reviewer.desk import Desk
from reviewer.store import keys
from reviewer.timetable import SEED_SIZE, Opening, Slot, Timetable
from wire.fields import Fields, dump, encode_base64, parse_object

Draw = Callable[[int], bytes]
"""Returns so many random bytes."""
MOMENTS: Final = "moments"
MOST: Final = 4_096
"""Bytes of it."""
_EVER: Final = 2**40
_TIME: Final = 40


@dataclass(frozen=True)
class Moments:
    """What is kept.

    Attributes:
        timetable: the last that was drawn; None before.
        posted: letters that left on its day, whatever became of them.
        looked: when it was looked last which letters leave; None for never.
        unlockings: how many there were.
        unlocked: when the last was, until it is settled whether letters follow it.
        opening: the last unlocking that letters follow; None before.
    """

    timetable: Timetable | None = None
    posted: int = 0
    looked: datetime | None = None
    unlockings: int = 0
    unlocked: datetime | None = None
    opening: Opening | None = None

    def encode(self) -> bytes:
        """Return it as the vault keeps it."""
        values: dict[str, object] = {"posted": self.posted, "unlockings": self.unlockings}
        if self.timetable is not None:
            values |= {"day": self.timetable.day.isoformat(), "seed": encode_base64(self.timetable.seed)}
        if self.looked is not None:
            values["looked"] = self.looked.isoformat()
        if self.unlocked is not None:
            values["unlocked"] = self.unlocked.isoformat()
        if self.opening is not None:
            opening = {"number": self.opening.number, "at": self.opening.at.isoformat()}
            values["opening"] = opening | {"seed": encode_base64(self.opening.seed)}
        return dump(values)

    @classmethod
    def decode(cls, stored: bytes, period: float) -> "Moments":
        """Read what `encode` returned.

        Args:
            stored: by the vault.
            period: seconds in which one letter leaves for each shelf.

        Raises:
            WireError: it is something else.
        """
        fields = parse_object(stored, MOST, "moments")
        timetable = opening = None
        if fields.has("day"):
            seed = fields.base64("seed", SEED_SIZE, SEED_SIZE)
            timetable = Timetable(_moment(fields, "day").date(), seed, period)
        if fields.has("opening"):
            inner = fields.object("opening")
            seed = inner.base64("seed", SEED_SIZE, SEED_SIZE)
            opening = Opening(inner.integer("number", 1, _EVER), _moment(inner, "at"), seed, period)
        return cls(
            timetable,
            fields.integer("posted", 0, _EVER),
            _moment(fields, "looked") if fields.has("looked") else None,
            fields.integer("unlockings", 0, _EVER),
            _moment(fields, "unlocked") if fields.has("unlocked") else None,
            opening,
        )

    def of_day(self, now: datetime, draw: Draw, period: float) -> "Moments":
        """Return it with a timetable for the day of a moment: a new one unless it has that already."""
        if self.timetable is not None and self.timetable.day == now.date():
            return self
        return replace(self, timetable=Timetable(now.date(), draw(SEED_SIZE), period), posted=0)

    def settled(self, places: Sequence[str], draw: Draw) -> "Moments":
        """Return it with letters after the last unlocking.

        None follow one within a period after another that they followed, nor when the intake would take no more.
        """
        if self.unlocked is None or self.timetable is None:
            return self
        known = replace(self, unlocked=None)
        if self.opening is not None and self.opening.covers(self.unlocked):
            return known
        opening = Opening(self.unlockings, self.unlocked, draw(SEED_SIZE), self.timetable.period)
        return replace(known, opening=opening) if self.timetable.has_room(self.posted, opening, places) else known


def _moment(fields: Fields, name: str) -> datetime:
    try:
        return datetime.fromisoformat(fields.text(name, _TIME))
    except ValueError:
        fields.refuse(name, "is not a moment")


def stored_moments(connection: Connection, desk: Desk) -> Moments:
    """Return what the vault keeps."""
    stored = keys.get_property(connection, MOMENTS)
    return Moments() if stored is None else Moments.decode(stored, desk.period)


def keep_moments(connection: Connection, moments: Moments) -> None:
    """Keep it."""
    keys.set_property(connection, MOMENTS, moments.encode())


def note_unlocking(connection: Connection, desk: Desk) -> None:
    """Count an unlocking; what was to leave while the vault was locked is gone."""
    moments, now = stored_moments(connection, desk), desk.now()
    keep_moments(connection, replace(moments, unlockings=moments.unlockings + 1, unlocked=now, looked=now))


def due(
    connection: Connection, desk: Desk, places: Sequence[str], draw: Draw = secrets.token_bytes
) -> tuple[Slot, ...]:
    """Return the letters that leave now, and remember that it was looked.

    A day's moments are drawn at its first look, those that follow an unlocking at the first look after it. They are
    kept, so that an app that starts anew does not draw others.

    Args:
        connection: of the vault, for writing.
        desk: whose clock counts.
        places: names of the shelves that there are.
        draw: the system's randomness; a simulation has its own.
    """
    now = desk.now().astimezone(UTC)
    moments = stored_moments(connection, desk).of_day(now, draw, desk.period).settled(places, draw)
    assert moments.timetable is not None
    slots = moments.timetable.due(moments.looked, now, places, moments.opening)
    keep_moments(connection, replace(moments, looked=now, posted=moments.posted + len(slots)))
    return slots
