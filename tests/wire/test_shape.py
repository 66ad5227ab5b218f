"""Shapes of fields."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import pytest

from wire.errors import EventError
from wire.fields import dump, parse_object
from wire.shape import Day, Embedded, Hex, Integer, Line, Names, one_of, read, write


@dataclass(frozen=True)
class Sighting:
    """Every kind of surprise in few fields."""

    place: Annotated[str, Line(20, 1)]
    count: Annotated[int, Integer(0, 9)]
    on: Annotated[date | None, Day(optional=True)]
    seen_by: Annotated[tuple[str, ...], Names(3)]
    picture: Annotated[bytes | None, Hex(2, optional=True)]
    more: Annotated[bytes, Embedded(30)]


FULL = Sighting("Hanoi", 3, date(2026, 11, 25), ("r1", "r2"), b"ab", b'{"a":1}')
VALUES = {
    "place": "Hanoi",
    "count": 3,
    "on": "2026-11-25",
    "seen_by": ["r1", "r2"],
    "picture": "6162",
    "more": {"a": 1},
}


def parse(values: dict[str, object]) -> Sighting:
    """Read values that came as JSON."""
    return read(Sighting, parse_object(dump(values), 1_000, "sighting", EventError))


def test_a_value_is_written_and_read_by_the_shapes_of_its_fields() -> None:
    """Each field has its own form."""
    assert write(FULL) == VALUES
    assert parse(VALUES) == FULL


def test_fields_that_may_be_left_out_are_left_out_not_null() -> None:
    """A missing value leaves no trace in the JSON."""
    bare = Sighting("Hanoi", 3, None, (), None, b"{}")
    assert set(write(bare)) == {"place", "count", "seen_by", "more"}
    assert parse(write(bare)) == bare  # type: ignore[arg-type]  # JSON values are objects


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("place", ""),
        ("place", "Ha\u202enoi"),
        ("place", "Ha\nnoi"),
        ("place", 3),
        ("count", 10),
        ("count", -1),
        ("count", True),
        ("on", "2026-11-31"),
        ("on", "2026-W48-3"),
        ("on", "20261125"),
        ("on", "2026-1-25x"),
        ("seen_by", ["r2", "r1"]),
        ("seen_by", ["r1", "r1"]),
        ("seen_by", ["r1", "r2", "r3", "r4"]),
        ("seen_by", "r1"),
        ("picture", "61"),
        ("picture", None),
        ("more", {"a": "0123456789012345678901234567"}),
        ("more", []),
    ],
)
def test_a_value_of_another_shape_is_refused(name: str, value: object) -> None:
    """The error names the field and not the value."""
    with pytest.raises(EventError, match=f"sighting: {name} "):
        parse(VALUES | {name: value})


def test_a_field_that_is_missing_or_unknown_is_refused() -> None:
    """The set of fields is exact."""
    with pytest.raises(EventError, match="count is missing"):
        parse({name: value for name, value in VALUES.items() if name != "count"})
    with pytest.raises(EventError, match="does not belong"):
        parse(VALUES | {"extra": 1})


def test_a_kind_is_told_by_a_word() -> None:
    """A word that is no kind is refused and not repeated."""
    kinds = {"sighting": Sighting}
    fields = parse_object(dump({"kind": "sighting", **VALUES}), 1_000, "sighting", EventError)
    assert one_of(kinds, fields) == FULL
    with pytest.raises(EventError) as refused:
        one_of(kinds, parse_object(dump({"kind": "hearsay", **VALUES}), 1_000, "sighting", EventError))
    assert "hearsay" not in str(refused.value)
