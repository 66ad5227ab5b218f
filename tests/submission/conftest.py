"""What the tests of the intake ask for: an organisation, an intake in a folder, and reviewers' apps."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from submission.app import create_app
from submission.config import Config
from submission.setup import init
from tests.submission.live import LiveIntake
from tests.submission.reviewers import ReviewerApp
from tests.submission.tor import Tor
from tests.wire.organisation import TODAY, Organisation


class Clock:
    """A date that a test may change."""

    def __init__(self) -> None:
        self.today = TODAY

    def __call__(self) -> date:
        """Return the date."""
        return self.today


@pytest.fixture(scope="session")
def shared_organisation() -> Organisation:
    """One organisation of three reviewers; nothing in a test changes it."""
    return Organisation()


@pytest.fixture
def organisation(shared_organisation: Organisation) -> Organisation:
    """The organisation behind the intake."""
    return shared_organisation


@pytest.fixture
def clock() -> Clock:
    """The intake's clock."""
    return Clock()


@pytest.fixture
def config(tmp_path: Path, organisation: Organisation, clock: Clock) -> Config:
    """The settings of a small intake whose folder was made."""
    config = Config(
        tmp_path / "state", bytes(organisation.root.verify_key), max_upload=8 * 1024**2, today=clock, mailbox_step=0
    )
    init(config, organisation.roster_envelope.encode())
    return config


@pytest.fixture
def closed_app(config: Config) -> Flask:
    """An intake without a key sheet."""
    return create_app(config)


@pytest.fixture
def reviewers(closed_app: Flask, organisation: Organisation) -> dict[str, ReviewerApp]:
    """The reviewers' apps, by id, before they made a key sheet."""
    return {one: ReviewerApp(organisation, one, closed_app.test_client()) for one in organisation.ids}


@pytest.fixture
def app(closed_app: Flask, reviewers: dict[str, ReviewerApp]) -> Flask:
    """An intake with a key sheet in force."""
    for reviewer in reviewers.values():
        reviewer.post_period_key()
    for reviewer in list(reviewers.values())[:2]:
        reviewer.post_sheet()
    return closed_app


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A visitor."""
    with app.test_client() as client:
        yield client


@pytest.fixture
def tor(live: LiveIntake) -> Tor:
    """Tor in front of the one intake of a module."""
    assert live.tor is not None
    return live.tor
