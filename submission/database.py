"""The tables of the intake and the engine that reaches them: SQLite in WAL mode, in the state folder.

Every table is WITHOUT ROWID and keyed by what it is about, so the file holds no running number that would tell in which
order things came; the order within its pages is undone after each change (`forget_order`). The finest time in it is an
ISO week. Deleted content is overwritten (`secure_delete`).
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
)

FILE_NAME: Final = "intake.db"
ZEROS: Final = bytes(65_536)
_WRITER: Final = Lock()
"""One process serves one database (`submission.process.hold`)."""

METADATA: Final = MetaData()

PIECES: Final = Table(
    "pieces",
    METADATA,
    Column("shelf", String(8), primary_key=True),
    Column("name", LargeBinary(32), primary_key=True),
    Column("week", String(8), nullable=False),
    Column("slot", Integer, nullable=False),
    Column("place", String(16), nullable=False),
    sqlite_with_rowid=False,
)
"""One row for each sealed piece: its shelf, SHA-256, the week it came, and the slot, drawn at random, it lies in.

There are many shelves of replies: `place` is the name of the one (`wire.shelf`), and empty for all other pieces.
"""

ACKNOWLEDGEMENTS: Final = Table(
    "acknowledgements",
    METADATA,
    Column("shelf", String(8), primary_key=True),
    Column("name", LargeBinary(32), primary_key=True),
    Column("reviewer", String(32), primary_key=True),
    sqlite_with_rowid=False,
)
"""Which reviewer has taken which piece."""

COUNTERS: Final = Table(
    "counters",
    METADATA,
    Column("reviewer", String(32), primary_key=True),
    Column("counter", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The highest request counter of each reviewer's app, so that no request counts twice."""

ROSTERS: Final = Table(
    "rosters",
    METADATA,
    Column("version", Integer, primary_key=True),
    Column("root", LargeBinary(32), nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

PERIOD_KEYS: Final = Table(
    "period_keys",
    METADATA,
    Column("roster", LargeBinary(32), primary_key=True),
    Column("week", String(8), primary_key=True),
    Column("reviewer", String(32), primary_key=True),
    Column("envelope", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

SHEETS: Final = Table(
    "sheets",
    METADATA,
    Column("roster", LargeBinary(32), primary_key=True),
    Column("week", String(8), primary_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
    Column("envelope", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

CALENDAR: Final = Table("calendar", METADATA, Column("week", String(8), primary_key=True), sqlite_with_rowid=False)
"""The week in which it was last looked what is too old: one row, so that a wrong clock is noticed."""


def open_database(state: Path) -> Engine:
    """Return the engine of the database in `state`, made when it is not there.

    Reading is `engine.connect()`, which keeps nobody out. Whatever writes goes through `writing`.
    """
    engine = create_engine(f"sqlite:///{state / FILE_NAME}", connect_args={"isolation_level": None, "timeout": 30})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "secure_delete = ON",
            "foreign_keys = ON",
            "wal_autocheckpoint = 1000",
            # Only `forget_order` cuts the log off: what was cut off is not overwritten any more.
            "journal_size_limit = -1",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN")  # type: ignore[attr-defined]  # the event types it as object

    METADATA.create_all(engine)
    (state / FILE_NAME).chmod(0o600)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that ends with the block; only one in the process at a time.

    Who waits is woken when their turn comes. SQLite alone would let them ask again now and then, and many at once would
    wait for longer than they are willing to.
    """
    with _WRITER, engine.begin() as connection:
        yield connection


def forget_order(engine: Engine) -> None:
    """Write the database anew, in the order of its keys, and cut the write-ahead log off.

    A page of SQLite fills from its end in the order in which rows came, and the log's frames stand in that order too:
    both would show which rows were added together. What the log held is overwritten before it is cut off, or the disk
    would keep it in blocks that are nobody's. With 100,000 pieces it takes some hundredths of a second.

    Raises:
        OperationalError: another program had it open for half a minute; call it again.
    """
    # The cursor is closed first: whoever gets the connection next could not commit beside a statement that is not done.
    with _WRITER, closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("VACUUM")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        if not busy:
            # All of it stands in the database, and nobody reads it from the log. Else the next change does it.
            _overwrite(Path(f"{engine.url.database}-wal"))
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _overwrite(path: Path) -> None:
    # What was stored is stored; on a failing disk the next change overwrites it, or the next start.
    with suppress(OSError), path.open("r+b") as file:
        size = path.stat().st_size
        for start in range(0, size, len(ZEROS)):
            os.pwrite(file.fileno(), ZEROS[: size - start], start)
        os.fdatasync(file.fileno())
