"""The station: one vault on this computer, locked or unlocked, and the background rounds that sync it."""

import hashlib
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from reviewer import files
from reviewer.acts.desk_work import Hand
from reviewer.desk import Desk, roster, sit_down, utc_now
from reviewer.errors import VaultLockedError
from reviewer.looking import Visitors, keep_looking, visit
from reviewer.post import Intake, Signer
from reviewer.reading import LogBook
from reviewer.rewards.library import shipped
from reviewer.rewards.programme import Programme
from reviewer.store import keys
from reviewer.sync.moments import note_unlocking
from reviewer.sync.rounds import Round, Syncing, keep_syncing
from reviewer.sync.watching import take_down, what_is_known
from reviewer.timetable import PERIOD
from reviewer.vault import KEY_FILE, Cost, IdleLock, Vault, unwrap_key
from reviewer.watch import LANGUAGES
from wire.request import sign_request

CHANCE: Final = random.SystemRandom()
IDLE_SECONDS: Final = 900.0
WATCH_SECONDS: Final = 10.0
"""How often it is looked whether the vault must lock: not left to the rounds, which a slow intake can hold up."""

VISIT_SECONDS: Final = 900.0


def utc_today() -> date:
    """Return today's date in UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Settings:
    """How one station is set up.

    Attributes:
        folder: of the vault.
        intake: makes the way to the intake for a desk.
        root: the organisation's public root key (32 bytes); None once the vault knows it.
        every: seconds between rounds.
        idle: seconds without use after which the vault is locked.
        watch: seconds between looks at that.
        today: the date in UTC.
        now: the moment in UTC.
        period: seconds in which one letter leaves for each shelf of replies; shorter ones are for demonstrations.
        visitors: where the app looks how visitors are served; None for nowhere.
        visits: mean seconds between two such looks.
        cost: of a new passphrase; None for the one that everybody should have.
        programmes: the reward programmes that there are.
    """

    folder: Path
    intake: Callable[[Desk], Intake]
    root: bytes | None = None
    every: float = 60.0
    idle: float = IDLE_SECONDS
    watch: float = WATCH_SECONDS
    today: Callable[[], date] = utc_today
    now: Callable[[], datetime] = utc_now
    period: float = PERIOD
    visitors: Visitors | None = None
    visits: float = VISIT_SECONDS
    cost: Cost | None = None
    programmes: tuple[Programme, ...] = field(default_factory=shipped)


@dataclass(frozen=True)
class Unlocked:
    """What there is while the vault is unlocked."""

    hand: Hand
    syncing: Syncing


class Station:
    """Unlocks, locks, and keeps syncing; threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._unlocked: Unlocked | None = None
        self._changing = threading.Lock()
        self._idle = IdleLock(settings.idle)
        self._stop = threading.Event()

    def unlock(self, passphrase: str) -> None:
        """Open the vault with its passphrase; an unlocked one stays as it is.

        Raises:
            VaultError: the passphrase is not right, or there is no vault.
        """
        with self._changing:
            if self._unlocked is not None:
                return
            vault = Vault.unlock(self._settings.folder, passphrase)
            desk = sit_down(vault, self._settings.today, self._settings.now, self._settings.period)
            with vault.begin() as connection:
                files.sweep(vault, connection)
                note_unlocking(connection, desk)
                if self._settings.root is not None and keys.get_property(connection, "root") is None:
                    keys.set_property(connection, "root", self._settings.root)
            vault.scrub()  # an app that was killed leaves what it destroyed in the write-ahead log
            book = LogBook()
            self._unlocked = Unlocked(Hand(desk, book), Syncing(desk, self._settings.intake(desk), book))
            self._idle.touch()

    def lock(self) -> None:
        """Drop the key; a round under way ends by itself."""
        with self._changing:
            unlocked, self._unlocked = self._unlocked, None
        if unlocked is not None:
            unlocked.hand.desk.vault.lock()

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """The reward programmes that there are."""
        return self._settings.programmes

    @property
    def locked(self) -> bool:
        """Whether the passphrase is needed."""
        return self._unlocked is None

    def hand(self) -> Hand:
        """Return the reviewer at work.

        Raises:
            VaultLockedError: the vault is locked.
        """
        unlocked = self._unlocked
        if unlocked is None:
            raise VaultLockedError("the vault is locked; unlock it with the passphrase")
        return unlocked.hand

    def syncing(self) -> Syncing | None:
        """Return what syncs, None while the vault is locked; locks it first when nobody used it for long."""
        if self._idle.due:
            self.lock()
        unlocked = self._unlocked
        return None if unlocked is None else unlocked.syncing

    def change_passphrase(self, old: str, new: str) -> None:
        """Seal the vault's key under a new passphrase.

        Raises:
            VaultError: the old one is not right, or the new one is empty or too long.
        """
        vault = self.hand().desk.vault
        unwrap_key((self._settings.folder / KEY_FILE).read_bytes(), old)
        vault.change_passphrase(new, self._settings.cost)

    def touch(self) -> None:
        """A person did something; the idle time begins anew."""
        if self._idle.due:
            self.lock()
        self._idle.touch()

    def sync_now(self) -> Round | None:
        """Run a round at once; None while the vault is locked."""
        syncing = self.syncing()
        return None if syncing is None else syncing.run()

    @property
    def last_round(self) -> Round | None:
        """What the last round came to."""
        unlocked = self._unlocked
        return None if unlocked is None else unlocked.syncing.last

    def start(self) -> None:
        """Sync in the background, and lock after the idle time, until `stop`."""
        work = (self.syncing, self._settings.every, self._stop)
        threading.Thread(target=keep_syncing, args=work, name="syncing", daemon=True).start()
        threading.Thread(target=self._watch, name="idle", daemon=True).start()
        if self._settings.visitors is not None and self._settings.visits:
            looking = (self.look, self._stop.wait, self._settings.visits)
            threading.Thread(target=keep_looking, args=looking, name="looking", daemon=True).start()

    def look(self) -> bool:
        """Visit as a source, for one thing, and write down what differs; returns whether there was a visit.

        Raises:
            IntakeUnreachableError: it could not be made whole.
            SyncError: there is no roster yet.
        """
        visitors, unlocked = self._settings.visitors, self._unlocked
        if visitors is None or unlocked is None:
            return False
        desk, book = unlocked.hand.desk, unlocked.hand.book
        if unlocked.syncing.last is None or unlocked.syncing.last.trouble is not None:
            return False  # without the newest roster and keys there is nothing to hold it against
        with desk.vault.read() as connection:
            known = what_is_known(connection, desk)
        take_down(desk, book, known, visit(visitors, self._pause, CHANCE.choice(LANGUAGES)))
        return True

    def _pause(self, least: float, most: float) -> None:
        if self._settings.visits:
            self._stop.wait(CHANCE.uniform(least, most))

    def _watch(self) -> None:
        while not self._stop.wait(self._settings.watch):
            if self._idle.due:
                self.lock()

    def stop(self) -> None:
        """End the background rounds and lock."""
        self._stop.set()
        self.lock()


def signer(desk: Desk) -> Signer:
    """Return what signs a desk's requests to the intake, each with a higher counter than ever before."""

    def sign(method: str, path: str, body: bytes, at_least: int) -> str:
        with desk.vault.begin() as connection:
            current = roster(connection)
            counter = keys.next_counter(connection, at_least)
        return sign_request(
            current.instance,
            desk.id,
            desk.signing,
            method=method,
            path=path,
            body_digest=hashlib.sha256(body).digest(),
            counter=counter,
        )

    return sign
