"""The shelves keep what was committed, and nothing else."""

import os
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from submission import store as store_module
from submission.config import Config
from submission.database import PIECES, forget_order, open_database
from submission.errors import DiskError, NotThereError, UnsureError
from submission.rows import Shelf
from submission.store import Store
from tests.submission.conftest import Clock
from tests.submission.disk import all_pieces, pieces
from wire.letter import LETTER_SIZE, PART_SIZE, REPLY_SIZE

SEALED = b"sealed".ljust(LETTER_SIZE, b"\1")


@pytest.fixture
def engine(config: Config) -> Engine:
    """The database of an empty intake."""
    return open_database(config.state)


@pytest.fixture
def store(config: Config, engine: Engine) -> Store:
    """The shelves of an empty intake."""
    return Store(config, engine)


def keep(store: Store, content: bytes = SEALED, shelf: Shelf = "letters") -> bytes:
    """Put one piece on its shelf."""
    with store.upload() as upload:
        name = upload.add(shelf, content)
        upload.commit()
    return name


def test_what_was_committed_is_read(store: Store) -> None:
    """A piece is found by the SHA-256 of its bytes."""
    assert store.read("letters", keep(store)) == SEALED


def test_what_was_not_committed_leaves_nothing(store: Store, config: Config) -> None:
    """An upload that ends without a commit is overwritten."""
    with store.upload() as upload:
        name = upload.add("letters", SEALED)
        assert all_pieces(config.state) == [name.hex()]

    assert all_pieces(config.state) == []
    with pytest.raises(NotThereError):
        store.read("letters", name)


def test_a_piece_is_on_its_own_shelf_only(store: Store) -> None:
    """The name of a letter opens no part."""
    with pytest.raises(NotThereError):
        store.read("parts", keep(store))


def test_a_piece_sent_twice_is_kept_once(store: Store, config: Config, engine: Engine) -> None:
    """Twice in one upload or in two: the first stays where it is, the second is overwritten."""
    with store.upload() as upload:
        name = upload.add("letters", SEALED)
        upload.add("letters", SEALED)
        upload.commit()
    keep(store)

    assert store.read("letters", name) == SEALED
    content = (config.state / "letters").read_bytes()
    assert content.count(SEALED) == 1


def test_a_start_removes_what_no_row_knows(store: Store, config: Config, engine: Engine) -> None:
    """Pieces without a row, which a kill leaves, are overwritten; the others stay."""
    name = keep(store)
    store.put("letters", SEALED)
    store.put("log", SEALED)
    assert len(pieces(config.state, "log")) == 1

    again = Store(config, engine)

    assert all_pieces(config.state) == [name.hex()]
    assert (config.state / "letters").read_bytes().count(SEALED) == 1
    assert again.read("letters", name) == SEALED


def test_what_is_too_old_expires(store: Store, config: Config, clock: Clock) -> None:
    """After the retention, counted in weeks, a piece goes whether it was acknowledged or not."""
    name = keep(store)
    store.acknowledge("r1", {"letters": [name]}, ["r1", "r2"])

    for _ in range(config.retention_weeks):
        clock.today += timedelta(weeks=1)
        assert store.waiting("letters", "r2") == [name]
    clock.today += timedelta(weeks=1)

    assert store.waiting("letters", "r2") == []
    assert all_pieces(config.state) == []


def test_a_shorter_retention_counts_from_the_next_start(
    store: Store, config: Config, engine: Engine, clock: Clock
) -> None:
    """Whoever changes the setting need not wait for the next week."""
    keep(store)
    clock.today += timedelta(weeks=2)
    assert len(store.waiting("letters", "r1")) == 1

    Store(replace(config, retention_weeks=1), engine).expire()

    assert all_pieces(config.state) == []


def test_a_clock_a_year_ahead_deletes_nothing(store: Store, config: Config, engine: Engine, clock: Clock) -> None:
    """A clock that jumped is not believed by itself, at a start neither, and dates nothing that comes meanwhile."""
    names = [keep(store)]
    right, clock.today = clock.today, clock.today + timedelta(days=365)
    again = Store(config, engine)
    again.expire()
    names.append(keep(again, bytes([2]) * LETTER_SIZE))

    assert again.waiting("letters", "r1") == sorted(names)
    clock.today = right
    for _ in range(config.retention_weeks + 1):
        assert again.waiting("letters", "r1") == sorted(names)
        clock.today += timedelta(weeks=1)
    assert again.waiting("letters", "r1") == []


def test_a_clock_a_year_behind_dates_nothing(store: Store, config: Config, clock: Clock) -> None:
    """What comes while the clock is wrong is still there when it is right again."""
    store.expire()
    right, clock.today = clock.today, clock.today - timedelta(days=365)
    name = keep(store)
    clock.today = right

    assert store.waiting("letters", "r1") == [name]


def test_who_left_the_roster_is_waited_for_no_longer(store: Store, config: Config) -> None:
    """What all that remain have acknowledged goes when the roster changes; what one of them has not stays."""
    taken, part, open_ = (
        keep(store),
        keep(store, bytes([3]) * PART_SIZE, "parts"),
        keep(store, bytes([4]) * LETTER_SIZE),
    )
    for reviewer in ("r1", "r2"):
        store.acknowledge(reviewer, {"letters": [taken], "parts": [part]}, ["r1", "r2", "r3"])
    store.acknowledge("r1", {"letters": [open_]}, ["r1", "r2", "r3"])
    assert len(all_pieces(config.state)) == 3

    store.release(["r1", "r2"])

    assert all_pieces(config.state) == [open_.hex()]


