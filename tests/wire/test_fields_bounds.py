"""The bounds of the JSON edge, each at its very edge, and what is asked for when nothing is said."""

from collections.abc import Callable

import pytest

from wire.errors import WireError
from wire.fields import Fields, parse_object


def fields(value: str) -> Fields:
    """The fields of an object whose field ``a`` has this value, as JSON."""
    return parse_object(f'{{"a":{value}}}'.encode(), 1_000, "thing")


def test_a_size_is_kept_to_the_byte() -> None:
    """As many bytes as allowed are read, one more is refused."""
    assert parse_object(b"{}".ljust(10), 10, "thing").names() == ()
    with pytest.raises(WireError, match="more than 10 bytes"):
        parse_object(b"{}".ljust(11), 10, "thing")


@pytest.mark.parametrize("before", ["", '[],"b":', '[{}],"c":[],"b":', '"[[[[","b":', '"\\"[","b":'])
def test_eight_may_be_open_at_once(before: str) -> None:
    """Eight objects and arrays within each other are read, nine refused, whatever was closed before or is text."""
    eight, nine = ("[" * count + "]" * count for count in (7, 8))
    fields(before + eight)
    with pytest.raises(WireError, match="nested deeper than 8"):
        fields(before + nine)


def test_a_number_has_at_most_16_characters() -> None:
    """16 digits, or 15 and a sign, are read; one more is refused."""
    assert fields("9" * 16).integer("a", 0, 10**16) == 10**16 - 1
    assert fields("-" + "9" * 15).integer("a", -(10**15), 0) == 1 - 10**15
    for long in ("9" * 17, "-" + "9" * 16):
        with pytest.raises(WireError, match="not strict JSON"):
            fields(long)


def test_an_integer_is_within_its_bounds() -> None:
    """Both bounds are included."""
    assert [fields(text).integer("a", 2, 4) for text in "234"] == [2, 3, 4]
    for text in "15":
        with pytest.raises(WireError):
            fields(text).integer("a", 2, 4)


READERS: dict[str, tuple[Callable[[Fields], object], str, str, str]] = {
    "text": (lambda found: found.text("a", 3), '""', '"xxx"', '"xxxx"'),
    "optional text": (lambda found: found.optional_text("a", 3), '""', '"xxx"', '"xxxx"'),
    "line": (lambda found: found.line("a", 3), '"x"', '"xxx"', '"xxxx"'),
    "hexes": (lambda found: found.hexes("a", 1, 2), "[]", '["00","01"]', '["00","01","02"]'),
    "base64s": (lambda found: found.base64s("a", 1, 2), "[]", '["AA==","AQ=="]', '["AA==","AQ==","Ag=="]'),
    "texts": (lambda found: found.texts("a", 2, 1), "[]", '["","x"]', '["","x","y"]'),
    "each of the texts": (lambda found: found.texts("a", 2, 1), '[""]', '["x"]', '["xx"]'),
    "objects": (lambda found: found.objects("a", 2), "[]", "[{},{}]", "[{},{},{}]"),
    "array": (lambda found: found.array("a", 2), "[]", "[1,2]", "[1,2,3]"),
    "rows": (lambda found: found.rows("a", ("x",), 2), "[]", "[[1],[2]]", "[[1],[2],[3]]"),
    "base64": (lambda found: found.base64("a", 1, 2), '"AA=="', '"AAE="', '"AAEC"'),
    "mapping": (lambda found: found.mapping("a", 9), "{}", '{"b":123}', '{"b":1234}'),
}


@pytest.mark.parametrize("kind", READERS)
def test_least_and_most_are_included(kind: str) -> None:
    """The smallest and the largest value allowed are read, one more is refused."""
    reader, least, most, over = READERS[kind]
    reader(fields(least))
    reader(fields(most))
    with pytest.raises(WireError):
        reader(fields(over))


@pytest.mark.parametrize(
    ("reader", "under"),
    [
        (lambda found: found.line("a", 3), '""'),
        (lambda found: found.text("a", 3, 2), '"x"'),
        (lambda found: found.optional_text("a", 3, 2), '"x"'),
        (lambda found: found.base64("a", 1, 2), '""'),
        (lambda found: found.array("a", 3, 2), "[1]"),
        (lambda found: found.hexes("a", 1, 3, 2), '["00"]'),
        (lambda found: found.base64s("a", 1, 3, 2), '["AA=="]'),
        (lambda found: found.texts("a", 3, 1, 2), '["x"]'),
        (lambda found: found.objects("a", 3, 2), "[{}]"),
    ],
)
def test_what_is_below_the_least_is_refused(reader: Callable[[Fields], object], under: str) -> None:
    """One less than the least is no value."""
    with pytest.raises(WireError):
        reader(fields(under))


@pytest.mark.parametrize("value", ["[]", "{}", "1", "null", "true", '"y"'])
def test_a_choice_is_a_text_among_the_options(value: str) -> None:
    """Whatever else stands there is refused by our own error, also where the options are a set."""
    with pytest.raises(WireError, match="none of the known values"):
        fields(value).choice("a", frozenset({"x"}))
    assert fields('"x"').choice("a", frozenset({"x"})) == "x"


KINDS: dict[str, tuple[Callable[[Fields], object], str, tuple[str, ...]]] = {
    "boolean": (lambda found: found.boolean("a"), "true", ("1", "0", "null", '"true"', "[]", "{}")),
    "mapping": (lambda found: found.mapping("a", 99), "{}", ("[]", '""', "0", "null", "false")),
    "object": (lambda found: found.object("a"), "{}", ("[]", '""', "0", "null", "false")),
    "objects": (lambda found: found.objects("a", 9), "[{}]", ("[[]]", '[""]', "[0]", "[null]", "{}", '""', "null")),
    "rows": (lambda found: found.rows("a", ("x",), 9), "[[1]]", ("[{}]", '["x"]', "[0]", "[[]]", "[[1,2]]", "{}")),
    "array": (lambda found: found.array("a", 9), "[]", ("{}", '""', "0", "null")),
    "text": (lambda found: found.text("a", 9), '""', ("[]", "{}", "0", "null", "true")),
    "integer": (lambda found: found.integer("a", 0, 9), "1", ("true", '"1"', "null", "[1]", "{}")),
    "hex": (lambda found: found.hex("a", 1), '"00"', ("0", "null", '["00"]', '"0"', '"0 0"', '"AA"')),
    "base64": (lambda found: found.base64("a", 0, 9), '""', ("0", "null", "[]", '"A"', '"AA"', '"AB=="')),
}


@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_value_is_refused(kind: str) -> None:
    """What a field must be, nothing else stands for, however alike: neither 1 for true nor a list for an object."""
    reader, kept, others = KINDS[kind]
    reader(fields(kept))
    for value in others:
        with pytest.raises(WireError, match=r"^thing: a is not"):
            reader(fields(value))
