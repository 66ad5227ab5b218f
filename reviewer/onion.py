"""The key with which a reviewer's tor may reach the intake.

Formats: rend-spec-v3 of the Tor Project, "Client behavior" (client authorisation).
"""

import base64
from dataclasses import dataclass
from pathlib import Path

from nacl.public import PrivateKey

from crypto.errors import KeyFormatError
from crypto.onion import parse_onion
from reviewer.errors import OnionAddressError, VaultError
from reviewer.vault import write_private


def onion_name(untrusted: str) -> str:
    """Return the 56 characters of an onion address (version 3), given with or without http:// and .onion.

    Raises:
        OnionAddressError: a typing error, or no such address at all.
    """
    try:
        return parse_onion(untrusted).removesuffix(".onion")
    except KeyFormatError:
        raise OnionAddressError("this is not an onion address; look for a typing error") from None


@dataclass(frozen=True)
class ClientKey:
    """A pair of keys for one onion.

    Attributes:
        private: the line for the reviewer's own tor (``ClientOnionAuthDir``).
        public: the line for the operator's tor (``authorized_clients``).
    """

    private: str
    public: str


def make_client_key(onion: str) -> ClientKey:
    """Make a new pair (X25519) for the onion of a name of 56 characters."""
    secret = PrivateKey.generate()
    private, public = (base64.b32encode(bytes(half)).decode().rstrip("=") for half in (secret, secret.public_key))
    return ClientKey(f"{onion}:descriptor:x25519:{private}\n", f"descriptor:x25519:{public}\n")


def write_client_key(folder: Path, name: str, onion: str) -> tuple[Path, Path]:
    """Write a new pair into a folder that only its owner can read; returns the private and the public file.

    Raises:
        VaultError: there is such a file already; a key is never overwritten.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    private, public = folder / f"{name}.auth_private", folder / f"{name}.auth"
    if private.exists() or public.exists():
        raise VaultError("there is a key of that name already; move it away, or choose another folder")
    pair = make_client_key(onion)
    write_private(private, pair.private.encode())
    write_private(public, pair.public.encode())
    return private, public