def test_a_piece_that_vanished_is_not_there(store: Store, engine: Engine) -> None:
    """Of a piece whose slot was cleared between the look at its row and at its bytes nothing is given out but zeros."""
    gone, other = b"gone".ljust(REPLY_SIZE, b"\1"), b"other".ljust(REPLY_SIZE, b"\1")
    with store.upload() as upload:
        name = upload.add("replies", gone)
        upload.add("replies", other)
        upload.commit()
    store.clear([piece for piece in store._pieces("replies") if piece.name == name])

    with pytest.raises(NotThereError):
        store.read("replies", name)
    assert sorted(store.replies("")) == [bytes(REPLY_SIZE), other]


def test_many_acknowledgements_at_once(store: Store, config: Config) -> None:
    """More names than one statement takes are acknowledged all."""
    names = [keep(store, bytes([number + 1]) * LETTER_SIZE) for number in range(12)]
    names += [os.urandom(32) for _ in range(1_200)]

    store.acknowledge("r1", {"letters": names}, ["r1"])

    assert store.waiting("letters", "r1") == []
    assert all_pieces(config.state) == []


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
        *("shelf", "name", "week", "slot", "place", "reviewer", "counter"),
        *("version", "root", "envelope", "roster", "digest"),
    }


def test_whoever_comes_first_keeps_for_all_who_wait(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven who come while one is at it are kept in one go, and each learns what of theirs was there already."""
    times: list[int] = []
    twice = store.put("letters", SEALED)
    store.keep([twice])
    monkeypatch.setattr(store.order, "changed", lambda: times.append(1))
    with ThreadPoolExecutor(11) as pool:
        with store._keeping:
            pieces = [[store.put("letters", bytes([n + 1]) * LETTER_SIZE)] for n in range(10)]
            again = [store.put("letters", SEALED)]
            spares = [pool.submit(store.keep, one) for one in [*pieces, again]]
            while len(store._waiting) < 11:
                time.sleep(0.001)
        found = [spare.result(timeout=10) for spare in spares]

    assert found == [[]] * 10 + [again]
    assert len(times) == 1
    assert all(store.read("letters", piece.name) for (piece,) in pieces)


def test_when_it_fails_everybody_who_waits_is_told(store: Store, engine: Engine) -> None:
    """A fault of the database reaches each of them; nothing has a row."""
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE pieces"))
    with ThreadPoolExecutor(3) as pool:
        with store._keeping:
            pieces = [store.put("letters", bytes([n + 1]) * LETTER_SIZE) for n in range(3)]
            keeping = [pool.submit(store.keep, [piece]) for piece in pieces]
            while len(store._waiting) < 3:
                time.sleep(0.001)
        errors = [one.exception(timeout=10) for one in keeping]

    assert all(isinstance(error, DiskError) for error in errors)


def test_what_cannot_be_written_leaves_nothing(store: Store, config: Config, engine: Engine) -> None:
    """An upload whose rows cannot be written is overwritten whole."""
    with engine.begin() as connection:
        PIECES.drop(connection)

    with pytest.raises(DiskError) as caught:
        keep(store)
    assert not isinstance(caught.value, UnsureError)
    assert all_pieces(config.state) == []


class BrokenCommit:
    """A database whose commits fail, as a disk fails that does not make them durable; and perhaps all the rest."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, undo: bool) -> None:
        self.undo = undo
        monkeypatch.setattr(store_module, "writing", self.write)
        monkeypatch.setattr(store_module, "forget_order", self.forget)

    @contextmanager
    def write(self, engine: Engine) -> Iterator[Connection]:
        """Give a connection, and fail at the end."""
        with engine.connect() as connection:
            yield connection
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    def forget(self, engine: Engine) -> None:
        """Write the database anew, if that works."""
        if not self.undo:
            raise sqlite3.OperationalError("disk I/O error")
        forget_order(engine)


def test_a_commit_that_failed_and_was_undone_leaves_nothing(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its source is told that nothing was kept, and that is so."""
    store.expire()
    BrokenCommit(monkeypatch, undo=True)

    with pytest.raises(DiskError) as caught:
        keep(store)
    assert not isinstance(caught.value, UnsureError)
    assert all_pieces(config.state) == []


def test_a_commit_that_may_come_back_finds_its_piece_whole(
    store: Store, config: Config, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is not known whether a commit holds, its slot stays as it is; the next start clears it if it does not.

    Otherwise, after a crash, a row would name a slot that is empty, or that holds what somebody else sent.
    """
    store.expire()
    with monkeypatch.context() as broken:
        BrokenCommit(broken, undo=False)
        with pytest.raises(UnsureError):
            keep(store)
    assert (config.state / "letters").read_bytes().count(SEALED) == 1

    Store(config, engine)

    assert all_pieces(config.state) == []


def test_only_the_owner_reads_the_state(config: Config, store: Store) -> None:
    """Folders and files are closed to other users."""
    keep(store)

    for path in [config.state, *config.state.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path.name
