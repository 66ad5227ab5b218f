"""What may be wrong in a state folder: its settings, its owner, identities within reach, the database, the shelves."""

import hashlib
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.errors import OperatorError
from deploy.findings import Finding, broken, warning
from deploy.state import open_to_read
from submission import config as configuration
from submission.database import METADATA
from submission.errors import ConfigError
from submission.rows import SHELVES
from submission.setup import refuse_identities

LOOKS: Final = 5
"""A piece is damaged when it was so at each of these looks: between two it may be deleted, or moved elsewhere."""
PAUSE: Final = 0.2  # seconds
RESTORE: Final = "Stop the intake, keep a copy of its folder, and restore the last backup"


@dataclass(frozen=True)
class Place:
    """Where the database says that a piece lies."""

    shelf: str
    name: bytes
    slot: int


def settings(state: Path) -> Iterator[Finding]:
    """Look at config.json."""
    try:
        configuration.load(state)
    except ConfigError as error:
        yield broken(str(error), "The last backup holds it too")


def owners(state: Path) -> Iterator[Finding]:
    """Look whether others on this machine can read the folder, and whether all of it has one owner."""
    paths = [state, *state.rglob("*")]
    found = [status for path in paths if (status := _status(path)) is not None]
    if found and found[0].st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield broken(f"others can look into {state}", f"chmod 0700 {state}")
    elif any(one.st_mode & (stat.S_IRWXG | stat.S_IRWXO) for one in found):
        yield warning(f"others could read files in {state} if its own mode did not stop them", f"chmod -R go= {state}")
    if len({one.st_uid for one in found}) > 1:
        yield broken(f"files in {state} belong to different accounts", f"chown -R lapwing: {state}")


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None  # gone meanwhile: SQLite makes and removes files beside the database


def writable(state: Path) -> Iterator[Finding]:
    """Look whether the disk takes anything at all; after an error the kernel lets nobody write to it any more."""
    try:
        flags = os.statvfs(state).f_flag
    except OSError:
        return  # no such folder: told elsewhere
    if flags & os.ST_RDONLY:
        yield broken(f"the disk under {state} is read-only, so no tip is taken", "journalctl -k says why; replace it")


def identities(state: Path) -> Iterator[Finding]:
    """Look for files that could open a tip."""
    try:
        refuse_identities(state)
    except ConfigError as error:
        yield broken(str(error), "Whoever had this machine may have it; its owner must replace it")


def database(state: Path) -> Iterator[Finding]:
    """Look whether the database is whole, and has the tables that this version of Lapwing knows."""
    try:
        with closing(open_to_read(state)) as connection:
            told = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            columns = {
                table.name: {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")}
                for table in METADATA.sorted_tables
            }
    except OperatorError as error:
        locked = "locked" in str(error)
        yield broken(str(error), "Nothing is lost, but no tip is taken meanwhile" if locked else RESTORE)
        return
    except sqlite3.DatabaseError:
        yield broken("the database cannot be read; it is damaged", RESTORE)
        return
    if told != ["ok"]:
        yield broken("the database is damaged (PRAGMA integrity_check)", RESTORE)
    if not any(columns.values()):
        yield broken("the database is empty", RESTORE)
    elif any(columns[table.name] != {column.name for column in table.columns} for table in METADATA.sorted_tables):
        yield broken("the database was made by another version of Lapwing", "Run the version that made it")


def shelves(state: Path) -> Iterator[Finding]:
    """Look whether every shelf is there, as a whole number of slots, and holds as many as the database says."""
    places = _places(state)
    for shelf, size in SHELVES.items():
        path = state / shelf
        length = path.stat().st_size if path.is_file() else None
        named = [place.slot for place in places if place.shelf == shelf]
        if length is None:
            # An intake that was never served has none yet.
            if named or any((state / other).exists() for other in SHELVES):
                yield broken(f"the shelf {shelf} is gone", RESTORE)
        elif length % size:
            yield warning(f"the shelf {shelf} ends within a slot", "The next start fills it up; if it comes back, tell")
        elif any(slot >= length // size for slot in named):
            yield broken(f"the shelf {shelf} is shorter than the database says", RESTORE)


def pieces(state: Path, sleep: Callable[[float], None] = time.sleep) -> Iterator[Finding]:
    """Look whether each piece is in its slot, byte for byte. Reads all that waits; takes seconds for each GiB."""
    suspects = frozenset(place for place in _places(state) if not _holds(state, place))
    for _ in range(LOOKS - 1):
        if not suspects:
            return
        sleep(PAUSE)
        # Deleted, or moved to another slot: no longer what was looked at.
        suspects = frozenset(place for place in suspects & frozenset(_places(state)) if not _holds(state, place))
    for shelf in sorted({place.shelf for place in suspects}):
        yield broken(
            f"on the shelf {shelf} a piece or more is damaged",
            f"The disk may be failing. Reviewers see which; its source must send it again. {RESTORE} "
            "if it is not older than the damage",
        )


def _places(state: Path) -> list[Place]:
    """Read where everything lies, and hold nothing meanwhile; nothing where there is no database to read."""
    try:
        with closing(open_to_read(state)) as connection:
            return [Place(*row) for row in connection.execute("SELECT shelf, name, slot FROM pieces")]
    except (OperatorError, sqlite3.DatabaseError):
        return []


def _holds(state: Path, place: Place) -> bool:
    size = {str(shelf): size for shelf, size in SHELVES.items()}.get(place.shelf, 0)
    try:
        # Opened each time: a shelf may be written anew under its name.
        with (state / place.shelf).open("rb") as file:
            return hashlib.sha256(os.pread(file.fileno(), size, place.slot * size)).digest() == place.name
    except OSError:
        return False
