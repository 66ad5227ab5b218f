"""Firefox ESR, as a source sits before it: opens pages, fills in forms, sees what stands there."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.onion.marionette import Marionette, MarionetteError
from tests.onion.network import wait_for
from tests.onion.torbrowser import Preferences

MARIONETTE_PORT: Final = 2828
SECONDS: Final = 120
TRIES: Final = 3
"""How often a person opens an address before they give up, since circuits fail, or looks at a page that changes."""
CHANGING: Final = ("stale element reference", "no such element")
READY: Final = "return document.readyState != 'loading'"
WINDOW: Final = {"MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "1000"}


class Firefox:
    """One window of a browser that was just started.

    Attributes:
        driver: for what stands not here.
    """

    def __init__(self, driver: Marionette, pictures: Path, name: str) -> None:
        """Sit down before it.

        Args:
            driver: a session.
            pictures: folder for screenshots.
            name: stands before the name of each.
        """
        self.driver = driver
        self._pictures = pictures
        self._name = name
        self._taken = 0

    @property
    def address(self) -> str:
        """What the address bar shows."""
        shown: str = self.driver.value("WebDriver:GetCurrentURL")
        return shown

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        return self.text_of("body")

    def open(self, url: str) -> None:
        """Open an address, once more when the browser's page comes that there is no answer; return when it is there.

        Raises:
            MarionetteError: that page came each time.
        """
        for _ in range(TRIES - 1):
            with contextlib.suppress(MarionetteError):
                self.driver.do("WebDriver:Navigate", url=url)
                return
        self.driver.do("WebDriver:Navigate", url=url)

    def text_of(self, css: str) -> str:
        """Return the visible text of the first element that a selector finds, also while pages change.

        Raises:
            MarionetteError: there is no such element.
        """
        for _ in range(TRIES - 1):
            try:
                return self._text_of(css)
            except MarionetteError as error:
                if error.kind not in CHANGING:
                    raise
                time.sleep(0.1)
        return self._text_of(css)

    def _text_of(self, css: str) -> str:
        text: str = self.driver.value("WebDriver:GetElementText", id=self.driver.find(css))
        return text

    def value_of(self, css: str) -> str:
        """Return what a field holds."""
        value: str = self.driver.value("WebDriver:GetElementProperty", id=self.driver.find(css), name="value")
        return value

    def has(self, css: str) -> bool:
        """Tell whether a selector finds anything."""
        return self.count(css) > 0

    def count(self, css: str) -> int:
        """Return how much a selector finds."""
        return len(self.driver.find_all(css))

    def type(self, css: str, text: str) -> None:
        """Type into a field."""
        self.driver.do("WebDriver:ElementSendKeys", id=self.driver.find(css), text=text)

    def choose(self, css: str, *files: Path) -> None:
        """Choose files for a file field."""
        for file in files:
            self.type(css, str(file))

    def click(self, css: str) -> None:
        """Click; return when the page that this opens is there.

        Raises:
            MarionetteError: an error page of the browser came.
        """
        self.driver.do("WebDriver:ElementClick", id=self.driver.find(css))

    def click_all(self, css: str) -> None:
        """Click everything that a selector finds, one after the other."""
        for element in self.driver.find_all(css):
            self.driver.do("WebDriver:ElementClick", id=element)

    def follow(self, words: str) -> None:
        """Click a link with these words."""
        link = self.driver.value("WebDriver:FindElement", using="link text", value=words)
        self.driver.do("WebDriver:ElementClick", id=next(iter(link.values())))

    def back(self) -> None:
        """Go back one page."""
        self.driver.do("WebDriver:Back")

    @property
    def document(self) -> str:
        """The address of what is really shown: of an error page of the browser it is the browser's own."""
        uri: str = self.driver.value("WebDriver:ExecuteScript", script="return document.documentURI", args=[])
        return uri

    def send(self, css: str) -> None:
        """Press a button; return when the answer, or the browser's page that there is none, has taken the page's place.

        Pressing alone waits five seconds for an answer to begin, which is too short for a large form.
        """
        before = self.driver.find("html")
        with contextlib.suppress(MarionetteError):
            self.click(css)
        self._wait_for_another(before)

    def send_again(self) -> None:
        """Press “Try again” on the browser's page about a broken connection, and “Resend” when it asks."""
        before = self.driver.find("html")
        self.driver.do("WebDriver:Refresh")  # what the button does
        question = wait_for("the question whether to send again", self._question, SECONDS)
        assert "must send information" in question
        self.driver.do("WebDriver:AcceptAlert")
        self._wait_for_another(before)

    def _wait_for_another(self, before: str) -> None:
        wait_for("another page", lambda: True if self._is_gone(before) else None, SECONDS)

    def _question(self) -> str | None:
        with contextlib.suppress(MarionetteError):
            asked: str = self.driver.value("WebDriver:GetAlertText")
            return asked
        return None

    def _is_gone(self, element: str) -> bool:
        try:
            self.driver.do("WebDriver:GetElementTagName", id=element)
        except MarionetteError:
            return bool(self.driver.value("WebDriver:ExecuteScript", script=READY, args=[]))
        return False

    def picture(self, what: str) -> None:
        """Keep a screenshot of the whole page."""
        self._taken += 1
        path = self._pictures / f"{self._name}-{self._taken:02}-{what}.png"
        path.write_bytes(self.driver.screenshot())


@contextlib.contextmanager
def firefox(
    profile: Path, preferences: Preferences, pictures: Path, name: str, port: int = MARIONETTE_PORT
) -> Iterator[Firefox]:
    """Start Firefox; end it and all of its processes afterwards.

    Args:
        profile: folder to make, or one that it had before.
        preferences: written into it.
        pictures: folder for screenshots.
        name: stands before the name of each.
        port: by which it is driven; another one for each that runs.
    """
    profile.mkdir(exist_ok=True)
    lines = {**preferences, "marionette.port": port}
    text = "".join(f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in lines.items())
    (profile / "user.js").write_text(text, "utf-8")
    command = ["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    with (profile / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **WINDOW, "HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        driver = Marionette(port)
        try:
            yield Firefox(driver, pictures, name)
        finally:
            with contextlib.suppress(MarionetteError, OSError):
                driver.do("Marionette:Quit", flags=["eForceQuit"])
            driver.close()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
