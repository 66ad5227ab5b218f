"""The ledger's pages: a step is recorded with a form, stands in the case, in all cases and in the calendar."""

import io
from datetime import date
from typing import Any

import pytest

from reviewer.acts import cases
from tests.reviewer.browser import Browser, open_browser
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.rewards.test_calendar import read_whole
from tests.reviewer.source import STORY, Source

EMPTY = dict.fromkeys(("done_on", "due_on", "by", "form", "number", "amount", "document", "note"), "")


@pytest.fixture
def source(office: OfficeHours) -> Source:
    """A tip in every app."""
    office.open()
    sent = Source(office)
    sent.send(fields={"species": "Manis javanica", "product": "scales"})
    office.rounds(times=2)
    return sent


@pytest.fixture
def browser(office: OfficeHours, source: Source) -> Browser:
    """The first reviewer's browser."""
    return open_browser(office, "r1")


def record(browser: Browser, case: str, expect: int = 303, **said: Any) -> str:
    """Send the form of a step; returns the answer's words."""
    fields = EMPTY | {"programme": "us-sec", "step": "filed", "who": "counsel"} | said
    return str(browser.post(f"{case}/ledger", expect=expect, **fields).text)


def test_step_is_recorded_with_a_form_and_stands_in_the_history(browser: Browser, source: Source) -> None:
    """Everything that was written stands there with who recorded it and when, and the verdict has moved."""
    case = f"/cases/{source.case_id.hex()}"
    assert "Nothing was done yet for any programme." in browser.words(f"{case}/rewards")
    record(browser, case, step="considered", who="organisation")
    record(browser, case, done_on="2026-11-20", form="Form TCR", number="17", by="a firm", note="by post")
    words = browser.words(f"{case}/rewards")
    assert (
        "filed , 20 Nov 2026 · a lawyer for the source ( a firm ) · Form TCR · no. 17 "
        "Recorded by Desk r1 on 25 Nov 2026. by post" in words
    )
    assert words.index("considered , day not known · our organisation") < words.index("filed , 20 Nov 2026")
    asked = browser.words(f"{case}/fact?question=filed_us-sec")
    assert "yes (the source; Desk r1, 25 Nov 2026)" in asked


def test_form_comes_open_for_the_programme_that_was_chosen(browser: Browser, source: Source) -> None:
    """A link at each verdict leads to the form with its programme; without it the form stays folded."""
    case = f"/cases/{source.case_id.hex()}"
    page = browser.get(f"{case}/rewards")
    assert f"{case}/rewards?programme=us-irs#step" in page
    assert '<details id="step">' in page
    assert "<script" not in page
    page = browser.get(f"{case}/rewards?programme=us-irs")
    assert '<details id="step" open>' in page
    assert page.count(" selected>") == 1
    assert '<option value="us-irs" lang="en" selected>' in page


def test_document_is_an_exhibit_of_the_case(browser: Browser, source: Source) -> None:
    """A reviewer's exhibit can be chosen and is linked from the history; what is no exhibit is refused."""
    case = f"/cases/{source.case_id.hex()}"
    fields: dict[str, Any] = {"captured_by": "Desk r1", "captured_on": "", "taken_from": "", "how": ""}
    browser.post(f"{case}/exhibits", file=(io.BytesIO(b"a letter"), "letter.pdf"), **fields)
    browser.post("/sync")
    page = browser.get(f"{case}/rewards")
    (choice,) = [line for line in page.splitlines() if "letter.pdf</option>" in line]
    sha256 = choice.split("letter.pdf")[0].split('value="')[-1][:64]
    record(browser, case, document=sha256)
    assert f"{case}/files/{sha256}" in browser.get(f"{case}/rewards")
    assert "add it as an exhibit first" in record(browser, case, expect=400, document="0" * 64)


def test_what_is_no_step_is_a_page_that_says_why(browser: Browser, source: Source) -> None:
    """The error names the remedy and repeats nothing."""
    case = f"/cases/{source.case_id.hex()}"
    assert "such programme" in record(browser, case, expect=400, programme="moon")
    assert "write the day like this" in record(browser, case, expect=400, done_on="yesterday").lower()
    assert "moon" not in browser.words("/rewards")


