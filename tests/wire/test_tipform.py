"""The one model of a tip's fields."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import tipform
from wire.errors import TipFieldError

NAMES = tipform.field_names()
BY_NAME = {field.name: field for field in tipform.FIELDS}


@st.composite
def plausible_forms(draw: st.DrawFn) -> dict[str, str]:
    """Forms whose names are known and whose answers are often, but not always, fine."""
    answers = {}
    for name in draw(st.sets(st.sampled_from(NAMES))):
        field = BY_NAME[name]
        free = st.text(max_size=60) | st.text(st.sampled_from("é\u0301ế \t\r\n\u2028\x85aZ"), max_size=900)
        answers[name] = draw(st.sampled_from(field.options) | free if field.options else free)
    return answers


def test_fields_have_stable_distinct_snake_case_names() -> None:
    """Every field has its own name in lower-case English snake case."""
    assert len(set(NAMES)) == len(NAMES)
    assert all(name.isascii() and name.replace("_", "").isalpha() and name == name.lower() for name in NAMES)


def test_groups_are_contiguous_in_form_order() -> None:
    """Fields of one group stand together, and the groups make up the whole list."""
    assert tipform.GROUPS == ("listing", "trade", "where", "who", "you")
    assert tuple(field for group in tipform.GROUPS for field in tipform.fields_in(group)) == tipform.FIELDS


def test_only_choices_and_yes_no_have_options() -> None:
    """A field has options exactly when it is a choice or a yes-no question."""
    assert all(bool(field.options) == (field.kind in {"choice", "yes_no"}) for field in tipform.FIELDS)


def test_answers_come_back_stripped_in_form_order_without_the_empty_ones() -> None:
    """White space around answers and answers of nothing else are dropped."""
    parsed = tipform.parse_fields({"price": "  40 € ", "species": "Manis javanica", "firms": " \r\n\t "})
    assert list(parsed.items()) == [("species", "Manis javanica"), ("price", "40 €")]


def test_line_ends_of_every_kind_become_one_kind() -> None:
    """Each line end that Unicode knows becomes a line feed where an answer has lines."""
    assert tipform.parse_fields({"people": "a\r\nb\rc\u2028d\u2029e\x85f\tg"}) == {"people": "a\nb\nc\nd\ne\nf g"}


def test_a_line_end_in_a_one_line_field_becomes_a_space() -> None:
    """A pasted line end does not cost a source the whole form."""
    assert tipform.parse_fields({"dates": "about March\nor April"}) == {"dates": "about March or April"}


@pytest.mark.parametrize("text", ["Chào ếch", "trăm nghìn đồng", "象牙 100 克", "عاج\u200c", "é"])
def test_answers_become_nfc_whatever_the_keyboard_sent(text: str) -> None:
    """Composed and decomposed spellings give one answer."""
    assert tipform.parse_fields({"price": unicodedata.normalize("NFD", text)}) == {"price": text}


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x9b", "\ud800"])
def test_control_characters_and_lone_surrogates_are_refused(character: str) -> None:
    """An answer with a character that is no text is refused by the field's name."""
    with pytest.raises(TipFieldError, match="'place' holds a control character") as caught:
        tipform.parse_fields({"place": f"a{character}b"})
    assert caught.value.field == "place"


def test_an_unknown_name_is_refused_and_not_repeated() -> None:
    """A field that the form does not have is refused without its name."""
    with pytest.raises(TipFieldError, match="does not have") as caught:
        tipform.parse_fields({"marker_name": "marker value"})
    assert caught.value.field is None
    assert "marker" not in str(caught.value)


def test_an_answer_that_is_no_text_is_refused() -> None:
    """A number where text is due is refused by the field's name."""
    with pytest.raises(TipFieldError, match="'price' must be text"):
        tipform.parse_fields({"price": 12})


@pytest.mark.parametrize("field", tipform.FIELDS, ids=NAMES)
def test_each_limit_is_exact(field: tipform.Field) -> None:
    """An answer of the limit is taken and one more character is refused, except where options decide."""
    if not field.options:
        assert tipform.parse_fields({field.name: "x" * field.max_characters})
    for size in (field.max_characters + 1, 4 * field.max_characters + 1):
        with pytest.raises(TipFieldError, match=f"'{field.name}' is over") as caught:
            tipform.parse_fields({field.name: "x" * size})
        assert caught.value.field == field.name


