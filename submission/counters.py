"""What is counted of a reviewer's app: its requests, so that none is sent again, and what it posts in a day."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from threading import Lock
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.dialects.sqlite import insert

from submission.database import COUNTERS, writing
from submission.errors import ConflictError, TooMuchPostedError
from submission.rows import Shelf

MOST_A_DAY: Final[Mapping[Shelf, int]] = {"replies": 200, "log": 2_000, "parts": 16_384}
"""Pieces that one reviewer may post in a day. Every visitor of the mailbox pays for each reply, 0.2 ms."""


class Counters:
    """One number for each reviewer, which only grows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def advance(self, reviewer: str, counter: int) -> None:
        """Take a counter as used.

        Raises:
            ConflictError: it is not higher than the highest one so far, which the error tells.
        """
        query = select(COUNTERS.c.counter).where(COUNTERS.c.reviewer == reviewer)
        with writing(self._engine) as connection:
            highest = connection.scalar(query) or 0
            if counter <= highest:
                raise ConflictError("this counter was used already; go on from the one given", {"counter": highest})
            statement = insert(COUNTERS).values(reviewer=reviewer, counter=counter)
            connection.execute(statement.on_conflict_do_update(set_={"counter": counter}))


class Allowance:
    """What each reviewer has posted today; in memory only, as a shelf must not tell by whom its pieces are.

    Args:
        today: the date in UTC.
    """

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._day = today()
        self._posted = Counter[tuple[str, Shelf]]()
        self._lock = Lock()

    def take(self, reviewer: str, shelf: Shelf) -> None:
        """Count one piece.

        Raises:
            TooMuchPostedError: it is one more than a reviewer may post on that shelf in a day.
        """
        with self._lock:
            if self._day != self._today():
                self._day = self._today()
                self._posted.clear()
            if self._posted[reviewer, shelf] >= MOST_A_DAY[shelf]:
                raise TooMuchPostedError("more than an app posts in a day; go on tomorrow")
            self._posted[reviewer, shelf] += 1
