"""The bounds of an envelope, each at its very edge."""

import pytest

from crypto.dsse import Envelope
from crypto.errors import EnvelopeError


def of_size(size: int) -> bytes:
    """An envelope of exactly so many bytes, which nobody signed."""
    empty = len(Envelope("t", b"", ()).encode())
    payload = bytes((size - empty) // 4 * 3)
    return Envelope("t" * (1 + (size - empty) % 4), payload, ()).encode()


def test_an_envelope_has_at_most_256_kib() -> None:
    """262,144 bytes are read, one more is refused."""
    assert len(of_size(262_144)) == 262_144
    assert Envelope.decode(of_size(262_144)).signatures == ()
    with pytest.raises(EnvelopeError, match="longer than 262144 bytes"):
        Envelope.decode(of_size(262_145))


def test_a_limit_of_the_caller_is_kept_to_the_byte() -> None:
    """With a limit of its own, a caller gets no byte more."""
    assert Envelope.decode(of_size(100), limit=100).payload_type.startswith("t")
    with pytest.raises(EnvelopeError):
        Envelope.decode(of_size(101), limit=100)


def test_a_payload_type_has_1_to_255_characters() -> None:
    """255 are read, 256 and none are refused."""
    assert Envelope("t" * 255, b"", ()).payload_type == "t" * 255
    for text in ("", "t" * 256):
        with pytest.raises(EnvelopeError):
            Envelope(text, b"", ())
