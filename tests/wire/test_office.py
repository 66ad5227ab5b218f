"""An office and its card."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.dossiers import Desk
from wire.errors import OfficeError
from wire.office import Office

OFFICE = Desk().office
CARD = OFFICE.encode()


def test_a_card_gives_its_office_back() -> None:
    """A card is read as the office that it was written for."""
    assert Office.decode(CARD) == OFFICE


def test_the_digest_follows_the_keys_alone() -> None:
    """Another name is the same office, another key is another one."""
    assert replace(OFFICE, name="Another").digest == OFFICE.digest
    assert replace(OFFICE, key=bytes(32)).digest != OFFICE.digest


@pytest.mark.parametrize("name", ["", "x" * 121, "two\nlines", "\u202eturned"])
def test_a_name_is_one_line(name: str) -> None:
    """A name that is empty, long, or could hide something is refused, when made and when read."""
    with pytest.raises(OfficeError):
        replace(OFFICE, name=name)
    with pytest.raises(OfficeError):
        Office.decode(CARD.replace(b"Parquet de Lyon", name.replace("\n", "\\n").encode()))


def test_a_key_has_32_bytes() -> None:
    """A signing key of another size is refused."""
    with pytest.raises(OfficeError):
        replace(OFFICE, key=bytes(31))


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b'"v":1', b'"v":2'),
        (b"lapwing-office", b"lapwing-secret"),
        (b"age1pq1", b"age1qq1"),
        (b'"name"', b'"names"'),
        (b'{"v"', b'{"x":1,"v"'),
    ],
)
def test_what_is_no_card_is_refused(part: bytes, other: bytes) -> None:
    """Each field must be there, be right, and be the only one of its name."""
    with pytest.raises(OfficeError):
        Office.decode(CARD.replace(part, other))


@given(st.binary(max_size=200))
def test_any_bytes_give_an_office_or_an_error(untrusted: bytes) -> None:
    """No bytes do anything but give an office or an ``OfficeError``."""
    with contextlib.suppress(OfficeError):
        Office.decode(untrusted)


@given(st.integers(0, len(CARD) - 1), st.binary(max_size=3))
def test_a_damaged_card_gives_an_office_or_an_error(position: int, damage: bytes) -> None:
    """Damage anywhere in a card does nothing but give an office or an ``OfficeError``."""
    with contextlib.suppress(OfficeError):
        Office.decode(CARD[:position] + damage + CARD[position + 1 :])
