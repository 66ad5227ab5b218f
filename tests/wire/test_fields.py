"""The strict JSON edge: bounded, exact, and nothing but its own errors."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import RosterError, WireError
from wire.fields import Fields, Json, decode_base64, dump, encode_base64, parse_object

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
JSON_OBJECTS = st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=5)


def parse(text: str) -> Fields:
    """Parse text with room to spare."""
    return parse_object(text.encode(), 10_000, "thing")


def ask_everything(fields: Fields) -> None:
    """Ask for the field ``a`` in every way there is."""
    for ask in (
        lambda: fields.text("a", 5),
        lambda: fields.line("a", 5),
        lambda: fields.integer("a", 0, 9),
        lambda: fields.boolean("a"),
        lambda: fields.hex("a", 2),
        lambda: fields.hexes("a", 2, 3),
        lambda: fields.base64("a", 0, 3),
        lambda: fields.base64s("a", 2, 3),
        lambda: fields.choice("a", ("x", "y")),
        lambda: fields.texts("a", 3, 3),
        lambda: fields.object("a"),
        lambda: fields.objects("a", 3),
        lambda: fields.rows("a", ("x", "y"), 3),
        lambda: fields.mapping("a", 10),
        lambda: fields.optional_text("a", 5),
        lambda: fields.optional_integer("a", 0, 9),
        lambda: fields.optional_hex("a", 2),
        lambda: fields.optional_base64("a", 0, 3),
        lambda: fields.optional_choice("a", ("x",)),
        fields.end,
    ):
        with contextlib.suppress(WireError):
            ask()


@given(st.binary(max_size=200))
def test_any_bytes_give_fields_or_a_wire_error(untrusted: bytes) -> None:
    """No bytes raise anything but a WireError."""
    with contextlib.suppress(WireError):
        ask_everything(parse_object(untrusted, 150, "thing"))


@given(JSON_VALUES)
def test_any_value_is_asked_for_without_another_error(value: Json) -> None:
    """No JSON value makes an accessor raise anything but a WireError."""
    ask_everything(parse_object(dump({"a": value}), 10_000, "thing"))


@given(JSON_OBJECTS)
def test_what_dump_writes_is_read_back(values: dict[str, Json]) -> None:
    """An object survives being written and read."""
    fields = parse_object(dump({"inner": values}), 100_000, "thing")
    assert fields.mapping("inner", 100_000) == values


@given(st.binary(max_size=100))
def test_base64_round_trips(value: bytes) -> None:
    """Base64 decodes to what was encoded."""
    assert decode_base64(encode_base64(value)) == value


@pytest.mark.parametrize("text", ["AA=", "AB==", "A A=", "AA==\n", "é", "_-8="])
def test_base64_that_is_not_canonical_is_refused(text: str) -> None:
    """Each value has exactly one base64 form."""
    with pytest.raises(ValueError, match=r"\w"):
        decode_base64(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":{"b":1,"b":2}}',
        '{"a":1.0}',
        '{"a":1e2}',
        '{"a":NaN}',
        '{"a":-Infinity}',
        '{"a":12345678901234567}',
        '{"a":"\\ud800"}',
        '{"\\udc00":1}',
        '{"a":"\n"}',
        '{"a":1}x',
        "\ufeff{}",
        "[]",
        "1",
        "",
        '{"a":' + "[" * 8 + "]" * 8 + "}",
        '{"a":' + "[" * 5_000,
        '{"a":"' + '\\"' * 2_000,
    ],
)
def test_loose_json_is_refused(text: str) -> None:
    """Doubles, fractions, long integers, half surrogates and deep nesting are refused."""
    with pytest.raises(WireError):
        parse(text)


@pytest.mark.parametrize("untrusted", [b"\xff{}", b'{"a":"\xc3"}', '{"a":1}'.encode("utf-16")])
def test_other_encodings_than_utf8_are_refused(untrusted: bytes) -> None:
    """Only UTF-8 is read."""
    with pytest.raises(WireError, match="not UTF-8"):
        parse_object(untrusted, 100, "thing")


def test_brackets_inside_text_do_not_count_as_nesting() -> None:
    """A story full of brackets is not deep."""
    assert parse(json.dumps({"a": "[[[[[[[[[{{{{{{"})).text("a", 20) == "[[[[[[[[[{{{{{{"


def test_more_bytes_than_the_limit_are_refused() -> None:
    """The size is checked before anything is parsed."""
    with pytest.raises(WireError, match="more than 10 bytes"):
        parse_object(b'{"a":"12345"}', 10, "thing")


def test_the_error_class_asked_for_is_raised() -> None:
    """A decoder gets its own class of error, from the parser and from the fields."""
    with pytest.raises(RosterError):
        parse_object(b"x", 10, "roster", RosterError)
    with pytest.raises(RosterError, match="roster: version is missing"):
        parse_object(b"{}", 10, "roster", RosterError).integer("version", 0, 1)


def test_an_error_names_the_field_and_not_its_value() -> None:
    """What was sent never stands in a message, at any depth."""
    with pytest.raises(WireError) as caught:
        parse('{"outer":[{"inner":"secret"}]}').objects("outer", 1)[0].integer("inner", 0, 1)
    assert str(caught.value) == "thing: outer: inner is not an integer from 0 to 1"


def test_a_field_nobody_asked_for_is_refused() -> None:
    """The set of fields is exact."""
    fields = parse('{"a":1,"b":2}')
    fields.integer("a", 0, 9)
    with pytest.raises(WireError, match="does not belong"):
        fields.end()
    fields.integer("b", 0, 9)
    fields.end()


def test_every_kind_of_field_is_read() -> None:
    """Each accessor returns its value."""
    fields = parse(
        '{"text":"né","integer":-3,"boolean":true,"hex":"00ff","hexes":["00","ff"],'
        '"base64":"AP8=","base64s":["AP8="],"choice":"x","texts":["a","b"],"object":{"a":1},'
        '"objects":[{"a":1}],"rows":[["a",1]],"mapping":{"a":[null]}}'
    )
    assert fields.text("text", 3, 3) == "né"
    assert fields.integer("integer", -3, 3) == -3
    assert fields.boolean("boolean") is True
    assert fields.hex("hex", 2) == b"\x00\xff"
    assert fields.hexes("hexes", 1, 2) == (b"\x00", b"\xff")
    assert fields.base64("base64", 2, 2) == b"\x00\xff"
    assert fields.base64s("base64s", 2, 1) == (b"\x00\xff",)
    assert fields.choice("choice", {"x", "y"}) == "x"
    assert fields.texts("texts", 2, 1) == ("a", "b")
    assert fields.object("object").integer("a", 0, 1) == 1
    assert fields.objects("objects", 1)[0].integer("a", 0, 1) == 1
    assert fields.rows("rows", ("name", "size"), 1)[0].text("name", 1) == "a"
    assert fields.mapping("mapping", 20) == {"a": [None]}
    fields.end()


def test_an_optional_field_may_be_missing_but_not_null() -> None:
    """A missing optional field is None; a null in its place is refused."""
    fields = parse('{"text":null,"there":"x"}')
    assert fields.optional_text("nowhere", 5) is None
    assert fields.optional_text("there", 5) == "x"
    assert fields.names() == ("text", "there")
    with pytest.raises(WireError, match="text is not text"):
        fields.optional_text("text", 5)


@pytest.mark.parametrize("text", ["", "a\nb", "a\u202egpj.exe", "a\x00", "\u2028", "\x7f", "\u0085"])
def test_a_line_has_no_control_characters(text: str) -> None:
    """A name or label cannot break a line or turn around."""
    with pytest.raises(WireError):
        parse(dump({"a": text}).decode()).line("a", 50)


def test_a_line_may_be_in_any_script() -> None:
    """Letters, joiners and signs of every script are kept."""
    text = "Ảnh 牙 عاج می\u200cخواهم 🐘.jpg"
    assert parse(dump({"a": text}).decode()).line("a", 80) == text


@pytest.mark.parametrize("text", ["00FF", "00f", " 00ff", "00 ff", "0x00", "zz", ""])
def test_hexadecimal_has_one_form(text: str) -> None:
    """Only lower-case hexadecimal of the exact size is read."""
    with pytest.raises(WireError):
        parse(json.dumps({"a": text})).hex("a", 2)


@pytest.mark.parametrize("value", [float("nan"), b"x", "\ud800", {"a": object()}])
def test_dump_refuses_what_has_no_form(value: object) -> None:
    """NaN, bytes and half surrogates are not written."""
    with pytest.raises(WireError):
        dump({"a": value})
