"""Checks of the scripted story: counted, told line by line, and the first that fails ends it."""

import sys
import time
from collections.abc import Callable
from typing import Final, TypeVar

Found = TypeVar("Found")

PATIENCE: Final = 60.0  # seconds to wait for something that must happen by itself
PAUSE: Final = 0.25  # seconds between two looks
SELDOM: Final = 3.0  # seconds, where the intake counts who looks how often


class CheckError(Exception):
    """A check did not hold; names the check."""


class Checks:
    """Counts what held and prints a line a step."""

    def __init__(self) -> None:
        self.held = 0
        self._step = 0
        self._held_before = 0
        self._title = ""

    def step(self, title: str) -> None:
        """Begin a step."""
        self._tell()
        self._title = title
        self._step += 1
        self._held_before = self.held

    def hold(self, what: str, holds: object) -> None:
        """Count a check.

        Raises:
            CheckError: it does not hold.
        """
        if not holds:
            raise CheckError(f"step {self._step}, {self._title}: {what}: does not hold")
        self.held += 1

    def wait(self, what: str, look: Callable[[], Found | None], pause: float = PAUSE) -> Found:
        """Look again and again until something is there, a minute at most, and count it as a check.

        Args:
            what: is looked for.
            look: returns it once it is there.
            pause: seconds between two looks.

        Raises:
            CheckError: it did not come.
        """
        until = time.monotonic() + PATIENCE
        while True:
            found = look()
            if found:
                self.held += 1
                return found
            if time.monotonic() > until:
                raise CheckError(f"step {self._step}, {self._title}: {what}: did not come within {PATIENCE:.0f} s")
            time.sleep(pause)

    def end(self) -> None:
        """Tell the last step."""
        self._tell()
        self._title = ""

    def _tell(self) -> None:
        if self._title:
            print(
                f"{self._step:3}  {self._title} ({self.held - self._held_before} checks)", file=sys.stdout, flush=True
            )
