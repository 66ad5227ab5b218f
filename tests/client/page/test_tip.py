"""The page seals on the source's device: what arrives opens as it was written, and nothing else ever left."""

import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from crypto.codename import Codename
from tests.client.page.source import Source, contents, hold, newest, photo, visit, write_file
from tests.submission.live import LiveIntake
from wire.letter import LETTER_SIZE, PART_SIZE

pytestmark = pytest.mark.slow


def test_a_tip_with_a_file_is_sealed_on_the_device(intake: LiveIntake, source: Source, tmp_path: Path) -> None:
    """A story, an answer and 3 MB arrive as three parts and a letter that says "device", and open as they were."""
    marker, content = secrets.token_hex(16), secrets.token_bytes(3_000_000)
    source.ready()
    source.write(f"  {marker}\nand more ", write_file(tmp_path, "proof.bin", content))
    source.page.get_by_text("What is offered").click()
    source.page.get_by_label("Price").fill(" 20\t€ ")
    source.page.get_by_text("The original").click()
    shown = source.codename

    source.send()
    source.wait("Your tip has arrived")

    assert source.codename == shown
    assert "1 file were sealed on your device" in source.words
    assert sorted(source.sent) == ["/letter", "/part", "/part", "/part"]
    assert source.sent[-1] == "/letter"
    assert [len(one.body) for one in source.asked if one.path == "/part"] == [PART_SIZE] * 3
    opened = newest(intake, marker)
    letter = opened.letter
    assert (letter.sealed, letter.number, letter.language) == ("device", 1, "en")
    assert (letter.story, letter.fields) == (f"{marker}\nand more", {"price": "20 €"})
    assert contents(intake, opened) == {"proof.bin": content}
    keys = Codename.parse(shown).derive(intake.organisation.roster.instance)
    assert letter.conversation == bytes(keys.conversation.public_key)
    assert letter.reply_to == keys.reply.recipient


def test_nothing_of_it_leaves_in_clear(source: Source, tmp_path: Path) -> None:
    """Neither the story nor a word of the codename nor a file's name or content is in anything that was sent."""
    marker = secrets.token_hex(16)
    source.ready()
    source.write(marker, write_file(tmp_path, f"{marker}.txt", marker.encode() * 100))
    source.page.get_by_text("The original").click()

    source.send()
    source.wait("Your tip has arrived")

    assert marker.encode() not in source.out
    assert not [word for word in source.codename.split() if len(word) > 5 and word.encode() in source.out]
    assert len(next(one.body for one in source.asked if one.path == "/letter")) in range(LETTER_SIZE, LETTER_SIZE + 500)


def test_the_codename_of_the_server_is_not_used(intake: LiveIntake, chromium: Browser) -> None:
    """The words in the page that was served are not those that are shown, and the form no longer holds them."""
    with visit(chromium, intake.port) as source:
        served_words: list[str] = []
        source.page.on("response", lambda one: served_words.append(one.text()) if one.url.endswith("/tip") else None)
        source.open("/tip")
        source.ready()
        shown = source.codename

        assert str(Codename.parse(shown)) == shown
        assert shown not in served_words[0]
        assert source.page.locator("form input[type=hidden][name=codename]").count() == 0


def test_who_is_left_out_cannot_open_it(intake: LiveIntake, source: Source) -> None:
    """Somebody who was ticked is not among those shown, and has no key to the letter."""
    marker = secrets.token_hex(16)
    source.ready()
    source.write(marker)
    source.page.get_by_text("Somebody who must not read this?").click()
    source.page.get_by_label("Desk r2").check()

    source.send()
    source.wait("Your tip has arrived")

    assert ("Desk r2" in source.words, "Desk r3" in source.words) == (False, True)
    assert newest(intake, marker, "r3").letter.not_to == ("r2",)


def test_too_few_readers_are_told_before_anything_leaves(source: Source) -> None:
    """Who leaves out so many that nobody could agree to anything is told so, as the intake tells them on arrival."""
    source.ready()
    source.write("still here")
    source.page.get_by_text("Somebody who must not read this?").click()
    for desk in ("Desk r1", "Desk r2"):
        source.page.get_by_label(desk).check()

    source.send()
    source.wait("at least 2 must remain. Leave out fewer of them.")
    assert source.sent == []

    source.page.get_by_label("Desk r1").uncheck()
    source.send()
    source.wait("Your tip has arrived")


def test_danger_is_answered_at_once(source: Source) -> None:
    """Who says that somebody is in danger reads first what to do."""
    source.ready()
    source.write("x")
    source.page.get_by_label("Somebody is in danger now").check()

    source.send()
    source.wait("Your tip has arrived")

    assert "Do not wait for us" in source.words


