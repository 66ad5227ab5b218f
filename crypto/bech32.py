"""Bech32 (BIP 173) without the 90-character limit, as age uses it for recipients and identities."""

import base64
from collections.abc import Iterable
from functools import reduce
from operator import xor

from crypto.errors import KeyFormatError

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
# The bits are grouped as in base32 (RFC 4648), which differs in its alphabet and in its padding.
_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_OURS = bytes.maketrans(_BASE32, _ALPHABET.encode())
_THEIRS = bytes.maketrans(_ALPHABET.encode(), _BASE32)
_VALUES = bytes.maketrans(_ALPHABET.encode(), bytes(range(32)))
_NOTHING = str.maketrans("", "", _ALPHABET)
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# What the five bits that leave the checksum add to it: worked out beforehand, since a recipient is 1,959 characters.
_FEEDBACK = tuple(
    reduce(xor, (generator for bit, generator in enumerate(_GENERATORS) if top >> bit & 1), 0) for top in range(32)
)
_CHECKSUM_LENGTH = 6


def encode(prefix: str, data: bytes) -> str:
    """Return prefix, ``1``, data and checksum, in lower case.

    Args:
        prefix: the human-readable part, lower case.
        data: any number of bytes.
    """
    encoded = base64.b32encode(data).rstrip(b"=").translate(_OURS)
    checksum = _polymod([*_expand(prefix), *encoded.translate(_VALUES), *[0] * _CHECKSUM_LENGTH]) ^ 1
    ending = "".join(_ALPHABET[(checksum >> 5 * (5 - i)) & 31] for i in range(_CHECKSUM_LENGTH))
    return f"{prefix}1{encoded.decode()}{ending}"


def decode(text: str) -> tuple[str, bytes]:
    """Return the human-readable part, in the case in which it stands, and the data.

    Raises:
        KeyFormatError: mixed case, no separator, a character out of the alphabet, wrong checksum, or padding that is
            not zero (each of them would let one key be written in two ways).
    """
    if text not in (text.lower(), text.upper()):
        raise KeyFormatError("the key mixes upper and lower case: copy it again")
    prefix, separator, encoded = text.rpartition("1")
    if not separator or not prefix or len(encoded) < _CHECKSUM_LENGTH:
        raise KeyFormatError("the key is incomplete: copy it again")
    if not all("!" <= character <= "~" for character in prefix):
        raise KeyFormatError("the key has a character that cannot be in one: copy it again")
    if encoded.lower().translate(_NOTHING):
        raise KeyFormatError("the key has a character that cannot be in one: copy it again")
    signs = encoded.lower().encode()
    values = signs.translate(_VALUES)
    if _polymod([*_expand(prefix.lower()), *values]) != 1:
        raise KeyFormatError("the checksum of the key is wrong: copy it again")
    signs, values = signs[:-_CHECKSUM_LENGTH], values[:-_CHECKSUM_LENGTH]
    spare = len(values) * 5 % 8
    if spare >= 5 or (spare and values[-1] & ((1 << spare) - 1)):
        raise KeyFormatError("the key is not in its one encoding: copy it again")
    return prefix, base64.b32decode(signs.translate(_THEIRS) + b"=" * (-len(signs) % 8))


def _expand(prefix: str) -> list[int]:
    return [*(ord(character) >> 5 for character in prefix), 0, *(ord(character) & 31 for character in prefix)]


def _polymod(values: Iterable[int]) -> int:
    checksum = 1
    for value in values:
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value ^ _FEEDBACK[checksum >> 25]
    return checksum
