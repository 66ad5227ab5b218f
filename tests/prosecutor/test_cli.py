"""The command line of an office."""

import json
import re
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.dsse import Envelope
from prosecutor import cli
from prosecutor.keyfile import OfficeKey, read_key
from tests.wire.claims import COMMITMENT
from tests.wire.dossiers import Desk
from wire.bag import seal_bag
from wire.office import Office
from wire.receipt import open_receipt


@pytest.fixture
def place(tmp_path: Path, sealed: bytes, key: OfficeKey) -> Path:
    """A folder with a sealed dossier and the key that opens it."""
    (tmp_path / "dossier.age").write_bytes(sealed)
    (tmp_path / "key").write_bytes(key.encode())
    return tmp_path


def run(*arguments: object) -> int:
    """Run the command."""
    return cli.main([str(one) for one in arguments])


def opened(place: Path) -> Path:
    """Open the dossier."""
    assert run("open", place / "dossier.age", "-i", place / "key", "-o", place / "out") == cli.FINE
    return place / "out"


def test_keys_are_made_with_a_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Keygen writes a secret file for the office and a public card for the organisation, and prints the fingerprint."""
    assert run("keygen", "-o", tmp_path / "key", "--name", "Parquet", "--root", "ab" * 32) == cli.FINE

    key = read_key(tmp_path / "key")
    card = (tmp_path / "key.card.json").read_bytes()
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert Office.decode(card) == key.office
    assert key.root == bytes.fromhex("ab" * 32)
    printed = capsys.readouterr().out
    assert key.office.digest.hex(" ", 4) in printed
    assert key.identity.encode() not in printed


def test_keys_are_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second keygen into the same file is refused, and the first key stays."""
    run("keygen", "-o", tmp_path / "key", "--name", "Parquet")
    before = (tmp_path / "key").read_bytes()

    assert run("keygen", "-o", tmp_path / "key", "--name", "Parquet") == cli.USAGE
    assert (tmp_path / "key").read_bytes() == before
    assert capsys.readouterr().err.count("\n") == 1


def test_a_dossier_is_opened_verified_and_answered(
    place: Path, desk: Desk, root: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """open, verify and receipt go through, and the receipt is the office's for this dossier."""
    folder = opened(place)
    assert run("verify", folder, "-i", place / "key", "--root", root.hex()) == cli.FINE
    printed = capsys.readouterr().out
    assert "approved by:  Desk r1, Desk r2 (2 of 2 needed)" in printed
    assert "its root key signed" in printed

    assert run("receipt", folder, "-i", place / "key") == cli.FINE
    envelope = Envelope.decode((place / "out.receipt.json").read_bytes())
    digest = bytes.fromhex(json.loads(envelope.payload)["dossier"])
    receipt = open_receipt(envelope, desk.office, digest)
    assert (receipt.kind, receipt.text) == ("receipt", "")
    assert run("verify", folder) == cli.FINE


@pytest.mark.parametrize("known", [False, True])
def test_a_released_claim_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], known: bool) -> None:
    """Its commitment can be copied from there into a challenge, with its mark; without one nothing is said of it."""
    desk = Desk()
    commitment = replace(COMMITMENT, known_to_intake=known)
    desk.draft = replace(desk.draft, claim=commitment)
    pieces: list[bytes] = []
    seal_bag(desk.draft, desk.organisation.roster_envelope, desk.approvals, desk.open_exhibit, pieces.append)
    (tmp_path / "dossier.age").write_bytes(b"".join(pieces))
    (tmp_path / "key").write_bytes(OfficeKey(desk.office.name, desk.identity, desk.office_key).encode())
    folder = opened(tmp_path)
    printed = capsys.readouterr().out
    assert f"claim:        {commitment.encode()} " in printed
    assert ("made on arrival" in printed) == known
    assert commitment.encode() in (folder / "data/report.txt").read_text()


