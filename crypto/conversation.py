"""Who wrote a letter, provable to its reviewer alone.

Both sides of a conversation reach the same key from their own secret and the other's public key, so either could have
made the MAC: it convinces the reviewer, and proves nothing to anybody else.
"""

import hashlib
import hmac

from nacl.exceptions import CryptoError as SodiumError
from nacl.public import Box, PrivateKey, PublicKey
from nacl.signing import SigningKey, VerifyKey

from crypto.errors import KeyFormatError, SignatureError
from crypto.primitives import hkdf

_INFO = b"lapwing/v1/letter mac"


def letter_mac_key(private: PrivateKey, reviewer_ed25519: bytes) -> bytes:
    """Return the 32-byte MAC key on the source's side.

    It is HKDF-SHA-256, with an empty salt, of the NaCl box key (X25519, then HSalsa20).

    Args:
        private: the conversation key of the source.
        reviewer_ed25519: the reviewer's public signing key from the roster, 32 bytes; it is mapped to X25519.

    Raises:
        KeyFormatError: that key is no Ed25519 public key.
    """
    try:
        return _mac_key(private, VerifyKey(reviewer_ed25519).to_curve25519_public_key())
    except (SodiumError, ValueError):
        raise KeyFormatError("the reviewer's key is no ed25519 public key: check the roster") from None


def letter_mac_key_for_reviewer(signing: SigningKey, conversation_public: bytes) -> bytes:
    """Return the same 32-byte MAC key on the reviewer's side.

    Args:
        signing: the reviewer's own signing key; it is mapped to X25519.
        conversation_public: the public conversation key of the source, 32 bytes.

    Raises:
        KeyFormatError: that key is no usable X25519 public key.
    """
    try:
        return _mac_key(signing.to_curve25519_private_key(), PublicKey(conversation_public))
    except (SodiumError, ValueError):
        raise KeyFormatError("the conversation key is no usable x25519 public key") from None


def letter_mac(key: bytes, message: bytes) -> bytes:
    """Return the 32-byte HMAC-SHA-256 of a letter's authenticated bytes."""
    return hmac.digest(key, message, hashlib.sha256)


def check_letter_mac(key: bytes, message: bytes, mac: bytes) -> None:
    """Return if the MAC holds.

    Raises:
        SignatureError: it does not.
    """
    if not hmac.compare_digest(letter_mac(key, message), mac):
        raise SignatureError("the letter was not written by the owner of this conversation, or was changed")


def _mac_key(private: PrivateKey, public: PublicKey) -> bytes:
    return hkdf(Box(private, public).shared_key(), b"", _INFO)
