"""A source with Tor Browser, at each of its security levels: from the first page to a letter sealed before coming."""

import secrets
from functools import partial
from pathlib import Path

from deploy.material import digest, make
from deploy.processes import run
from tests.onion.firefox import SECONDS, Firefox
from tests.onion.network import wait_for
from tests.onion.place import Place, downloaded, eventually, fetched
from tests.onion.telling import SEND, reads, write
from tests.onion.torbrowser import Level

REPLY = "Thank you. When did you see the listing? (test)"
FOLLOW_UP = "On Sunday evening. (test)"
WORDS = 8
WHERE = {Level.STANDARD: "on your device", Level.SAFER: "on your device", Level.SAFEST: "on arrival"}


def codename_on(browser: Firefox) -> str:
    """What the source copies onto paper."""
    codename = browser.text_of(".codename .words")
    assert len(codename.split()) == WORDS
    return codename


def test_a_source_tells_comes_back_and_answers(place: Place, browser: Firefox, level: Level, tmp_path: Path) -> None:
    """In the way that the page offers first a source tells, comes back with the codename alone, and answers a reply."""
    material = make(tmp_path / "source", 300_000)
    desk = place.desks[0]

    browser.open(f"http://{place.visitors}/")
    browser.picture("home")
    assert "Nobody needs to know who you are" in browser.text
    browser.follow("Send a tip")
    write(browser, material.story, material.photo.path, material.big.path)
    browser.picture("tip")
    codename = codename_on(browser)
    browser.click(SEND)
    reads(browser, "Your tip has arrived")
    browser.picture("sent")
    assert f"Your text and 2 files were sealed {WHERE[level]} and are stored." in browser.text
    assert codename_on(browser) == codename

    case = eventually("the tip at a desk", lambda: desk.case_with(material.mark))
    sent = {digest(material.photo.path), digest(material.big.path)}
    eventually("both files", lambda: set(desk.files(case)) == sent)
    assert {eventually("a file", partial(fetched, desk, case, one)) for one in sent} == sent
    desk.act(f"/cases/{case}/conversation", "/reply", {"text": REPLY})

    browser.open(f"http://{place.visitors}/mailbox")
    browser.picture("mailbox")
    eventually("the reply", lambda: reads_reply(place, browser, codename))
    browser.picture("reply")
    browser.type("textarea[name=story]", FOLLOW_UP)
    browser.click("form[action*='/follow-up'] button[type=submit]")
    reads(browser, "Your message has arrived")
    browser.picture("followed-up")
    eventually("the follow-up", lambda: FOLLOW_UP in desk.case(case, "/conversation").text)


def reads_reply(place: Place, browser: Firefox, codename: str) -> bool:
    """Type the codename into the mailbox and look whether a reply is there."""
    browser.open(f"http://{place.visitors}/mailbox")
    browser.type("input[name=codename]", codename)
    browser.click("main form button[type=submit]")
    wait_for("the replies", lambda: True if browser.text_of("h1") == "Replies" else None, SECONDS)
    return REPLY in browser.text


def test_a_source_hands_in_a_letter_sealed_before(place: Place, browser: Firefox, tmp_path: Path) -> None:
    """At each level a letter that `lapwing seal-tip` made goes up, and reaches the reviewers whole."""
    mark = secrets.token_hex(16)
    photo = make(tmp_path / "source", 10_000).photo
    for name in ("roster.json", "keysheet.json"):
        (tmp_path / name).write_bytes(downloaded(place, name))
    (tmp_path / "story.txt").write_text(f"Sealed before. {mark}", "utf-8")
    words = ("seal-tip", "--roster", "roster.json", "--sheet", "keysheet.json", "--root", place.made.root)
    run(*words, "--story", "story.txt", "-o", "letter.age", str(photo.path), folder=tmp_path)

    browser.open(f"http://{place.visitors}/letter")
    browser.picture("letter")
    browser.choose("input[name=letter]", tmp_path / "letter.age")
    browser.click("main button[type=submit]")
    browser.picture("letter-kept")

    assert "Your letter has arrived" in browser.text
    desk = place.desks[1]
    case = eventually("the tip at a desk", lambda: desk.case_with(mark))
    wanted = digest(photo.path)
    assert eventually("its file", lambda: fetched(desk, case, wanted)) == wanted
