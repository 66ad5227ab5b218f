"""The word list, and how words are read and drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.wordlist import (
    LIST_SIZE,
    TEXT_LIMIT,
    are_positions,
    draw,
    encode_positions,
    show_words,
    split_words,
    word_positions,
)

POSITIONS = st.lists(st.integers(0, LIST_SIZE - 1), min_size=1, max_size=8)


@given(POSITIONS, st.sampled_from([" ", "-", "\u2013 ", "\n\t"]), st.booleans())
def test_words_are_read_however_they_are_spaced(indices: list[int], separator: str, upper: bool) -> None:
    """White space, hyphens and case do not matter."""
    text = separator.join(show_words([index]) for index in indices)
    words = split_words(text.upper() if upper else text)
    assert [word_positions()[word] for word in words] == indices


@given(st.text(max_size=100))
def test_any_text_is_split(text: str) -> None:
    """Whatever is typed, the pieces are neither empty nor do they hold white space."""
    assert all(piece and not set(piece) & set(" \t\n") for piece in split_words(text))


def test_words_with_a_hyphen_may_be_typed_as_two() -> None:
    """A word that is none alone is joined to the next if that makes one; a word of its own is left alone."""
    assert split_words("drop down T shirt") == ["drop-down", "t-shirt"]
    assert split_words("abacus down") == ["abacus", "down"]
    assert split_words("drop abacus") == ["drop", "abacus"]


def test_a_text_that_is_too_long_has_no_words() -> None:
    """What has more than 1,024 characters is not looked at."""
    assert split_words("abacus".ljust(TEXT_LIMIT)) == ["abacus"]
    assert split_words("abacus".ljust(TEXT_LIMIT + 1)) == []
    assert TEXT_LIMIT == 1024


def test_positions_are_those_of_the_list() -> None:
    """The first and the last word have the first and the last position, and there is none beyond."""
    assert (show_words([0]), show_words([LIST_SIZE - 1])) == ("abacus", "zoom")
    assert are_positions([0, LIST_SIZE - 1])
    assert are_positions([])
    assert not are_positions([0, LIST_SIZE])
    assert not are_positions([-1, 0])


def test_drawn_positions_are_on_the_list_and_differ() -> None:
    """So many as were asked for; two draws of eight are never alike."""
    one, other = draw(8), draw(8)
    assert len(one) == len(other) == 8
    assert are_positions(one)
    assert one != other


@pytest.mark.parametrize(("indices", "encoded"), [((), ""), ((1, 258), "00010102"), ((LIST_SIZE - 1,), "1e5f")])
def test_positions_are_encoded_in_two_bytes_each(indices: tuple[int, ...], encoded: str) -> None:
    """Big-endian, one after the other."""
    assert encode_positions(indices).hex() == encoded
