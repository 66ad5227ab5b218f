"""An intake whose disk fails, or that is killed, in the middle of any system call of its choice; from outside.

No line of the intake knows of it: strace stops the worker at the call with a given number and kills it there, or makes
that call fail as a full or broken disk would.
"""

import contextlib
import hashlib
import http.client
import itertools
import json
import os
import re
import secrets
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crypto.codename import Codename
from submission.database import FILE_NAME
from tests.submission.live import LiveIntake
from tests.submission.visitor import MULTIPART, encode
from wire.opening import open_letter

CALLS = "pwrite64,fsync,fdatasync,ftruncate,fallocate"
"""What changes a file of the intake, or makes a change durable."""
ANSWER = "sendto"
"""What gives a visitor an answer."""
PATIENCE = 60
"""Seconds that a start, or an answer, may take on a busy machine."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a source saw of one tip: the story that was sent, the status, and the page; no status when it broke off."""

    story: str
    status: int | None
    page: bytes

    @property
    def confirmed(self) -> bool:
        """Whether the page says that the tip arrived."""
        return self.status == 200 and b"Your tip has arrived" in self.page


class FailingIntake(LiveIntake):
    """A real intake, with what it takes to break it at a chosen moment and to look at what is left."""

    strace = ""
    days = 0
    """By how many days the machine's clock is wrong."""

    def _command(self, verb: str, *arguments: str) -> list[str]:
        words = super()._command(verb, *arguments)
        if not self.days:
            return words
        return [word if word != "deploy.cli" else "tests.submission.other_day" for word in words[:3]] + [
            str(self.days),
            *words[3:],
        ]

    def worker(self) -> int:
        """Return the process that serves, once there is one."""
        assert self.process is not None
        parent = self.process.pid
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
            if children:
                return int(children[0])
            time.sleep(0.02)
        raise AssertionError("the server has no worker")

    def kill_worker(self) -> None:
        """Kill the process that serves; the one that watches over it starts another, for which this waits."""
        before = self.worker()
        os.kill(before, signal.SIGKILL)
        self.await_service(before)

    def await_service(self, before: int) -> None:
        """Wait until another worker than `before` serves."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.worker() != before and self.exchange("GET", "/")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("the server did not serve again")

    @contextlib.contextmanager
    def traced(self, rule: str = "") -> Iterator[Path]:
        """Watch the worker's calls, and break what `rule` (strace's `inject`) says; give the file of the record."""
        record = self.state.parent / "calls"
        record.unlink(missing_ok=True)
        words = [self.strace, "-f", "-y", "-s", "0", "-e", f"trace={CALLS},{ANSWER}", "-o", str(record)]
        words += ["-e", f"inject={rule}"] if rule else []
        with subprocess.Popen([*words, "-p", str(self.worker())], stderr=subprocess.PIPE) as tracer:
            assert tracer.stderr is not None
            assert b"attached" in tracer.stderr.readline()
            try:
                yield record
            finally:
                _end(tracer, alone="signal=KILL" in rule)

    def settle(self) -> None:
        """Wait, three seconds at most, until a thread has put the database in order after the last change."""
        log = self.state / f"{FILE_NAME}-wal"
        deadline = time.monotonic() + 3
        while log.exists() and log.stat().st_size and time.monotonic() < deadline:
            time.sleep(0.02)

    def send_tip(self, size: int = 10) -> Outcome:
        """Send a tip, with a file of so many bytes unless there are none."""
        story = secrets.token_hex(16)
        fields = {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": story}
        body = encode(fields, {"a": secrets.token_bytes(size)} if size else None)
        try:
            status, _, page = self.exchange("POST", "/tip", body, {"Content-Type": MULTIPART})
        except (OSError, http.client.HTTPException):
            return Outcome(story, None, b"")
        return Outcome(story, status, page)

    def whole_tips(self, lost: int = 0) -> list[str]:
        """Pull every letter and all its parts as a reviewer's app does, and return the stories.

        Args:
            lost: how many letters may be listed that cannot be had; what is given out must be whole in any case.
        """
        stories = []
        identity = self.organisation.period["r1"]
        for name in json.loads(self.ask("r1", "GET", "/api/letters"))["letters"]:
            try:
                sealed = self.ask("r1", "GET", f"/api/letters/{name}")
            except AssertionError:
                assert lost, f"the letter {name} is listed and not there"
                lost -= 1
                continue
            letter = open_letter(sealed, [identity]).letter
            for part in letter.parts:
                sealed = self.ask("r1", "GET", f"/api/parts/{part.hex()}")
                assert hashlib.sha256(sealed).digest() == part, f"a part of the letter {name} is damaged"
            stories.append(letter.story)
        assert len(stories) == len(set(stories))
        return stories


def _end(tracer: subprocess.Popen[bytes], *, alone: bool) -> None:
    """End strace; by itself, when what it watches was killed, as it may else wait for that for ever."""
    if alone:
        with contextlib.suppress(subprocess.TimeoutExpired):
            tracer.wait(3)
    tracer.terminate()
    try:
        tracer.wait(3)
    except subprocess.TimeoutExpired:
        tracer.kill()


@dataclass(frozen=True, slots=True)
class Call:
    """One system call of a record: its name, the file's, and how many of that name had come, itself counted.

    strace counts calls of each name by themselves.
    """

    name: str
    file: str
    count: int

    def rule(self, fault: str) -> str:
        """Return how to tell strace that this call is to be met with a fault."""
        return f"{self.name}:{fault}:when={self.count}"


def calls(record: Path) -> list[Call]:
    """Return the calls of a record that concern files, in their order; an answer to a visitor has no file."""
    found, counts = [], Counter[str]()
    for name, what in re.findall(r"^\d+ +(\w+)\(\d+<([^>]*)>", record.read_text("latin-1"), re.MULTILINE):
        counts[name] += 1
        found.append(Call(name, what.rpartition("/")[2] if what.startswith("/") else "", counts[name]))
    return found


def turning_points(all_calls: list[Call]) -> list[Call]:
    """Return the first and the last of each run of the same call on the same file: what lies between is the same."""
    runs = [list(run) for _, run in itertools.groupby(all_calls, lambda call: (call.name, call.file))]
    return [call for run in runs for call in (run[:1] if len(run) == 1 else [run[0], run[-1]])]
