"""The two onion services as tor keeps them: folders, keys, clients. Formats: rend-spec-v3 of the Tor Project.

A service without a single readable client file is open to everybody, so the reviewers' onion always has one more
client than there are reviewers, whose secret half nobody kept.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp
from nacl.public import PrivateKey

from crypto.onion import onion_of
from deploy.errors import OnionKeyError

KEYS: Final = Path("/var/lib/tor/lapwing")
"""Where the two services lie unless somebody says otherwise: in the folder that is tor's own on Debian."""
VISITORS: Final = "visitors"
REVIEWERS: Final = "reviewers"
SERVICES: Final = (VISITORS, REVIEWERS)
CLIENTS: Final = "authorized_clients"
NOBODY: Final = "_nobody"
"""Name of the client that nobody is; no reviewer's id holds an underscore."""

NAME: Final = re.compile(r"[a-z0-9-]{1,32}")
MARK: Final = "descriptor:x25519:"
SECRET_FILE: Final = "hs_ed25519_secret_key"  # noqa: S105 - the name that tor gives it
PUBLIC_FILE: Final = "hs_ed25519_public_key"
SECRET_HEAD: Final = b"== ed25519v1-secret: type0 ==\0\0\0"
PUBLIC_HEAD: Final = b"== ed25519v1-public: type0 ==\0\0\0"
KEY_SIZE: Final = 32


def parse_client_key(untrusted: str) -> bytes:
    """Return a client's public key (X25519, 32 bytes), from base32 or the whole line of a `.auth` file.

    Raises:
        OnionKeyError: it is neither.
    """
    text = untrusted.strip().removeprefix(MARK)
    try:
        key = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_SIZE or not any(key):
        raise OnionKeyError("a client key is not 52 letters and digits of base32; take the reviewer's .auth file whole")
    return key


def client_line(key: bytes) -> str:
    """Return the one line of a `.auth` file."""
    return MARK + base64.b32encode(key).decode().rstrip("=") + "\n"


def make_folders(keys: Path, clients: Mapping[str, bytes]) -> None:
    """Make the services' folders and the client files that are not there yet; nothing is overwritten.

    They belong to whom the folder around `keys` belongs to, which is tor's account: tor refuses another owner.

    Args:
        keys: the folder for both services; made inside tor's own, which must be there.
        clients: public keys by reviewer's id.

    Raises:
        OnionKeyError: there is another key of that name, or tor's own folder is not there.
    """
    if not keys.parent.is_dir():
        raise OnionKeyError(f"{keys.parent} is not there; install tor, or name the folder with --keys")
    owner = keys.parent.stat()
    admitted = keys / REVIEWERS / CLIENTS
    for folder in (keys, *(keys / service for service in SERVICES), admitted):
        if not folder.exists():
            folder.mkdir(mode=0o700)
            _give(folder, owner)
    if not (admitted / f"{NOBODY}.auth").exists():
        clients = {NOBODY: bytes(PrivateKey.generate().public_key), **clients}
    for name, key in clients.items():
        _admit(admitted / f"{name}.auth", client_line(key), owner)


def _admit(path: Path, line: str, owner: os.stat_result) -> None:
    if path.exists():
        if path.read_text("ascii", "replace").strip() != line.strip():
            raise OnionKeyError(f"{path} holds another key; remove it first if that one is to be replaced")
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(line)
    _give(path, owner)


def _give(path: Path, owner: os.stat_result) -> None:
    if os.geteuid() == 0:
        os.chown(path, owner.st_uid, owner.st_gid)


def admitted(keys: Path) -> tuple[str, ...]:
    """Return the names of the reviewers whose tor is let in, sorted."""
    files = (keys / REVIEWERS / CLIENTS).glob("*.auth")
    return tuple(sorted(path.stem for path in files if path.stem != NOBODY))


def check_service(folder: Path) -> str:
    """Return the address of a service whose three files belong together.

    Raises:
        OnionKeyError: a file is missing, is not what tor writes, or belongs to another service.
    """
    try:
        secret, public = (folder / SECRET_FILE).read_bytes(), (folder / PUBLIC_FILE).read_bytes()
        address = (folder / "hostname").read_text("ascii", "replace").strip()
    except OSError as error:
        raise OnionKeyError(f"{folder} lacks a key or its address; tor writes them at its first start") from error
    sizes = len(secret), len(public)
    if sizes != (32 + 64, 32 + KEY_SIZE) or not secret.startswith(SECRET_HEAD) or not public.startswith(PUBLIC_HEAD):
        raise OnionKeyError(f"{folder} holds keys that are not as tor writes them; restore a backup")
    if crypto_scalarmult_ed25519_base_noclamp(secret[32:64]) != public[32:] or address != onion_of(public[32:]):
        raise OnionKeyError(f"{folder} holds keys and an address of different services; restore a backup")
    return address