def test_the_limits_are_those_that_fit_into_a_letter() -> None:
    """Each field has its characters; whoever changes one has to look at the room of a letter."""
    assert tipform.MAX_ENCODED_BYTES == 6_000
    assert {field.name: field.max_characters for field in tipform.FIELDS} == {
        "species": 200,
        "product": 200,
        "quantity": 120,
        "price": 120,
        "marketplace": 200,
        "listing_addresses": 2_000,
        "seller_handles": 600,
        "payment": 600,
        "shipping": 600,
        "place": 400,
        "dates": 200,
        "people": 1_000,
        "firms": 600,
        "how_known": 800,
        "reported_before": 3,
        "reported_to": 200,
        "reported_when": 120,
        "reward_wish": 6,
        "willing_to_testify": 6,
        "in_danger_now": 3,
    }


def test_four_times_the_characters_are_looked_at() -> None:
    """White space up to there is taken off; with one more character the answer is refused unread."""
    assert tipform.parse_fields({"price": "40 €".ljust(480)}) == {"price": "40 €"}
    with pytest.raises(TipFieldError, match="'price' is over 120 characters"):
        tipform.parse_fields({"price": "40 €".ljust(481)})


def test_answers_of_exactly_6000_bytes_are_taken() -> None:
    """One more is refused."""
    answers = {"listing_addresses": "x" * 2_000, "people": "象" * 1_000, "how_known": "x" * 800}
    answers["firms"] = ""
    answers["firms"] = "x" * (6_000 - tipform.encoded_size(answers))
    assert tipform.encoded_size(tipform.parse_fields(answers)) == 6_000
    answers["firms"] += "x"
    with pytest.raises(TipFieldError, match="together are over 6000 bytes"):
        tipform.parse_fields(answers)


@pytest.mark.parametrize("field", [field for field in tipform.FIELDS if field.options], ids=lambda field: field.name)
def test_choices_take_their_options_and_nothing_else(field: tipform.Field) -> None:
    """Each option of a choice is taken; any other word is refused without repeating it."""
    for option in field.options:
        assert tipform.parse_fields({field.name: option}) == {field.name: option}
    with pytest.raises(TipFieldError, match=f"'{field.name}' must be one of: yes, no") as caught:
        tipform.parse_fields({field.name: "zz"})
    assert "zz" not in str(caught.value)


def test_all_answers_together_are_bounded_in_encoded_bytes() -> None:
    """Answers that fit one by one are refused together, naming the longest in bytes."""
    answers = {"listing_addresses": "x" * 1_900, "people": "象" * 1_000, "how_known": "é" * 800}
    with pytest.raises(TipFieldError, match="together are over 6000 bytes; shorten the longest, 'people'") as caught:
        tipform.parse_fields(answers)
    assert caught.value.field == "people"


def test_encoded_size_counts_what_a_letter_carries() -> None:
    """The size is that of compact JSON in UTF-8, escapes included."""
    assert tipform.encoded_size({}) == len(b"{}")
    assert tipform.encoded_size({"people": 'é"\n'}) == len('{"people":"é\\"\\n"}'.encode())


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40) | st.integers() | st.none()) | plausible_forms())
def test_any_mapping_gives_bounded_answers_or_a_tip_field_error(untrusted: dict[str, object]) -> None:
    """Whatever comes, the outcome is answers within every limit or the one error."""
    refused: TipFieldError | None = None
    answers: dict[str, str] = {}
    try:
        answers = tipform.parse_fields(untrusted)
    except TipFieldError as error:
        refused = error
    assert refused is None or refused.field is None or refused.field in BY_NAME
    assert json.loads(json.dumps(answers)) == answers
    assert tipform.encoded_size(answers) <= tipform.MAX_ENCODED_BYTES
    assert all(0 < len(answer) <= BY_NAME[name].max_characters for name, answer in answers.items())
    assert all(unicodedata.is_normalized("NFC", answer) for answer in answers.values())


@given(plausible_forms())
def test_parsing_answers_again_changes_nothing(untrusted: dict[str, str]) -> None:
    """What was parsed once parses to itself."""
    try:
        once = tipform.parse_fields(untrusted)
    except TipFieldError:
        return
    assert tipform.parse_fields(once) == once
