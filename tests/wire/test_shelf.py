"""Shelves are named by first bits, and what lies on a wider one is on the way to a narrower one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.shelf import BITS, is_shelf_name, names_on_the_way, shelf_name, shelf_of


@given(value=st.binary(min_size=32, max_size=32), bits=st.integers(0, BITS))
def test_a_name_is_the_first_bits_of_the_shelf_value(value: bytes, bits: int) -> None:
    """The name has so many bits, and they are the first of the value's."""
    name = shelf_name(shelf_of(value), bits)
    assert name == "".join(f"{byte:08b}" for byte in value)[:bits]
    assert is_shelf_name(name)


@given(value=st.binary(min_size=32, max_size=32), bits=st.integers(0, BITS), wider=st.integers(0, BITS))
def test_a_source_finds_what_was_put_on_a_wider_shelf(value: bytes, bits: int, wider: int) -> None:
    """Names on the way hold every wider name of the same value, and no narrower one."""
    way = names_on_the_way(shelf_name(shelf_of(value), bits))
    assert (shelf_name(shelf_of(value), wider) in way) == (wider <= bits)
    assert len(way) == bits + 1


@pytest.mark.parametrize("name", ["", "0", "1", "01", "0" * 16, "01" * 8])
def test_what_is_a_name_of_a_shelf(name: str) -> None:
    """The whole shelf has none of the characters, and one or both of them make up any other."""
    assert is_shelf_name(name)


@pytest.mark.parametrize("name", ["2", "0 1", "01\n", "٠", "0" * 17])
def test_what_is_no_name_of_a_shelf(name: str) -> None:
    """Only 0 to 16 characters 0 and 1 are a name."""
    assert not is_shelf_name(name)
