"""`lapwing seal` and `lapwing unseal` work on files and pipes, and fail without leaving anything behind."""

import hashlib
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crypto.hybrid import HybridIdentity
from crypto.x25519 import X25519Identity
from deploy.seal import seal_main, unseal_main
from tests.crypto.vectors import Vector, read_vectors

ROOT = Path(__file__).parents[2]
IDENTITY = HybridIdentity.generate()
TIP = os.urandom(3 * (1 << 20) + 17)


class Typist:
    """Answers each prompt with the next word."""

    def __init__(self, *words: str) -> None:
        self.words = list(words)

    def __call__(self, prompt: str) -> str:
        """Return what is typed."""
        assert prompt.endswith(": ")
        return self.words.pop(0)


class Folder:
    """A folder with an identity file, a file to seal and a sealed one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = path / "key"
        self.key.write_text(f"# made for a test\n\n{IDENTITY.encode()}\n")
        self.plain = path / "plain"
        self.plain.write_bytes(TIP)
        self.sealed = path / "sealed"
        self.opened = path / "opened"
        assert seal_main(["-r", IDENTITY.recipient.encode(), "-o", str(self.sealed), str(self.plain)]) == 0

    def unseal(self) -> int:
        """Opens the sealed file into `opened`."""
        return unseal_main(["-i", str(self.key), "-o", str(self.opened), str(self.sealed)])

    def names(self) -> set[str]:
        """All that lies in the folder."""
        return {path.name for path in self.path.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder to work in."""
    return Folder(tmp_path)


def test_what_was_sealed_opens(folder: Folder) -> None:
    """A sealed file opens to the same bytes, readable by its owner alone."""
    assert folder.unseal() == 0

    assert folder.opened.read_bytes() == TIP
    assert folder.opened.stat().st_mode & 0o777 == 0o600
    assert folder.names() == {"key", "plain", "sealed", "opened"}


def test_any_of_the_recipients_opens(folder: Folder) -> None:
    """A file sealed to two recipients opens with the identity of the second."""
    other = HybridIdentity.generate().recipient.encode()
    arguments = ["-r", other, "-r", IDENTITY.recipient.encode(), "-o", str(folder.sealed), str(folder.plain)]

    assert seal_main(arguments) == 0
    assert folder.unseal() == 0


def test_an_empty_file_is_sealed_too(folder: Folder) -> None:
    """Nothing at all can be sealed and opened."""
    folder.plain.write_bytes(b"")

    assert seal_main(["-r", IDENTITY.recipient.encode(), "-o", str(folder.sealed), str(folder.plain)]) == 0
    assert folder.unseal() == 0
    assert folder.opened.read_bytes() == b""


def test_an_identity_of_somebody_else_exits_with_3(folder: Folder) -> None:
    """A file that no identity opens leaves no output."""
    folder.key.write_text(HybridIdentity.generate().encode())

    assert folder.unseal() == 3
    assert folder.names() == {"key", "plain", "sealed"}


@pytest.mark.parametrize("place", ["header MAC", "middle", "end"])
def test_a_damaged_file_exits_with_4(folder: Folder, place: str) -> None:
    """A changed byte in the MAC of the header, in the middle or in the last chunk leaves no output."""
    damaged = bytearray(folder.sealed.read_bytes())
    damaged[{"header MAC": damaged.index(b"\n--- ") + 9, "middle": 2 << 20, "end": -1}[place]] ^= 1
    folder.sealed.write_bytes(damaged)

    assert folder.unseal() == 4
    assert folder.names() == {"key", "plain", "sealed"}


def test_a_file_cut_short_exits_with_4_and_keeps_what_was_there(folder: Folder) -> None:
    """A failed unseal does not touch an older file of the output's name."""
    folder.sealed.write_bytes(folder.sealed.read_bytes()[:-1000])
    folder.opened.write_bytes(b"older")

    assert folder.unseal() == 4
    assert folder.opened.read_bytes() == b"older"


def test_a_plain_file_exits_with_5(folder: Folder) -> None:
    """A document handed in by mistake is told from a damaged one."""
    folder.sealed.write_bytes(TIP)

    assert folder.unseal() == 5
    assert folder.names() == {"key", "plain", "sealed"}


