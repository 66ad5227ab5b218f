"""The bounds of a header, each at its very edge."""

import pytest

from crypto.errors import HeaderError
from crypto.header import Stanza, encode_header, read_header

MAC = bytes(32)


def of_size(size: int) -> bytes:
    """A header of exactly so many bytes."""
    stanza = Stanza("x", ("a",), bytes(32))
    rest = size - len(encode_header([stanza], MAC))
    return encode_header([Stanza("x", ("a" * (1 + rest),), bytes(32))], MAC)


def test_a_header_has_at_most_64_kib() -> None:
    """65,536 bytes are read, one more is refused."""
    assert read_header(of_size(65_536)).size == 65_536
    with pytest.raises(HeaderError, match="no end within 65536 bytes"):
        read_header(of_size(65_537))


def test_a_header_has_at_most_64_stanzas() -> None:
    """64 are read, one more is refused."""
    stanzas = [Stanza("x", (), b"")] * 65
    assert len(read_header(encode_header(stanzas[:64], MAC)).stanzas) == 64
    with pytest.raises(HeaderError, match="more than 64 recipient stanzas"):
        read_header(encode_header(stanzas, MAC))


@pytest.mark.parametrize(("size", "lines"), [(0, 1), (46, 1), (47, 1), (48, 2), (49, 2), (95, 2), (96, 3)])
def test_a_body_ends_with_one_short_line(size: int, lines: int) -> None:
    """A full last line is followed by an empty one; a line of 63 columns is not."""
    encoded = encode_header([Stanza("x", (), bytes(size))], MAC)
    assert encoded.count(b"\n") == 1 + 1 + lines + 1
    assert read_header(encoded).stanzas[0].body == bytes(size)
