"""Facts and steps of a case, recorded for rewards."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from reviewer.acts import cases, dossiers, rewards
from reviewer.errors import ActError, FactError
from reviewer.rewards.library import shipped
from reviewer.tables import LETTER
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source
from wire.content_rewards import LedgerStep
from wire.errors import LetterError

PROGRAMMES = shipped()


def test_fact_is_recorded_with_who_said_so(office: OfficeHours, tip: Source) -> None:
    """An answer reaches the other reviewers in its one form, with its origin, and a later one leaves it there."""
    for said_by in ("source", "office"):
        rewards.state_fact(office.hand("r1"), tip.case_id, "collected_us-lacey", " 1000USD ", said_by)
    office.rounds()
    facts = office.known("r2", tip.case_id).facts.of("collected_us-lacey")
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


def step_of(office: OfficeHours, case_id: bytes, **said: Any) -> LedgerStep:
    """A step as a form would make it."""
    values: dict[str, Any] = {"programme": "us-sec", "step": "filed", "who": "counsel"}
    values |= dict.fromkeys(("by", "form", "number", "note"), "")
    values |= dict.fromkeys(("done_on", "due_on", "amount", "document"))
    return LedgerStep(on=office.desks["r1"].today(), case=case_id, **values | said)


def record(office: OfficeHours, case_id: bytes, reviewer: str = "r1", **said: Any) -> None:
    """Record a step."""
    rewards.record_step(office.hand(reviewer), case_id, step_of(office, case_id, **said), PROGRAMMES)


def test_step_reaches_the_others_and_the_verdict(office: OfficeHours, tip: Source) -> None:
    """A form that counsel filed answers the question for it by itself, in every app."""
    record(office, tip.case_id, form="Form TCR", done_on=date(2026, 11, 20))
    office.rounds()
    (entry,) = office.case("r3", tip.case_id).steps
    assert (entry.author, entry.content.form, entry.content.done_on) == ("r1", "Form TCR", date(2026, 11, 20))
    (fact,) = office.known("r3", tip.case_id).facts.of("filed_us-sec")
    assert (fact.answer.text, fact.said_by, fact.author) == ("yes", "source", "r1")


def test_what_is_recorded_later_counts(office: OfficeHours, tip: Source) -> None:
    """A fact after a step corrects it, a step after a fact likewise."""
    record(office, tip.case_id)
    rewards.state_fact(office.hand("r1"), tip.case_id, "filed_us-sec", "not_yet", "source")
    said = [office.known("r1", tip.case_id).facts.now("filed_us-sec")]
    record(office, tip.case_id)
    said.append(office.known("r1", tip.case_id).facts.now("filed_us-sec"))
    assert [fact.answer.text for fact in said if fact] == ["not_yet", "yes"]


def test_a_refusal_is_the_decision_where_none_is_known(office: OfficeHours, tip: Source) -> None:
    """Its day sets the time for an appeal going; a decision that was recorded before keeps its own."""
    record(office, tip.case_id, step="refused", who="authority", done_on=date(2026, 11, 20))
    record(office, tip.case_id, step="refused", who="authority", done_on=date(2026, 11, 24))
    assert [entry.content.step for entry in office.case("r1", tip.case_id).steps] == [
        "determination",
        "refused",
        "refused",
    ]
    with office.hand("r1").look() as look:
        (case,) = rewards.ledgers_of_all(look, PROGRAMMES)
    (due,) = case.ledgers[0].dues
    assert (due.step, due.day, due.citation) == ("appealed", date(2026, 12, 20), "15 USC 78u-6(f)")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"programme": "moon-reward"}, "no such programme"),
        ({"step": "promised"}, "choose the step"),
        ({"who": ""}, "whose step"),
        ({"done_on": date(2026, 11, 26)}, "still to come"),
        ({"step": "refused", "due_on": date(2027, 1, 1)}, "cannot be due"),
        ({"step": "determination"}, "hangs on it"),
        ({"step": "appealed"}, "hangs on it"),
        ({"step": "refused", "who": "authority"}, "hangs on it"),
        ({"amount": "5 USD"}, "only an award"),
        ({"step": "paid", "amount": "unsure"}, "amount in digits"),
        ({"document": bytes(32)}, "no exhibit"),
    ],
)
def test_what_is_no_step_is_refused(office: OfficeHours, tip: Source, said: dict[str, Any], why: str) -> None:
    """Each with its remedy, and nothing is recorded."""
    with pytest.raises(ActError, match=why):
        record(office, tip.case_id, **said)
    assert office.case("r1", tip.case_id).steps == ()


def test_amount_takes_its_one_form(office: OfficeHours, tip: Source) -> None:
    """As facts do."""
    record(office, tip.case_id, step="paid", who="authority", amount="01500.50USD")
    assert office.case("r1", tip.case_id).steps[0].content.amount == "1500.50 USD"
    with pytest.raises(FactError, match="amount in digits"):
        record(office, tip.case_id, step="paid", amount="a lot")


def test_two_apps_come_to_the_same_ledger(office: OfficeHours, tip: Source) -> None:
    """What two reviewers record without knowing of each other has one order, so one ledger, in every app."""
    record(office, tip.case_id, "r1", step="considered", done_on=date(2026, 11, 24))
    record(office, tip.case_id, "r2", done_on=date(2026, 11, 23))
    record(office, tip.case_id, "r2", step="accepted", who="authority", due_on=date(2026, 11, 30))
    office.rounds(times=2)
    record(office, tip.case_id, "r3", step="refused", who="source")
    office.rounds(times=2)
    ledgers = []
    for reviewer in office.ids:
        with office.hand(reviewer).look() as look:
            ledgers.append(rewards.ledgers_of_all(look, PROGRAMMES))
    assert ledgers[0] == ledgers[1] == ledgers[2]
    (case,) = ledgers[0]
    (ledger,) = case.ledgers
    assert (ledger.programme, ledger.state, len(ledger.history), ledger.dues) == ("us-sec", "refused", 4, ())


def ledgers_seen(office: OfficeHours) -> dict[str, int]:
    """Of how many cases each reviewer sees a ledger."""
    seen = {}
    for reviewer in office.ids:
        with office.hand(reviewer).look() as look:
            seen[reviewer] = len(rewards.ledgers_of_all(look, PROGRAMMES))
    return seen


def test_cases_left_or_erased_have_no_ledger(office: OfficeHours, tip: Source) -> None:
    """Who was recused sees nothing of the case any more, and an erased one is gone for all."""
    record(office, tip.case_id)
    office.rounds()
    cases.recuse(office.hand("r1"), tip.case_id, "r3", "knows the seller")
    office.rounds(times=2)
    assert ledgers_seen(office) == {"r1": 1, "r2": 1, "r3": 0}
    proposal = dossiers.propose_erasure(office.hand("r1"), tip.case_id, "the source asked")
    office.rounds()
    dossiers.confirm(office.hand("r2"), tip.case_id, proposal)
    assert ledgers_seen(office)["r2"] == 0
    office.rounds(times=2)
    assert ledgers_seen(office) == {"r1": 0, "r2": 0, "r3": 0}


def test_a_case_that_cannot_be_read_hides_no_other(office: OfficeHours, tip: Source) -> None:
    """What was recorded in it stands in the ledger of all cases, and so does every other case."""
    other = Source(office)
    other.send()
    office.rounds(times=2)
    for source in (tip, other):
        record(office, source.case_id, due_on=date(2026, 12, 1))
    with office.desks["r1"].vault.begin() as connection:
        connection.execute(update(LETTER).where(LETTER.c.case_id == tip.case_id).values(content=b"{}"))
    with pytest.raises(LetterError):
        office.known("r1", tip.case_id)
    with office.hand("r1").look() as look:
        found = {case.case: case.ledgers[0].dues[0].day for case in rewards.ledgers_of_all(look, PROGRAMMES)}
    assert found == dict.fromkeys((tip.case_id, other.case_id), date(2026, 12, 1))
