"""The word list of codenames and claim words: 7,776 words, drawn by position, read as people type them."""

import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

LIST_ID = b"eff-long-2016"
LIST_SIZE = 7776

# Limits of what is worth looking at: eight of the longest words and much white space are far shorter.
TEXT_LIMIT = 1024  # characters
_SEPARATORS = re.compile(r"[\s\u2010-\u2015\u2212-]+")  # white space; the hyphens and dashes that keyboards insert


@cache
def word_positions() -> Mapping[str, int]:
    """Return each word of the list with its position from 0, in the order of the list."""
    words = files("crypto").joinpath("words", "eff_long.txt").read_text("ascii").split()
    return {word: position for position, word in enumerate(words)}


def draw(count: int) -> tuple[int, ...]:
    """Return so many random positions, each worth 12.9 bits. Words are never chosen: what people choose is guessed."""
    return tuple(secrets.randbelow(LIST_SIZE) for _ in range(count))


def are_positions(indices: Sequence[int]) -> bool:
    """Tell whether all of them are positions on the list."""
    return all(0 <= index < LIST_SIZE for index in indices)


def encode_positions(indices: Sequence[int]) -> bytes:
    """Return two bytes for each position, big-endian."""
    return b"".join(index.to_bytes(2, "big") for index in indices)


def show_words(indices: Sequence[int]) -> str:
    """Return the words at these positions, with a space between them."""
    words = tuple(word_positions())
    return " ".join(words[index] for index in indices)


def split_words(text: str) -> list[str]:
    """Return the words of what was typed, in any case and spacing, with or without hyphens.

    Args:
        text: what is longer than 1,024 characters has no words. They need not be on the list.
    """
    if len(text) > TEXT_LIMIT:
        return []
    pieces = _SEPARATORS.split(unicodedata.normalize("NFKD", text).lower())
    return _join_hyphenated([piece for piece in pieces if piece])


def _join_hyphenated(pieces: Sequence[str]) -> list[str]:
    """Join again the four words of the list that have a hyphen; the first half of none of them is itself a word."""
    positions = word_positions()
    words: list[str] = []
    for piece in pieces:
        if words and words[-1] not in positions and f"{words[-1]}-{piece}" in positions:
            words[-1] += f"-{piece}"
        else:
            words.append(piece)
    return words
