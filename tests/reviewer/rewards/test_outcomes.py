"""Which questions an outcome answers by itself."""

import pytest

from reviewer.rewards.outcomes import answers_of
from reviewer.rewards.questions import find_question, parse_answer
from reviewer.rewards.rules_case import OUTCOMES
from wire.outcome import HAPPENED, Outcome


def test_an_office_can_tell_every_outcome_that_rules_ask_for() -> None:
    """The words that an office signs are those of the questions, and the charge, which is no outcome yet."""
    assert set(HAPPENED) == {*OUTCOMES, "charge"}


@pytest.mark.parametrize(
    ("outcome", "answers"),
    [
        (
            Outcome(country="US", happened=("arrest", "offer"), law="us-lacey"),
            {"arrest_us-lacey": "yes", "offer_us-lacey": "yes"},
        ),
        (
            Outcome(country="US", law="us-sec", collected="0 USD", sanctions="1500000.50 USD"),
            {"collected_us-sec": "0 USD", "sanctions_us-sec": "1500000.50 USD"},
        ),
        (Outcome(country="KE", proceedings="over"), {"proceedings_ke": "over"}),
        (
            Outcome(country="US", proceedings="over", law="us-tocrp"),
            {"proceedings_us": "over", "proceedings_us-tocrp": "over"},
        ),
        (
            Outcome(country="US", happened=("charge",), law="us-esa"),
            {"proceedings_us": "under_way", "proceedings_us-esa": "under_way"},
        ),
        (
            Outcome(country="US", happened=("charge",), proceedings="over", statute="18 USC 371"),
            {"proceedings_us": "over"},
        ),
        (Outcome(country="US", happened=("conviction",), statute="18 USC 371", collected="5 USD"), {}),
    ],
)
def test_each_field_answers_its_question(outcome: Outcome, answers: dict[str, str]) -> None:
    """Under a law what happened and amounts, in a country how far proceedings are; a statute answers nothing."""
    assert answers_of(outcome) == answers


def test_every_answer_is_one_that_its_question_takes() -> None:
    """Nothing that an office can sign fails to become a fact."""
    outcome = Outcome(
        country="US", happened=HAPPENED, proceedings="over", law="u" * 40, collected="0.5 USD", sanctions="1 USD"
    )
    for name, text in answers_of(outcome).items():
        assert parse_answer(find_question(name), text).text == text
