"""The shelves: sealed pieces in slots, and one row for each in the database.

What holds at any moment, also after a kill:
- a piece with a row is whole and on disk;
- what is in a slot that no row names is nobody's, and the next start overwrites it;
- nothing written here is plaintext, and nothing says more about when a piece came than its week;
- nothing says which pieces came together, or in which order; but see `submission.order` for the last second.
"""

import hashlib
import os
import sqlite3
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Final

from sqlalchemy import ColumnElement, Engine, delete, func, select, true, tuple_
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from submission.config import Config
from submission.database import ACKNOWLEDGEMENTS, CALENDAR, PERIOD_KEYS, PIECES, SHEETS, forget_order, writing
from submission.errors import DiskError, FilesFullError, FullError, NotThereError, UnsureError
from submission.order import Order
from submission.retention import believe, oldest_kept
from submission.room import make_rules
from submission.rows import BATCH, SHELVES, Piece, Shelf, acknowledge, add, take
from submission.slots import Slots
from wire.letter import PART_SIZE, REPLY_SIZE
from wire.shelf import names_on_the_way
from wire.week import Week

MOST_NAMES: Final = 10_000
"""Names in one answer; an app acknowledges these and asks again."""
_ALL: Final = true()


class _Waiting:
    """Somebody who waits for their pieces to be kept."""

    def __init__(self, pieces: Collection[Piece]) -> None:
        self.pieces = pieces
        self.spare: list[Piece] = []
        self.error: Exception | None = None
        self.sure = True
        self.done = False


