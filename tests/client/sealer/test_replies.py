"""Coming back: the shelf to download, the replies in it, and the next letter."""

import os

from crypto.codename import Codename
from tests.client.sealer.browsers import Browser, reads, ready
from tests.client.sealer.office import Office
from tests.wire.organisation import new_keys
from wire.shelf import shelf_name, shelf_of


def come_back(browser: Browser, office: Office, codename: Codename) -> None:
    """Open the sealer with this week's key sheet, and type the codename."""
    browser.open(office.sealer)
    browser.choose("#sheet", office.downloaded())
    ready(browser, "#write")
    browser.click("#come-back")
    browser.type("#codename", str(codename))
    browser.click("#back form button[type=submit]")
    ready(browser, "#shelf")


def test_the_shelf_is_named_and_nothing_more(browser: Browser, office: Office) -> None:
    """The address to download has as many bits as the key sheet says."""
    codename = Codename.generate()
    come_back(browser, office, codename)

    path = browser.text("#shelf-path")

    shelf = shelf_of(codename.derive(office.roster.instance).shelf)
    assert path == f"/shelf/{shelf_name(shelf, 5)}"
    assert "tells 5 bits" in browser.text()


def test_with_one_shelf_everybody_downloads_the_same(browser: Browser, office: Office) -> None:
    """At no bits the address is that of all replies."""
    office.bits = 0
    come_back(browser, office, Codename.generate())

    assert browser.text("#shelf-path") == "/shelf/"
    assert "tells nothing about you" in browser.text()


def test_replies_are_read_and_answered_with_the_right_number(browser: Browser, office: Office) -> None:
    """Only genuine replies show, a gap is told, and the next letter counts on from what a reviewer had seen."""
    codename = Codename.generate()
    keys = codename.derive(office.roster.instance)
    stranger = Office(office.folder)
    shelf = [
        office.reply(new_keys(), "for somebody else", number=1, seen=1),
        office.reply(keys, "Which <b>market</b>?\nAnd when?", number=1, seen=1),
        os.urandom(16_384),
        office.reply(keys, "Thank you for the photo.", number=3, seen=4),
        stranger.reply(keys, "from nobody on the roster", number=9, seen=9),
        office.reply(keys, "I read it too.", number=1, seen=1, reviewer="r2"),
    ]
    come_back(browser, office, codename)
    browser.choose("#shelf", office.keep("shelf", b"".join(shelf)))
    text = reads(browser, "Thank you for the photo.")
    browser.picture("replies")

    assert "Which <b>market</b>?" in text
    assert "I read it too." in text
    assert "From Desk r1" in text
    assert "somebody else" not in text
    assert "nobody on the roster" not in text
    assert "Number 2 from Desk r1" in text
    assert browser.run("return document.querySelector('#number').value") == "5"

    photo = office.keep("more.jpg", os.urandom(70_000))
    browser.type("#message", "On Friday.")
    browser.choose("#more-files", photo)
    browser.click("#more-files-found input[value=original]")
    browser.click("#back form:not([hidden]) button[type=submit]")
    ready(browser, "#save")
    sealed = browser.save("#save")

    letter = office.opened(sealed).letter
    assert (letter.number, letter.sealed, letter.story, letter.case_key) == (5, "before", "On Friday.", None)
    assert letter.conversation == bytes(keys.conversation.public_key)
    assert office.files_of(sealed) == {"more.jpg": photo.read_bytes()}


def test_an_empty_shelf_and_a_broken_one_are_told_apart(browser: Browser, office: Office) -> None:
    """Nothing there is no fault; half a shelf is."""
    come_back(browser, office, Codename.generate())
    browser.choose("#shelf", office.keep("empty", b""))
    reads(browser, "There is nothing in this file for this codename.")
    browser.choose("#shelf", office.keep("broken", bytes(16_383)))

    reads(browser, "That is not a shelf as it was downloaded.")


def test_a_letter_cannot_take_the_number_of_an_earlier_one(browser: Browser, office: Office) -> None:
    """A number below the next is refused, and a higher one is the writer's to choose."""
    come_back(browser, office, Codename.generate())
    browser.type("#message", "more")
    browser.type("#number", "1")
    browser.click("#back form:not([hidden]) button[type=submit]")
    reads(browser, "must be between 2 and")
    browser.type("#number", "7")
    browser.click("#back form:not([hidden]) button[type=submit]")
    ready(browser, "#save")

    assert office.opened(browser.save("#save")).letter.number == 7


def test_a_typing_error_in_the_codename_is_told(browser: Browser, office: Office) -> None:
    """The position of a wrong word is named, never the word."""
    words = str(Codename.generate()).split()
    browser.open(office.sealer)
    browser.click("#come-back")
    for text, told in (
        (" ".join(words[:7]), "A codename is eight words"),
        (" ".join([*words[:4], "lapwinng", *words[5:]]), "Word 5 is not on the list"),
        (" ".join([words[1], words[0], *words[2:]]), "they do not belong together"),
    ):
        browser.type("#codename", text)
        browser.click("#back form button[type=submit]")
        assert "lapwinng" not in reads(browser, told)
