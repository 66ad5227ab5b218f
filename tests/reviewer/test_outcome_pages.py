"""An outcome on the pages: imported as a file, told in the inbox, read where rewards are."""

import io
from collections.abc import Iterator

import pytest

from tests.reviewer.browser import Browser, open_browser
from tests.reviewer.forwarded import LACEY, Forwarded
from tests.reviewer.office_hours import OfficeHours
from wire.outcome import Outcome

CONVICTION = Outcome(
    country="US", happened=("conviction", "forfeiture"), law="us-lacey", collected="25000 USD", proceedings="over"
)
IN_WORDS = Outcome(country="KE", happened=("conviction",), statute="Wildlife Act 2013, section 92")


@pytest.fixture
def case(office: OfficeHours) -> Forwarded:
    """A case that was handed over, of which all is known but what an office can tell."""
    made = Forwarded(office)
    made.send()
    made.state(LACEY)
    return made


@pytest.fixture
def desk(case: Forwarded) -> Iterator[Browser]:
    """The app of the reviewer who imports."""
    browser = open_browser(case.hours, "r1")
    yield browser
    browser.station.lock()


def bring(desk: Browser, case: Forwarded, answer: bytes) -> str:
    """Import an answer as a file; returns the words of the dossier's page."""
    path = f"/cases/{case.case_id.hex()}/proposals/{case.proposal.hex()}"
    desk.post(f"{path}/receipt", receipt=(io.BytesIO(answer), "outcome.json"))
    return desk.words(path)


def test_an_outcome_is_told_until_somebody_looked(desk: Browser, case: Forwarded) -> None:
    """The inbox leads to the case's rewards, which say what the office reported and what follows; then it is quiet."""
    rewards = f"/cases/{case.case_id.hex()}/rewards"
    assert "reported an outcome" not in desk.words("/")
    dossier = bring(desk, case, case.signed(CONVICTION, "Two were convicted."))
    assert "conviction, forfeiture" in dossier
    assert "25000 USD" in dossier
    assert "Look what it changes for rewards" in dossier
    inbox = desk.get("/")
    assert "An office reported an outcome:" in inbox
    assert f'href="{desk.full(rewards)}"' in inbox
    page = desk.words(rewards)
    assert "What offices reported Wildlife Crime Unit" in page
    assert "Two were convicted." in page
    assert "us-lacey (Lacey Act rewards)" in page
    assert "imported by Desk r1" in page
    assert "How much was collected under the law of this programme: Lacey Act rewards? 25000 USD" in page
    assert "an office signed it; Desk r1" in page
    assert "can ask the authority for the award" in page
    assert "reported an outcome" not in desk.words("/")


def test_a_statute_in_words_offers_its_questions(desk: Browser, case: Forwarded) -> None:
    """A reviewer goes from there to the question, and records what the office reported."""
    bring(desk, case, case.signed(IN_WORDS, "One was convicted."))
    page = desk.get(f"/cases/{case.case_id.hex()}/rewards")
    assert "It names no law of a programme of its country" in page
    assert "Wildlife Act 2013, section 92" in page
    assert '<option value="conviction_us-tocrp">' in page
    assert "Was anybody convicted" in desk.words(f"/cases/{case.case_id.hex()}/fact?question=conviction_us-tocrp")


def test_what_no_office_signed_is_called_so(desk: Browser, case: Forwarded) -> None:
    """The verdict that rests on it and the facts say so; what an office signs afterwards decides in its place."""
    rewards = f"/cases/{case.case_id.hex()}/rewards"
    question = f"/cases/{case.case_id.hex()}/fact?question=conviction_us-lacey"
    assert "Not signed:" not in desk.words(rewards)
    case.state({"conviction_us-lacey": "no"}, "office")
    desk.post("/sync")
    page = desk.words(rewards)
    assert "Not signed: no office signed this answer; Desk r1 recorded it as told by one. Was anybody convicted" in page
    assert "an office told it, not signed; Desk r1" in page
    assert "counts from now on" in desk.words(question)
    bring(desk, case, case.signed(CONVICTION))
    page = desk.words(rewards)
    assert "Not signed:" not in page
    assert page.count("disputed") == 2
    assert "decides nothing: it stands beside it, as disputed" in desk.words(question)


def test_words_alone_say_so(desk: Browser, case: Forwarded) -> None:
    """An outcome without fields changes nothing by itself, and the page says that."""
    bring(desk, case, case.signed(None, "Nothing came of it."))
    page = desk.words(f"/cases/{case.case_id.hex()}/rewards")
    assert "Nothing came of it." in page
    assert "The office told it in words alone." in page


def test_hostile_words_of_an_office_stay_words(desk: Browser, case: Forwarded) -> None:
    """Nothing that an office signs becomes part of a page."""
    hostile = "<script>alert(1)</script>"
    bring(desk, case, case.signed(Outcome(country="KE", happened=("charge",), statute=hostile), hostile))
    for path in (
        f"/cases/{case.case_id.hex()}/rewards",
        f"/cases/{case.case_id.hex()}/proposals/{case.proposal.hex()}",
    ):
        page = desk.get(path)
        assert hostile not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
