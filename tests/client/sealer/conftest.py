"""One organisation and one browser at a time. Outside of a network of its own nothing here is collected."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.sealer.browsers import Browser, Chromium, start
from tests.client.sealer.office import Office
from tests.client.sealer.watchman import Watchman
from tests.client.sealer.within import INSIDE, PICTURES

collect_ignore_glob = [] if INSIDE in os.environ else ["test_*.py"]


@pytest.fixture(scope="session")
def watchman() -> Iterator[Watchman]:
    """The only way out of the browsers."""
    assert [name for _, name in socket.if_nameindex()] == ["lo"], "run `python -m tests.client.sealer`"
    with Watchman() as made:
        yield made


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def browser(
    request: pytest.FixtureRequest, watchman: Watchman, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Each browser; a test that is about another one names it itself."""
    folder = tmp_path_factory.mktemp("browser")
    with start(str(request.param), watchman.port, Path(os.environ[PICTURES]), folder) as made:
        yield made


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An organisation, and a folder into which a source has downloaded its files."""
    return Office(tmp_path)


@pytest.fixture(autouse=True)
def nobody_asked(watchman: Watchman, browser: Browser) -> Iterator[None]:
    """Whatever a test does, the browser asks no network for anything."""
    asked = browser.asked if isinstance(browser, Chromium) else []
    watchman.tries.clear()
    asked.clear()
    yield
    assert watchman.tries == []
    assert {address.partition(":")[0] for address in asked} <= {"file", "blob"}
