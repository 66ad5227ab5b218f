"""Where no script runs, every page is as it was: nothing hidden is seen, nothing looks broken, everything works."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from crypto.codename import Codename
from tests.client.page.source import Source, contents, newest, visit, write_file
from tests.submission.live import LiveIntake

pytestmark = pytest.mark.slow


@pytest.fixture
def plain(intake: LiveIntake, chromium: Browser) -> Iterator[Source]:
    """A source whose browser runs no script."""
    with visit(chromium, intake.port, scripts=False) as source:
        yield source


@pytest.mark.parametrize("path", ["/tip", "/mailbox"])
def test_nothing_of_the_script_is_seen(plain: Source, path: str) -> None:
    """No choice of ways, no words about a script, no empty box; and the script is not even asked for."""
    plain.open(path)

    assert (
        plain.page.locator("[data-ways], [data-broken], [data-for=device], progress").filter(visible=True).count() == 0
    )
    assert "on your device" not in plain.words.lower()
    assert {one.path for one in plain.asked} <= {path, "/style.css", "/favicon.ico"}
    boxes = plain.page.locator("main div, main p, main section, main fieldset").filter(visible=True)
    empty = [box for box in boxes.all() if not box.inner_text() and not box.locator("input").count()]
    assert all((box.bounding_box() or {"height": 0})["height"] == 0 for box in empty)


def test_a_tip_is_sealed_on_arrival(intake: LiveIntake, plain: Source, tmp_path: Path) -> None:
    """The form works as ever, with the codename that it came with, and says how it was sealed."""
    marker = secrets.token_hex(16)
    plain.open("/tip")
    shown = plain.codename
    plain.page.locator("#story").fill(marker)
    plain.page.locator("#files").set_input_files(write_file(tmp_path, "a.bin", b"content"))
    plain.page.get_by_role("button", name="Send", exact=True).click()
    plain.wait("Your tip has arrived")

    opened = newest(intake, marker)
    assert plain.codename == shown
    assert (opened.letter.sealed, contents(intake, opened)) == ("arrival", {"a.bin": b"content"})


def test_the_mailbox_works(plain: Source) -> None:
    """A codename that is typed is looked up by the intake."""
    plain.open("/mailbox")
    plain.page.locator("#codename").fill(str(Codename.generate()))
    plain.page.get_by_role("button", name="Open").click()

    plain.wait("There is nothing here for this codename now")
