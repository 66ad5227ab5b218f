"""The passphrase recipient type of age: scrypt (C2SP age.md, "The scrypt recipient type")."""

import re
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from crypto.errors import HeaderError, KeyFormatError
from crypto.header import SCRYPT_TYPE, Stanza, decode_base64, encode_base64
from crypto.primitives import FILE_KEY_SIZE, TAG_SIZE, unwrap_key, wrap_key

STANZA_TYPE = SCRYPT_TYPE
SALT_SIZE = 16
WORK_FACTOR = 18  # when sealing: half a second and 256 MiB, as the age tools have it

_INFO = b"age-encryption.org/v1/scrypt"
_DECIMAL = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True)
class Limits:
    """How much work a file may ask of whoever opens it."""

    work_factor: int = 20  # the base-2 logarithm of scrypt's cost: at 20, 1 GiB of memory and a few seconds


LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class ScryptRecipient:
    """A passphrase to seal with. It is the only recipient of its file.

    Attributes:
        passphrase: any text but none; surrogates stand for bytes that are not UTF-8, as in the arguments of a program.
        work_factor: the base-2 logarithm of scrypt's cost; each step doubles time and memory (18: 256 MiB).

    Raises:
        KeyFormatError: the passphrase is empty, or our own reader would refuse the work factor.
    """

    passphrase: str = field(repr=False)
    work_factor: int = WORK_FACTOR

    def __post_init__(self) -> None:
        if not self.passphrase:
            raise KeyFormatError("the passphrase is empty: choose one of several words")
        if not 1 <= self.work_factor <= LIMITS.work_factor:
            raise KeyFormatError(f"the work factor is not between 1 and {LIMITS.work_factor}")

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza that gives the 16-byte file key to whoever knows the passphrase."""
        salt = secrets.token_bytes(SALT_SIZE)
        body = wrap_key(_wrapping_key(self.passphrase, salt, self.work_factor), file_key)
        return Stanza(STANZA_TYPE, (encode_base64(salt).decode("ascii"), str(self.work_factor)), body)


@dataclass(frozen=True, eq=False)
class ScryptIdentity:
    """A passphrase to unseal with.

    Attributes:
        passphrase: as of ``ScryptRecipient``; an empty one opens nothing that we sealed.
        limits: how much work it does for a file.
    """

    passphrase: str = field(repr=False)
    limits: Limits = LIMITS

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the 16-byte file key, or None if the stanza is of another type or for another passphrase.

        Raises:
            HeaderError: the stanza is of this type and malformed, or asks for more work than the limits allow.
        """
        if stanza.type != STANZA_TYPE:
            return None
        if len(stanza.arguments) != 2:
            raise HeaderError(f"an {STANZA_TYPE} stanza has three arguments, its type included")
        salt = decode_base64(stanza.arguments[0].encode("ascii"))
        if len(salt) != SALT_SIZE:
            raise HeaderError(f"the salt of an {STANZA_TYPE} stanza has {SALT_SIZE} bytes")
        # The exact length stops partitioning oracles: a body that opens under many keys would have to be longer.
        if len(stanza.body) != FILE_KEY_SIZE + TAG_SIZE:
            raise HeaderError(f"the body of an {STANZA_TYPE} stanza has {FILE_KEY_SIZE + TAG_SIZE} bytes")
        if not _DECIMAL.fullmatch(stanza.arguments[1]):
            raise HeaderError(f"the work factor of an {STANZA_TYPE} stanza is no decimal number in its one form")
        work_factor = int(stanza.arguments[1])
        if work_factor > self.limits.work_factor:
            raise HeaderError("the passphrase stanza asks for more work than is allowed")
        try:
            return unwrap_key(_wrapping_key(self.passphrase, salt, work_factor), stanza.body)
        except MemoryError:
            raise HeaderError("the passphrase stanza asks for more memory than there is") from None


def _wrapping_key(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    secret = passphrase.encode("utf-8", "surrogateescape")
    return Scrypt(salt=_INFO + salt, length=32, n=1 << work_factor, r=8, p=1).derive(secret)
