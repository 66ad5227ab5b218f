"""Facts and filings of a case, recorded for rewards."""

from datetime import date

import pytest

from reviewer.acts import rewards
from reviewer.acts.knowing import Known, known_facts
from reviewer.errors import ActError, FactError
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source
from wire.content_rewards import ProgrammeFiled


@pytest.fixture
def tip(office: OfficeHours) -> Source:
    """A tip that every reviewer has."""
    office.open()
    source = Source(office)
    source.send()
    office.rounds(times=2)
    return source


def known(office: OfficeHours, reviewer: str, case_id: bytes) -> Known:
    """What is known in a case to a reviewer."""
    with office.hand(reviewer).look() as look:
        return known_facts(look, look.case(case_id))


def test_fact_is_recorded_with_who_said_so(office: OfficeHours, tip: Source) -> None:
    """An answer reaches the other reviewers in its one form, with its origin, and a later one leaves it there."""
    for said_by in ("source", "office"):
        rewards.state_fact(office.hand("r1"), tip.case_id, "collected_us-lacey", " 1000USD ", said_by)
    office.rounds()
    facts = known(office, "r2", tip.case_id).facts.of("collected_us-lacey")
    assert [(fact.answer.text, fact.said_by, fact.author) for fact in facts] == [
        ("1000 USD", "source", "r1"),
        ("1000 USD", "office", "r1"),
    ]


def test_what_is_no_fact_is_refused(office: OfficeHours, tip: Source) -> None:
    """Another question, another answer and another origin are each told apart."""
    with pytest.raises(FactError, match="no rule asks"):
        rewards.state_fact(office.hand("r1"), tip.case_id, "favourite_colour", "blue", "source")
    with pytest.raises(FactError, match="one of the answers"):
        rewards.state_fact(office.hand("r1"), tip.case_id, "transnational", "shipped from Laos", "source")
    with pytest.raises(ActError, match="comes from the source, from a reviewer or from an office"):
        rewards.state_fact(office.hand("r1"), tip.case_id, "transnational", "yes", "rumour")


def test_filing_is_recorded(office: OfficeHours, tip: Source) -> None:
    """That somebody filed a programme's form is kept with the case; an unknown programme and no filer are refused."""

    def file(programme: str, by: str) -> None:
        content = ProgrammeFiled(
            on=office.desks["r1"].today(),
            case=tip.case_id,
            programme=programme,
            by=by,
            form="Form TCR",
            filed_on=date(2026, 11, 20),
        )
        rewards.file_programme(office.hand("r1"), tip.case_id, content, ["us-sec"])

    file("us-sec", "counsel")
    office.rounds()
    (filing,) = office.case("r3", tip.case_id).filings
    assert (filing.content.programme, filing.content.filed_on) == ("us-sec", date(2026, 11, 20))
    with pytest.raises(ActError, match="no such programme"):
        file("moon-reward", "x")
    with pytest.raises(ActError, match="who filed it is missing"):
        file("us-sec", " ")
