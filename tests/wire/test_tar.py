"""The tar of a bag: one form, and everything else refused."""

import contextlib
import io
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import DossierError
from wire.tar import BLOCK, RECORD, ending, member_header, padding, read_members

FILES = [("a/one.txt", b"one"), ("a/two", b""), ("a/three", b"x" * 700_000), ("a/four", b"y" * 512)]


def write(files: list[tuple[str, bytes]]) -> bytes:
    """Write a tar."""
    body = b"".join(member_header(name, len(data)) + data + padding(len(data)) for name, data in files)
    return body + ending(len(body))


def read(tar: bytes) -> list[tuple[str, bytes]]:
    """Read a tar."""
    members = []
    for name, size, content in read_members(io.BytesIO(tar).read):
        data = b"".join(content)
        assert len(data) == size
        members.append((name, data))
    return members


def changed(field: str, value: object, data: bytes = b"one") -> bytes:
    """A tar of one file whose header has another value in one field."""
    info = tarfile.TarInfo("a/one.txt")
    info.size, info.mtime, info.mode = len(data), 946_728_000, 0o644
    setattr(info, field, value)
    body = info.tobuf(tarfile.USTAR_FORMAT) + data + padding(len(data))
    return body + ending(len(body))


def test_a_tar_is_read_as_written() -> None:
    """Names and contents come back."""
    assert read(write(FILES)) == FILES
    assert read(write([])) == []
    assert len(write(FILES)) % RECORD == 0


def test_every_file_is_of_noon_on_the_first_day_of_2000_and_readable() -> None:
    """So the archive tells no time, and unpacks alike everywhere."""
    info = tarfile.TarInfo.frombuf(member_header("a/one.txt", 3), "ascii", "strict")
    assert (info.name, info.size, info.mtime, info.mode) == ("a/one.txt", 3, 946_728_000, 0o644)


def test_other_programs_read_it() -> None:
    """Python's own reader finds the same files, all plain."""
    with tarfile.open(fileobj=io.BytesIO(write(FILES))) as archive:
        assert [(each.name, each.isreg(), each.size) for each in archive] == [(n, True, len(d)) for n, d in FILES]


def test_what_is_left_unread_is_skipped() -> None:
    """The next name is found even when a content was not read."""
    assert [name for name, _, _ in read_members(io.BytesIO(write(FILES)).read)] == [name for name, _ in FILES]


def test_the_reader_streams() -> None:
    """A big file comes in pieces of at most 256 KiB."""
    pieces = [len(piece) for _, _, content in read_members(io.BytesIO(write(FILES)).read) for piece in content]

    assert max(pieces) == 262_144


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", tarfile.SYMTYPE),
        ("type", tarfile.LNKTYPE),
        ("type", tarfile.DIRTYPE),
        ("type", tarfile.CHRTYPE),
        ("type", tarfile.FIFOTYPE),
        ("type", tarfile.AREGTYPE),
        ("type", tarfile.GNUTYPE_SPARSE),
        ("type", tarfile.GNUTYPE_LONGNAME),
        ("type", tarfile.XHDTYPE),
        ("type", tarfile.XGLTYPE),
        ("linkname", "/etc/passwd"),
        ("mode", 0o4755),
        ("uid", 1000),
        ("gid", 1000),
        ("uname", "root"),
        ("gname", "root"),
        ("mtime", 1_800_000_000),
    ],
)
def test_only_plain_files_are_read(field: str, value: object) -> None:
    """Links, devices, folders, extensions, owners and times are refused."""
    with pytest.raises(DossierError, match="header"):
        read(changed(field, value))


def test_a_header_has_one_form() -> None:
    """A number written another way, with its checksum right, is refused."""
    block = bytearray(member_header("a/one.txt", 0))
    block[124:136] = b"          0 "
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)

    with pytest.raises(DossierError, match="plain file"):
        read(bytes(block) + ending(BLOCK))


def test_a_negative_size_is_refused() -> None:
    """A size below zero, as GNU's binary numbers allow it, is refused."""
    block = bytearray(member_header("a/one.txt", 0))
    block[124:136] = b"\xff" * 12
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)

    with pytest.raises(DossierError, match="plain file"):
        read(bytes(block) + ending(BLOCK))


@pytest.mark.parametrize(("name", "size"), [("é", 1), ("a" * 101, 1), ("a", 8 * 2**30)])
def test_what_does_not_fit_is_not_written(name: str, size: int) -> None:
    """A name or size that USTAR cannot say is refused when it is written."""
    with pytest.raises(DossierError, match="does not fit"):
        member_header(name, size)


def _shortened(tar: bytes) -> bytes:
    return tar[:-1]


def _without_end(tar: bytes) -> bytes:
    return tar[: len(tar) - RECORD]


def _more_after_the_end(tar: bytes) -> bytes:
    return tar + b"\0"


def _hidden_in_the_end(tar: bytes) -> bytes:
    return tar[:-1] + b"x"


def _hidden_in_padding(tar: bytes) -> bytes:
    return tar[: BLOCK + 3] + b"x" + tar[BLOCK + 4 :]


def _within_a_file(tar: bytes) -> bytes:
    return tar[: 3 * BLOCK + 1]


@pytest.mark.parametrize(
    "damage",
    [_shortened, _without_end, _more_after_the_end, _hidden_in_the_end, _hidden_in_padding, _within_a_file],
)
def test_nothing_hides_between_or_behind(damage: Callable[[bytes], bytes]) -> None:
    """A tar that is cut short, or holds a byte where none belongs, is refused."""
    with pytest.raises(DossierError):
        read(damage(write(FILES)))


names = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/"), min_size=1, max_size=90)


@given(st.lists(st.tuples(names, st.binary(max_size=2000)), max_size=5))
def test_every_tar_is_read_as_written(files: list[tuple[str, bytes]]) -> None:
    """Any names and contents come back."""
    assert read(write(files)) == files


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=4))
def test_damage_gives_the_same_names_or_an_error(position: int, damage: bytes) -> None:
    """Damage anywhere does nothing but change a content or give a ``DossierError``."""
    tar = write(FILES)
    with contextlib.suppress(DossierError):
        names_only = [name for name, _ in read(tar[:position] + damage + tar[position + len(damage) :])]
        assert len(names_only) == len(FILES)


@given(st.binary(max_size=2000))
def test_any_bytes_give_files_or_an_error(untrusted: bytes) -> None:
    """No bytes do anything but give files or a ``DossierError``."""
    with contextlib.suppress(DossierError):
        read(untrusted)
