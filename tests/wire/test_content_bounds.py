"""The bounds of what a case event says, each at its very edge: all reviewers' apps must agree on them."""

from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from tests.wire.edges import Bound, an_object, base64, hashes, hexadecimal, integer, names, text
from wire.content import KINDS, parse_content
from wire.content_kind import CaseContent
from wire.errors import EventError
from wire.fields import Json, dump
from wire.shape import Base64, Boolean, Choice, Day, Embedded, Hashes, Hex, Integer, Line, Money, Names, Text

DAY = "2026-11-25"
VALID: dict[type, Any] = {
    Text: lambda shape: "x" * shape.least,
    Line: lambda shape: "x" * shape.least,
    Integer: lambda shape: shape.least,
    Boolean: lambda shape: False,
    Choice: lambda shape: shape.options[0],
    Hex: lambda shape: "00" * shape.size,
    Base64: lambda shape: "AA==",
    Embedded: lambda shape: {},
    Hashes: lambda shape: [],
    Names: lambda shape: [],
    Day: lambda shape: DAY,
    Money: lambda shape: "0 USD",
}
# As docs/format.md has them, "Content".
BOUNDS: dict[str, list[Bound]] = {
    "heads": [hashes("missing", 0, 64)],
    "office-proposed": [text("name", 1, 480), base64("recipient", 1, 1_216), hexadecimal("key", 32)],
    "opened": [
        hexadecimal("letter", 32),
        integer("number", 0, 1_000_000),
        hexadecimal("tip", 16),
        text("title", 0, 400),
        names("members", 0, 64),
    ],
    "keyed": [hexadecimal("digest", 32), names("holders", 0, 64)],
    "joined": [text("reviewer", 1, 32)],
    "recused": [text("reviewer", 1, 32), text("reason", 0, 400)],
    "assigned": [text("reviewer", 1, 32)],
    "noted": [text("text", 1, 16_000)],
    "fact": [text("name", 1, 64), text("value", 0, 400)],
    "exhibit": [
        text("name", 1, 120),
        text("type", 0, 120),
        integer("size", 0, 2**42),
        hexadecimal("sha256", 32),
        hashes("parts", 0, 64),
        text("captured_by", 0, 400),
        text("taken_from", 0, 2_000),
        text("how", 0, 2_000),
    ],
    "handed": [
        text("reviewer", 1, 32),
        hexadecimal("letter", 32),
        integer("size", 0, 2**42),
        hexadecimal("sha256", 32),
        hashes("parts", 0, 64),
    ],
    "replied": [
        integer("number", 1, 1_000_000),
        integer("seen", 0, 1_000_000),
        text("text", 1, 8_000),
        text("asks", 0, 64),
    ],
    "held": [text("reason", 0, 400)],
    "resumed": [text("reason", 0, 400)],
    "decided": [hexadecimal("dossier", 32), names("warnings", 0, 100), text("reason", 0, 400)],
    "dossier-proposed": [an_object("draft", 18_000), hexadecimal("dossier", 32), base64("approval", 1, 2_048)],
    "dossier-approved": [hexadecimal("proposal", 32), base64("approval", 1, 2_048)],
    "release-proposed": [hexadecimal("sha256", 32), text("reason", 0, 400)],
    "erase-proposed": [text("reason", 0, 400)],
    "dossier-sent": [hexadecimal("proposal", 32), hexadecimal("sealed", 32)],
    "looked": [hexadecimal("pages", 32), hexadecimal("roster", 32)],
    "alarm": [hexadecimal("seen", 32)],
    "answer": [hexadecimal("proposal", 32), base64("answer", 1, 8_192)],
    "ledger": [
        text("programme", 1, 64),
        *(text(name, 0, 400) for name in ("by", "form", "number")),
        hexadecimal("document", 32),
        text("note", 0, 2_000),
    ],
    **{
        word: [hexadecimal("proposal", 32)]
        for word in ("office-confirmed", "office-withdrawn", "confirmed", "withdrawn", "erased")
    },
}


