"""Sealed on the device, in pieces: a way that breaks is another way's business; a browser that is closed ends it."""

import os
import secrets
from pathlib import Path
from typing import Final

import pytest

from deploy.material import digest
from tests.onion.control import Control
from tests.onion.firefox import Firefox, firefox
from tests.onion.network import wait_for
from tests.onion.place import Place
from tests.onion.stored import Stored
from tests.onion.telling import PATIENCE, SEND, fill_in, reads
from tests.onion.torbrowser import Level, preferences

SIZE: Final = 25 * 1024**2
PARTS: Final = 26
ANOTHER_PORT: Final = 2830
"""Another browser may still run on the usual one."""

at_standard = pytest.mark.parametrize("level", [Level.STANDARD], indirect=True, ids=lambda level: level.value)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file of 25 MiB."""
    path = tmp_path / "film.bin"
    path.write_bytes(os.urandom(SIZE))
    return path


def wait_for_parts(stored: Stored, before: frozenset[bytes], count: int) -> None:
    """Return when so many more parts have arrived."""
    wait_for(f"{count} parts", lambda: True if len(stored.names("parts") - before) >= count else None, PATIENCE, 0.05)


def break_circuits(tor: Control, onion: str) -> set[str]:
    """Close every circuit that just now carries something to an onion; return their numbers."""

    def found() -> set[str] | None:
        lines = [line.removeprefix("stream-status=").split() for line in tor.ask("GETINFO stream-status")]
        # Number, state, circuit, target; one that waits for a circuit has none yet.
        return {line[2] for line in lines if line and line[-1].startswith(onion) and line[2] != "0"} or None

    circuits = wait_for("a circuit to the onion", found, pause=0.01)
    for circuit in circuits:
        tor.ask(f"CLOSECIRCUIT {circuit}")
    return circuits


@at_standard
def test_an_upload_goes_on_over_another_circuit(place: Place, browser: Firefox, stored: Stored, film: Path) -> None:
    """Circuits break twice in the middle of 25 MiB: nobody presses anything, and all of it arrives, once."""
    mark = secrets.token_hex(16)
    letters, parts = stored.names("letters"), stored.names("parts")
    fill_in(place, browser, mark, film)
    with place.source.control() as tor:
        browser.click(SEND)
        wait_for_parts(stored, parts, 4)
        first = break_circuits(tor, place.visitors)
        wait_for_parts(stored, parts, 12)
        second = break_circuits(tor, place.visitors)
        reads(browser, "Your tip has arrived", PATIENCE)

    assert first.isdisjoint(second)
    assert len(stored.names("parts") - parts) == PARTS
    (name,) = stored.names("letters") - letters
    opened = stored.open(name, stored.ours, "r1")
    assert mark in opened.content["story"]
    assert opened.files == {film.name: digest(film)}


@at_standard
def test_a_browser_that_was_closed_starts_again(
    place: Place, stored: Stored, film: Path, tmp_path: Path, folder: Path, level: Level
) -> None:
    """What was under way is gone, as the page had said and says again; nothing of it is on the disk, and no letter."""
    mark, profile = secrets.token_hex(16), tmp_path / "profile"
    letters, parts = stored.names("letters"), stored.names("parts")
    settings = preferences(level, place.source.socks_port)
    with firefox(profile, settings, folder, "closed", ANOTHER_PORT) as browser:
        codename = fill_in(place, browser, mark, film)
        assert "keep this tab open until the page says that everything arrived" in browser.text
        browser.click(SEND)
        wait_for_parts(stored, parts, 3)

    with firefox(profile, settings, folder, "opened", ANOTHER_PORT) as browser:
        browser.open(f"http://{place.visitors}/tip")
        reads(browser, "Ready.")
        assert "if it is closed before, nothing can be continued, and what did arrive is never read." in browser.text
        assert "Then start again. You get a new codename for it" in browser.text
        assert browser.value_of("textarea[name=story]") == ""
        assert not browser.has("[data-files] .file")
        assert browser.text_of(".codename .words") != codename

    assert len(stored.names("parts") - parts) < PARTS
    assert stored.names("letters") == letters
    kept = [path for path in profile.rglob("*") if path.is_file() and not path.is_symlink()]
    assert kept
    assert not [
        path.name for path in kept if mark.encode() in path.read_bytes() or codename.encode() in path.read_bytes()
    ]
