"""What stands in a letter is, byte for byte, what Python writes for the same values."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from crypto.conversation import letter_mac_key
from crypto.header import Stanza, decode_base64, encode_base64
from crypto.hybrid import STANZA_TYPE, HybridIdentity
from crypto.seal import plaintext_size_for
from tests.client.node import Core, RefusedError, sendable
from tests.client.source import decoded
from tests.crypto.test_conversation import VECTOR
from tests.vectors.shape import Vector, read_vectors
from tests.wire.test_letter import KEYS, ORGANISATION, letters
from wire.letter import Letter, encode, encode_content
from wire.opening import open_letter
from wire.parts import padded_size
from wire.shelf import shelf_name, shelf_of

ASKED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEEDS = st.binary(min_size=32, max_size=32)


def sent(letter: Letter) -> dict[str, Any]:
    """A letter as the driver takes it."""
    values: dict[str, object] = {
        "instance": letter.instance,
        "sheet": letter.sheet,
        "week": str(letter.week),
        "conversation": letter.conversation,
        "tip": letter.tip,
        "number": letter.number,
        "sealed": letter.sealed,
        "reply_to": letter.reply_to.raw,
        "shelf": letter.shelf,
        "not_to": list(letter.not_to),
        "language": letter.language,
        "fields": letter.fields,
        "story": letter.story,
        "files": [
            {
                "name": one.name,
                "type": one.type,
                "offset": one.offset,
                "length": one.length,
                "sha256": sendable(one.sha256),
            }
            for one in letter.files
        ],
        "parts": [sendable(name) for name in letter.parts],
        "index": int(letter.index),
    }
    if letter.case_key is not None:
        values["case_key"] = letter.case_key
    if letter.claim is not None:
        values["claim"] = letter.claim
    return {name: sendable(value) for name, value in values.items()}


def can_be_sealed_in_a_browser(letter: Letter) -> bool:
    """No answer of the form is named by a number, and a browser seals before the source comes or on the device."""
    return letter.sealed != "arrival" and not any(name.isascii() and name.isdigit() for name in letter.fields)


@ASKED
@given(letter=letters().filter(can_be_sealed_in_a_browser))
def test_a_letter_is_written_as_python_writes_it(core: Core, letter: Letter) -> None:
    """Content and MACs have equal bytes."""
    content = decoded(core.ask("letter_content", letter=sent(letter)))
    assert content == encode_content(letter)
    roster = ORGANISATION.roster
    lines = core.ask("letter_lines", letter=sent(letter), secret=bytes(KEYS.conversation), roster=roster.encode())
    written = encode(letter, KEYS.conversation, roster)
    assert decoded(lines) == written


WRITTEN = ("the first letter, with three files", "one reviewer is left out")


@pytest.mark.parametrize("vector", [one for one in read_vectors("letter") if one.name in WRITTEN], ids=WRITTEN)
def test_letters_of_the_vectors_are_written_again(core: Core, vector: Vector) -> None:
    """Letters in tests/vectors/format, whose bytes stay the same from version to version."""
    opened = open_letter(vector.input, [HybridIdentity.parse(vector.given["identity"])])
    assert decoded(core.ask("letter_content", letter=sent(opened.letter))) == opened.content


@ASKED
@given(header=st.integers(2_000, 30_000), size=st.integers(0, 2**35))
def test_padding_has_the_size_that_python_gives_it(core: Core, header: int, size: int) -> None:
    """Any header and size."""
    assert core.ask("padded_size", header=header, size=size) == padded_size(header, size)


@pytest.mark.parametrize("parts", [1, 2, 7, 64])
def test_padding_steps_over_the_boundaries_that_no_plaintext_reaches(core: Core, parts: int) -> None:
    """Around each whole number of parts, for headers that reach it and for those that do not."""
    total, skipped = parts * 1_048_576, 0
    for header in range(6_300, 6_300 + 65_552, 1):
        if (full := plaintext_size_for(header, total)) is None:
            skipped += 1
            assert core.ask("plaintext_size_for", header=header, total=total) is None
            size = total - header - 16 - parts * 17 * 16
            assert core.ask("padded_size", header=header, size=size) == padded_size(header, size)
        elif header in (6_369, 12_597, 18_825, 25_053):
            for size in (full - 1, full, full + 1):
                assert core.ask("padded_size", header=header, size=size) == padded_size(header, size)
    assert skipped == 16


def test_the_mac_key_of_the_vector_is_reproduced(core: Core) -> None:
    """A source reaches the key in tests/vectors/letter_mac.json."""
    secret, reviewer = VECTOR["conversation_private"], VECTOR["reviewer_public"]
    assert core.ask("mac_key", secret=secret, reviewer=reviewer) == VECTOR["key"].hex()


@ASKED
@given(seed=SEEDS, reviewer=SEEDS)
def test_any_mac_key_is_the_one_that_python_derives(core: Core, seed: bytes, reviewer: bytes) -> None:
    """For any two keys."""
    key = bytes(SigningKey(reviewer).verify_key)
    assert core.ask("mac_key", secret=seed, reviewer=key) == letter_mac_key(PrivateKey(seed), key).hex()


@pytest.mark.parametrize(
    "reviewer",
    [
        b"",
        bytes(31),
        bytes(32),
        bytes([1]) + bytes(31),
        b"\xff" * 32,
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),  # of order 8
        bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        bytes.fromhex("ce48c0a1d7c7e5d0a4ea4d7d0dc0ff2d0a9cfa2c1b8b9f6bd0a4a4a4a4a4a424"),
    ],
    ids=lambda key: key.hex()[:8],
)
def test_impossible_keys_of_reviewers_are_refused(core: Core, reviewer: bytes) -> None:
    """What is no point, or has a part of low order, is refused where libsodium refuses it."""
    assert core.refuses("mac_key", secret=bytes(range(32)), reviewer=reviewer) == "key"


@ASKED
@given(value=SEEDS, bits=st.integers(0, 16))
def test_shelves_have_the_names_that_python_gives_them(core: Core, value: bytes, bits: int) -> None:
    """For any shelf value and width."""
    assert core.ask("shelf", value=value, bits=bits) == [shelf_of(value), shelf_name(shelf_of(value), bits)]


@ASKED
@given(seed=SEEDS, file_key=st.binary(min_size=16, max_size=16))
def test_what_one_wraps_the_other_unwraps(core: Core, seed: bytes, file_key: bytes) -> None:
    """Stanzas go both ways, for any identity."""
    identity = HybridIdentity(seed)
    assert core.ask("identity", seed=seed) == identity.recipient.raw.hex()
    ours = core.ask("wrap", file_key=file_key, recipient=identity.recipient.raw)
    argument = encode_base64(decoded(ours["encapsulated"])).decode()
    assert identity.unwrap(Stanza(STANZA_TYPE, (argument,), decoded(ours["body"]))) == file_key
    theirs = identity.recipient.wrap(file_key)
    encapsulated = decode_base64(theirs.arguments[0].encode())
    assert core.ask("unwrap", encapsulated=encapsulated, body=theirs.body, seed=seed) == file_key.hex()
    other = bytes([seed[0] ^ 1]) + seed[1:]
    assert core.ask("unwrap", encapsulated=encapsulated, body=theirs.body, seed=other) is None


@pytest.mark.parametrize("change", ["low order", "short share", "short body", "changed"])
def test_a_stanza_that_nobody_can_open_is_nobodys(core: Core, change: str) -> None:
    """Malformed stanzas give no key, and stop nothing."""
    identity = HybridIdentity(bytes(32))
    stanza = identity.recipient.wrap(bytes(16))
    encapsulated, body = decode_base64(stanza.arguments[0].encode()), stanza.body
    match change:
        case "low order":
            encapsulated = encapsulated[:1088] + bytes(32)
        case "short share":
            encapsulated = encapsulated[:-1]
        case "short body":
            body = body[:-1]
        case _:
            body = bytes([body[0] ^ 1]) + body[1:]
    assert core.ask("unwrap", encapsulated=encapsulated, body=body, seed=bytes(32)) is None


@pytest.mark.parametrize(
    "recipient", [b"", bytes(1_215), bytes(1_216), b"\xff" * 1_216], ids=["0", "short", "zero", "ones"]
)
def test_nothing_is_wrapped_for_an_impossible_recipient(core: Core, recipient: bytes) -> None:
    """A key that FIPS 203 refuses, or a point of low order."""
    with pytest.raises(RefusedError) as caught:
        core.ask("wrap", file_key=bytes(16), recipient=recipient)
    assert caught.value.kind == "key"
