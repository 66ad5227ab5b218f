"""What a visitor sent does not stay in memory for longer than it is needed.

Python cannot wipe a value, and three things keep one that nobody uses any more: memory that was freed and not given out
again, cycles of objects, which are collected now and then, and caches. The first is overwritten when it is freed; the
others are emptied every second. What is left is told in docs/threat-model.md.
"""

import ctypes
import gc
import os
import sys
from threading import Event, Thread
from typing import Any, Final, cast
from urllib.parse import urlsplit

OVERWRITING: Final = {
    # Python's own allocator overwrites nothing.
    "PYTHONMALLOC": "malloc",
    # glibc's fills what is freed with one byte, unless it passes through the cache of a thread.
    "GLIBC_TUNABLES": "glibc.malloc.perturb=170:glibc.malloc.tcache_count=0",
}
"""Variables with which Python and glibc overwrite memory when it is freed; both read them only when they start."""
EVERY_SECONDS: Final = 1
PR_SET_DUMPABLE: Final = 4


def overwrite_what_is_freed() -> None:
    """Start this program again with `OVERWRITING`, unless it was; to be called before anything is open.

    It costs a twentieth of the tips in a second.
    """
    if os.environ.get("PYTHONMALLOC") != OVERWRITING["PYTHONMALLOC"]:
        os.execve(sys.executable, sys.orig_argv, {**os.environ, **OVERWRITING})  # noqa: S606  # itself, as it was started


def be_unreadable() -> None:
    """Let no other process of the same user read this one's memory, and the system write no image of it anywhere.

    A limit of the size of core files alone does not bind a system that pipes them to a program.
    """
    try:
        prctl = ctypes.CDLL(None).prctl
    except AttributeError:  # not Linux
        return
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def forget() -> None:
    """Drop what is kept of visits that have ended.

    An error's traceback holds the whole request, in a cycle that else waits for the next few hundred visits; and the
    standard library keeps the last 128 addresses that were asked for.
    """
    cast("Any", urlsplit).cache_clear()
    gc.collect()


def keep_forgetting() -> Event:
    """Forget every second, in a thread, until the event returned is set; what is in use now is not looked at again."""
    gc.collect()
    gc.freeze()
    end = Event()
    Thread(target=_forget_until, args=(end,), name="forgetting", daemon=True).start()
    return end


def _forget_until(end: Event) -> None:
    while not end.wait(EVERY_SECONDS):
        forget()
