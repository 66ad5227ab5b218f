"""Strict JSON: the one edge where bytes from outside become named, bounded values.

Refused, whatever the message: more bytes than allowed, anything but UTF-8, a name given twice,
a field nobody asked for, fractions and NaN, integers outside their bounds, nesting deeper than
eight, half of a surrogate pair. Nothing but ``WireError`` (or the subclass asked for) is raised,
and its message names the field, never the value.
"""

import base64
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from wire.errors import WireError

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True)
class Limits:
    """What the JSON edge accepts at most."""

    depth: int = 8  # objects and arrays open at once, the outermost included
    digits: int = 16  # characters of an integer, its sign included: below 2**53, as in a browser


LIMITS = Limits()

# A string (closed or not, so that the scan is linear) or one bracket outside any string.
_STRINGS_AND_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_DIRECTION_SIGNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def dump(mapping: Mapping[str, object]) -> bytes:
    """Return a mapping as compact UTF-8 JSON, its fields in the order given.

    Binary values must already be text (``bytes.hex`` or ``encode_base64``).

    Raises:
        WireError: a value has no JSON form (bytes, NaN, half of a surrogate pair).
    """
    try:
        text = json.dumps(
            mapping,
            ensure_ascii=False,
            separators=(",", ":"),
            allow_nan=False,
            default=_refuse_object,
        )
        return text.encode()
    except (ValueError, RecursionError):
        raise WireError("message: a value cannot be written as JSON") from None


