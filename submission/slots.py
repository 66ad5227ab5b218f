"""Slots: where sealed pieces lie, so that no disk tells when each came, in which order, or with which others.

A file for each piece would tell all of it: file systems note to the nanosecond when a file was made and renamed, and
number files in the order in which they are made. So all pieces of one size lie in one file, each in a slot drawn at
random from those that are free. All that the file system notes is when anything was last written at all.
"""

import os
import secrets
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from submission.errors import DiskError
from submission.room import Bounds

STEP: Final = 32
"""Slots that a file grows by at least. It grows early and by a half, so that there are always many to draw from."""
SPARE: Final = 8
"""One slot in so many, at least, is free before a slot is drawn, where the disk has room."""
MOST_GROWTH: Final = 1024**3
"""Bytes by which a file grows at most: about a second, for which all wait who have something to write."""
FRONT: Final = 64
"""Bytes that tell whether a slot is empty: sealed pieces do not begin with so many zeros."""

READ_AT_ONCE: Final = 262_144
"""Bytes that a reader of many slots holds in memory at a time."""

NO_BOUNDS: Final = Bounds()


class Slots:
    """The slots of one file. One process alone may use it (`submission.process.hold`).

    Args:
        path: the file; made when it is not there.
        size: bytes of a slot, and of every piece in it.
        taken: slots that hold a piece. What any other holds was left by a kill, and is overwritten.
        bounds: how much of the disk it may take.
    """

    def __init__(self, path: Path, size: int, taken: Collection[int], bounds: Bounds = NO_BOUNDS) -> None:
        self._size = size
        self._bounds = bounds
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        weakref.finalize(self, os.close, self._descriptor)
        self._lock = Lock()
        self._count = os.fstat(self._descriptor).st_size // size
        self._free: list[int] = []
        known = frozenset(taken)
        # Where a file was lost or cut, and a new piece must not lie: what is deleted there later would be the new one.
        self._lost = {slot for slot in known if slot >= self._count}
        free = [slot for slot in range(self._count) if slot not in known]
        if self._count and os.lseek(self._descriptor, 0, os.SEEK_HOLE) < self._count * size:
            # A growth was cut off.
            self._fill(free)
        self.clear(free)

    def put(self, sealed: bytes) -> int:
        """Write a piece into a free slot and return which; it lasts after `sync`.

        Raises:
            FullError: the disk is full, or the bounds are reached; the class that the bounds name.
            DiskError: the disk fails.
        """
        if len(sealed) != self._size:
            raise AssertionError("a piece of another size than the slots have")
        slot = self._draw()
        try:
            self._write(slot, sealed)
        except OSError as error:
            self.clear([slot])
            raise DiskError("a piece could not be written; look at the disk") from error
        return slot

    def get(self, slot: int) -> bytes:
        """Return what is in a slot. If it was cleared meanwhile, that is something else: compare its hash."""
        return os.pread(self._descriptor, self._size, slot * self._size)

    def read(self, slots: Sequence[int]) -> Iterator[bytes]:
        """Yield what is in slots, one after the other, up to `READ_AT_ONCE` bytes at a time.

        What was cleared meanwhile, or what the disk does not give, is zeros; what is there now may be another piece.
        """
        most = max(1, READ_AT_ONCE // self._size)
        # The same memory again and again, and few calls of the system: each of them lets other threads go first.
        memory = memoryview(bytearray(most * self._size))
        for start in range(0, len(slots), most):
            chosen = slots[start : start + most]
            for place, slot in enumerate(chosen):
                self._read_into(memory[place * self._size : (place + 1) * self._size], slot)
            yield bytes(memory[: len(chosen) * self._size])

    def _read_into(self, memory: memoryview, slot: int) -> None:
        try:
            size = os.preadv(self._descriptor, (memory,), slot * self._size)
        except OSError:
            size = 0
        if size != self._size:
            memory[:] = bytes(self._size)

    def sync(self) -> None:
        """Make what was written durable.

        Raises:
            DiskError: the disk fails.
        """
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise DiskError("pieces could not be made durable; look at the disk") from error

    def room(self, bounds: Bounds) -> int:
        """Return how many bytes of pieces still fit within these bounds, were the free slots free disk again."""
        with self._lock:
            free, count = len(self._free), self._count
        more = bounds.most - (count - free) * self._size
        return max(0, min(more, free * self._size + self._disk_free() - bounds.keep_free))

    @property
    def is_full(self) -> bool:
        """Whether there is neither a free slot nor room for another."""
        return not self._free and self._growth() < self._size

    def clear(self, slots: Iterable[int]) -> None:
        """Overwrite slots with zeros, then let others have them; with a failing disk the next start does it."""
        zeros = bytes(self._size)
        for slot in slots:
            try:
                if any(os.pread(self._descriptor, FRONT, slot * self._size)):
                    self._write(slot, zeros)
            except OSError:
                continue
            with self._lock:
                self._lost.discard(slot)
                if slot < self._count:
                    self._free.append(slot)

    def _draw(self) -> int:
        with self._lock:
            if (self._count - len(self._free) + 1) * self._size > self._bounds.most:
                raise self._bounds.error("as many pieces wait as may")
            if len(self._free) <= self._count // SPARE:
                self._grow()
            while not self._free:  # all that it grew by was lost before
                self._grow()
            chosen = secrets.randbelow(len(self._free))
            self._free[chosen], self._free[-1] = self._free[-1], self._free[chosen]
            return self._free.pop()

    def _disk_free(self) -> int:
        disk = os.fstatvfs(self._descriptor)
        return disk.f_bavail * disk.f_frsize

    def _growth(self) -> int:
        """Return how many bytes the file may grow by."""
        return max(0, self._disk_free() - self._bounds.keep_free)

    def _grow(self) -> None:
        more = min(max(STEP, self._count // 2), MOST_GROWTH // self._size, self._growth() // self._size)
        try:
            if more:
                # Reserved as a whole, or the places on the disk would follow the order of arrival; and written as a
                # whole, or the file system would note in its journal, with the time, which were first written together.
                os.posix_fallocate(self._descriptor, self._count * self._size, more * self._size)
                self._fill(range(self._count, self._count + more))
        except OSError:
            more = 0
        if not more and not self._free:
            raise self._bounds.error("the disk is full")
        self._free += [slot for slot in range(self._count, self._count + more) if slot not in self._lost]
        self._count += more

    def _fill(self, slots: Iterable[int]) -> None:
        zeros = bytes(self._size)
        for slot in slots:
            self._write(slot, zeros)

    def _write(self, slot: int, data: bytes) -> None:
        view, place = memoryview(data), slot * self._size
        while view:
            written = os.pwrite(self._descriptor, view, place)
            view, place = view[written:], place + written
