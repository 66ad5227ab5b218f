"""Parts that nothing names which this app can open: found, waited for, and acknowledged unread.

Decision 22. They came with letters that leave this reviewer out, or were posted by an app for an exhibit that it did
not finish. Did they stay unacknowledged, they would tell whoever takes the intake that somebody was left out.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from reviewer.desk import Desk, period_identities
from reviewer.errors import IntakeRefusedError
from reviewer.post import Intake
from reviewer.reading import LogBook
from reviewer.store import keys, letters
from reviewer.store import parts as store
from reviewer.sync.exhibits import listing, waiting_exhibits
from reviewer.sync.handing import listing_of, waiting_pieces
from reviewer.sync.letters import offered_again
from reviewer.sync.outbox import ACKNOWLEDGED_ON
from wire.errors import LetterError, PartsError
from wire.letter import decode_content
from wire.opening import Listing, part_names

WAIT: Final = timedelta(days=7)
"""How long a part may lie before the event that names it: exhibits are posted before their batch."""
PAGES: Final = 10
"""Most lists in a row, of at most 10,000 names each: together more parts than sources may leave at the intake."""
INDEXES: Final = 50
"""Most indexes pulled in one round; while others are unread, nothing is acknowledged unread."""
LISTED_ON: Final = "parts_listed_on"
NOT_THERE: Final = 404


def list_parts(desk: Desk, intake: Intake) -> bool:
    """Once a day, note which parts wait; to be run before letters are pulled. Returns whether it was time to.

    A part comes in the same transaction as its letter: so whatever letter names a part that was listed before is
    pulled afterwards.
    """
    today = desk.today().isoformat().encode()
    with desk.vault.read() as connection:
        if keys.get_property(connection, LISTED_ON) == today:
            return False
        known = letters.known_names(connection, "parts")
    names: list[bytes] = []
    whole = False
    for _ in range(PAGES):
        page = intake.parts(names[-1] if names else b"")
        names.extend(page)
        if not page:
            whole = True
            break
    offered_again(desk, "parts", known.intersection(names))
    with desk.vault.begin() as connection:
        store.note_parts(connection, set(names) - known, desk.today(), whole=whole)
        keys.set_property(connection, LISTED_ON, today)
    return True


def unclaimed(desk: Desk, intake: Intake, book: LogBook) -> tuple[bytes, ...]:
    """Return the names of parts that lay a week and that nothing names whose files are still to come, sorted.

    To be run after letters and the log were pulled whole, and of use once a day: none when this day's acknowledgement
    went out already.

    Raises:
        IntakeError: an index could not be pulled, though it may be there.
    """
    with desk.vault.read() as connection:
        if keys.get_property(connection, ACKNOWLEDGED_ON) == desk.today().isoformat().encode():
            return ()
        old = store.parts_since(connection, desk.today() - WAIT)
        known = letters.known_names(connection, "parts")
        read = store.indexes(connection)
    if not old:
        return ()
    claims = _claims(desk, book)
    unread = [listed_by for listed_by, claim in claims.items() if claim.index and listed_by not in read]
    for listed_by in unread[:INDEXES]:
        _read_index(desk, intake, listed_by, claims[listed_by])
    with desk.vault.begin() as connection:
        store.forget_indexes(connection, claims)
        read = store.indexes(connection)
    if len(unread) > INDEXES:
        return ()
    named = known.union(*(claim.parts for claim in claims.values()), *read.values())
    return tuple(name for name in old if name not in named)


def _claims(desk: Desk, book: LogBook) -> Mapping[bytes, Listing]:
    """Return whatever lists files that this app may still fetch, by the name of the letter or the id of the event."""
    claims: dict[bytes, Listing] = {}
    with desk.vault.read() as connection:
        log = book.read(connection)
        for state in ("offered", "waiting"):
            for stored in letters.letters_without_files(connection, state):
                assert stored.content is not None
                claims[stored.name] = decode_content(stored.content)
        for exhibit in waiting_exhibits(connection, desk, log):
            try:
                claims[exhibit.id] = listing(exhibit.content)
            except LetterError:
                continue  # no file has such a name: it is set aside, and nothing of it is pulled
        for piece in waiting_pieces(connection, desk, log):
            claims[piece.id] = listing_of(piece.content)
    return claims


def _read_index(desk: Desk, intake: Intake, listed_by: bytes, claim: Listing) -> None:
    with desk.vault.read() as connection:
        identities = tuple(period_identities(connection).values())
    names: tuple[bytes, ...] = ()
    try:
        names = part_names(claim, lambda name: intake.fetch("parts", name), identities)
    except IntakeRefusedError as error:
        if error.status != NOT_THERE:
            raise
        return  # without its index nobody can read these files; it may come yet, so it is asked for again
    except PartsError:
        pass  # nobody can read these files
    with desk.vault.begin() as connection:
        store.add_index(connection, listed_by, names)
