"""Shelves: where a reply waits, named by the first bits of the source's shelf value.

The letter tells the reviewers the first 16 bits; the key sheet says how many of them are used. So the shelves can
become narrower as the conversations grow in number, and what was put on a wide one is still found.
"""

from typing import Final

BITS: Final = 16
"""The most bits that a shelf can have, and what a letter tells."""


def shelf_of(value: bytes) -> int:
    """Return the first 16 bits of a shelf value (32 bytes), 0 to 65,535."""
    return int.from_bytes(value[:2], "big")


def shelf_name(shelf: int, bits: int) -> str:
    """Return the name of a shelf: its first `bits` bits, 0 to 16 characters `0` and `1`."""
    return f"{shelf:0{BITS}b}"[:bits]


def is_shelf_name(name: str) -> bool:
    """Tell whether this names a shelf, of whatever width."""
    return len(name) <= BITS and set(name) <= {"0", "1"}


def names_on_the_way(name: str) -> tuple[str, ...]:
    """Return the names of all wider shelves that this one is part of, itself last: 1 to 17."""
    return tuple(name[:width] for width in range(len(name) + 1))
