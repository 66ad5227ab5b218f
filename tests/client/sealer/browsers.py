"""The two browsers that sources have, as far as they use the sealer: the same steps in both."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from playwright.sync_api import Page, sync_playwright

from tests.onion.firefox import Firefox, firefox
from tests.onion.network import wait_for
from tests.onion.torbrowser import ALWAYS, FASTER_CODE

SECONDS: Final = 60.0
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
READY: Final = "const it = document.querySelector(%r); return !!it && it.checkVisibility() && !it.disabled"
# What only Tor Browser sets; the rest keeps Firefox from asking for anything by itself.
OF_TOR_BROWSER: Final = (
    *("privacy.", "network.", "browser.privatebrowsing.", "webgl.", "dom."),
    *("browser.sessionstore.", "browser.formfill.", "browser.cache."),
)


class Browser(Protocol):
    """One window that shows the sealer."""

    def open(self, file: Path) -> None:
        """Open a file from the disk."""

    def choose(self, css: str, *files: Path) -> None:
        """Choose files for a file field."""

    def type(self, css: str, text: str) -> None:
        """Write into a field, in place of what stands there."""

    def click(self, css: str) -> None:
        """Click what is there, or comes."""

    def text(self, css: str = "body") -> str:
        """What a person reads in the first element that a selector finds."""

    def run(self, script: str) -> Any:  # whatever the script returns
        """Run the body of a function beside the page."""

    def save(self, css: str, name: str = "letter.age") -> bytes:
        """Click what saves a file of that name; return what was saved."""

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page."""


def ready(browser: Browser, css: str) -> None:
    """Wait until what a selector finds can be seen and used."""
    wait_for(css, lambda: True if browser.run(READY % css) else None, SECONDS)


def reads(browser: Browser, words: str) -> str:
    """Wait until the page says these words; return all that it says."""

    def look() -> str | None:
        text = browser.text()
        return text if words in text else None

    return wait_for(words, look, SECONDS)


class Chromium:
    """Chromium, driven by playwright.

    Attributes:
        asked: every address that the page or its workers asked for.
    """

    def __init__(self, page: Page, pictures: Path) -> None:
        self._page = page
        self._pictures = pictures
        self.asked: list[str] = []
        page.context.on("request", lambda request: self.asked.append(request.url))

    def open(self, file: Path) -> None:
        """Open a file from the disk."""
        self._page.goto(file.as_uri())

    def choose(self, css: str, *files: Path) -> None:
        """Choose files for a file field."""
        self._page.set_input_files(css, [str(file) for file in files])

    def type(self, css: str, text: str) -> None:
        """Write into a field."""
        self._page.fill(css, text)

    def click(self, css: str) -> None:
        """Click."""
        ready(self, css)
        self._page.click(css)

    def text(self, css: str = "body") -> str:
        """What a person reads."""
        return self._page.inner_text(css)

    def run(self, script: str) -> Any:  # whatever the script returns
        """Run a script."""
        return self._page.evaluate(f"async () => {{ {script} }}")

    def save(self, css: str, name: str = "letter.age") -> bytes:
        """Save a file; return what was saved."""
        with self._page.expect_download() as download:
            self.click(css)
        assert download.value.suggested_filename == name
        return Path(download.value.path()).read_bytes()

    def picture(self, name: str) -> None:
        """Keep pictures: wide and narrow, in light and in dark."""
        for width in (1280, 400):
            self._page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark") if name == "form" else ("light",):
                self._page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                path = self._pictures / f"sealer-{name}-{width}{'-dark' if scheme == 'dark' else ''}.png"
                self._page.screenshot(path=path, full_page=True)
                wide = self._page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{name} is {wide} pixels wide at {width}"
        self._page.set_viewport_size({"width": 1280, "height": 900})
        self._page.emulate_media(color_scheme="light")


class OrdinaryFirefox:
    """Firefox, driven by marionette.

    Attributes:
        profile: folder in which it keeps what it keeps.
    """

    def __init__(self, window: Firefox, folder: Path, profile: Path) -> None:
        self._window = window
        self._folder = folder
        self.profile = profile

    def open(self, file: Path) -> None:
        """Open a file from the disk."""
        self._window.open(file.as_uri())

    def choose(self, css: str, *files: Path) -> None:
        """Choose files for a file field."""
        self._window.choose(css, *files)

    def type(self, css: str, text: str) -> None:
        """Write into a field."""
        self._window.driver.do("WebDriver:ElementClear", id=self._window.driver.find(css))
        self._window.type(css, text)

    def click(self, css: str) -> None:
        """Click."""
        ready(self, css)
        self._window.click(css)

    def text(self, css: str = "body") -> str:
        """What a person reads."""
        return self._window.text_of(css)

    def run(self, script: str) -> Any:  # whatever the script returns
        """Run a script."""
        return self._window.driver.value("WebDriver:ExecuteScript", script=script, args=[])

    def save(self, css: str, name: str = "letter.age") -> bytes:
        """Save a file; return what was saved."""
        self.click(css)
        place = self._folder / name
        # The name is taken at once; the content comes under another one and takes its place at the end.
        path = wait_for("the download", lambda: place if place.exists() and place.stat().st_size else None, SECONDS)
        saved = path.read_bytes()
        path.unlink()
        return saved

    def picture(self, name: str) -> None:
        """Keep a picture."""
        self._window.picture(name)


@contextmanager
def chromium(port: int, pictures: Path) -> Iterator[Chromium]:
    """A new window of Chromium whose only way out is a proxy at that port of 127.0.0.1."""
    proxy = f"--proxy-server=socks5://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, proxy, "--proxy-bypass-list=<-loopback>"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        yield Chromium(page, pictures)
        browser.close()


@contextmanager
def ordinary_firefox(port: int, pictures: Path, folder: Path, more: Mapping[str, bool]) -> Iterator[OrdinaryFirefox]:
    """A new Firefox whose only way out is a proxy at that port of 127.0.0.1."""
    quiet = {name: value for name, value in ALWAYS.items() if not name.startswith(OF_TOR_BROWSER)}
    downloads = folder / "downloads"
    downloads.mkdir()
    preferences = {
        **quiet,
        "network.proxy.type": 1,
        "network.proxy.socks": "127.0.0.1",
        "network.proxy.socks_port": port,
        "network.proxy.socks_remote_dns": True,
        "network.proxy.allow_hijacking_localhost": True,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "browser.download.folderList": 2,
        "browser.download.dir": str(downloads),
        "browser.download.useDownloadDir": True,
        "intl.accept_languages": "en-GB",
        # Milliseconds between two times that it writes down what stands in its windows; by itself 15,000.
        "browser.sessionstore.interval": 1_000,
        "browser.sessionstore.interval.idle": 1_000,
        **more,
    }
    with firefox(folder / "profile", preferences, pictures, "sealer-firefox") as window:
        yield OrdinaryFirefox(window, downloads, folder / "profile")


def start(name: str, port: int, pictures: Path, folder: Path) -> AbstractContextManager[Browser]:
    """Start a browser by its name: `chromium`, `firefox`, or `firefox without JIT`, which is as slow as Tor Browser."""
    if name == "chromium":
        return chromium(port, pictures)
    slow = dict.fromkeys(FASTER_CODE, False) if name == "firefox without JIT" else {}
    return ordinary_firefox(port, pictures, folder, slow)
