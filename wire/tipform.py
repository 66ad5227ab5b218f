"""The fields of a tip: one list that the form, the reviewer's case page and the dossier's report all follow.

Pure data and pure functions. The story, the files and "not to be read by" stand apart from this list. Labels are not
here: each app has its own words in each language, keyed by the names in `FIELDS`.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from wire.errors import TipFieldError
from wire.fields import dump

Group = Literal["listing", "trade", "where", "who", "you"]
Kind = Literal["line", "text", "choice", "yes_no", "date", "species", "product", "urls"]

MAX_ENCODED_BYTES: Final = 6_000
"""All answers together, as compact JSON in UTF-8: a letter of 64 KiB has room for them beside any story."""

YES_NO: Final = ("yes", "no")
MANY_LINES: Final[frozenset[Kind]] = frozenset({"text", "urls"})

_LINE_ENDS: Final = str.maketrans({"\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "})
_UNWANTED: Final = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form.

    Attributes:
        name: stable name in snake case; the key in a letter, never shown to a person.
        group: the part of the form that it is folded into.
        kind: `line` is one line, `text` several. `choice` and `yes_no` take one of `options`. `date` is a day or a time
            in the source's own words, since few know the day: it is never refused for its wording. `species` and
            `product` are one line of free text with suggestions (`wire.taxa`). `urls` is one address a line, kept as
            written and never opened.
        max_characters: longest answer in code points, after normalisation.
        options: what `choice` and `yes_no` accept, in the order of the form; empty for every other kind.
    """

    name: str
    group: Group
    kind: Kind
    max_characters: int
    options: tuple[str, ...] = ()


def _yes_no(name: str, group: Group) -> Field:
    return Field(name, group, "yes_no", 3, YES_NO)


def _choice(name: str, group: Group, *options: str) -> Field:
    return Field(name, group, "choice", max(map(len, options)), options)


FIELDS: Final = (
    Field("species", "listing", "species", 200),
    Field("product", "listing", "product", 200),
    Field("quantity", "listing", "line", 120),
    Field("price", "listing", "line", 120),
    Field("marketplace", "listing", "line", 200),
    Field("listing_addresses", "listing", "urls", 2_000),
    Field("seller_handles", "listing", "text", 600),
    Field("payment", "trade", "text", 600),
    Field("shipping", "trade", "text", 600),
    Field("place", "where", "text", 400),
    Field("dates", "where", "date", 200),
    Field("people", "who", "text", 1_000),
    Field("firms", "who", "text", 600),
    Field("how_known", "you", "text", 800),
    _yes_no("reported_before", "you"),
    Field("reported_to", "you", "line", 200),
    Field("reported_when", "you", "date", 120),
    _choice("reward_wish", "you", "yes", "no", "unsure"),
    _choice("willing_to_testify", "you", "yes", "no", "unsure"),
    _yes_no("in_danger_now", "you"),
)
"""Every field, in the order of the form; the fields of one group stand together."""

GROUPS: Final[tuple[Group, ...]] = tuple(dict.fromkeys(field.group for field in FIELDS))


def field_names() -> tuple[str, ...]:
    """Return the names of all fields in the order of the form."""
    return tuple(field.name for field in FIELDS)


def fields_in(group: Group) -> tuple[Field, ...]:
    """Return the fields of one group in the order of the form."""
    return tuple(field for field in FIELDS if field.group == group)


def encoded_size(fields: Mapping[str, str]) -> int:
    """Return the bytes that the answers take as compact JSON in UTF-8, as a letter carries them."""
    return len(dump(fields))


def parse_fields(untrusted: Mapping[str, object]) -> dict[str, str]:
    """Turn what a form or a letter brought into the answers of a tip.

    Each answer becomes NFC, its line ends line feeds (spaces where the field has one line), tabs become spaces, white
    space around it goes, and an empty answer is left out. Parsing what this returned gives the same again.

    Args:
        untrusted: names and answers as they came.

    Returns:
        The answers that were given, in the order of `FIELDS`; at most `MAX_ENCODED_BYTES` when encoded.

    Raises:
        TipFieldError: a name that the form does not have, an answer that is no text, is too long, holds a control
            character or is not among the options, or all together are too long. It names the field, never the answer.
    """
    known = frozenset(field_names())
    if any(name not in known for name in untrusted):
        raise TipFieldError("a field was sent that this form does not have; load the form again", None)
    answers = {}
    for field in FIELDS:
        if field.name in untrusted:
            answer = _parse_answer(field, untrusted[field.name])
            if answer:
                answers[field.name] = answer
    if encoded_size(answers) > MAX_ENCODED_BYTES:
        longest = max(answers, key=lambda name: encoded_size({name: answers[name]}))
        raise TipFieldError(
            f"the answers together are over {MAX_ENCODED_BYTES} bytes; shorten the longest, '{longest}', "
            "and put the rest into the story",
            longest,
        )
    return answers


def _parse_answer(field: Field, untrusted: object) -> str:
    if not isinstance(untrusted, str):
        raise TipFieldError(f"field '{field.name}' must be text", field.name)
    # Normalising costs time in proportion to what came, so a flood is refused by its raw length first. Four code points
    # for each allowed one leave room for decomposed scripts (Vietnamese needs three) and for line ends of two.
    if len(untrusted) > 4 * field.max_characters:
        raise _too_long(field)
    text = unicodedata.normalize("NFC", untrusted).replace("\r\n", "\n").translate(_LINE_ENDS)
    if field.kind not in MANY_LINES:
        text = text.replace("\n", " ")
    text = text.strip()
    if any(unicodedata.category(character) in _UNWANTED for character in text if character != "\n"):
        raise TipFieldError(f"field '{field.name}' holds a control character; type it again by hand", field.name)
    if len(text) > field.max_characters:
        raise _too_long(field)
    if text and field.options and text not in field.options:
        raise TipFieldError(f"field '{field.name}' must be one of: {', '.join(field.options)}", field.name)
    return text


def _too_long(field: Field) -> TipFieldError:
    return TipFieldError(
        f"field '{field.name}' is over {field.max_characters} characters; put the rest into the story", field.name
    )
