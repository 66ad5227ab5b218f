"""The bounds of a letter, each at its very edge."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.wire.organisation import Organisation
from tests.wire.test_letter import KEYS, LETTER, LINES
from wire.errors import LetterError
from wire.fields import Json, dump, encode_base64
from wire.letter import LETTER_SIZE, PART_SIZE, REPLY_SIZE, decode, decode_content, encode, encode_content

CONTENT = encode_content(LETTER)
FULL_ID = "r" * 32


def content(**values: Json) -> bytes:
    """The first line of the letter with other values."""
    return dump(json.loads(CONTENT) | values)


def mapping(size: int) -> dict[str, Json]:
    """Answers that take exactly so many bytes of compact JSON."""
    return {"x": "y" * (size - len(dump({"x": ""})))}


def test_everything_has_one_of_three_sizes() -> None:
    """Letters, parts and replies have the sizes that docs/format.md gives them."""
    assert (LETTER_SIZE, PART_SIZE, REPLY_SIZE) == (65_536, 1_048_576, 16_384)


@pytest.mark.parametrize(
    ("last", "first"),
    [
        pytest.param({"number": 1}, {"number": 0, "case_key": None}, id="least number"),
        pytest.param(
            {"number": 1_000_000, "case_key": None}, {"number": 1_000_001, "case_key": None}, id="greatest number"
        ),
        pytest.param({"shelf": 0}, {"shelf": -1}, id="first shelf"),
        pytest.param({"shelf": 65_535}, {"shelf": 65_536}, id="last shelf"),
        pytest.param({"story": "é" * 2_000}, {"story": "é" * 2_000 + "."}, id="story"),
        pytest.param({"fields": mapping(6_000)}, {"fields": mapping(6_001)}, id="answers"),
        pytest.param({"language": "zzz-12345678-12345678"}, {"language": "zzz-12345678-123456789"}, id="language"),
        pytest.param({"not_to": (FULL_ID,)}, {"not_to": (FULL_ID + "r",)}, id="id"),
    ],
)
def test_the_last_value_makes_a_letter_and_the_next_none(last: dict[str, Any], first: dict[str, Any]) -> None:
    """Numbers, shelves, texts and answers reach to their bounds, also where they are read."""
    letter = replace(LETTER, **last)
    assert decode_content(encode_content(letter)) == letter
    with pytest.raises(LetterError):
        replace(LETTER, **first)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 0),
        ("v", 2),
        ("number", 0),
        ("number", 1_000_001),
        ("shelf", -1),
        ("shelf", 65_536),
        ("story", "x" * 4_001),
        ("fields", mapping(6_001)),
        ("not_to", [FULL_ID + "r"]),
        ("not_to", [f"r{number}" for number in range(17)]),
        ("language", "x" * 22),
        ("instance", "00" * 15),
        ("instance", "00" * 17),
        ("sheet", "00" * 31),
        ("sheet", "00" * 33),
        ("conversation", "00" * 31),
        ("conversation", "00" * 33),
        ("tip", "00" * 15),
        ("tip", "00" * 17),
        ("case_key", "00" * 31),
        ("case_key", "00" * 33),
        ("claim", "00" * 31),
        ("claim", "00" * 33),
        ("reply_to", encode_base64(KEYS.reply.recipient.raw[:-1])),
        ("reply_to", encode_base64(KEYS.reply.recipient.raw + b"\0")),
        ("parts", [encode_base64(bytes(31))]),
        ("parts", [encode_base64(bytes(33))]),
        ("parts", [encode_base64(bytes(32))] * 65),
        ("files", [["a", "b/c", 0, 0, encode_base64(bytes(32))]] * 102),
    ],
)
def test_a_field_out_of_bounds_is_named(name: str, value: Json) -> None:
    """The first value beyond a bound is refused, and the error says which field is wrong."""
    with pytest.raises(LetterError, match=rf"^letter: {name} is (not|longer)"):
        decode_content(content(**{name: value}))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (["a" * 121, "b/c", 0, 3, encode_base64(bytes(32))], "name"),
        (["a", "b" * 81, 0, 3, encode_base64(bytes(32))], "type"),
        (["a", "b/c", -1, 3, encode_base64(bytes(32))], "offset"),
        (["a", "b/c", 2**35 + 1, 3, encode_base64(bytes(32))], "offset"),
        (["a", "b/c", 0, -1, encode_base64(bytes(32))], "length"),
        (["a", "b/c", 0, 2**35 + 1, encode_base64(bytes(32))], "length"),
        (["a", "b/c", 0, 3, encode_base64(bytes(31))], "sha256"),
        (["a", "b/c", 0, 3, encode_base64(bytes(33))], "sha256"),
    ],
)
def test_a_value_of_a_file_out_of_bounds_is_named(values: list[Json], name: str) -> None:
    """The first value beyond a bound is refused, and the error says which."""
    with pytest.raises(LetterError, match=rf"^letter: files: {name} is not"):
        decode_content(content(files=[values]))


@pytest.mark.parametrize("size", [1_215, 1_217])
def test_a_reply_recipient_has_1216_bytes(size: int) -> None:
    """Another size is told as such, before it is tried as a key."""
    with pytest.raises(LetterError, match="reply_to is not 1216 to 1216 bytes"):
        decode_content(content(reply_to=encode_base64(bytes(size))))


def test_a_letter_is_read_up_to_its_size() -> None:
    """65,536 bytes are read, one more is refused."""
    assert decode(LINES.ljust(LETTER_SIZE - 1) + b"\n")[0] == LETTER
    with pytest.raises(LetterError, match="two lines"):
        decode(LINES.ljust(LETTER_SIZE) + b"\n")


@pytest.mark.parametrize(
    "plaintext",
    [b"", b"\n", CONTENT, CONTENT + b"\n", LINES, LINES + b"\nx", LINES + b"\n\n", LINES + b"\n" + CONTENT + b"\n"],
)
def test_a_letter_has_exactly_two_line_feeds(plaintext: bytes) -> None:
    """Fewer lines, more lines or something after the last are refused for that."""
    with pytest.raises(LetterError, match="two lines"):
        decode(plaintext)


def test_sixteen_reviewers_have_a_mac() -> None:
    """As many MACs as a roster has reviewers are read; with one more, or one of nobody among them, none is."""
    organisation = Organisation(16, long_ids=True)
    lines = encode(replace(LETTER, not_to=()), KEYS.conversation, organisation.roster)
    macs = decode(lines + b"\n")[2]
    assert set(macs) == set(organisation.ids)
    written = {name: mac.hex() for name, mac in macs.items()}
    for refused in (written | {"r17": "00" * 32}, {"r1": "00" * 32, "Desk": "00" * 32}):
        with pytest.raises(LetterError, match="not 1 to 16 macs"):
            decode(CONTENT + b"\n" + dump({"macs": refused}) + b"\n")


@pytest.mark.parametrize("size", [31, 33])
def test_a_mac_has_32_bytes(size: int) -> None:
    """A shorter or longer one is refused where it is read."""
    with pytest.raises(LetterError, match="r1 is not 32 bytes"):
        decode(CONTENT + b"\n" + dump({"macs": {"r1": "00" * size}}) + b"\n")


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """No value is passed over, in either line."""
    with pytest.raises(LetterError, match="does not belong there"):
        decode_content(content(more=1))
    with pytest.raises(LetterError, match="does not belong there"):
        decode(CONTENT + b"\n" + dump({"macs": {"r1": "00" * 32}, "more": 1}) + b"\n")
