"""Questions and the one form of an answer."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import FactError
from reviewer.rewards.library import shipped
from reviewer.rewards.questions import ALONE, FAMILIES, find_question, parse_answer, who_knows

ASKED = sorted({name for programme in shipped() for name in programme.questions})


@pytest.mark.parametrize("name", ASKED)
def test_what_a_shipped_rule_asks_is_a_question(name: str) -> None:
    """Every question of every rule exists, and who can know it is told alike by both ways."""
    assert find_question(name).asked == who_knows(name)


def test_every_question_is_asked_by_some_rule() -> None:
    """No family and no single question stands there for nothing, but the two that the tip itself answers."""
    used = {find_question(name).family for name in ASKED}
    assert used == (set(ALONE) | set(FAMILIES)) - {"reward_wish", "willing_to_testify"}


@pytest.mark.parametrize(
    "name", ["", "colour", "link", "link_", "link_US", "link_u s", "_us", "moon_us", "link_us-", f"link_{'u' * 64}"]
)
def test_other_names_are_no_questions(name: str) -> None:
    """A name that no rule asks is refused."""
    with pytest.raises(FactError, match="no rule asks"):
        find_question(name)


@pytest.mark.parametrize(
    ("name", "written", "kept"),
    [
        ("voluntary", " yes ", "yes"),
        ("voluntary", "unsure", "unsure"),
        ("public_official", "in_duty", "in_duty"),
        ("official_of", "KE", "KE"),
        ("official_of", "unsure", "unsure"),
        ("collected_us-lacey", "1500000 USD", "1500000 USD"),
        ("collected_us-lacey", "0012.50EUR", "12.50 EUR"),
        ("known_on_us-sec", "2026-11-24", "2026-11-24"),
    ],
)
def test_an_answer_has_one_form(name: str, written: str, kept: str) -> None:
    """What is meant is kept in one way of writing it, and that way parses to the same again."""
    question = find_question(name)
    answer = parse_answer(question, written)
    assert answer.text == kept
    assert parse_answer(question, kept) == answer


def test_an_amount_is_exact() -> None:
    """Cents are kept, and the currency stands beside the amount."""
    money = parse_answer(find_question("sanctions_us-sec"), "1000000.01 USD").money
    assert money is not None
    assert (money.amount, money.currency) == (Decimal("1000000.01"), "USD")


@pytest.mark.parametrize(
    ("name", "written", "remedy"),
    [
        ("voluntary", "perhaps marker", "one of the answers"),
        ("voluntary", "", "one line"),
        ("voluntary", "marker\nyes", "one line"),
        ("voluntary", "marker" * 100, "one line"),
        ("official_of", "Kenya marker", "two capital letters"),
        ("collected_us-lacey", "1,000 USD marker", "like this: 1500000 USD"),
        ("collected_us-lacey", "-5 USD", "like this"),
        ("known_on_us-sec", "24 November marker", "like this: 2026-11-24"),
    ],
)
def test_another_answer_is_refused_with_the_way_to_write_it(name: str, written: str, remedy: str) -> None:
    """The message says how this question is answered, and repeats nothing of what was written."""
    with pytest.raises(FactError, match=remedy) as caught:
        parse_answer(find_question(name), written)
    assert "marker" not in str(caught.value)


@given(st.sampled_from(ASKED), st.text(max_size=60))
def test_any_text_is_an_answer_or_a_fact_error(name: str, text: str) -> None:
    """Nothing else is ever raised."""
    with contextlib.suppress(FactError):
        assert parse_answer(find_question(name), text).text
