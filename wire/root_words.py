"""A root key in words: what an organisation prints on a card, and people compare by eye."""

import hashlib
from importlib import resources
from typing import Final

WORDS: Final = 10
"""Ten words name 129 bits; and nobody takes them for a codename, which has eight."""

_CONTEXT: Final = b"lapwing/v1/root words"


def root_words(root: bytes) -> tuple[str, ...]:
    """Return the ten words of a root, for comparison with what is published elsewhere; they are no secret.

    Args:
        root: Ed25519 public key, 32 bytes.
    """
    words = resources.files("crypto").joinpath("words", "eff_long.txt").read_text("ascii").split()
    value = int.from_bytes(hashlib.sha256(_CONTEXT + root).digest(), "big")
    return tuple(words[value // len(words) ** place % len(words)] for place in range(WORDS))
