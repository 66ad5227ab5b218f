"""Addresses of onion services, version 3: an Ed25519 public key as text, with a checksum.

Format: rend-spec-v3 of the Tor Project, "Encoding onion addresses".
"""

import base64
import hashlib
import re

from crypto.errors import KeyFormatError

ADDRESS = re.compile(r"[a-z2-7]{56}\.onion")

_SUFFIX = ".onion"
_VERSION = b"\x03"


def onion_of(key: bytes) -> str:
    """Return the address of a public key (32 bytes): 56 characters and ``.onion``, in lower case."""
    checksum = hashlib.sha3_256(b".onion checksum" + key + _VERSION).digest()[:2]
    return base64.b32encode(key + checksum + _VERSION).decode().lower() + _SUFFIX


def parse_onion(untrusted: str) -> str:
    """Return an address as `onion_of` writes it.

    Args:
        untrusted: as somebody typed it, perhaps in capitals, with ``http://`` in front, a slash behind or no ending.

    Raises:
        KeyFormatError: it is no such address, or has a typing error.
    """
    address = untrusted.strip().lower().removeprefix("http://").removesuffix("/").removesuffix(_SUFFIX) + _SUFFIX
    if not ADDRESS.fullmatch(address) or onion_of(base64.b32decode(address[:56].upper())[:32]) != address:
        raise KeyFormatError("this is not an onion address; look for a typing error")
    return address
