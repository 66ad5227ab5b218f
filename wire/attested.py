"""What a letter said, as one number of 32 bytes that can be opened piece by piece (pure).

docs/format.md, "Attestation".
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final

from wire.errors import AttestationError
from wire.fields import Fields, dump, encode_base64, parse_object
from wire.files import LIMITS as FILE_LIMITS
from wire.letter import LIMITS as LETTER_LIMITS
from wire.letter import Letter

CLAIM, STORY, FIELDS, FIRST_FILE = range(4)
"""Where the pieces of a letter stand in the chain; the claim first, so that it can be shown with nothing else."""

_SALT: Final = b"lapwing/v1/attestation salt"
_PIECE: Final = b"lapwing/v1/attestation piece"
_LINK: Final = b"lapwing/v1/attestation link"
_END: Final = 2**32 - 1


@dataclass(frozen=True)
class Limits:
    """What is accepted at most."""

    piece: int = LETTER_LIMITS.fields  # bytes of one piece
    pieces: int = FIRST_FILE + FILE_LIMITS.files  # in one letter
    opening: int = 32_768  # bytes; all pieces of the longest letter fit


LIMITS = Limits()


@dataclass(frozen=True)
class Piece:
    """One thing that a letter said.

    Attributes:
        salt: 32 bytes that nobody knows who cannot read the letter: a short story could be guessed otherwise.
        value: at most 6,000 bytes: the claim's commitment or nothing, the story, the fields, or SHA-256 of a file.

    Raises:
        AttestationError: one of them has another size.
    """

    salt: bytes
    value: bytes

    def __post_init__(self) -> None:
        if len(self.salt) != 32 or len(self.value) > LIMITS.piece:
            raise AttestationError("attestation: a piece has a salt of 32 bytes and a value of at most 6,000")

    @property
    def leaf(self) -> bytes:
        """What stands for the piece where it is not shown, 32 bytes."""
        return hashlib.sha256(_PIECE + self.salt + self.value).digest()


@dataclass(frozen=True)
class Opening:
    """The pieces of a letter that are shown, and hashes of the others.

    Attributes:
        pieces: from the first one on to the last one shown; a leaf (32 bytes) for one that is not shown.
        rest: 32 bytes for all that follows, so that it does not show how many files there are.

    Raises:
        AttestationError: there are too many pieces, or a hash has another length.
    """

    pieces: tuple[Piece | bytes, ...]
    rest: bytes

    def __post_init__(self) -> None:
        hashes = [self.rest, *(piece for piece in self.pieces if isinstance(piece, bytes))]
        if len(self.pieces) > LIMITS.pieces or any(len(one) != 32 for one in hashes):
            raise AttestationError("opening: it has too many pieces, or a hash is not 32 bytes")

    @property
    def commitment(self) -> bytes:
        """What reviewers' apps signed for a letter of these pieces, 32 bytes."""
        return _chain([piece if isinstance(piece, bytes) else piece.leaf for piece in self.pieces], self.rest)

    def encode(self) -> bytes:
        """Return it as one JSON object."""
        pieces = [_write_piece(piece) for piece in self.pieces]
        return dump({"v": 1, "pieces": pieces, "rest": encode_base64(self.rest)})

    @classmethod
    def decode(cls, untrusted: bytes) -> "Opening":
        """Read an opening; it shows nothing before `check`.

        Raises:
            AttestationError: it is none.
        """
        fields = parse_object(untrusted, LIMITS.opening, "opening", AttestationError)
        fields.integer("v", 1, 1)
        pieces = tuple(_read_piece(piece) for piece in fields.objects("pieces", LIMITS.pieces))
        rest = fields.base64("rest", 32, 32)
        fields.end()
        return cls(pieces, rest)

    def check(self, commitment: bytes) -> dict[int, bytes]:
        """Return the values shown, each by its place in the letter.

        Raises:
            AttestationError: they do not make this commitment.
        """
        if not compare_digest(self.commitment, commitment):
            raise AttestationError("opening: it is not of the letter that was attested")
        return {place: piece.value for place, piece in enumerate(self.pieces) if isinstance(piece, Piece)}


def commitment_to(letter: Letter) -> bytes:
    """Return what stands for all that a letter said, the same in every app that reads it; 32 bytes."""
    return _chain([piece.leaf for piece in _pieces(letter)], _salt(letter, _END))


def show(letter: Letter, places: Collection[int]) -> Opening:
    """Return what shows some pieces of a letter and tells nothing of the others, but that those before are there.

    Args:
        letter: as a reviewer's app opened it.
        places: `CLAIM`, `STORY`, `FIELDS`, or `FIRST_FILE` and on for the files in their order.

    Raises:
        AttestationError: the letter has no such piece.
    """
    pieces = _pieces(letter)
    if not all(0 <= place < len(pieces) for place in places):
        raise AttestationError("opening: the letter has no such piece; name one that it has")
    known = max(places, default=-1) + 1
    rest = _chain([piece.leaf for piece in pieces[known:]], _salt(letter, _END))
    return Opening(tuple(piece if n in places else piece.leaf for n, piece in enumerate(pieces[:known])), rest)


def _pieces(letter: Letter) -> list[Piece]:
    values = [letter.claim or b"", letter.story.encode(), dump(letter.fields), *(file.sha256 for file in letter.files)]
    return [Piece(_salt(letter, place), value) for place, value in enumerate(values)]


def _salt(letter: Letter, place: int) -> bytes:
    # Conversation and tip stand inside the seal only, so whoever cannot open the letter cannot make a salt.
    secret = letter.instance + letter.conversation + letter.tip + letter.number.to_bytes(4, "big")
    return hashlib.sha256(_SALT + secret + place.to_bytes(4, "big")).digest()


def _chain(leaves: Sequence[bytes], rest: bytes) -> bytes:
    for leaf in reversed(leaves):
        rest = hashlib.sha256(_LINK + leaf + rest).digest()
    return rest


def _write_piece(piece: Piece | bytes) -> dict[str, str]:
    if isinstance(piece, bytes):
        return {"leaf": encode_base64(piece)}
    return {"salt": encode_base64(piece.salt), "value": encode_base64(piece.value)}


def _read_piece(fields: Fields) -> Piece | bytes:
    piece: Piece | bytes
    if fields.has("leaf"):
        piece = fields.base64("leaf", 32, 32)
    else:
        piece = Piece(fields.base64("salt", 32, 32), fields.base64("value", 0, LIMITS.piece))
    fields.end()
    return piece
