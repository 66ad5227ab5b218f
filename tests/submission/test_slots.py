"""Pieces lie in slots drawn at random, and what was in a slot before is gone."""

import errno
import os
from pathlib import Path

import pytest

from submission import slots as slots_module
from submission.errors import DiskError, FilesFullError, FullError
from submission.room import Bounds
from submission.slots import SPARE, STEP, Slots

SIZE = 128


def piece(number: int) -> bytes:
    """Return a piece that differs from others."""
    return bytes([number + 1]) * SIZE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the slots are."""
    return tmp_path / "slots"


def test_what_was_put_is_there(path: Path) -> None:
    """Each piece is found in its own slot, also after a start."""
    slots = Slots(path, SIZE, [])
    taken = {slots.put(piece(number)): number for number in range(100)}
    slots.sync()

    again = Slots(path, SIZE, taken)

    assert len(taken) == 100
    assert all(again.get(slot) == piece(number) for slot, number in taken.items())


def test_slots_say_nothing_about_the_order(path: Path) -> None:
    """Pieces that came one after the other lie anywhere, and always among many places that were free."""
    slots = Slots(path, SIZE, [])
    taken = [slots.put(piece(0)) for _ in range(200)]

    assert taken[:20] != sorted(taken[:20])
    assert max(taken[:STEP]) >= STEP // 2
    assert path.stat().st_size >= SIZE * 200 * SPARE // (SPARE - 1)


def test_what_is_cleared_is_overwritten_and_free(path: Path) -> None:
    """A slot that was cleared holds zeros until another piece lies in it."""
    slots = Slots(path, SIZE, [])
    taken = [slots.put(piece(1)) for _ in range(STEP - STEP // SPARE)]
    size = path.stat().st_size

    slots.clear(taken)

    assert not any(path.read_bytes())
    assert set(taken) & {slots.put(piece(2)) for _ in taken}
    assert path.stat().st_size == size


def test_a_start_overwrites_what_nobody_knows(path: Path) -> None:
    """What an upload that was cut off left in a slot is gone after the next start."""
    slots = Slots(path, SIZE, [])
    kept, left = slots.put(piece(1)), slots.put(piece(2))

    again = Slots(path, SIZE, [kept])

    assert (again.get(kept), again.get(left)) == (piece(1), bytes(SIZE))


def holes(path: Path) -> bool:
    """Tell whether some of a file was reserved and never written."""
    with path.open("rb") as file:
        return os.lseek(file.fileno(), 0, os.SEEK_HOLE) < path.stat().st_size


def test_no_slot_is_written_for_the_first_time_by_a_piece(path: Path) -> None:
    """All of the file is written when it grows: a journal notes with the time which places were first written when."""
    slots = Slots(path, SIZE * 512, [])

    for _ in range(2):
        slots.put(bytes([1]) * SIZE * 512)
        slots.sync()
        assert not holes(path)


def test_a_growth_that_was_cut_off_is_made_good(path: Path) -> None:
    """A start writes what a kill left reserved only, and the pieces stay."""
    slots = Slots(path, SIZE * 512, [])
    kept = slots.put(bytes([1]) * SIZE * 512)
    before = path.stat().st_size
    with path.open("r+b") as file:
        os.posix_fallocate(file.fileno(), before, before)
    assert holes(path)

    again = Slots(path, SIZE * 512, [kept])

    assert not holes(path)
    assert again.get(kept) == bytes([1]) * SIZE * 512


def test_a_full_disk_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While there are free slots they are used; then whoever sends is told that the disk is full."""
    slots = Slots(path, SIZE, [])
    slots.put(piece(0))

    def full(descriptor: int, start: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "posix_fallocate", full)
    for _ in range(STEP - 1):
        slots.put(piece(0))

    with pytest.raises(FullError):
        slots.put(piece(0))


def broken(*_arguments: object) -> int:
    """Fail as a disk does that breaks."""
    raise OSError(errno.EIO, "input/output error")


