"""`lapwing seal-tip`: what it seals opens at the reviewers, and what is wrong leaves no file."""

from datetime import date
from pathlib import Path

import pytest

from crypto.claim import ClaimWords, claim_salt
from crypto.codename import Codename
from deploy.seal_tip import main
from tests.wire.organisation import INSTANCE, TODAY, Organisation
from wire.claim import commitment_of
from wire.errors import LetterError
from wire.letter import LETTER_SIZE, PART_SIZE, verify_letter
from wire.look import name_of
from wire.opening import open_letter, read_files

PHOTO = bytes(range(256)) * 5_000


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    """An organisation whose roster and key sheet were downloaded, beside a story and a photo."""
    organisation = Organisation()
    (tmp_path / "roster.json").write_bytes(organisation.roster_envelope.encode())
    (tmp_path / "keysheet.json").write_bytes(organisation.sign_sheet("r1", "r2").encode())
    (tmp_path / "story.txt").write_text("Des défenses d’éléphant. Ngà voi. 象牙。\n", encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    return organisation


def words(folder: Path, organisation: Organisation) -> list[str]:
    """The arguments that every call needs."""
    root = bytes(organisation.root.verify_key).hex()
    keys = ["--roster", str(folder / "roster.json"), "--sheet", str(folder / "keysheet.json"), "--root", root]
    return [*keys, "-o", str(folder / "letter.age")]


def seal(folder: Path, organisation: Organisation, *more: str, codename: str = "", today: date = TODAY) -> int:
    """Run the command as on that day, with a codename typed where it is asked for."""
    return main([*words(folder, organisation), *more], ask=lambda _prompt: codename, today=lambda: today)


def test_a_reviewer_opens_what_was_sealed_before(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """The letter is the source's by its MAC, says how it was sealed, and its file comes out whole."""
    story, photo = str(tmp_path / "story.txt"), str(tmp_path / "photo.jpg")
    assert seal(tmp_path, organisation, "--story", story, "--field", "species", "Loxodonta africana", photo) == 0
    sealed = (tmp_path / "letter.age").read_bytes()
    pieces = [sealed[start : start + PART_SIZE] for start in range(LETTER_SIZE, len(sealed), PART_SIZE)]
    parts = {name_of(piece): piece for piece in pieces}
    identity = organisation.period["r2"]
    opened = open_letter(sealed[:LETTER_SIZE], [identity])
    verify_letter(opened.letter, opened.content, opened.macs, "r2", organisation.signing["r2"])
    assert (opened.letter.sealed, opened.letter.number) == ("before", 1)
    assert opened.letter.story.endswith("象牙。")
    assert opened.letter.fields == {"species": "Loxodonta africana"}
    files = {file.name: b"".join(data) for file, data in read_files(opened.letter, parts.__getitem__, [identity])}
    assert files == {"photo.jpg": PHOTO}
    shown = capsys.readouterr().out.splitlines()[2].strip()
    assert bytes(Codename.parse(shown).derive(INSTANCE).conversation.public_key) == opened.letter.conversation


def test_a_follow_up_belongs_to_the_codename_that_was_typed(tmp_path: Path, organisation: Organisation) -> None:
    """With --number 2 the codename is asked for, and no case key travels again."""
    codename = Codename.generate()
    story = str(tmp_path / "story.txt")
    assert seal(tmp_path, organisation, "--story", story, "--number", "2", codename=str(codename)) == 0
    letter = open_letter((tmp_path / "letter.age").read_bytes(), [organisation.period["r1"]]).letter
    assert letter.conversation == bytes(codename.derive(INSTANCE).conversation.public_key)
    assert (letter.number, letter.case_key) == (2, None)


def test_claim_words_are_made_when_they_are_asked_for(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """The words shown once derive the keys whose commitment the letter carries; without --claim there are none."""
    story = ["--story", str(tmp_path / "story.txt")]
    assert seal(tmp_path, organisation, *story, "--claim") == 0
    letter = open_letter((tmp_path / "letter.age").read_bytes(), [organisation.period["r1"]]).letter
    commitment = commitment_of(letter)
    assert commitment is not None
    assert not commitment.known_to_intake
    shown = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    assert ClaimWords.parse(shown[1]).derive(commitment.salt).public.commitment == letter.claim
    assert seal(tmp_path, organisation, *story) == 0
    assert open_letter((tmp_path / "letter.age").read_bytes(), [organisation.period["r1"]]).letter.claim is None
    assert "claim" not in capsys.readouterr().out


def test_claim_words_can_be_made_later(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """A follow-up carries them as well, and then they alone are shown."""
    arguments = ["--story", str(tmp_path / "story.txt"), "--number", "2", "--claim"]
    assert seal(tmp_path, organisation, *arguments, codename=str(Codename.generate())) == 0
    letter = open_letter((tmp_path / "letter.age").read_bytes(), [organisation.period["r1"]]).letter
    (shown,) = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    salt = claim_salt(letter.instance, letter.tip)
    assert ClaimWords.parse(shown).derive(salt).public.commitment == letter.claim


def test_a_reviewer_left_out_cannot_open_it(tmp_path: Path, organisation: Organisation) -> None:
    """What is not to r3 does not open with r3's identity."""
    assert seal(tmp_path, organisation, "--story", str(tmp_path / "story.txt"), "--not-to", "r3") == 0
    sealed = (tmp_path / "letter.age").read_bytes()
    assert open_letter(sealed, [organisation.period["r1"]]).letter.not_to == ("r3",)
    with pytest.raises(LetterError, match="none of our keys"):
        open_letter(sealed, [organisation.period["r3"]])


def test_nothing_is_left_when_it_fails(
    tmp_path: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty tip, a missing file, keys of another week, another root: one line, and no file."""
    story = ["--story", str(tmp_path / "story.txt")]
    assert seal(tmp_path, organisation) == 1
    assert seal(tmp_path, organisation, *story, str(tmp_path / "nowhere.jpg")) == 1
    assert seal(tmp_path, organisation, *story, today=date(2026, 12, 9)) == 1
    assert seal(tmp_path, organisation, *story, "--root", "zz") == 1
    assert seal(tmp_path, organisation, *story, "--number", "2", codename="not a codename") == 1
    told = capsys.readouterr().err
    assert told.count("nothing was written\n") == 5
    assert "nowhere" not in told
    assert {path.name for path in tmp_path.iterdir()} == {"roster.json", "keysheet.json", "story.txt", "photo.jpg"}


def test_a_codename_that_cannot_be_asked_for_is_no_crash(tmp_path: Path, organisation: Organisation) -> None:
    """Without a terminal to type at, a follow-up is refused."""

    def nobody(_prompt: str) -> str:
        raise EOFError

    follow_up = [*words(tmp_path, organisation), "--story", str(tmp_path / "story.txt"), "--number", "2"]
    assert main(follow_up, ask=nobody, today=lambda: TODAY) == 1


def test_wrong_usage_is_told_apart(tmp_path: Path, organisation: Organisation) -> None:
    """Usage errors end with 2, help with 0."""
    assert main([]) == 2
    assert main(["--help"]) == 0
    assert seal(tmp_path, organisation, "--language", "xx") == 2
