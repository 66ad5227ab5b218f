"""Slots: where sealed pieces lie, so that no disk tells when each came, in which order, or with which others.

A file for each piece would tell all of it: file systems note to the nanosecond when a file was made and renamed, and
number files in the order in which they are made. So all pieces of one size lie in one file, each in a slot drawn at
random from those that are free. All that the file system notes is when anything was last written at all.
"""

import os
import secrets
import weakref
from collections.abc import Collection, Iterable
from pathlib import Path
from threading import Lock
from typing import Final

from submission.errors import FullError

STEP: Final = 32
"""Slots that a file grows by at least. It grows early and by a half, so that there are always many to draw from."""
SPARE: Final = 8
"""One slot in so many, at least, is free before a slot is drawn, where the disk has room."""
FRONT: Final = 64
"""Bytes that tell whether a slot is empty: sealed pieces do not begin with so many zeros."""


class Slots:
    """The slots of one file. One process alone may use it (`submission.process.hold`).

    Args:
        path: the file; made when it is not there.
        size: bytes of a slot, and of every piece in it.
        taken: slots that hold a piece. What any other holds was left by a kill, and is overwritten.
    """

    def __init__(self, path: Path, size: int, taken: Collection[int]) -> None:
        self._size = size
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        weakref.finalize(self, os.close, self._descriptor)
        self._lock = Lock()
        self._count = os.fstat(self._descriptor).st_size // size
        self._free: list[int] = []
        known = frozenset(taken)
        self.clear(slot for slot in range(self._count) if slot not in known)

    def put(self, sealed: bytes) -> int:
        """Write a piece into a free slot and return which; it lasts after `sync`.

        Raises:
            FullError: the disk is full.
        """
        if len(sealed) != self._size:
            raise AssertionError("a piece of another size than the slots have")
        slot = self._draw()
        self._write(slot, sealed)
        return slot

    def get(self, slot: int) -> bytes:
        """Return what is in a slot. If it was cleared meanwhile, that is something else: compare its hash."""
        return os.pread(self._descriptor, self._size, slot * self._size)

    def sync(self) -> None:
        """Make what was written durable."""
        os.fsync(self._descriptor)

    def clear(self, slots: Iterable[int]) -> None:
        """Overwrite slots with zeros, then let others have them."""
        zeros = bytes(self._size)
        for slot in slots:
            if any(os.pread(self._descriptor, FRONT, slot * self._size)):
                self._write(slot, zeros)
            with self._lock:
                self._free.append(slot)

    def _draw(self) -> int:
        with self._lock:
            if len(self._free) <= self._count // SPARE:
                self._grow()
            chosen = secrets.randbelow(len(self._free))
            self._free[chosen], self._free[-1] = self._free[-1], self._free[chosen]
            return self._free.pop()

    def _grow(self) -> None:
        more = max(STEP, self._count // 2)
        try:
            # Reserved as a whole, or the places on the disk would follow the order of arrival.
            os.posix_fallocate(self._descriptor, self._count * self._size, more * self._size)
        except OSError:
            if not self._free:
                raise FullError("the disk is full") from None
            return
        self._free += range(self._count, self._count + more)
        self._count += more

    def _write(self, slot: int, data: bytes) -> None:
        view, place = memoryview(data), slot * self._size
        while view:
            written = os.pwrite(self._descriptor, view, place)
            view, place = view[written:], place + written
