"""The vault: an encrypted database and a folder of sealed files, opened by one passphrase.

* ``vault.db`` is a SQLCipher database under a random 256-bit key.
* ``key.json`` holds that key, sealed under Argon2id of the passphrase; its parameters stand beside it and are bounded
  when read, so that an altered file cannot exhaust the machine.
* ``files/`` holds exhibits, each an age file to an identity of its own that only the database knows.

Locking drops the key and closes the database. Python cannot promise that no copy of the key is left in memory;
switching the computer off does.
"""

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from crypto.errors import CryptoError
from crypto.secretbox import open_box, seal_box
from reviewer.errors import VaultError, VaultLockedError
from reviewer.tables import METADATA
from wire.errors import WireError
from wire.fields import dump, encode_base64, parse_object

DATABASE: Final = "vault.db"
KEY_FILE: Final = "key.json"
FILES: Final = "files"
CONTEXT: Final = b"lapwing/v1/vault key"
KEY_SIZE: Final = 32
SALT_SIZE: Final = 16


@dataclass(frozen=True)
class Cost:
    """What deriving a key from the passphrase costs (Argon2id, version 1.3).

    Attributes:
        memory: KiB.
        iterations: passes over it.
        lanes: parallel lanes.
    """

    memory: int = 262_144
    iterations: int = 3
    lanes: int = 2


@dataclass(frozen=True)
class Limits:
    """What a key file may ask for at most."""

    file: int = 4_096  # bytes of key.json
    memory: int = 1_048_576  # KiB
    iterations: int = 16
    lanes: int = 16
    passphrase: int = 1_024  # bytes of UTF-8
    new_passphrase: int = 12  # characters that a new one must have at least


LIMITS = Limits()


def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    raw = passphrase.encode()
    if not 0 < len(raw) <= LIMITS.passphrase:
        raise VaultError("the passphrase must have 1 to 1024 bytes")
    kdf = Argon2id(salt=salt, length=KEY_SIZE, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory)
    return kdf.derive(raw)


def wrap_key(key: bytes, passphrase: str, cost: Cost) -> bytes:
    """Return a key file (JSON) that holds a database key of 32 bytes under a passphrase.

    Raises:
        VaultError: the passphrase has fewer than 12 characters or is longer than 1,024 bytes.
    """
    if len(passphrase) < LIMITS.new_passphrase:
        raise VaultError("the passphrase is too short; take seven random words")
    salt = secrets.token_bytes(SALT_SIZE)
    box = seal_box(_derive(passphrase, salt, cost), key, CONTEXT)
    return dump(
        {
            "v": 1,
            "kdf": "argon2id",
            "memory": cost.memory,
            "iterations": cost.iterations,
            "lanes": cost.lanes,
            "salt": encode_base64(salt),
            "box": encode_base64(box),
        }
    )


def unwrap_key(untrusted: bytes, passphrase: str) -> bytes:
    """Return the database key (32 bytes) from a key file.

    Raises:
        VaultError: the file is malformed or asks for too much, or the passphrase is not the one.
    """
    try:
        fields = parse_object(untrusted, LIMITS.file, "key file")
        fields.integer("v", 1, 1)
        fields.choice("kdf", {"argon2id"})
        lanes = fields.integer("lanes", 1, LIMITS.lanes)
        memory = fields.integer("memory", 8 * lanes, LIMITS.memory)
        iterations = fields.integer("iterations", 1, LIMITS.iterations)
        salt = fields.base64("salt", SALT_SIZE, SALT_SIZE)
        box = fields.base64("box", KEY_SIZE, 256)
        fields.end()
    except WireError:
        raise VaultError("the vault's key file is damaged; restore it from a backup") from None
    try:
        key = open_box(_derive(passphrase, salt, Cost(memory, iterations, lanes)), box, CONTEXT)
    except CryptoError:
        raise VaultError("the passphrase is not right") from None
    if len(key) != KEY_SIZE:
        raise VaultError("the vault's key file is damaged; restore it from a backup")
    return key


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read (0600), whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


