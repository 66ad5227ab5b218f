"""What an unsealer refuses, and what it never releases."""

import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crypto.errors import AgeError, HeaderError, HeaderMACError, NoMatchError, NotAgeError, PayloadError
from crypto.header import LIMITS, Stanza, encode_authenticated, encode_header, read_header
from crypto.hybrid import HybridIdentity
from crypto.primitives import (
    CHUNK_SIZE,
    NONCE_SIZE,
    SEALED_CHUNK_SIZE,
    chunk_nonce,
    header_mac,
    payload_cipher,
)
from crypto.seal import Sealer, seal
from crypto.unseal import Unsealer, unseal

IDENTITY = HybridIdentity.from_seed(bytes(range(32)))
STRANGER = HybridIdentity.from_seed(bytes(32))
PLAINTEXT = bytes(range(256)) * (3 * CHUNK_SIZE // 256)
SEALED = seal(PLAINTEXT, [IDENTITY.recipient])
START = read_header(SEALED).size + NONCE_SIZE
CHUNKS = [SEALED[START + SEALED_CHUNK_SIZE * i : START + SEALED_CHUNK_SIZE * (i + 1)] for i in range(3)]


FILE_KEY = b"YELLOW SUBMARINE"
END = True  # of a chunk: it is marked as the last one


class Known:
    """An identity that knows the file key beforehand."""

    def unwrap(self, _stanza: Stanza) -> bytes:
        """Return it."""
        return FILE_KEY


def sealed_in(chunks: list[tuple[int, bool]]) -> bytes:
    """A file with chunks of these sizes and marks, each sealed with the right key in its right place."""
    stanzas = [Stanza("x", (), b"")]
    cipher = payload_cipher(FILE_KEY, bytes(NONCE_SIZE))
    sealed = [
        cipher.encrypt(chunk_nonce(count, last=last), bytes(size), None) for count, (size, last) in enumerate(chunks)
    ]
    header = encode_header(stanzas, header_mac(FILE_KEY, encode_authenticated(stanzas)))
    return header + bytes(NONCE_SIZE) + b"".join(sealed)


@pytest.mark.parametrize("chunks", [[(0, END)], [(1, END)], [(CHUNK_SIZE, END)], [(CHUNK_SIZE, not END), (1, END)]])
def test_a_payload_ends_with_one_marked_chunk(chunks: list[tuple[int, bool]]) -> None:
    """It is empty, partly full or full."""
    assert unseal(sealed_in(chunks), [Known()]) == bytes(sum(size for size, _ in chunks))


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([], id="nothing"),
        pytest.param([(0, not END)], id="empty and not marked"),
        pytest.param([(1, not END)], id="not marked"),
        pytest.param([(CHUNK_SIZE, not END)], id="full and not marked"),
        pytest.param([(CHUNK_SIZE, not END), (0, END)], id="empty after a full one"),
        pytest.param([(CHUNK_SIZE, not END), (CHUNK_SIZE, not END), (0, END)], id="empty after two full ones"),
        pytest.param([(CHUNK_SIZE, END), (0, END)], id="an empty one after the last"),
        pytest.param([(CHUNK_SIZE, END), (1, END)], id="one more after the last"),
        pytest.param([(CHUNK_SIZE, END), (CHUNK_SIZE, END)], id="a full one after the last"),
        pytest.param([(CHUNK_SIZE, END), (CHUNK_SIZE, not END), (1, END)], id="two more after the last"),
        pytest.param([(CHUNK_SIZE, END), (1, not END)], id="one more after the last, not marked"),
    ],
)
def test_chunks_of_which_the_last_is_none_are_refused(chunks: list[tuple[int, bool]]) -> None:
    """Though each chunk opens in its place, one content could else be sealed in two ways."""
    with pytest.raises(PayloadError):
        unseal(sealed_in(chunks), [Known()])


@pytest.mark.parametrize("size", [1, 15])
def test_less_than_a_tag_is_no_chunk(size: int) -> None:
    """What is too short for a tag is refused as any changed payload."""
    with pytest.raises(PayloadError):
        unseal(sealed_in([]) + bytes(size), [Known()])


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(position: int, change: int) -> None:
    """A file with any one byte changed is refused."""
    changed = bytearray(SEALED)
    changed[position] ^= change
    with pytest.raises(AgeError):
        unseal(bytes(changed), [IDENTITY])


@given(st.integers(0, len(SEALED) - 1))
@example(START - 1)
@example(START)
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


def test_a_file_that_ends_before_its_payload_is_refused() -> None:
    """A whole header with half a nonce after it is malformed, whoever it is for."""
    with pytest.raises(HeaderError, match="before its payload"):
        unseal(SEALED[: START - 1], [IDENTITY])
