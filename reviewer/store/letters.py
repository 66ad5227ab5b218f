"""Letters that were opened, what was set aside, and the sealed files on disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from reviewer.tables import ACKNOWLEDGEMENT, FILE, LETTER, SET_ASIDE


@dataclass(frozen=True)
class StoredLetter:
    """A letter in the vault.

    Attributes:
        name: SHA-256 (32 bytes) of the letter as it lay at the intake.
        case_id: 16 bytes.
        tip: the form's id, 16 bytes.
        number: the running number its source gave it.
        week: the week it was sealed for.
        pulled_on: the day this app pulled it.
        verified: whether this reviewer's MAC held.
        content: line 1 of the letter; None once the case was erased.
        macs: line 2 of the letter.
        files: ``none``; ``offered``: at the intake, for who wants them; ``waiting``: to be fetched; ``here``;
            ``left``: nobody wanted them while this app could still open them; ``broken`` or ``erased``.
        logged: whether this app wrote an event about it.
        handed_by: the reviewer who gave it to us when we joined the case; None when this app opened it itself.
        attested: whether this app wrote since when it knows it.
    """

    name: bytes
    case_id: bytes
    tip: bytes
    number: int
    week: str
    pulled_on: date
    verified: bool
    content: bytes | None
    macs: bytes | None
    files: str
    logged: bool = False
    handed_by: str | None = None
    attested: bool = False


def add_letter(connection: Connection, letter: StoredLetter) -> None:
    """Keep a letter; a second time changes nothing, but what this app opened itself replaces what it was handed."""
    statement = insert(LETTER).values(**vars(letter))
    if letter.handed_by is not None:
        connection.execute(statement.on_conflict_do_nothing())
        return
    handed = LETTER.c.handed_by.is_not(None)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=vars(letter), where=handed))


def _letters(connection: Connection, *conditions: object) -> tuple[StoredLetter, ...]:
    statement = select(LETTER).order_by(LETTER.c.number, LETTER.c.name)
    for condition in conditions:
        statement = statement.where(condition)  # type: ignore[arg-type]  # each is a column expression
    return tuple(StoredLetter(**row._mapping) for row in connection.execute(statement))  # noqa: SLF001 - public API


def letters(connection: Connection) -> tuple[StoredLetter, ...]:
    """Return every letter."""
    return _letters(connection)


def letters_of(connection: Connection, case_id: bytes) -> tuple[StoredLetter, ...]:
    """Return a case's letters by running number."""
    return _letters(connection, LETTER.c.case_id == case_id)


def letters_to_log(connection: Connection) -> tuple[StoredLetter, ...]:
    """Return letters of which no event of ours tells yet."""
    return _letters(connection, LETTER.c.logged.is_(False), LETTER.c.content.is_not(None))


def letters_to_attest(connection: Connection) -> tuple[StoredLetter, ...]:
    """Return the letters that this app opened itself, and of which it has not written yet since when it knows them."""
    ours = (LETTER.c.attested.is_(False), LETTER.c.handed_by.is_(None), LETTER.c.content.is_not(None))
    return _letters(connection, *ours)


def letters_without_files(connection: Connection, state: str = "waiting") -> tuple[StoredLetter, ...]:
    """Return letters whose files are still to be pulled, or are in another state."""
    return _letters(connection, LETTER.c.files == state, LETTER.c.content.is_not(None))


def keep_files(connection: Connection, case_id: bytes) -> int:
    """Have the files of a case's letters fetched that were only offered; returns of how many letters."""
    this = (LETTER.c.case_id == case_id) & (LETTER.c.files == "offered")
    return connection.execute(update(LETTER).where(this).values(files="waiting")).rowcount


def mark_letter(connection: Connection, name: bytes, **values: object) -> None:
    """Set ``files``, ``logged`` or ``attested`` of a letter."""
    connection.execute(update(LETTER).where(LETTER.c.name == name).values(**values))


def set_aside(connection: Connection, name: bytes, shelf: str, reason: str, today: date) -> None:
    """Remember something pulled that is not ours to read, or not what it should be."""
    statement = insert(SET_ASIDE).values(name=name, shelf=shelf, reason=reason, on=today)
    connection.execute(statement.on_conflict_do_nothing())


def all_set_aside(connection: Connection) -> tuple[tuple[bytes, str, str, date], ...]:
    """Return name, shelf, reason and day of everything set aside, the newest day first."""
    rows = connection.execute(select(SET_ASIDE).order_by(SET_ASIDE.c.on.desc(), SET_ASIDE.c.name))
    return tuple((row.name, row.shelf, row.reason, row.on) for row in rows)


