"""The shipped programmes and an operator's folder."""

from datetime import timedelta
from pathlib import Path

import pytest

from reviewer.errors import ProgrammeError
from reviewer.rewards.library import MOST_FILES, is_old, library, shipped
from reviewer.rewards.programme import parse_programme
from reviewer.rewards.rules import KINDS
from reviewer.rewards.table import in_language
from tests.reviewer.rewards.cases import TODAY
from tests.reviewer.rewards.programmes import SMALL, changed


def test_every_record_ships() -> None:
    """Twenty-five programmes of seven countries, each with citation, source and rules, each in a file of its name."""
    found = shipped()
    assert len(found) == 25
    assert {programme.jurisdiction for programme in found} == {"US", "CA", "KR", "BD", "NP", "GH", "NG"}
    assert all(programme.citation and programme.sources and programme.rules for programme in found)
    folder = Path(__file__).parents[3] / "reviewer" / "data" / "programmes"
    assert {f"{programme.id}.toml" for programme in found} == {file.name for file in folder.iterdir()}


def test_an_operator_adds_and_corrects(tmp_path: Path) -> None:
    """A file with a shipped id takes its place, another comes last; whatever is no .toml file is left alone."""
    (tmp_path / "mine.toml").write_text(SMALL, "utf-8")
    (tmp_path / "better.toml").write_bytes(changed('"xx-one"', '"us-lacey"'))
    (tmp_path / "notes.txt").write_text("…", "utf-8")
    found = library(tmp_path)
    assert [programme.id for programme in found] == [*(programme.id for programme in shipped()), "xx-one"]
    (lacey,) = [programme for programme in found if programme.id == "us-lacey"]
    assert in_language(lacey.name, "en") == ("en", "One")


def test_without_a_folder_there_is_what_ships() -> None:
    """No folder is no error."""
    assert library(None) == shipped()


def test_what_is_wrong_names_its_file(tmp_path: Path) -> None:
    """A broken file, two files of one id, an unreadable one and a folder that is none are told apart."""
    with pytest.raises(ProgrammeError, match="does not exist"):
        library(tmp_path / "none")
    (tmp_path / "b.toml").write_text(SMALL, "utf-8")
    (tmp_path / "a.toml").write_text(SMALL, "utf-8")
    with pytest.raises(ProgrammeError, match=r"b\.toml: id is the same as in a\.toml; give it another"):
        library(tmp_path)
    (tmp_path / "a.toml").write_bytes(changed('"silent"', '"loud"'))
    with pytest.raises(ProgrammeError, match=r"a\.toml: anonymity must be one of"):
        library(tmp_path)
    (tmp_path / "a.toml").unlink()
    (tmp_path / "a.toml").mkdir()
    with pytest.raises(ProgrammeError, match=r"a\.toml: cannot be read"):
        library(tmp_path)


def test_a_folder_is_bounded(tmp_path: Path) -> None:
    """A folder with too many files is refused before any is read."""
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.toml").touch()
    with pytest.raises(ProgrammeError, match="more than"):
        library(tmp_path)


def test_old_records_say_so() -> None:
    """After 400 days a record must be checked again."""
    programme = shipped()[0]
    assert not is_old(programme, programme.checked + timedelta(days=400))
    assert is_old(programme, programme.checked + timedelta(days=401))
    assert not is_old(programme, TODAY)


def test_the_example_of_the_documents_is_a_programme() -> None:
    """What docs/rewards.md shows can be copied, and it names every kind of rule and every shipped record."""
    page = (Path(__file__).parents[3] / "docs" / "rewards.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert in_language(parse_programme(example.encode(), "example.toml").name, "sw") == ("sw", "Mfano")
    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []
    for programme in shipped():
        assert f"| `{programme.id}` |" in page
        assert f"| {programme.citation} | {len(programme.rules)} |" in page
