"""A source at the tip form: what they do there in each of the three ways."""

from pathlib import Path
from typing import Final

from tests.onion.firefox import SECONDS, Firefox
from tests.onion.network import wait_for
from tests.onion.place import Place

SEND: Final = "form[data-sealed=tip] button[type=submit]"
SCRIPTED: Final = "[data-ways]:not([hidden])"
ORIGINAL: Final = "[data-files] input[value=original]"
PATIENCE: Final = 120
"""Seconds that sealing and sending may take on a machine that has other work."""


def reads(browser: Firefox, words: str, seconds: float = SECONDS) -> None:
    """Return when the page says something."""
    wait_for(f"“{words}”", lambda: True if words in browser.text else None, seconds)


def write(browser: Firefox, story: str, *files: Path) -> None:
    """Write into the form, with files as they are; where a script seals, return when it could."""
    scripted = browser.has(SCRIPTED)
    if scripted:
        reads(browser, "Ready.")
    browser.type("textarea[name=story]", story)
    browser.choose("input[name=files]", *files)
    if scripted:
        wait_for("all files", lambda: True if browser.count(ORIGINAL) == len(files) else None, SECONDS)
        browser.click_all(ORIGINAL)


def fill_in(place: Place, browser: Firefox, mark: str, *files: Path) -> str:
    """Open the form and write into it; return the codename that it shows."""
    browser.open(f"http://{place.visitors}/tip")
    write(browser, f"Ivory, on the market. {mark}", *files)
    return browser.text_of(".codename .words")


def on_device(place: Place, browser: Firefox, mark: str, *files: Path) -> str:
    """Have the page's own script seal a tip; return the codename when it has arrived."""
    codename = fill_in(place, browser, mark, *files)
    browser.click(SEND)
    reads(browser, "Your tip has arrived", PATIENCE)
    return codename


def on_arrival(place: Place, browser: Firefox, mark: str, *files: Path) -> str:
    """Have the intake seal a tip, chosen where there is a choice; return the codename when it has arrived."""
    codename = fill_in(place, browser, mark, *files)
    if browser.has(SCRIPTED):
        browser.click("input[name=way][value=arrival]")
    browser.send(SEND)
    reads(browser, "Your tip has arrived")
    return codename


def hand_in(place: Place, browser: Firefox, letter: Path) -> None:
    """Hand in a letter that was sealed before."""
    browser.open(f"http://{place.visitors}/letter")
    browser.choose("input[name=letter]", letter)
    browser.send("main form button[type=submit]")
    reads(browser, "Your letter has arrived")
