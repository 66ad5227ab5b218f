"""What all contents of case events have in common: the shapes of their fields, the day, the case.

Limits of texts are bytes of UTF-8. docs/format.md, "Case log".
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, TypeAlias

from wire.errors import EventError, WireError
from wire.fields import Fields, dump, parse_object
from wire.shape import Day, Hex, Line, Text, one_of, write

LIMIT = 24_576
"""Most bytes of a content, without its padding."""
ID = 32
"""Most bytes of a reviewer's id."""

Hash: TypeAlias = Annotated[bytes, Hex(32)]
OptionalHash: TypeAlias = Annotated[bytes | None, Hex(32, optional=True)]
ReviewerId: TypeAlias = Annotated[str, Line(ID, 1)]
Note: TypeAlias = Annotated[str, Text(16_000, 1)]
Remark: TypeAlias = Annotated[str, Line(400)]
Word: TypeAlias = Annotated[str, Line(64, 1)]


def case_of_tip(instance: bytes, conversation: bytes) -> bytes:
    """Return the case (16 bytes) of all letters of one conversation (public key, 32 bytes)."""
    return hashlib.sha256(b"lapwing/v1/case" + instance + conversation).digest()[:16]


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is common to every content; alone, the organisation's own kinds.

    Attributes:
        kind: the word for it in JSON.
        on: the day (UTC) by its author's own clock.
    """

    kind: ClassVar[str]

    on: Annotated[date, Day()]

    def encode(self) -> bytes:
        """Return the JSON, not padded yet; `EventError` for a value that no reader would accept."""
        try:
            encoded = dump({"v": 1, "kind": self.kind, **write(self)})
        except (WireError, ValueError):
            raise EventError("event content: a value cannot be written as JSON") from None
        if one_of({self.kind: type(self)}, open_content(encoded)) != self:
            raise EventError("event content: a value is not in its one form")
        return encoded


@dataclass(frozen=True, kw_only=True)
class CaseContent(Content):
    """What is common to the content of a case's events."""

    case: Annotated[bytes, Hex(16)]


def open_content(untrusted: bytes) -> Fields:
    """Return the fields of a content of any kind, padded or not.

    Raises:
        EventError: it is none of this version.
    """
    fields = parse_object(untrusted, LIMIT, "event content", EventError)
    fields.integer("v", 1, 1)
    return fields
