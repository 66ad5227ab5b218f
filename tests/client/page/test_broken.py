"""Whatever breaks, on the way or in the script: nothing leaves in clear, nothing typed is lost, what arrived stays."""

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from tests.client.page.source import Source, contents, newest, photo, visit, write_file
from tests.submission.live import LiveIntake

pytestmark = pytest.mark.slow


def at_first(times: int, act: Callable[[Route], None]) -> Callable[[Route], None]:
    """Return what does something with the first requests, and lets the others through."""
    count = 0

    def decide(route: Route) -> None:
        nonlocal count
        count += 1
        if count <= times:
            act(route)
        else:
            route.continue_()

    return decide


def break_off(route: Route) -> None:
    """Break the connection."""
    route.abort("connectionreset")


def lose_answer(route: Route) -> None:
    """Let the request arrive, and its answer get lost."""
    route.fetch()
    route.abort("connectionreset")


def ask_to_wait(seconds: int) -> Callable[[Route], None]:
    """Return what asks to come again later."""

    def answer(route: Route) -> None:
        route.fulfill(status=503, headers={"Retry-After": str(seconds)}, body="later")

    return answer


def send_file(source: Source, folder: Path, size: int) -> tuple[str, bytes]:
    """Write a story with a file and press the button; return both."""
    marker, content = secrets.token_hex(16), secrets.token_bytes(size)
    source.ready()
    source.write(marker, write_file(folder, "a.bin", content))
    source.page.get_by_text("The original").click()
    source.send()
    return marker, content


@pytest.mark.parametrize("act", [break_off, lose_answer, ask_to_wait(1)])
@pytest.mark.parametrize("path", ["/part", "/letter"])
def test_what_breaks_on_the_way_is_sent_again(
    intake: LiveIntake, source: Source, tmp_path: Path, act: Callable[[Route], None], path: str
) -> None:
    """Broken connections, lost answers and an intake that asks to wait cost a repetition, and all arrives whole."""
    source.answer(path, at_first(2, act))

    marker, content = send_file(source, tmp_path, 3_000_000)
    source.wait("Your tip has arrived")

    assert contents(intake, newest(intake, marker)) == {"a.bin": content}
    assert source.sent.count(path) == (5 if path == "/part" else 3)


def test_that_it_waits_is_told(source: Source, tmp_path: Path) -> None:
    """While the page waits to try again it says for how long, and that nothing is lost."""
    source.answer("/part", at_first(1, ask_to_wait(5)))
    send_file(source, tmp_path, 1_000)

    source.wait("Trying again in 5 seconds")
    source.wait("Your tip has arrived")


def test_a_large_upload_that_broke_goes_on(intake: LiveIntake, source: Source, tmp_path: Path) -> None:
    """25 MB whose way breaks in the middle wait for the source, then only the rest is sent, and arrives whole."""
    count = 0

    def decide(route: Route) -> None:
        nonlocal count
        count += 1
        # Too long to be waited out: the page asks the source.
        ask_to_wait(3_600)(route) if 10 < count <= 12 else route.continue_()

    source.answer("/part", decide)
    marker, content = send_file(source, tmp_path, 25_000_000)
    source.wait("asks you to wait 60 minutes")
    assert "/letter" not in source.sent
    source.page.get_by_role("button", name="Go on").click()
    source.wait("Your tip has arrived")

    assert contents(intake, newest(intake, marker)) == {"a.bin": content}
    assert source.sent.count("/part") == 24 + 2
    assert source.sent[-1] == "/letter"


def test_parts_leave_in_no_order(source: Source, tmp_path: Path) -> None:
    """Of two times the same file's size, the first part to leave is not always the first that was sealed."""
    send_file(source, tmp_path, 7_000_000)
    source.wait("Your tip has arrived")

    # Only the first part begins like an age file.
    begins = [one.body.startswith(b"age-encryption.org/v1") for one in source.asked if one.path == "/part"]
    assert sum(begins) == 1
    assert len(begins) == 7


