"""A letter is read back as written, and only its source (or the reader) can have made its MAC."""

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from tests.wire.organisation import INSTANCE, WEEK, Organisation, new_keys
from wire.errors import LetterError
from wire.fields import Json, dump, encode_base64
from wire.files import File
from wire.letter import SEALED, Letter, decode, decode_content, encode, encode_content, verify_letter
from wire.roster import Reviewer
from wire.shelf import shelf_of

ORGANISATION = Organisation()
KEYS = new_keys()
LETTER = Letter(
    instance=INSTANCE,
    sheet=ORGANISATION.sheet.digest,
    week=WEEK,
    conversation=bytes(KEYS.conversation.public_key),
    tip=bytes(16),
    number=1,
    sealed="device",
    reply_to=KEYS.reply.recipient,
    shelf=shelf_of(KEYS.shelf),
    case_key=KEYS.case_key,
    not_to=("r2",),
    language="pt-BR",
    fields={"species": "Pangolin 穿山甲"},
    story="Deux lignes\n« ici »",
    files=(File("a.jpg", "image/jpeg", 0, 3, bytes(32)),),
    parts=(bytes(32),),
)
LINES = encode(LETTER, KEYS.conversation, ORGANISATION.roster)

FIELDS = st.dictionaries(st.text(max_size=10), st.text(max_size=40) | st.integers(0, 9) | st.booleans(), max_size=5)


@st.composite
def letters(draw: st.DrawFn) -> Letter:
    """Draw any letter."""
    number = draw(st.integers(1, 1_000_000))
    sizes = draw(st.lists(st.integers(0, 2**20), max_size=5))
    files = tuple(
        File(f"{n}.bin", "a/b", sum(sizes[:n]), size, draw(st.binary(min_size=32, max_size=32)))
        for n, size in enumerate(sizes)
    )
    index = bool(sum(sizes)) and draw(st.booleans())
    return replace(
        LETTER,
        number=number,
        case_key=KEYS.case_key if number == 1 else None,
        tip=draw(st.binary(min_size=16, max_size=16)),
        sealed=draw(st.sampled_from(SEALED)),
        not_to=tuple(draw(st.lists(st.sampled_from(["r1", "r2"]), unique=True))),
        language=draw(st.sampled_from(["en", "fr", "zh-Hant-TW"])),
        fields=draw(FIELDS),
        story=draw(st.text(max_size=900)),
        files=files,
        parts=(bytes(32),) if sum(sizes) else (),
        index=index,
        claim=draw(st.none() | st.binary(min_size=32, max_size=32)),
    )


@given(letters(), st.integers(0, 50))
def test_a_letter_is_read_back_as_written(letter: Letter, padding: int) -> None:
    """Encoding, padding and decoding gives an equal letter and the bytes that its MACs cover."""
    lines = encode(letter, KEYS.conversation, ORGANISATION.roster)
    decoded, content, macs = decode(lines + b" " * padding + b"\n")
    assert decoded == letter
    assert content == encode_content(letter) == lines.split(b"\n")[0]
    assert set(macs) == set(ORGANISATION.ids) - set(letter.not_to)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_letter_or_a_letter_error(untrusted: bytes) -> None:
    """No plaintext raises anything but a LetterError."""
    for plaintext in (untrusted, untrusted + b"\n", encode_content(LETTER) + b"\n" + untrusted + b"\n"):
        with contextlib.suppress(LetterError):
            decode(plaintext)