def test_more_follows_in_the_same_conversation(intake: LiveIntake, source: Source) -> None:
    """A message after the tip is sealed on the device too, as number 2 of the same conversation."""
    markers = [secrets.token_hex(16) for _ in range(2)]
    source.ready()
    source.write(markers[0])
    source.send()
    source.wait("Your tip has arrived")
    source.write(markers[1])
    source.send()
    source.wait("Your message has arrived")

    first, second = (newest(intake, marker).letter for marker in markers)
    assert (second.number, second.sealed) == (2, "device")
    assert second.conversation == first.conversation
    assert second.tip != first.tip


def test_a_photo_leaves_as_a_clean_copy(intake: LiveIntake, source: Source, tmp_path: Path) -> None:
    """What a photo tells is shown before anything leaves, and what leaves by itself is a copy without it."""
    marker = secrets.token_hex(16)
    source.ready()
    source.write(marker, write_file(tmp_path, "IMG_20261124.jpg", photo(source, b"Lapcam")))
    source.wait("Lapcam")
    assert source.sent == []

    source.send()
    source.wait("Your tip has arrived")

    files = contents(intake, newest(intake, marker))
    assert list(files) == ["picture-1.jpg"]
    assert files["picture-1.jpg"].startswith(b"\xff\xd8")
    assert b"Lapcam" not in files["picture-1.jpg"]


def test_the_original_leaves_when_it_is_chosen(intake: LiveIntake, source: Source, tmp_path: Path) -> None:
    """Both the clean copy and the photo as it is leave when that is wanted."""
    marker, original = secrets.token_hex(16), photo(source, b"Lapcam")
    source.ready()
    source.write(marker, write_file(tmp_path, "shop.jpg", original))
    source.page.get_by_label("Both").check()

    source.send()
    source.wait("Your tip has arrived")

    files = contents(intake, newest(intake, marker))
    assert sorted(files) == ["picture-1.jpg", "shop.jpg"]
    assert files["shop.jpg"] == original


def test_a_file_that_cannot_be_cleaned_waits_for_a_choice(source: Source, tmp_path: Path) -> None:
    """Nothing leaves before it was said what shall become of such a file; it can be left out."""
    source.ready()
    source.write("x", write_file(tmp_path, "film.bin", b"film"))
    source.wait("What to send of film.bin")

    source.send()
    source.wait("Choose first what to send of film.bin")
    assert source.sent == []

    source.page.get_by_label("Leave it out").check()
    source.send()
    source.wait("Your tip has arrived")
    assert source.sent == ["/letter"]


def test_an_empty_form_is_not_sent(source: Source) -> None:
    """Without a story and a file nothing is sealed, and the page says what is missing."""
    source.ready()
    source.send()

    source.wait("There is nothing to send yet")
    assert source.sent == []


def test_it_can_be_stopped_and_sent_again(source: Source, tmp_path: Path) -> None:
    """A sending that hangs is stopped by a button: no letter left, what was written is there, and it can be sent."""
    hold(source, "/part")
    source.ready()
    source.write("still here", write_file(tmp_path, "a.bin", secrets.token_bytes(2_000_000)))
    source.page.get_by_text("The original").click()
    source.send()
    source.wait("Sealing and sending")
    source.page.get_by_role("button", name="Stop").click()

    source.wait("Stopped. What you wrote is still here")
    assert "/letter" not in source.sent
    assert source.page.locator("#story").input_value() == "still here"
    source.page.unroute(source.address + "/part")
    source.send()
    source.wait("Your tip has arrived")


def test_the_page_says_when_a_device_is_too_slow(intake: LiveIntake, chromium: Browser, tmp_path: Path) -> None:
    """On a device whose clock shows that all would take minutes, the other ways are offered with their price."""
    with visit(chromium, intake.port) as source:
        source.page.add_init_script(
            "const now = performance.now.bind(performance); performance.now = () => 9999 * now();"
        )
        hold(source, "/part")
        source.open("/tip")
        source.ready()
        source.write("x", write_file(tmp_path, "a.bin", secrets.token_bytes(3_000_000)))
        source.page.get_by_text("The original").click()
        source.send()
        source.wait("minutes on this device")
        source.page.get_by_role("button", name="Choose another way").click()

        source.wait("Stopped.")
        assert source.page.locator("input[name=way][value=device]").evaluate("one => one === document.activeElement")


def test_the_page_speaks_french(intake: LiveIntake, chromium: Browser) -> None:
    """In French every sentence that the script adds is French, and the letter says so."""
    marker = secrets.token_hex(16)
    with visit(chromium, intake.port, locale="fr-FR") as source:
        source.open("/tip")
        source.wait("Vérifié sur cet appareil")
        source.write(marker)
        source.send()
        source.wait("Votre signalement est arrivé")

        assert newest(intake, marker).letter.language == "fr"
