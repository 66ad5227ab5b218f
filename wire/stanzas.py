"""The header of what is sealed to a key sheet: how many stanzas, in which order, and which names the sheet."""

import secrets
from collections.abc import Collection, Sequence
from typing import NamedTuple

from crypto import hybrid
from crypto.errors import HeaderError
from crypto.header import Header, Stanza, decode_base64, encode_base64
from crypto.hybrid import HybridIdentity, HybridRecipient
from wire.errors import LetterError, WeekError
from wire.keysheet import KeySheet
from wire.roster import LIMITS as ROSTER_LIMITS
from wire.week import Week

SHEET_STANZA_TYPE = "lapwing-sheet"
STANZA_STEP = 4


class SheetName(NamedTuple):
    """Which key sheet something is sealed to."""

    week: Week
    digest: bytes


def recipient_count(sheet: KeySheet) -> int:
    """Return how many recipient stanzas a letter to this sheet has: its reviewers, rounded up to a multiple of four."""
    return -(-len(sheet.keys) // STANZA_STEP) * STANZA_STEP


def recipients_for(sheet: KeySheet, not_to: Collection[str] = ()) -> Sequence[HybridRecipient]:
    """Return to whom to seal, shuffled anew at each call.

    Whoever is left out is replaced by a key that nobody has, so that the number of stanzas tells nothing.

    Raises:
        LetterError: (kind ``sheet``) who is left out is not on the sheet, or nobody remains.
    """
    kept = [recipient for reviewer, recipient in sheet.keys if reviewer not in not_to]
    if len(kept) + len(set(not_to)) != len(sheet.keys) or not kept:
        raise LetterError("letter: a reviewer to leave out is not on the key sheet, or nobody is left", "sheet")
    discarded = [HybridIdentity.generate().recipient for _ in range(recipient_count(sheet) - len(kept))]
    recipients = kept + discarded
    secrets.SystemRandom().shuffle(recipients)
    return recipients


def sheet_stanza(week: Week, digest: bytes) -> Stanza:
    """Return the stanza that names the key sheet; every age tool ignores it. All are of one size."""
    return Stanza(SHEET_STANZA_TYPE, (str(week), encode_base64(digest).decode()), b"")


def read_sheet_name(header: Header) -> SheetName:
    """Return the key sheet that a header names, if the header is built as ours are.

    Raises:
        LetterError: (kind ``stanzas``) it is not 4, 8, 12 or 16 post-quantum stanzas and, last, the one that names a
            key sheet.
    """
    *recipients, last = header.stanzas
    count = len(recipients)
    if count % STANZA_STEP or not STANZA_STEP <= count <= ROSTER_LIMITS.reviewers:
        raise LetterError("letter: the number of recipients is not a multiple of four up to 16", "stanzas")
    for stanza in recipients:
        _check_recipient(stanza)
    return _read_last(last)


def _check_recipient(stanza: Stanza) -> None:
    try:
        well_formed = (
            stanza.type == hybrid.STANZA_TYPE
            and len(stanza.arguments) == 1
            and len(decode_base64(stanza.arguments[0].encode())) == 1120
            and len(stanza.body) == 32
        )
    except HeaderError:
        well_formed = False
    if not well_formed:
        raise LetterError("letter: sealed to another kind of key than a key sheet has", "stanzas")


def _read_last(stanza: Stanza) -> SheetName:
    try:
        if stanza.type == SHEET_STANZA_TYPE and not stanza.body and len(stanza.arguments) == 2:
            name = SheetName(Week.parse(stanza.arguments[0]), decode_base64(stanza.arguments[1].encode()))
            if len(name.digest) == 32:
                return name
    except (HeaderError, WeekError):
        pass
    raise LetterError("letter: it does not name the key sheet it was sealed to", "stanzas")
