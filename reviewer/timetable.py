"""When letters leave this app for the shelves of replies: drawn beforehand, whatever there is to say. Pure.

In each hour of a day one letter leaves for each shelf, at a moment that the day's seed alone decides. A reply never
moves a letter, nor adds one: it waits for the first that leaves for its shelf in a later hour, and takes its place. Not
in the same hour: else a letter that leaves long after the one before it would be likelier a reply than one that follows
soon.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from wire.errors import WireError

PERIOD: Final = 3600.0
"""Seconds in which one letter leaves for each shelf (docs/decisions/0028-shelf-width.md)."""
LATE: Final = 600.0
"""Seconds after its moment at which a letter still leaves, as a round takes its time. Later it is not caught up on."""
SEED_SIZE: Final = 32
_DAY_SIZE: Final = 10
_FRACTION: Final = 1 << 64


@dataclass(frozen=True, order=True)
class Slot:
    """One letter that leaves.

    Attributes:
        at: when (UTC).
        place: name of the shelf that it goes to.
    """

    at: datetime
    place: str


@dataclass(frozen=True)
class Timetable:
    """All moments of one day.

    Attributes:
        day: in UTC.
        seed: 32 random bytes, drawn for this day and known to nobody else.
        period: seconds in which one letter leaves for each shelf.
    """

    day: date
    seed: bytes
    period: float = PERIOD

    def between(self, after: datetime, until: datetime, places: Sequence[str]) -> tuple[Slot, ...]:
        """Return the letters of this day that leave after one moment and not after another, in order.

        Args:
            after: UTC.
            until: UTC.
            places: names of the shelves that there are.
        """
        begin = datetime.combine(self.day, time(), UTC)
        end = min(until, begin + timedelta(days=1) - timedelta(microseconds=1))
        first = int((max(after, begin) - begin).total_seconds() // self.period)
        last = int((end - begin).total_seconds() // self.period)
        slots = (
            Slot(begin + timedelta(seconds=self.period * (index + self._fraction(index, place))), place)
            for index in range(first, last + 1)
            for place in places
        )
        return tuple(sorted(slot for slot in slots if after < slot.at <= end))

    def due(self, looked: datetime | None, now: datetime, places: Sequence[str]) -> tuple[Slot, ...]:
        """Return the letters that leave now; those of the time in which nobody looked are gone.

        Args:
            looked: when this was asked last; None for never.
            now: UTC.
            places: as above.
        """
        earliest = now - timedelta(seconds=min(LATE, self.period))
        if (
            looked is None or looked > now
        ):  # the clock was set back: else nothing would leave until it comes there again
            return self.between(earliest, now, places)
        return self.between(max(looked, earliest), now, places)

    def leaves_today(self, place: str, ahead: int, after: datetime) -> bool:
        """Tell whether a reply leaves on this day if the app runs until its end.

        Args:
            place: name of its shelf.
            ahead: how many wait for the same shelf before it.
            after: the moment after which it may leave; now, if that is later.
        """
        end = datetime.combine(self.day, time(), UTC) + timedelta(days=1)
        return len(self.between(after, end, [place])) > ahead

    def encode(self) -> bytes:
        """Return day and seed, 42 bytes."""
        return self.day.isoformat().encode() + self.seed

    @classmethod
    def decode(cls, stored: bytes, period: float) -> "Timetable":
        """Read what `encode` returned.

        Raises:
            WireError: it is something else.
        """
        try:
            day = date.fromisoformat(stored[:_DAY_SIZE].decode())
        except ValueError:
            raise WireError("timetable: the vault holds something else") from None
        return cls(day, stored[_DAY_SIZE:], period)

    def _fraction(self, index: int, place: str) -> float:
        """Return the moment within a period, from 0 to below 1."""
        digest = hmac.digest(self.seed, f"{index} {place}".encode(), hashlib.sha256)
        return int.from_bytes(digest[:8], "big") / _FRACTION


def next_period(now: datetime, period: float) -> datetime:
    """Return when the next period begins (UTC): from then on a reply that is written now may leave."""
    begin = datetime.combine(now.date(), time(), UTC)
    return begin + timedelta(seconds=((now - begin).total_seconds() // period + 1) * period)
