"""Codenames: eight words from which all keys of a source are derived, here and in the browser alike."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Self

from nacl.public import PrivateKey
from nacl.pwhash import argon2id

from crypto.errors import CheckWordError, CodenameError, KeyFormatError, UnknownWordError
from crypto.hybrid import HybridIdentity
from crypto.primitives import hkdf_expand

LIST_ID = b"eff-long-2016"
LIST_SIZE = 7776
WORDS = 8  # the last one confirms the others
INSTANCE_SIZE = 16

# Limits of what is worth looking at: eight of the longest words and much white space are far shorter.
_TEXT_LIMIT = 1024  # characters
_SEPARATORS = re.compile(r"[\s\u2010-\u2015\u2212-]+")  # white space; the hyphens and dashes that keyboards insert
_LABEL = b"lapwing/v1/"


@dataclass(frozen=True)
class CodenameKeys:
    """What a codename opens. All of it is secret.

    Attributes:
        reply: opens the replies.
        conversation: authenticates letters (see ``conversation``).
        shelf: 32 bytes, the first bits of which name the shelf of the replies.
        case_key: 32 bytes.
    """

    reply: HybridIdentity
    conversation: PrivateKey = field(repr=False)
    shelf: bytes = field(repr=False)
    case_key: bytes = field(repr=False)


@dataclass(frozen=True)
class Codename:
    """Seven random words, which make 90 bits, and a check word.

    Attributes:
        indices: eight positions on the word list, from 0. Keys depend on these alone, so a list of the same size in
            another language can stand in, under its own list id.

    Raises:
        CodenameError: not eight positions on the list.
        CheckWordError: the last does not confirm the others.
    """

    indices: tuple[int, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.indices) != WORDS or not all(0 <= index < LIST_SIZE for index in self.indices):
            raise CodenameError(f"a codename has {WORDS} words: enter all of them, and nothing else")
        if self.indices[-1] != _check_index(self.indices[:-1]):
            raise CheckWordError("the words do not belong together: check the spelling and the order of each")

    @classmethod
    def generate(cls) -> Self:
        """Return a new random codename. Codenames are never chosen: what people choose can be guessed."""
        chosen = tuple(secrets.randbelow(LIST_SIZE) for _ in range(WORDS - 1))
        return cls((*chosen, _check_index(chosen)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the codename that a person typed, in any case and spacing, with or without hyphens.

        Raises:
            CodenameError: there are not eight words.
            UnknownWordError: a word is not on the list; the error has its position and not the word.
            CheckWordError: each word is on the list, but they are not a codename.
        """
        if len(text) > _TEXT_LIMIT:
            raise CodenameError(f"a codename has {WORDS} words: enter all of them, and nothing else")
        pieces = _SEPARATORS.split(unicodedata.normalize("NFKD", text).lower())
        words = _join_hyphenated([piece for piece in pieces if piece])
        if len(words) != WORDS:
            raise CodenameError(f"a codename has {WORDS} words: enter all of them, and nothing else")
        positions = _word_positions()
        for position, word in enumerate(words, start=1):
            if word not in positions:
                raise UnknownWordError(position)
        return cls(tuple(positions[word] for word in words))

    def __str__(self) -> str:
        words = tuple(_word_positions())
        return " ".join(words[index] for index in self.indices)

    def derive(self, instance: bytes) -> CodenameKeys:
        """Return the keys of this codename at one organisation.

        Argon2id (version 1.3, 19,456 KiB, 2 passes, 1 lane) of the word positions, salted with the instance id; then
        one HKDF-SHA-256 expansion for each key. About 15 ms here, some seconds in a browser without a JIT. The 90
        bits are the defence, and the stretching is a margin.

        Args:
            instance: the random id of the organisation, 16 bytes.

        Raises:
            KeyFormatError: the instance id has another length.
        """
        if len(instance) != INSTANCE_SIZE:
            raise KeyFormatError(f"the instance id has {INSTANCE_SIZE} bytes")
        secret = _LABEL + b"codename" + LIST_ID + _encode(self.indices[:-1])
        # libsodium gives the 19 MiB back at once; malloc would keep them for every thread that ever derived.
        root = argon2id.kdf(32, secret, instance, opslimit=2, memlimit=19_456 * 1024)
        return CodenameKeys(
            reply=HybridIdentity.from_seed(hkdf_expand(root, _LABEL + b"reply identity")),
            conversation=PrivateKey(hkdf_expand(root, _LABEL + b"conversation")),
            shelf=hkdf_expand(root, _LABEL + b"shelf"),
            case_key=hkdf_expand(root, _LABEL + b"case key"),
        )


def _check_index(indices: tuple[int, ...]) -> int:
    digest = hashlib.sha256(_LABEL + b"check word" + LIST_ID + _encode(indices)).digest()
    return int.from_bytes(digest[:8], "big") % LIST_SIZE


def _encode(indices: tuple[int, ...]) -> bytes:
    return b"".join(index.to_bytes(2, "big") for index in indices)


def _join_hyphenated(pieces: Sequence[str]) -> list[str]:
    """Join again the four words of the list that have a hyphen; the first half of none of them is itself a word."""
    positions = _word_positions()
    words: list[str] = []
    for piece in pieces:
        if words and words[-1] not in positions and f"{words[-1]}-{piece}" in positions:
            words[-1] += f"-{piece}"
        else:
            words.append(piece)
    return words


@cache
def _word_positions() -> dict[str, int]:
    """Return each word of the list with its position, in the order of the list."""
    words = files("crypto").joinpath("words", "eff_long.txt").read_text("ascii").split()
    return {word: position for position, word in enumerate(words)}
