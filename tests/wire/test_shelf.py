"""Shelves are named by first bits, and what lies on a wider one is on the way to a narrower one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.shelf import (
    BITS,
    NARROWEST,
    SHARED_BY,
    is_shelf_name,
    names_on_the_way,
    shelf_name,
    shelf_names,
    shelf_of,
    width_for,
)


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


@pytest.mark.parametrize("bits", [0, 1, 3])
def test_all_shelves_of_a_width_are_named(bits: int) -> None:
    """There are two to the power of the width, each of that width."""
    names = shelf_names(bits)
    assert len(set(names)) == len(names) == 2**bits
    assert all(is_shelf_name(name) and len(name) == bits for name in names)


@settings(deadline=None)
@given(shelves=st.lists(st.integers(0, 2**BITS - 1), max_size=600), shared_by=st.sampled_from([1, 3, SHARED_BY]))
def test_every_shelf_is_shared_by_enough_conversations(shelves: list[int], shared_by: int) -> None:
    """The width found leaves no shelf with fewer than so many; one bit more would, or is more than there may be."""
    bits = width_for(shelves, shared_by)
    assert bits == 0 or fewest_on_a_shelf(shelves, bits) >= shared_by
    assert bits == NARROWEST or fewest_on_a_shelf(shelves, bits + 1) < shared_by


def fewest_on_a_shelf(shelves: list[int], bits: int) -> int:
    """How many conversations the emptiest shelf of a width has."""
    names = [shelf_name(shelf, bits) for shelf in shelves]
    return min(names.count(name) for name in shelf_names(bits))


@pytest.mark.parametrize(
    ("left", "right", "bits"), [(0, 0, 0), (63, 64, 0), (64, 63, 0), (64, 64, 1), (10_000, 63, 0), (10_000, 64, 1)]
)
def test_the_emptiest_shelf_decides(left: int, right: int, bits: int) -> None:
    """However many conversations there are, a second shelf needs 64 on each."""
    assert width_for([0x0000] * left + [0x8000] * right) == bits


def test_a_conversation_with_many_letters_counts_once() -> None:
    """The rule is given conversations: what they write does not narrow a shelf, and no number narrows it for ever."""
    assert width_for(range(2**BITS)) == NARROWEST
