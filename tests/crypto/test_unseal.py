"""What an unsealer refuses, and what it never releases."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import AgeError, HeaderError, HeaderMACError, NoMatchError, NotAgeError, PayloadError
from crypto.header import LIMITS, encode_header, read_header
from crypto.hybrid import HybridIdentity
from crypto.primitives import CHUNK_SIZE, NONCE_SIZE, SEALED_CHUNK_SIZE
from crypto.seal import Sealer, seal
from crypto.unseal import Unsealer, unseal

IDENTITY = HybridIdentity.from_seed(bytes(range(32)))
STRANGER = HybridIdentity.from_seed(bytes(32))
PLAINTEXT = bytes(range(256)) * (3 * CHUNK_SIZE // 256)
SEALED = seal(PLAINTEXT, [IDENTITY.recipient])
START = read_header(SEALED).size + NONCE_SIZE
CHUNKS = [SEALED[START + SEALED_CHUNK_SIZE * i : START + SEALED_CHUNK_SIZE * (i + 1)] for i in range(3)]


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(position: int, change: int) -> None:
    """A file with any one byte changed is refused."""
    changed = bytearray(SEALED)
    changed[position] ^= change
    with pytest.raises(AgeError):
        unseal(bytes(changed), [IDENTITY])


@given(st.integers(0, len(SEALED) - 1))
def test_no_cut_goes_unnoticed(size: int) -> None:
    """A file that was cut anywhere is refused, and what was released before is the beginning of the plaintext."""
    unsealer = Unsealer([IDENTITY])
    assert PLAINTEXT.startswith(unsealer.update(SEALED[:size]))
    with pytest.raises(HeaderError if size < START else PayloadError):
        unsealer.finish()


@given(st.binary(max_size=300))
def test_any_bytes_give_our_error(data: bytes) -> None:
    """What was never sealed is refused without another exception."""
    with pytest.raises(AgeError):
        unseal(data, [IDENTITY])
    with pytest.raises(AgeError):
        unseal(SEALED[:START] + data, [IDENTITY])


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([1, 0, 2], id="exchanged"),
        pytest.param([0, 0, 1, 2], id="repeated"),
        pytest.param([0, 2], id="one left out"),
        pytest.param([0, 1, 2, 2], id="the last one twice"),
        pytest.param([0, 1], id="the last one left out"),
    ],
)
def test_chunks_stay_in_their_places(chunks: list[int]) -> None:
    """Whole chunks that were moved, repeated or left out are noticed."""
    with pytest.raises(PayloadError):
        unseal(SEALED[:START] + b"".join(CHUNKS[chunk] for chunk in chunks), [IDENTITY])


def test_after_a_bad_chunk_nothing_more_is_released() -> None:
    """A caller who goes on after an error does not get the chunks behind it, nor a good end."""
    unsealer = Unsealer([IDENTITY])
    released = unsealer.update(SEALED[:START] + CHUNKS[0])
    assert released == PLAINTEXT[:CHUNK_SIZE]
    for chunk in (CHUNKS[2], CHUNKS[1], CHUNKS[2]):
        with pytest.raises(PayloadError):
            unsealer.update(chunk)
    with pytest.raises(PayloadError):
        unsealer.finish()


def test_who_is_no_recipient_opens_nothing() -> None:
    """Without a matching identity, or without any, the file stays closed."""
    for identities in ([STRANGER], []):
        with pytest.raises(NoMatchError):
            unseal(SEALED, identities)


def test_a_matching_identity_is_found_among_others() -> None:
    """Identities are tried one after the other."""
    assert unseal(SEALED, [STRANGER, IDENTITY]) == PLAINTEXT


def test_a_stanza_that_was_taken_away_is_noticed() -> None:
    """The MAC covers all stanzas, those for others too."""
    sealed = seal(b"parrots", [IDENTITY.recipient, STRANGER.recipient])
    header = read_header(sealed)
    with pytest.raises(HeaderMACError):
        unseal(encode_header(header.stanzas[:1], header.mac) + sealed[header.size :], [IDENTITY])


def test_a_plain_document_is_told_apart() -> None:
    """Something that is no age file has an error of its own."""
    with pytest.raises(NotAgeError):
        unseal(b"%PDF-1.7\n", [IDENTITY])


def test_a_header_without_an_end_is_given_up_while_it_comes_in() -> None:
    """An endless header is refused once the limit is reached, not at the end of the file."""
    unsealer = Unsealer([IDENTITY])
    assert unsealer.update(b"age-encryption.org/v1\n" + b"-" * (LIMITS.header_size - 22)) == b""
    with pytest.raises(HeaderError, match="no end"):
        unsealer.update(b"-" * 1000)


def test_memory_stays_constant() -> None:
    """Sealing and unsealing 32 MiB holds no more than a few MiB at a time."""
    piece = bytes(1024 * 1024)
    tracemalloc.start()
    sealer, unsealer = Sealer([IDENTITY.recipient]), Unsealer([IDENTITY])
    size = len(unsealer.update(sealer.start()))
    for _ in range(32):
        size += len(unsealer.update(sealer.update(piece)))
    size += len(unsealer.update(sealer.finish())) + len(unsealer.finish())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 32 * len(piece)
    assert peak < 6 * len(piece)
