"""A device is written to as it is, and how far a command is shows on a terminal, for large files, and nowhere else."""

import io
import os
import sys
from pathlib import Path

import pytest

from deploy.streams import LARGE, READ_SIZE, blocks_of, reading, writing

MIB = 1 << 20


class Terminal(io.StringIO):
    """Stands for standard error on a terminal."""

    def isatty(self) -> bool:
        """Somebody is looking."""
        return True


class Pipe(io.RawIOBase):
    """Gives a number of zero bytes and does not tell how many."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the base is typed with a protocol that has no name
        """Fill what is given."""
        size = min(self.left, len(buffer))
        buffer[:size] = bytes(size)
        self.left -= size
        return size


def read_all(source: io.BufferedIOBase) -> int:
    """Read to the end; return the bytes."""
    with blocks_of(source) as blocks:
        return sum(len(block) for block in blocks)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file without content that is just large enough."""
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(LARGE * MIB)
    return path


def test_a_large_file_shows_how_far_it_is(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The share grows on one line, which is gone at the end."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    with reading(str(large)) as source:
        assert read_all(source) == LARGE * MIB

    shown = terminal.getvalue().split("\r")
    assert shown[1:] == [f"lapwing: {share} % of 64 MiB" for share in (50, 75, 100)] + ["\x1b[K"]


def test_a_pipe_shows_how_much_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody knows the end, the amount is shown."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    assert read_all(io.BufferedReader(Pipe(LARGE * MIB), READ_SIZE)) == LARGE * MIB

    assert "\rlapwing: 48 MiB\r" in terminal.getvalue()


def test_the_line_is_gone_after_a_failure_too(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message does not run into the line."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    def fail_late() -> None:
        with reading(str(large)) as source, blocks_of(source) as blocks:
            for _, _ in zip(range(LARGE - 8), blocks, strict=False):
                pass
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_late()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_small_file_shows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done in a moment is not talked about."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    path = tmp_path / "small"
    with path.open("wb") as file:
        file.truncate(LARGE * MIB - 1)

    with reading(str(path)) as source:
        read_all(source)

    assert terminal.getvalue() == ""


def test_nothing_shows_where_nobody_looks(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard error that goes to a file stays empty."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)

    with reading(str(large)) as source:
        read_all(source)

    assert written.getvalue() == ""


def test_a_pipe_that_has_a_name_stays_a_pipe(tmp_path: Path) -> None:
    """What is no regular file is written into, not put away for one."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    with writing(str(path)) as sink:
        sink.write(b"parrots")

    assert os.read(reader, 100) == b"parrots"
    os.close(reader)
    assert path.is_fifo()
    assert [one.name for one in tmp_path.iterdir()] == ["pipe"]
