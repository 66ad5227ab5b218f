"""An intake's state folder, looked at from outside and changed in nothing, while it is served or not."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Engine, create_engine

from deploy.errors import OperatorError
from submission.database import FILE_NAME

WAIT: Final = 10.0  # seconds; a change takes less


def open_to_read(state: Path) -> sqlite3.Connection:
    """Open the database of a state folder for reading.

    Raises:
        OperatorError: it is not there, or cannot be read.
    """
    path = state / FILE_NAME
    # A log lies beside it as long as anybody has it open. Without one the file stands still and is whole, and reading
    # it needs, and leaves, nothing beside it.
    alone = "" if Path(f"{path}-wal").exists() else "&immutable=1"
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro{alone}", uri=True, timeout=WAIT, check_same_thread=False
        )
    except sqlite3.OperationalError:
        raise OperatorError(f"{path} cannot be opened; restore a backup if it is gone or damaged") from None
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.DatabaseError as error:
        connection.close()
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise OperatorError(f"{path} is locked by another program; find it with fuser, and end it") from None
        raise OperatorError(f"{path} cannot be read; restore a backup if it is damaged") from None
    return connection


@contextlib.contextmanager
def reading(state: Path) -> Iterator[Engine]:
    """Give an engine that can only read; it ends with the block.

    Raises:
        OperatorError: the database is not there, or cannot be read.
    """
    open_to_read(state).close()
    engine = create_engine("sqlite://", creator=lambda: open_to_read(state))
    try:
        yield engine
    finally:
        engine.dispose()
