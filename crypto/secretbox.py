"""Bytes sealed under a key that both sides hold already (XChaCha20-Poly1305, as libsodium has it)."""

from nacl.exceptions import CryptoError as SodiumError
from nacl.secret import Aead

from crypto.errors import SecretBoxError

KEY_SIZE = 32
OVERHEAD = 40  # bytes: a nonce of 24 before the ciphertext and a tag of 16 after it


def seal_box(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Return nonce, ciphertext and tag: 40 bytes more than the plaintext.

    The nonce is long enough to be drawn at random however often a key is used.

    Args:
        key: 32 bytes.
        plaintext: any bytes.
        context: what this box is for and where it belongs; it is authenticated, not contained.

    Raises:
        SecretBoxError: the key has another length.
    """
    return bytes(_cipher(key).encrypt(plaintext, context))


def open_box(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Return the plaintext of a box that was sealed with this key and context.

    Raises:
        SecretBoxError: the key has another length or is another one, the context is another, or the box was changed.
    """
    try:
        return _cipher(key).decrypt(sealed, context)
    except (SodiumError, ValueError):
        raise SecretBoxError("the box does not open: another key, another place, or changed") from None


def _cipher(key: bytes) -> Aead:
    if len(key) != KEY_SIZE:
        raise SecretBoxError(f"the key of a box has {KEY_SIZE} bytes")
    return Aead(key)
