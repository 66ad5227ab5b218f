"""Payloads with one value replaced, and values at the edge of a bound, for the tests of bounds."""

import json
from collections.abc import Callable
from typing import NamedTuple

from wire.fields import Json, dump, encode_base64


def changed(payload: bytes, /, **values: Json) -> bytes:
    """A JSON object with other values in some of its fields, which may be new."""
    return dump(json.loads(payload) | values)


def changed_within(payload: bytes, within: str, /, **values: Json) -> bytes:
    """A JSON object with other values in the first object of the array under that name."""
    first, *others = json.loads(payload)[within]
    return changed(payload, **{within: [first | values, *others]})


def _text(size: int) -> Json:
    return "x" * size


def _integer(value: int) -> Json:
    return value


def _hex(size: int) -> Json:
    return bytes(size).hex()


def _base64(size: int) -> Json:
    return encode_base64(bytes(size))


def _hashes(count: int) -> Json:
    return [encode_base64(bytes(32))] * count


def _names(count: int) -> Json:
    return [f"r{number:02}" for number in range(count)]


def _object(size: int) -> Json:
    return {"x": "y" * (size - len(dump({"x": ""})))}


class Bound(NamedTuple):
    """What a field may hold: a kind of value, its least and its most, both included."""

    name: str
    make: Callable[[int], Json]
    least: int
    most: int

    def __str__(self) -> str:
        return self.name

    @property
    def within(self) -> tuple[Json, ...]:
        """The smallest value and the largest."""
        return self.make(self.least), self.make(self.most)

    @property
    def beyond(self) -> tuple[Json, ...]:
        """The first value above, and the first below where there is one."""
        nothing_below = self.make is _object or (self.least == 0 and self.make is not _integer)
        below = () if nothing_below else (self.make(self.least - 1),)
        return self.make(self.most + 1), *below

    @property
    def complaint(self) -> str:
        """How an error says that this field is out of its bounds."""
        return rf": {self.name} is (not|longer) .*\d"


def text(name: str, least: int, most: int) -> Bound:
    """A text of so many bytes."""
    return Bound(name, _text, least, most)


def integer(name: str, least: int, most: int) -> Bound:
    """A number."""
    return Bound(name, _integer, least, most)


def hexadecimal(name: str, size: int) -> Bound:
    """Bytes of one size in hexadecimal."""
    return Bound(name, _hex, size, size)


def base64(name: str, least: int, most: int) -> Bound:
    """Bytes in base64."""
    return Bound(name, _base64, least, most)


def hashes(name: str, least: int, most: int) -> Bound:
    """So many hashes in base64."""
    return Bound(name, _hashes, least, most)


def names(name: str, least: int, most: int) -> Bound:
    """So many ids, in order."""
    return Bound(name, _names, least, most)


def an_object(name: str, most: int) -> Bound:
    """An object of so many bytes as JSON, 8 at least."""
    return Bound(name, _object, 8, most)
