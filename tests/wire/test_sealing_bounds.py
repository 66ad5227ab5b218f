"""How full a letter can be, to the byte."""

from collections.abc import Callable

import pytest

from crypto.unseal import unseal
from tests.wire.test_sealing import ORGANISATION, TIP, finish, make_sealer, put
from wire.errors import LetterError
from wire.files import UNKNOWN_TYPE, File
from wire.opening import read_files
from wire.sealing import _with_short_type

LONG_TYPE = "x/" + "y" * 31


@pytest.fixture
def small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of 12,000 bytes, which a story can fill."""
    monkeypatch.setattr("wire.sealing.LETTER_SIZE", 12_000)


def plaintext(story: int, media_type: str = "") -> bytes:
    """The plaintext of a letter with a story of so many bytes, and with one file if it has a type."""
    sealer = make_sealer()
    if media_type:
        put(sealer, "a", b"x", media_type)
    sealed = sealer.finish(TIP, 2, "en", {}, "x" * story)
    return unseal(sealed, [ORGANISATION.period["r1"]])


def largest(fits: Callable[[int], bool]) -> int:
    """The largest number up to 4,000 that fits, where all smaller ones do."""
    low, high = 0, 4_000
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def fits(story: int) -> bool:
    """Whether a letter holds a story of so many bytes."""
    try:
        plaintext(story)
    except LetterError:
        return False
    return True


def keeps_the_type(story: int) -> bool:
    """Whether a letter with that story has room for a long type of a file."""
    try:
        return LONG_TYPE.encode() in plaintext(story, LONG_TYPE)
    except LetterError:
        return False


@pytest.mark.usefixtures("small_letters")
def test_a_letter_is_filled_to_its_last_byte_before_it_is_too_full() -> None:
    """Where one more byte does not fit, no space is left."""
    most = largest(fits)
    assert 0 < most < 4_000
    assert not plaintext(most).endswith(b" \n")
    assert plaintext(most - 1).endswith(b"} \n")


@pytest.mark.usefixtures("small_letters")
def test_a_type_is_kept_until_the_letter_is_full() -> None:
    """Where one more byte of story costs the type, no space is left."""
    most = largest(keeps_the_type)
    assert 0 < most < 4_000
    assert not plaintext(most, LONG_TYPE).endswith(b" \n")
    assert UNKNOWN_TYPE.encode() in plaintext(most + 1, "x/" + "y" * 78)


def test_a_type_of_32_bytes_is_short() -> None:
    """It stays where room is short, and one of 33 does not."""
    short, long = (File("a", "x/" + "y" * size, 0, 0, bytes(32)) for size in (30, 31))
    assert _with_short_type(short) == short
    assert _with_short_type(long).type == UNKNOWN_TYPE


@pytest.mark.parametrize("story", ["x" * 4_001, "象牙。\n" * 40_000], ids=len)
def test_a_long_story_is_whole_in_its_file(story: str) -> None:
    """Whoever opens the parts reads every word of it."""
    parts: list[bytes] = []
    letter = finish(make_sealer(store=parts.append), story=story)
    fetch = dict(zip(letter.parts, parts, strict=True)).__getitem__
    files = read_files(letter, fetch, [ORGANISATION.period["r2"]])
    assert [(file.name, b"".join(content).decode()) for file, content in files] == [("story.txt", story)]
