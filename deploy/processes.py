"""Processes that belong together: started one by one, watched until each says it is ready, ended by their ids."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

READY_SECONDS: Final = 60
END_SECONDS: Final = 10


class DemoError(Exception):
    """The demonstration cannot go on; the message says what to do."""


def command(*words: str) -> list[str]:
    """Return the command line of a `lapwing` verb in this very Python."""
    return [sys.executable, "-P", "-m", "deploy.cli", *words]


def run(*words: str, folder: Path, given: str = "") -> str:
    """Run one `lapwing` verb to its end and return what it printed.

    Raises:
        DemoError: it did not end with 0.
    """
    done = subprocess.run(
        command(*words), cwd=folder, env=environment(), input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DemoError(f"lapwing {words[0]} {words[1]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def environment() -> Mapping[str, str]:
    """Return the environment of every process: this one's, with Lapwing found where it stands."""
    root = str(Path(__file__).parent.parent)
    return {**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1"}


def refuse_taken_ports(ports: Sequence[int]) -> None:
    """Raise `DemoError` when another program listens on one of the ports."""
    for port in ports:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise DemoError(
                    f"port {port} is taken by another program; end it, or choose others with --port BASE"
                ) from None


class Process:
    """One `lapwing` process that serves until it is ended."""

    def __init__(self, words: Sequence[str], folder: Path, ready: str, wrapper: Sequence[str] = ()) -> None:
        """Start it and wait until it has printed a line with ``ready`` in it.

        Args:
            words: the verb and its arguments.
            folder: where it runs.
            ready: part of the line by which it says that it serves.
            wrapper: a command to run it under.

        Raises:
            DemoError: it ended, or said nothing for a minute.
        """
        self.ready_line = ""
        self._seen = threading.Event()
        # A session of its own: Ctrl-C at the terminal reaches the demonstration alone, which then ends all in order.
        self._process = subprocess.Popen(
            [*wrapper, *command(*words)],
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._last = ""
        self._reader = threading.Thread(target=self._read, args=(ready,), daemon=True)
        self._reader.start()
        self._wait(words)

    @property
    def id(self) -> int:
        """The process id."""
        return self._process.pid

    def _read(self, ready: str) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as lines:
            for line in lines:
                self._last = line.strip()
                if ready in line and not self._seen.is_set():
                    self.ready_line = self._last
                    self._seen.set()

    def _wait(self, words: Sequence[str]) -> None:
        until = time.monotonic() + READY_SECONDS
        while not self._seen.wait(0.05):
            if self._process.poll() is not None:
                self._reader.join()
                raise DemoError(f"lapwing {words[0]} did not start: {self._last}")
            if time.monotonic() > until:
                self.end()
                raise DemoError(f"lapwing {words[0]} said nothing for {READY_SECONDS} seconds")

    def end(self) -> None:
        """End it: asked first, then by force."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._reader.join()

    def running(self) -> bool:
        """Tell whether it still runs."""
        return self._process.poll() is None


class Processes:
    """Several processes, ended in the reverse order of their start."""

    def __init__(self) -> None:
        self._all: list[Process] = []

    def __enter__(self) -> Self:
        """Begin with none."""
        return self

    def start(self, words: Sequence[str], folder: Path, ready: str, wrapper: Sequence[str] = ()) -> Process:
        """Start one more; see `Process`."""
        process = Process(words, folder, ready, wrapper)
        self._all.append(process)
        return process

    def __iter__(self) -> Iterator[Process]:
        """All that were started."""
        return iter(self._all)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all."""
        self.end()

    def end(self) -> None:
        """End all that were started, the last one first."""
        for process in reversed(self._all):
            process.end()
