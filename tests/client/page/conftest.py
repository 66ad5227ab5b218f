"""What the tests of the page's script ask for: an intake, a browser, and a source at the tip form."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.client.page.source import Source, browser, visit
from tests.submission.live import LiveIntake, served


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveIntake]:
    """One intake for the tests of a module."""
    with served(LiveIntake(tmp_path_factory.mktemp("page"))) as intake:
        yield intake


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a module."""
    with browser() as started:
        yield started


@pytest.fixture
def source(intake: LiveIntake, chromium: Browser) -> Iterator[Source]:
    """A source at the tip form."""
    with visit(chromium, intake.port) as source:
        source.open("/tip")
        yield source
