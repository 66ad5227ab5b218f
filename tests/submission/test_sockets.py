"""The sockets for tor: for owner and group alone, replaced when stale, never taken from one who serves."""

import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from submission.errors import ConfigError
from submission.sockets import LONGEST_PATH, NAMES, listener_of, open_sockets


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """What is closed after a test."""
    with ExitStack() as stack:
        yield stack


def listen(folder: Path, opened: ExitStack) -> list[socket.socket]:
    """Open both sockets until the end of the test."""
    return [opened.enter_context(listener) for listener in open_sockets(folder)]


def test_both_sockets_are_made_for_owner_and_group(tmp_path: Path, opened: ExitStack) -> None:
    """Others than the owner and the group may not connect."""
    listeners = listen(tmp_path, opened)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o660}
    assert [listener_of(listener.getsockname()) for listener in listeners] == ["visitors", "reviewers"]


def test_a_port_serves_both() -> None:
    """A TCP port is for visitors and reviewers."""
    assert listener_of(("127.0.0.1", 8080)) == "both"


def test_stale_sockets_are_replaced(tmp_path: Path, opened: ExitStack) -> None:
    """What a killed intake left is in nobody's way."""
    for listener in open_sockets(tmp_path):
        listener.close()

    listen(tmp_path, opened)

    with socket.socket(socket.AF_UNIX) as visitor:
        visitor.connect(str(tmp_path / "visitors.sock"))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_socket_in_use_is_left_alone(tmp_path: Path, opened: ExitStack, name: str) -> None:
    """While somebody listens on either, nothing is changed and the socket named."""
    other = opened.enter_context(socket.socket(socket.AF_UNIX))
    other.bind(str(tmp_path / name))
    other.listen()

    with pytest.raises(ConfigError, match=f"serves .*{name} already"):
        open_sockets(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    """A file under a socket's name is not deleted."""
    (tmp_path / "reviewers.sock").write_text("words")

    with pytest.raises(ConfigError, match=r"reviewers\.sock is in the way"):
        open_sockets(tmp_path)
    assert (tmp_path / "reviewers.sock").read_text() == "words"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The folder is made by whoever decides who may enter it, not by the intake."""
    with pytest.raises(ConfigError, match="there is no folder"):
        open_sockets(tmp_path / "onion")


def test_a_path_too_long_for_the_system_is_told(tmp_path: Path) -> None:
    """A path that no socket can have is named before anything is made."""
    folder = tmp_path / ("x" * LONGEST_PATH)
    folder.mkdir()

    with pytest.raises(ConfigError, match="too long"):
        open_sockets(folder)
