"""Payloads with one value replaced, for the tests of bounds."""

import json

from wire.fields import Json, dump


def changed(payload: bytes, **values: Json) -> bytes:
    """A JSON object with other values in some of its fields, which may be new."""
    return dump(json.loads(payload) | values)


def changed_within(payload: bytes, name: str, **values: Json) -> bytes:
    """A JSON object with other values in the first object of the array under that name."""
    first, *others = json.loads(payload)[name]
    return changed(payload, **{name: [first | values, *others]})