class Vault:
    """An unlocked vault; made by ``create`` or ``unlock``.

    Threads may share it: each transaction takes a connection of its own, writers one after the other.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key: bytes | None = key
        self._writing = threading.Lock()
        self._engine = _engine(folder / DATABASE, self._current_key)

    @classmethod
    def create(cls, folder: Path, passphrase: str, cost: Cost | None = None) -> "Vault":
        """Make a vault in a folder that is empty or does not exist yet (0700).

        Args:
            folder: where.
            passphrase: 12 characters or more, at most 1,024 bytes of UTF-8.
            cost: of the derivation; the default is 256 MiB, 3 passes, 2 lanes. Tests give a smaller one.

        Raises:
            VaultError: there is something in the folder, or the passphrase is too short or too long.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise VaultError("there is something in the vault's folder already; choose an empty one")
        folder.chmod(0o700)
        key = secrets.token_bytes(KEY_SIZE)
        wrapped = wrap_key(key, passphrase, cost or Cost())
        (folder / FILES).mkdir(mode=0o700)
        os.close(os.open(folder / DATABASE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        vault = cls(folder, key)
        vault.scrub()  # the first connection also makes it a database with a write-ahead log
        with vault.begin() as connection:
            METADATA.create_all(connection)
        write_private(folder / KEY_FILE, wrapped)  # last: a folder without it is no vault
        return vault

    @classmethod
    def unlock(cls, folder: Path, passphrase: str) -> "Vault":
        """Open a vault.

        Raises:
            VaultError: there is no vault, its key file is damaged, or the passphrase is not right.
        """
        try:
            wrapped = (folder / KEY_FILE).read_bytes()
        except OSError:
            raise VaultError("there is no vault in that folder; make one with `lapwing reviewer init`") from None
        vault = cls(folder, unwrap_key(wrapped, passphrase))
        try:
            with vault.read() as connection:
                connection.execute(text("SELECT count(*) FROM sqlite_master"))
        except DatabaseError:
            vault.lock()
            raise VaultError("the vault's database does not open with its key; restore it from a backup") from None
        return vault

    @property
    def locked(self) -> bool:
        """Whether the key was dropped."""
        return self._key is None

    @property
    def files(self) -> Path:
        """The folder of sealed exhibits."""
        return self.folder / FILES

    def lock(self) -> None:
        """Drop the key and close the database; what is under way ends with ``VaultLockedError`` or its own commit."""
        with self._writing:
            self._key = None
            self._engine.dispose()

    def change_passphrase(self, passphrase: str, cost: Cost | None = None) -> None:
        """Seal the database key under a new passphrase; the old one no longer opens the key file."""
        write_private(self.folder / KEY_FILE, wrap_key(self._current_key(), passphrase, cost or Cost()))

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, undone by an exception."""
        with self._writing:
            self._current_key()
            with self._engine.connect() as connection:
                connection.execute(text("BEGIN IMMEDIATE"))
                try:
                    yield connection
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: it sees one state from beginning to end."""
        self._current_key()
        with self._engine.connect() as connection:
            connection.execute(text("BEGIN"))
            yield connection
            connection.rollback()

    def scrub(self) -> None:
        """Move everything out of the write-ahead log, so that what was destroyed is overwritten there too."""
        with self._writing:
            self._current_key()
            with self._engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def _current_key(self) -> bytes:
        if self._key is None:
            raise VaultLockedError("the vault is locked; unlock it with the passphrase")
        return self._key


def _engine(path: Path, key: Callable[[], bytes]) -> Engine:
    def connect() -> Any:  # noqa: ANN401 - sqlcipher3 ships no types
        connection = sqlcipher3.dbapi2.connect(
            os.fspath(path), check_same_thread=False, isolation_level=None, timeout=30
        )
        # A key cannot be a bound parameter: only ever 64 hex digits of our own, never text from a person.
        connection.execute(f"PRAGMA key = \"x'{key().hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection

    return create_engine(
        "sqlite://",
        creator=connect,
        module=sqlcipher3.dbapi2,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        hide_parameters=True,  # else an error's message holds what was to be stored
    )


class IdleLock:
    """Locks after a time without use; the clock is given, so that a test need not wait.

    Args:
        seconds: idle time after which the vault is locked.
        clock: seconds that only ever grow.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._last = clock()

    def touch(self) -> None:
        """A person did something."""
        self._last = self._clock()

    @property
    def due(self) -> bool:
        """Whether nobody did anything for too long."""
        return self._clock() - self._last >= self._seconds
