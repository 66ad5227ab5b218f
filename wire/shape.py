"""Shapes: how one field of a frozen dataclass is written as JSON and read back, stated beside it.

A class says ``text: Annotated[str, Text(8_000)]``; ``write`` and ``read`` do the rest, so that a
kind of event is its list of fields and nothing else.
"""

import json
import re
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any, Final, Protocol, TypeVar, cast, get_type_hints

from wire.errors import EventError
from wire.fields import Fields, Json, dump, encode_base64

Shaped = TypeVar("Shaped")

_MONEY: Final = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})? [A-Z]{3}")


class Shape(Protocol):
    """Reads and writes one field; ``write`` gives None for a field that is left out."""

    def read(self, source: Fields, name: str) -> Any:  # noqa: ANN401 - whatever type the field has
        """Return the field's value or raise the error of ``source``."""

    def write(self, value: Any) -> Json:  # noqa: ANN401 - whatever type the field has
        """Return the JSON form of a value."""


@dataclass(frozen=True)
class Text:
    """Text of ``least`` to ``most`` bytes of UTF-8."""

    most: int
    least: int = 0

    def read(self, source: Fields, name: str) -> str:
        """Return the text."""
        return source.text(name, self.most, self.least)

    def write(self, value: str) -> Json:
        """Return the text."""
        return value


@dataclass(frozen=True)
class Line:
    """One line of ``least`` to ``most`` bytes, without signs that make text look like another."""

    most: int
    least: int = 0

    def read(self, source: Fields, name: str) -> str:
        """Return the line."""
        return source.line(name, self.most, self.least)

    def write(self, value: str) -> Json:
        """Return the line."""
        return value


@dataclass(frozen=True)
class Integer:
    """An integer within bounds."""

    least: int
    most: int

    def read(self, source: Fields, name: str) -> int:
        """Return the integer."""
        return source.integer(name, self.least, self.most)

    def write(self, value: int) -> Json:
        """Return the integer."""
        return value


@dataclass(frozen=True)
class Boolean:
    """True or false."""

    def read(self, source: Fields, name: str) -> bool:
        """Return the value."""
        return source.boolean(name)

    def write(self, value: bool) -> Json:  # noqa: FBT001 - the shape of a value, not a switch
        """Return the value."""
        return value


@dataclass(frozen=True)
class Choice:
    """One of the given words."""

    options: tuple[str, ...]

    def read(self, source: Fields, name: str) -> str:
        """Return the word."""
        return source.choice(name, self.options)

    def write(self, value: str) -> Json:
        """Return the word."""
        return value


@dataclass(frozen=True)
class Hex:
    """Bytes of one size in lower-case hexadecimal; may be left out when optional."""

    size: int
    optional: bool = False

    def read(self, source: Fields, name: str) -> bytes | None:
        """Return the bytes, or None where they may be and are left out."""
        if self.optional:
            return source.optional_hex(name, self.size)
        return source.hex(name, self.size)

    def write(self, value: bytes | None) -> Json:
        """Return the hexadecimal text."""
        return None if value is None else value.hex()


@dataclass(frozen=True)
class Base64:
    """One to ``most`` bytes in base64."""

    most: int

    def read(self, source: Fields, name: str) -> bytes:
        """Return the bytes."""
        return source.base64(name, 1, self.most)

    def write(self, value: bytes) -> Json:
        """Return the base64 text."""
        return encode_base64(value)


@dataclass(frozen=True)
class Embedded:
    """Another message's JSON object, kept as its compact bytes (at most ``most``)."""

    most: int

    def read(self, source: Fields, name: str) -> bytes:
        """Return the object's compact JSON."""
        return dump(source.mapping(name, self.most))

    def write(self, value: bytes) -> Json:
        """Return the object."""
        return cast("Json", json.loads(value))


@dataclass(frozen=True)
class Hashes:
    """Up to ``most`` SHA-256 values, in base64 to save room."""

    most: int

    def read(self, source: Fields, name: str) -> tuple[bytes, ...]:
        """Return the values in the order written."""
        return source.base64s(name, 32, self.most)

    def write(self, value: tuple[bytes, ...]) -> Json:
        """Return their base64 texts."""
        return [encode_base64(each) for each in value]


@dataclass(frozen=True)
class Names:
    """Up to ``most`` different names, in order: reviewer ids, or others of at most ``size`` bytes."""

    most: int
    size: int = 32

    def read(self, source: Fields, name: str) -> tuple[str, ...]:
        """Return the names; refuse doubles and disorder, so that equal sets are equal bytes."""
        names = source.texts(name, self.most, self.size)
        if list(names) != sorted(set(names)):
            source.refuse(name, "is not in order, each once")
        return names

    def write(self, value: tuple[str, ...]) -> Json:
        """Return the names."""
        return list(value)


@dataclass(frozen=True)
class Day:
    """A day (UTC), written ``2026-11-24``; may be left out when optional."""

    optional: bool = False

    def read(self, source: Fields, name: str) -> date | None:
        """Return the day, or None where it may be and is left out."""
        if self.optional and not source.has(name):
            return None
        text = source.text(name, 10, 10)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            source.refuse(name, "is not a day")
        if day.isoformat() != text:
            source.refuse(name, "is not a day")
        return day

    def write(self, value: date | None) -> Json:
        """Return the day as text."""
        return None if value is None else value.isoformat()


@dataclass(frozen=True)
class Money:
    """An amount in a currency (ISO 4217), written ``1500000 USD`` or ``12.50 EUR``; may be left out when optional."""

    optional: bool = False

    def read(self, source: Fields, name: str) -> str | None:
        """Return the text, or None where it may be and is left out."""
        if self.optional and not source.has(name):
            return None
        text = source.text(name, 22, 5)
        if not _MONEY.fullmatch(text):
            source.refuse(name, "is not an amount with its currency")
        return text

    def write(self, value: str | None) -> Json:
        """Return the text."""
        return value


@cache
def _shapes(kind: Any) -> tuple[tuple[str, Shape], ...]:  # noqa: ANN401 - any class of shaped fields
    hints = get_type_hints(kind, include_extras=True)
    return tuple((each.name, hints[each.name].__metadata__[0]) for each in fields(kind))


def write(value: object) -> dict[str, Json]:
    """Return a shaped dataclass as a JSON object, left-out fields apart."""
    kind: Any = type(value)
    named = {name: shape.write(getattr(value, name)) for name, shape in _shapes(kind)}
    return {name: each for name, each in named.items() if each is not None}


def read(kind: type[Shaped], source: Fields) -> Shaped:
    """Read a shaped dataclass from a JSON object and refuse fields it does not have.

    Raises:
        EventError: (or the error that ``source`` was opened with) a field is missing or wrong.
    """
    shaped: Any = kind
    values = {name: shape.read(source, name) for name, shape in _shapes(shaped)}
    source.end()
    return kind(**values)


def one_of(kinds: dict[str, type[Shaped]], source: Fields, name: str = "kind") -> Shaped:
    """Read whichever of several shaped dataclasses the field ``name`` tells.

    Raises:
        EventError: the word is none of them, or the fields do not fit.
    """
    word = source.text(name, 32)
    if word not in kinds:
        raise EventError(f"event: unknown {name}")
    return read(kinds[word], source)
