"""Who hears the pages, or has no mouse: axe finds nothing serious on any page, and the keyboard alone is enough."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from crypto.codename import Codename
from tests.client.agency import Agency
from tests.client.page.axe import Axe
from tests.client.page.source import READY, Source, contents, hold, newest, photo, visit, write_file
from tests.client.page.test_mailbox import look, reply
from tests.interop.packages import installed
from tests.submission.live import LiveIntake, served
from tests.wire.claims import COMMITMENT
from wire.letter import LETTER_SIZE

pytestmark = pytest.mark.slow

PAGES = ("/", "/tip", "/mailbox", "/letter", "/keys", "/offline", "/rewards", "/protection", "/nowhere")


@pytest.fixture(scope="module")
def axe(require_tool: Callable[[str], str]) -> Axe:
    """The judge."""
    return Axe.of(installed(require_tool("npm")))


@pytest.fixture
def plain(intake: LiveIntake, chromium: Browser) -> Iterator[Source]:
    """A source to whom no script comes.

    The browser could run one, as axe is one itself; no page looks whether it can.
    """
    with visit(chromium, intake.port) as source:
        source.answer("/page.js", lambda route: route.abort())
        yield source


def unfold(page: Page) -> None:
    """Open all that is folded."""
    page.evaluate("for (const it of document.querySelectorAll('details')) it.open = true")


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_every_page_without_a_script(intake: LiveIntake, chromium: Browser, axe: Axe, locale: str) -> None:
    """Each page that can be asked for, with everything unfolded, in both languages."""
    with visit(chromium, intake.port, locale=locale) as source:
        source.answer("/page.js", lambda route: route.abort())
        for path in PAGES:
            source.open(path)
            unfold(source.page)
            axe.judge(source.page, path)


def test_what_answers_without_a_script(intake: LiveIntake, plain: Source, axe: Axe, tmp_path: Path) -> None:
    """The pages after a tip, after a letter, of the mailbox with a reply, and of mistakes."""
    page, mine = plain.page, str(Codename.generate())
    reply(intake, "r1", mine, 1, "Where?", seen=4)
    plain.open("/tip")
    page.locator("#story").fill("x")
    page.get_by_label("Somebody is in danger now").check()
    page.get_by_role("button", name="Send", exact=True).click()
    plain.wait("Your tip has arrived")
    axe.judge(page, "after a tip")
    for codename in (mine, str(Codename.generate()), "three words only"):
        plain.open("/mailbox")
        page.locator("#codename").fill(codename)
        page.get_by_role("button", name="Open").click()
        page.wait_for_load_state()
        unfold(page)
        axe.judge(page, f"mailbox of {'a codename' if codename != mine else 'one with a reply'}")
    plain.open("/letter")
    page.locator("#letter").set_input_files(write_file(tmp_path, "letter.age", bytes(LETTER_SIZE)))
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_load_state()
    axe.judge(page, "a letter that is none")


def test_the_tip_form_with_its_script(intake: LiveIntake, source: Source, axe: Axe, tmp_path: Path) -> None:
    """Ready, with files looked into, in each way, with something missing, under way, and when it has arrived."""
    page = source.page
    source.ready()
    unfold(page)
    axe.judge(page, "ready")
    source.send()
    source.wait("There is nothing to send yet")
    axe.judge(page, "nothing written")
    source.write("x", write_file(tmp_path, "IMG.jpg", photo(source, b"Lapcam")), write_file(tmp_path, "a.bin", b"film"))
    source.wait("What to send of a.bin")
    axe.judge(page, "files")
    for way in ("before", "arrival", "device"):
        source.choose(way)
        axe.judge(page, way)
    page.get_by_label("The original").last.check()
    hold(source, "/part")
    source.send()
    source.wait("The pieces are being sent")
    axe.judge(page, "under way")
    page.get_by_role("button", name="Stop").click()
    source.wait("Stopped.")
    axe.judge(page, "stopped")
    page.unroute(f"{source.address}/part")
    source.send()
    source.wait("Your tip has arrived")
    unfold(page)
    axe.judge(page, "arrived")


def test_a_script_that_refuses(intake: LiveIntake, chromium: Browser, axe: Axe) -> None:
    """What stands there when the keys are not right, and when the script itself breaks."""
    with visit(chromium, intake.port) as source:
        source.lie("/roster.json", b"{}")
        source.open("/tip")
        source.wait("is damaged")
        axe.judge(source.page, "refused")
    with visit(chromium, intake.port) as source:
        source.page.add_init_script("window.Worker = undefined;")
        source.open("/tip")
        source.wait("The script of this page does not work in this browser")
        axe.judge(source.page, "broken")
        source.broken.clear()


def test_the_mailbox_with_its_script(intake: LiveIntake, source: Source, axe: Axe, tmp_path: Path) -> None:
    """With a codename mistyped, with replies of which one is missing, and without any; with an agency's challenge."""
    page, mine = source.page, str(Codename.generate())
    for number in (1, 3):
        reply(intake, "r1", mine, number, "Where?", seen=number)
    look(source, "three words only")
    source.wait("eight words with a space between them")
    axe.judge(page, "mistyped")
    for codename in (mine, str(Codename.generate())):
        look(source, codename)
        source.wait("Answer or add something" if codename == mine else "nothing here for this codename")
        unfold(page)
        axe.judge(page, "replies" if codename == mine else "no replies")
    page.get_by_role("button", name="Read a challenge").click()
    page.locator("#challenge").fill(Agency(tmp_path).asks(COMMITMENT).read_text())
    page.get_by_role("button", name="Read the challenge").click()
    page.locator("#statement").wait_for()
    axe.judge(page, "challenge")
    page.locator("#claim-words").fill("four words and none")
    page.get_by_role("button", name="Sign the statement").click()
    source.wait("Claim words are four words")
    axe.judge(page, "claim words mistyped")


