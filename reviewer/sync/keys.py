"""Rosters and period keys: fetch, check, sign, and destroy what is over."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from crypto.hybrid import HybridIdentity
from reviewer.desk import Desk, roster
from reviewer.errors import IntakeRefusedError, SyncError
from reviewer.post import Intake
from reviewer.store import keys, letters
from reviewer.store.letters import StoredLetter
from reviewer.sync.width import bits_to_offer
from wire.errors import KeySheetError, RosterError
from wire.keysheet import PeriodKey, open_period_key
from wire.letter import decode_content
from wire.roster import Roster, open_next_roster, open_roster
from wire.week import Week

BATCH_WEEKS: Final = 8
"""Period keys are made for at most so many weeks at once."""
SPARE_WEEKS: Final = 3
"""A new batch is made when fewer full weeks than this are left after the current one."""
KEEP_WEEKS: Final = 3
"""Weeks after its last day during which a period identity is kept."""
LONGEST_WEEKS: Final = 7
"""Weeks after which it is destroyed although something still waits: by then no intake holds what it opens."""


def accept_roster(connection: Connection, desk: Desk, untrusted: bytes) -> bool:
    """Keep a roster if the root signed it and it follows the one in force; returns whether it is new.

    Raises:
        RosterError: it is not signed by the root, or does not follow.
        SyncError: the vault knows no root key.
    """
    envelope = _decode_roster(untrusted)
    root = keys.get_property(connection, "root")
    if root is None:
        raise SyncError("the vault knows no root key; start the app with --root")
    known = keys.rosters(connection)[:1]
    if not known:
        new = open_roster(envelope, root, desk.today())
    else:
        previous = Envelope.decode(known[0])
        if previous.payload == envelope.payload:
            return False
        new, root = open_next_roster(envelope, Roster.decode(previous.payload), root, desk.today())
    keys.add_roster(connection, new.version, untrusted, desk.today())
    keys.set_property(connection, "root", root)
    return True


def _decode_roster(untrusted: bytes) -> Envelope:
    try:
        return Envelope.decode(untrusted)
    except CryptoError:
        raise RosterError("roster: not a signed roster; choose the file that the organisation signed") from None


def pull_roster(desk: Desk, intake: Intake) -> None:
    """Take the intake's roster if it is newer, or give it ours if ours is.

    Raises:
        RosterError: the intake serves a roster that the root did not sign.
    """
    try:
        offered = intake.roster()
    except IntakeRefusedError:
        offered = b""
    with desk.vault.begin() as connection:
        known = keys.rosters(connection)
        ours = {Envelope.decode(one).payload: place for place, one in enumerate(known)}
        place = ours.get(_decode_roster(offered).payload) if offered else len(known)
        if place is None:
            accept_roster(connection, desk, offered)
    for envelope in reversed(known[:place] if place is not None else ()):
        intake.post_roster(envelope)


def make_period_keys(desk: Desk) -> None:
    """Make identities for the coming weeks when few are left, and sign every one for the roster in force."""
    this_week = Week.of(desk.today())
    with desk.vault.begin() as connection:
        current = roster(connection)
        coming = _weeks(this_week, BATCH_WEEKS)
        owned = keys.identities(connection)
        if any(str(week) not in owned for week in coming[: SPARE_WEEKS + 1]):
            for week in coming:
                if str(week) not in owned:
                    keys.add_identity(connection, str(week), HybridIdentity.generate().encode())
            owned = keys.identities(connection)
        signed = {key.week for key in keys.period_keys(connection, current.digest) if key.reviewer == desk.id}
        to_sign = [week for week in coming if str(week) in owned and str(week) not in signed]
        bits = bits_to_offer(connection, desk) if to_sign else 0
        for week in to_sign:
            recipient = HybridIdentity.parse(owned[str(week)]).recipient
            envelope = PeriodKey(desk.id, week, recipient, current.digest, bits).sign(desk.signing)
            keys.add_period_key(connection, desk.id, str(week), current.digest, envelope.encode())


def _weeks(first: Week, count: int) -> list[Week]:
    weeks = [first]
    while len(weeks) < count:
        weeks.append(weeks[-1].next())
    return weeks


def exchange_period_keys(desk: Desk, intake: Intake) -> None:
    """Post our period keys that the intake lacks, and keep everybody else's for the weeks that need a sheet.

    Once a day all coming weeks are asked for, so that a batch that runs out is seen early.
    """
    with desk.vault.read() as connection:
        current = roster(connection)
        own = [key for key in keys.period_keys(connection, current.digest) if key.reviewer == desk.id]
        asked_on = keys.get_property(connection, "keys_asked_on")
    for key in own:
        if not key.posted:
            intake.post_period_key(key.envelope)
            with desk.vault.begin() as connection:
                keys.mark_period_key(connection, desk.id, key.week, current.digest, posted=True)
    today = desk.today().isoformat().encode()
    weeks = _weeks(Week.of(desk.today()), 2 if asked_on == today else BATCH_WEEKS)
    for week in weeks:
        offered = intake.period_keys(str(week))
        with desk.vault.begin() as connection:
            for untrusted in offered:
                _keep_period_key(connection, current, week, untrusted)
    with desk.vault.begin() as connection:
        last = {(key.reviewer, key.week) for key in keys.period_keys(connection, current.digest, str(weeks[-1]))}
        if len(last) == len(current.ids):  # somebody who has just started may post a batch at any moment
            keys.set_property(connection, "keys_asked_on", today)


def _keep_period_key(connection: Connection, current: Roster, week: Week, untrusted: bytes) -> None:
    try:
        envelope = Envelope.decode(untrusted)
        offered = open_period_key(envelope, current)
    except (CryptoError, KeySheetError):
        return
    if offered.week != week:
        return
    keys.add_period_key(connection, offered.reviewer, str(week), current.digest, untrusted)
    for known in keys.period_keys(connection, current.digest, str(week)):
        if known.reviewer == offered.reviewer and Envelope.decode(known.envelope).payload != envelope.payload:
            keys.mark_period_key(connection, known.reviewer, str(week), current.digest, contradicted=True)


def destroy_old_identities(desk: Desk, *, whole: bool = True) -> int:
    """Destroy the identities of weeks long over; returns how many.

    Those whose files are still to come are kept longer, and so is every one when something that the intake listed did
    not come; but not for ever, else one letter whose parts never come would keep all keys alive. Files that nobody
    wanted until then are left, and the intake is told that they need not lie there any longer.

    Args:
        desk: whose.
        whole: whether everything that waited at the intake was pulled.
    """
    with desk.vault.begin() as connection:
        waiting = letters.letters_without_files(connection)
        for letter in waiting:
            if _over(letter.week, LONGEST_WEEKS, desk):
                _let_go(connection, letter, "broken")
        kept = {letter.week for letter in waiting}
        over = [
            week
            for week in keys.identities(connection)
            if _over(week, LONGEST_WEEKS, desk) or (whole and week not in kept and _over(week, KEEP_WEEKS, desk))
        ]
        destroyed = keys.destroy_identities(connection, over)
        left = set(keys.identities(connection))
        for letter in letters.letters_without_files(connection, "offered"):
            if letter.week not in left and _over(letter.week, KEEP_WEEKS, desk):
                _let_go(connection, letter, "left")
    if destroyed:
        desk.vault.scrub()
    return destroyed


def _let_go(connection: Connection, letter: StoredLetter, state: str) -> None:
    assert letter.content is not None
    letters.mark_letter(connection, letter.name, files=state)
    letters.acknowledge(connection, "parts", decode_content(letter.content).parts)


def files_leave_on(week: str) -> date:
    """Return the first day on which files of a week that nobody wanted can be opened no more."""
    return Week.parse(week).ends + timedelta(weeks=KEEP_WEEKS)


def _over(week: str, weeks: int, desk: Desk) -> bool:
    return Week.parse(week).ends + timedelta(weeks=weeks) <= desk.today()
