"""How much each circuit may bring: so many bytes at once, and as many again in each hour. Pure, in memory."""

from typing import Final

from submission.errors import TooMuchSentError

SECONDS: Final = 3_600
MOST_KNOWN: Final = 4_096
"""Circuits after which those that owe nothing any more are looked for and forgotten."""


class Quota:
    """What each circuit has brought and not yet worn off.

    Args:
        most: bytes at once; what was brought wears off evenly, as much in an hour.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._brought: dict[str, tuple[float, float]] = {}
        self._forget_at = MOST_KNOWN

    def __len__(self) -> int:
        """Return how many circuits are known."""
        return len(self._brought)

    def take(self, circuit: str, size: int, now: float) -> None:
        """Count `size` bytes that a circuit begins to send.

        Args:
            circuit: whose they are.
            size: bytes, as announced.
            now: seconds, growing.

        Raises:
            TooMuchSentError: with these it would be too much; nothing was counted.
        """
        brought = self._left(circuit, now) + size
        if brought > self._most:
            raise TooMuchSentError("more than one circuit may bring in an hour")
        self._brought[circuit] = (brought, now)
        if len(self._brought) > self._forget_at:
            self._forget(now)

    def _left(self, circuit: str, now: float) -> float:
        brought, then = self._brought.get(circuit, (0.0, now))
        return max(0.0, brought - (now - then) * self._most / SECONDS)

    def _forget(self, now: float) -> None:
        """Forget who owes nothing; look again when there are twice as many, or each visit would look."""
        self._brought = {circuit: (left, now) for circuit in self._brought if (left := self._left(circuit, now))}
        self._forget_at = max(MOST_KNOWN, 2 * len(self._brought))