def known_names(connection: Connection, shelf: str) -> frozenset[bytes]:
    """Return the names of a shelf (``letters``, ``log``) that need not be pulled again."""
    names = set(connection.execute(select(SET_ASIDE.c.name).where(SET_ASIDE.c.shelf == shelf)).scalars())
    names.update(connection.execute(select(ACKNOWLEDGEMENT.c.name).where(ACKNOWLEDGEMENT.c.shelf == shelf)).scalars())
    return frozenset(names)


def acknowledge(connection: Connection, shelf: str, names: Iterable[bytes]) -> None:
    """Note that what lay under these names is safe here, to be told to the intake."""
    for name in names:
        statement = insert(ACKNOWLEDGEMENT).values(shelf=shelf, name=name, sent=False)
        connection.execute(statement.on_conflict_do_nothing())


def to_acknowledge(connection: Connection, shelf: str) -> tuple[bytes, ...]:
    """Return the names of a shelf that the intake was not told of yet."""
    statement = select(ACKNOWLEDGEMENT.c.name).where(
        ACKNOWLEDGEMENT.c.shelf == shelf, ACKNOWLEDGEMENT.c.sent.is_(False)
    )
    return tuple(connection.execute(statement).scalars())


def acknowledge_again(connection: Connection, shelf: str, names: Iterable[bytes]) -> None:
    """Note that the intake offers what it was told of: it was restored from a backup, and is to be told once more."""
    for name in names:
        this = (ACKNOWLEDGEMENT.c.shelf == shelf) & (ACKNOWLEDGEMENT.c.name == name)
        connection.execute(update(ACKNOWLEDGEMENT).where(this).values(sent=False))


def acknowledged(connection: Connection, shelf: str, names: Iterable[bytes]) -> None:
    """Note that the intake was told."""
    for name in names:
        this = (ACKNOWLEDGEMENT.c.shelf == shelf) & (ACKNOWLEDGEMENT.c.name == name)
        connection.execute(update(ACKNOWLEDGEMENT).where(this).values(sent=True))


@dataclass(frozen=True)
class StoredFile:
    """A file in the vault's folder, sealed to an identity of its own.

    Attributes:
        case_id: 16 bytes.
        sha256: of the file in clear, 32 bytes.
        sha512: the same, 64 bytes.
        length: of the file in clear, in bytes.
        stored: its random name in the folder.
        identity: what unseals it.
    """

    case_id: bytes
    sha256: bytes
    sha512: bytes
    length: int
    stored: str
    identity: str


def add_file(connection: Connection, file: StoredFile) -> None:
    """Keep the row of a file that lies sealed on disk."""
    connection.execute(insert(FILE).values(**vars(file)).on_conflict_do_nothing())


def file_of(connection: Connection, case_id: bytes, sha256: bytes) -> StoredFile | None:
    """Return a case's file by its SHA-256."""
    this = select(FILE).where(FILE.c.case_id == case_id, FILE.c.sha256 == sha256)
    row = connection.execute(this).one_or_none()
    return None if row is None else StoredFile(**row._mapping)  # noqa: SLF001 - public API under an odd name


def files_of(connection: Connection, case_id: bytes) -> tuple[StoredFile, ...]:
    """Return all files of a case."""
    rows = connection.execute(select(FILE).where(FILE.c.case_id == case_id).order_by(FILE.c.stored))
    return tuple(StoredFile(**row._mapping) for row in rows)  # noqa: SLF001 - public API under an odd name


def stored_names(connection: Connection) -> frozenset[str]:
    """Return the names of all sealed files that should lie on disk."""
    return frozenset(connection.execute(select(FILE.c.stored)).scalars())


def stored_bytes(connection: Connection) -> int:
    """Return how many bytes all files in the vault have together, unsealed."""
    return int(connection.execute(select(func.coalesce(func.sum(FILE.c.length), 0))).scalar_one())


def erase_case(connection: Connection, case_id: bytes) -> tuple[str, ...]:
    """Destroy a case's letters and the identities of its files; returns the files' names, to be removed from disk."""
    names = tuple(file.stored for file in files_of(connection, case_id))
    connection.execute(delete(FILE).where(FILE.c.case_id == case_id))
    this = update(LETTER).where(LETTER.c.case_id == case_id)
    connection.execute(this.values(content=None, macs=None, files="erased", logged=True))
    return names
