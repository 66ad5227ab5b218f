"""Sealing and unsealing."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import HeaderError
from crypto.header import LIMITS, Stanza, encode_header, read_header
from crypto.hybrid import STANZA_TYPE, HybridIdentity
from crypto.primitives import CHUNK_SIZE, NONCE_SIZE, SEALED_CHUNK_SIZE
from crypto.scrypt import ScryptIdentity, ScryptRecipient
from crypto.seal import Recipient, Sealer, plaintext_size_for, seal, sealed_size
from crypto.unseal import Unsealer, unseal
from crypto.x25519 import X25519Identity

IDENTITY = HybridIdentity.from_seed(bytes(range(32)))
RECIPIENT = IDENTITY.recipient
CLASSIC = X25519Identity(bytes(range(32)))
PASSPHRASE = ScryptRecipient("a red wattle", 1)
# Sizes at which an implementation of the chunks would go wrong by one.
SIZES = st.builds(
    lambda chunks, more: max(0, chunks * CHUNK_SIZE + more), st.integers(0, 3), st.integers(-2, 2)
) | st.integers(0, 3 * CHUNK_SIZE)
# Pieces in which a stream arrives: small, around a chunk in either direction, and more than the stream takes at once.
PIECES = st.sampled_from([1, 15, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, SEALED_CHUNK_SIZE, 18 * CHUNK_SIZE])


def cut(data: bytes, size: int) -> list[memoryview]:
    """Cut data into pieces, the first 64 of ``size`` bytes and one with the rest."""
    view = memoryview(data)
    ends = [min(len(data), size * count) for count in range(65)]
    return [view[start:end] for start, end in zip(ends, [*ends[1:], len(data)], strict=True)]


@given(SIZES, PIECES, PIECES)
def test_what_is_sealed_in_any_pieces_is_unsealed_from_any_pieces(size: int, into: int, out_of: int) -> None:
    """How a stream is cut on its way changes nothing, and the size is the one foretold."""
    plaintext = secrets.token_bytes(size)
    sealer = Sealer([RECIPIENT])
    sealed = b"".join([sealer.start(), *map(sealer.update, cut(plaintext, into)), sealer.finish()])
    assert len(sealed) == sealed_size(sealer.header_size, size)
    unsealer = Unsealer([IDENTITY])
    assert b"".join([*map(unsealer.update, cut(sealed, out_of)), unsealer.finish()]) == plaintext


def test_more_than_the_stream_takes_at_once_is_sealed_in_one_call() -> None:
    """A call of several MiB goes through the fixed memory in turns."""
    plaintext = secrets.token_bytes(5 * 1024 * 1024 + 1)
    assert unseal(seal(plaintext, [RECIPIENT]), [IDENTITY]) == plaintext


def test_every_recipient_opens_the_file() -> None:
    """Each of several recipients opens the file with their own identity alone."""
    identities = [HybridIdentity.generate() for _ in range(4)]
    sealed = seal(b"three crates", [identity.recipient for identity in identities])
    assert [unseal(sealed, [identity]) for identity in identities] == [b"three crates"] * 4


def test_the_header_holds_the_recipients_and_then_the_extra_stanzas() -> None:
    """Extra stanzas follow the recipients, are covered by the MAC, and hinder nobody."""
    extra = Stanza("lapwing-sheet", ("2026-W48", "aGFzaA"), b"")
    sealer = Sealer([RECIPIENT, RECIPIENT], [extra])
    sealed = sealer.start() + sealer.update(b"parrots") + sealer.finish()
    header = read_header(sealed)
    assert [stanza.type for stanza in header.stanzas] == [STANZA_TYPE, STANZA_TYPE, "lapwing-sheet"]
    assert header.stanzas[2] == extra
    assert header.size == sealer.header_size
    assert unseal(sealed, [IDENTITY]) == b"parrots"


def test_two_files_of_the_same_text_share_nothing() -> None:
    """File key, encapsulation and nonce are new each time."""
    first, second = (seal(b"parrots", [RECIPIENT]) for _ in range(2))
    one, other = read_header(first), read_header(second)
    assert one.stanzas[0].body != other.stanzas[0].body
    assert first[one.size : one.size + NONCE_SIZE] != second[other.size : other.size + NONCE_SIZE]


def test_a_file_needs_a_recipient() -> None:
    """Sealing to nobody is refused, because nobody could open it."""
    with pytest.raises(HeaderError, match="nobody"):
        Sealer([])


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param([Stanza("x", (), b"")] * LIMITS.stanzas, id="too many stanzas"),
        pytest.param([Stanza("x", (), bytes(LIMITS.header_size))], id="too many bytes"),
    ],
)
def test_a_header_that_our_reader_would_refuse_is_not_written(extra: list[Stanza]) -> None:
    """The writer keeps to the bounds of the reader."""
    with pytest.raises(HeaderError, match="too many"):
        Sealer([RECIPIENT], extra)


def test_a_header_as_full_as_our_reader_takes_it_is_written() -> None:
    """64 stanzas are sealed, and a header of 65,536 bytes."""
    assert unseal(seal(b"", [RECIPIENT], [Stanza("x", (), b"")] * 63), [IDENTITY]) == b""
    room = LIMITS.header_size - Sealer([RECIPIENT], [Stanza("x", ("a",), b"")]).header_size
    sealer = Sealer([RECIPIENT], [Stanza("x", ("a" * (1 + room),), b"")])
    assert read_header(sealer.start()).size == sealer.header_size == 65_536
    with pytest.raises(HeaderError, match="too many"):
        Sealer([RECIPIENT], [Stanza("x", ("a" * (2 + room),), b"")])


@given(st.integers(0, 5000), SIZES)
def test_plaintext_size_for_undoes_sealed_size(header_size: int, size: int) -> None:
    """The plaintext for a total is found whenever there is one."""
    assert plaintext_size_for(header_size, sealed_size(header_size, size)) == size


def test_the_sizes_that_cannot_be_hit_are_the_sixteen_at_each_chunk() -> None:
    """Over two chunks, the totals without a plaintext are those below an empty file, and 16 at each new chunk."""
    header_size = 1627
    empty = sealed_size(header_size, 0)
    first_end = sealed_size(header_size, CHUNK_SIZE)
    second_end = sealed_size(header_size, 2 * CHUNK_SIZE)
    missing = [total for total in range(second_end + 18) if plaintext_size_for(header_size, total) is None]
    expected = [*range(empty), *range(first_end + 1, first_end + 17), *range(second_end + 1, second_end + 17)]
    assert missing == expected


def test_classic_recipients_and_a_passphrase_open_what_is_for_them() -> None:
    """Several classic recipients, or one passphrase, are sealed to as well."""
    sealed = seal(b"parrots", [X25519Identity.generate().recipient, CLASSIC.recipient])
    assert unseal(sealed, [CLASSIC]) == b"parrots"
    assert unseal(seal(b"parrots", [PASSPHRASE]), [CLASSIC, ScryptIdentity("a red wattle")]) == b"parrots"


@pytest.mark.parametrize(
    "recipients",
    [
        pytest.param([HybridIdentity.generate().recipient, CLASSIC.recipient], id="post-quantum and classic"),
        pytest.param([CLASSIC.recipient, HybridIdentity.generate().recipient], id="classic and post-quantum"),
        pytest.param([HybridIdentity.generate().recipient, PASSPHRASE], id="post-quantum and a passphrase"),
        pytest.param([CLASSIC.recipient, PASSPHRASE], id="classic and a passphrase"),
        pytest.param([PASSPHRASE, PASSPHRASE], id="two passphrases"),
    ],
)
def test_recipients_of_different_kinds_are_never_mixed(recipients: list[Recipient]) -> None:
    """The weakest kind would decide how long a file stays closed, so all are of one kind, and a passphrase is alone."""
    with pytest.raises(HeaderError, match=r"not mixed|the only one"):
        Sealer(recipients)


def test_a_passphrase_has_no_extra_stanza_beside_it() -> None:
    """Not even a stanza that everybody ignores stands beside a passphrase."""
    with pytest.raises(HeaderError, match="the only one"):
        Sealer([PASSPHRASE], [Stanza("note", (), b"")])


def test_a_passphrase_with_company_is_not_opened() -> None:
    """A header that was written with company for a passphrase is refused by every identity."""
    stanzas = [PASSPHRASE.wrap(bytes(16)), CLASSIC.recipient.wrap(bytes(16))]
    sealed = encode_header(stanzas, bytes(32)) + bytes(32)
    for identity in (CLASSIC, ScryptIdentity("a red wattle")):
        with pytest.raises(HeaderError, match="the only one"):
            unseal(sealed, [identity])
