"""What the intake does by itself."""

from datetime import timedelta
from threading import Event

import pytest

from submission.app import create_app
from submission.chores import CHORES, keep_doing
from submission.config import Config
from submission.database import open_database
from submission.faults import tell
from submission.store import Store
from tests.submission.conftest import Clock
from tests.submission.disk import all_pieces
from tests.submission.test_store import keep


def test_what_is_too_old_goes_although_nobody_comes(config: Config, clock: Clock) -> None:
    """Week after week passes without a visit, and an old letter is gone."""
    keep(Store(config, open_database(config.state)))
    chores = create_app(config).extensions[CHORES]
    for _ in range(config.retention_weeks + 1):
        assert len(all_pieces(config.state)) == 1
        clock.today += timedelta(weeks=1)
        for chore in chores:
            chore()

    assert all_pieces(config.state) == []


def test_a_chore_that_fails_is_told_and_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    """A fault ends neither the chore nor the others, and says nothing but its kind and place."""
    done, fails = Event(), []

    def fail() -> None:
        fails.append(1)
        raise RuntimeError("markerofasource")

    def look() -> None:
        if len(fails) > 1:
            done.set()

    end = keep_doing([fail, look], seconds=0.05)
    assert done.wait(10)
    end.set()

    told = capsys.readouterr().err
    assert told.startswith("lapwing intake: fault RuntimeError at test_chores.py:")
    assert "marker" not in told


def test_no_fault_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Python may say that something ended without saying by what."""
    tell(None)

    assert capsys.readouterr().err == ""
