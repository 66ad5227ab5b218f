"""The CCTV vectors of the age format, each with its exact class of failure.

Two rules choose what runs:
- files for post-quantum identities alone are unsealed with these identities, as they are;
- files of other recipient types run where they test the header, its MAC or the payload: there a fake identity gives out
  the file key that the vector names.
What is left over belongs to X25519, scrypt and armor, none of which we read.
"""

import hashlib
from dataclasses import dataclass

import pytest

from crypto.errors import AgeError, HeaderError, HeaderMACError, NoMatchError, PayloadError
from crypto.header import Stanza, encode_header, read_header
from crypto.hybrid import HybridIdentity
from crypto.primitives import SEALED_CHUNK_SIZE
from crypto.unseal import Identity, Unsealer
from tests.crypto.vectors import Vector, read_vectors

VECTORS = read_vectors()
FAILURES: dict[str, type[AgeError]] = {
    "header failure": HeaderError,
    "HMAC failure": HeaderMACError,
    "no match": NoMatchError,
    "payload failure": PayloadError,
}


@dataclass(frozen=True)
class KnownFileKey:
    """Has the file key already, and takes any X25519 stanza for its own."""

    file_key: bytes

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the known key."""
        return self.file_key if stanza.type == "X25519" else None


def check(vector: Vector, identity: Identity, *more: Identity, piece: int = SEALED_CHUNK_SIZE) -> None:
    """Unseal a vector in pieces; compare how it ends, and what was released until then."""
    unsealer = Unsealer([identity, *more])
    released = hashlib.sha256()
    failure: type[AgeError] | None = None
    try:
        for start in range(0, len(vector.file), piece):
            released.update(unsealer.update(vector.file[start : start + piece]))
        released.update(unsealer.finish())
    except AgeError as error:
        failure = next(kind for kind in FAILURES.values() if isinstance(error, kind))
    assert failure == FAILURES.get(vector.one("expect"))
    if expected := vector.all("payload"):
        assert [released.hexdigest()] == expected


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if vector.is_hybrid], ids=lambda vector: vector.name)
def test_post_quantum_files_end_as_the_vector_says(vector: Vector) -> None:
    """A file for post-quantum identities opens, or fails in exactly the way that the vector names."""
    first, *more = (HybridIdentity.parse(identity) for identity in vector.all("identity"))
    check(vector, first, *more)


@pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if vector.is_about_the_file], ids=lambda vector: vector.name
)
def test_header_and_payload_end_as_the_vector_says(vector: Vector) -> None:
    """Given the file key, header and payload are taken or refused in exactly the way that the vector names."""
    check(vector, KnownFileKey(bytes.fromhex(vector.one("file key"))))


@pytest.mark.parametrize(
    "vector",
    [vector for vector in VECTORS if vector.expects_payload and not vector.all("armored")],
    ids=lambda vector: vector.name,
)
def test_a_header_that_was_read_is_written_alike(vector: Vector) -> None:
    """Encoding a header that was parsed gives back its very bytes."""
    header = read_header(vector.file)
    assert encode_header(header.stanzas, header.mac) == vector.file[: header.size]


def test_no_vector_is_left_out_but_those_of_types_we_do_not_read() -> None:
    """All 143 vectors are there, and the two rules pass over X25519, scrypt and armor alone."""
    assert len(VECTORS) == 143
    left = [vector.name for vector in VECTORS if not vector.is_hybrid and not vector.is_about_the_file]
    assert [name for name in left if not name.startswith(("armor_", "scrypt", "x25519"))] == ["hybrid_x25519_arg"]