class Upload:
    """Pieces that arrive together: on disk, but nobody's, until `commit` puts all of them on their shelves."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._pieces: list[Piece] = []

    @property
    def pieces(self) -> int:
        """How many pieces were added since the last commit."""
        return len(self._pieces)

    def add(self, shelf: Shelf, sealed: bytes, place: str = "") -> bytes:
        """Write one sealed piece to the disk and return the name it will have (SHA-256, 32 bytes)."""
        piece = self._store.put(shelf, sealed, place)
        self._pieces.append(piece)
        return piece.name

    def commit(self) -> None:
        """Put every piece on its shelf: all bytes durable, then all rows in one transaction.

        Raises:
            DiskError: nothing was kept; or `UnsureError`, when only the next start will tell.
        """
        try:
            spare = self._store.keep(self._pieces)
        except UnsureError:
            # Their rows may come back, and then they must be whole: the next start removes what has none.
            self._pieces = []
            raise
        # From here on they are stored; what is left to do concerns only what was here before.
        self._pieces = []
        self._store.clear(spare)

    def abandon(self) -> None:
        """Remove what was not committed."""
        self._store.clear(self._pieces)
        self._pieces = []


class Store:
    """Everything the intake keeps besides keys and counters."""

    def __init__(self, config: Config, engine: Engine) -> None:
        self._config = config
        self._engine = engine
        self._week: Week | None = None
        self._expiring = Lock()
        self._waiting: deque[_Waiting] = deque()
        self._keeping = Lock()
        self.order: Final = Order(engine)
        disk = os.statvfs(config.state)
        self._rules = make_rules(disk.f_blocks * disk.f_frsize, config.keep_free_percent, config.most_files)
        self._slots: Mapping[Shelf, Slots] = {
            shelf: Slots(
                config.state / shelf, size, [piece.slot for piece in self._pieces(shelf)], self._rules.shelves[shelf]
            )
            for shelf, size in SHELVES.items()
        }
        self.order.changed()

    @contextmanager
    def upload(self) -> Iterator[Upload]:
        """Give an upload that is abandoned unless it was committed."""
        upload = Upload(self)
        try:
            yield upload
        finally:
            upload.abandon()

    def expect_letter(self) -> None:
        """Make sure that there is room for a letter before anybody takes the trouble to send one.

        Raises:
            FullError: there is none.
        """
        if self._slots["letters"].is_full:
            raise FullError("no room for letters")

    def takes_files(self) -> bool:
        """Tell whether there is room for a small file, so that a form can say so before somebody fills it in."""
        return self._slots["parts"].room(self._rules.beginning) >= 2 * PART_SIZE

    def expect_files(self, size: int) -> None:
        """Make sure, when files begin to come, that there is room for all of them.

        Args:
            size: bytes that are still to come.

        Raises:
            FilesFullError: there is not; the room for words is not touched.
        """
        # A last part that is not full takes a whole one.
        if self._slots["parts"].room(self._rules.beginning) < size + PART_SIZE:
            raise FilesFullError("no room for files; fetch and acknowledge those that are here")

    def put(self, shelf: Shelf, sealed: bytes, place: str = "") -> Piece:
        """Write a piece that has no row yet; `keep` or `clear` it."""
        return Piece(shelf, hashlib.sha256(sealed).digest(), self._slots[shelf].put(sealed), place)

    def keep(self, pieces: Collection[Piece]) -> list[Piece]:
        """Make written pieces durable and add their rows; return those that were here already, to be cleared.

        Whoever comes first does it for all who wait: the disk's time is theirs in common.

        Raises:
            DiskError: as `Upload.commit`.
        """
        mine = _Waiting(pieces)
        self._waiting.append(mine)
        with self._keeping:
            if not mine.done:
                self._keep_all()
        if not mine.sure:
            raise UnsureError("a commit failed, and could not be undone; look at the disk") from mine.error
        if isinstance(mine.error, SQLAlchemyError):
            raise DiskError("the database could not be written; look at the disk") from mine.error
        if mine.error is not None:
            raise mine.error
        return mine.spare

    def _keep_all(self) -> None:
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        committing = False
        try:
            for shelf in {piece.shelf for one in batch for piece in one.pieces}:
                self._slots[shelf].sync()
            week = str(self.expire())
            with writing(self._engine) as connection:
                for one in batch:
                    one.spare = add(connection, week, one.pieces)
                committing = True
        except Exception as error:  # noqa: BLE001  # each of them raises it
            sure = not committing or self._undo()
            for one in batch:
                one.error, one.sure = error, sure
        else:
            self.order.changed()
        finally:
            for one in batch:
                one.done = True

    def _undo(self) -> bool:
        """Undo a commit that failed; tell whether that worked.

        What it wrote stands at the end of the write-ahead log. It counts for nothing now, but after a crash SQLite
        would take it for a commit that went well, unless something else was written over it.
        """
        try:
            forget_order(self._engine)
        except sqlite3.Error:
            return False
        return True

    def clear(self, pieces: Iterable[Piece]) -> None:
        """Overwrite pieces that have no row, or none any more."""
        for piece in pieces:
            self._slots[piece.shelf].clear([piece.slot])

    def read(self, shelf: Shelf, name: bytes) -> bytes:
        """Return a piece.

        Raises:
            NotThereError: it is not on that shelf.
        """
        query = select(PIECES.c.slot).where(PIECES.c.shelf == shelf, PIECES.c.name == name)
        with self._engine.connect() as connection:
            slot = connection.scalar(query)
        if slot is None:
            raise NotThereError("no such piece; it may have been acknowledged by everybody")
        return self._get(Piece(shelf, name, slot))

    def whole_shelf(self, place: str) -> tuple[int, Iterator[bytes]]:
        """Return how many bytes lie on the shelf of replies of that name, and all of them, some at a time.

        They are those of wider and narrower shelves on its way too, in the order of their names. No hash is compared:
        what was damaged, or was deleted meanwhile and is zeros or another reply now, opens for nobody who looks here.
        """
        column = PIECES.c.place
        query = (
            select(PIECES.c.slot)
            .where(PIECES.c.shelf == "replies", column.in_(names_on_the_way(place)) | column.startswith(place))
            .order_by(PIECES.c.name)
        )
        with self._engine.connect() as connection:
            slots = connection.scalars(query).all()
        return len(slots) * REPLY_SIZE, self._slots["replies"].read(slots)

    def replies(self, place: str) -> Iterator[bytes]:
        """Yield what `whole_shelf` holds, 16,384 bytes at a time."""
        for some in self.whole_shelf(place)[1]:
            for start in range(0, len(some), REPLY_SIZE):
                yield some[start : start + REPLY_SIZE]

    def _get(self, piece: Piece) -> bytes:
        sealed = self._slots[piece.shelf].get(piece.slot)
        if hashlib.sha256(sealed).digest() != piece.name:
            raise NotThereError("no such piece; it was just acknowledged by everybody")
        return sealed

    def _pieces(self, shelf: Shelf, which: ColumnElement[bool] = _ALL) -> list[Piece]:
        query = select(PIECES.c.name, PIECES.c.slot).where(PIECES.c.shelf == shelf, which).order_by(PIECES.c.name)
        with self._engine.connect() as connection:
            return [Piece(shelf, row.name, row.slot) for row in connection.execute(query)]

    def waiting(self, shelf: Shelf, reviewer: str, after: bytes = b"") -> list[bytes]:
        """Return the names, sorted and at most `MOST_NAMES`, of pieces that a reviewer has not acknowledged.

        Args:
            shelf: where to look.
            reviewer: who asks.
            after: only names that sort behind this one.
        """
        self.expire()
        taken = (
            select(ACKNOWLEDGEMENTS.c.name)
            .where(
                ACKNOWLEDGEMENTS.c.shelf == shelf,
                ACKNOWLEDGEMENTS.c.name == PIECES.c.name,
                ACKNOWLEDGEMENTS.c.reviewer == reviewer,
            )
            .exists()
        )
        query = (
            select(PIECES.c.name)
            .where(PIECES.c.shelf == shelf, PIECES.c.name > after, ~taken)
            .order_by(PIECES.c.name)
            .limit(MOST_NAMES)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def acknowledge(self, reviewer: str, taken: Mapping[Shelf, Collection[bytes]], reviewers: Collection[str]) -> None:
        """Note what a reviewer has taken, and delete what all `reviewers` have taken. Unknown names are ignored."""
        for shelf, names in taken.items():
            ordered = sorted(names)
            for start in range(0, len(ordered), BATCH):
                chosen = ordered[start : start + BATCH]
                with writing(self._engine) as connection:
                    done = acknowledge(connection, reviewer, shelf, chosen, reviewers)
                self.clear(done)
        self.order.changed()

    def release(self, reviewers: Collection[str]) -> None:
        """Delete what all `reviewers` have taken: when one leaves the roster, nothing waits for them any longer."""
        columns = ACKNOWLEDGEMENTS.c
        complete = (
            select(columns.shelf, columns.name)
            .where(columns.reviewer.in_(reviewers))
            .group_by(columns.shelf, columns.name)
            .having(func.count() == len(reviewers))
        )
        with writing(self._engine) as connection:
            gone = take(connection, tuple_(PIECES.c.shelf, PIECES.c.name).in_(complete))
        self.clear(gone)
        self.order.changed()

    def expire(self) -> Week:
        """Delete what is older than the retention, once in each week; return the week that it is (`believe`)."""
        today = Week.of(self._config.today())
        with self._expiring:
            if self._week != today:
                self._week = self._turn_to(today)
            return self._week

    def _turn_to(self, today: Week) -> Week:
        with writing(self._engine) as connection:
            known = [Week.parse(week) for week in connection.scalars(select(CALENDAR.c.week))]
            sheets = {Week.parse(week) for week in connection.scalars(select(SHEETS.c.week))}
            week = believe(today, max(known, default=None), sheets)
            if week != today:
                return week
            connection.execute(delete(CALENDAR))
            connection.execute(insert(CALENDAR).values(week=str(week)))
            # Weeks of one form, "2026-W48", sort as text.
            oldest = str(oldest_kept(week, self._config.retention_weeks))
            gone = take(connection, PIECES.c.week < oldest)
            for keys_of_week in (PERIOD_KEYS, SHEETS):
                connection.execute(delete(keys_of_week).where(keys_of_week.c.week < oldest))
        self.clear(gone)
        self.order.changed()
        return week
