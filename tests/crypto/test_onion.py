"""The checksum and the version in an onion's address make a wrong letter show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import KeyFormatError
from crypto.onion import onion_of, parse_onion

# The Tor Project's own site, as its pages give it.
KNOWN = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid"


def test_known_address_is_read_in_every_spelling() -> None:
    """With or without scheme, ending, slash and capitals it is the same address."""
    for text in (KNOWN, f"{KNOWN}.onion", f"http://{KNOWN}.onion/", f" {KNOWN.upper()}.ONION"):
        assert parse_onion(text) == f"{KNOWN}.onion"


@pytest.mark.parametrize(
    "text",
    [
        "",
        KNOWN[:-1],
        f"{KNOWN}a",
        f"3{KNOWN[1:]}",
        f"{KNOWN[:-1]}e",
        f"{KNOWN[:-1]}1",
        "2gzyxa5i.onion",
        f"www.{KNOWN}.onion",
        f"https://{KNOWN}.onion",
        f"{KNOWN}.onion/tip",
    ],
)
def test_typing_error_is_told(text: str) -> None:
    """Another letter, one more, one less or more than the address is refused, and not repeated."""
    with pytest.raises(KeyFormatError, match=r"^this is not an onion address; look for a typing error$"):
        parse_onion(text)


@given(st.binary(min_size=32, max_size=32))
def test_the_address_of_a_key_is_one(key: bytes) -> None:
    """What `onion_of` writes, `parse_onion` reads."""
    assert parse_onion(onion_of(key)) == onion_of(key)