def test_a_dossier_without_a_claim_says_nothing_of_it(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether there was one is the reviewers' to tell."""
    opened(place)
    assert "claim" not in capsys.readouterr().out.replace(str(place), "")


@pytest.mark.parametrize("kind", ["question", "outcome"])
def test_questions_and_outcomes_are_signed(place: Path, desk: Desk, kind: str) -> None:
    """A question and an outcome carry their text."""
    folder = opened(place)

    assert run("receipt", folder, "-i", place / "key", f"--{kind}", "Où ?", "-o", place / "answer") == cli.FINE
    envelope = Envelope.decode((place / "answer").read_bytes())
    receipt = open_receipt(envelope, desk.office, bytes.fromhex(json.loads(envelope.payload)["dossier"]))
    assert (receipt.kind, receipt.text) == (kind, "Où ?")


def test_an_empty_question_is_a_usage_error(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A question without words is not signed."""
    folder = opened(place)

    assert run("receipt", folder, "-i", place / "key", "--question", "") == cli.USAGE
    assert not (place / "out.question.json").exists()


def test_what_was_not_checked_is_said_plainly(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without root and key the command says that anybody could have made the dossier."""
    folder = opened(place)
    capsys.readouterr()

    assert run("verify", folder) == cli.FINE
    printed = capsys.readouterr().out
    assert "NOT CHECKED" in printed
    assert "not checked: verify with -i KEYFILE" in printed


def test_a_wrong_folder_is_exit_code_1(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first thing wrong is one calm line with a name that a script can match."""
    folder = opened(place)
    (folder / "data" / "report.txt").write_bytes(b"other")
    capsys.readouterr()

    assert run("verify", folder) == cli.NOT_VERIFIED
    assert capsys.readouterr().err == "lapwing dossier: not verified (changed-file): data/report.txt has changed\n"


def test_no_receipt_for_what_does_not_verify(place: Path) -> None:
    """A changed folder gets no receipt."""
    folder = opened(place)
    (folder / "data" / "report.txt").write_bytes(b"other")

    assert run("receipt", folder, "-i", place / "key") == cli.NOT_VERIFIED
    assert not (place / "out.receipt.json").exists()


def test_a_wrong_root_is_exit_code_1(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A root that did not sign the roster is named."""
    folder = opened(place)

    assert run("verify", folder, "--root", "00" * 32) == cli.NOT_VERIFIED
    assert "(roster-not-signed)" in capsys.readouterr().err


def test_another_key_is_exit_code_3(place: Path) -> None:
    """A key that does not open the file is told apart."""
    run("keygen", "-o", place / "other", "--name", "Another")

    assert run("open", place / "dossier.age", "-i", place / "other", "-o", place / "out") == cli.NO_MATCH


def test_a_damaged_file_is_exit_code_4(place: Path, sealed: bytes) -> None:
    """A file that was cut short is told apart, and leaves nothing."""
    (place / "dossier.age").write_bytes(sealed[:-1])

    assert run("open", place / "dossier.age", "-i", place / "key", "-o", place / "out") == cli.DAMAGED
    assert sorted(path.name for path in place.iterdir()) == ["dossier.age", "key"]


def test_what_is_not_sealed_is_exit_code_5(place: Path) -> None:
    """A file that is no age file is told apart."""
    (place / "dossier.age").write_bytes(b"%PDF-1.7")

    assert run("open", place / "dossier.age", "-i", place / "key", "-o", place / "out") == cli.NOT_SEALED


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["destroy"],
        ["open"],
        ["verify", "x", "--root", "not-a-root"],
        ["receipt", "x", "-i", "k", "--question", "secret words", "--outcome", "secret words"],
        ["keygen", "-o", "secret-place"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Arguments that do not fit exit with 2, and none of them is repeated."""
    assert cli.main(arguments) == cli.USAGE

    printed = capsys.readouterr().err
    assert printed.startswith("usage: lapwing dossier")
    assert not re.search("secret|destroy|not-a-root", printed)


def test_what_is_not_there_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing key file or folder is told in one line."""
    assert run("open", "x", "-i", tmp_path / "none", "-o", tmp_path / "out") == cli.USAGE
    assert run("verify", tmp_path / "none") == cli.USAGE
    assert capsys.readouterr().err.count("\n") == 2


def test_help_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    """Help is printed and exits with 0."""
    assert cli.main(["--help"]) == cli.FINE
    assert "keygen" in capsys.readouterr().out


def test_a_terminal_without_the_letters_gets_question_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A terminal that cannot show a name does not stop the command."""
    monkeypatch.setattr(type(sys.stdout), "encoding", "ascii")

    assert run("keygen", "-o", tmp_path / "é", "--name", "Zoll") == cli.FINE
    assert "/? (keep a copy" in capsys.readouterr().out


def test_every_error_has_an_exit_code() -> None:
    """The table of exit codes ends with a catch-all for what a verifier finds."""
    assert cli.OUTCOMES[-1][:2] == (Exception, cli.NOT_VERIFIED)
