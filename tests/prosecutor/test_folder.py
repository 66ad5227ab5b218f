"""Reading a dossier's folder."""

from pathlib import Path

import pytest

from prosecutor.errors import MissingFileError, PlaceError
from prosecutor.folder import list_files, measure, read_small, shown


def test_all_files_are_listed_in_order(folder: Path) -> None:
    """Every plain file is listed by its name in the bag."""
    names = list_files(folder)

    assert names == tuple(sorted(names))
    assert set(names) == {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_file_that_went_away_is_told(folder: Path) -> None:
    """A file that vanishes between listing and reading is missing, and one that cannot be read is told."""
    with pytest.raises(MissingFileError):
        read_small(folder, "gone")
    with pytest.raises(PlaceError):
        read_small(folder, "data")
    with pytest.raises(PlaceError):
        measure(folder, "gone")


@pytest.mark.parametrize("name", ["a b", "../x/../y/z", "a/b/c/d", "é", "x" * 61, "a\nb", ""])
def test_only_harmless_names_are_shown(name: str) -> None:
    """A name with anything but plain ASCII letters, digits and dots is not repeated."""
    assert shown(name) == "something with an unusual name"
    assert shown("data/Thumbs.db") == "data/Thumbs.db"
