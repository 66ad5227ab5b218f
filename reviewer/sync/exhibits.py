"""Exhibits that other reviewers added: pulled to the vault. Cases that enough agreed to erase: destroyed."""

from datetime import timedelta

from sqlalchemy import Connection

from reviewer import files
from reviewer.acts import sending
from reviewer.case import Case
from reviewer.desk import Desk, period_identities, roster
from reviewer.entry import Entry, of
from reviewer.errors import IntakeRefusedError
from reviewer.fold import Log
from reviewer.pen import Pen
from reviewer.post import Intake
from reviewer.reading import LogBook
from reviewer.store import letters
from reviewer.store import log as store
from reviewer.sync.keys import LONGEST_WEEKS
from reviewer.sync.letters import fetch_files
from wire.content import CaseOpened, Confirmed, Erased, EraseProposed, ExhibitAdded, Joined
from wire.errors import LetterError, PartsError
from wire.files import File, SealedFiles


def pull_exhibits(desk: Desk, intake: Intake, book: LogBook) -> bool:
    """Pull the exhibits of every case that is ours; returns whether none is left waiting."""
    with desk.vault.read() as connection:
        log = book.read(connection)
        identities = tuple(period_identities(connection).values())
        waiting = waiting_exhibits(connection, desk, log)
    whole = True
    for entry in waiting:
        try:
            names = fetch_files(desk, intake, entry.content.case, listing(entry.content), identities)
        except IntakeRefusedError:
            whole = give_up(desk, entry.id) and whole
            continue
        except (PartsError, LetterError):
            with desk.vault.begin() as connection:
                letters.set_aside(connection, entry.id, "exhibits", "damaged", desk.today())
            continue
        with desk.vault.begin() as connection:
            letters.acknowledge(connection, "parts", names)
    return whole


def waiting_exhibits(connection: Connection, desk: Desk, log: Log) -> tuple[Entry[ExhibitAdded], ...]:
    """Return the exhibits that were sealed to this reviewer and are not here yet."""
    broken = letters.known_names(connection, "exhibits")
    return tuple(
        entry
        for case in log.cases.values()
        if not case.erased and desk.id in case.members
        for entry in case.exhibits
        if entry.id not in broken
        and not _handed(log, case, entry, desk.id)
        and letters.file_of(connection, case.id, entry.content.sha256) is None
    )


def _handed(log: Log, case: Case, exhibit: Entry[ExhibitAdded], reviewer: str) -> bool:
    """Tell whether an exhibit was not sealed to a reviewer: they were let in later, and it is handed to them."""
    if any(reviewer in entry.content.members for entry in of(case.entries, CaseOpened)):
        return False
    return not any(
        join.content.reviewer == reviewer and log.chains.precedes(join.id, exhibit.id)
        for join in of(case.entries, Joined)
    )


def give_up(desk: Desk, event_id: bytes) -> bool:
    """Set aside what an event lists if its parts have not come for so long that they never will; returns whether."""
    with desk.vault.begin() as connection:
        told = store.event(connection, event_id)
        if told is None or told.arrived_on + timedelta(weeks=LONGEST_WEEKS) > desk.today():
            return False
        letters.set_aside(connection, event_id, "exhibits", "gone", desk.today())
    return True


def listing(exhibit: ExhibitAdded) -> SealedFiles:
    """Return an exhibit as the one file of a listing, as the reader of parts takes it.

    Raises:
        LetterError: its author gave it a name or type that no file has.
    """
    file = File(exhibit.name, exhibit.type, 0, exhibit.size, exhibit.sha256)
    return SealedFiles((file,), exhibit.parts, exhibit.index)


def erase_agreed(desk: Desk, book: LogBook) -> int:
    """Destroy the cases whose erasure was agreed: keys, contents, letters, files. The chain stays; returns how many.

    First our own last word of the case must be at the intake, and the key to it: else nobody else would learn that the
    erasure was agreed.
    """
    with desk.vault.read() as connection:
        agreed = [
            case
            for case in book.read(connection).cases.values()
            if case.erased and not store.is_erased(connection, case.id) and not store.waits(connection, case.id)
        ]
    for case in agreed:
        with desk.vault.begin() as connection:
            stored = letters.erase_case(connection, case.id)
            store.erase_case(connection, case.id, _kept(case), desk.today())
        files.remove(desk.vault, stored)
        for proposal in case.proposals:
            sending.sealed_path(desk.vault, proposal.id).unlink(missing_ok=True)
        with desk.vault.begin() as connection:
            pen = Pen(connection, desk, book.read(connection), roster(connection).instance)
            for proposal in case.proposals:
                if isinstance(proposal.content, EraseProposed) and proposal.state == "approved":
                    pen.write(Erased(on=desk.today(), proposal=proposal.id))
    if agreed:
        desk.vault.scrub()
    return len(agreed)


def _kept(case: Case) -> list[bytes]:
    """The erasure's own acts stay readable: who agreed to it, and why."""
    acts = {each.id for each in case.proposals if isinstance(each.content, EraseProposed)}
    return [
        entry.id
        for entry in case.entries
        if entry.id in acts or (isinstance(entry.content, Confirmed) and entry.content.proposal in acts)
    ]
