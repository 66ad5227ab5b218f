"""Give memory back: a derivation takes 19 MiB for some milliseconds, which the allocator would hold for each thread."""

import ctypes
from typing import Final

M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
M_ARENA_MAX: Final = -8
"""Names and values of mallopt(3), glibc."""


def bound_allocator() -> None:
    """Tell glibc's allocator to keep few arenas and return large blocks at once; another C library is left alone."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:
        return
    mallopt(M_ARENA_MAX, 2)
    mallopt(M_MMAP_THRESHOLD, 8 * 1024**2)
    mallopt(M_TRIM_THRESHOLD, 8 * 1024**2)
