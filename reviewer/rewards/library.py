"""The programmes that there are: those that ship, and an operator's own, which correct and add."""

from collections.abc import Iterable
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

from reviewer.errors import ProgrammeError
from reviewer.rewards.programme import LIMITS, Programme, parse_programme

OLD_AFTER: Final = timedelta(days=400)
"""A record checked longer ago says "check again": laws and figures change."""

MOST_FILES: Final = 400


def shipped() -> tuple[Programme, ...]:
    """Return the programmes that ship with Lapwing, by id."""
    folder = resources.files("reviewer").joinpath("data", "programmes")
    files = sorted((file.name, file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(parse_programme(content, name) for name, content in files)


def library(folder: Path | None) -> tuple[Programme, ...]:
    """Return the shipped programmes with an operator's own: one of the same id takes its place, others come after.

    Args:
        folder: with one `.toml` file a programme; None for none.

    Raises:
        ProgrammeError: the folder or a file in it cannot be read, a file is not as it must be, or two have one id. It
            names the file, the field and what to write.
    """
    own = () if folder is None else _own(folder)
    return tuple((({one.id: one for one in shipped()}) | {one.id: one for one in own}).values())


def is_old(programme: Programme, today: date) -> bool:
    """Tell whether a record must be checked again."""
    return today - programme.checked > OLD_AFTER


def _own(folder: Path) -> Iterable[Programme]:
    if not folder.is_dir():
        raise ProgrammeError("the folder of programmes does not exist; make it, or leave the option out")
    files = sorted(file for file in folder.iterdir() if file.suffix == ".toml")
    if len(files) > MOST_FILES:
        raise ProgrammeError(f"the folder of programmes holds more than {MOST_FILES} files; take some out")
    found: dict[str, str] = {}
    programmes = []
    for file in files:
        programme = parse_programme(_read(file), file.name)
        if programme.id in found:
            raise ProgrammeError(f"{file.name}: id is the same as in {found[programme.id]}; give it another")
        found[programme.id] = file.name
        programmes.append(programme)
    return programmes


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LIMITS.file_bytes + 1)
    except OSError:
        raise ProgrammeError(f"{file.name}: cannot be read; check its permissions") from None
