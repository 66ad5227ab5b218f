"""What offices report is known by itself, and nobody else can say it for them."""

from dataclasses import replace
from datetime import date

import pytest
from nacl.signing import SigningKey

from reviewer.acts import dossiers, sending
from reviewer.acts.outcomes import new_outcomes, outcomes_seen
from reviewer.errors import ActError
from reviewer.rewards.facts import Fact
from reviewer.rewards.verdict import Step
from tests.reviewer.forwarded import LACEY, Forwarded
from tests.reviewer.office_hours import OfficeHours
from wire.errors import ReceiptError
from wire.outcome import Outcome

CONVICTION = Outcome(
    country="US", happened=("conviction", "forfeiture"), law="us-lacey", collected="25000 USD", day=date(2026, 11, 20)
)
UNDER_WAY = Outcome(country="US", proceedings="under_way")
OVER = Outcome(country="US", proceedings="over")
IN_WORDS = Outcome(country="US", happened=("conviction",), statute="16 USC 3373(d)", collected="25000 USD")


@pytest.fixture
def case(office: OfficeHours) -> Forwarded:
    """A case that was handed over, of which all is known but what an office can tell."""
    made = Forwarded(office)
    made.send()
    made.state(LACEY)
    return made


def told(facts: tuple[Fact, ...]) -> list[tuple[str, str, str, str]]:
    """Facts as question, answer, who said so and who brought it."""
    return [(fact.question, fact.answer.text, fact.said_by, fact.author) for fact in facts]


def waits(case: Forwarded, reviewer: str) -> int:
    """How many outcomes a reviewer has not looked at."""
    with case.hours.hand(reviewer).look() as look:
        return new_outcomes(look, look.case(case.case_id))


def test_an_outcome_opens_a_programme_in_every_app(case: Forwarded) -> None:
    """A conviction and money under its law: the office said so, through whoever imported it; the step is another."""
    assert (case.verdict().state, case.verdict().next_step.what) == ("missing", "wait")
    case.answer("r2", case.signed(CONVICTION))
    for reviewer in case.hours.ids:
        verdict = case.verdict(to=reviewer)
        assert (verdict.state, verdict.next_step) == ("open", Step("apply"))
    (reported,) = case.known().outcomes
    assert (reported.answer.office, reported.answer.author) == ("Wildlife Crime Unit", "r2")
    assert told(reported.facts) == [
        ("conviction_us-lacey", "yes", "office", "r2"),
        ("forfeiture_us-lacey", "yes", "office", "r2"),
        ("collected_us-lacey", "25000 USD", "office", "r2"),
    ]
    assert {fact.on for fact in reported.facts} == {case.hours.now}


def test_an_outcome_shuts_a_programme(case: Forwarded) -> None:
    """That proceedings ended with nothing under its law leaves no programme of the country open, with the statute."""
    case.answer("r2", case.signed(OVER))
    verdict = case.verdict()
    assert (verdict.state, verdict.next_step) == ("shut", Step("none"))
    assert ("outcome", "16 USC 3375(d)") in [(each.rule.kind, each.citation) for each in verdict.reasons]
    assert case.verdict("np-npwca").state == "missing"


def test_a_later_answer_opens_what_an_earlier_one_left(case: Forwarded) -> None:
    """A charge keeps a programme waiting; the conviction opens it; that proceedings are over then shuts nothing."""
    case.answer("r1", case.signed(Outcome(country="US", happened=("charge",), law="us-lacey")))
    assert told(case.known().outcomes[0].facts) == [("proceedings_us", "under_way", "office", "r1")]
    assert case.verdict().state == "missing"
    case.answer("r1", case.signed(replace(CONVICTION, proceedings="over"), opened=date(2026, 11, 27)))
    assert case.verdict().state == "open"
    assert [fact.answer.text for fact in case.known().facts.of("proceedings_us")] == ["under_way", "over"]


def test_what_an_office_reports_erases_nothing(case: Forwarded) -> None:
    """What a reviewer and the source had said before stays, and the answer is written into the log but once."""
    case.state({"conviction_us-lacey": "no"})
    before = case.known().facts.facts
    case.answer("r2", case.signed(CONVICTION))
    facts = case.known().facts
    assert facts.facts[: len(before)] == before
    assert facts.disputed("conviction_us-lacey")
    assert len(case.hours.case("r3", case.case_id).facts) == len(LACEY) + 1


def test_no_reviewer_outweighs_what_an_office_signed(case: Forwarded) -> None:
    """What somebody records as told by an office, before or after, shows as disputed; a later signature decides."""
    case.state({"proceedings_us": "none"}, "office")
    case.answer("r2", case.signed(OVER))
    case.state({"proceedings_us": "under_way"}, "office")
    known = case.known().facts
    assert (case.verdict().state, known.disputed("proceedings_us")) == ("shut", True)
    assert [fact.signed for fact in known.of("proceedings_us")] == [False, True, False]
    case.answer("r2", case.signed(replace(CONVICTION, proceedings="under_way"), opened=date(2026, 11, 27)))
    assert (case.verdict().state, case.known().facts.disputed("proceedings_us")) == ("open", False)
    case.state({"conviction_us-lacey": "no", "forfeiture_us-lacey": "no", "collected_us-lacey": "0 USD"}, "office")
    assert (case.verdict().state, case.known().facts.disputed("collected_us-lacey")) == ("open", True)


def test_an_answer_counts_once(case: Forwarded) -> None:
    """Two reviewers who import the same answer, or an old one again, say nothing new."""
    old = case.signed(UNDER_WAY)
    case.answer("r1", old)
    case.answer("r2", old, case.signed(OVER, opened=date(2026, 11, 27)))
    case.answer("r3", old)
    assert len(case.known().outcomes) == 2
    assert [fact.answer.text for fact in case.known().facts.of("proceedings_us")] == ["under_way", "over"]
    assert case.verdict().state == "shut"


