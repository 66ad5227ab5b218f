"""From an empty form to a letter that reviewers open."""

import os
import struct
import zlib

from crypto.codename import Codename
from tests.client.sealer.browsers import Browser, Chromium, reads, ready
from tests.client.sealer.office import Office
from tests.client.sealer.watchman import Watchman
from wire.letter import LETTER_SIZE, PART_SIZE
from wire.look import check_letter, check_part
from wire.root_words import root_words

MIB = 1 << 20


def begin(browser: Browser, office: Office) -> None:
    """Open the sealer and give it this week's key sheet."""
    browser.open(office.sealer)
    browser.choose("#sheet", office.downloaded())
    ready(browser, "#write")


def test_a_story_and_a_file_reach_every_reviewer_but_the_one_left_out(browser: Browser, office: Office) -> None:
    """The saved file is a letter sealed before, with its parts; those who may read it open all of it."""
    film = office.keep("film é.bin", os.urandom(5 * MIB))
    begin(browser, office)
    browser.click("#write")
    browser.type("#story", "Ivory, on the market.\nEvery Friday; ask for “Léa”.")
    browser.run("for (const it of document.querySelectorAll('details')) it.open = true")
    browser.type("#species", "elephant")
    browser.type("#listing_addresses", "https://example.org/1\nhttps://example.org/2")
    browser.click("input[name=reward_wish][value=unsure]")
    browser.click("input[name=not_to][value=r3]")
    browser.choose("#files", film)
    browser.click("#files-found input[value=original]")
    browser.picture("form")
    shown = browser.text(".codename .words")
    browser.click("form button[type=submit]")
    ready(browser, "#save")
    assert "Desk r3" not in browser.text("#done")
    browser.picture("done")

    sealed = browser.save("#save")

    letter = office.opened(sealed).letter
    assert len(sealed) == LETTER_SIZE + 6 * PART_SIZE
    assert (letter.sealed, letter.number, letter.language) == ("before", 1, "en")
    assert letter.story == "Ivory, on the market.\nEvery Friday; ask for “Léa”."
    assert letter.fields == {
        "species": "elephant",
        "listing_addresses": "https://example.org/1\nhttps://example.org/2",
        "reward_wish": "unsure",
    }
    assert letter.not_to == ("r3",)
    assert office.files_of(sealed, "r2") == {"film é.bin": film.read_bytes()}
    keys = Codename.parse(shown).derive(office.roster.instance)
    assert letter.conversation == bytes(keys.conversation.public_key)
    assert letter.reply_to == keys.reply.recipient
    assert letter.case_key == keys.case_key
    assert letter.sheet == office.sheet().digest
    check_letter(sealed[:LETTER_SIZE], {letter.sheet: letter.week})
    for start in range(LETTER_SIZE, len(sealed), PART_SIZE):
        check_part(sealed[start : start + PART_SIZE])


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def picture_with_a_name() -> bytes:
    """A PNG of one pixel, whose maker wrote a name into it."""
    header, pixel = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0), zlib.compress(b"\0\x7f")
    chunks = [(b"IHDR", header), (b"tEXt", b"Author\0Jane Roe"), (b"IDAT", pixel), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, content) for kind, content in chunks)


def test_what_a_file_gives_away_is_shown_and_left_out(browser: Browser, office: Office) -> None:
    """Where a clean copy can be made, it is what is sealed unless the writer wants the original."""
    photo = office.keep("jane.png", picture_with_a_name())
    begin(browser, office)
    browser.click("#write")
    browser.choose("#files", photo)
    ready(browser, "#files-found input[value=clean]")
    text = browser.text("#files-found")
    browser.picture("looked")
    browser.click("form button[type=submit]")
    ready(browser, "#save")

    (name, content), *others = office.files_of(browser.save("#save")).items()

    assert "Jane Roe" in text
    assert (name, others) == ("picture-1.png", [])
    assert b"Jane" not in content
    assert content.startswith(b"\x89PNG")


def test_both_copies_or_none_can_be_sealed(browser: Browser, office: Office) -> None:
    """The writer decides for each file; one that no clean copy can be made of is not sealed before they did."""
    photo, notes = office.keep("jane.png", picture_with_a_name()), office.keep("notes.bin", b"\1\2\3")
    begin(browser, office)
    browser.click("#write")
    browser.choose("#files", photo, notes)
    browser.click(".file:nth-of-type(1) input[value=both]")
    ready(browser, ".file:nth-of-type(2) input[value=original]")
    browser.click("form button[type=submit]")
    reads(browser, "Say for each file how it shall be sealed.")
    browser.click(".file:nth-of-type(2) input[value=none]")
    browser.click("form button[type=submit]")
    ready(browser, "#save")

    files = office.files_of(browser.save("#save"))

    assert list(files) == ["picture-1.png", "jane.png"]
    assert files["jane.png"] == photo.read_bytes()


