"""Claim words in the page: made on the device, known to no intake, and what answers an agency with them."""

import gzip
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from crypto.claim import ClaimWords, claim_salt
from tests.client.agency import Agency
from tests.client.page.source import Source, newest, visit
from tests.client.sealer.browsers import OF_TOR_BROWSER
from tests.onion.firefox import firefox
from tests.onion.network import wait_for
from tests.onion.torbrowser import ALWAYS
from tests.submission.live import LiveIntake
from wire.bundle import claims_bundle, page_bundle
from wire.claim import commitment_of
from wire.letter import Letter

pytestmark = pytest.mark.slow
SECONDS = 60_000
"""Milliseconds that stretching may take on a busy machine."""
BOX = "[data-claim] input"


@pytest.fixture
def source(intake: LiveIntake, chromium: Browser) -> Iterator[Source]:
    """A source at the tip form, with patience."""
    with visit(chromium, intake.port) as source:
        source.page.set_default_timeout(SECONDS)
        source.open("/tip")
        source.ready()
        yield source


def want(source: Source) -> None:
    """Choose claim words."""
    source.page.get_by_text("Prove later that you wrote it?").locator("visible=true").click()
    source.page.locator(BOX).check()


def tip_with_claim(intake: LiveIntake, source: Source) -> tuple[str, Letter]:
    """Send a tip with claim words; return them and the letter that arrived."""
    marker = secrets.token_hex(16)
    want(source)
    source.write(marker)
    source.send()
    source.wait("Your tip has arrived")
    return source.page.locator(".words").nth(1).inner_text(), newest(intake, marker).letter


def test_words_are_made_on_the_device_and_shown_once_with_the_codename(intake: LiveIntake, source: Source) -> None:
    """What arrives has the commitment to the words shown; no word left the device, and more are not offered."""
    shown, letter = tip_with_claim(intake, source)

    words = ClaimWords.parse(shown)
    commitment = commitment_of(letter)
    assert commitment is not None
    assert not commitment.known_to_intake
    assert commitment.digest == words.derive(claim_salt(letter.instance, letter.tip)).public.commitment
    assert not [word for word in shown.split() if len(word) > 5 and word.encode() in source.out]
    assert source.page.locator(BOX).count() == 0
    source.write("more")
    source.send()
    source.wait("Your message has arrived")
    assert shown not in source.words


def test_there_are_none_unless_they_are_chosen(intake: LiveIntake, source: Source) -> None:
    """A letter without the choice carries nothing and does not even load the script; a later one can bring it."""
    marker, later = secrets.token_hex(16), secrets.token_hex(16)
    source.write(marker)
    source.send()
    source.wait("Your tip has arrived")
    assert newest(intake, marker).letter.claim is None
    assert "/claim.js" not in [one.path for one in source.asked]

    want(source)
    source.write(later)
    source.send()
    source.wait("Your message has arrived")
    letter = newest(intake, later).letter
    words = ClaimWords.parse(source.page.locator(".words").nth(1).inner_text())
    assert (letter.number, letter.claim) == (
        2,
        words.derive(claim_salt(letter.instance, letter.tip)).public.commitment,
    )


def test_firefox_runs_the_script_too(intake: LiveIntake, tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    """Of which Tor Browser is made: it takes the second hash of the policy for a script that the page adds."""
    require_tool("firefox-esr")
    marker = secrets.token_hex(16)
    quiet = {name: value for name, value in ALWAYS.items() if not name.startswith(OF_TOR_BROWSER)}
    with firefox(tmp_path / "profile", quiet, tmp_path, "claims") as window:

        def says(words: str) -> None:
            look = "return document.querySelector('main').innerText.includes(arguments[0]) || null"
            script = {"script": look, "args": [words]}
            wait_for(words, lambda: window.driver.value("WebDriver:ExecuteScript", **script), SECONDS / 1000)

        window.open(f"http://127.0.0.1:{intake.port}/tip")
        says("Ready")
        window.click("[data-claim] summary")
        window.click(BOX)
        says("Your claim words are ready")
        window.type("#story", marker)
        window.click("form[data-sealed] button[type=submit]")
        says("Your tip has arrived")
        shown = window.text_of("[data-if=claim] .words")

    letter = newest(intake, marker).letter
    assert letter.claim == ClaimWords.parse(shown).derive(claim_salt(letter.instance, letter.tip)).public.commitment


def serve(body: bytes, route: Route) -> None:
    """Answer with a script."""
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/javascript; charset=utf-8"}
    route.fulfill(status=200, body=gzip.compress(body), headers=headers)


@pytest.mark.parametrize("lie", [b"lapwingClaims = {}", claims_bundle() + b"\n", b""], ids=["other", "longer", "none"])
def test_another_script_is_not_run_and_nothing_leaves(intake: LiveIntake, source: Source, lie: bytes) -> None:
    """The page runs only what it was built with; who wanted claim words sends nothing without them, or says so."""
    source.answer("/claim.js", lambda route: serve(lie, route) if lie else route.abort())
    marker = secrets.token_hex(16)
    want(source)
    source.wait("No claim words could be made.")
    source.write(marker)
    source.send()
    source.wait("Nothing was sent in clear")
    assert source.sent == []
    assert source.page.evaluate("typeof lapwingClaims") == "undefined"

    source.page.locator(BOX).uncheck()
    source.send()
    source.wait("Your tip has arrived")
    assert newest(intake, marker).letter.claim is None


def test_an_agency_is_answered_in_the_mailbox(intake: LiveIntake, source: Source, tmp_path: Path) -> None:
    """With words that the page made it signs what `lapwing claim verify` accepts; words of another tip sign nothing."""
    codename = source.codename
    shown, letter = tip_with_claim(intake, source)
    commitment = commitment_of(letter)
    assert commitment is not None
    agency = Agency(tmp_path)
    source.open("/mailbox")
    source.ready()
    source.page.locator("#codename").fill(codename)
    source.send()
    source.page.get_by_text("Answer an agency's challenge").click()
    source.page.get_by_role("button", name="Read a challenge").click()
    source.page.locator("#challenge").fill(agency.asks(commitment).read_text())
    source.page.locator("#answering button[type=submit]").first.click()
    assert source.page.locator("#agency-key").inner_text() == agency.digits
    source.page.locator("#beneficiary").fill("Maître Dupont")
    statement = source.page.locator("#statement").inner_text()
    source.page.locator("#claim-words").fill(str(ClaimWords.generate()))
    source.page.get_by_role("button", name="Sign the statement").click()
    source.wait("These words belong to another tip")
    source.page.locator("#claim-words").fill(shown)
    source.page.get_by_role("button", name="Sign the statement").click()
    with source.page.expect_download() as download:
        source.page.locator("#save-answer").click()

    assert download.value.suggested_filename == "answer.age"
    stated = agency.takes(Path(download.value.path()).read_bytes(), commitment)
    assert (stated.words.strip(), stated.beneficiary) == (statement, "Maître Dupont")
    assert not [word for word in shown.split() if len(word) > 5 and word.encode() in source.out]


def test_the_page_vouches_for_one_script() -> None:
    """It has one hash inside, and no other way to load a script."""
    assert len(re.findall(rb"sha256-[A-Za-z0-9+/]{43}=", page_bundle())) == 1
    assert page_bundle().count(b"/claim.js") == 1
