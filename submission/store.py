"""The shelves: sealed pieces in folders, and one row for each in the database.

What holds at any moment, also after a kill:
- a piece with a row is whole and on disk;
- a file without a row is nobody's, and the next start removes it;
- nothing written here is plaintext, and nothing says more about when a piece came than its week.
"""

import hashlib
import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Final, Literal

from sqlalchemy import Engine, delete, func, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from submission.config import Config
from submission.database import ACKNOWLEDGEMENTS, PERIOD_KEYS, PIECES, SHEETS
from submission.errors import NotThereError
from wire.week import Week

Shelf = Literal["letters", "parts", "replies", "log"]
SHELVES: Final[tuple[Shelf, ...]] = ("letters", "parts", "replies", "log")
TEMPORARY: Final = "tmp"
MOST_NAMES: Final = 10_000
"""Names in one answer; an app acknowledges these and asks again."""
BATCH: Final = 500
"""Names in one SQL statement."""


class Upload:
    """Pieces that arrive together: on disk under temporary names until `commit` puts all of them on their shelves."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._pieces: list[tuple[Shelf, bytes, Path]] = []

    @property
    def pieces(self) -> int:
        """How many pieces were added since the last commit."""
        return len(self._pieces)

    def add(self, shelf: Shelf, sealed: bytes) -> bytes:
        """Write one sealed piece under a temporary name and return the name it will have (SHA-256, 32 bytes)."""
        name = hashlib.sha256(sealed).digest()
        path = self._store.folder(TEMPORARY) / secrets.token_hex(16)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._pieces.append((shelf, name, path))
        try:
            view = memoryview(sealed)
            while view:
                view = view[os.write(descriptor, view) :]
            os.utime(descriptor, (0, 0))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return name

    def commit(self) -> None:
        """Put every piece on its shelf: rename, fsync of the folders, then all rows in one transaction."""
        self._store.keep(self._pieces)
        self._pieces = []

    def abandon(self) -> None:
        """Remove what was not committed."""
        for _, _, path in self._pieces:
            path.unlink(missing_ok=True)
        self._pieces = []


class Store:
    """Everything the intake keeps besides keys and counters."""

    def __init__(self, config: Config, engine: Engine) -> None:
        self._config = config
        self._engine = engine
        self._expired: Week | None = None
        self._lock = Lock()
        for name in (*SHELVES, TEMPORARY):
            self.folder(name).mkdir(mode=0o700, exist_ok=True)

    def folder(self, name: str) -> Path:
        """Return the folder of a shelf, or of temporary files."""
        return self._config.state / name

    def week(self) -> Week:
        """Return the current ISO week in UTC."""
        return Week.of(self._config.today())

    @contextmanager
    def upload(self) -> Iterator[Upload]:
        """Give an upload that is abandoned unless it was committed."""
        upload = Upload(self)
        try:
            yield upload
        finally:
            upload.abandon()

    def keep(self, pieces: Collection[tuple[Shelf, bytes, Path]]) -> None:
        """Rename written pieces onto their shelves, make that durable, then add their rows."""
        self.expire()
        week = str(self.week())
        rows = [{"shelf": shelf, "name": name, "week": week} for shelf, name, _ in pieces]
        # One at a time with deletion, or a piece sent twice could lose its file between its rename and its row.
        with self._lock:
            # Sorted, so that the order of renames says nothing about what belongs together.
            for shelf, name, path in sorted(pieces, key=lambda piece: piece[1]):
                path.replace(self.folder(shelf) / name.hex())
            for shelf in {shelf for shelf, _, _ in pieces}:
                _sync_folder(self.folder(shelf))
            with self._engine.begin() as connection:
                connection.execute(insert(PIECES).on_conflict_do_nothing(), rows)

    def read(self, shelf: Shelf, name: bytes) -> bytes:
        """Return a piece.

        Raises:
            NotThereError: it is not on that shelf.
        """
        query = select(PIECES.c.name).where(PIECES.c.shelf == shelf, PIECES.c.name == name)
        with self._engine.connect() as connection:
            known = connection.execute(query).first()
        if known is None:
            raise NotThereError("no such piece; it may have been acknowledged by everybody")
        try:
            return (self.folder(shelf) / name.hex()).read_bytes()
        except FileNotFoundError as error:
            raise NotThereError("no such piece; it was just acknowledged by everybody") from error

    def names(self, shelf: Shelf) -> list[bytes]:
        """Return the names of all pieces on a shelf, sorted."""
        with self._engine.connect() as connection:
            return list(
                connection.scalars(select(PIECES.c.name).where(PIECES.c.shelf == shelf).order_by(PIECES.c.name))
            )

    def read_all(self, shelf: Shelf) -> Iterator[bytes]:
        """Yield every piece of a shelf; one that is deleted meanwhile is left out."""
        for name in self.names(shelf):
            try:
                yield self.read(shelf, name)
            except NotThereError:
                continue

    def waiting(self, shelf: Shelf, reviewer: str) -> list[bytes]:
        """Return the names, sorted and at most `MOST_NAMES`, of pieces that a reviewer has not acknowledged."""
        taken = (
            select(ACKNOWLEDGEMENTS.c.name)
            .where(
                ACKNOWLEDGEMENTS.c.shelf == shelf,
                ACKNOWLEDGEMENTS.c.name == PIECES.c.name,
                ACKNOWLEDGEMENTS.c.reviewer == reviewer,
            )
            .exists()
        )
        query = select(PIECES.c.name).where(PIECES.c.shelf == shelf, ~taken).order_by(PIECES.c.name).limit(MOST_NAMES)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def acknowledge(self, reviewer: str, taken: Mapping[Shelf, Collection[bytes]], reviewers: Collection[str]) -> None:
        """Note what a reviewer has taken, and delete what all `reviewers` have taken. Unknown names are ignored."""
        for shelf, names in taken.items():
            ordered = sorted(names)
            for start in range(0, len(ordered), BATCH):
                self._acknowledge(reviewer, shelf, ordered[start : start + BATCH], reviewers)

    def _acknowledge(self, reviewer: str, shelf: Shelf, names: list[bytes], reviewers: Collection[str]) -> None:
        mine = (PIECES.c.shelf == shelf) & PIECES.c.name.in_(names)
        columns = ACKNOWLEDGEMENTS.c
        complete = (
            select(columns.name)
            .where(columns.shelf == shelf, columns.name.in_(names), columns.reviewer.in_(reviewers))
            .group_by(columns.name)
            .having(func.count() == len(reviewers))
        )
        with self._lock:
            with self._engine.begin() as connection:
                known = list(connection.scalars(select(PIECES.c.name).where(mine)))
                if known:
                    rows = [{"shelf": shelf, "name": name, "reviewer": reviewer} for name in known]
                    connection.execute(insert(ACKNOWLEDGEMENTS).on_conflict_do_nothing(), rows)
                done = list(connection.scalars(complete))
                for table in (PIECES, ACKNOWLEDGEMENTS):
                    connection.execute(delete(table).where(table.c.shelf == shelf, table.c.name.in_(done)))
            self._remove(shelf, done)

    def expire(self) -> None:
        """Delete what is older than the retention, once in each week."""
        with self._lock:
            if self.week() != self._expired:
                self._expire()
                self._expired = self.week()

    def _expire(self) -> None:
        oldest = str(Week.of(self._config.today() - timedelta(weeks=self._config.retention_weeks)))
        with self._engine.begin() as connection:
            # Weeks of one form, "2026-W48", sort as text.
            rows = connection.execute(select(PIECES.c.shelf, PIECES.c.name).where(PIECES.c.week < oldest)).all()
            keys = [(shelf, name) for shelf, name in rows]
            for start in range(0, len(keys), BATCH):
                chosen = keys[start : start + BATCH]
                for table in (PIECES, ACKNOWLEDGEMENTS):
                    connection.execute(delete(table).where(tuple_(table.c.shelf, table.c.name).in_(chosen)))
            for keys_of_week in (PERIOD_KEYS, SHEETS):
                connection.execute(delete(keys_of_week).where(keys_of_week.c.week < oldest))
        for shelf, name in keys:
            self._remove(shelf, [name])

    def sweep(self) -> None:
        """On start: remove temporary files and files without a row, which an abort or a kill left behind."""
        for path in self.folder(TEMPORARY).iterdir():
            path.unlink()
        for shelf in SHELVES:
            known = {name.hex() for name in self.names(shelf)}
            for path in self.folder(shelf).iterdir():
                if path.name not in known:
                    path.unlink()
            _sync_folder(self.folder(shelf))

    def _remove(self, shelf: str, names: Collection[bytes]) -> None:
        for name in names:
            (self.folder(shelf) / name.hex()).unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
