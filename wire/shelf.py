"""Shelves: where a reply waits, named by the first bits of the source's shelf value.

The letter tells the reviewers the first 16 bits; the key sheet says how many of them are used. So the shelves can
become narrower as the conversations grow in number, and what was put on a wide one is still found.
"""

from collections import Counter
from collections.abc import Collection
from typing import Final

BITS: Final = 16
"""The most bits that a shelf can have, and what a letter tells."""
NARROWEST: Final = 3
"""The most bits that the rule of `width_for` comes to: eight shelves."""
SHARED_BY: Final = 64
"""Conversations that share each shelf at least, unless there is but one."""


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


def shelf_names(bits: int) -> tuple[str, ...]:
    """Return the names of all shelves of a width, 0 to 16 bits: 1 to 65,536 of them."""
    return tuple(shelf_name(place << (BITS - bits), bits) for place in range(1 << bits))


def width_for(shelves: Collection[int], shared_by: int = SHARED_BY) -> int:
    """Return how many bits may name a shelf: the most with which enough conversations share each single one.

    Args:
        shelves: first 16 bits of the shelf value of each conversation, once for each.
        shared_by: how many must share every shelf; the emptiest one decides, not the mean.

    Returns:
        0 to `NARROWEST` bits; 0, one shelf for everybody, whatever its number.
    """
    bits = 0
    while bits < NARROWEST:
        shares = Counter(shelf_name(shelf, bits + 1) for shelf in shelves)
        if min(shares[name] for name in shelf_names(bits + 1)) < shared_by:
            break
        bits += 1
    return bits
