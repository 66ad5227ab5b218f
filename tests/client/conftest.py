"""Node, the client's tests and its core, built once for all."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.node import FOLDER, Core, install, run


@pytest.fixture(scope="session")
def node(require_tool: Callable[[str], str]) -> str:
    """The path of node; the client's packages are installed."""
    return install(require_tool)


@pytest.fixture(scope="session")
def bundles(node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the driver and every node test, each as one file."""
    folder = tmp_path_factory.mktemp("bundles")
    run(node, FOLDER / "bundle.mjs", folder)
    return folder


@pytest.fixture(scope="session")
def core(node: str, bundles: Path) -> Iterator[Core]:
    """The client's core, ready to be asked."""
    with Core((node, "--enable-source-maps", str(bundles / "driver.mjs"))) as running:
        yield running
