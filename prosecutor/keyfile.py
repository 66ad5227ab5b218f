"""An office's key file: the secret half of its card. The age tools can use it too: they skip its comments."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from crypto.errors import KeyFormatError
from crypto.hybrid import HybridIdentity
from prosecutor.errors import KeyFileError, PlaceError
from wire.errors import OfficeError
from wire.office import Office

SIZE_LIMIT: Final = 4_096
"""Most bytes of a key file."""

# The first line is how any program of Lapwing knows that a file holds a secret.
_FORM: Final = re.compile(
    r"# lapwing-secret office-key v1\n"
    r"# [^\n]*\n"
    r"# name: (?P<name>[^\n]+)\n"
    r"(?:# root: (?P<root>[0-9a-f]{64})\n)?"
    r"# signing key: (?P<signing>[0-9a-f]{64})\n"
    r"(?P<identity>AGE-SECRET-KEY-PQ-1[0-9A-Z]+)\n"
)
_WARNING: Final = "Whoever has this file can open your dossiers and sign in your name. Keep it on this computer only."


@dataclass(frozen=True)
class OfficeKey:
    """What an office keeps secret.

    Attributes:
        name: the office's name, as on its card.
        identity: opens what is sealed to the office.
        signing: signs its receipts.
        root: the organisation's root key (32 bytes) as it was noted when the keys were made, or None.
    """

    name: str
    identity: HybridIdentity = field(repr=False)
    signing: SigningKey = field(repr=False)
    root: bytes | None = None

    @property
    def office(self) -> Office:
        """The public half."""
        return Office(self.name, self.identity.recipient, bytes(self.signing.verify_key))

    def encode(self) -> bytes:
        """Return the file."""
        root = "" if self.root is None else f"# root: {self.root.hex()}\n"
        return (
            f"# lapwing-secret office-key v1\n# {_WARNING}\n# name: {self.name}\n{root}"
            f"# signing key: {bytes(self.signing).hex()}\n{self.identity.encode()}\n"
        ).encode()

    @classmethod
    def decode(cls, untrusted: bytes) -> "OfficeKey":
        """Read a file.

        Raises:
            KeyFileError: it holds no office key.
        """
        try:
            match = _FORM.fullmatch(untrusted[:SIZE_LIMIT].decode())
            if match is None:
                raise KeyFileError("the key file is not one that lapwing dossier keygen made")
            root = bytes.fromhex(match["root"]) if match["root"] else None
            key = cls(
                match["name"],
                HybridIdentity.parse(match["identity"]),
                SigningKey(bytes.fromhex(match["signing"])),
                root,
            )
            _ = key.office
        except (UnicodeDecodeError, KeyFormatError, OfficeError):
            raise KeyFileError("the key file is damaged; take your copy of it") from None
        return key


def generate(name: str, root: bytes | None = None) -> OfficeKey:
    """Return new random keys for an office.

    Raises:
        OfficeError: the name is not one line of 1 to 120 characters.
    """
    key = OfficeKey(name, HybridIdentity.generate(), SigningKey.generate(), root)
    _ = key.office
    return key


def read_key(path: Path) -> OfficeKey:
    """Read a key file from disk.

    Raises:
        PlaceError: it cannot be read.
        KeyFileError: it holds no office key.
    """
    try:
        with path.open("rb") as file:
            return OfficeKey.decode(file.read(SIZE_LIMIT + 1))
    except OSError:
        raise PlaceError("the key file cannot be read") from None


def write_new(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file that must not exist yet.

    Raises:
        PlaceError: it exists, or cannot be written.
    """
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise PlaceError("the file to write exists already; name another, or move it away") from None
    except OSError:
        raise PlaceError("the file cannot be written there; name another place") from None
