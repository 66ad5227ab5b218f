"""When letters leave this app for the shelves of replies: drawn beforehand, whatever there is to say. Pure.

In each hour of a day one letter leaves for each shelf, at a moment that the day's seed alone decides. A reply never
moves a letter, nor adds one: it waits for the first that leaves for its shelf in a later hour, and takes its place. Not
in the same hour: else a letter that leaves long after the one before it would be likelier a reply than one that follows
soon.

Who unlocks the app for half an hour a day would hardly ever meet such a moment. So within ten minutes after unlocking
one letter leaves for each shelf, too: a decoy, or a reply that was written in an earlier unlocking. It stands for those
of the next hour, which do not leave: two letters soon after each other would differ in what waited for them.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

PERIOD: Final = 3600.0
"""Seconds in which one letter leaves for each shelf (docs/decisions/0028-shelf-width.md)."""
LATE: Final = 600.0
"""Seconds after its moment at which a letter still leaves, as a round takes its time. Later it is not caught up on."""
OPENING: Final = 600.0
"""Seconds after an unlocking in which a letter leaves for each shelf."""
MOST_A_DAY: Final = 200
"""Letters that the intake takes of one app in a day."""
SEED_SIZE: Final = 32
_FRACTION: Final = 1 << 64


@dataclass(frozen=True, order=True)
class Slot:
    """One letter that leaves.

    Attributes:
        at: when (UTC).
        place: name of the shelf that it goes to.
        opening: number of the unlocking that it follows; 0 for one that leaves by the hour.
    """

    at: datetime
    place: str
    opening: int = 0


@dataclass(frozen=True)
class Opening:
    """The letters that follow an unlocking.

    Attributes:
        number: of the unlocking, from 1.
        at: when it was (UTC).
        seed: 32 random bytes, drawn for it and known to nobody else.
        period: seconds in which one letter leaves for each shelf.
    """

    number: int
    at: datetime
    seed: bytes
    period: float = PERIOD

    def slots(self, places: Sequence[str]) -> tuple[Slot, ...]:
        """Return its letters, one for each shelf."""
        span = min(OPENING, self.period)
        return tuple(
            Slot(self.at + timedelta(seconds=span * _fraction(self.seed, "opening", place)), place, self.number)
            for place in places
        )

    def covers(self, moment: datetime) -> bool:
        """Tell whether its letters stand for those of a moment: for one period after the unlocking."""
        return timedelta() <= moment - self.at < timedelta(seconds=self.period)


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

    def between(
        self, after: datetime, until: datetime, places: Sequence[str], opening: Opening | None = None
    ) -> tuple[Slot, ...]:
        """Return the letters of this day that leave after one moment and not after another, in order.

        Args:
            after: UTC.
            until: UTC.
            places: names of the shelves that there are.
            opening: the last one that has letters; they need not be of this day.
        """
        begin = datetime.combine(self.day, time(), UTC)
        end = min(until, begin + timedelta(days=1) - timedelta(microseconds=1))
        first = int((max(after, begin) - begin).total_seconds() // self.period)
        last = int((end - begin).total_seconds() // self.period)
        slots = (
            Slot(begin + timedelta(seconds=self.period * (index + _fraction(self.seed, str(index), place))), place)
            for index in range(first, last + 1)
            for place in places
        )
        found = [slot for slot in slots if after < slot.at <= end]
        if opening is not None:
            found = [slot for slot in found if not opening.covers(slot.at)]
            found += [slot for slot in opening.slots(places) if after < slot.at <= until]
        return tuple(sorted(found))

    def due(
        self, looked: datetime | None, now: datetime, places: Sequence[str], opening: Opening | None = None
    ) -> tuple[Slot, ...]:
        """Return the letters that leave now; those of the time in which nobody looked are gone.

        Args:
            looked: when this was asked last; None for never.
            now: UTC.
            places: as above.
            opening: as above.
        """
        earliest = now - timedelta(seconds=min(LATE, self.period))
        if (
            looked is None or looked > now
        ):  # the clock was set back: else nothing would leave until it comes there again
            return self.between(earliest, now, places, opening)
        return self.between(max(looked, earliest), now, places, opening)

    def has_room(self, posted: int, opening: Opening, places: Sequence[str]) -> bool:
        """Tell whether the intake takes an opening's letters and all that are to come on this day.

        Args:
            posted: letters that left on this day.
            opening: that would be next.
            places: as above.
        """
        end = datetime.combine(self.day, time(), UTC) + timedelta(days=1, seconds=OPENING)
        return posted + len(self.between(opening.at, end, places, opening)) <= MOST_A_DAY


def _fraction(seed: bytes, name: str, place: str) -> float:
    """Return a moment within a span, from 0 to below 1."""
    digest = hmac.digest(seed, f"{name} {place}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") / _FRACTION


def next_period(now: datetime, period: float) -> datetime:
    """Return when the next period begins (UTC): from then on a reply that is written now may leave."""
    begin = datetime.combine(now.date(), time(), UTC)
    return begin + timedelta(seconds=((now - begin).total_seconds() // period + 1) * period)
