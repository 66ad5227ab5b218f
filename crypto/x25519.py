"""The classic recipient type of age, which resists no quantum computer (C2SP age.md, "The X25519 recipient type")."""

import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from crypto import bech32
from crypto.errors import HeaderError, KeyFormatError
from crypto.header import Stanza, decode_base64, encode_base64
from crypto.primitives import FILE_KEY_SIZE, TAG_SIZE, hkdf, unwrap_key, wrap_key

STANZA_TYPE = "X25519"
KEY_SIZE = 32

_INFO = b"age-encryption.org/v1/X25519"
_RECIPIENT_PREFIX = "age"
_IDENTITY_PREFIX = "AGE-SECRET-KEY-"


@dataclass(frozen=True)
class X25519Recipient:
    """The public half: whoever has it can seal.

    Attributes:
        raw: 32 bytes, the public key.

    Raises:
        KeyFormatError: the bytes are no such key. One that can be made can always be sealed to.
    """

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_SIZE:
            raise KeyFormatError(f"a classic recipient has {KEY_SIZE} bytes")
        try:
            # A point of low order would fail only when something is sealed to it, too late for whoever seals.
            X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(self.raw))
        except ValueError:
            raise KeyFormatError("the recipient holds an impossible key: ask its owner for another") from None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the recipient behind ``age1…`` (62 characters).

        Raises:
            KeyFormatError: it is malformed, or of another kind.
        """
        prefix, raw = bech32.decode(text)
        if prefix != _RECIPIENT_PREFIX:
            raise KeyFormatError("not a classic recipient: it should start with age1, in lower case")
        return cls(raw)

    def encode(self) -> str:
        """Return the recipient as text, ``age1…``."""
        return bech32.encode(_RECIPIENT_PREFIX, self.raw)

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza that gives the 16-byte file key to this recipient. It does not reveal to which."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.raw))
        body = wrap_key(_wrapping_key(shared, share, self.raw), file_key)
        return Stanza(STANZA_TYPE, (encode_base64(share).decode("ascii"),), body)


@dataclass(frozen=True, eq=False)
class X25519Identity:
    """The secret half: whoever has it can unseal.

    Attributes:
        secret: 32 bytes, the private key.

    Raises:
        KeyFormatError: the key has another length.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_SIZE:
            raise KeyFormatError(f"a classic identity has {KEY_SIZE} bytes")

    @classmethod
    def generate(cls) -> Self:
        """Return a new random identity."""
        return cls(secrets.token_bytes(KEY_SIZE))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the identity behind ``AGE-SECRET-KEY-1…`` (74 characters).

        Raises:
            KeyFormatError: it is malformed, or of another kind.
        """
        prefix, secret = bech32.decode(text)
        if prefix != _IDENTITY_PREFIX:
            raise KeyFormatError("not a classic identity: it should start with AGE-SECRET-KEY-1")
        return cls(secret)

    def encode(self) -> str:
        """Return the identity as text, ``AGE-SECRET-KEY-1…``. It is a secret."""
        return bech32.encode(_IDENTITY_PREFIX.lower(), self.secret).upper()

    @cached_property
    def _key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.secret)

    @cached_property
    def recipient(self) -> X25519Recipient:
        """The public half."""
        return X25519Recipient(self._key.public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the 16-byte file key, or None if the stanza is of another type or for another recipient.

        Raises:
            HeaderError: the stanza is of this type and malformed.
        """
        if stanza.type != STANZA_TYPE:
            return None
        if len(stanza.arguments) != 1:
            raise HeaderError(f"an {STANZA_TYPE} stanza has two arguments, its type included")
        share = decode_base64(stanza.arguments[0].encode("ascii"))
        if len(share) != KEY_SIZE:
            raise HeaderError(f"the share of an {STANZA_TYPE} stanza has {KEY_SIZE} bytes")
        # The exact length stops partitioning oracles: a body that opens under many keys would have to be longer.
        if len(stanza.body) != FILE_KEY_SIZE + TAG_SIZE:
            raise HeaderError(f"the body of an {STANZA_TYPE} stanza has {FILE_KEY_SIZE + TAG_SIZE} bytes")
        try:
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            raise HeaderError(f"the share of an {STANZA_TYPE} stanza has low order") from None
        return unwrap_key(_wrapping_key(shared, share, self.recipient.raw), stanza.body)


def _wrapping_key(shared: bytes, share: bytes, recipient: bytes) -> bytes:
    return hkdf(shared, share + recipient, _INFO)
