"""How often each address has come, in memory: what Flask-Limiter asks of a store.

Its own store starts a thread for nearly every visit, to forget what has ended, and the visit waits until that runs.
"""

import time
from threading import Lock
from typing import Final

from limits.storage import Storage

SCHEME: Final = "lapwing-memory"
FORGET_SECONDS: Final = 1
"""How often, at most, it is looked for what has ended; a visit does that."""


class Counts(Storage):
    """Counts that end, each some time after its first visit. Times are seconds since 1970, as its caller has them."""

    STORAGE_SCHEME: Final = [SCHEME]  # type: ignore[misc]  # the registry reads it, nothing sets it

    def __init__(self, uri: str | None = None, *, wrap_exceptions: bool = False) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._counts: dict[str, tuple[int, float]] = {}
        self._lock = Lock()
        self._forget_at = 0.0

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """Nothing that it does can fail."""
        return ()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count some visits, the first of which counts for `expiry` seconds, and return how many there are now."""
        now = time.time()
        with self._lock:
            if now >= self._forget_at:
                self._counts = {one: count for one, count in self._counts.items() if count[1] > now}
                self._forget_at = now + FORGET_SECONDS
            count, end = self._counts.get(key, (0, 0.0))
            if end <= now:
                count, end = 0, now + expiry
            self._counts[key] = (count + amount, end)
            return count + amount

    def get(self, key: str) -> int:
        """Return how many visits are counted."""
        count, end = self._counts.get(key, (0, 0.0))
        return count if end > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when a count ends; now, where there is none."""
        now = time.time()
        return max(now, self._counts.get(key, (0, 0.0))[1])

    def check(self) -> bool:
        """Tell that it is there."""
        return True

    def reset(self) -> int:
        """Forget all counts; return how many there were."""
        with self._lock:
            number = len(self._counts)
            self._counts = {}
            return number

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._lock:
            self._counts.pop(key, None)
