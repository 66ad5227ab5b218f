"""Without a JIT, as in Tor Browser's levels above the first: slower by far, and the page still answers."""

import os
import time

import pytest

from crypto.codename import Codename
from tests.client.sealer.browsers import Browser, reads, ready
from tests.client.sealer.office import Office
from tests.client.sealer.test_sealing import MIB, begin

pytestmark = pytest.mark.parametrize("browser", ["firefox without JIT"], indirect=True)

ANSWERS = 2.0
"""Seconds within which the page does what it is told while the other thread works, on a machine that does more."""


def test_five_mebibytes_are_sealed_while_the_page_answers(browser: Browser, office: Office) -> None:
    """The codename's keys and the sealing leave the page free, and the letter opens."""
    film = office.keep("film.bin", os.urandom(5 * MIB))
    begin(browser, office)
    browser.click("#write")
    browser.choose("#files", film)
    browser.click("#files-found input[value=original]")
    browser.click("form button[type=submit]")
    reads(browser, "The letter is being sealed.")
    began = time.monotonic()
    browser.click("#languages button[lang=fr]")
    assert "La lettre est en train d’être scellée." in browser.text()
    assert time.monotonic() - began < ANSWERS
    ready(browser, "#save")

    sealed = browser.save("#save")

    assert office.files_of(sealed) == {"film.bin": film.read_bytes()}


def test_replies_are_read(browser: Browser, office: Office) -> None:
    """A shelf is read in the same way."""
    codename = Codename.generate()
    keys = codename.derive(office.roster.instance)
    browser.open(office.sealer)
    browser.click("#come-back")
    browser.type("#codename", str(codename))
    browser.click("#back form button[type=submit]")
    ready(browser, "#shelf")
    browser.choose("#shelf", office.keep("shelf", office.reply(keys, "Thank you.", number=1, seen=1)))

    reads(browser, "Thank you.")
