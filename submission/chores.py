"""What the intake does by itself, whether or not anybody comes."""

from collections.abc import Callable, Collection
from threading import Event, Thread
from typing import Final

from submission.faults import tell

EVERY_SECONDS: Final = 3_600
CHORES: Final = "lapwing.chores"
"""Where an application keeps its chores, among its extensions: functions that cost little when nothing is due."""


def keep_doing(chores: Collection[Callable[[], object]], seconds: float = EVERY_SECONDS) -> Event:
    """Do all chores now and then, in a thread, until the event returned is set; a fault is told, and ends nothing."""
    end = Event()
    Thread(target=_do_until, args=(end, chores, seconds), name="chores", daemon=True).start()
    return end


def _do_until(end: Event, chores: Collection[Callable[[], object]], seconds: float) -> None:
    while not end.wait(seconds):
        for chore in chores:
            try:
                chore()
            except Exception as fault:  # noqa: BLE001  # the next hour may bring a free disk
                tell(fault)