def test_a_disk_that_fails_is_said_and_takes_no_slot(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends is told; when the disk works again, every slot can be used."""
    slots = Slots(path, SIZE, [])
    slots.clear([slots.put(piece(0))])
    with monkeypatch.context() as failing:
        failing.setattr(os, "pwrite", broken)
        for _ in range(STEP):
            with pytest.raises(DiskError):
                slots.put(piece(0))

    assert len({slots.put(piece(1)) for _ in range(STEP)}) == STEP


def test_many_slots_are_read_in_the_order_asked_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are held in memory at a time, all are given out, whole and in that order."""
    monkeypatch.setattr(slots_module, "READ_AT_ONCE", 3 * SIZE)
    slots = Slots(path, SIZE, [])
    taken = [slots.put(piece(number)) for number in range(20)]

    read = list(slots.read(taken))

    assert [len(some) for some in read] == [3 * SIZE] * 6 + [2 * SIZE]
    assert b"".join(read) == b"".join(piece(number) for number in range(20))
    assert list(slots.read([])) == []


def test_what_cannot_be_read_is_zeros(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was cleared, lies behind the end of a file that was cut, or on a bad place of the disk, has its size."""
    slots = Slots(path, SIZE, [])
    taken = [slots.put(piece(number)) for number in range(3)]
    slots.clear(taken[1:2])
    os.truncate(path, (max(taken) + 1) * SIZE - 1)

    (read,) = slots.read(taken)
    whole = [read[start : start + SIZE] for start in range(0, len(read), SIZE)]
    assert whole == [
        bytes(SIZE) if number == 1 or taken[number] == max(taken) else piece(number) for number in range(3)
    ]
    monkeypatch.setattr(os, "preadv", broken)
    assert list(slots.read(taken)) == [bytes(3 * SIZE)]


def test_what_may_not_last_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that does not make pieces durable is not taken for one that does."""
    slots = Slots(path, SIZE, [])
    slots.put(piece(0))
    monkeypatch.setattr(os, "fsync", broken)

    with pytest.raises(DiskError):
        slots.sync()


def test_what_cannot_be_cleared_now_is_cleared_by_the_next_start(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slot that a failing disk did not let go is given to nobody until it was."""
    slots = Slots(path, SIZE, [])
    left = slots.put(piece(1))
    with monkeypatch.context() as failing:
        failing.setattr(os, "pwrite", broken)
        slots.clear([left])

    assert left not in {slots.put(piece(2)) for _ in range(2 * STEP)}
    Slots(path, SIZE, [])
    assert not any(path.read_bytes())


def test_nothing_new_lies_where_a_lost_piece_lay(path: Path) -> None:
    """When a file was lost, its slots are given out only after what lay there was deleted."""
    lost = {0, 3, STEP - 1}
    slots = Slots(path, SIZE, lost)

    assert not {slots.put(piece(1)) for _ in range(2 * STEP)} & lost
    slots.clear(lost)

    assert lost <= set(slots._free)


def test_a_file_of_which_all_was_lost_grows_until_there_is_room(path: Path) -> None:
    """A growth that only brings back lost slots is not enough."""
    slots = Slots(path, SIZE, range(STEP))

    assert slots.put(piece(1)) >= STEP


def test_a_lost_piece_that_is_deleted_before_the_file_has_grown_gives_its_slot_once(path: Path) -> None:
    """Its slot comes with the growth, and not a second time."""
    slots = Slots(path, SIZE, {1})
    slots.clear([1])

    taken = [slots.put(piece(1)) for _ in range(2 * STEP)]
    assert len(set(taken)) == len(taken)


def test_no_shelf_takes_more_than_its_share(path: Path) -> None:
    """Beyond the bytes that its bounds name, a shelf refuses pieces although slots are free."""
    slots = Slots(path, SIZE, [], Bounds(most=2 * SIZE, error=FilesFullError))
    taken = [slots.put(piece(0)), slots.put(piece(1))]
    assert slots.room(Bounds(most=3 * SIZE)) == SIZE

    with pytest.raises(FilesFullError):
        slots.put(piece(2))
    slots.clear(taken[:1])
    slots.put(piece(2))


def test_a_piece_of_another_size_is_a_fault(path: Path) -> None:
    """It would lie in its neighbour's place."""
    with pytest.raises(AssertionError):
        Slots(path, SIZE, []).put(b"short")


def test_only_the_owner_reads_them(path: Path) -> None:
    """The file is closed to other users."""
    Slots(path, SIZE, []).put(piece(0))

    assert path.stat().st_mode & 0o777 == 0o600
