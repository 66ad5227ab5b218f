"""Unsealing an age v1 file. Nothing is released before it has been verified (C2SP age.md)."""

import hmac
from collections.abc import Callable, Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag

from crypto.errors import HeaderError, HeaderMACError, NoMatchError, PayloadError
from crypto.header import LIMITS, Header, Stanza, encode_authenticated, header_end, read_header
from crypto.primitives import (
    CHUNK_SIZE,
    NONCE_SIZE,
    SEALED_CHUNK_SIZE,
    TAG_SIZE,
    chunk_nonce,
    header_mac,
    payload_cipher,
)
from crypto.stream import ChunkStream


class Identity(Protocol):
    """What can open a stanza; each kind of identity is one."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, None for "not mine, try the next", or raise HeaderError for a malformed stanza."""
        ...


class Unsealer:
    """Unseals one file as its bytes come in: any number of ``update``, then ``finish``; join what they return.

    Memory stays constant (about 1 MiB). All that is returned has been verified, but it is a whole file only when
    ``finish`` has returned: write it to a temporary name until then.

    Args:
        identities: tried one after the other.
    """

    def __init__(self, identities: Sequence[Identity]) -> None:
        self._identities = identities
        self._head = bytearray()
        self._payload: _Payload | None = None

    def update(self, ciphertext: bytes | memoryview) -> bytes:
        """Take the next bytes; return what is complete and verified with them.

        Raises:
            HeaderError: the header is malformed.
            NoMatchError: no identity opens it.
            HeaderMACError: the header was changed.
            PayloadError: a chunk was changed. Chunks before it that came with the same call are not returned.
        """
        if self._payload is not None:
            return self._payload.update(ciphertext)
        view = memoryview(ciphertext)
        room = LIMITS.header_size + NONCE_SIZE - len(self._head)
        self._head += view[:room]
        size = header_end(self._head)
        full = len(self._head) == LIMITS.header_size + NONCE_SIZE
        if not full and (size is None or len(self._head) < size + NONCE_SIZE):
            return b""
        head = bytes(self._head)
        header = read_header(head)
        payload = _Payload(_file_key(header, self._identities), head[header.size : header.size + NONCE_SIZE])
        self._payload = payload
        return payload.update(head[header.size + NONCE_SIZE :]) + payload.update(view[room:])

    def finish(self) -> bytes:
        """Return the last of the plaintext. Call it once, when the file has ended.

        Raises:
            HeaderError: the file ended within its header or nonce.
            PayloadError: it was cut short, its last chunk was changed, or something follows that.
        """
        if self._payload is None:
            read_header(bytes(self._head))
            raise HeaderError("the file ends before its payload")
        return self._payload.finish()


class _Payload:
    """The STREAM of chunks; each is released as soon as it is complete and verified."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        self._cipher = payload_cipher(file_key, nonce)
        self._stream = ChunkStream(self._open_chunk, SEALED_CHUNK_SIZE, CHUNK_SIZE, keep_back=False)
        self._counter = 0
        self._ended = False  # the last chunk was full, so it showed itself before the end of the file
        self._broken = False  # stays so: to go on after a bad chunk would take the next one for it

    def update(self, ciphertext: bytes | memoryview) -> bytes:
        return self._guarded(lambda: self._stream.update(ciphertext))

    def finish(self) -> bytes:
        return self._guarded(lambda: self._stream.finish(self._open_last))

    def _guarded(self, step: Callable[[], bytes]) -> bytes:
        try:
            if not self._broken:
                return step()
        except InvalidTag:
            self._broken = True
        raise PayloadError("the payload was changed, or cut short")

    def _open_chunk(self, chunk: memoryview, output: memoryview) -> int:
        if self._ended:
            raise InvalidTag  # something follows the last chunk
        plaintext = output[:CHUNK_SIZE]
        try:
            size = self._decrypt(chunk, plaintext, last=False)
        except InvalidTag:
            size = self._decrypt(chunk, plaintext, last=True)
            self._ended = True
        self._counter += 1
        return size

    def _open_last(self, chunk: memoryview, output: memoryview) -> int:
        if self._ended and not chunk:
            return 0
        size = len(chunk) - TAG_SIZE
        # Only a file without any content may end with an empty chunk: else one content could be sealed in two ways.
        if self._ended or size < 0 or (size == 0 and self._counter > 0):
            raise InvalidTag
        return self._decrypt(chunk, output[:size], last=True)

    def _decrypt(self, chunk: memoryview, output: memoryview, *, last: bool) -> int:
        return self._cipher.decrypt_into(chunk_nonce(self._counter, last=last), chunk, None, output)


def unseal(sealed: bytes, identities: Sequence[Identity]) -> bytes:
    """Return the plaintext of a sealed file.

    Raises:
        HeaderError: the header is malformed (``NotAgeError``: this is no age file).
        NoMatchError: no identity opens it.
        HeaderMACError: the header was changed.
        PayloadError: the payload was changed or cut short.
    """
    header = read_header(sealed)
    start = header.size + NONCE_SIZE
    if len(sealed) < start:
        raise HeaderError("the file ends before its payload")
    payload = _Payload(_file_key(header, identities), sealed[header.size : start])
    return b"".join([payload.update(memoryview(sealed)[start:]), payload.finish()])


def _file_key(header: Header, identities: Sequence[Identity]) -> bytes:
    for identity in identities:
        for stanza in header.stanzas:
            if (file_key := identity.unwrap(stanza)) is not None:
                if not hmac.compare_digest(header_mac(file_key, encode_authenticated(header.stanzas)), header.mac):
                    raise HeaderMACError("the header was changed after it was sealed")
                return file_key
    raise NoMatchError("none of the identities opens this file")
