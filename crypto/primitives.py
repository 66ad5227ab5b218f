"""The raw primitives that the age format is made of, nothing else (C2SP age.md, "Header MAC" and "Payload")."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

FILE_KEY_SIZE = 16
NONCE_SIZE = 16
TAG_SIZE = 16
CHUNK_SIZE = 64 * 1024
SEALED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE

_PRIME = 2**255 - 19
_ORDER_8 = (
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)
_LOW_ORDER = frozenset(point.to_bytes(32, "little") for point in (0, 1, *_ORDER_8, _PRIME - 1, _PRIME, _PRIME + 1))
"""Every X25519 share whose product with any private key is zero (RFC 7748, section 6.1; D. J. Bernstein, "Curve25519:
how do I validate Curve25519 public keys?"), without the highest bit, which X25519 ignores."""


def hkdf(key_material: bytes, salt: bytes, info: bytes) -> bytes:
    """Derive 32 bytes with HKDF-SHA-256, extract and expand (RFC 5869)."""
    return HKDF(SHA256(), 32, salt, info).derive(key_material)


def hkdf_expand(pseudorandom_key: bytes, info: bytes) -> bytes:
    """Derive 32 bytes with the expand step of HKDF-SHA-256 alone, from a key that is uniformly random already."""
    return HKDFExpand(SHA256(), 32, info).derive(pseudorandom_key)


def is_low_order(share: bytes) -> bool:
    """Tell whether an X25519 share (32 bytes) has low order, which costs 20 microseconds less than to multiply it."""
    return share[:31] + bytes([share[31] & 0x7F]) in _LOW_ORDER


def wrap_key(key: bytes, file_key: bytes) -> bytes:
    """Return a 16-byte file key under a 32-byte key: 32 bytes. The nonce is fixed: such a key is used only once."""
    return ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)


def unwrap_key(key: bytes, wrapped: bytes) -> bytes | None:
    """Return the file key, or None if it was wrapped under another key."""
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, None)
    except InvalidTag:
        return None


def header_mac(file_key: bytes, header: bytes) -> bytes:
    """Return the 32-byte MAC of an age header, given up to and including its ``---``."""
    return hmac.digest(hkdf(file_key, b"", b"header"), header, hashlib.sha256)


def payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    """Return the cipher of one payload; its key is fresh with every 16-byte nonce."""
    return ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))


def chunk_nonce(counter: int, *, last: bool) -> bytes:
    """Return the 12-byte nonce of a chunk.

    A counter is safe because the key is used for one payload only; the mark on the last chunk makes a cut visible.
    """
    return counter.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
