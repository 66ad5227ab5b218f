"""The bounds of the process are set where the system allows it, and nowhere else."""

import ctypes
import os
import resource
from pathlib import Path

import pytest

from submission.errors import ConfigError
from submission.process import (
    MOST_FILES,
    MOST_VISITORS,
    OWN_FILES,
    bound_allocator,
    hold,
    leave_no_core,
    room_for_visitors,
)


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """The system's limits, as a table that stands in for the real one."""
    table = {resource.RLIMIT_NOFILE: (1_024, 524_288), resource.RLIMIT_CORE: (resource.RLIM_INFINITY,) * 2}
    monkeypatch.setattr(resource, "getrlimit", table.__getitem__)
    monkeypatch.setattr(resource, "setrlimit", table.__setitem__)
    return table


def test_a_crash_leaves_no_image_of_the_memory(limits: dict[int, tuple[int, int]]) -> None:
    """The size of a core file is set to nothing."""
    leave_no_core()

    assert limits[resource.RLIMIT_CORE] == (0, resource.RLIM_INFINITY)


@pytest.mark.parametrize(
    ("before", "visitors", "after"),
    [
        ((1_024, 524_288), MOST_VISITORS, (MOST_FILES, 524_288)),
        ((1_024, resource.RLIM_INFINITY), MOST_VISITORS, (MOST_FILES, resource.RLIM_INFINITY)),
        ((256, 512), 512 - OWN_FILES, (512, 512)),
        ((64, 64), 1, (64, 64)),
        ((10_000, 20_000), MOST_VISITORS, (10_000, 20_000)),
        ((resource.RLIM_INFINITY,) * 2, MOST_VISITORS, (resource.RLIM_INFINITY,) * 2),
    ],
)
def test_no_more_visitors_than_the_system_has_files_for(
    limits: dict[int, tuple[int, int]], before: tuple[int, int], visitors: int, after: tuple[int, int]
) -> None:
    """The limit of open files is raised as far as allowed, and visitors never need more than it gives."""
    limits[resource.RLIMIT_NOFILE] = before

    assert room_for_visitors() == visitors
    assert limits[resource.RLIMIT_NOFILE] == after


def test_memory_is_given_back_where_the_library_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is glibc its allocator is bounded; another library is left alone."""
    asked: list[tuple[int, int]] = []

    class Library:
        def mallopt(self, name: int, value: int) -> int:
            asked.append((name, value))
            return 1

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Library())
    bound_allocator()
    assert dict(asked) == {-8: 2, -3: 8 * 1024**2, -1: 8 * 1024**2}

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    bound_allocator()


def test_one_process_alone_uses_a_folder(tmp_path: Path) -> None:
    """Who comes second is told; when the first lets go, the next may have it, and may also wait for it."""
    first = hold(tmp_path, wait=False)
    with pytest.raises(ConfigError, match="served already"):
        hold(tmp_path, wait=False)
    os.close(first)

    os.close(hold(tmp_path, wait=True))
    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
