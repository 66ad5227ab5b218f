"""What can be told about sealed bytes without any secret: all that the intake checks before it stores them."""

import hashlib
from collections.abc import Mapping

from crypto.errors import HeaderError, NotAgeError
from crypto.header import read_header
from wire.errors import LetterError
from wire.letter import LETTER_SIZE, PART_SIZE
from wire.stanzas import read_sheet_name
from wire.week import Week


def name_of(sealed: bytes) -> bytes:
    """Return the name under which a letter, batch, part or reply is stored: its SHA-256, 32 bytes."""
    return hashlib.sha256(sealed).digest()


def check_letter(sealed: bytes, sheets: Mapping[bytes, Week]) -> bytes:
    """Check a letter or batch as far as anybody can.

    Args:
        sealed: as it came.
        sheets: the key sheets in force: digest (32 bytes) to week.

    Returns:
        Its name, 32 bytes.

    Raises:
        LetterError: with the kind ``not_age`` (no age file, or its header is damaged), ``size`` (not 65,536 bytes),
            ``stanzas`` (not sealed to a key sheet) or ``sheet_gone`` (sealed to keys that are no longer in force).
    """
    try:
        header = read_header(sealed[:LETTER_SIZE])
    except NotAgeError:
        raise LetterError("letter: not sealed", "not_age") from None
    except HeaderError:
        raise LetterError("letter: the header is damaged or not one of ours", "not_age") from None
    if len(sealed) != LETTER_SIZE:
        raise LetterError(f"letter: not {LETTER_SIZE} bytes", "size")
    week, digest = read_sheet_name(header)
    if sheets.get(digest) != week:
        raise LetterError("letter: sealed to a key sheet that is not in force; seal it again", "sheet_gone")
    return name_of(sealed)


def check_part(sealed: bytes) -> bytes:
    """Return the name of a part; `LetterError` (kind ``size``) if it is not 1,048,576 bytes.

    Only the first part of a file shows that it is sealed, so there is nothing else to check.
    """
    if len(sealed) != PART_SIZE:
        raise LetterError(f"part: not {PART_SIZE} bytes", "size")
    return name_of(sealed)
