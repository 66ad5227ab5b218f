"""The system calls of a real intake: nothing of a tip is written anywhere but to the visitor's own connection."""

import os
import re
import secrets
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crypto.codename import Codename
from tests.submission.live import LiveIntake
from tests.submission.visitor import MULTIPART, encode

pytestmark = pytest.mark.slow

# With -y a descriptor stands with what it is, `write(7</state/parts/…>, …)`, and a connection as `<socket:[…]>`.
WRITE = re.compile(r"\b(?:write|writev|pwrite64|pwritev2?|sendfile|splice)\(\d+<(?!socket:|TCP)[^>]*>")


class TracedIntake(LiveIntake):
    """An intake whose every system call that writes, makes or renames a file is on record."""

    strace = ""

    def stop(self) -> None:
        """End the server; strace, which lets no signal through to itself, ends with it."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self._reap()

    def _command(self, verb: str, *arguments: str) -> list[str]:
        words = super()._command(verb, *arguments)
        if verb != "serve":
            return words
        calls = "trace=write,writev,pwrite64,pwritev,pwritev2,sendfile,splice,openat,creat,rename,renameat,renameat2"
        return [self.strace, "-f", "-y", "-s", "2000000", "-e", calls, "-o", str(self.state.parent / "trace"), *words]


@pytest.fixture
def traced(tmp_path: Path, require_tool: Callable[[str], str]) -> Iterator[TracedIntake]:
    """A traced intake with a key sheet in force."""
    intake = TracedIntake(tmp_path)
    intake.strace = require_tool("strace")
    intake.start()
    try:
        intake.open()
        yield intake
    finally:
        intake.stop()


def visit(intake: LiveIntake, marker: str, codename: Codename) -> None:
    """Send a tip with a file, a follow-up, and look for replies."""
    fields = {"codename": str(codename), "tip": secrets.token_hex(16), "story": marker, "place": marker}
    file = {f"{marker}.txt": marker.encode() * 100_000}
    for path, number in (("/tip", "1"), ("/follow-up", "2")):
        body = encode({**fields, "number": number}, file)
        assert intake.exchange("POST", path, body, {"Content-Type": MULTIPART})[0] == 200
    asked = f"codename={str(codename).replace(' ', '+')}".encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert intake.exchange("POST", "/mailbox", asked, form)[0] == 200
    wrong = encode({**fields, "no-such-field": marker}, file)
    assert intake.exchange("POST", "/tip", wrong, {"Content-Type": MULTIPART})[0] == 400


def test_no_system_call_writes_anything_of_a_tip(traced: TracedIntake) -> None:
    """Neither text, file, file name nor codename is written to a file, a pipe or a terminal, or names a file."""
    marker, codename = "marker" + secrets.token_hex(8), Codename.generate()

    visit(traced, marker, codename)
    traced.stop()

    lines = (traced.state.parent / "trace").read_text("latin-1").splitlines()
    writes = [line for line in lines if WRITE.search(line)]
    opened = [line for line in lines if "openat(" in line or "rename" in line]
    assert len(writes) > 4, "the sealed pieces at least must be seen"
    assert [line[:200] for line in (*writes, *opened) if marker in line or str(codename) in line] == []
    assert [path for path in traced.state.rglob("*") if marker in path.name] == []


def test_a_write_of_a_marker_would_be_seen() -> None:
    """The pattern finds writes to files, pipes and terminals, and leaves out connections."""
    assert WRITE.search('12 write(7</state/parts/0a>, "marker", 6) = 6')
    assert WRITE.search('12 pwrite64(9</state/intake.db-wal>, "x"..., 24, 0) = 24')
    assert WRITE.search('12 write(2<pipe:[1234]>, "x", 1) = 1')
    assert not WRITE.search('12 write(7<socket:[99]>, "x", 1) = 1')
    assert not WRITE.search('12 write(7<TCP:[127.0.0.1:1->127.0.0.1:2]>, "x", 1) = 1')
