"""The order in which rows came is forgotten right after a change, and while there are many, at most once a second.

To forget it the database is written anew as a whole (`submission.database.forget_order`), for which all wait who have
something to write. Done within each request it would cost more than everything else, the more so the more waits here.
"""

import sqlite3
from threading import Event, Lock, Thread
from typing import Final

from sqlalchemy import Engine

from submission.database import forget_order
from submission.faults import tell

EVERY_SECONDS: Final = 1
ORDER: Final = "lapwing.order"
"""Where an application keeps its `Order`, among its extensions."""


class Order:
    """The order that a database shows since it was last written anew.

    Args:
        engine: of the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._changed = Event()
        self._forgetting = Lock()
        self._left_to_thread = False

    def changed(self) -> None:
        """Say that rows came or went: a thread forgets their order, or, where there is none, this call does."""
        self._changed.set()
        if not self._left_to_thread:
            self.forget()

    def forget(self) -> None:
        """Forget the order, if there is one; when another program has the database, the next call does it."""
        with self._forgetting:
            if self._changed.is_set():
                # Whatever changes from here on may come too late for this time.
                self._changed.clear()
                try:
                    forget_order(self._engine)
                except sqlite3.Error as fault:
                    self._changed.set()
                    if not isinstance(fault, sqlite3.OperationalError):
                        tell(fault)

    def leave_to_thread(self, seconds: float = EVERY_SECONDS) -> Event:
        """Let a thread forget it, until the event returned is set: after a change at once, then so many seconds not."""
        self._left_to_thread = True
        end = Event()
        Thread(target=self._forget_until, args=(end, seconds), name="order", daemon=True).start()
        return end

    def _forget_until(self, end: Event, seconds: float) -> None:
        while not end.is_set():
            if self._changed.wait(seconds):
                self.forget()
                end.wait(seconds)
