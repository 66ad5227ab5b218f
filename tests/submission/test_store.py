"""The shelves keep what was committed, and nothing else."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import Engine, inspect, text

from submission.config import Config
from submission.database import open_database
from submission.errors import NotThereError
from submission.store import Store
from tests.submission.conftest import Clock


@pytest.fixture
def engine(config: Config) -> Engine:
    """The database of an empty intake."""
    return open_database(config.state)


@pytest.fixture
def store(config: Config, engine: Engine) -> Store:
    """The shelves of an empty intake."""
    return Store(config, engine)


def keep(store: Store, content: bytes = b"sealed") -> bytes:
    """Put one letter on its shelf."""
    with store.upload() as upload:
        name = upload.add("letters", content)
        upload.commit()
    return name


def test_what_was_committed_is_read(store: Store) -> None:
    """A piece is found by the SHA-256 of its bytes."""
    assert store.read("letters", keep(store)) == b"sealed"


def test_what_was_not_committed_leaves_nothing(store: Store) -> None:
    """An upload that ends without a commit removes its temporary files."""
    with store.upload() as upload:
        name = upload.add("letters", b"sealed")
        assert len(list(store.folder("tmp").iterdir())) == 1

    assert not list(store.folder("tmp").iterdir())
    with pytest.raises(NotThereError):
        store.read("letters", name)


def test_a_piece_is_on_its_own_shelf_only(store: Store) -> None:
    """The name of a letter opens no part."""
    with pytest.raises(NotThereError):
        store.read("parts", keep(store))


def test_a_start_removes_what_no_row_knows(store: Store) -> None:
    """Temporary files and pieces without a row, which a kill leaves, are removed; the others stay."""
    name = keep(store)
    for folder in ("tmp", "letters", "parts", "replies", "log"):
        (store.folder(folder) / os.urandom(32).hex()).write_bytes(b"left behind")

    store.sweep()

    left = [
        path.name for folder in ("tmp", "letters", "parts", "replies", "log") for path in store.folder(folder).iterdir()
    ]
    assert left == [name.hex()]


def test_what_is_too_old_expires(store: Store, config: Config, clock: Clock) -> None:
    """After the retention, counted in weeks, a piece goes whether it was acknowledged or not."""
    name = keep(store)
    store.acknowledge("r1", {"letters": [name]}, ["r1", "r2"])

    clock.today += timedelta(weeks=config.retention_weeks)
    store.expire()
    assert store.waiting("letters", "r2") == [name]
    clock.today += timedelta(weeks=1)
    store.expire()

    assert store.waiting("letters", "r2") == []
    assert not list(store.folder("letters").iterdir())


def test_a_file_that_vanished_is_not_there(store: Store) -> None:
    """A piece whose file was deleted meanwhile is left out when a whole shelf is read."""
    name, other = keep(store), keep(store, b"other")
    (store.folder("letters") / name.hex()).unlink()

    with pytest.raises(NotThereError):
        store.read("letters", name)
    assert list(store.read_all("letters")) == [b"other"]
    assert store.names("letters") == sorted([name, other])


def test_many_acknowledgements_at_once(store: Store) -> None:
    """More names than one statement takes are acknowledged all."""
    names = [keep(store, b"%d" % number) for number in range(12)] + [os.urandom(32) for _ in range(1_200)]

    store.acknowledge("r1", {"letters": names}, ["r1"])

    assert store.waiting("letters", "r1") == []
    assert not list(store.folder("letters").iterdir())


def test_the_database_keeps_no_order_and_no_time(engine: Engine) -> None:
    """Every table is WITHOUT ROWID, deleted content is overwritten, and no column holds more than a week."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        tables: dict[str, str] = {row.name: row.sql for row in found}
        assert {name: "WITHOUT ROWID" in sql for name, sql in tables.items()} == dict.fromkeys(tables, True)
        assert connection.scalar(text("PRAGMA secure_delete")) == 1
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    columns = {column["name"] for table in tables for column in inspect(engine).get_columns(table)}
    assert columns == {
        *("shelf", "name", "week", "reviewer", "counter"),
        *("version", "root", "envelope", "roster", "digest"),
    }


def test_only_the_owner_reads_the_state(config: Config, store: Store) -> None:
    """Folders and files are closed to other users."""
    keep(store)

    for path in [config.state, *config.state.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path.name
