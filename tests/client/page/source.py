"""A source whose browser runs the page's script: Chromium at a real intake, with all that leaves it written down."""

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, Route, sync_playwright

from tests.submission.live import LiveIntake
from wire.opening import OpenLetter, read_files

CHROMIUM = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
READY = 30_000
"""Milliseconds that a busy machine may take for anything."""


@dataclass(frozen=True)
class Asked:
    """One request of the browser."""

    method: str
    path: str
    body: bytes


@dataclass
class Source:
    """A source at one page.

    Attributes:
        page: what they see.
        address: of the intake.
        asked: every request so far.
    """

    page: Page
    address: str
    asked: list[Asked] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(READY)
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))

    def _note(self, request: Request) -> None:
        path = urlsplit(request.url)
        self.asked.append(Asked(request.method, path.path + path.query, request.post_data_buffer or b""))

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(self.address + path)

    def lie(self, path: str, content: bytes, content_type: str = "application/json") -> None:
        """Let the intake answer something else at a path."""
        self.page.route(self.address + path, lambda route: route.fulfill(body=content, content_type=content_type))

    def answer(self, path: str, how: Callable[[Route], None]) -> None:
        """Let a test decide what becomes of each request to a path."""
        self.page.route(self.address + path, how)

    @property
    def sent(self) -> list[str]:
        """The paths of all that was sent, not only asked for."""
        return [one.path for one in self.asked if one.method != "GET"]

    @property
    def out(self) -> bytes:
        """All that left the browser, addresses and bodies."""
        return b"\n".join(one.path.encode() + b"\n" + one.body for one in self.asked)

    @property
    def words(self) -> str:
        """What the main part of the page says."""
        return self.page.locator("main").inner_text()

    @property
    def codename(self) -> str:
        """The eight words on the page."""
        return self.page.locator(".words").inner_text()

    def ready(self) -> None:
        """Wait until the page says that it can seal."""
        self.page.locator("[data-state]", has_text="Ready").wait_for()

    def write(self, story: str, *files: Path) -> None:
        """Fill in the form."""
        self.page.locator("textarea.story").fill(story)
        if files:
            self.page.locator("input[type=file]").set_input_files(files)

    def send(self) -> None:
        """Press the form's button."""
        self.page.locator("form[data-sealed] button[type=submit]").click()

    def choose(self, way: str) -> None:
        """Choose one of the ways: device, before or arrival."""
        self.page.locator(f"input[name=way][value={way}]").check()

    def wait(self, words: str) -> Locator:
        """Wait until the page says something."""
        found = self.page.get_by_text(words).first
        found.wait_for()
        return found


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM))
        try:
            yield started
        finally:
            started.close()


@contextmanager
def visit(started: Browser, port: int, *, scripts: bool = True, locale: str = "en-GB") -> Iterator[Source]:
    """A source in a browser of their own, which has never been here; a fault of the script fails the test."""
    context = started.new_context(
        viewport={"width": 1280, "height": 900}, locale=locale, java_script_enabled=scripts, service_workers="block"
    )
    source = Source(context.new_page(), f"http://127.0.0.1:{port}")
    try:
        yield source
    finally:
        context.close()
    assert source.broken == []


PIXEL = """() => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [16, 16];
  canvas.getContext("2d").fillRect(2, 2, 9, 9);
  return canvas.toDataURL("image/jpeg");
}"""


def photo(source: Source, camera: bytes) -> bytes:
    """Return a JPEG that says with which camera it was taken."""
    data: str = source.page.evaluate(PIXEL)
    plain = base64.b64decode(re.sub("^.*,", "", data))
    text = camera + b"\0"
    assert len(text) > 4
    # TIFF, little-endian: one directory with one field, the camera's maker, whose text follows the directory.
    directory = b"\x01\0" + b"\x0f\x01\x02\0" + len(text).to_bytes(4, "little") + (26).to_bytes(4, "little") + bytes(4)
    exif = b"Exif\0\0II*\0\x08\0\0\0" + directory + text
    return plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:]


def hold(source: Source, path: str) -> None:
    """Let every request to a path hang."""

    def wait(_route: Route) -> None:
        return

    source.answer(path, wait)


def newest(intake: LiveIntake, marker: str, reviewer: str = "r1") -> OpenLetter:
    """Return the one letter with this in its story."""
    (found,) = [one for one in intake.letters(reviewer).values() if marker in one.letter.story]
    return found


def contents(intake: LiveIntake, opened: OpenLetter, reviewer: str = "r1") -> dict[str, bytes]:
    """Return the files of a letter by their names."""

    def fetch(name: bytes) -> bytes:
        return intake.ask(reviewer, "GET", f"/api/parts/{name.hex()}")

    found = read_files(opened.letter, fetch, [intake.organisation.period[reviewer]])
    return {file.name: b"".join(pieces) for file, pieces in found}


def write_file(folder: Path, name: str, content: bytes) -> Path:
    """Put a file on the source's disk."""
    path = folder / name
    path.write_bytes(content)
    return path
