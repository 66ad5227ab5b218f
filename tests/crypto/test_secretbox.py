"""Secret boxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import SecretBoxError
from crypto.secretbox import OVERHEAD, open_box, seal_box

KEY = bytes(range(32))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.binary(max_size=40))
def test_what_is_sealed_is_opened(key: bytes, plaintext: bytes, context: bytes) -> None:
    """Any bytes come back under the same key and context, and grow by 40 bytes."""
    sealed = seal_box(key, plaintext, context)
    assert len(sealed) == len(plaintext) + OVERHEAD
    assert open_box(key, sealed, context) == plaintext


@given(st.binary(max_size=100))
def test_any_bytes_are_refused(sealed: bytes) -> None:
    """What was never sealed does not open, however short."""
    with pytest.raises(SecretBoxError):
        open_box(KEY, sealed, b"")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    """The nonce is random."""
    assert seal_box(KEY, b"parrots", b"") != seal_box(KEY, b"parrots", b"")


@pytest.mark.parametrize(
    ("key", "context"), [(bytes(32), b"case 1"), (KEY, b"case 2"), (KEY, b""), (KEY[:-1], b"case 1"), (b"", b"case 1")]
)
def test_another_key_or_context_does_not_open_it(key: bytes, context: bytes) -> None:
    """A box opens only with its own key, in its own place."""
    with pytest.raises(SecretBoxError):
        open_box(key, seal_box(KEY, b"parrots", b"case 1"), context)


@given(st.integers(0, 46), st.integers(1, 255))
def test_a_changed_box_does_not_open(position: int, change: int) -> None:
    """No byte of nonce, ciphertext or tag can be changed."""
    changed = bytearray(seal_box(KEY, b"parrots", b"case 1"))
    changed[position] ^= change
    with pytest.raises(SecretBoxError):
        open_box(KEY, bytes(changed), b"case 1")


def test_a_key_of_another_length_seals_nothing() -> None:
    """The key has 32 bytes."""
    with pytest.raises(SecretBoxError, match="32 bytes"):
        seal_box(KEY + b"\0", b"parrots", b"")
