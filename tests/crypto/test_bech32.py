"""Bech32 without a length limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import bech32
from crypto.errors import KeyFormatError

PREFIXES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20).map(str.lower)


@given(PREFIXES, st.binary(max_size=1300))
def test_what_is_encoded_is_decoded(prefix: str, data: bytes) -> None:
    """Every prefix and all data come back."""
    assert bech32.decode(bech32.encode(prefix, data)) == (prefix, data)


@given(st.text(max_size=60) | st.text("qpzry9x81A-", max_size=60))
def test_any_text_gives_a_value_or_our_error(text: str) -> None:
    """Whatever stands there, nothing else is raised, and what is taken has one encoding."""
    try:
        prefix, data = bech32.decode(text)
    except KeyFormatError:
        return
    assert bech32.encode(prefix.lower(), data) == text.lower()


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("A12UEL5L", ""),
        ("a12uel5l", ""),
        ("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "00443214c74254b635cf84653a56d7c675be77df"),
    ],
)
def test_the_strings_of_bip_173_are_decoded(text: str, data: str) -> None:
    """Valid strings of BIP 173 give their data, and the prefix in the case in which it stands."""
    prefix, decoded = bech32.decode(text)
    assert decoded == bytes.fromhex(data)
    assert prefix == text.partition("1")[0]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("a12UEL5L", "upper and lower", id="mixed case"),
        pytest.param("pzry9x0s0muk", "incomplete", id="no separator"),
        pytest.param("1pzry9x0s0muk", "incomplete", id="no prefix"),
        pytest.param("li1dgmt3", "incomplete", id="checksum too short"),
        pytest.param("x1b4n0q5v", "character", id="character out of the alphabet"),
        pytest.param("\x201nwldj5", "character", id="prefix with a space"),
        pytest.param("\x7f1axkwrx", "character", id="prefix with a control character"),
        pytest.param(bech32.encode("a b", b""), "character", id="prefix with a space between letters"),
        pytest.param("A1G7SGD8", "checksum", id="wrong checksum"),
        pytest.param("a12uel5m", "checksum", id="changed checksum"),
    ],
)
def test_malformed_text_is_refused(text: str, complaint: str) -> None:
    """Invalid strings, most of them from BIP 173, are refused for their own reason."""
    with pytest.raises(KeyFormatError, match=complaint):
        bech32.decode(text)


def test_a_prefix_may_have_the_first_and_the_last_printable_character() -> None:
    """The bounds of a prefix are those of BIP 173, 33 to 126."""
    assert bech32.decode(bech32.encode("!~", b"parrots")) == ("!~", b"parrots")


@pytest.mark.parametrize("values", [[0, 1], [0], [31, 31, 31]])
def test_padding_that_is_not_zero_or_too_long_is_refused(values: list[int]) -> None:
    """A key could otherwise be written in several ways."""
    checksum = bech32._polymod([*bech32._expand("a"), *values, *[0] * 6]) ^ 1
    symbols = [*values, *((checksum >> 5 * (5 - i)) & 31 for i in range(6))]
    with pytest.raises(KeyFormatError, match="one encoding"):
        bech32.decode("a1" + "".join(bech32._ALPHABET[symbol] for symbol in symbols))