def encode_base64(value: bytes) -> str:
    """Return standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(value).decode()


def decode_base64(text: str) -> bytes:
    """Return the bytes of canonical standard base64; ``ValueError`` for anything else."""
    value = base64.b64decode(text, validate=True)
    if base64.b64encode(value).decode() != text:
        raise ValueError("base64 is not canonical")
    return value


def is_one_line(text: str) -> bool:
    """Tell whether text has no control character, line end or sign that turns the reading direction.

    The last could make a name look like another. Right-to-left scripts need none of them.
    """
    return not any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} or sign in _DIRECTION_SIGNS for sign in text)


def _refuse_object(_value: object) -> NoReturn:
    raise ValueError("no JSON form")


def parse_object(untrusted: bytes, limit: int, what: str, error: type[WireError] = WireError) -> "Fields":
    """Parse one JSON object.

    Args:
        untrusted: the bytes as they came.
        limit: most bytes accepted.
        what: a name for the thing, for error messages (``"roster"``).
        error: the class of error to raise, here and from the returned ``Fields``.

    Raises:
        WireError: (as ``error``) the bytes are not one such object.
    """
    if len(untrusted) > limit:
        raise error(f"{what}: more than {limit} bytes")
    try:
        text = untrusted.decode()
    except UnicodeDecodeError:
        raise error(f"{what}: not UTF-8") from None
    if _depth(text) > LIMITS.depth:
        raise error(f"{what}: nested deeper than {LIMITS.depth}")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_without_doubles,
            parse_int=_bounded_integer,
            parse_float=_refuse_object,
            parse_constant=_refuse_object,
        )
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # refuses half a surrogate pair
    except ValueError:
        raise error(f"{what}: not strict JSON") from None
    if not isinstance(value, dict):
        raise error(f"{what}: not a JSON object")
    return Fields(value, what, error)


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in _STRINGS_AND_BRACKETS.finditer(text):
        first = text[match.start()]
        if first in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in "]}":
            depth -= 1
    return deepest


def _without_doubles(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name given twice")
    return values


def _bounded_integer(text: str) -> int:
    if len(text) > LIMITS.digits:
        raise ValueError("an integer too long")
    return int(text)


class Fields:
    """The fields of one JSON object, asked for by name and then closed with ``end``.

    Sizes of text are bytes of UTF-8. Every method raises the error class given to
    ``parse_object`` when the field is missing or not what was asked for; the methods named
    ``optional_…`` give None when it is missing (a null is refused).
    """

    def __init__(self, values: Mapping[str, Json], what: str, error: type[WireError] = WireError) -> None:
        self._values = values
        self._what = what
        self._error = error
        self._asked: set[str] = set()

    def has(self, name: str) -> bool:
        """Tell whether the field is there."""
        return name in self._values

    def text(self, name: str, most: int, least: int = 0) -> str:
        """Return text of ``least`` to ``most`` bytes of UTF-8."""
        return self._text(name, self._take(name), most, least)

    def line(self, name: str, most: int, least: int = 1) -> str:
        """Return text of one line, without any character that ``is_one_line`` refuses."""
        value = self.text(name, most, least)
        if not is_one_line(value):
            self.refuse(name, "holds a control character")
        return value

    def integer(self, name: str, least: int, most: int) -> int:
        """Return an integer from ``least`` to ``most``, both included."""
        return self._integer(name, self._take(name), least, most)

    def boolean(self, name: str) -> bool:
        """Return true or false."""
        value = self._take(name)
        if not isinstance(value, bool):
            self.refuse(name, "is not true or false")
        return value

    def hex(self, name: str, size: int) -> bytes:
        """Return exactly ``size`` bytes written in lower-case hexadecimal."""
        return self._hex(name, self._take(name), size)

    def hexes(self, name: str, size: int, most: int, least: int = 0) -> tuple[bytes, ...]:
        """Return ``least`` to ``most`` values of ``size`` bytes each in hexadecimal."""
        return tuple(self._hex(name, value, size) for value in self.array(name, most, least))

    def base64(self, name: str, least: int, most: int) -> bytes:
        """Return ``least`` to ``most`` bytes written in canonical standard base64."""
        return self._base64(name, self._take(name), least, most)

    def base64s(self, name: str, size: int, most: int, least: int = 0) -> tuple[bytes, ...]:
        """Return ``least`` to ``most`` values of ``size`` bytes each in base64."""
        values = self.array(name, most, least)
        return tuple(self._base64(name, value, size, size) for value in values)

    def choice(self, name: str, options: Collection[str]) -> str:
        """Return one of the given texts."""
        value = self._take(name)
        if not isinstance(value, str) or value not in options:
            self.refuse(name, "is none of the known values")
        return value

    def texts(self, name: str, most: int, each: int, least: int = 0) -> tuple[str, ...]:
        """Return ``least`` to ``most`` texts of at most ``each`` bytes of UTF-8."""
        values = self.array(name, most, least)
        return tuple(self._text(name, value, each, 0) for value in values)

    def object(self, name: str) -> "Fields":
        """Return the fields of one object within this one."""
        return self._object(name, self._take(name))

    def objects(self, name: str, most: int, least: int = 0) -> "tuple[Fields, ...]":
        """Return ``least`` to ``most`` objects within this one."""
        return tuple(self._object(name, value) for value in self.array(name, most, least))

    def rows(self, name: str, columns: Collection[str], most: int) -> "tuple[Fields, ...]":
        """Return at most ``most`` arrays whose values are given the names in ``columns``."""
        return tuple(self._row(name, value, columns) for value in self.array(name, most))

    def mapping(self, name: str, most: int) -> dict[str, Json]:
        """Return an object of at most ``most`` bytes of compact JSON as it is."""
        value = self._take(name)
        if not isinstance(value, dict):
            self.refuse(name, "is not an object")
        if len(dump(value)) > most:
            self.refuse(name, f"is longer than {most} bytes")
        return value

    def array(self, name: str, most: int, least: int = 0) -> list[Json]:
        """Return an array of ``least`` to ``most`` values as they are."""
        value = self._take(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            self.refuse(name, f"is not a list of {least} to {most}")
        return value

    def names(self) -> tuple[str, ...]:
        """Return the names of all fields, for an object whose names are themselves data."""
        return tuple(self._values)

    def optional_text(self, name: str, most: int, least: int = 0) -> str | None:
        """Return text as ``text`` does, or None when it is missing."""
        return self.text(name, most, least) if self.has(name) else None

    def optional_integer(self, name: str, least: int, most: int) -> int | None:
        """Return an integer as ``integer`` does, or None when it is missing."""
        return self.integer(name, least, most) if self.has(name) else None

    def optional_hex(self, name: str, size: int) -> bytes | None:
        """Return bytes as ``hex`` does, or None when it is missing."""
        return self.hex(name, size) if self.has(name) else None

    def optional_base64(self, name: str, least: int, most: int) -> bytes | None:
        """Return bytes as ``base64`` does, or None when it is missing."""
        return self.base64(name, least, most) if self.has(name) else None

    def optional_choice(self, name: str, options: Collection[str]) -> str | None:
        """Return one of the given texts, or None when it is missing."""
        return self.choice(name, options) if self.has(name) else None

    def end(self) -> None:
        """Refuse any field that was not asked for."""
        if self._asked.issuperset(self._values):
            return
        raise self._error(f"{self._what}: a field that does not belong there")

    def refuse(self, name: str, reason: str) -> NoReturn:
        """Raise this object's error for a field; ``reason`` must not repeat its value."""
        raise self._error(f"{self._what}: {name} {reason}")

    def _take(self, name: str) -> Json:
        if name not in self._values:
            self.refuse(name, "is missing")
        self._asked.add(name)
        return self._values[name]

    def _text(self, name: str, value: Json, most: int, least: int) -> str:
        if not isinstance(value, str):
            self.refuse(name, "is not text")
        if not least <= len(value.encode(errors="surrogatepass")) <= most:
            self.refuse(name, f"is not {least} to {most} bytes")
        return value

    def _integer(self, name: str, value: Json, least: int, most: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(name, f"is not an integer from {least} to {most}")
        return value

    def _hex(self, name: str, value: Json, size: int) -> bytes:
        try:
            raw = bytes.fromhex(value) if isinstance(value, str) else b""
        except ValueError:
            raw = b""
        if len(raw) != size or raw.hex() != value:
            self.refuse(name, f"is not {size} bytes in lower-case hexadecimal")
        return raw

    def _base64(self, name: str, value: Json, least: int, most: int) -> bytes:
        try:
            raw = decode_base64(value) if isinstance(value, str) else None
        except ValueError:
            raw = None
        if raw is None or not least <= len(raw) <= most:
            self.refuse(name, f"is not {least} to {most} bytes in base64")
        return raw

    def _object(self, name: str, value: Json) -> "Fields":
        if not isinstance(value, dict):
            self.refuse(name, "is not an object")
        return Fields(value, f"{self._what}: {name}", self._error)

    def _row(self, name: str, value: Json, columns: Iterable[str]) -> "Fields":
        titles = tuple(columns)
        if not isinstance(value, list) or len(value) != len(titles):
            self.refuse(name, f"is not a list of {len(titles)} values")
        named = dict(zip(titles, value, strict=True))
        return Fields(named, f"{self._what}: {name}", self._error)