@settings(deadline=None)
@given(st.integers(0, len(LINES)), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_fails_to_verify(position: int, value: int) -> None:
    """Nothing in a letter can be changed without a verified letter ceasing to be one."""
    changed = bytearray(LINES + b"\n")
    changed[position] = value
    if changed == LINES + b"\n":
        return
    with contextlib.suppress(LetterError):
        letter, content, macs = decode(bytes(changed))
        for reviewer in ("r1", "r3"):
            verify_letter(letter, content, macs, reviewer, ORGANISATION.signing[reviewer])
        assert letter == LETTER


JSON_VALUES = st.none() | st.booleans() | st.integers(-1, 2**53) | st.text(max_size=5) | st.lists(st.integers(0, 9))


@given(st.sampled_from(list(json.loads(encode_content(LETTER)))), JSON_VALUES)
def test_any_value_in_a_field_gives_a_letter_or_a_letter_error(name: str, value: Json) -> None:
    """No value of a field raises anything but a LetterError."""
    values = json.loads(encode_content(LETTER)) | {name: value}
    with contextlib.suppress(LetterError):
        decode_content(dump(values))


@pytest.mark.parametrize("reviewer", ["r1", "r3"])
def test_each_reviewer_verifies_the_letter(reviewer: str) -> None:
    """Who was written to can tell that the owner of the codename wrote it."""
    letter, content, macs = decode(LINES + b"\n")
    verify_letter(letter, content, macs, reviewer, ORGANISATION.signing[reviewer])


@pytest.mark.parametrize(
    ("reviewer", "signing"),
    [("r1", SigningKey.generate()), ("r3", ORGANISATION.signing["r1"]), ("r2", ORGANISATION.signing["r2"])],
    ids=["stranger", "another's mac", "left out"],
)
def test_nobody_else_verifies_the_letter(reviewer: str, signing: SigningKey) -> None:
    """A MAC convinces the one reviewer it was made for."""
    letter, content, macs = decode(LINES + b"\n")
    with pytest.raises(LetterError) as caught:
        verify_letter(letter, content, macs, reviewer, signing)
    assert caught.value.kind == "mac"


def test_a_letter_in_anothers_name_is_not_verified() -> None:
    """Without the conversation's secret key nobody can write in the source's name."""
    letter, content, macs = decode(encode(LETTER, PrivateKey.generate(), ORGANISATION.roster) + b"\n")
    with pytest.raises(LetterError) as caught:
        verify_letter(letter, content, macs, "r1", ORGANISATION.signing["r1"])
    assert caught.value.kind == "mac"


def test_a_conversation_that_is_no_key_is_not_verified() -> None:
    """A conversation of all zeros gives no key that everybody knows."""
    letter = replace(LETTER, conversation=bytes(32))
    with pytest.raises(LetterError) as caught:
        verify_letter(letter, encode_content(letter), {"r1": bytes(32)}, "r1", ORGANISATION.signing["r1"])
    assert caught.value.kind == "mac"


def test_a_roster_with_an_impossible_key_is_told() -> None:
    """A key that is no point of the curve cannot be written to."""
    roster = replace(
        ORGANISATION.roster, reviewers=(*ORGANISATION.roster.reviewers, Reviewer("r9", "Desk", b"\x02" + bytes(31)))
    )
    with pytest.raises(LetterError) as caught:
        encode(LETTER, KEYS.conversation, roster)
    assert caught.value.kind == "sheet"


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"number": 1_000_001, "case_key": None},
        {"number": 2},
        {"case_key": None},
        {"sealed": "never"},
        {"shelf": -1},
        {"shelf": 65_536},
        {"not_to": ("r1", "r1")},
        {"not_to": ("",)},
        {"not_to": ("r\u202e1",)},
        {"not_to": ("Desk 1",)},
        {"language": "english!"},
        {"story": "x" * 4_001},
        {"fields": {"x": "y" * 6_000}},
        {"parts": ()},
        {"parts": (bytes(32),) * 65},
    ],
)
def test_what_is_no_letter_cannot_be_made(change: dict[str, Any]) -> None:
    """Numbers, keys, words and sizes have their bounds."""
    with pytest.raises(LetterError):
        replace(LETTER, **change)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"week":"2026-W48"', b'"week":"2026-W60"'),
        (b'"reply_to":"', b'"reply_to":"AAAA'),
        (b'"index":false', b'"index":false,"more":1'),
        (b'["a.jpg","image/jpeg",0,3,', b'["a.jpg","image/jpeg",0,'),
        (b'{"macs":{', b'{"more":1,"macs":{'),
        (b'{"macs":{', b'{"macs":{"r1":"00","x":{'),
        (b"\n", b"\n\n"),
        (b"\n", b""),
    ],
)
def test_another_form_is_refused(old: bytes, new: bytes) -> None:
    """Unknown versions, fields and shapes are refused."""
    assert old in LINES
    with pytest.raises(LetterError):
        decode(LINES.replace(old, new, 1) + b"\n")


@pytest.mark.parametrize("macs", [b"{}", b'{"macs":{}}', dump({"macs": {str(n): "00" * 32 for n in range(17)}})])
def test_a_letter_has_one_to_sixteen_macs(macs: bytes) -> None:
    """No MAC or too many are refused."""
    with pytest.raises(LetterError):
        decode(encode_content(LETTER) + b"\n" + macs + b"\n")


def test_a_mac_of_nobody_is_refused_and_not_repeated() -> None:
    """The name of a MAC is a reviewer's id; what else a source wrote there stands in no message."""
    macs = dump({"macs": {"<b>Marker</b>": "00"}})
    with pytest.raises(LetterError) as caught:
        decode(encode_content(LETTER) + b"\n" + macs + b"\n")
    assert "Marker" not in str(caught.value)


def test_a_reply_key_that_is_none_is_refused() -> None:
    """1,216 bytes that are no post-quantum recipient are refused when the letter is read."""
    own, impossible = (encode_base64(raw).encode() for raw in (KEYS.reply.recipient.raw, b"\xff" * 1216))
    with pytest.raises(LetterError, match="reply_to"):
        decode_content(encode_content(LETTER).replace(own, impossible))
