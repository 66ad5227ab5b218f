"""Classic recipients and identities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import bech32
from crypto.errors import HeaderError, KeyFormatError
from crypto.header import Stanza, encode_base64
from crypto.hybrid import HybridIdentity
from crypto.x25519 import STANZA_TYPE, X25519Identity, X25519Recipient

FILE_KEY = b"YELLOW SUBMARINE"
IDENTITY = X25519Identity(bytes(range(32)))
RECIPIENT = IDENTITY.recipient


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16))
def test_every_secret_is_an_identity_that_opens_what_is_for_it(secret: bytes, file_key: bytes) -> None:
    """Any 32 bytes make an identity; keys come back from text, and the file key from the stanza."""
    identity = X25519Identity(secret)
    assert X25519Identity.parse(identity.encode()).secret == secret
    assert identity.unwrap(X25519Recipient.parse(identity.recipient.encode()).wrap(file_key)) == file_key


def test_keys_look_as_the_age_tools_have_them() -> None:
    """A recipient is 62 characters in lower case, an identity 74 in upper case."""
    assert (RECIPIENT.encode()[:5], len(RECIPIENT.encode())) == (RECIPIENT.encode().lower()[:5], 62)
    assert (IDENTITY.encode()[:16], len(IDENTITY.encode())) == ("AGE-SECRET-KEY-1", 74)


def test_two_identities_differ() -> None:
    """Each generated identity is a new one, and does not open what is for the other."""
    one, other = X25519Identity.generate(), X25519Identity.generate()
    assert one.recipient != other.recipient
    assert other.unwrap(one.recipient.wrap(FILE_KEY)) is None


def test_no_two_stanzas_are_alike() -> None:
    """Each stanza has a share of its own, so that two files do not show the same recipient."""
    assert RECIPIENT.wrap(FILE_KEY).arguments != RECIPIENT.wrap(FILE_KEY).arguments


def test_a_stanza_of_another_type_is_passed_over() -> None:
    """Another type is not ours, however it looks."""
    assert IDENTITY.unwrap(Stanza("x25519", (), b"")) is None


def test_an_identity_shows_no_secret() -> None:
    """The key does not stand in the representation of an identity."""
    assert repr(IDENTITY) == "X25519Identity()"


@pytest.mark.parametrize(
    ("arguments", "body", "complaint"),
    [
        pytest.param((), bytes(32), "two arguments", id="no share"),
        pytest.param(("A", "B"), bytes(32), "two arguments", id="two shares"),
        pytest.param(("AB",), bytes(32), "canonical", id="not canonical"),
        pytest.param((encode_base64(bytes(31)).decode(),), bytes(32), "share .* 32 bytes", id="short share"),
        pytest.param((encode_base64(bytes(33)).decode(),), bytes(32), "share .* 32 bytes", id="long share"),
        pytest.param((encode_base64(bytes(range(32))).decode(),), bytes(31), "body .* 32 bytes", id="short body"),
        pytest.param((encode_base64(bytes(range(32))).decode(),), bytes(33), "body .* 32 bytes", id="long body"),
        pytest.param((encode_base64(bytes(32)).decode(),), bytes(32), "low order", id="low order"),
    ],
)
def test_a_malformed_stanza_of_this_type_is_refused(arguments: tuple[str, ...], body: bytes, complaint: str) -> None:
    """A stanza that claims to be of this type must be one."""
    with pytest.raises(HeaderError, match=complaint):
        IDENTITY.unwrap(Stanza(STANZA_TYPE, arguments, body))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HybridIdentity.from_seed(bytes(32)).recipient.encode(), id="a post-quantum recipient"),
        pytest.param(RECIPIENT.encode().upper(), id="upper case"),
        pytest.param(IDENTITY.encode(), id="an identity"),
        pytest.param(RECIPIENT.encode()[:-1], id="cut"),
        pytest.param(bech32.encode("age", bytes(range(31))), id="a byte missing"),
        pytest.param(bech32.encode("age", bytes(range(33))), id="a byte more"),
        pytest.param(bech32.encode("age", bytes(32)), id="low order"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_recipient_is_refused(text: str) -> None:
    """Only a key to which something can be sealed becomes a recipient."""
    with pytest.raises(KeyFormatError):
        X25519Recipient.parse(text)


@pytest.mark.parametrize("raw", [b"", RECIPIENT.raw[:-1], RECIPIENT.raw + b"\0"])
def test_a_recipient_of_another_size_is_told_its_size(raw: bytes) -> None:
    """A recipient that was cut is not called impossible."""
    with pytest.raises(KeyFormatError, match="32 bytes"):
        X25519Recipient(raw)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HybridIdentity.from_seed(bytes(32)).encode(), id="a post-quantum identity"),
        pytest.param(IDENTITY.encode().lower(), id="lower case"),
        pytest.param(RECIPIENT.encode(), id="a recipient"),
        pytest.param(bech32.encode("age-secret-key-", bytes(31)).upper(), id="a byte missing"),
        pytest.param(bech32.encode("age-secret-key-", bytes(33)).upper(), id="a byte more"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_identity_is_refused(text: str) -> None:
    """Only a whole classic identity, in upper case, becomes one; the error does not repeat it."""
    with pytest.raises(KeyFormatError) as caught:
        X25519Identity.parse(text)
    assert not text or text not in str(caught.value)
