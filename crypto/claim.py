"""Claims: four words from which two signing keys follow, and the commitment to them that a tip carries.

Whoever has the words can prove that they wrote the tip, and nobody else can. docs/decisions/0034.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from nacl.exceptions import BadSignatureError
from nacl.pwhash import argon2id
from nacl.signing import SigningKey, VerifyKey

from crypto.errors import ClaimNumberError, ClaimWordsError, KeyFormatError, SignatureError
from crypto.primitives import hkdf_expand
from crypto.wordlist import LIST_ID, are_positions, draw, encode_positions, show_words, split_words, word_positions

WORDS = 4
SALT_SIZE = 16
COMMITMENT_SIZE = 32
ED25519_KEY_SIZE = 32
ML_DSA_KEY_SIZE = 1952
ML_DSA_SIGNATURE_SIZE = 3309

MEMORY = 65_536  # KiB
PASSES = 6

_LABEL = b"lapwing/v1/"
_NUMBER = re.compile(r"[0-9]{2}")
_COUNT = f"claim words are {WORDS} words and a number of two digits: enter all of it, and nothing else"


@dataclass(frozen=True)
class ClaimSignatures:
    """Two signatures of one message; one alone proves nothing.

    Attributes:
        ed25519: 64 bytes.
        ml_dsa: of ML-DSA-65 (FIPS 204), 3,309 bytes.
    """

    ed25519: bytes
    ml_dsa: bytes


@dataclass(frozen=True)
class ClaimPublicKeys:
    """The public halves of the two keys.

    Attributes:
        ed25519: 32 bytes.
        ml_dsa: of ML-DSA-65, 1,952 bytes.

    Raises:
        KeyFormatError: one of them has another length.
    """

    ed25519: bytes
    ml_dsa: bytes

    def __post_init__(self) -> None:
        if len(self.ed25519) != ED25519_KEY_SIZE or len(self.ml_dsa) != ML_DSA_KEY_SIZE:
            raise KeyFormatError(f"a claim has keys of {ED25519_KEY_SIZE} and {ML_DSA_KEY_SIZE} bytes")

    @property
    def commitment(self) -> bytes:
        """What stands in the tip: 32 bytes, SHA-256 over a label and both keys, which have fixed lengths."""
        return hashlib.sha256(_LABEL + b"claim commitment" + self.ed25519 + self.ml_dsa).digest()

    def verify(self, message: bytes, signatures: ClaimSignatures) -> None:
        """Return if both signatures hold.

        Raises:
            SignatureError: one of them does not.
        """
        try:
            VerifyKey(self.ed25519).verify(message, signatures.ed25519)
            MLDSA65PublicKey.from_public_bytes(self.ml_dsa).verify(signatures.ml_dsa, message)
        except (BadSignatureError, InvalidSignature, ValueError):
            raise SignatureError("a signature of the claim does not hold") from None


@dataclass(frozen=True)
class ClaimKeys:
    """The two secret keys of a claim.

    Attributes:
        ed25519: the one that classic computers cannot forge.
        ml_dsa: the one that quantum computers cannot forge either.
    """

    ed25519: SigningKey = field(repr=False)
    ml_dsa: MLDSA65PrivateKey = field(repr=False)

    @property
    def public(self) -> ClaimPublicKeys:
        """The public halves."""
        return ClaimPublicKeys(bytes(self.ed25519.verify_key), self.ml_dsa.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> ClaimSignatures:
        """Return both signatures of a message. That of ML-DSA is another one each time."""
        return ClaimSignatures(self.ed25519.sign(message).signature, self.ml_dsa.sign(message))


@dataclass(frozen=True)
class ClaimWords:
    """Four random words, which make 51.7 bits, and a number that confirms them.

    Attributes:
        indices: four positions on the word list, from 0.

    Raises:
        ClaimWordsError: not four positions on the list.
    """

    indices: tuple[int, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.indices) != WORDS or not are_positions(self.indices):
            raise ClaimWordsError(_COUNT)

    @classmethod
    def generate(cls) -> Self:
        """Return new random claim words."""
        return cls(draw(WORDS))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the claim words that a person typed, in any case and spacing, with or without hyphens.

        Raises:
            ClaimWordsError: not four words of the list and a number; `position` names a word that is not on the list.
            ClaimNumberError: the number does not confirm the words.
        """
        *words, number = split_words(text) or [""]
        if len(words) != WORDS or not _NUMBER.fullmatch(number):
            raise ClaimWordsError(_COUNT)
        positions = word_positions()
        for position, word in enumerate(words, start=1):
            if word not in positions:
                raise ClaimWordsError(f"word {position} is not on the list: check its spelling", position)
        found = cls(tuple(positions[word] for word in words))
        if found.number != number:
            raise ClaimNumberError("words and number do not belong together: check the spelling and the order of each")
        return found

    @property
    def number(self) -> str:
        """Two digits that follow from the words: 99 of 100 typing errors are told at once, without stretching."""
        digest = hashlib.sha256(_LABEL + b"claim number" + LIST_ID + encode_positions(self.indices)).digest()
        return f"{int.from_bytes(digest[:8], 'big') % 100:02}"

    def __str__(self) -> str:
        return f"{show_words(self.indices)} {self.number}"

    def derive(self, salt: bytes) -> ClaimKeys:
        """Return the keys of these words for one tip.

        Argon2id (version 1.3, 65,536 KiB, 6 passes, 1 lane), which takes 64 MiB and 0.15 s here, 40 s in a browser
        without a JIT: ten times a codename, since the commitment is given to others and invites guessing.

        Args:
            salt: as `claim_salt` makes it, 16 bytes.

        Raises:
            KeyFormatError: the salt has another length.
        """
        if len(salt) != SALT_SIZE:
            raise KeyFormatError(f"the salt of a claim has {SALT_SIZE} bytes")
        secret = _LABEL + b"claim" + LIST_ID + encode_positions(self.indices)
        root = argon2id.kdf(32, secret, salt, opslimit=PASSES, memlimit=MEMORY * 1024)
        return ClaimKeys(
            SigningKey(hkdf_expand(root, _LABEL + b"claim ed25519")),
            MLDSA65PrivateKey.from_seed_bytes(hkdf_expand(root, _LABEL + b"claim ml-dsa-65")),
        )


def claim_salt(instance: bytes, tip: bytes) -> bytes:
    """Return the salt (16 bytes) for one tip of one organisation, so that no table of guesses serves two.

    Args:
        instance: the organisation, 16 bytes.
        tip: the letter's tip id, 16 random bytes.

    Raises:
        KeyFormatError: one of them has another length.
    """
    if len(instance) != SALT_SIZE or len(tip) != SALT_SIZE:
        raise KeyFormatError("an instance id and a tip id have 16 bytes")
    return hashlib.sha256(_LABEL + b"claim salt" + instance + tip).digest()[:SALT_SIZE]
