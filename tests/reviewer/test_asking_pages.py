"""Pages on which reviewers ask a source, take answers, tell where a reward stands, and decide before they forward."""

import io
from typing import Any

import pytest

from reviewer.acts.claims import propose_claim_release
from reviewer.acts.dossiers import confirm
from tests.reviewer.acts.test_asking import DIGEST, TIP, challenge
from tests.reviewer.acts.test_dossiers import OFFICE
from tests.reviewer.browser import Browser, led_to, open_browser
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source
from wire.content import Replied

CHOICE: dict[str, Any] = {
    "office": OFFICE.digest.hex(),
    "title": "Scales",
    "purpose": "investigation",
    "language": "en",
}
FREE = "Vous êtes libre de ne pas répondre"


@pytest.fixture
def source(office: OfficeHours) -> Source:
    """A source who wishes a reward and left a claim, in every app, and an office on the list."""
    office.open()
    sent = Source(office)
    sent.send(fields={"reward_wish": "yes"}, tip=TIP, claim=DIGEST)
    office.agree_on(OFFICE)
    return sent


@pytest.fixture
def browser(office: OfficeHours, source: Source) -> Browser:
    """The first reviewer's browser."""
    return open_browser(office, "r1")


def sync(office: OfficeHours, browser: Browser) -> None:
    """Bring everybody up to date."""
    for _ in range(2):
        browser.post("/sync")
        office.rounds("r2", "r3")
    browser.post("/sync")


def test_a_question_is_asked_with_one_click_and_its_answer_taken(
    office: OfficeHours, browser: Browser, source: Source
) -> None:
    """The panel shows when it was asked; the follow-up offers it as the answer; the fact stands once it is taken."""
    case = f"/cases/{source.case_id.hex()}"
    asked = "Does the source have a lawyer?"
    assert f'aria-label="Ask the source: {asked}"' in browser.get(f"{case}/rewards")
    browser.post(f"{case}/ask", question="counsel")
    assert "Asked; the reply waits to leave." in browser.words(f"{case}/rewards")
    assert f"Asks for rewards: {asked}" in browser.words(f"{case}/conversation")
    browser.post(f"{case}/ask", expect=400, question="transnational")
    office.letters_leave("r1")
    sync(office, browser)
    assert "Asked on 25 Nov 2026." in browser.words(f"{case}/rewards")
    assert "Ask again" in browser.words(f"{case}/rewards")
    assert FREE in source.mailbox().replies[0].text
    assert "Take as the answer" not in browser.words(f"{case}/conversation")

    source.send("Oui, un avocat.")
    sync(office, browser)
    words = browser.words(f"{case}/conversation")
    assert words.index("Oui, un avocat.") < words.index(f"Take as the answer: {asked}")
    assert "yes (the source;" not in browser.words(f"{case}/fact?question=counsel")
    browser.post(f"{case}/answer", question="counsel", value="yes")
    assert "yes (the source; Desk r1" in browser.words(f"{case}/fact?question=counsel")
    assert "Take as the answer" not in browser.words(f"{case}/conversation")
    browser.post(f"{case}/answer", expect=400, question="counsel", value="no")


@pytest.mark.parametrize("name", ["nonsense", "<script>", "conviction_us-lacey"])
def test_what_no_source_can_be_asked_is_no_question(
    office: OfficeHours, browser: Browser, source: Source, name: str
) -> None:
    """A reply of another app that asks it is a reply like others: the conversation stands and offers no answer."""
    with office.hand("r2").work() as work:
        work.pen.write(Replied(on=office.now, case=source.case_id, number=1, seen=0, text="A word.", asks=name))
    sync(office, browser)
    case = f"/cases/{source.case_id.hex()}"
    page = browser.get(f"{case}/conversation")
    assert "A word." in page
    assert "Take as the answer" not in page
    assert "<script>" not in page
    browser.get(f"{case}/rewards")
    browser.post(f"{case}/answer", expect=400, question=name, value="yes")


@pytest.mark.parametrize(
    ("say", "programme", "words"),
    [
        ("considered", "us-lacey", "Ce n’est pas une promesse"),
        ("file", "us-sec", "Form TCR. Pour rester anonyme, il vous faut un avocat"),
        ("accepted", "us-lacey", "n’a pas encore décidé"),
        ("refused", "us-sec", "30 jours pour contester"),
        ("paid", "us-esa", "Nous n’en gardons rien"),
        ("forward", "", "Customs Form 4623"),
        ("publish", "", "une fois que c’est public"),
    ],
)
def test_prepared_words_fill_the_box_and_send_nothing(
    browser: Browser, source: Source, say: str, programme: str, words: str
) -> None:
    """They stand in the language of the tip, without an amount; what is not prepared is refused."""
    path = f"/cases/{source.case_id.hex()}/conversation"
    page = browser.get(f"{path}?say={say}&programme={programme}")
    box = " ".join(page.split("<textarea", 1)[1].split("</textarea>", 1)[0].split())
    assert words in box
    assert not {"USD", "%(", "$"} & set(box.split())
    assert "Waits;" not in browser.words(path)
    assert "There are no such words" in browser.get(f"{path}?say={say}x&programme={programme}", expect=400)


