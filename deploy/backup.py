"""`lapwing intake backup`: everything that an intake is made of, in one file sealed to the operator; while it serves.

    lapwing intake backup --state DIR [--keys FOLDER] --to RECIPIENT -o FILE

Exit codes: 0 done; 1 nothing was written, or a damaged piece was left out (which is said); 2 usage.
"""

import hashlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from crypto.errors import CryptoError
from crypto.hybrid import HybridRecipient
from crypto.seal import Sealer
from deploy.archive import (
    CONFIG_FILE,
    DATABASE_FILE,
    FORM,
    FORM_FILE,
    SERVICE_FILES,
    Archive,
)
from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from deploy.errors import OperatorError, told
from deploy.onion import CLIENTS, KEYS, REVIEWERS, SERVICES, check_service
from deploy.state import open_to_read
from deploy.streams import writing
from submission import config as configuration
from submission.errors import SubmissionError
from submission.rows import SHELVES

LOOKS: Final = 5
PAUSE: Final = 0.2  # seconds; a piece that moves is where the database says within this time


def backup_main(arguments: list[str]) -> int:
    """Run `lapwing intake backup`; return the exit code."""
    parser = Arguments(prog="lapwing intake backup", description="Saves an intake, sealed.", allow_abbrev=False)
    parser.add_argument("--state", type=Path, required=True, help="the intake's state folder")
    parser.add_argument("--keys", type=Path, default=KEYS, help=f"folder of the onion services (default {KEYS})")
    parser.add_argument("--to", required=True, metavar="RECIPIENT", help="age1pq1…, of an identity kept elsewhere")
    parser.add_argument("-o", dest="output", required=True, metavar="FILE", help="- for standard output")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    try:
        sealer = Sealer([HybridRecipient.parse(options.to)])
        with writing(options.output) as file:
            file.write(sealer.start())
            damaged = save(options.state, options.keys, lambda data: file.write(sealer.update(data)))
            file.write(sealer.finish())
    except CryptoError as error:
        print(f"lapwing: {error}", file=sys.stderr)
        return EXIT_USAGE
    except (OperatorError, SubmissionError, OSError, sqlite3.DatabaseError) as error:
        print(f"lapwing: {told(error)}; nothing was saved", file=sys.stderr)
        return EXIT_FAILED
    if damaged:
        print("lapwing: saved, but without a piece or more that is damaged; see lapwing intake check", file=sys.stderr)
    return EXIT_FAILED if damaged else 0


def save(state: Path, keys: Path, sink: Callable[[bytes], object]) -> int:
    """Write the tar of a backup; return how many damaged pieces were left out.

    Raises:
        OperatorError: an onion's keys are not whole, or the database cannot be opened.
        ConfigError: the settings cannot be read.
        sqlite3.DatabaseError: the database is damaged.
    """
    configuration.load(state)
    for service in SERVICES:
        check_service(keys / service)
    archive = Archive(sink)
    archive.add(FORM_FILE, FORM)
    archive.add(CONFIG_FILE, (state / configuration.FILE_NAME).read_bytes())
    with closing(sqlite3.connect(":memory:")) as snapshot:
        with closing(open_to_read(state)) as connection:
            connection.backup(snapshot)
        copy = Copy(state, snapshot)
        for shelf, size in SHELVES.items():
            archive.add_stream(f"state/{shelf}", copy.count(shelf) * size, copy.pieces(shelf, size))
        archive.add(DATABASE_FILE, copy.database())
    for service in SERVICES:
        for name in SERVICE_FILES:
            archive.add(f"keys/{service}/{name}", (keys / service / name).read_bytes())
    for path in sorted((keys / REVIEWERS / CLIENTS).glob("*.auth")):
        archive.add(f"keys/{REVIEWERS}/{CLIENTS}/{path.name}", path.read_bytes())
    archive.finish()
    return copy.damaged


class Copy:
    """A copy of the database at one moment, and the pieces that it names, each where it is found later.

    What is deleted before its turn comes is left out; its place stays empty.
    """

    def __init__(self, state: Path, snapshot: sqlite3.Connection) -> None:
        self._state = state
        self._snapshot = snapshot
        self._kept: dict[tuple[str, bytes], int] = {}
        self.damaged = 0

    def count(self, shelf: str) -> int:
        """Return how many pieces a shelf had."""
        (count,) = self._snapshot.execute("SELECT count(*) FROM pieces WHERE shelf = ?", (shelf,)).fetchone()
        return int(count)

    def pieces(self, shelf: str, size: int) -> Iterator[bytes]:
        """Yield every piece of a shelf in the order of their names; zeros for one that is left out."""
        rows = self._snapshot.execute("SELECT name, slot FROM pieces WHERE shelf = ? ORDER BY name", (shelf,))
        for number, (name, slot) in enumerate(rows.fetchall()):
            sealed = self._find(shelf, size, name, slot)
            if sealed is not None:
                self._kept[shelf, name] = number
            yield sealed or bytes(size)

    def _find(self, shelf: str, size: int, name: bytes, slot: int | None) -> bytes | None:
        for look in range(LOOKS):
            if slot is None:
                return None
            try:
                # Opened each time: a shelf may be written anew under its name.
                with (self._state / shelf).open("rb") as file:
                    sealed = os.pread(file.fileno(), size, slot * size)
            except FileNotFoundError:
                sealed = b""
            if hashlib.sha256(sealed).digest() == name:
                return sealed
            if look:
                time.sleep(PAUSE)
            slot = self._slot(shelf, name)
        self.damaged += 1
        return None

    def _slot(self, shelf: str, name: bytes) -> int | None:
        with closing(open_to_read(self._state)) as connection:
            found = connection.execute("SELECT slot FROM pieces WHERE shelf = ? AND name = ?", (shelf, name)).fetchone()
        return None if found is None else int(found[0])

    def database(self) -> bytes:
        """Return a database with the rows of what was yielded, made from nothing: no free page holds what was."""
        with closing(sqlite3.connect(":memory:")) as made:
            schema = self._snapshot.execute(
                "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name"
            ).fetchall()
            for name, kind, sql in schema:
                made.execute(sql)
                if kind == "table":
                    self._fill(made, name)
            made.commit()
            return made.serialize()

    def _fill(self, made: sqlite3.Connection, table: str) -> None:
        rows = self._snapshot.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the name is the database's own
        columns = [column[0] for column in rows.description]
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        if {"shelf", "name"} <= set(columns):
            records = [one for one in records if (one["shelf"], one["name"]) in self._kept]
        if "slot" in columns:
            records = [{**one, "slot": self._kept[one["shelf"], one["name"]]} for one in records]
        values = sorted((tuple(one.values()) for one in records), key=repr)
        made.executemany(
            f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(columns))})',  # noqa: S608 - as above
            values,
        )
