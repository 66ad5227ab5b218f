"""An office's key file."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.hybrid import HybridIdentity
from prosecutor.errors import KeyFileError, PlaceError
from prosecutor.keyfile import OfficeKey, generate, read_key, write_new
from wire.errors import OfficeError

KEY = generate("Parquet de Lyon")
ENCODED = KEY.encode()


@pytest.mark.parametrize("root", [None, bytes(range(32))])
def test_a_key_file_is_read_as_written(tmp_path: Path, root: bytes | None) -> None:
    """Name, both keys and a noted root come back."""
    key = generate("Zoll 海关", root)
    write_new(tmp_path / "key", key.encode(), 0o600)

    assert read_key(tmp_path / "key").encode() == key.encode()
    assert read_key(tmp_path / "key").root == root
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_the_age_tools_find_their_identity() -> None:
    """The one line that is no comment is the identity."""
    lines = [line for line in ENCODED.decode().splitlines() if not line.startswith("#")]

    assert [HybridIdentity.parse(line).seed for line in lines] == [KEY.identity.seed]


def test_a_key_file_is_marked_as_a_secret() -> None:
    """The mark by which a server that must hold no secret finds one stands in the first line."""
    assert ENCODED.startswith(b"# lapwing-secret ")


def test_secrets_are_not_shown() -> None:
    """What is printed of a key is the name alone."""
    assert KEY.identity.encode() not in repr(KEY)
    assert bytes(KEY.signing).hex() not in repr(KEY)


def test_the_card_holds_no_secret() -> None:
    """The office is the public half."""
    card = KEY.office.encode()

    assert KEY.identity.encode().encode() not in card
    assert bytes(KEY.signing).hex().encode() not in card


@pytest.mark.parametrize("name", ["", "two\nlines", "x" * 121])
def test_a_name_is_one_line(name: str) -> None:
    """No keys are made for a name that a card could not carry."""
    with pytest.raises(OfficeError):
        generate(name)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b"lapwing-secret", b"lapwing-office"),
        (b"AGE-SECRET-KEY-PQ-1", b"AGE-SECRET-KEY-PQ-1A"),
        (b"Parquet", b"\xff"),
        (b"Parquet", b"\x1b["),
        (b"# signing key: ", b"# signing key: 0"),
    ],
)
def test_a_damaged_key_file_is_refused(part: bytes, other: bytes) -> None:
    """Damage is told as such, without what the file holds."""
    with pytest.raises(KeyFileError):
        OfficeKey.decode(ENCODED.replace(part, other))


@given(st.binary(max_size=200))
def test_any_bytes_give_a_key_or_an_error(untrusted: bytes) -> None:
    """No bytes do anything but give a key or a ``KeyFileError``."""
    with contextlib.suppress(KeyFileError):
        OfficeKey.decode(untrusted)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A key file that is not there is a place to correct."""
    with pytest.raises(PlaceError):
        read_key(tmp_path / "none")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that exists stays as it is, and so does a folder that does not."""
    (tmp_path / "there").write_bytes(b"kept")

    with pytest.raises(PlaceError, match="exists"):
        write_new(tmp_path / "there", b"other")
    with pytest.raises(PlaceError, match="cannot be written"):
        write_new(tmp_path / "none" / "file", b"other")
    assert (tmp_path / "there").read_bytes() == b"kept"