def test_a_day_that_runs_stands_in_the_prepared_words(browser: Browser, source: Source) -> None:
    """You must file by the day that the rules know."""
    case = f"/cases/{source.case_id.hex()}"
    browser.post(f"{case}/fact", name="internal_report", value="yes", said_by="source")
    browser.post(f"{case}/fact", name="internal_report_on", value="2026-11-01", said_by="source")
    assert "1 mars 2027" in browser.get(f"{case}/conversation?say=file&programme=us-doj-cwap")


def test_a_challenge_is_shown_before_it_goes(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Without a released claim the page warns and asks twice; with one it says what the source will read, and sends."""
    case = f"/cases/{source.case_id.hex()}"
    page = browser.post(f"{case}/challenge", expect=200, challenge=(io.BytesIO(challenge()), "challenge.json")).text
    assert "This claim was never released." in page
    assert 'name="sure"' in page
    assert "not on the organisation’s list" not in page
    text = challenge().decode().strip()
    browser.post(f"{case}/challenge/pass", expect=400, challenge=text)
    proposal = propose_claim_release(office.hand("r2"), source.case_id, DIGEST, "asked for")
    office.rounds(times=2)
    confirm(office.hand("r3"), source.case_id, proposal)
    sync(office, browser)
    page = browser.post(f"{case}/challenge", expect=200, challenge=(io.BytesIO(challenge()), "challenge.json")).text
    assert "Une autorité demande" in page
    assert 'name="sure"' not in page
    browser.post(f"{case}/challenge/pass", challenge=text)
    office.letters_leave("r1")
    assert source.mailbox().replies[0].text.splitlines()[-1] == text
    browser.post(f"{case}/challenge", expect=400, challenge=(io.BytesIO(b"{}"), "challenge.json"))


def test_forwarding_warns_first_and_the_second_reviewer_reads_the_decision(
    office: OfficeHours, browser: Browser, source: Source
) -> None:
    """The page lists what could be lost, with the words for the source; the decision stands before the approval."""
    case = f"/cases/{source.case_id.hex()}"
    words = browser.words(f"{case}/dossiers/new")
    assert "Forwarding could cost the source an award" in words
    assert "Form TCR" in words
    assert "15 USC 78u-6(c)(2)(D); 17 CFR 240.21F-9" in words
    assert "conversation?say=forward#reply" in browser.get(f"{case}/dossiers/new")
    refused = browser.post(f"{case}/dossiers/new", expect=400, **CHOICE).text
    assert "tell them first" in refused
    proposal = led_to(
        browser.post(f"{case}/dossiers/new", **CHOICE, decision="anyway", decision_reason="it leaves today")
    )
    sync(office, browser)
    second = open_browser(office, "r2")
    words = second.words(proposal)
    assert "Desk r1 , 25 Nov 2026: It goes ahead all the same, because: it leaves today" in words
    assert words.index("it leaves today") < words.index("Approve the dossier")
    assert "Nobody decided" not in words
    assert "went ahead although it could cost the source an award" in second.words(f"{case}/history")


def test_without_a_warning_the_pages_are_as_ever(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Who wishes no reward cannot lose one: no list, no decision, one form."""
    case = f"/cases/{source.case_id.hex()}"
    browser.post(f"{case}/fact", name="reward_wish", value="no", said_by="source")
    assert "The source wishes a reward." in browser.words(f"{case}/rewards")
    assert "Forwarding could cost" in browser.words(f"{case}/dossiers/new")
    source.send(fields={"reward_wish": "no"})
    sync(office, browser)
    assert "Forwarding could cost" not in browser.words(f"{case}/dossiers/new")
    assert "to be published" not in browser.words(f"{case}/dossiers")
    proposal = led_to(browser.post(f"{case}/dossiers/new", **CHOICE))
    assert "What forwarding could cost" not in browser.words(proposal)


def test_publishing_is_decided_on_the_page_of_what_leaves(browser: Browser, source: Source) -> None:
    """The decision to publish stands there for all."""
    case = f"/cases/{source.case_id.hex()}"
    assert "If anything of this case is to be published" in browser.words(f"{case}/dossiers")
    browser.post(f"{case}/publish", expect=400, decision="")
    browser.post(f"{case}/publish", decision="told")
    assert "The source was told." in browser.words(f"{case}/dossiers")
