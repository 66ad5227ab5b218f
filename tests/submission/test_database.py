"""The database's log is overwritten and cut off, unless somebody still reads it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select

from submission import database
from submission.database import COUNTERS, forget_order, open_database, writing

STATEMENT = COUNTERS.insert()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An empty database that does not wait for anybody."""
    engine = open_database(tmp_path)
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout = 50"))
    engine.dispose()
    return engine


def test_the_log_is_cut_off(engine: Engine, tmp_path: Path) -> None:
    """Nothing of a change is left in it."""
    with writing(engine) as connection:
        connection.execute(STATEMENT.values(reviewer="r1", counter=1))
    assert (tmp_path / "intake.db-wal").stat().st_size > 0

    forget_order(engine)

    assert (tmp_path / "intake.db-wal").stat().st_size == 0


def test_a_log_that_somebody_reads_stays_as_it_is(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is neither overwritten nor cut off, and what was written is there; the next change cuts it off."""
    overwritten: list[Path] = []
    monkeypatch.setattr(database, "_overwrite", overwritten.append)
    with writing(engine) as connection:
        connection.execute(STATEMENT.values(reviewer="r1", counter=1))
    with engine.connect() as reader:
        assert reader.scalar(select(COUNTERS.c.counter)) == 1
        forget_order(engine)
        assert overwritten == []
        assert (tmp_path / "intake.db-wal").stat().st_size > 0
        assert reader.scalar(select(COUNTERS.c.counter)) == 1

    forget_order(engine)

    assert overwritten == [tmp_path / "intake.db-wal"]
    assert (tmp_path / "intake.db-wal").stat().st_size == 0
