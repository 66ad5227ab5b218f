"""Claim words in the offline sealer: made when a letter is sealed, and years later what answers an agency with them."""

from pathlib import Path

import pytest

from crypto.claim import ClaimWords, claim_salt
from crypto.codename import Codename
from tests.client.agency import CASE, PROGRAMME, Agency
from tests.client.sealer.browsers import Browser, reads, ready
from tests.client.sealer.office import Office
from tests.client.sealer.test_replies import come_back
from tests.client.sealer.test_sealing import begin
from tests.wire.claims import OFFICE
from wire.claim import Commitment, commitment_of
from wire.letter import Letter

SALT = claim_salt(bytes(16), bytes(16))


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    """An agency."""
    return Agency(tmp_path)


def claimed(words: ClaimWords, salt: bytes = SALT, *, known_to_intake: bool = False) -> Commitment:
    """The commitment to claim words."""
    return Commitment(words.derive(salt).public.commitment, salt, known_to_intake)


def seal_with_claim(browser: Browser, office: Office, form: str) -> tuple[str, Letter]:
    """Tick the choice and seal; return the words that are shown and the letter."""
    browser.run("for (const it of document.querySelectorAll('details')) it.open = true")
    browser.click(f"{form} input[name=claim]")
    browser.click(f"{form} button[type=submit]")
    ready(browser, "#save")
    return browser.text("#claim-words-made .words"), office.opened(browser.save("#save")).letter


def read_challenge(browser: Browser, office: Office, challenge: Path) -> None:
    """Open the sealer and the challenge, without key sheet or codename."""
    browser.open(office.sealer)
    browser.click("#answer")
    browser.choose("#challenge-file", challenge)
    ready(browser, "#claim-words")


def sign(browser: Browser, words: str) -> None:
    """Type claim words and press the button."""
    browser.type("#claim-words", words)
    browser.click("[data-asked] button[type=submit]")


def test_words_made_with_a_tip_answer_an_agency(browser: Browser, office: Office, agency: Agency) -> None:
    """The letter has a commitment that no intake knew; with words and challenge the same sealer signs what verifies."""
    begin(browser, office)
    browser.click("#write")
    browser.type("#story", "Ivory.")
    words, letter = seal_with_claim(browser, office, "#tip")
    browser.picture("claim-made")
    commitment = commitment_of(letter)
    assert commitment == claimed(ClaimWords.parse(words), claim_salt(letter.instance, letter.tip))
    assert "on another paper than the codename" in browser.text("#done")

    read_challenge(browser, office, agency.asks(commitment))
    browser.type("#beneficiary", "Maître Dupont, Lyon")
    asked, statement = browser.text("[data-asked]"), browser.text("#statement")
    browser.picture("claim-asked")
    sign(browser, words)
    ready(browser, "#save-answer")
    browser.picture("claim-answered")
    stated = agency.takes(browser.save("#save-answer", "answer.age"), commitment)

    assert all(each in asked for each in (OFFICE.name, PROGRAMME, CASE, agency.digits))
    assert "made on arrival" not in asked
    assert statement == stated.words.strip()
    assert (stated.beneficiary, stated.language) == ("Maître Dupont, Lyon", "en")


def test_words_can_be_made_later_with_another_letter(browser: Browser, office: Office) -> None:
    """A second letter of a codename carries the commitment as a first one does; one without the choice has none."""
    codename = Codename.generate()
    come_back(browser, office, codename)
    browser.type("#message", "More.")
    words, letter = seal_with_claim(browser, office, "#back form:not([hidden])")
    assert (letter.number, commitment_of(letter)) == (
        2,
        claimed(ClaimWords.parse(words), claim_salt(letter.instance, letter.tip)),
    )

    come_back(browser, office, codename)
    browser.type("#message", "Still more.")
    browser.click("#back form:not([hidden]) button[type=submit]")
    ready(browser, "#save")
    assert office.opened(browser.save("#save")).letter.claim is None


def test_a_pasted_challenge_is_answered_in_french(browser: Browser, office: Office, agency: Agency) -> None:
    """Text does as well as a file; the statement is in the language that was read; nobody need be named."""
    words = ClaimWords.generate()
    commitment = claimed(words, known_to_intake=True)
    browser.open(office.sealer)
    browser.click("#languages button[lang=fr]")
    browser.click("#answer")
    browser.type("#challenge", f"  {agency.asks(commitment).read_text()}\n")
    browser.click("#answering form button[type=submit]")
    ready(browser, "#claim-words")
    statement = browser.text("#statement")
    assert "créés à l’arrivée" in browser.text("[data-asked]")
    sign(browser, str(words).replace(" ", "-"))
    ready(browser, "#save-answer")
    stated = agency.takes(browser.save("#save-answer", "answer.age"), commitment)

    assert (stated.words.strip(), stated.beneficiary, stated.language) == (statement, "", "fr")
    assert "(personne n’est nommé)" in statement


def test_words_of_another_tip_sign_nothing(browser: Browser, office: Office, agency: Agency) -> None:
    """Nor do words with a typing error; each is told, and what was typed is still there."""
    words, others = ClaimWords.generate(), ClaimWords.generate()
    read_challenge(browser, office, agency.asks(claimed(words)))
    sign(browser, str(others))
    reads(browser, "These words belong to another tip")
    sign(browser, f"{str(words)[:-2]}{(int(str(words)[-2:]) + 1) % 100:02}")
    reads(browser, "Words and number do not belong together")
    sign(browser, f"lapwing {str(words).split(' ', 1)[1]}")
    reads(browser, "Word 1 is not on the list")
    assert browser.run("return document.querySelector('#save-answer')") is None
    assert "lapwing" in browser.run("return document.querySelector('#claim-words').value")


def test_a_challenge_that_was_changed_is_not_shown(browser: Browser, office: Office, agency: Agency) -> None:
    """One that its agency did not sign like this, and one that is none."""
    genuine = agency.asks(claimed(ClaimWords.generate())).read_bytes()
    browser.open(office.sealer)
    browser.click("#answer")
    at = genuine.index(b'"sig":"') + 7
    forged = genuine[:at] + (b"A" if genuine[at : at + 1] != b"A" else b"B") + genuine[at + 1 :]
    for name, content, told in (
        ("forged.json", forged, "not as its agency signed it"),
        ("none.json", b"{}", "That is no challenge"),
    ):
        browser.choose("#challenge-file", office.keep(name, content))
        reads(browser, told)
        assert browser.run("return document.querySelector('#statement')") is None
