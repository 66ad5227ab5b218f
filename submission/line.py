"""A fair line: who waits for a place, and whose turn it is. Pure: no clock of its own, no thread, no connection.

What holds at any moment:
- never more than `Places.in_all` are at work, and never more than `Places.each` of one circuit;
- who has fewer at work is served before who has more; among equals, whose last turn is longest ago;
- so however many one circuit puts into the line, it costs each of the others one turn at most;
- whoever is at work stays there: nothing here ends what has begun.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from submission.errors import BusyError

Visit = TypeVar("Visit")


@dataclass(frozen=True, slots=True)
class Places:
    """How many may be served at once, and wait.

    Attributes:
        in_all: visits at work at the same time.
        each: those of them that may be of one circuit.
        waiting: visits of one circuit that may wait besides.
        patience: seconds that a visit waits at most.
    """

    in_all: int
    each: int
    waiting: int
    patience: float


class Line(Generic[Visit]):
    """Visits that wait, by circuit, and how many of each circuit are at work."""

    def __init__(self, places: Places) -> None:
        self._places = places
        # In the order of their last turns: a dict keeps the order in which its keys came.
        self._waiting: dict[str, deque[tuple[float, Visit]]] = {}
        self._working: dict[str, int] = {}
        self._taken = 0

    @property
    def idle(self) -> bool:
        """Whether nobody is at work or waits."""
        return not self._taken and not self._waiting

    def join(self, circuit: str, visit: Visit, now: float) -> None:
        """Let a visit wait for its turn; then ask who may `begin`.

        Args:
            circuit: by what turns are counted.
            visit: whatever is given back when its turn has come.
            now: seconds, growing.

        Raises:
            BusyError: as many of that circuit wait already as may.
        """
        if len(self._waiting.get(circuit, ())) >= self._places.waiting:
            raise BusyError("too many of one circuit wait already")
        self._waiting.setdefault(circuit, deque()).append((now, visit))

    def begin(self) -> Iterator[Visit]:
        """Yield the visits whose turn has come; each is at work until its circuit is told to `leave`."""
        while self._taken < self._places.in_all:
            circuit = min(self._waiting, key=self._at_work, default="")
            if not self._waiting or self._at_work(circuit) >= self._places.each:
                return
            line = self._waiting.pop(circuit)
            _, visit = line.popleft()
            if line:
                self._waiting[circuit] = line
            self._working[circuit] = self._at_work(circuit) + 1
            self._taken += 1
            yield visit

    def _at_work(self, circuit: str) -> int:
        return self._working.get(circuit, 0)

    def leave(self, circuit: str) -> None:
        """Give up the place of one visit of a circuit; then ask who may `begin`."""
        if not self._at_work(circuit):
            raise AssertionError("nobody of this circuit is at work")
        self._working[circuit] -= 1
        if not self._working[circuit]:
            del self._working[circuit]
        self._taken -= 1

    def overdue(self, now: float) -> list[Visit]:
        """Take those who have waited for too long out of the line and return them, the longest first."""
        latest = now - self._places.patience
        found: list[tuple[float, Visit]] = []
        for circuit, line in list(self._waiting.items()):
            while line and line[0][0] <= latest:
                found.append(line.popleft())
            if not line:
                del self._waiting[circuit]
        return [visit for _, visit in sorted(found, key=lambda one: one[0])]
