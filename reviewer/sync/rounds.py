"""One round of syncing: every errand in its order, and what came of it in a few words."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reviewer.desk import Desk, roster, rosters
from reviewer.errors import ReviewerError, SyncError
from reviewer.post import Intake
from reviewer.reading import LogBook
from reviewer.sync import exhibits, keys, letters, log, outbox
from wire.errors import WireError


@dataclass(frozen=True)
class Round:
    """What a round came to.

    Attributes:
        on: the day (UTC).
        trouble: why it broke off, in words for a person; None when it went through.
        whole: whether everything that the intake listed was taken.
    """

    on: date
    trouble: str | None
    whole: bool


class Syncing:
    """Syncs one desk, one round at a time; threads may ask for one at once."""

    def __init__(self, desk: Desk, intake: Intake, book: LogBook) -> None:
        self._desk = desk
        self._intake = intake
        self._book = book
        self._running = threading.Lock()
        self.last: Round | None = None

    def run(self) -> Round:
        """Run one round and remember what came of it; trouble is told, not raised."""
        with self._running:
            trouble: str | None = None
            whole = False
            try:
                whole = sync(self._desk, self._intake, self._book)
            except (ReviewerError, WireError) as error:
                trouble = str(error)
            self.last = Round(self._desk.today(), trouble, whole)
            return self.last


def sync(desk: Desk, intake: Intake, book: LogBook) -> bool:
    """Run every errand once; returns whether everything that the intake listed was taken.

    Raises:
        IntakeError: the intake does not answer, or refuses.
        SyncError: there is no roster, or we are not on it.
        WireError: the intake serves something that is not signed as it must be.
    """
    _sync_roster(desk, intake)
    keys.make_period_keys(desk)
    keys.exchange_period_keys(desk, intake)
    keys.exchange_sheets(desk, intake)
    taken = [letters.pull_letters(desk, intake), log.pull_log(desk, intake)]
    letters.tell_of_letters(desk, book)
    taken += [letters.pull_files(desk, intake), exhibits.pull_exhibits(desk, intake, book)]
    exhibits.erase_agreed(desk, book)
    outbox.write_heads(desk, book)
    outbox.answer_heads(desk, book)
    outbox.post_exhibits(desk, intake, book)
    outbox.post_log(desk, intake)
    outbox.post_replies(desk, intake)
    outbox.acknowledge(desk, intake)
    if all(taken):
        keys.destroy_old_identities(desk)
    return all(taken)


def _sync_roster(desk: Desk, intake: Intake) -> None:
    with desk.vault.read() as connection:
        accepted = rosters(connection)
        before = frozenset(accepted[0].ids) if accepted else frozenset()
    keys.pull_roster(desk, intake)
    with desk.vault.begin() as connection:
        current = roster(connection)
        if desk.id not in current.ids:
            raise SyncError("this reviewer is not on the roster; the organisation must sign one that names them")
        if before:
            outbox.repost_for_newcomers(connection, desk, before)


def keep_syncing(syncing: Callable[[], Syncing | None], seconds: float, stop: threading.Event) -> None:
    """Run rounds until told to stop; while the vault is locked there is nothing to run."""
    while not stop.is_set():
        current = syncing()
        if current is not None:
            current.run()
        stop.wait(seconds)
