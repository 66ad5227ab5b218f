"""The post-quantum recipient type of age: HPKE with ML-KEM-768 and X25519 (C2SP age.md, "MLKEM768-X25519")."""

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from crypto import bech32
from crypto.errors import HeaderError, KeyFormatError
from crypto.header import Stanza, decode_base64, encode_base64
from crypto.primitives import FILE_KEY_SIZE, TAG_SIZE, is_low_order

STANZA_TYPE = "mlkem768x25519"
RECIPIENT_SIZE = 1216
SEED_SIZE = 32
KNOWN_RECIPIENTS = 128  # public keys whose other form is remembered

_INFO = b"age-encryption.org/mlkem768x25519"
_RECIPIENT_PREFIX = "age1pq"
_IDENTITY_PREFIX = "AGE-SECRET-KEY-PQ-"
_MLKEM_SIZE = 1184  # of a recipient; the X25519 key follows
_ENCAPSULATED_SIZE = 1120  # ML-KEM ciphertext of 1088 bytes, then an X25519 share
_MLKEM_CIPHERTEXT_SIZE = 1088
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


# Each key sheet names the same few public keys again, and two thousand characters take a while to read and to write.
@lru_cache(KNOWN_RECIPIENTS)
def _raw_recipient(text: str) -> bytes:
    prefix, raw = bech32.decode(text)
    if prefix != _RECIPIENT_PREFIX:
        raise KeyFormatError("not a post-quantum recipient: it should start with age1pq1, in lower case")
    return raw


@lru_cache(KNOWN_RECIPIENTS)
def _recipient_text(raw: bytes) -> str:
    return bech32.encode(_RECIPIENT_PREFIX, raw)


@dataclass(frozen=True)
class HybridRecipient:
    """The public half: whoever has it can seal.

    Attributes:
        raw: 1,216 bytes, the ML-KEM-768 encapsulation key and the X25519 public key.

    Raises:
        KeyFormatError: the bytes are no such key. One that can be made can always be sealed to.
    """

    raw: bytes

    def __post_init__(self) -> None:
        _ = self._key

    @cached_property
    def _key(self) -> MLKEM768X25519PublicKey:
        if len(self.raw) != RECIPIENT_SIZE:
            raise KeyFormatError(f"a recipient has {RECIPIENT_SIZE} bytes")
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_SIZE])
            x25519 = X25519PublicKey.from_public_bytes(self.raw[_MLKEM_SIZE:])
            # A point of low order would fail only when something is sealed to it, too late for whoever seals.
            X25519PrivateKey.generate().exchange(x25519)
        except ValueError:
            raise KeyFormatError("the recipient holds an impossible key: ask its owner for another") from None
        return MLKEM768X25519PublicKey(mlkem, x25519)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the recipient behind ``age1pq1…`` (1,959 characters).

        Raises:
            KeyFormatError: it is malformed, or of another kind.
        """
        return cls(_raw_recipient(text))

    def encode(self) -> str:
        """Return the recipient as text, ``age1pq1…``."""
        return _recipient_text(self.raw)

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza that gives the 16-byte file key to this recipient. It does not reveal to which."""
        sealed = _SUITE.encrypt(file_key, self._key, info=_INFO)
        encapsulated, body = sealed[:_ENCAPSULATED_SIZE], sealed[_ENCAPSULATED_SIZE:]
        return Stanza(STANZA_TYPE, (encode_base64(encapsulated).decode("ascii"),), body)


@dataclass(frozen=True, eq=False)
class HybridIdentity:
    """The secret half: whoever has it can unseal.

    Attributes:
        seed: 32 bytes, from which both private keys are expanded.

    Raises:
        KeyFormatError: the seed has another length.
    """

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_SIZE:
            raise KeyFormatError(f"the seed of an identity has {SEED_SIZE} bytes")

    @classmethod
    def generate(cls) -> Self:
        """Return a new random identity."""
        return cls(secrets.token_bytes(SEED_SIZE))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the identity of a 32-byte seed; every seed is one.

        Raises:
            KeyFormatError: the seed has another length.
        """
        return cls(seed)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the identity behind ``AGE-SECRET-KEY-PQ-1…`` (77 characters).

        Raises:
            KeyFormatError: it is malformed, or of another kind.
        """
        prefix, seed = bech32.decode(text)
        if prefix != _IDENTITY_PREFIX:
            raise KeyFormatError("not a post-quantum identity: it should start with AGE-SECRET-KEY-PQ-1")
        return cls(seed)

    def encode(self) -> str:
        """Return the identity as text, ``AGE-SECRET-KEY-PQ-1…``. It is a secret."""
        return bech32.encode(_IDENTITY_PREFIX.lower(), self.seed).upper()

    @cached_property
    def _components(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        expanded = hashlib.shake_256(self.seed).digest(96)  # expandDecapsulationKey of X-Wing
        return (
            MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
            X25519PrivateKey.from_private_bytes(expanded[64:]),
        )

    @cached_property
    def recipient(self) -> HybridRecipient:
        """The public half."""
        mlkem, x25519 = self._components
        return HybridRecipient(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the 16-byte file key, or None if the stanza is of another type or for another recipient.

        Raises:
            HeaderError: the stanza is of this type and malformed.
        """
        if stanza.type != STANZA_TYPE:
            return None
        if len(stanza.arguments) != 1:
            raise HeaderError(f"a {STANZA_TYPE} stanza has two arguments, its type included")
        encapsulated = decode_base64(stanza.arguments[0].encode("ascii"))
        if len(encapsulated) != _ENCAPSULATED_SIZE:
            raise HeaderError(f"the encapsulated key of a {STANZA_TYPE} stanza has {_ENCAPSULATED_SIZE} bytes")
        # The exact length stops partitioning oracles: a body that opens under many keys would have to be longer.
        if len(stanza.body) != FILE_KEY_SIZE + TAG_SIZE:
            raise HeaderError(f"the body of a {STANZA_TYPE} stanza has {FILE_KEY_SIZE + TAG_SIZE} bytes")
        try:
            return _SUITE.decrypt(encapsulated + stanza.body, MLKEM768X25519PrivateKey(*self._components), info=_INFO)
        except InvalidTag:
            # HPKE answers a share of low order and a stanza for somebody else in one way.
            if is_low_order(encapsulated[_MLKEM_CIPHERTEXT_SIZE:]):
                raise HeaderError(f"the X25519 share of a {STANZA_TYPE} stanza has low order") from None
            return None
