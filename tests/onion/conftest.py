"""One private network, one organisation, one browser at each level, for all tests here.

Outside of a network of its own nothing here is collected: `python -m tests.onion` makes one and runs these tests in it,
and tests/test_onion.py does that in the gate.
"""

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.processes import Processes
from tests.interop.packages import FOLDER
from tests.interop.typage import Typage
from tests.onion.firefox import Firefox, firefox
from tests.onion.network import Network
from tests.onion.place import Place, establish
from tests.onion.stored import Stored, waiting
from tests.onion.torbrowser import Level, preferences
from tests.onion.within import INSIDE, PICTURES

collect_ignore_glob = [] if INSIDE in os.environ else ["test_*.py"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put last what waits for an app that goes its own way: by then it has mostly come."""
    items.sort(key=lambda item: item.path.name == "test_visits.py")


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder with a short name, as the names of unix sockets must be."""
    assert [name for _, name in socket.if_nameindex()] == ["lo"], "run `python -m tests.onion`"
    with tempfile.TemporaryDirectory(prefix="onion-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@pytest.fixture(scope="session")
def place(folder: Path) -> Iterator[Place]:
    """The organisation with its two onions, open for tips."""
    (folder / "net").mkdir(mode=0o700)
    (folder / "org").mkdir(mode=0o700)
    network = Network(folder / "net")
    with Processes() as processes:
        try:
            made = establish(folder / "org", network, processes)
            yield made
            made.figures["memory of all tors, MiB"] = network.memory / 1024
            told = "".join(f"{what}: {figure:.1f}\n" for what, figure in made.figures.items())
            (Path(os.environ[PICTURES]) / "figures.txt").write_text(told, "utf-8")
        finally:
            network.end()


@pytest.fixture(scope="session", params=list(Level), ids=lambda level: level.value)
def level(request: pytest.FixtureRequest) -> Level:
    """Each of Tor Browser's security levels."""
    assert isinstance(request.param, Level)
    return request.param


@pytest.fixture(scope="session")
def browser(place: Place, level: Level, folder: Path) -> Iterator[Firefox]:
    """A browser that was started for a level, with a circuit of its own."""
    with place.source.control() as control:
        control.ask("SIGNAL NEWNYM")
    pictures = Path(os.environ[PICTURES])
    profile = Path(tempfile.mkdtemp(prefix="profile-", dir=folder))
    with firefox(profile / "profile", preferences(level, place.source.socks_port), pictures, level.value) as opened:
        yield opened


@pytest.fixture(scope="module")
def stored(
    place: Place, tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], str]
) -> Iterator[Stored]:
    """The intake's disk, and every reviewer's key; one of them is away, so all that comes stays there."""
    typage = Typage(require_tool("node"), FOLDER / "node_modules")
    with waiting(place, tmp_path_factory.mktemp("stored"), typage) as made:
        yield made
