"""`lapwing sealer`: whoever has Lapwing makes the sealer without the intake, or checks the one it gave out."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from crypto.dsse import sign
from deploy.sealer import main
from tests.wire.organisation import TODAY, Organisation
from wire import keysheet
from wire.bundle import sealer, sealer_digest
from wire.root_words import root_words


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    """An organisation whose roster and sealer were downloaded."""
    organisation = Organisation()
    roster = organisation.roster_envelope.encode()
    (tmp_path / "roster.json").write_bytes(roster)
    (tmp_path / "sealer.html").write_bytes(sealer(bytes(organisation.root.verify_key), roster))
    return organisation


def run(folder: Path, organisation: Organisation, words: Sequence[str], *, days: int = 0) -> int:
    """Run the command some days from today."""
    root = bytes(organisation.root.verify_key).hex()
    keys = ["--root", root, "--roster", str(folder / "roster.json")]
    return main([*keys, *words], today=lambda: TODAY + timedelta(days=days))


def sheet_that_names(folder: Path, organisation: Organisation, digest: bytes | None) -> list[str]:
    """Keep this week's key sheet with that sealer; return the words that name it."""
    payload = replace(organisation.sheet, sealer=digest).encode()
    first, second = (sign(keysheet.PAYLOAD_TYPE, payload, organisation.signing[one]) for one in ("r1", "r2"))
    path = folder / "keysheet.json"
    path.write_bytes(first.with_signatures(second).encode())
    return ["--sheet", str(path)]


def test_the_sealer_is_made_as_the_intake_gives_it(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is made here has the same bytes, and its root and hash are told."""
    assert run(tmp_path, organisation, ["-o", str(tmp_path / "own.html")]) == 0

    content = (tmp_path / "own.html").read_bytes()
    assert content == (tmp_path / "sealer.html").read_bytes()
    told = capsys.readouterr().out
    assert hashlib.sha256(content).hexdigest() in told
    assert " ".join(root_words(bytes(organisation.root.verify_key))) in told


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path, organisation: Organisation) -> None:
    """The sealer is never written over another file."""
    (tmp_path / "own.html").write_text("mine")

    assert run(tmp_path, organisation, ["-o", str(tmp_path / "own.html")]) == 1
    assert (tmp_path / "own.html").read_text() == "mine"


def test_a_genuine_sealer_that_is_signed_passes(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is the one, and this week's sheet says so."""
    digest = sealer_digest(bytes(organisation.root.verify_key), organisation.roster_envelope.encode())
    sheet = sheet_that_names(tmp_path, organisation, digest)

    assert run(tmp_path, organisation, [*sheet, str(tmp_path / "sealer.html")]) == 0
    told = capsys.readouterr().out
    assert "This Lapwing makes the same." in told
    assert "This week's key sheet names it." in told


@pytest.mark.parametrize(("named", "words"), [(None, "names none"), (bytes(32), "names another one")])
def test_a_genuine_sealer_that_is_not_signed_passes_and_is_told(
    tmp_path: Path, organisation: Organisation, named: bytes | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One who makes the same need not rely on the sheet, and hears what it says."""
    sheet = sheet_that_names(tmp_path, organisation, named)

    assert run(tmp_path, organisation, [*sheet, str(tmp_path / "sealer.html")]) == 0
    assert words in capsys.readouterr().out


def test_the_sealer_of_another_version_passes_when_the_reviewers_signed_it(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """After an upgrade the sheet of the week decides."""
    (tmp_path / "sealer.html").write_bytes(b"of another version")
    sheet = sheet_that_names(tmp_path, organisation, hashlib.sha256(b"of another version").digest())

    assert run(tmp_path, organisation, [*sheet, str(tmp_path / "sealer.html")]) == 0
    assert "Another version of Lapwing made it." in capsys.readouterr().out


def test_a_changed_sealer_is_refused(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """One byte more, and nobody vouches for it."""
    with (tmp_path / "sealer.html").open("ab") as file:
        file.write(b"\n")
    sheet = sheet_that_names(tmp_path, organisation, None)

    assert run(tmp_path, organisation, [*sheet, str(tmp_path / "sealer.html")]) == 1
    assert "do not use it" in capsys.readouterr().err


def test_another_root_refuses_the_roster(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the root of the printed card a false roster does not pass."""
    organisation.root = SigningKey.generate()

    assert run(tmp_path, organisation, [str(tmp_path / "sealer.html")]) == 1
    assert "not signed by the organisation's root key" in capsys.readouterr().err


def test_a_stale_sheet_is_refused(tmp_path: Path, organisation: Organisation) -> None:
    """What a sheet of another week names counts for nothing."""
    sheet = sheet_that_names(tmp_path, organisation, None)

    assert run(tmp_path, organisation, [*sheet, str(tmp_path / "sealer.html")], days=14) == 1


def test_a_root_that_is_no_number_is_refused(tmp_path: Path, organisation: Organisation) -> None:
    """A mistyped root is not taken for another."""
    assert main(["--root", "xyz", "--roster", str(tmp_path / "roster.json"), str(tmp_path / "sealer.html")]) == 1


@pytest.mark.parametrize("words", [[], ["-o", "a.html", "b.html"]])
def test_one_of_making_and_checking_must_be_said(
    tmp_path: Path, organisation: Organisation, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither or both is a mistake in calling."""
    assert run(tmp_path, organisation, words) == 2
    assert "usage" in capsys.readouterr().err


def test_calling_it_wrongly_or_for_help(capsys: pytest.CaptureFixture[str]) -> None:
    """A missing option is told as usage, and help is no mistake."""
    assert main(["x"]) == 2
    assert main(["--help"]) == 0
    assert "usage" in capsys.readouterr().out


def test_a_missing_file_is_told(tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is told without a traceback."""
    assert run(tmp_path, organisation, [str(tmp_path / "nothing.html")]) == 1
    assert "No such file" in capsys.readouterr().err
