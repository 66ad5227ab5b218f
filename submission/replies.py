"""What the intake can tell about a reply without opening it."""

from crypto.errors import HeaderError
from crypto.header import read_header
from crypto.hybrid import STANZA_TYPE
from submission.errors import PieceRefusedError
from wire.letter import REPLY_SIZE


def check_reply(sealed: bytes) -> None:
    """Check that a reply looks like every other one.

    Raises:
        PieceRefusedError: it is not 16,384 bytes, or not sealed to exactly one post-quantum recipient.
    """
    if len(sealed) != REPLY_SIZE:
        raise PieceRefusedError(f"a reply has {REPLY_SIZE} bytes")
    try:
        stanzas = read_header(sealed).stanzas
    except HeaderError as error:
        raise PieceRefusedError("a reply must be sealed") from error
    if [stanza.type for stanza in stanzas] != [STANZA_TYPE]:
        raise PieceRefusedError("a reply must be sealed to one post-quantum recipient and no other")
