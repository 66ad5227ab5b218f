"""The three ways to seal, at the levels where each exists, small and large: what arrives opens in two programs."""

import os
import secrets
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Final

import pytest

from deploy.material import digest
from deploy.organisation import LABELS
from deploy.processes import run
from tests.client.sealer.browsers import Chromium, chromium, reads, ready
from tests.client.sealer.watchman import Watchman
from tests.onion.firefox import Firefox
from tests.onion.place import Place, downloaded, eventually
from tests.onion.stored import Stored
from tests.onion.telling import hand_in, on_arrival, on_device
from tests.onion.torbrowser import Level

KIBIBYTE: Final = 1024
MEBIBYTE: Final = 1024**2
SMALL, MIDDLE, LARGE = KIBIBYTE, 5 * MEBIBYTE, 25 * MEBIBYTE

# Each way at each of its levels, and each way with each size; not all of them with all.
CASES: Final = [
    (Level.STANDARD, "device", LARGE),
    (Level.STANDARD, "arrival", MIDDLE),
    (Level.STANDARD, "sealer", SMALL),
    (Level.SAFER, "device", SMALL),
    (Level.SAFER, "device", MIDDLE),
    (Level.SAFER, "arrival", SMALL),
    (Level.SAFER, "sealer", MIDDLE),
    (Level.SAFEST, "arrival", LARGE),
    (Level.SAFEST, "command line", LARGE),
    (Level.SAFEST, "sealer", SMALL),
]
SEALED: Final = {"device": "device", "arrival": "arrival", "sealer": "before", "command line": "before"}
AT_A_DESK: Final = {
    "device": "Sealed by the page on",
    "arrival": "Sealed on arrival",
    "before": "Sealed before the source came",
}


@pytest.fixture
def at_home(tmp_path: Path) -> Iterator[Chromium]:
    """An ordinary browser on the source's own computer, whose only way out is shut; it opens files from the disk."""
    with Watchman() as watchman, chromium(watchman.port, tmp_path) as window:
        yield window
        assert {address.partition(":")[0] for address in window.asked} <= {"file", "blob"}


def sealed_before(place: Place, way: str, mark: str, film: Path, request: pytest.FixtureRequest) -> Path:
    """Download what the way needs, seal at home, and return the finished letter."""
    home = film.parent
    for name in ("roster.json", "keysheet.json", "sealer.html"):
        (home / name).write_bytes(downloaded(place, name))
    letter = home / "letter.age"
    if way == "command line":
        (home / "story.txt").write_text(mark, "utf-8")
        words = ("seal-tip", "--roster", "roster.json", "--sheet", "keysheet.json", "--root", place.made.root)
        run(*words, "--story", "story.txt", "-o", letter.name, film.name, folder=home)
        return letter
    window: Chromium = request.getfixturevalue("at_home")
    window.open(home / "sealer.html")
    window.choose("#sheet", home / "keysheet.json")
    ready(window, "#write")
    window.click("#write")
    window.type("#story", mark)
    window.choose("#files", film)
    window.click("#files-found input[value=original]")
    window.click("form button[type=submit]")
    reads(window, "Your letter is sealed")
    letter.write_bytes(window.save("#save"))
    return letter


desks = cycle(LABELS)


@pytest.mark.parametrize(
    ("level", "way", "size"),
    CASES,
    indirect=["level"],
    ids=[f"{level.value}-{way.replace(' ', '-')}-{size // KIBIBYTE}-KiB" for level, way, size in CASES],
)
def test_what_was_sealed_opens_everywhere(
    place: Place,
    browser: Firefox,
    stored: Stored,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    way: str,
    size: int,
) -> None:
    """One letter comes, whole; it says how it was sealed, as desks do; its file is the same out of both programs."""
    mark, film = secrets.token_hex(16), tmp_path / "film.bin"
    film.write_bytes(os.urandom(size))
    letters, parts = stored.names("letters"), stored.names("parts")

    if way == "device":
        on_device(place, browser, mark, film)
    elif way == "arrival":
        on_arrival(place, browser, mark, film)
    else:
        hand_in(place, browser, sealed_before(place, way, mark, film, request))

    browser.picture(f"{SEALED[way]}-{size // KIBIBYTE}")
    (name,) = stored.names("letters") - letters
    assert len(stored.names("parts") - parts) == size // MEBIBYTE + 1
    for unseal in (stored.ours, stored.theirs):
        opened = stored.open(name, unseal, next(desks))
        assert opened.content["sealed"] == SEALED[way]
        assert mark in opened.content["story"]
        assert opened.files == {film.name: digest(film)}
    case = eventually("the tip at a desk", lambda: place.desks[0].case_with(mark))
    assert AT_A_DESK[SEALED[way]] in place.desks[0].case(case).text
