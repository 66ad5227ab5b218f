"""What a visitor sent is dropped and overwritten; the search in a real process stands in tests/test_silence.py."""

import ctypes
import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from threading import Event
from urllib.parse import urlsplit

import pytest

from submission import memory
from submission.memory import OVERWRITING, be_unreadable, forget, keep_forgetting, overwrite_what_is_freed


class Request:
    """What a visitor sent, in a cycle as an error's traceback makes one."""

    def __init__(self) -> None:
        self.itself = self


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait ten seconds at most until something holds."""
    for _ in range(1_000):
        if holds():
            return
        Event().wait(0.01)
    raise AssertionError("it did not come to hold")


def test_a_program_starts_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is started as it was, with the variables under which freed memory is overwritten, and then goes on."""
    started: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda *words: started.append(words))
    monkeypatch.delenv("PYTHONMALLOC", raising=False)

    overwrite_what_is_freed()
    ((program, arguments, variables),) = started
    assert (program, arguments) == (sys.executable, sys.orig_argv)
    assert variables == {**os.environ, **OVERWRITING}

    monkeypatch.setenv("PYTHONMALLOC", OVERWRITING["PYTHONMALLOC"])
    overwrite_what_is_freed()
    assert len(started) == 1


def test_no_image_of_the_memory_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system is told that the process must not be dumped; where it cannot be told, nothing happens."""
    asked: list[tuple[int, ...]] = []

    class Library:
        def prctl(self, *words: int) -> int:
            asked.append(words)
            return 0

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Library())
    be_unreadable()
    assert asked == [(4, 0, 0, 0, 0)]

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    be_unreadable()


@pytest.mark.skipif(sys.platform != "linux", reason="the call is Linux's")
def test_the_system_makes_no_image_of_it() -> None:
    """A process that said so is one that the system does not dump, and that only root may look into."""
    code = "import ctypes; from submission.memory import be_unreadable as b; b(); print(ctypes.CDLL(None).prctl(3))"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert told == "0\n"


def test_addresses_and_cycles_are_dropped() -> None:
    """The library's cache of addresses is empty afterwards, and a request that holds itself is gone."""
    urlsplit("/asked-for")
    ended = weakref.ref(Request())

    forget()

    assert urlsplit.cache_info().currsize == 0  # type: ignore[attr-defined]  # a cache, which its type does not tell
    assert ended() is None


def test_it_is_done_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends after the start is dropped without anybody asking, until the end."""
    monkeypatch.setattr(memory, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(gc, "freeze", gc.get_count)
    end = keep_forgetting()
    try:
        ended = weakref.ref(Request())
        wait_until(lambda: ended() is None)
    finally:
        end.set()
