"""Codenames: eight words from which all keys of a source are derived, here and in the browser alike."""

import hashlib
from dataclasses import dataclass, field
from typing import Self

from nacl.public import PrivateKey
from nacl.pwhash import argon2id

from crypto.errors import CheckWordError, CodenameError, KeyFormatError, UnknownWordError
from crypto.hybrid import HybridIdentity
from crypto.primitives import hkdf_expand
from crypto.wordlist import (
    LIST_ID,
    LIST_SIZE,
    are_positions,
    draw,
    encode_positions,
    show_words,
    split_words,
    word_positions,
)

WORDS = 8  # the last one confirms the others
INSTANCE_SIZE = 16

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
        if len(self.indices) != WORDS or not are_positions(self.indices):
            raise CodenameError(f"a codename has {WORDS} words: enter all of them, and nothing else")
        if self.indices[-1] != _check_index(self.indices[:-1]):
            raise CheckWordError("the words do not belong together: check the spelling and the order of each")

    @classmethod
    def generate(cls) -> Self:
        """Return a new random codename. Codenames are never chosen: what people choose can be guessed."""
        chosen = draw(WORDS - 1)
        return cls((*chosen, _check_index(chosen)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the codename that a person typed, in any case and spacing, with or without hyphens.

        Raises:
            CodenameError: there are not eight words.
            UnknownWordError: a word is not on the list; the error has its position and not the word.
            CheckWordError: each word is on the list, but they are not a codename.
        """
        words = split_words(text)
        if len(words) != WORDS:
            raise CodenameError(f"a codename has {WORDS} words: enter all of them, and nothing else")
        positions = word_positions()
        for position, word in enumerate(words, start=1):
            if word not in positions:
                raise UnknownWordError(position)
        return cls(tuple(positions[word] for word in words))

    def __str__(self) -> str:
        return show_words(self.indices)

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
        secret = _LABEL + b"codename" + LIST_ID + encode_positions(self.indices[:-1])
        # libsodium gives the 19 MiB back at once; malloc would keep them for every thread that ever derived.
        root = argon2id.kdf(32, secret, instance, opslimit=2, memlimit=19_456 * 1024)
        return CodenameKeys(
            reply=HybridIdentity.from_seed(hkdf_expand(root, _LABEL + b"reply identity")),
            conversation=PrivateKey(hkdf_expand(root, _LABEL + b"conversation")),
            shelf=hkdf_expand(root, _LABEL + b"shelf"),
            case_key=hkdf_expand(root, _LABEL + b"case key"),
        )


def _check_index(indices: tuple[int, ...]) -> int:
    digest = hashlib.sha256(_LABEL + b"check word" + LIST_ID + encode_positions(indices)).digest()
    return int.from_bytes(digest[:8], "big") % LIST_SIZE
