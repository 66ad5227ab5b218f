"""How narrow shelves of replies may be, as far as this app knows; each period key says so for its week.

Counted are conversations that hide each other: those of sources who may still come, since a letter of theirs is not
old, and whom a reviewer answered. What nobody answers counts for nothing, or whoever sends a thousand tips could narrow
the shelves around a single source.
"""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from reviewer.desk import Desk
from reviewer.reading import read_log
from reviewer.store import letters
from reviewer.sync.replies import last_letter
from wire.shelf import SHARED_BY, width_for
from wire.week import Week

LIVE_WEEKS: Final = 26
"""Weeks after the week of its last letter during which a conversation counts."""
MARGIN: Final = 32
"""Conversations more than the rule asks for, at most: how many is drawn anew each time, so that one conversation more
or less hardly ever moves the width, and a width that moved tells no number."""


def bits_to_offer(connection: Connection, desk: Desk) -> int:
    """Return the bits that this app answers for in period keys signed now: 0 to `wire.shelf.NARROWEST`."""
    return width_for(shelves_known(connection, desk), SHARED_BY + secrets.randbelow(MARGIN + 1))


def shelves_known(connection: Connection, desk: Desk) -> tuple[int, ...]:
    """Return the shelf (first 16 bits) of each conversation that counts, once for each."""
    oldest = Week.of(desk.today() - timedelta(weeks=LIVE_WEEKS)).monday
    answered = {case.id for case in read_log(connection).cases.values() if case.replies and not case.erased}
    live = {one.case_id for one in letters.letters(connection) if Week.parse(one.week).monday >= oldest}
    found = (last_letter(connection, case_id) for case_id in sorted(answered & live))
    return tuple(letter.shelf for letter in found if letter is not None)
