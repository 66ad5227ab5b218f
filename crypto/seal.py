"""Sealing an age v1 file (C2SP age.md). There is no unsealing in here."""

import secrets
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from crypto.errors import HeaderError
from crypto.header import LIMITS, Stanza, check_alone, encode_authenticated, encode_header
from crypto.primitives import (
    CHUNK_SIZE,
    FILE_KEY_SIZE,
    NONCE_SIZE,
    SEALED_CHUNK_SIZE,
    TAG_SIZE,
    chunk_nonce,
    header_mac,
    payload_cipher,
)
from crypto.stream import ChunkStream


class Recipient(Protocol):
    """Whom a file can be sealed to; each kind of recipient is one."""

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza from which the identity of this recipient gets the 16-byte file key."""
        ...


class Sealer:
    """Seals one file as its bytes come in: ``start``, any number of ``update``, ``finish``; join what they return.

    Memory stays constant (about 1 MiB). One sealer is one file, because a file key must not be used again.

    Args:
        recipients: at least one, all of one kind; a passphrase stands alone. The stanzas stand in this order, which the
            header shows: shuffle it if it tells.
        extra: stanzas of other types, which those who open the file ignore; they follow the recipients.

    Attributes:
        header_size: bytes of the header, MAC line included, without the 16-byte nonce that follows.

    Raises:
        HeaderError: no recipient, more than a header may hold (64 stanzas, 64 KiB), or recipients that do not go
            together.
    """

    header_size: int

    def __init__(self, recipients: Sequence[Recipient], extra: Sequence[Stanza] = ()) -> None:
        if not recipients:
            raise HeaderError("nobody to seal to: name at least one recipient")
        file_key = secrets.token_bytes(FILE_KEY_SIZE)
        wrapped = [recipient.wrap(file_key) for recipient in recipients]
        if len({stanza.type for stanza in wrapped}) > 1:
            # One classic stanza beside post-quantum ones, and a quantum computer opens the file.
            raise HeaderError("recipients of different kinds are not mixed: seal once for each kind")
        stanzas = [*wrapped, *extra]
        check_alone(stanzas)
        self._header = encode_header(stanzas, header_mac(file_key, encode_authenticated(stanzas)))
        self.header_size = len(self._header)
        # What is written must be readable by our own reader, which has these bounds.
        if len(stanzas) > LIMITS.stanzas or self.header_size > LIMITS.header_size:
            raise HeaderError("too many recipients for one header: seal to fewer")
        self._nonce = secrets.token_bytes(NONCE_SIZE)
        self._cipher = payload_cipher(file_key, self._nonce)
        self._counter = 0
        self._stream = ChunkStream(self._seal_chunk, CHUNK_SIZE, SEALED_CHUNK_SIZE, keep_back=True)

    def start(self) -> bytes:
        """Return the header and the nonce. Call it once, first."""
        return self._header + self._nonce

    def update(self, plaintext: bytes | memoryview) -> bytes:
        """Take the next bytes; return what can be sealed already: whole chunks of 65,552 bytes, or nothing."""
        return self._stream.update(plaintext)

    def finish(self) -> bytes:
        """Return the last chunk (16 to 65,552 bytes). Call it once, last."""
        return self._stream.finish(partial(self._seal_chunk, last=True))

    def _seal_chunk(self, chunk: memoryview, output: memoryview, *, last: bool = False) -> int:
        nonce = chunk_nonce(self._counter, last=last)
        self._counter += 1
        return self._cipher.encrypt_into(nonce, chunk, None, output[: len(chunk) + TAG_SIZE])


def seal(plaintext: bytes, recipients: Sequence[Recipient], extra: Sequence[Stanza] = ()) -> bytes:
    """Return ``plaintext`` as one sealed file.

    Raises:
        HeaderError: no recipient, too many, or such as do not go together (see ``Sealer``).
    """
    sealer = Sealer(recipients, extra)
    return b"".join([sealer.start(), sealer.update(plaintext), sealer.finish()])


def sealed_size(header_size: int, plaintext_size: int) -> int:
    """Return the bytes of a sealed file from the bytes of its header (as ``Sealer.header_size``) and plaintext."""
    chunks = max(1, -(-plaintext_size // CHUNK_SIZE))
    return header_size + NONCE_SIZE + plaintext_size + chunks * TAG_SIZE


def plaintext_size_for(header_size: int, total: int) -> int | None:
    """Return how many bytes of plaintext make a sealed file of exactly ``total`` bytes.

    Returns:
        None where no number does: 16 sizes in each 65,552 are skipped where a new chunk begins, and a file is never
        smaller than its header, nonce and one tag. A longer ``extra`` stanza moves a total out of the gap.
    """
    payload = total - header_size - NONCE_SIZE
    chunks = -(-payload // SEALED_CHUNK_SIZE)
    size = payload - chunks * TAG_SIZE
    return size if size >= 0 and sealed_size(header_size, size) == total else None