def test_an_old_answer_that_comes_late_counts_as_old(case: Forwarded) -> None:
    """The order in which an office answered decides, not that in which reviewers imported; who imported what stays."""
    case.answer("r2", case.signed(OVER, opened=date(2026, 11, 27)))
    case.answer("r1", case.signed(UNDER_WAY))
    assert told(case.known().facts.of("proceedings_us")) == [
        ("proceedings_us", "under_way", "office", "r1"),
        ("proceedings_us", "over", "office", "r2"),
    ]
    assert case.verdict().state == "shut"


def test_a_statute_in_words_waits_for_a_reviewer(case: Forwarded) -> None:
    """No rule guesses which law is meant; somebody who knows records it, as reported by the office."""
    case.answer("r2", case.signed(IN_WORDS))
    (reported,) = case.known().outcomes
    assert reported.facts == ()
    assert {"conviction_us-lacey", "collected_us-lacey", "conviction_us-esa"} <= set(reported.by_hand)
    assert "_us-" in reported.by_hand[0]
    assert "_us-" not in reported.by_hand[-1]
    assert not any(name.startswith(("forfeiture", "proceedings", "sanctions")) for name in reported.by_hand)
    assert case.verdict().state == "missing"
    told_by_one = {"conviction_us-lacey": "yes", "collected_us-lacey": "25000 USD"}
    case.state(told_by_one, "office")
    assert case.verdict().state == "open"
    unsigned = case.known().facts.unsigned(case.verdict().programme.questions)
    assert {fact.question: fact.answer.text for fact in unsigned} == told_by_one


def test_a_law_of_no_programme_is_as_good_as_words(case: Forwarded) -> None:
    """What an office calls by a word that no programme has is shown, and waits for a reviewer."""
    case.answer("r2", case.signed(replace(CONVICTION, law="us-unheard")))
    (reported,) = case.known().outcomes
    assert (reported.facts, "conviction_us-lacey" in reported.by_hand) == ((), True)


def test_a_law_of_another_country_opens_nothing(case: Forwarded) -> None:
    """An outcome of Kenya under a law of the United States waits for a reviewer, and shuts nothing either."""
    case.answer("r2", case.signed(replace(CONVICTION, country="KE", proceedings="over")))
    (reported,) = case.known().outcomes
    assert (reported.facts, "conviction_us-lacey" in reported.by_hand) == ((), True)
    assert case.verdict().state == "missing"


def test_words_alone_are_an_outcome_without_facts(case: Forwarded) -> None:
    """An office need not fill in anything; a receipt and a question are no outcome at all."""
    case.answer(
        "r2", case.signed(None), case.signed(None, "Who?", kind="question"), case.signed(None, "", kind="receipt")
    )
    (reported,) = case.known().outcomes
    assert (reported.facts, reported.by_hand, reported.answer.receipt.text) == ((), (), "Told.")


def test_one_reviewer_alone_cannot_report_for_an_office(office: OfficeHours) -> None:
    """An outcome that answers a dossier which nobody else approved says nothing, whoever signed it."""
    case = Forwarded(office)
    case.state(LACEY)
    case.answer("r1", case.signed(CONVICTION))
    assert case.hours.case("r3", case.case_id).proposals[0].answers
    assert (case.known().outcomes, case.verdict().state) == ((), "missing")
    assert waits(case, "r3") == 0
    case.send()
    assert case.verdict().state == "open"


def test_another_key_reports_nothing(case: Forwarded) -> None:
    """An answer that the office did not sign is not imported, nor one to another dossier."""
    genuine = case.key
    case.key = SigningKey.generate()
    forged = case.signed(CONVICTION)
    case.key = genuine
    for wrong in (forged, case.signed(CONVICTION)[:-40]):
        with pytest.raises(ReceiptError, match=r"not signed by the office|choose the file"):
            sending.import_answer(case.hours.hand("r1"), case.case_id, case.proposal, wrong)
    first, case.proposal = case.proposal, case.propose()
    other = case.signed(CONVICTION)
    with pytest.raises(ReceiptError, match="answers another dossier"):
        sending.import_answer(case.hours.hand("r1"), case.case_id, first, other)
    with pytest.raises(ActError):
        sending.import_answer(case.hours.hand("r1"), case.case_id, bytes(32), other)
    assert case.known().outcomes == ()


def test_a_dossier_that_was_taken_back_is_not_answered(case: Forwarded) -> None:
    """Withdrawn before it was handed over, it went to nobody."""
    case.proposal = case.propose()
    dossiers.withdraw(case.hours.hand("r1"), case.case_id, case.proposal)
    case.hours.rounds(times=2)
    case.answer("r1", case.signed(OVER))
    assert case.known().outcomes == ()


def test_every_reviewer_is_told_until_they_looked(case: Forwarded) -> None:
    """One reviewer's looking does not quiet the others, and the next outcome is told again."""
    assert waits(case, "r3") == 0
    case.answer("r2", case.signed(UNDER_WAY))
    assert [waits(case, reviewer) for reviewer in case.hours.ids] == [1, 1, 1]
    outcomes_seen(case.hours.desks["r3"], case.hours.case("r3", case.case_id), 1)
    assert [waits(case, reviewer) for reviewer in case.hours.ids] == [1, 1, 0]
    case.answer("r2", case.signed(OVER, opened=date(2026, 11, 27)))
    assert [waits(case, reviewer) for reviewer in case.hours.ids] == [2, 2, 1]