def test_the_offline_sealer(intake: LiveIntake, chromium: Browser, axe: Axe, tmp_path: Path) -> None:
    """From the disk: before and after the key sheet, the form with a file, the finished letter, and the way back."""
    for name in ("sealer.html", "keysheet.json"):
        write_file(tmp_path, name, intake.exchange("GET", f"/{name}")[2])
    page = chromium.new_page(locale="en-GB")
    page.set_default_timeout(READY)
    page.goto((tmp_path / "sealer.html").as_uri())
    page.locator("#sheet").wait_for()
    axe.judge(page, "sealer")
    page.locator("#sheet").set_input_files(tmp_path / "keysheet.json")
    page.locator("#write").wait_for()
    axe.judge(page, "sealer with its sheet")
    page.locator("#write").click()
    page.locator("#story").fill("x")
    page.locator("#files").set_input_files(write_file(tmp_path, "a.bin", b"film"))
    page.locator("#files-found input[value=original]").check()
    unfold(page)
    axe.judge(page, "sealer's form")
    page.locator("form button[type=submit]").click()
    page.locator("#save").wait_for()
    axe.judge(page, "sealer's letter")
    with page.expect_download() as download:
        page.locator("#save").click()
    page.goto(f"http://127.0.0.1:{intake.port}/letter")
    page.locator("#letter").set_input_files(download.value.path())
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("Your letter has arrived").first.wait_for()
    axe.judge(page, "a letter handed in")
    page.goto((tmp_path / "sealer.html").as_uri())
    page.locator("#come-back").click()
    axe.judge(page, "sealer, coming back")
    page.close()


def test_a_closed_intake(tmp_path_factory: pytest.TempPathFactory, chromium: Browser, axe: Axe) -> None:
    """What stands there while nothing can be sent."""
    with (
        served(LiveIntake(tmp_path_factory.mktemp("closed")), opened=False) as closed,
        visit(chromium, closed.port) as source,
    ):
        for path in ("/", "/tip", "/offline"):
            source.open(path)
            axe.judge(source.page, f"closed, {path}")


def test_the_judge_sees(source: Source, axe: Axe) -> None:
    """A page that is made worse is found out: a picture without words, and a field without a name."""
    source.page.evaluate("document.querySelector('main').append(new Image(), document.createElement('input'))")

    with pytest.raises(AssertionError, match=r"image-alt(.|\n)*label"):
        axe.judge(source.page, "worse")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus; every stop on the way shows that it has it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")
        if page.evaluate("(it) => document.activeElement.matches(it)", selector):
            return
    pytest.fail(f"Tab does not come to {selector}")


def test_the_keyboard_alone_is_enough(intake: LiveIntake, source: Source, tmp_path: Path) -> None:
    """From the top of the page to a letter that has arrived, with an answer and a file, by Tab, Enter and Space."""
    page, keys = source.page, source.page.keyboard
    marker, film = secrets.token_hex(16), write_file(tmp_path, "film.bin", b"film")
    # From the start: asked for only at the press, the browser may not have heard yet that choosers are to be caught.
    page.on("filechooser", lambda _: None)
    source.ready()

    tab_to(page, "a.skip")
    keys.press("Enter")
    tab_to(page, "input[name=way][value=device]:checked")
    tab_to(page, "#story")
    keys.type(marker)
    tab_to(page, "details:has(#price) > summary")
    keys.press("Enter")
    tab_to(page, "#price")
    keys.type("20 €")
    tab_to(page, "#files")
    with page.expect_file_chooser() as chooser:
        keys.press("Enter")
    chooser.value.set_files(film)
    source.wait("What to send of film.bin")
    tab_to(page, "[data-files] input[type=radio]")
    keys.press("Space")
    tab_to(page, "form[data-sealed] button[type=submit]")
    keys.press("Enter")
    source.wait("Your tip has arrived")

    assert page.evaluate("document.activeElement.tagName") == "H1"
    opened = newest(intake, marker)
    assert (opened.letter.sealed, opened.letter.fields) == ("device", {"price": "20 €"})
    assert contents(intake, opened) == {"film.bin": b"film"}
    tab_to(page, "#story")
