"""Passphrases as recipients and as identities."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given
from hypothesis import strategies as st

import crypto.scrypt
from crypto.errors import HeaderError, KeyFormatError
from crypto.header import Stanza, encode_base64
from crypto.scrypt import LIMITS, STANZA_TYPE, WORK_FACTOR, Limits, ScryptIdentity, ScryptRecipient

FILE_KEY = b"YELLOW SUBMARINE"
IDENTITY = ScryptIdentity("a red wattle", Limits(10))
SALT = encode_base64(bytes(16)).decode()
# As Python has the arguments of a program that are not UTF-8.
TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF))


@given(TEXT.filter(bool), st.binary(min_size=16, max_size=16))
def test_the_same_passphrase_opens(passphrase: str, file_key: bytes) -> None:
    """Whatever was typed as passphrase, the file key comes back from the stanza."""
    assert ScryptIdentity(passphrase).unwrap(ScryptRecipient(passphrase, 1).wrap(file_key)) == file_key


def test_another_passphrase_does_not_open() -> None:
    """A passphrase is taken as it was typed, to the last space."""
    stanza = ScryptRecipient("a red wattle", 10).wrap(FILE_KEY)
    assert ScryptIdentity("a red wattle ").unwrap(stanza) is None
    assert ScryptIdentity("A red wattle").unwrap(stanza) is None


def test_no_two_stanzas_are_alike() -> None:
    """Each stanza has a salt of its own."""
    recipient = ScryptRecipient("a red wattle", 1)
    assert recipient.wrap(FILE_KEY).arguments != recipient.wrap(FILE_KEY).arguments


def test_the_work_is_that_of_the_age_tools() -> None:
    """Unless told otherwise a stanza asks for 2^18, and so much is opened."""
    stanza = ScryptRecipient("a red wattle").wrap(FILE_KEY)
    assert stanza.arguments[1] == str(WORK_FACTOR) == "18"
    assert ScryptIdentity("a red wattle").unwrap(stanza) == FILE_KEY


def test_a_stanza_of_another_type_is_passed_over() -> None:
    """Another type is not ours, however it looks."""
    assert IDENTITY.unwrap(Stanza("X25519", (), b"")) is None


def test_a_passphrase_does_not_show() -> None:
    """Neither half has the passphrase in its representation."""
    assert "wattle" not in repr(IDENTITY)
    assert "wattle" not in repr(ScryptRecipient("a red wattle"))


@pytest.mark.parametrize(
    ("arguments", "body", "complaint"),
    [
        pytest.param((), bytes(32), "three arguments", id="nothing"),
        pytest.param((SALT,), bytes(32), "three arguments", id="no work factor"),
        pytest.param((SALT, "1", "1"), bytes(32), "three arguments", id="one more"),
        pytest.param(("AB", "1"), bytes(32), "canonical", id="not canonical"),
        pytest.param((encode_base64(bytes(15)).decode(), "1"), bytes(32), "salt .* 16 bytes", id="short salt"),
        pytest.param((encode_base64(bytes(17)).decode(), "1"), bytes(32), "salt .* 16 bytes", id="long salt"),
        pytest.param((SALT, "1"), bytes(31), "body .* 32 bytes", id="short body"),
        pytest.param((SALT, "1"), bytes(33), "body .* 32 bytes", id="long body"),
        pytest.param((SALT, "0"), bytes(32), "decimal", id="no work"),
        pytest.param((SALT, "01"), bytes(32), "decimal", id="leading zero"),
        pytest.param((SALT, "-1"), bytes(32), "decimal", id="negative"),
        pytest.param((SALT, "1e1"), bytes(32), "decimal", id="exponent"),
        pytest.param((SALT, "9" * 4), bytes(32), "decimal", id="endless"),
        pytest.param((SALT, "11"), bytes(32), "more work", id="over the limit"),
        pytest.param((SALT, "999"), bytes(32), "more work", id="far over the limit"),
    ],
)
def test_a_malformed_stanza_of_this_type_is_refused(arguments: tuple[str, ...], body: bytes, complaint: str) -> None:
    """A stanza that claims to be of this type must be one, and may not ask for any work."""
    with pytest.raises(HeaderError, match=complaint):
        IDENTITY.unwrap(Stanza(STANZA_TYPE, arguments, body))


def test_work_up_to_the_limit_is_done() -> None:
    """The limit itself is allowed, the default is 2^20, and another can be set."""
    stanza = ScryptRecipient("a red wattle", 10).wrap(FILE_KEY)
    assert IDENTITY.unwrap(stanza) == FILE_KEY
    assert LIMITS.work_factor == 20
    with pytest.raises(HeaderError, match="more work"):
        ScryptIdentity("a red wattle", Limits(9)).unwrap(stanza)


class Exhausted:
    """Stands for scrypt on a computer without memory to spare."""

    def __init__(self, **_: object) -> None:
        pass

    def derive(self, secret: bytes) -> bytes:
        """Fail as the real one does."""
        raise MemoryError


def test_a_file_that_asks_for_more_memory_than_there_is_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running out of memory is told like any other demand of a header that cannot be met."""
    stanza = ScryptRecipient("a red wattle", 10).wrap(FILE_KEY)
    monkeypatch.setattr(crypto.scrypt, "Scrypt", Exhausted)
    with pytest.raises(HeaderError, match="memory"):
        IDENTITY.unwrap(stanza)


@pytest.mark.parametrize("work_factor", [-1, 0, 21, 64])
def test_what_our_reader_would_refuse_is_not_written(work_factor: int) -> None:
    """A work factor is one that can be read again."""
    assert {ScryptRecipient("a red wattle", allowed).work_factor for allowed in (1, 20)} == {1, 20}
    with pytest.raises(KeyFormatError, match="work factor"):
        ScryptRecipient("a red wattle", work_factor)


def test_an_empty_passphrase_is_refused() -> None:
    """Nothing is sealed with nothing."""
    with pytest.raises(KeyFormatError, match="empty"):
        ScryptRecipient("")


def test_the_stanza_is_that_of_the_specification() -> None:
    """The wrapping key is scrypt with the label of age before the salt, r = 8, p = 1."""
    key = Scrypt(salt=b"age-encryption.org/v1/scrypt" + bytes(16), length=32, n=2, r=8, p=1).derive(b"x")
    body = ChaCha20Poly1305(key).encrypt(bytes(12), FILE_KEY, None)
    assert ScryptIdentity("x").unwrap(Stanza("scrypt", (SALT, "1"), body)) == FILE_KEY