def test_the_page_says_whom_it_is_for_and_until_when(browser: Browser, office: Office) -> None:
    """The root's words, the reviewers and the sealer's hash that they signed stand there."""
    begin(browser, office)

    text = browser.text()

    assert " ".join(root_words(office.root)) in text
    assert all(f"Desk {one}" in text for one in ("r1", "r2", "r3"))
    digest = office.sheet().sealer
    assert digest is not None
    assert digest.hex() in text
    assert "The key sheet is genuine. It is good until" in text
    assert "Monday" in text


def test_a_change_of_language_keeps_what_was_typed(browser: Browser, office: Office) -> None:
    """French and English are one click apart, and the letter says which it was."""
    begin(browser, office)
    browser.click("#write")
    browser.type("#story", "Un récit")
    browser.click("#languages button[lang=fr]")
    assert "La feuille de clés est authentique" in browser.text()
    assert browser.run("return document.documentElement.lang") == "fr"
    browser.click("form button[type=submit]")
    reads(browser, "Votre lettre est scellée")

    letter = office.opened(browser.save("#save")).letter

    assert (letter.story, letter.language) == ("Un récit", "fr")


def test_nothing_to_say_is_not_sealed(browser: Browser, office: Office) -> None:
    """An empty form, or too few readers, is told and can be put right."""
    begin(browser, office)
    browser.click("#write")
    browser.click("form button[type=submit]")
    reads(browser, "neither a story nor a file")
    browser.type("#story", "x")
    browser.run("for (const it of document.querySelectorAll('details')) it.open = true")
    browser.click("input[name=not_to][value=r1]")
    browser.click("input[name=not_to][value=r2]")
    browser.click("form button[type=submit]")
    reads(browser, "at least 2 reviewers must be able to read it")
    browser.click("input[name=not_to][value=r2]")
    browser.click("form button[type=submit]")
    ready(browser, "#save")

    assert office.opened(browser.save("#save"), "r2").letter.not_to == ("r1",)


def test_a_sealing_that_was_cancelled_leaves_the_form(browser: Browser, office: Office) -> None:
    """Cancel ends the work at once; what was written is still there, and nothing was saved."""
    large = office.keep("large.bin", b"")
    with large.open("r+b") as file:
        file.truncate(512 * MIB)
    begin(browser, office)
    browser.click("#write")
    browser.type("#story", "still here")
    reads(browser, "Its keys are ready.")
    browser.choose("#files", large)
    browser.click("#files-found input[value=original]")
    browser.click("form button[type=submit]")
    reads(browser, "of 537")
    browser.click("#tip button.quiet")
    ready(browser, "#story")

    assert browser.run("return document.querySelector('#story').value") == "still here"
    assert browser.run("return document.querySelector('#save') === null")


def test_the_page_can_reach_nobody(browser: Browser, office: Office, watchman: Watchman) -> None:
    """What a foreign element on the page would load, the page's policy refuses.

    Frames are not among them: Chromium connects to where one would come from before it asks the policy, and then loads
    nothing. The policy is a second fence; the first is the network that was cut.
    """
    begin(browser, office)
    browser.run(
        "const add = (tag, values) => document.body.append(Object.assign(document.createElement(tag), values));"
        "add('img', { src: 'http://192.0.2.1/a.png' });"
        "add('link', { rel: 'stylesheet', href: 'http://192.0.2.1/c.css' });"
        "add('script', { src: 'http://192.0.2.1/d.js' });"
        "add('script', { textContent: 'document.title = \"changed\"' });"
    )
    if isinstance(browser, Chromium):
        refused = browser.run(
            "const tries = [() => fetch('http://192.0.2.1/e'), () => new Promise((yes, no) => {"
            " const socket = new WebSocket('ws://192.0.2.1/f'); socket.onopen = yes; socket.onerror = no; }),"
            " () => new Promise((yes, no) => { const request = new XMLHttpRequest(); request.open('GET', 'http://192.0.2.1/g');"
            " request.onload = yes; request.onerror = no; request.send(); })];"
            "const ended = await Promise.allSettled(tries.map((one) => one()));"
            "return ended.map((one) => one.status)"
        )
        assert refused == ["rejected"] * 3
        assert sum(address.startswith(("http:", "ws:")) for address in browser.asked) >= 1
        browser.asked.clear()
    browser.click("#write")
    browser.type("#story", "and it still works")
    browser.click("form button[type=submit]")
    ready(browser, "#save")

    assert browser.run("return document.title") == "Lapwing"
    assert watchman.tries == []
