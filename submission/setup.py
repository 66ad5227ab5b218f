"""Making a state folder, and the look around it before each start: no identity may be within the intake's reach."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from submission import config as configuration
from submission.config import Config
from submission.database import FILE_NAME, open_database
from submission.errors import ConfigError
from submission.keys import Keys
from submission.rows import SHELVES

IDENTITY: Final = re.compile(rb"AGE-SECRET-KEY-|lapwing-secret", re.IGNORECASE)
"""What every age identity and every private key file of Lapwing begins with."""
LONGEST_MARK: Final = 32
"""Bytes that no such beginning is longer than."""
BLOCK: Final = 1 << 20
"""Bytes looked at at a time."""
FRONT: Final = 4_096
"""Bytes looked at in a shelf; what only we write, and sealed, needs no long look."""
TEMPORARY: Final = "tmp"
"""The folder where the server shows that it is alive; no file in it outlives the call that made it."""


def init(config: Config, roster: bytes) -> None:
    """Make the state folder, with its settings and the first roster.

    Args:
        config: the settings to write.
        roster: the envelope that the root signed, as bytes.

    Raises:
        ConfigError: the folder is in use already, or the roster is not an envelope.
        RosterError: the roster is not signed by the root, or has expired.
    """
    state = config.state
    if state.exists() and any(state.iterdir()):
        raise ConfigError(f"{state} is not empty; choose a new folder")
    try:
        envelope = Envelope.decode(roster)
    except CryptoError as error:
        raise ConfigError(
            "the roster file is not a signed envelope; take the file that the organisation signed"
        ) from error
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    (state / TEMPORARY).mkdir(mode=0o700)
    engine = open_database(state)
    Keys(config, engine).add_roster(envelope)
    engine.dispose()
    configuration.save(config)


def refuse_identities(state: Path) -> None:
    """Make sure that nothing under the state folder, its settings included, could open a tip.

    Raises:
        ConfigError: a readable file holds an identity; the error names the file.
    """
    for path in sorted(_files(state)):
        if _holds_identity(path, whole=path.parent != state or path.name not in SHELVES):
            raise ConfigError(f"{path} holds an identity; an intake must never have one within reach: take it away")


def refuse_damaged_database(state: Path) -> None:
    """Make sure that the database is there, whole, and one that `init` made.

    A start overwrites what no row names: with an empty database in the place of one that was lost, all there is.

    Raises:
        ConfigError: it is gone, empty or damaged.
    """
    path = state / FILE_NAME
    if not path.exists():
        raise ConfigError(f"{path} is gone; restore a backup of the folder")
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
            rosters = connection.execute("SELECT count(*) FROM rosters").fetchone()
    except sqlite3.DatabaseError as error:
        raise ConfigError(f"{path} is damaged; see `lapwing intake check`") from error
    if found != ("ok",) or rosters == (0,):
        raise ConfigError(f"{path} is damaged; see `lapwing intake check`")


def _files(state: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(state):
        yield from (Path(folder, name) for name in names)


def _holds_identity(path: Path, *, whole: bool) -> bool:
    try:
        with path.open("rb") as file:
            if not whole:
                return IDENTITY.search(file.read(FRONT)) is not None
            # Not mapped: a check looks at an intake that serves, and a map ends the process when the file gets shorter.
            end = b""
            while block := file.read(BLOCK):
                if IDENTITY.search(end + block):
                    return True
                end = block[-LONGEST_MARK:]
            return False
    except (PermissionError, FileNotFoundError):
        return False
