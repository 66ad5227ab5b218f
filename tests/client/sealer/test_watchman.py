"""The watch itself is no lie: what does go out is seen."""

from contextlib import suppress

from playwright.sync_api import Error

from tests.client.sealer.browsers import Browser, Chromium
from tests.client.sealer.watchman import Watchman
from tests.onion.marionette import MarionetteError
from tests.onion.network import wait_for


def test_a_page_from_the_network_is_seen(browser: Browser, watchman: Watchman) -> None:
    """A browser that goes to an address comes to the watchman, who lets nobody through."""
    with suppress(Error, MarionetteError):
        browser.run("location.href = 'http://192.0.2.1/'")

    wait_for("somebody", lambda: watchman.tries or None)
    watchman.tries.clear()
    if isinstance(browser, Chromium):
        browser.asked.clear()