def test_a_missing_input_exits_with_1(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be read is told without its name."""
    assert unseal_main(["-i", str(folder.key), str(folder.path / "secret-name")]) == 1
    assert unseal_main(["-i", str(folder.path / "secret-name"), str(folder.sealed)]) == 1
    assert seal_main(["-r", IDENTITY.recipient.encode(), str(folder.path / "secret-name")]) == 1

    assert "secret-name" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-r", "age1pq1secret-word"],
        ["--secret-word"],
        ["-r", IDENTITY.recipient.encode(), "secret-word", "secret-word"],
        ["-r", IDENTITY.recipient.encode()] * 65,
    ],
)
def test_a_wrong_call_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Usage errors, bad recipients and too many of them exit with 2, and nothing typed is repeated."""
    assert seal_main(arguments) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err
    assert "secret-word" not in captured.err


@pytest.mark.parametrize("content", ["", "# only a comment\n", "AGE-SECRET-KEY-PQ-1NOTAKEY\n", "ключ"])
def test_a_bad_identity_file_exits_with_2(folder: Folder, content: str) -> None:
    """An identity file without a whole identity is refused."""
    folder.key.write_text(content)

    assert folder.unseal() == 2


def test_a_call_without_identity_exits_with_2() -> None:
    """Unsealing needs an identity file."""
    assert unseal_main([]) == 2


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    """`-h` prints how to call and exits with 0."""
    assert seal_main(["-h"]) == 0

    assert "RECIPIENT" in capsys.readouterr().out


class Pipe:
    """Stands for a standard stream."""

    def __init__(self, content: bytes = b"", *, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(content)
        self.terminal = terminal

    def isatty(self) -> bool:
        """Whether somebody would see what is written."""
        return self.terminal


def test_pipes_are_the_default(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without names both commands read standard input and write standard output."""
    sealed, opened = Pipe(), Pipe()
    monkeypatch.setattr(sys, "stdin", Pipe(TIP))
    monkeypatch.setattr(sys, "stdout", sealed)
    assert seal_main(["-r", IDENTITY.recipient.encode()]) == 0

    monkeypatch.setattr(sys, "stdin", Pipe(sealed.buffer.getvalue()))
    monkeypatch.setattr(sys, "stdout", opened)
    assert unseal_main(["-i", str(folder.key)]) == 0

    assert opened.buffer.getvalue() == TIP


def test_a_failed_unseal_to_a_pipe_gives_only_what_verified(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """On standard output stands the beginning of the plaintext at most, and the exit code says that it is not all."""
    opened = Pipe()
    monkeypatch.setattr(sys, "stdin", Pipe(folder.sealed.read_bytes()[:-1]))
    monkeypatch.setattr(sys, "stdout", opened)

    assert unseal_main(["-i", str(folder.key)]) == 4

    assert 0 < len(opened.buffer.getvalue()) < len(TIP)
    assert TIP.startswith(opened.buffer.getvalue())


EXIT_CODES = {
    "success": {0},
    "no match": {3},
    "HMAC failure": {4},
    "payload failure": {4},
    "armor failure": {4, 5},  # something else may come first, so that it is not seen to be armor
    "header failure": {4, 5},  # another version, or none
}


@pytest.mark.parametrize("vector", read_vectors(), ids=lambda vector: vector.name)
def test_the_exit_code_tells_the_class_of_failure(
    vector: Vector, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each public vector exits as its class demands, says why in one line, and leaves no file unless it opened."""
    key, sealed, opened = tmp_path / "key", tmp_path / "sealed", tmp_path / "opened"
    key.write_text("\n".join(vector.all("identity") or [HybridIdentity.generate().encode()]))
    sealed.write_bytes(vector.file)
    by = ["-i", str(key)] if vector.all("identity") or not vector.all("passphrase") else ["-p"]

    code = unseal_main([*by, "-o", str(opened), str(sealed)], Typist(*vector.all("passphrase")))

    assert code in EXIT_CODES[vector.one("expect")]
    assert capsys.readouterr().err.count("\n") == (code > 0)
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.glob("*opened*")] == (
        vector.all("payload") if code == 0 else []
    )
    assert len(list(tmp_path.iterdir())) == 2 + (code == 0)


def test_text_is_recognised_by_itself(folder: Folder) -> None:
    """What was sealed with `-a` is text in lines, and opens without saying so."""
    arguments = ["-a", "-r", IDENTITY.recipient.encode(), "-o", str(folder.sealed), str(folder.plain)]

    assert seal_main(arguments) == 0

    assert folder.sealed.read_bytes().startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert folder.sealed.read_bytes().isascii()
    assert folder.unseal() == 0
    assert folder.opened.read_bytes() == TIP


@pytest.mark.parametrize("place", [b"\n", b"-----END"])
def test_damaged_text_exits_with_4(folder: Folder, place: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed line, or an end that is missing, leaves no output and is told in one line."""
    seal_main(["-a", "-r", IDENTITY.recipient.encode(), "-o", str(folder.sealed), str(folder.plain)])
    text = folder.sealed.read_bytes()
    folder.sealed.write_bytes(text[: text.rindex(place)] + b"?")

    assert folder.unseal() == 4
    assert folder.names() == {"key", "plain", "sealed"}
    assert capsys.readouterr().err.count("\n") == 1


def test_classic_and_post_quantum_identities_stand_in_one_file(folder: Folder) -> None:
    """An identity file may hold both kinds, several of each, with comments."""
    classic = X25519Identity.generate()
    strangers = [HybridIdentity.generate().encode(), X25519Identity.generate().encode()]
    folder.key.write_text("\r\n".join(["# all", *strangers, "", IDENTITY.encode(), "  # mine", classic.encode(), ""]))

    assert folder.unseal() == 0
    assert seal_main(["-r", classic.recipient.encode(), "-o", str(folder.sealed), str(folder.plain)]) == 0
    assert folder.unseal() == 0
    assert folder.opened.read_bytes() == TIP


def test_identities_come_from_several_files(folder: Folder) -> None:
    """`-i` may be given more than once."""
    other = folder.path / "other"
    other.write_text(HybridIdentity.generate().encode())

    assert unseal_main(["-i", str(other), "-i", str(folder.key), "-o", str(folder.opened), str(folder.sealed)]) == 0


def test_different_kinds_of_recipients_exit_with_2(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """A classic recipient beside a post-quantum one is refused, and nothing is written."""
    recipients = ["-r", IDENTITY.recipient.encode(), "-r", X25519Identity.generate().recipient.encode()]

    assert seal_main([*recipients, "-o", str(folder.opened), str(folder.plain)]) == 2
    assert folder.names() == {"key", "plain", "sealed"}
    assert "not mixed" in capsys.readouterr().err


def test_a_passphrase_opens_what_it_sealed(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """It is asked for twice when sealing and once when opening; another one exits with 3."""
    typist = Typist("a red wattle", "a red wattle", "a red wattle", "another")
    opening = ["-p", "-o", str(folder.opened), str(folder.sealed)]

    assert seal_main(["-p", "-o", str(folder.sealed), str(folder.plain)], typist) == 0
    assert unseal_main(opening, typist) == 0
    assert folder.opened.read_bytes() == TIP
    folder.opened.unlink()
    assert unseal_main(opening, typist) == 3

    assert typist.words == []
    assert folder.names() == {"key", "plain", "sealed"}
    told = capsys.readouterr()
    assert "passphrase" in told.err
    assert "wattle" not in told.err + told.out


def test_a_passphrase_file_is_not_for_identities(folder: Folder) -> None:
    """What was sealed to recipients does not open with a passphrase, and exits with 3."""
    assert unseal_main(["-p", "-o", str(folder.opened), str(folder.sealed)], Typist("a red wattle")) == 3


@pytest.mark.parametrize("words", [("",), ("a red wattle", "a red wattlf"), ("a red wattle", "")])
def test_a_passphrase_that_was_mistyped_exits_with_2(folder: Folder, words: tuple[str, ...]) -> None:
    """None, or two different ones, seal nothing."""
    folder.sealed.unlink()

    assert seal_main(["-p", "-o", str(folder.sealed), str(folder.plain)], Typist(*words)) == 2
    assert folder.names() == {"key", "plain"}


def test_an_empty_passphrase_opens_nothing(folder: Folder) -> None:
    """Pressing enter alone exits with 2."""
    assert unseal_main(["-p", str(folder.sealed)], Typist("")) == 2


def test_identities_and_a_passphrase_are_not_given_together(folder: Folder) -> None:
    """A call says one way to seal or to open."""
    assert seal_main(["-p", "-r", IDENTITY.recipient.encode(), str(folder.plain)]) == 2
    assert unseal_main(["-p", "-i", str(folder.key), str(folder.sealed)]) == 2
    assert unseal_main([str(folder.sealed)]) == 2


def test_bytes_are_not_written_to_a_terminal(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets a sealed file as text, or when it was asked for by `-o -`."""
    call = ["-r", IDENTITY.recipient.encode(), str(folder.plain)]
    terminal = Pipe(terminal=True)
    monkeypatch.setattr(sys, "stdout", terminal)

    assert seal_main(call) == 2
    assert terminal.buffer.getvalue() == b""
    assert seal_main(["-a", *call]) == 0
    assert terminal.buffer.getvalue().isascii()
    assert seal_main(["-o", "-", *call]) == 0


@pytest.mark.slow
def test_a_small_file_is_sealed_at_once() -> None:
    """`lapwing seal` of 1 KiB, the start of Python included, takes at most a quarter of a second."""
    command = [sys.executable, "-m", "deploy.cli", "seal", "-r", IDENTITY.recipient.encode()]
    seconds = []
    for _ in range(5):  # the best of them: a shared machine stalls now and then
        before = time.perf_counter()
        subprocess.run(command, cwd=ROOT, input=bytes(1024), capture_output=True, check=True)
        seconds.append(time.perf_counter() - before)

    assert min(seconds) < 0.25


def test_sealing_loads_no_app() -> None:
    """`lapwing seal` loads neither a web framework nor a database, nor anything that parses a message."""
    code = "import sys; from deploy import cli; cli.main(['seal']); print(*sys.modules)"

    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in result.stdout.split()}
    assert "crypto" in loaded
    assert not loaded & {"flask", "sqlalchemy", "wire", "submission", "reviewer", "prosecutor"}
