"""A terminal on which a program asks and the test answers."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

SECONDS = 60


def converse(command: Sequence[str | Path], *answers: str) -> tuple[int, str]:
    """Run a program on a terminal of its own, and answer each prompt, which ends with a colon and a space.

    Returns:
        its exit code and what stood on the terminal.

    Raises:
        TimeoutError: it asked for less.
        subprocess.TimeoutExpired: it did not come to an end.
    """
    ours, theirs = pty.openpty()
    # The first terminal that the leader of a session opens becomes its terminal, which is what `/dev/tty` means.
    on_terminal = ["sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(theirs)]
    process = subprocess.Popen([*on_terminal, *command], start_new_session=True)
    shown = b""
    try:
        for answer in answers:
            shown += _until_asked(ours)
            os.write(ours, answer.encode() + b"\n")
        code = process.wait(SECONDS)
        while select.select([ours], [], [], 0)[0]:
            shown += os.read(ours, 4096)
        return code, shown.decode()
    finally:
        process.kill()
        process.wait()
        os.close(theirs)
        os.close(ours)


def _until_asked(terminal: int) -> bytes:
    shown = b""
    until = time.monotonic() + SECONDS
    while not shown.endswith(b": "):
        if not select.select([terminal], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError("nothing was asked on the terminal")
        shown += os.read(terminal, 4096)
    return shown
