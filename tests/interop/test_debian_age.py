"""Debian's `age` opens what `lapwing seal` writes, and the other way round: classic recipients and a passphrase."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.identity import read_identities
from deploy.keys import main as keys_main
from deploy.seal import seal_main, unseal_main
from tests.interop.sizes import plain_files
from tests.interop.terminal import converse

PASSPHRASE = "a red wattle"
LAPWING = [sys.executable, "-m", "deploy.cli"]


@pytest.fixture
def age(require_tool: Callable[[str], str]) -> str:
    """The program."""
    return require_tool("age")


@pytest.fixture
def plain(tmp_path: Path) -> list[Path]:
    """Files of every size."""
    return plain_files(tmp_path)


def run(*command: str | Path) -> bytes:
    """Run a program that must succeed; return what it printed."""
    return subprocess.run(command, capture_output=True, check=True).stdout


def beside(path: Path, ending: str) -> Path:
    """A file next to another."""
    return path.with_name(path.name + ending)


@pytest.fixture
def recipients(tmp_path: Path, age: str, require_tool: Callable[[str], str]) -> list[str]:
    """A recipient whose identity our program made (in `ours`), and one of `age-keygen` (in `theirs`)."""
    assert keys_main(["age", "--classic", "-o", str(tmp_path / "ours")]) == 0
    run(require_tool("age-keygen"), "-o", tmp_path / "theirs")
    return [read_identities(tmp_path / name)[0].recipient.encode() for name in ("ours", "theirs")]


def options(recipients: list[str]) -> list[str]:
    """The recipients as options, which are the same for both programs."""
    return [word for recipient in recipients for word in ("-r", recipient)]


@pytest.mark.parametrize("armor", [[], ["-a"]], ids=["binary", "armor"])
def test_what_we_seal_opens_there(
    age: str, plain: list[Path], recipients: list[str], tmp_path: Path, armor: list[str]
) -> None:
    """Files of every size open with the identity of each recipient."""
    for number, path in enumerate(plain):
        sealed = beside(path, ".age")
        assert seal_main([*options(recipients), *armor, "-o", str(sealed), str(path)]) == 0
        assert run(age, "-d", "-i", tmp_path / ("ours", "theirs")[number % 2], sealed) == path.read_bytes()


@pytest.mark.parametrize("armor", [[], ["-a"]], ids=["binary", "armor"])
def test_what_is_sealed_there_opens_with_us(
    age: str, plain: list[Path], recipients: list[str], tmp_path: Path, armor: list[str]
) -> None:
    """Files of every size open with the identity of each recipient, armored or not without saying so."""
    for number, path in enumerate(plain):
        sealed, opened = beside(path, ".age"), beside(path, ".opened")
        run(age, *options(recipients), *armor, "-o", sealed, path)
        key = str(tmp_path / ("ours", "theirs")[number % 2])
        assert unseal_main(["-i", key, "-o", str(opened), str(sealed)]) == 0
        assert opened.read_bytes() == path.read_bytes()


def test_an_identity_of_ours_has_the_same_recipient_there(
    tmp_path: Path, recipients: list[str], require_tool: Callable[[str], str]
) -> None:
    """`age-keygen` works out the recipient that `lapwing keys age` printed."""
    assert run(require_tool("age-keygen"), "-y", tmp_path / "ours").decode().split() == recipients[:1]


@pytest.mark.slow
def test_a_passphrase_of_ours_opens_there(age: str, tmp_path: Path) -> None:
    """What is typed twice on our terminal opens the file on theirs, and a wrong one does not."""
    plain, sealed, opened = tmp_path / "plain", tmp_path / "sealed", tmp_path / "opened"
    plain.write_bytes(b"parrots")

    code, shown = converse([*LAPWING, "seal", "-p", "-o", sealed, plain], PASSPHRASE, PASSPHRASE)
    assert (code, PASSPHRASE in shown) == (0, False)
    assert converse([age, "-d", "-o", opened, sealed], "another")[0] == 1
    assert converse([age, "-d", "-o", opened, sealed], PASSPHRASE)[0] == 0

    assert opened.read_bytes() == b"parrots"


@pytest.mark.slow
def test_a_passphrase_of_theirs_opens_with_us(age: str, tmp_path: Path) -> None:
    """What is typed twice on their terminal opens the file on ours, and a wrong one exits with 3."""
    plain, sealed, opened = tmp_path / "plain", tmp_path / "sealed", tmp_path / "opened"
    plain.write_bytes(b"parrots")

    assert converse([age, "-p", "-a", "-o", sealed, plain], PASSPHRASE, PASSPHRASE)[0] == 0
    code, shown = converse([*LAPWING, "unseal", "-p", "-o", opened, sealed], "another")
    assert (code, opened.exists(), shown.count("lapwing:")) == (3, False, 1)
    assert converse([*LAPWING, "unseal", "-p", "-o", opened, sealed], PASSPHRASE)[0] == 0

    assert opened.read_bytes() == b"parrots"
