"""Post-quantum recipients and identities."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from crypto import bech32
from crypto.errors import HeaderError, KeyFormatError
from crypto.header import Stanza, encode_base64
from crypto.hybrid import STANZA_TYPE, HybridIdentity, HybridRecipient

FILE_KEY = b"YELLOW SUBMARINE"
IDENTITY = HybridIdentity.from_seed(bytes(range(32)))
RECIPIENT = IDENTITY.recipient
SPECIFICATION = json.loads((Path(__file__).parents[1] / "vectors" / "hybrid.json").read_text("utf-8"))


def test_the_identity_of_the_specification_has_its_recipient() -> None:
    """The example of the age specification is reproduced, in both directions of its encoding."""
    identity = HybridIdentity.parse(SPECIFICATION["identity"])
    assert identity.encode() == SPECIFICATION["identity"]
    assert identity.recipient.encode() == SPECIFICATION["recipient"]
    assert HybridRecipient.parse(SPECIFICATION["recipient"]) == identity.recipient


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16))
def test_every_seed_is_an_identity_that_opens_what_is_for_it(seed: bytes, file_key: bytes) -> None:
    """Any 32 bytes make an identity; keys come back from text, and the file key from the stanza."""
    identity = HybridIdentity.from_seed(seed)
    assert HybridIdentity.parse(identity.encode()).seed == seed
    assert identity.unwrap(HybridRecipient.parse(identity.recipient.encode()).wrap(file_key)) == file_key


def test_two_identities_differ() -> None:
    """Each generated identity is a new one, and does not open what is for the other."""
    one, other = HybridIdentity.generate(), HybridIdentity.generate()
    assert one.recipient != other.recipient
    assert other.unwrap(one.recipient.wrap(FILE_KEY)) is None


def test_a_stanza_of_another_type_is_passed_over() -> None:
    """Another type is not ours, however it looks."""
    assert IDENTITY.unwrap(Stanza("X25519", (), b"")) is None


def test_an_identity_shows_no_secret() -> None:
    """Neither seed nor key stands in the representation of an identity."""
    assert repr(IDENTITY) == "HybridIdentity()"


@pytest.mark.parametrize(
    ("arguments", "body", "complaint"),
    [
        pytest.param((), bytes(32), "two arguments", id="no share"),
        pytest.param(("A", "B"), bytes(32), "two arguments", id="two shares"),
        pytest.param(("AB",), bytes(32), "canonical", id="not canonical"),
        pytest.param(("AAAA",), bytes(32), "1120 bytes", id="short share"),
        pytest.param((encode_base64(bytes(1120)).decode(),), bytes(33), "32 bytes", id="long body"),
        pytest.param((encode_base64(bytes(1120)).decode(),), bytes(32), "low order", id="low order"),
    ],
)
def test_a_malformed_stanza_of_this_type_is_refused(arguments: tuple[str, ...], body: bytes, complaint: str) -> None:
    """A stanza that claims to be of this type must be one."""
    with pytest.raises(HeaderError, match=complaint):
        IDENTITY.unwrap(Stanza(STANZA_TYPE, arguments, body))


PRIME = 2**255 - 19
ORDER_8 = (
    0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0,
    0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F,
)


@pytest.mark.parametrize("high", [0, 1 << 255])
@pytest.mark.parametrize("point", [0, 1, *ORDER_8, PRIME - 1, PRIME, PRIME + 1])
def test_each_share_of_low_order_is_refused(point: int, high: int) -> None:
    """What X25519 refuses to multiply is told apart from a stanza for somebody else, whatever its highest bit."""
    share = (point | high).to_bytes(32, "little")
    with pytest.raises(ValueError, match="shared"):
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(share))
    with pytest.raises(HeaderError, match="low order"):
        IDENTITY.unwrap(Stanza(STANZA_TYPE, (encode_base64(bytes(1088) + share).decode(),), bytes(32)))


@pytest.mark.parametrize("point", [2, 9, ORDER_8[0] + 1, ORDER_8[1] - 1, PRIME - 2, PRIME + 2])
def test_a_share_beside_those_is_for_somebody_else(point: int) -> None:
    """Any other share makes a stanza that this identity does not open."""
    share = point.to_bytes(32, "little")
    X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(share))
    assert IDENTITY.unwrap(Stanza(STANZA_TYPE, (encode_base64(bytes(1088) + share).decode(),), bytes(32))) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(bech32.encode("age", bytes(32)), id="an X25519 recipient"),
        pytest.param(RECIPIENT.encode().upper(), id="upper case"),
        pytest.param(IDENTITY.encode(), id="an identity"),
        pytest.param(RECIPIENT.encode()[:-1], id="cut"),
        pytest.param(bech32.encode("age1pq", RECIPIENT.raw[:-1]), id="a byte missing"),
        pytest.param(bech32.encode("age1pq", b"\xff" * 1216), id="no ML-KEM key"),
        pytest.param(bech32.encode("age1pq", RECIPIENT.raw[:1184] + bytes(32)), id="low order"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_recipient_is_refused(text: str) -> None:
    """Only a key to which something can be sealed becomes a recipient."""
    with pytest.raises(KeyFormatError):
        HybridRecipient.parse(text)


@pytest.mark.parametrize("raw", [b"", RECIPIENT.raw[:-1], RECIPIENT.raw + b"\0"])
def test_a_recipient_of_another_size_is_told_its_size(raw: bytes) -> None:
    """A recipient that was cut is not called impossible."""
    with pytest.raises(KeyFormatError, match="1216 bytes"):
        HybridRecipient(raw)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(bech32.encode("age-secret-key-", bytes(32)).upper(), id="an X25519 identity"),
        pytest.param(IDENTITY.encode().lower(), id="lower case"),
        pytest.param(RECIPIENT.encode(), id="a recipient"),
        pytest.param(bech32.encode("age-secret-key-pq-", bytes(31)).upper(), id="a byte missing"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_identity_is_refused(text: str) -> None:
    """Only a whole post-quantum identity, in upper case, becomes one; the error does not repeat it."""
    with pytest.raises(KeyFormatError) as caught:
        HybridIdentity.parse(text)
    assert not text or text not in str(caught.value)
