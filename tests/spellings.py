"""The ways in which a word could be written down, to look for all of them."""

import base64
from collections.abc import Iterable


def spellings(word: bytes) -> frozenset[bytes]:
    """Return what of a word stands in any text that holds it: as it is, percent-encoded, in hexadecimal, in base64.

    Args:
        word: 16 bytes or more; in base64 its first and last bytes depend on what stands beside it, and are left out.
    """
    percent = b"".join(b"%%%02x" % byte for byte in word)
    found = {word, percent, percent.upper(), word.hex().encode(), word.hex().upper().encode()}
    for before in range(3):
        text = base64.b64encode(b"\0" * before + word)
        whole = text[-(-before * 4 // 3) :].rstrip(b"=")[:-1]
        found |= {whole, whole.translate(bytes.maketrans(b"+/", b"-_"))}
    return frozenset(found)


def all_spellings(words: Iterable[bytes]) -> frozenset[bytes]:
    """Return the spellings of several words."""
    return frozenset().union(*map(spellings, words))


def found_in(content: bytes, sought: Iterable[bytes]) -> list[bytes]:
    """Return which of the spellings stand in some bytes."""
    return [one for one in sought if one in content]
