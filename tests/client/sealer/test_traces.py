"""What an ordinary Firefox writes to the disk while the sealer is open: nothing that was typed."""

import secrets

import pytest

from tests.client.agency import Agency
from tests.client.sealer.browsers import OrdinaryFirefox, ready
from tests.client.sealer.office import Office
from tests.client.sealer.test_sealing import begin
from tests.onion.network import wait_for
from tests.wire.claims import COMMITMENT

pytestmark = pytest.mark.parametrize("browser", ["firefox"], indirect=True)

SECONDS = 30.0
MAGIC = b"mozLz40\0"
SHORTEST = 4
"""Bytes of a match in LZ4."""


def unpacked(packed: bytes) -> bytes:
    """Return what is in one of Firefox's files: a block of LZ4 behind its magic and four bytes of size."""
    assert packed.startswith(MAGIC)
    at, out = len(MAGIC) + 4, bytearray()

    def length(first: int) -> int:
        nonlocal at
        more = first == 15
        while more:
            more = packed[at] == 255
            first += packed[at]
            at += 1
        return first

    while at < len(packed):
        token = packed[at]
        at += 1
        size = length(token >> 4)
        out += packed[at : at + size]
        at += size
        if at == len(packed):
            break
        back = int.from_bytes(packed[at : at + 2], "little")
        at += 2
        for _ in range(length(token & 15) + SHORTEST):
            out.append(out[-back])
    return bytes(out)


def session(browser: OrdinaryFirefox, words: str) -> bytes:
    """Wait until Firefox wrote these words down; return all that it wrote there."""

    def look() -> bytes | None:
        try:
            found = b"".join(unpacked(file.read_bytes()) for file in browser.profile.rglob("recovery.jsonlz4"))
        except FileNotFoundError:  # a newer one is just taking its place
            return None
        return found if words.encode() in found else None

    return wait_for("the session", look, SECONDS)


def test_firefox_writes_nothing_that_was_typed_to_the_disk(browser: OrdinaryFirefox, office: Office) -> None:
    """Every few seconds it writes down what stands in forms, for after a crash; nothing of the sealer's is among it."""
    begin(browser, office)
    browser.click("#write")
    browser.run("for (const it of document.querySelectorAll('details')) it.open = true")
    typed = {}
    fields = "return [...document.querySelectorAll('#tip textarea, #tip [type=text]')].map((it) => it.id)"
    for css in browser.run(fields):
        typed[css] = secrets.token_hex(8)
        browser.type(f"#{css}", typed[css])
    browser.choose("#files", office.keep(f"{secrets.token_hex(8)}.txt", b"x"))
    # Something that the sealer does not have, so that it is seen that all of this would be found.
    control = secrets.token_hex(8)
    browser.run("document.body.append(Object.assign(document.createElement('textarea'), { id: 'control' }))")
    browser.type("#control", control)

    written = session(browser, control)

    assert {"story", "people", "price"} <= set(typed)
    assert [css for css, words in typed.items() if words.encode() in written] == []
    assert b".txt" not in written
    assert b"keysheet.json" not in written


def test_firefox_writes_no_codename_to_the_disk(browser: OrdinaryFirefox, office: Office) -> None:
    """Nor is a codename that was typed, or the shelf that was chosen."""
    begin(browser, office)
    browser.click("#come-back")
    ready(browser, "#codename")
    words = secrets.token_hex(8)
    browser.type("#codename", words)
    control = secrets.token_hex(8)
    browser.run("document.body.append(Object.assign(document.createElement('textarea'), { id: 'control' }))")
    browser.type("#control", control)

    assert words.encode() not in session(browser, control)


def test_firefox_writes_nothing_of_a_claim_to_the_disk(browser: OrdinaryFirefox, office: Office) -> None:
    """Neither claim words nor who shall be paid, nor the challenge that was pasted."""
    begin(browser, office)
    browser.click("#answer")
    challenge = Agency(office.folder).asks(COMMITMENT).read_text()
    browser.type("#challenge", challenge)
    browser.click("#answering form button[type=submit]")
    ready(browser, "#claim-words")
    words, beneficiary, control = (secrets.token_hex(8) for _ in range(3))
    browser.type("#claim-words", words)
    browser.type("#beneficiary", beneficiary)
    browser.run("document.body.append(Object.assign(document.createElement('textarea'), { id: 'control' }))")
    browser.type("#control", control)

    written = session(browser, control)

    assert [each for each in (words, beneficiary, challenge[40:80]) if each.encode() in written] == []
