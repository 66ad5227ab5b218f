"""The bounds of files and of their names, each at its very edge."""

from typing import Any

import pytest

from tests.wire.test_files import NAME, make
from wire.errors import LetterError
from wire.files import LIMITS, UNKNOWN_TYPE, File, SealedFiles, clean_name, clean_type, is_file_name


def test_the_limits_are_those_of_the_format() -> None:
    """They are the numbers that docs/format.md has."""
    assert (LIMITS.files, LIMITS.name, LIMITS.type, LIMITS.parts) == (101, 120, 80, 64)
    assert LIMITS.total == 34_359_738_368


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ({"name": "x"}, {"name": ""}),
        ({"name": "é" * 60}, {"name": "é" * 60 + "x"}),
        ({"type": "a/" + "b" * 78}, {"type": "a/" + "b" * 79}),
        ({"offset": 0}, {"offset": -1}),
        ({"offset": 2**35}, {"offset": 2**35 + 1}),
        ({"length": 0}, {"length": -1}),
        ({"length": 2**35}, {"length": 2**35 + 1}),
        ({"sha256": bytes(32)}, {"sha256": bytes(31)}),
        ({"sha256": bytes(32)}, {"sha256": bytes(33)}),
    ],
)
def test_the_last_value_makes_a_file_and_the_next_none(last: dict[str, Any], first: dict[str, Any]) -> None:
    """Names, types, offsets and lengths reach to their bounds and not beyond."""
    make(**last)
    with pytest.raises(LetterError):
        make(**first)


@pytest.mark.parametrize(
    ("files", "parts", "index"),
    [
        ((), (), False),
        ((make(length=0),), (), False),
        ((make(),), NAME, True),
        ((make(),), NAME * 64, False),
        (tuple(make(offset=number) for number in range(101)), NAME, False),
        ((make(length=2**35), make(offset=2**35, length=0)), NAME, False),
    ],
    ids=["nothing", "no bytes", "an index", "64 parts", "101 files", "32 GiB"],
)
def test_a_list_reaches_to_its_bounds(files: tuple[File, ...], parts: tuple[bytes, ...], index: bool) -> None:
    """As many files, parts and bytes as a letter can list are listed."""
    assert SealedFiles(files, parts, index).parts == parts


@pytest.mark.parametrize(
    ("files", "parts"),
    [
        ((make(),), NAME * 65),
        (tuple(make(offset=number) for number in range(102)), NAME),
        ((make(length=2**35), make(offset=2**35)), NAME),
    ],
    ids=["parts", "files", "bytes"],
)
def test_one_more_is_too_much(files: tuple[File, ...], parts: tuple[bytes, ...]) -> None:
    """It has a kind of its own, since a source can do something about it."""
    with pytest.raises(LetterError) as caught:
        SealedFiles(files, parts, index=False)
    assert caught.value.kind == "too_much"


@pytest.mark.parametrize(
    ("untrusted", "name"),
    [
        pytest.param("x" * 114 + " .jpeg", "x" * 114 + " .jpeg", id="120 bytes stay as they are"),
        pytest.param("x" * 200 + "." + "y" * 16, "x" * 103 + "." + "y" * 16, id="an ending of 16 bytes stays"),
        pytest.param("x" * 200 + "." + "y" * 17, "x" * 120, id="one of 17 does not"),
        pytest.param(
            "\u202e" * 495 + "A" + "x" * 12 + ".jpg", "A" + "x" * 12 + ".jpg", id="512 characters are looked at"
        ),
        pytest.param("\u202e" * 496 + "A" + "x" * 12 + ".jpg", "x" * 12 + ".jpg", id="of 513, not the 497th"),
        pytest.param("\u202e" * 495 + "BA" + "x" * 12 + ".jpg", "B" + "x" * 12 + ".jpg", id="but the 496th"),
    ],
)
def test_a_long_name_is_cut_at_its_bounds(untrusted: str, name: str) -> None:
    """So many bytes stay, so many characters are looked at, and so much of the ending is kept."""
    assert clean_name(untrusted) == name
    assert is_file_name(name)


def test_a_type_of_80_bytes_is_kept() -> None:
    """A longer one becomes an unknown one."""
    assert clean_type("a/" + "b" * 78) == "a/" + "b" * 78
    assert clean_type("a/" + "b" * 79) == UNKNOWN_TYPE
