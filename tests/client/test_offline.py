"""The offline sealer asks what the intake asks, and reads the answers as `wire.tipform` does."""

from datetime import date, timedelta
from importlib import resources
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from submission import questions
from submission.language import install
from tests.catalog import INTAKE
from tests.client.node import Core, RefusedError
from wire.errors import TipFieldError
from wire.root_words import root_words
from wire.tipform import FIELDS, GROUPS, parse_fields
from wire.week import Week

WORDS = str(resources.files("crypto").joinpath("words", "eff_long.txt"))
NAMES = [field.name for field in FIELDS]
NASTY = st.text("ab é\u0301\r\n\t\x85\u2028\u2029\x1c\x1f\x00\u200f\U0001f426\u00a0\u3000\ufeff", max_size=12)
ANSWERS = st.dictionaries(st.sampled_from(NAMES), NASTY | st.sampled_from(["yes", "no", "unsure", "maybe"]), max_size=5)


def read_here(answers: dict[str, str]) -> dict[str, str] | str | None:
    """What Python makes of answers, or the field that it refuses."""
    try:
        return parse_fields(answers)
    except TipFieldError as error:
        return error.field


def read_there(core: Core, answers: dict[str, str]) -> dict[str, str] | str | None:
    """What the sealer makes of them, or the field that it refuses."""
    try:
        read: dict[str, str] = core.ask("answers", fields=answers)
    except RefusedError as error:
        return str(error.told["field"]) or None
    return read


@settings(max_examples=300)
@given(answers=ANSWERS)
def test_answers_are_read_alike(core: Core, answers: dict[str, str]) -> None:
    """White space, line ends, control characters and options: both read the same, or refuse the same field."""
    read = read_there(core, answers)

    assert read == read_here(answers)
    if isinstance(read, dict):
        assert list(read) == [name for name in NAMES if name in read]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
@pytest.mark.parametrize("more", [0, 1])
def test_the_longest_answer_is_the_same(core: Core, field: Any, more: int) -> None:
    """Each field takes as many characters as in Python, counted as code points."""
    answers = {field.name: "\U0001f426" * (field.max_characters + more)}

    assert read_there(core, answers) == read_here(answers)


def test_what_is_far_too_long_is_refused_before_it_is_normalised(core: Core) -> None:
    """Four code points for each allowed one are read, and no more."""
    for times in (4, 5):
        answers = {"price": "e\u0301 " * (120 * times)}
        assert read_there(core, answers) == read_here(answers) == "price"


def test_answers_that_are_too_long_together_name_the_longest(core: Core) -> None:
    """All answers together have one limit."""
    answers = {
        "people": "é" * 1_000,
        "how_known": "é" * 800,
        "payment": "é" * 600,
        "firms": "é" * 600,
        "place": "é" * 400,
    }

    assert read_there(core, answers) == read_here(answers) == "people"


def test_a_field_that_the_form_does_not_have_is_refused(core: Core) -> None:
    """A name out of nowhere is nobody's answer."""
    assert core.refuses("answers", fields={"colour": "red"}) == "unknown"


def test_the_questions_are_those_of_the_intake(core: Core) -> None:
    """The same fields in the same order, with the same kinds, limits and options."""
    there = [(one["name"], one["group"], one["kind"], one["most"], tuple(one["options"])) for one in core.ask("fields")]

    assert there == [(one.name, one.group, one.kind, one.max_characters, one.options) for one in FIELDS]


def sentence(english: str, french: dict[str, str]) -> dict[str, str]:
    """A text of the intake in both languages."""
    return {"en": english, "fr": french[english]}


def test_the_words_of_the_questions_are_those_of_the_intake(core: Core) -> None:
    """Whoever knows the tip form finds the same words, in both languages."""
    french = {str(message.id): str(message.string) for message in INTAKE.read() if message.id}
    app = Flask(__name__)
    install(app)
    with app.test_request_context("/?lang=en"):
        groups = {group: sentence(str(questions.GROUP_TITLES[group]), french) for group in GROUPS}
        options = {name: sentence(str(text), french) for name, text in questions.OPTION_WORDS.items()}
        asked = {
            name: {"label": sentence(str(words.label), french)}
            | ({} if words.hint is None else {"hint": sentence(str(words.hint), french)})
            for name, words in questions.WORDS.items()
        }

    assert core.ask("questions") == {"groups": groups, "questions": asked, "options": options}


@given(root=st.binary(min_size=32, max_size=32))
@settings(max_examples=20)
def test_the_root_has_the_same_words(core: Core, root: bytes) -> None:
    """What the sealer shows is what `lapwing keys root` printed."""
    assert tuple(core.ask("root_words", root=root, words=WORDS)) == root_words(root)


@given(day=st.dates(date(2020, 1, 1), date(2099, 12, 31)))
@settings(max_examples=30)
def test_the_last_day_is_the_last_day(core: Core, day: date) -> None:
    """The day that the sealer names is the last on which the intake still takes the letter."""
    week = Week.of(day)

    assert core.ask("last_day", week=str(week)) == (week.ends - timedelta(days=1)).isoformat()


def test_days_are_said_as_people_say_them(core: Core) -> None:
    """Weekday, day, month and year, in both languages."""
    english, french = core.ask("day_in_words", day="2026-11-30")

    assert english.replace(",", "") == "Monday 30 November 2026"
    assert french == "lundi 30 novembre 2026"