def content(word: str, **values: Json) -> bytes:
    """Content of a kind, with the least in every field that is not given."""
    hints = get_type_hints(KINDS[word], include_extras=True)
    shapes = {each.name: hints[each.name].__metadata__[0] for each in fields(KINDS[word])}
    least = {name: VALID[type(shape)](shape) for name, shape in shapes.items()}
    return dump({"v": 1, "kind": word, **least, **values})


@pytest.mark.parametrize(
    ("word", "bound"), [pytest.param(word, each, id=f"{word} {each}") for word in BOUNDS for each in BOUNDS[word]]
)
def test_a_field_reaches_to_its_bounds_and_not_beyond(word: str, bound: Bound) -> None:
    """The least and the most are read; one more, or less, is refused, and the error says which field is wrong."""
    for value in bound.within:
        parse_content(content(word, **{bound.name: value}))
    for value in bound.beyond:
        with pytest.raises(EventError, match=bound.complaint):
            parse_content(content(word, **{bound.name: value}))


@pytest.mark.parametrize("word", KINDS)
def test_every_kind_has_a_version_and_a_day_and_those_of_cases_a_case(word: str) -> None:
    """Version 1, ten characters for the day, 16 bytes for the case; nothing else."""
    parse_content(content(word))
    wrong: dict[str, list[Json]] = {"v": [0, 2], "on": [DAY[:-1], DAY + "0"]}
    if issubclass(KINDS[word], CaseContent):
        wrong["case"] = ["00" * 15, "00" * 17]
    for name, values in wrong.items():
        for value in values:
            with pytest.raises(EventError, match=rf": {name} is not .*\d"):
                parse_content(content(word, **{name: value}))


@pytest.mark.parametrize("amount", ["0 USD", "1500000 USD", "12.5 EUR", "999999999999999.99 KES"])
def test_an_amount_is_written_with_its_currency(amount: str) -> None:
    """Up to fifteen digits and two decimals, one space, three capital letters."""
    parse_content(content("ledger", amount=amount))


@pytest.mark.parametrize(
    "amount",
    ["12", "USD", "12USD", "12  USD", "12 usd", "012 USD", "-1 USD", "1,5 EUR", "1.234 KWD", "1e3 USD", "\u0661 USD"],
)
def test_another_writing_of_an_amount_is_refused(amount: str) -> None:
    """One amount, one form."""
    with pytest.raises(EventError, match=r"amount is not"):
        parse_content(content("ledger", amount=amount))


def test_an_amount_of_sixteen_digits_is_refused() -> None:
    """Nor does one more decimal fit."""
    for amount in ("1234567890123456 USD", "123456789012345.678 USD"):
        with pytest.raises(EventError, match=r"amount is not"):
            parse_content(content("ledger", amount=amount))


def test_a_reviewers_id_in_a_list_has_at_most_32_bytes() -> None:
    """32 are read, 33 refused."""
    parse_content(content("keyed", holders=["r" * 32]))
    with pytest.raises(EventError, match="holders is not 0 to 32 bytes"):
        parse_content(content("keyed", holders=["r" * 33]))


def test_a_kind_is_a_word_of_at_most_32_bytes() -> None:
    """One of 32 bytes is unknown, a longer one is not even looked at."""
    for word, complaint in (("x" * 32, "unknown kind"), ("x" * 33, "kind is not 0 to 32 bytes")):
        with pytest.raises(EventError, match=complaint):
            parse_content(content("heads", kind=word))


def test_content_has_at_most_24576_bytes() -> None:
    """So many are read, padding included; one more is refused."""
    assert parse_content(content("heads").ljust(24_576)) == parse_content(content("heads"))
    with pytest.raises(EventError, match="more than 24576 bytes"):
        parse_content(content("heads").ljust(24_577))


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """No value is passed over."""
    with pytest.raises(EventError, match="does not belong there"):
        parse_content(content("noted", more=1))
