"""Unsealing an age v1 file. Nothing is released before it has been verified (C2SP age.md)."""

import hmac
from collections.abc import Callable, Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag

from crypto.errors import HeaderError, HeaderMACError, NoMatchError, PayloadError
from crypto.header import LIMITS, Header, Stanza, encode_authenticated, header_end, read_header
from crypto.primitives import NONCE_SIZE, SEALED_CHUNK_SIZE, TAG_SIZE, header_mac, payload_cipher
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
        self._stream: ChunkStream | None = None
        self._broken = False

    def update(self, ciphertext: bytes | memoryview) -> bytes:
        """Take the next bytes; return what is verified by now.

        Raises:
            HeaderError: the header is malformed.
            NoMatchError: no identity opens it.
            HeaderMACError: the header was changed.
            PayloadError: a chunk was changed. Chunks before it that came with the same call are not returned.
        """
        if self._stream is not None:
            return self._verified(self._stream.update, ciphertext)
        view = memoryview(ciphertext)
        room = LIMITS.header_size + NONCE_SIZE - len(self._head)
        self._head += view[:room]
        size = header_end(self._head)
        if len(self._head) < LIMITS.header_size + NONCE_SIZE and (size is None or len(self._head) < size + NONCE_SIZE):
            return b""
        self._stream, rest = self._open(bytes(self._head))
        return self._verified(self._stream.update, rest) + self._verified(self._stream.update, view[room:])

    def finish(self) -> bytes:
        """Return the last of the plaintext. Call it once, when the file has ended.

        Raises:
            HeaderError: the file ended within its header or nonce.
            PayloadError: it was cut short, or its last chunk was changed.
        """
        if self._stream is None:
            read_header(bytes(self._head))
            raise HeaderError("the file ends before its payload")
        if self._stream.counter and len(self._stream.held) == TAG_SIZE:
            raise PayloadError("the last chunk of the payload is empty")
        stream = self._stream
        return self._verified(lambda _: stream.finish(), b"")

    def _open(self, head: bytes) -> tuple[ChunkStream, bytes]:
        header = read_header(head)
        file_key = _file_key(header, self._identities)
        if not hmac.compare_digest(header_mac(file_key, encode_authenticated(header.stanzas)), header.mac):
            raise HeaderMACError("the header was changed after it was sealed")
        start = header.size + NONCE_SIZE
        cipher = payload_cipher(file_key, head[header.size : start])
        return ChunkStream(cipher.decrypt_into, SEALED_CHUNK_SIZE), head[start:]

    def _verified(self, step: Callable[[bytes | memoryview], bytes], data: bytes | memoryview) -> bytes:
        try:
            if not self._broken:
                return step(data)
        except InvalidTag:
            # Stays so: going on after a bad chunk could take the next one for it.
            self._broken = True
        raise PayloadError("the payload was changed or cut short")


def unseal(sealed: bytes, identities: Sequence[Identity]) -> bytes:
    """Return the plaintext of a sealed file.

    Raises:
        HeaderError: the header is malformed (``NotAgeError``: this is no age file).
        NoMatchError: no identity opens it.
        HeaderMACError: the header was changed.
        PayloadError: the payload was changed or cut short.
    """
    unsealer = Unsealer(identities)
    return b"".join([unsealer.update(sealed), unsealer.finish()])


def _file_key(header: Header, identities: Sequence[Identity]) -> bytes:
    for identity in identities:
        for stanza in header.stanzas:
            if (file_key := identity.unwrap(stanza)) is not None:
                return file_key
    raise NoMatchError("none of the identities opens this file")
