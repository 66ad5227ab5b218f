"""What the intake can tell about a reply without opening it."""

from collections.abc import Collection

from crypto.errors import HeaderError
from crypto.header import read_header
from crypto.hybrid import STANZA_TYPE
from submission.errors import PieceRefusedError
from wire.letter import REPLY_SIZE
from wire.shelf import is_shelf_name


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


def check_place(untrusted: str, widths: Collection[int]) -> str:
    """Return the name of a shelf of replies, as it was given.

    Args:
        untrusted: what should be 0 to 16 characters `0` and `1`.
        widths: how many of them a key sheet in force says.

    Raises:
        PieceRefusedError: it is no name of a shelf that there is now.
    """
    if not is_shelf_name(untrusted) or len(untrusted) not in widths:
        raise PieceRefusedError("there is no shelf of this name; its width stands in the key sheet in force")
    return untrusted
