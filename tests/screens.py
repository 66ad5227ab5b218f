"""Pictures of every page, as people see them: `python -m tests.screens` plays the story and writes docs/screens/.

Chromium, at 1280 and at 400 pixels, in light; the main pages in dark too. Look at them after every change of a page.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.checks import Checks
from deploy.organisation import Ports, found
from deploy.processes import Processes
from deploy.reviewer_player import ReviewerPlayer
from deploy.stage import Stage, start
from deploy.story import tell

FOLDER: Final = Path(__file__).parent.parent / "docs" / "screens"
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
WIDTHS: Final = {1280: 900, 400: 800}
IN_DARK: Final = ("intake-tip", "reviewer-case", "dossier-report")
BASE: Final = 20_000


@dataclass(frozen=True)
class Picture:
    """One page to take pictures of.

    Attributes:
        name: of the file, without width and ending.
        url: where the page is.
        then: what a person does there before the picture is taken.
        locale: the browser's language.
    """

    name: str
    url: str
    then: Callable[[Page], None] = lambda _page: None
    locale: str = "en-GB"


def main() -> int:
    """Play the story, then take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Processes() as processes, sync_playwright() as playwright:
        stage = start(found(Path(folder), Ports(BASE)), processes, Checks(), 1 << 20)
        tell(stage)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for picture in (*of_intake(stage), *of_reviewer(stage), *of_prosecutor(stage)):
            take(browser, stage, picture)
        browser.close()
    # Text on paper needs few colours; the pictures are a quarter of the size then.
    pictures = [str(path) for path in sorted(FOLDER.glob("*.png"))]
    subprocess.run(["pngquant", "--force", "--ext", ".png", "--speed", "1", "32", *pictures], check=True)
    return 0


def take(browser: Browser, stage: Stage, picture: Picture) -> None:
    """Take one page's pictures, in every width, and in dark where that is wanted."""
    for width, height in WIDTHS.items():
        for scheme in ("light", "dark") if picture.name in IN_DARK else ("light",):
            with page(browser, stage, (width, height), scheme, picture.locale) as shown:
                shown.goto(picture.url)
                # The script has said its last word when nothing is on the way any more.
                shown.locator(":root:not(:has(.coming, progress))").wait_for()
                picture.then(shown)
                suffix = "" if scheme == "light" else "-dark"
                shown.screenshot(path=FOLDER / f"{picture.name}-{width}{suffix}.png", full_page=True)
                wide = shown.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{picture.name} is {wide} pixels wide at {width}"


@contextmanager
def page(browser: Browser, stage: Stage, size: tuple[int, int], scheme: str, locale: str) -> Iterator[Page]:
    """A fresh browser that already holds the sessions of the reviewers' apps."""
    dark = scheme == "dark"
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light", locale=locale
    )
    for reviewer in stage.reviewers:
        for name, value in reviewer.visitor.cookies(reviewer.app).items():
            path = urlsplit(reviewer.app).path
            context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": path}])
    yield context.new_page()
    context.close()


def of_intake(stage: Stage) -> Iterator[Picture]:
    """The pages of a source."""
    intake, codename = stage.made.intake, stage.source.codename
    for name in ("home", "tip", "mailbox", "letter", "offline", "keys", "rewards", "protection"):
        path = "/" if name == "home" else f"/{name}"
        yield Picture(f"intake-{name}", intake + path)
        yield Picture(f"intake-{name}-fr", f"{intake}{path}?lang=fr")
    yield Picture("intake-tip-open", f"{intake}/tip", unfold)
    yield Picture("intake-not-found", f"{intake}/nowhere")

    def send(shown: Page, way: str = "device") -> None:
        shown.check(f"input[name=way][value={way}]")
        shown.fill("textarea[name=story]", "Parrot eggs are offered in a closed group.")
        shown.click("form[action*='/tip'] button[type=submit]")
        shown.get_by_role("heading", name="Your tip has arrived").wait_for()

    def send_in_danger(shown: Page) -> None:
        shown.check("input[name=in_danger_now]")
        send(shown)

    def read(shown: Page, words: str = codename) -> None:
        shown.fill("input[name=codename]", words)
        shown.click("button[type=submit]")
        shown.locator("h1:text-is('Replies'), [role=alert]:visible").first.wait_for()

    yield Picture("intake-sent", f"{intake}/tip", send)
    yield Picture("intake-sent-on-arrival", f"{intake}/tip", lambda shown: send(shown, "arrival"))
    yield Picture("intake-sent-in-danger", f"{intake}/tip", send_in_danger)
    yield Picture("intake-replies", f"{intake}/mailbox", read)
    yield Picture("intake-typing-error", f"{intake}/mailbox", lambda shown: read(shown, "one two three"))


def of_reviewer(stage: Stage) -> Iterator[Picture]:
    """The pages of a reviewer."""
    first = stage.reviewers[0]
    case = first.case_with(stage.material.mark) or ""
    paths = {"inbox": "/", "case-new": "/cases/new", "offices": "/offices", "log": "/log", "settings": "/settings"}
    paths |= {"rewards-all": "/rewards"}
    for name, path in paths.items():
        yield Picture(f"reviewer-{name}", first.app + path)
    parts = ("conversation", "exhibits", "dossiers", "dossiers/new", "rewards", "history")
    yield Picture("reviewer-case", f"{first.app}/cases/{case}")
    yield Picture("reviewer-case-fr", f"{first.app}/cases/{case}", locale="fr-FR")
    yield Picture("reviewer-case-work", f"{first.app}/cases/{case}", unfold)
    for part in parts:
        yield Picture(f"reviewer-{part.replace('/', '-')}", f"{first.app}/cases/{case}/{part}")
    yield Picture("reviewer-file", f"{first.app}/cases/{case}/files/{first.files(case)[0]}")
    for number, proposal in enumerate(_proposals(first, case)):
        yield Picture(("reviewer-dossier", "reviewer-release")[number], f"{first.app}{proposal}")
    yield Picture("reviewer-unlock", f"{stage.reviewers[2].app}/", lock)


def _proposals(reviewer: ReviewerPlayer, case: str) -> tuple[str, ...]:
    """The newest proposal, a dossier, and the oldest, a release."""
    links = [link for link, _ in reviewer.case(case, "/dossiers").links if "/proposals/" in link]
    return tuple(link.removeprefix(reviewer.app) for link in (links[0], links[-1]))


def of_prosecutor(stage: Stage) -> Iterator[Picture]:
    """The report in an opened dossier."""
    yield Picture("dossier-report", f"file://{stage.prosecutor.folder}/tip/data/report.html")


def unfold(shown: Page) -> None:
    """Open every folded group."""
    shown.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


def lock(shown: Page) -> None:
    """Lock the vault, unless it is locked already."""
    if shown.locator("form[action$='/lock']").count():
        shown.click("form[action$='/lock'] button")


if __name__ == "__main__":
    sys.exit(main())