def test_no_room_for_files_is_told(source: Source, tmp_path: Path) -> None:
    """An intake without room for files gets no letter, and the words can be sent without them."""
    source.answer("/part", lambda route: route.fulfill(status=507, headers={"Retry-After": "86400"}, body="full"))
    send_file(source, tmp_path, 1_000)
    source.wait("There is no room for files just now. Words can still be sent")
    source.page.get_by_role("button", name="Stop").click()
    source.wait("Stopped.")

    assert "/letter" not in source.sent
    source.page.get_by_label("Leave it out").check()
    source.send()
    source.wait("Your tip has arrived")


def test_keys_that_changed_meanwhile_are_told(source: Source) -> None:
    """A letter that is refused for its keys is sealed anew when the source tries again."""
    source.answer("/letter", at_first(1, lambda route: route.fulfill(status=409, body="keys")))
    source.ready()
    source.write("x")
    source.send()
    source.wait("The keys changed")
    source.wait("what you wrote is still here")

    source.page.get_by_role("button", name="Try again").click()
    source.wait("Your tip has arrived")


@pytest.mark.parametrize(
    "fault",
    [
        "window.Worker = class { constructor() { throw new Error('no worker'); } };",
        "window.Worker = undefined;",
        "Object.defineProperty(Document.prototype, 'currentScript', { get: () => null });",
        "Node.prototype.replaceChildren = Element.prototype.replaceChildren = () => { throw new Error('broken'); };",
    ],
)
def test_a_script_that_breaks_sends_nothing(intake: LiveIntake, chromium: Browser, fault: str) -> None:
    """However the script breaks when it starts: the form does not leave until another way is chosen, and then does."""
    marker = secrets.token_hex(16)
    with visit(chromium, intake.port) as source:
        source.page.add_init_script(fault)
        source.open("/tip")
        source.wait("The script of this page does not work in this browser")
        source.write(marker)
        source.send()
        source.page.wait_for_timeout(500)
        assert source.sent == []
        assert source.page.locator("#story").input_value() == marker

        source.choose("arrival")
        source.send()
        source.wait("Your tip has arrived")

        assert newest(intake, marker).letter.sealed == "arrival"
        source.broken.clear()


def test_a_script_that_breaks_later_sends_no_original_in_place_of_a_clean_copy(
    intake: LiveIntake, source: Source, tmp_path: Path
) -> None:
    """A photo whose clean copy was to leave is taken off the form when the script breaks, and the form says why."""
    marker = secrets.token_hex(16)
    source.ready()
    source.write(marker, write_file(tmp_path, "shop.jpg", photo(source, b"Lapcam")))
    source.wait("Lapcam")
    source.page.evaluate("dispatchEvent(new ErrorEvent('error'))")
    source.wait("Files that you choose now leave as they are")

    source.choose("arrival")
    source.send()
    source.wait("Your tip has arrived")

    assert contents(intake, newest(intake, marker)) == {}


def test_a_script_that_breaks_later_keeps_an_original_that_was_chosen(
    intake: LiveIntake, source: Source, tmp_path: Path
) -> None:
    """What shall leave as it is can still do so, and what is chosen afterwards is listed no more."""
    marker, original = secrets.token_hex(16), photo(source, b"Lapcam")
    source.ready()
    source.write(marker, write_file(tmp_path, "shop.jpg", original))
    source.page.get_by_text("The original").click()
    source.page.evaluate("dispatchEvent(new ErrorEvent('error'))")
    source.page.locator("input[type=file]").dispatch_event("change")

    assert source.page.locator(".file").count() == 0
    source.choose("arrival")
    source.send()
    source.wait("Your tip has arrived")
    assert contents(intake, newest(intake, marker)) == {"shop.jpg": original}


def test_a_worker_that_breaks_sends_nothing(intake: LiveIntake, chromium: Browser) -> None:
    """When the worker's script does not come, the page says so and its own way cannot be chosen."""
    with visit(chromium, intake.port) as source:
        source.answer("/page.js", at_second(break_off))
        source.open("/tip")
        source.wait("Something broke in the script of this page")
        source.write("x")
        source.send()

        source.wait("Choose first how it shall be sealed")
        assert source.sent == []


