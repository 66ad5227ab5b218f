"""One round of syncing: every errand in its order, and what came of it in a few words."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from crypto.errors import CryptoError
from reviewer.desk import Desk, roster, rosters
from reviewer.errors import IntakeUnreachableError, ReviewerError, SyncError, VaultError
from reviewer.post import Intake
from reviewer.reading import LogBook
from reviewer.sync import exhibits, handing, keys, letters, log, outbox, parts, replies, sheets, telling
from wire.errors import WireError

Result = TypeVar("Result")


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
            except (ReviewerError, WireError, CryptoError) as error:
                trouble = str(error)
            except Exception:  # noqa: BLE001 - a fault of ours must show in the inbox, not end the syncing unseen
                trouble = str(SyncError("a round broke off by a fault in this app; tell those who look after it"))
            self.last = Round(self._desk.today(), trouble, whole)
            return self.last


def sync(desk: Desk, intake: Intake, book: LogBook) -> bool:
    """Run every errand once; returns whether everything that the intake listed was taken.

    What goes wrong in one errand does not stop the others, only an intake that does not answer does: else a single
    key that it refuses would hold up every letter. The first trouble is raised when all are done.

    Raises:
        IntakeError: the intake does not answer, or refuses.
        SyncError: there is no roster, or we are not on it.
        WireError: the intake serves something that is not signed as it must be.
    """
    errands = _Errands()
    keys.destroy_old_identities(desk, whole=False)  # whatever the intake does: what is long over goes
    with desk.vault.read() as connection:
        accepted = rosters(connection)
        before = frozenset(accepted[0].ids) if accepted else frozenset()
    errands.run(lambda: keys.pull_roster(desk, intake))
    with desk.vault.begin() as connection:
        current = roster(connection)
        if desk.id not in current.ids:
            raise SyncError("this reviewer is not on the roster; the organisation must sign one that names them")
        if before:
            outbox.repost_for_newcomers(connection, desk, before)
    errands.run(lambda: keys.make_period_keys(desk))
    errands.run(lambda: keys.exchange_period_keys(desk, intake))
    errands.run(lambda: sheets.exchange_sheets(desk, intake))
    errands.run(lambda: parts.list_parts(desk, intake))  # before letters: what names a listed part is pulled below
    taken = [
        errands.run(lambda: letters.pull_letters(desk, intake)),
        errands.run(lambda: log.pull_log(desk, intake)),
        errands.run(lambda: telling.tell_of_letters(desk, book)) is not None,
        errands.run(lambda: letters.keep_wanted(desk, book)) is not None,
        errands.run(lambda: letters.pull_files(desk, intake)),
        errands.run(lambda: exhibits.pull_exhibits(desk, intake, book)),
        errands.run(lambda: handing.take_over(desk, intake, book)),
    ]
    errands.run(lambda: exhibits.erase_agreed(desk, book))
    _post(desk, intake, book, errands)
    pulled = taken[0] and taken[1]  # letters and log, whole
    unread = errands.run(lambda: parts.unclaimed(desk, intake, book)) if pulled else None
    errands.run(lambda: outbox.acknowledge(desk, intake, unread or ()))
    errands.raise_first()
    if all(taken):
        keys.destroy_old_identities(desk)
    return all(taken)


def _post(desk: Desk, intake: Intake, book: LogBook, errands: "_Errands") -> None:
    errands.run(lambda: outbox.write_heads(desk, book))
    errands.run(lambda: outbox.answer_heads(desk, book))
    errands.run(lambda: outbox.post_exhibits(desk, intake, book))
    errands.run(lambda: handing.hand_over(desk, intake, book))
    errands.run(lambda: replies.post_letters(desk, intake, book))
    errands.run(lambda: outbox.post_log(desk, intake))  # behind a letter: a batch follows each


class _Errands:
    """Runs errands one after the other and remembers the first trouble."""

    def __init__(self) -> None:
        self._trouble: ReviewerError | WireError | CryptoError | None = None

    def run(self, errand: Callable[[], Result]) -> Result | None:
        """Run one errand; None when it failed."""
        try:
            return errand()
        except (IntakeUnreachableError, VaultError):
            raise
        except (ReviewerError, WireError, CryptoError) as error:
            self._trouble = self._trouble or error
            return None

    def raise_first(self) -> None:
        """Raise the first trouble, if there was one."""
        if self._trouble is not None:
            raise self._trouble


def keep_syncing(syncing: Callable[[], Syncing | None], seconds: float, stop: threading.Event) -> None:
    """Run rounds until told to stop; while the vault is locked there is nothing to run."""
    while not stop.is_set():
        _run(syncing())  # no name for it here: it would keep the desk's keys in memory while the vault is locked
        stop.wait(seconds)


def _run(current: Syncing | None) -> None:
    if current is not None:
        current.run()
