"""`lapwing keys`: a root makes rosters, and only its heir can follow it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from crypto.dsse import Envelope
from deploy.keys import main
from wire.root_words import root_words
from wire.roster import Roster, open_next_roster, open_roster

TODAY = datetime.now(UTC).date()


def reviewers(*names: str) -> list[str]:
    """Arguments that put freshly made reviewers on a roster."""
    words = []
    for name in names:
        words += ["--reviewer", name, f"Desk {name}", bytes(SigningKey.generate().verify_key).hex()]
    return words


def root_of(folder: Path) -> bytes:
    """The public root key that a folder publishes."""
    return bytes.fromhex((folder / "root.pub").read_text().strip())


def envelope(path: Path) -> Envelope:
    """A signed roster as it was written."""
    return Envelope.decode(path.read_bytes())


@pytest.fixture
def organisation(tmp_path: Path) -> Path:
    """A folder with a root, its next root, and a roster of three."""
    assert main(["root", "-o", str(tmp_path / "a")]) == 0
    roster = ["roster", "--root", str(tmp_path / "a/root.key"), *reviewers("r1", "r2", "r3")]
    assert main([*roster, "-o", str(tmp_path / "1.json")]) == 0
    return tmp_path


def test_a_roster_is_signed_by_the_root(organisation: Path) -> None:
    """The roster opens with the root that was published, and only with that."""
    roster = open_roster(envelope(organisation / "1.json"), root_of(organisation / "a"), TODAY)
    assert (roster.version, roster.ids, roster.approvals) == (1, ("r1", "r2", "r3"), 2)


def test_secret_files_are_for_their_owner_alone(organisation: Path) -> None:
    """Nobody else on the computer can read a root key."""
    assert {(organisation / "a" / name).stat().st_mode & 0o777 for name in ("root.key", "next-root.key")} == {0o600}


def test_a_key_is_never_overwritten(organisation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Making a root where one is leaves the one that is."""
    before = (organisation / "a/root.key").read_bytes()
    assert main(["root", "-o", str(organisation / "a")]) == 1
    assert (organisation / "a/root.key").read_bytes() == before
    assert "lapwing:" in capsys.readouterr().err


def test_the_next_roster_removes_and_adds(organisation: Path) -> None:
    """A reviewer who leaves is listed as removed, with the last event of theirs that counts."""
    words = ["roster", "--root", str(organisation / "a/root.key"), "--previous", str(organisation / "1.json")]
    assert main([*words, "--remove", "r3", "ab" * 32, *reviewers("r4"), "-o", str(organisation / "2.json")]) == 0
    previous = Roster.decode(envelope(organisation / "1.json").payload)
    roster, _ = open_next_roster(envelope(organisation / "2.json"), previous, root_of(organisation / "a"), TODAY)
    assert roster.ids == ("r1", "r2", "r4")
    assert [(one.id, one.last_event) for one in roster.removed] == [("r3", bytes.fromhex("ab" * 32))]


def test_the_next_root_takes_over(organisation: Path) -> None:
    """A lost or stolen root is replaced by the one whose hash the last roster named."""
    heir = ["root", "--heir", str(organisation / "a/next-root.key"), "-o", str(organisation / "b")]
    assert main(heir) == 0
    words = ["roster", "--root", str(organisation / "b/root.key"), "--previous", str(organisation / "1.json")]
    assert main([*words, "-o", str(organisation / "2.json")]) == 0
    previous = Roster.decode(envelope(organisation / "1.json").payload)
    _, root = open_next_roster(envelope(organisation / "2.json"), previous, root_of(organisation / "a"), TODAY)
    assert root == root_of(organisation / "b")


def test_a_stranger_cannot_follow(organisation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another organisation's root cannot sign the next roster."""
    assert main(["root", "-o", str(organisation / "c")]) == 0
    words = ["roster", "--root", str(organisation / "c/root.key"), "--previous", str(organisation / "1.json")]
    assert main([*words, "-o", str(organisation / "2.json")]) == 1
    assert not (organisation / "2.json").exists()
    assert "not signed by the organisation's root" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--root", "a/next-root.key"],
        ["--root", "a/root.pub"],
        ["--root", "nowhere"],
        ["--root", "a/root.key", "--reviewer", "r1", "Desk", "not hexadecimal"],
        ["--root", "a/root.key", "--previous", "1.json", "--remove", "r9", "none"],
    ],
)
def test_what_is_wrong_writes_nothing(
    organisation: Path, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong file or value is told in one line, without repeating it."""
    monkeypatch.chdir(organisation)
    assert main(["roster", *words, "-o", "new.json"]) == 1
    assert not (organisation / "new.json").exists()
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "not hexadecimal" not in told


def test_wrong_usage_repeats_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped command line is answered with the usage alone."""
    assert main(["roster", "--codename", "secret words"]) == 2
    assert "secret" not in capsys.readouterr().err
    assert main(["--help"]) == 0


def test_the_root_is_shown_in_words_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is to be printed on a card is shown as it will be compared."""
    assert main(["root", "-o", str(tmp_path / "a")]) == 0

    assert f"in words: {' '.join(root_words(root_of(tmp_path / 'a')))}\n" in capsys.readouterr().out
