"""Addresses of onion services, version 3 (rend-spec-v3 of the Tor Project, "Encoding onion addresses")."""

import base64
import hashlib
import re
from typing import Final

from submission.errors import ConfigError

ADDRESS: Final = re.compile(r"[a-z2-7]{56}\.onion")
VERSION: Final = b"\x03"


def onion_address(untrusted: str) -> str:
    """Return an onion's address as browsers ask for it: 56 characters and `.onion`, in lower case.

    Args:
        untrusted: the address as somebody typed it, perhaps with http:// in front or a slash behind.

    Raises:
        ConfigError: it is none, or there is a typing error in it.
    """
    address = untrusted.strip().lower().removeprefix("http://").removesuffix("/")
    if ADDRESS.fullmatch(address):
        content = base64.b32decode(address.removesuffix(".onion").upper())
        key, checksum, version = content[:32], content[32:34], content[34:]
        if version == VERSION and hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2] == checksum:
            return address
    raise ConfigError("this is not the address of an onion; copy it from the file `hostname` that tor wrote")
