"""A device is written to as it is, and how far a command is shows on a terminal, for large files, and nowhere else."""

import errno
import io
import os
import sys
import time
from pathlib import Path
from typing import Any

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


def test_a_large_file_that_is_read_ahead_comes_in_order(tmp_path: Path) -> None:
    """Every block is the next one, also the short one at the end, while whoever asked for it still holds it."""
    path = tmp_path / "numbered"
    with path.open("wb") as file:
        for number in range(LARGE):
            file.write(number.to_bytes(4, "big") * (MIB // 4))
        file.write(b"end")
    with reading(str(path)) as source, blocks_of(source) as blocks:
        found = []
        for block in blocks:
            time.sleep(0.002)
            found.append((len(block), block[:4].tobytes(), block[-4:].tobytes()))

    expected = [(MIB, number.to_bytes(4, "big"), number.to_bytes(4, "big")) for number in range(LARGE)]
    assert found == [*expected, (3, b"end", b"end")]


class Broken(io.BytesIO):
    """A large file on a disk that fails after the first block."""

    def fileno(self) -> int:
        """It looks like the large file that it stands for."""
        return self.descriptor

    descriptor = -1
    blocks = 0

    def readinto(self, buffer: Any) -> int:
        """Give one block, then fail."""
        self.blocks += 1
        if self.blocks > 1:
            raise OSError(errno.EIO, "broken")
        return memoryview(buffer).nbytes


def test_a_large_file_that_cannot_be_read_on_says_so(large: Path) -> None:
    """What fails while it is read ahead reaches whoever asks for the block."""
    broken = Broken()
    with large.open("rb") as file:
        broken.descriptor = file.fileno()
        with blocks_of(broken) as blocks:
            assert len(next(blocks)) == READ_SIZE
            with pytest.raises(OSError, match="broken"):
                next(blocks)


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
