"""Any content of any kind, generated from the shapes that its class states."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any, get_type_hints

from hypothesis import strategies as st

from wire.content import KINDS
from wire.content_kind import Content
from wire.fields import dump, is_one_line
from wire.shape import Base64, Boolean, Choice, Day, Embedded, Hashes, Hex, Integer, Line, Money, Names, Text

MONEY = r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})? [A-Z]{3}"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def _text(shape: Text) -> st.SearchStrategy[str]:
    return TEXTS.filter(lambda text: shape.least <= len(text.encode()) <= shape.most)


def _line(shape: Line) -> st.SearchStrategy[str]:
    return TEXTS.filter(lambda text: shape.least <= len(text.encode()) <= shape.most and is_one_line(text))


def _maybe(shape: Any, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values if shape.optional else values


STRATEGIES: dict[type, Callable[[Any], st.SearchStrategy[Any]]] = {
    Text: _text,
    Line: _line,
    Integer: lambda shape: st.integers(shape.least, shape.most),
    Boolean: lambda shape: st.booleans(),
    Choice: lambda shape: st.sampled_from(shape.options),
    Hex: lambda shape: _maybe(shape, st.binary(min_size=shape.size, max_size=shape.size)),
    Base64: lambda shape: st.binary(min_size=1, max_size=min(shape.most, 40)),
    Embedded: lambda shape: st.dictionaries(TEXTS, TEXTS | st.integers(-(2**40), 2**40), max_size=3).map(dump),
    Hashes: lambda shape: st.lists(st.binary(min_size=32, max_size=32), max_size=3).map(tuple),
    Names: lambda shape: st.sets(st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True), max_size=4).map(
        lambda names: tuple(sorted(names))
    ),
    Money: lambda shape: _maybe(shape, st.from_regex(MONEY, fullmatch=True)),
    Day: lambda shape: _maybe(shape, st.dates(date(1, 1, 1))),
}


def contents_of(kind: type[Content]) -> st.SearchStrategy[Content]:
    """Any content of one kind."""
    hints = get_type_hints(kind, include_extras=True)
    shapes = {each.name: hints[each.name].__metadata__[0] for each in fields(kind)}
    return st.builds(kind, **{name: STRATEGIES[type(shape)](shape) for name, shape in shapes.items()})


def any_content() -> st.SearchStrategy[Content]:
    """Any content of any kind."""
    return st.sampled_from(sorted(KINDS.values(), key=lambda kind: kind.__name__)).flatmap(contents_of)
