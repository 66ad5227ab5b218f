"""The highest request counter of each reviewer's app, so that a recorded request cannot be sent again."""

from sqlalchemy import Engine, select
from sqlalchemy.dialects.sqlite import insert

from submission.database import COUNTERS
from submission.errors import ConflictError


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
        with self._engine.begin() as connection:
            highest = connection.scalar(query) or 0
            if counter <= highest:
                raise ConflictError("this counter was used already; go on from the one given", {"counter": highest})
            statement = insert(COUNTERS).values(reviewer=reviewer, counter=counter)
            connection.execute(statement.on_conflict_do_update(set_={"counter": counter}))
