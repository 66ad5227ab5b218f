"""Files and pipes of a command line: read by blocks, written whole or not at all, and how far it is on a terminal."""

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, Final, TextIO, cast

STANDARD: Final = "-"
"""Stands for standard input or output in place of a name."""

READ_SIZE: Final = 1 << 20  # bytes
LARGE: Final = 64  # MiB; what is smaller is done before anybody asks how far it is
SHOW_EVERY: Final = 16  # MiB


@contextlib.contextmanager
def reading(name: str) -> Iterator[BufferedIOBase]:
    """Open a file, or standard input.

    Raises:
        OSError: it cannot be read.
    """
    if name == STANDARD:
        # What Python opens as standard input is a buffered reader, which the type of `sys.stdin` does not tell.
        yield cast("BufferedIOBase", sys.stdin.buffer)
    else:
        with Path(name).open("rb") as file:
            yield file


@contextlib.contextmanager
def writing(name: str) -> Iterator[BinaryIO]:
    """Open a file that takes its name only when all went well, so that a failure leaves nothing to be taken for whole.

    What goes to standard output, or to a pipe or device that has a name, is gone at once.

    Raises:
        OSError: it cannot be written.
    """
    if name == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(name)
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            yield file
        return
    unfinished = target.with_name(f".{secrets.token_hex(8)}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def blocks_of(source: BufferedIOBase) -> Iterator[Iterator[memoryview]]:
    """Read a file block by block, each valid until the next is asked for; show on a terminal how far it is.

    Raises:
        OSError: it cannot be read.
    """
    size = _size(source)
    progress = _Progress(sys.stderr, size)
    try:
        yield _blocks(source, progress) if size is None or size < LARGE << 20 else _blocks_ahead(source, progress)
    finally:
        progress.clear()


def _blocks(source: BufferedIOBase, progress: "_Progress") -> Iterator[memoryview]:
    # One piece of memory again and again: fresh pages for each block cost more than the cipher.
    memory = memoryview(bytearray(READ_SIZE))
    while size := source.readinto(memory):
        yield memory[:size]
        progress.add(size)


def _blocks_ahead(source: BufferedIOBase, progress: "_Progress") -> Iterator[memoryview]:
    # The next block is read while this one is worked on. Of a file only: a pipe may keep its reader waiting for ever.
    memory, other = memoryview(bytearray(READ_SIZE)), memoryview(bytearray(READ_SIZE))
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(source.readinto, memory)
        while size := coming.result():
            coming = reader.submit(source.readinto, other)
            yield memory[:size]
            memory, other = other, memory
            progress.add(size)


class _Progress:
    """One line on a terminal, written over again; nothing anywhere else."""

    def __init__(self, stream: TextIO, size: int | None) -> None:
        self._stream = stream
        self._size = size
        small = size is not None and size < LARGE << 20
        self._wanted = not small and stream.isatty()
        self._done = 0
        self._shown = 0  # MiB

    def add(self, size: int) -> None:
        self._done += size
        done = self._done >> 20
        if not self._wanted or done < max(LARGE >> 1, self._shown + SHOW_EVERY):
            return
        self._shown = done
        share = f"{min(100, self._done * 100 // self._size)} % of {self._size >> 20:,}" if self._size else f"{done:,}"
        self._stream.write(f"\rlapwing: {share} MiB")
        self._stream.flush()

    def clear(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _size(source: BufferedIOBase) -> int | None:
    """The bytes of a regular file; None for a pipe, which does not tell."""
    try:
        status = os.fstat(source.fileno())
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
