"""The bounds of the process: what it may leave behind, open, and keep of the memory that it used."""

import ctypes
import fcntl
import os
import resource
from pathlib import Path
from typing import Final

from submission.errors import ConfigError

M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
M_ARENA_MAX: Final = -8
"""Names and values of mallopt(3), glibc."""

LOCK_NAME: Final = "lock"
MOST_FILES: Final = 4_096
"""Files and connections open at once, where the system allows it."""
OWN_FILES: Final = 128
"""Those of them that are not visitors'."""
MOST_VISITORS: Final = 1_000


def leave_no_core() -> None:
    """Let a crash write no image of the memory, which could hold a story or a codename, to a disk."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def hold(state: Path, *, wait: bool) -> int:
    """Make this process the only one that uses a state folder: two would give out the same slots.

    Args:
        state: the folder.
        wait: whether to wait for the process that has it.

    Returns:
        A file descriptor; whoever closes it, or ends, lets go.

    Raises:
        ConfigError: another process has it.
    """
    descriptor = os.open(state / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        raise ConfigError(f"{state} is being served already; end that process first") from None
    return descriptor


def room_for_visitors() -> int:
    """Raise the limit of open files as far as allowed; return how many connections fit, 1,000 at most.

    One more than fit would end the server: it could not accept a connection that the system tells it to.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(1, min(MOST_VISITORS, most - OWN_FILES))


def bound_allocator() -> None:
    """Tell glibc's allocator to keep few arenas and return large blocks at once; another C library is left alone.

    A derivation takes 19 MiB for some milliseconds, which the allocator would hold for each thread.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:
        return
    mallopt(M_ARENA_MAX, 2)
    mallopt(M_MMAP_THRESHOLD, 8 * 1024**2)
    mallopt(M_TRIM_THRESHOLD, 8 * 1024**2)
