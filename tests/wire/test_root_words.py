"""The words of a root are few enough to compare and enough to be sure."""

from hypothesis import given
from hypothesis import strategies as st

from wire.root_words import WORDS, root_words

WORDS_OF_ZEROS = "treason preaching squad reconvene predict happily onward jazz robe probing"


def test_the_words_of_a_root_never_change() -> None:
    """What is printed on a card today is shown by every later version."""
    assert " ".join(root_words(bytes(32))) == WORDS_OF_ZEROS


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_two_roots_have_different_words(one: bytes, other: bytes) -> None:
    """Ten words of the list, and others for another root."""
    assert len(root_words(one)) == WORDS
    assert (root_words(one) == root_words(other)) == (one == other)