def test_all_cases_page_and_calendar(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Overdue, due this month, due later and totals stand on one page; the calendar holds no word of the case."""
    case = f"/cases/{source.case_id.hex()}"
    assert "No step was recorded yet." in browser.words("/rewards")
    assert "Download" not in browser.words("/rewards")
    assert "nothing is due" in browser.get("/rewards/calendar.ics", expect=400).lower()
    cases.note(office.hand("r1"), source.case_id, "a note")
    record(browser, case, step="source_told", who="organisation", due_on="2026-11-20", note="tell her")
    record(browser, case, due_on="2026-11-30", by="Smith and Sons")
    record(browser, case, programme="us-irs", step="appealed", due_on="2027-01-15")
    record(browser, case, programme="us-irs", step="paid", who="authority", amount="1500.5 USD", number="1")
    record(browser, case, programme="us-irs", step="paid", who="authority", amount="20 EUR", number="2")
    words = browser.words("/rewards")
    order = ["Overdue 20 Nov 2026 Tell the source ·", "Due this month 30 Nov 2026 Filing of the form"]
    order += ["Due later 15 Jan 2027 Appeal", "Cases by where they stand"]
    assert [words.index(each) for each in order] == sorted(words.index(each) for each in order)
    assert "paid 1 Awards: – Paid: 20 EUR · 1 500.5 USD" in words
    assert "nothing done yet 1" in words
    assert "many calendars copy everything" in words

    answer = browser.ask("/rewards/calendar.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lapwing-rewards.ics"'
    short, names = (
        source.case_id.hex()[:8],
        "SEC whistleblower programme (including bribery and false books by issuers)",
    )
    assert read_whole(answer.data) == [
        (date(2026, 11, 20), f"{names}: Tell the source, case {short}"),
        (date(2026, 11, 30), f"{names}: Filing of the form, case {short}"),
        (date(2027, 1, 15), f"IRS whistleblower awards: Appeal, case {short}"),
    ]
    title = office.case("r1", source.case_id).title or "Manis"
    for word in (title, STORY, "Manis", "scales", "tell her", "Smith", "a note", source.case_id.hex()[:9], "Desk"):
        assert word.encode() not in answer.data


def test_calendar_keeps_its_uids(browser: Browser, source: Source) -> None:
    """A day that moves keeps its uid, so that a calendar moves it; another programme has another."""
    case = f"/cases/{source.case_id.hex()}"

    def uids() -> list[str]:
        lines = browser.get("/rewards/calendar.ics").splitlines()
        return [line for line in lines if line.startswith("UID:")]

    record(browser, case, due_on="2026-11-30")
    before = uids()
    record(browser, case, due_on="2026-12-24")
    record(browser, case, programme="us-irs", due_on="2026-12-31")
    assert uids()[:1] == before
    assert len(set(uids())) == 2


def test_who_was_recused_sees_nothing_of_the_case(office: OfficeHours, browser: Browser, source: Source) -> None:
    """Neither on the page of all cases nor in the calendar, nor is there a form."""
    case = f"/cases/{source.case_id.hex()}"
    record(browser, case, due_on="2026-11-30")
    assert source.case_id.hex() in browser.get("/rewards")
    office.rounds("r2", "r3")
    browser.post("/sync")
    office.rounds("r2")
    cases.recuse(office.hand("r2"), source.case_id, "r1", "knows the seller")
    office.rounds("r2")
    browser.post("/sync")
    page = browser.get("/rewards")
    assert source.case_id.hex()[:8] not in page
    assert "No step was recorded yet." in page
    browser.get("/rewards/calendar.ics", expect=400)
    assert 'id="step"' not in browser.get(f"{case}/rewards")


def test_pages_speak_french(browser: Browser, source: Source) -> None:
    """The page of all cases and the calendar, too."""
    case = f"/cases/{source.case_id.hex()}"
    record(browser, case, due_on="2026-11-30")
    browser.post("/language", language="fr")
    assert "Récompenses de toutes les affaires" in browser.words("/rewards")
    assert "Dépôt du formulaire, affaire " in read_whole(browser.ask("/rewards/calendar.ics").data)[0][1]
