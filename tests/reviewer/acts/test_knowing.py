"""What is known in a case: from the tip, and as it was recorded."""

from datetime import date

import pytest

from reviewer.acts import rewards
from reviewer.acts.desk_work import Hand
from reviewer.rewards.library import shipped
from tests.reviewer.browser import open_browser
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source
from wire.content_rewards import FactStated, LedgerStep

PROGRAMMES = shipped()


def write(hand: Hand, content: FactStated | LedgerStep) -> None:
    """Write an event as another app might."""
    with hand.work() as work:
        work.pen.write(content)


def test_the_tip_answers_by_itself(office: OfficeHours) -> None:
    """What the source chose on the form is a fact that the source said, before any that was recorded."""
    office.open()
    source = Source(office)
    source.send(fields={"reward_wish": "yes", "willing_to_testify": "unsure", "species": "Manis javanica"})
    office.rounds(times=2)
    rewards.state_fact(office.hand("r1"), source.case_id, "reward_wish", "no", "source")
    facts = office.known("r1", source.case_id).facts
    assert [(fact.question, fact.answer.text, fact.said_by, fact.author) for fact in facts.facts] == [
        ("reward_wish", "yes", "source", ""),
        ("willing_to_testify", "unsure", "source", ""),
        ("reward_wish", "no", "source", "r1"),
    ]


def test_what_another_app_wrote_differently_is_kept_and_does_not_count(office: OfficeHours, tip: Source) -> None:
    """A fact that no rule asks for, or asks in other words, stays in sight."""
    for name, value in (("country", "Kenya"), ("voluntary", "I think so")):
        content = FactStated(
            on=office.desks["r1"].today(), case=tip.case_id, name=name, value=value, said_by="reviewer"
        )
        write(office.hand("r1"), content)
    found = office.known("r1", tip.case_id)
    assert [entry.content.value for entry in found.uncounted] == ["Kenya", "I think so"]
    assert found.facts.facts == ()


@pytest.mark.parametrize("odd", ["maybe", "x" * 500, "yes\nno", ""])
def test_what_a_source_writes_into_the_fields_stops_nothing(office: OfficeHours, tip: Source, odd: str) -> None:
    """Fields that no form would send are no facts; the case's pages, those of all cases and the calendar stay."""
    odd_source = Source(office)
    odd_source.send(fields={"reward_wish": odd, "willing_to_testify": odd})
    office.rounds(times=2)
    today = office.desks["r1"].today()
    for one in (odd_source, tip):
        write(office.hand("r1"), FactStated(on=today, case=one.case_id, name="link_us", value="yes", said_by="source"))
    due = LedgerStep(
        on=today,
        case=tip.case_id,
        programme="us-sec",
        step="filed",
        who="counsel",
        by="",
        form="",
        number="",
        done_on=None,
        due_on=date(2026, 12, 1),
        amount=None,
        document=None,
        note="",
    )
    write(office.hand("r1"), due)
    office.rounds(times=2)
    assert [fact.question for fact in office.known("r2", odd_source.case_id).facts.facts] == ["link_us"]
    browser, case = open_browser(office, "r2"), f"/cases/{odd_source.case_id.hex()}"
    for path in ("", "/conversation", "/rewards", "/dossiers", "/dossiers/new", "/history", "/fact?question=counsel"):
        browser.get(case + path)
    assert tip.case_id.hex() in browser.get("/rewards")
    assert "20261201" in browser.get("/rewards/calendar.ics")
    browser.station.lock()
