"""The textual header of an age file, read and written (C2SP age.md, "Header"). There is no secret in here."""

import binascii
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crypto.errors import HeaderError, NotAgeError

SCRYPT_TYPE = "scrypt"  # the one type of stanza that stands alone

_ANY_VERSION = b"age-encryption.org/"
_VERSION_LINE = b"age-encryption.org/v1\n"
_COLUMNS = 64
_MAC_SIZE = 32


@dataclass(frozen=True)
class Limits:
    """How large a header may be."""

    header_size: int = 64 * 1024  # bytes, MAC line included
    stanzas: int = 64


LIMITS = Limits()


@dataclass(frozen=True)
class Stanza:
    """One recipient stanza.

    Attributes:
        type: the first argument, which names the kind of recipient.
        arguments: the arguments after the type. Each is one or more printable ASCII characters without a space.
        body: the wrapped file key, any number of bytes.

    Raises:
        HeaderError: the type or an argument cannot stand in a header.
    """

    type: str
    arguments: tuple[str, ...]
    body: bytes

    def __post_init__(self) -> None:
        if not all(map(_is_argument, (self.type, *self.arguments))):
            raise HeaderError("a stanza argument is empty or has a character that cannot be in one")


@dataclass(frozen=True)
class Header:
    """An age header.

    Attributes:
        stanzas: in the order of the file, at least one.
        mac: 32 bytes; only who has the file key can check it.
        size: bytes in the file, MAC line included; the 16-byte nonce of the payload comes next.
    """

    stanzas: tuple[Stanza, ...]
    mac: bytes
    size: int


def read_header(data: bytes, limits: Limits = LIMITS) -> Header:
    """Parse the age header at the start of ``data``; what follows it is not looked at.

    Raises:
        NotAgeError: ``data`` does not start like an age file.
        HeaderError: it does, but the header is malformed, incomplete, over the limits, or not of version 1.
    """
    if not data.startswith(_VERSION_LINE):
        if data.startswith(_ANY_VERSION):
            raise HeaderError("this version of the age format is not supported: use v1")
        raise NotAgeError("not an age file")
    head = data[: limits.header_size]
    size = header_end(head)
    if size is None:
        raise HeaderError(f"the header has no end within {len(head)} bytes")
    _, *lines, mac_line = head[: size - 1].split(b"\n")
    if not mac_line.startswith(b"--- "):
        raise HeaderError("the last line of the header is malformed")
    mac = decode_base64(mac_line[4:])
    if len(mac) != _MAC_SIZE:
        raise HeaderError("the MAC of the header is not 32 bytes long")
    stanzas = tuple(_parse_stanzas(lines, limits))
    if not stanzas:
        raise HeaderError("the header has no recipient stanza")
    check_alone(stanzas)
    return Header(stanzas, mac, size)


def check_alone(stanzas: Sequence[Stanza]) -> None:
    """Refuse company for a passphrase (C2SP age.md, "The scrypt recipient type").

    Whoever opens a file with a passphrase may take it to come from somebody who knows it; with a second stanza it could
    come from others, and every further passphrase would cost work to try.

    Raises:
        HeaderError: a passphrase stanza stands beside another stanza.
    """
    if len(stanzas) > 1 and any(stanza.type == SCRYPT_TYPE for stanza in stanzas):
        raise HeaderError("a passphrase stands beside other recipients: it must be the only one")


def header_end(data: bytes | bytearray) -> int | None:
    """Return how many bytes at the start of ``data`` are header, or None while its last line is not complete.

    A search is enough: the last line is the only one that can start with ``---``.
    """
    last_line = data.find(b"\n---") + 1
    return (data.find(b"\n", last_line) + 1 or None) if last_line else None


def encode_header(stanzas: Iterable[Stanza], mac: bytes) -> bytes:
    """Return the whole header, last line feed included."""
    return encode_authenticated(stanzas) + b" " + encode_base64(mac) + b"\n"


def encode_authenticated(stanzas: Iterable[Stanza]) -> bytes:
    """Return the part of a header that its MAC covers.

    There is one encoding for every header, so encoding what was parsed gives back the bytes that were read.
    """
    return b"".join([_VERSION_LINE, *map(_encode_stanza, stanzas), b"---"])


def encode_base64(data: bytes) -> bytes:
    """Return standard base64 without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=")


def decode_base64(encoded: bytes) -> bytes:
    """Return the bytes behind unpadded base64.

    Raises:
        HeaderError: it is not the one canonical encoding of these bytes.
    """
    try:
        data = binascii.a2b_base64(encoded + b"=" * (-len(encoded) % 4), strict_mode=True)
    except binascii.Error:
        raise HeaderError("the header holds malformed base64") from None
    if encode_base64(data) != encoded:
        raise HeaderError("the header holds base64 that is not canonical")
    return data


def _is_argument(text: str) -> bool:
    """Tell whether a text is one or more characters from ``!`` to ``~``."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def _encode_stanza(stanza: Stanza) -> bytes:
    body = encode_base64(stanza.body)
    # A body ends with a short line, which may be empty: hence one line more when the last one is full.
    lines = [body[start : start + _COLUMNS] for start in range(0, len(body) + 1, _COLUMNS)]
    opening = " ".join(["->", stanza.type, *stanza.arguments]).encode("ascii")
    return b"\n".join([opening, *lines, b""])


def _parse_stanzas(lines: Sequence[bytes], limits: Limits) -> Iterator[Stanza]:
    remaining = iter(lines)
    for count, opening in enumerate(remaining, start=1):
        if count > limits.stanzas:
            raise HeaderError(f"the header has more than {limits.stanzas} recipient stanzas")
        if not opening.startswith(b"-> "):
            raise HeaderError("a recipient stanza does not start as one")
        # Bytes above 127 become characters that no argument may hold.
        stanza_type, *arguments = opening[3:].decode("latin-1").split(" ")
        yield Stanza(stanza_type, tuple(arguments), _parse_body(remaining))


def _parse_body(remaining: Iterator[bytes]) -> bytes:
    encoded = b""
    for line in remaining:
        if len(line) > _COLUMNS:
            raise HeaderError(f"a stanza body has a line of more than {_COLUMNS} columns")
        encoded += line
        if len(line) < _COLUMNS:
            return decode_base64(encoded)
    raise HeaderError("a stanza body does not end with a short line")
