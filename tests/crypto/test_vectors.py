"""The CCTV vectors of the age format: all, each with its exact class of failure and what is released until then."""

import hashlib
from collections import Counter
from typing import Protocol

import pytest

from crypto.armor import AnyReader, ArmorReader
from crypto.errors import AgeError, ArmorError, HeaderError, HeaderMACError, NoMatchError, PayloadError
from crypto.header import encode_header, read_header
from crypto.hybrid import HybridIdentity
from crypto.primitives import SEALED_CHUNK_SIZE
from crypto.scrypt import ScryptIdentity
from crypto.unseal import Identity, Unsealer
from crypto.x25519 import X25519Identity
from tests.crypto.vectors import Vector, read_vectors

VECTORS = read_vectors()
FAILURES: dict[str, type[AgeError]] = {
    "armor failure": ArmorError,
    "header failure": HeaderError,
    "HMAC failure": HeaderMACError,
    "no match": NoMatchError,
    "payload failure": PayloadError,
}


class Reader(Protocol):
    """What a file goes through before it is unsealed."""

    def update(self, data: bytes, /) -> bytes | memoryview:
        """Take bytes, return bytes."""
        ...

    def finish(self) -> bytes:
        """Return the last bytes."""
        ...


class PlainReader:
    """Passes everything through."""

    def update(self, data: bytes, /) -> bytes:
        """Return the very bytes."""
        return data

    def finish(self) -> bytes:
        """Return nothing."""
        return b""


def identities(vector: Vector) -> list[Identity]:
    """The identities and passphrases of a vector."""
    keys: list[Identity] = [
        (HybridIdentity if text.startswith("AGE-SECRET-KEY-PQ-") else X25519Identity).parse(text)
        for text in vector.all("identity")
    ]
    return [*keys, *(ScryptIdentity(text) for text in vector.all("passphrase"))]


def end(vector: Vector, reader: Reader, piece: int) -> tuple[type[AgeError] | None, list[str]]:
    """Unseal a vector in pieces; return how it ends, and the hash of what was released where anything may be."""
    unsealer = Unsealer(identities(vector))
    released = hashlib.sha256()
    failure: type[AgeError] | None = None
    try:
        for start in range(0, len(vector.file), piece):
            released.update(unsealer.update(reader.update(vector.file[start : start + piece])))
        released.update(unsealer.update(reader.finish()))
        released.update(unsealer.finish())
    except AgeError as error:
        failure = next(kind for kind in FAILURES.values() if isinstance(error, kind))
    return failure, [released.hexdigest()] if vector.all("payload") else []


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_every_file_ends_as_the_vector_says(vector: Vector) -> None:
    """A file opens, or fails in exactly the way that the vector names, and releases what it says and no more."""
    expected = FAILURES.get(vector.one("expect")), vector.all("payload")

    assert end(vector, ArmorReader() if vector.armored else PlainReader(), SEALED_CHUNK_SIZE) == expected


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_it_ends_so_in_small_pieces_too(vector: Vector) -> None:
    """How a file is cut into pieces changes nothing; a small one comes byte by byte."""
    expected = FAILURES.get(vector.one("expect")), vector.all("payload")
    piece = 1 if len(vector.file) < 5000 else 997

    assert end(vector, ArmorReader() if vector.armored else PlainReader(), piece) == expected


@pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if vector.one("expect") == "success"], ids=lambda vector: vector.name
)
def test_armor_is_recognised(vector: Vector) -> None:
    """Nobody needs to say whether a good file is armored."""
    assert end(vector, AnyReader(), 10) == (None, vector.all("payload"))


@pytest.mark.parametrize(
    "vector",
    [vector for vector in VECTORS if vector.all("payload") and not vector.armored],
    ids=lambda vector: vector.name,
)
def test_a_header_that_was_read_is_written_alike(vector: Vector) -> None:
    """Encoding a header that was parsed gives back its very bytes."""
    header = read_header(vector.file)
    assert encode_header(header.stanzas, header.mac) == vector.file[: header.size]


def test_all_vectors_are_there() -> None:
    """There are 143 vectors, of each class as many as CCTV has."""
    assert Counter(vector.one("expect") for vector in VECTORS) == {
        "success": 26,
        "header failure": 62,
        "armor failure": 22,
        "payload failure": 19,
        "no match": 13,
        "HMAC failure": 1,
    }
