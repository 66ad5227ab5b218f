"""A passphrase is typed on the terminal, unseen, or not at all."""

import subprocess
import sys
from pathlib import Path

from tests.interop.terminal import converse

ROOT = Path(__file__).parents[2]
ASK = "from deploy.passphrase import {0}, ask_on_terminal; print(len({0}(ask_on_terminal)))"


def test_a_passphrase_is_not_shown() -> None:
    """What is typed is read, twice for a new one, and does not stand on the terminal."""
    new = [sys.executable, "-c", ASK.format("new_passphrase")]
    known = [sys.executable, "-c", ASK.format("known_passphrase")]

    for command, answers in ((new, ["a red wattle"] * 2), (known, ["a red wattle"])):
        code, shown = converse(command, *answers)
        assert code == 0
        assert shown.endswith("12\r\n")
        assert "wattle" not in shown


def test_without_a_terminal_nothing_is_asked() -> None:
    """A passphrase is not taken from standard input; the call exits with 2 and says what to do."""
    result = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "seal", "-p"],
        cwd=ROOT,
        input=b"a red wattle\na red wattle\n",
        capture_output=True,
        check=False,
        start_new_session=True,  # away from the terminal that the tests may run on
    )

    assert result.returncode == 2
    assert result.stdout == b""
    assert b"no terminal" in result.stderr
    assert result.stderr.count(b"\n") == 1


def test_an_end_of_input_is_no_passphrase() -> None:
    """Who presses Ctrl-D is told, without a traceback."""
    code, shown = converse([sys.executable, "-m", "deploy.cli", "unseal", "-p"], "\x04")

    assert code == 2
    assert "Traceback" not in shown