def at_second(act: Callable[[Route], None]) -> Callable[[Route], None]:
    """Return what lets the first request through, and does something with the others."""
    count = 0

    def decide(route: Route) -> None:
        nonlocal count
        count += 1
        if count > 1:
            act(route)
        else:
            route.continue_()

    return decide


def test_what_failed_at_first_can_be_tried_again(intake: LiveIntake, chromium: Browser) -> None:
    """When the page could not get ready, a button makes it try again, with what was written and the same codename."""
    with visit(chromium, intake.port) as source:
        source.answer("/keysheet.json", at_first(1, lambda route: route.fulfill(status=400, body="no")))
        source.open("/tip")
        source.wait("This machine did not take what was sent to it")
        source.write("still here")
        shown = source.codename
        source.page.get_by_role("button", name="Try again").click()
        source.ready()

        assert source.codename == shown
        assert source.page.locator("input[name=way][value=device]").is_checked()
        source.send()
        source.wait("Your tip has arrived")


def test_the_form_does_not_leave_while_the_device_is_chosen(intake: LiveIntake, chromium: Browser) -> None:
    """Pressed before anything is ready, by a button or by a program, the form stays; it is sealed when it can be."""
    held: list[Route] = []

    def wait(route: Route) -> None:
        held.append(route)

    with visit(chromium, intake.port) as source:
        source.answer("/words.txt", wait)
        source.open("/tip")
        source.write("x")
        source.page.evaluate("document.querySelector('form').requestSubmit()")
        source.wait("Waiting for the keys of your codename")
        assert source.sent == []
        held[0].continue_()
        source.wait("Your tip has arrived")
        assert source.sent == ["/letter"]


def test_on_arrival_is_chosen_knowingly(intake: LiveIntake, source: Source, tmp_path: Path) -> None:
    """Who chooses it gets the form as without a script, with the codename that was shown and the files as chosen."""
    marker = secrets.token_hex(16)
    source.ready()
    source.choose("arrival")
    assert "your tip is sealed on arrival" in source.words
    source.write(marker, write_file(tmp_path, "a.bin", b"content"))
    source.page.get_by_text("The original").click()
    shown = source.codename

    source.send()
    source.wait("Your tip has arrived")

    assert source.codename == shown
    assert source.sent == ["/tip"]
    opened = newest(intake, marker)
    assert opened.letter.sealed == "arrival"
    assert contents(intake, opened) == {"a.bin": b"content"}


def test_no_other_way_can_be_chosen_while_the_form_gets_ready_to_leave(source: Source, tmp_path: Path) -> None:
    """A clean copy takes its time: from the button on the form waits for it, and nothing else can be chosen."""
    source.ready()
    source.choose("arrival")
    source.write("x", write_file(tmp_path, "shop.jpg", photo(source, b"Lapcam")))
    source.wait("Lapcam")
    # The button and a look at what can be chosen, before the worker has had any time.
    held = source.page.evaluate("""() => {
      const form = document.querySelector("form[data-sealed]");
      form.requestSubmit();
      return [form.inert, document.querySelector("[data-ways]").disabled];
    }""")
    source.wait("Your tip has arrived")

    assert held == [True, True]
    assert source.sent == ["/tip"]
    assert b"Lapcam" not in source.out


def test_before_you_come_sends_nothing(source: Source) -> None:
    """Who chooses to seal offline is led to the page about it, and the form is not there to be sent."""
    source.ready()
    source.write("x")
    source.choose("before")

    assert source.page.locator("form[data-sealed]").is_hidden()
    assert source.page.get_by_role("link", name="Seal before you come").get_attribute("href") == "/offline"
    assert source.sent == []


def test_after_a_reload_one_starts_again(source: Source) -> None:
    """Nothing is kept in the browser: after a reload the codename is another one, and no storage holds anything."""
    source.ready()
    first = source.codename
    source.page.reload()
    source.ready()

    assert source.codename != first
    assert source.page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    assert "nothing can be continued" in source.words
