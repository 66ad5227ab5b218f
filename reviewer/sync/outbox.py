"""What goes out: our own events and grants in batches, exhibits in parts, acknowledgements."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from crypto.dsse import Envelope
from reviewer.desk import Desk, roster, sheet_in_force
from reviewer.files import read_file
from reviewer.pen import Pen, read_grant
from reviewer.post import LIMITS, Intake, Shelf
from reviewer.reading import LogBook
from reviewer.store import keys, letters, parts
from reviewer.store import log as store
from reviewer.sync.replies import BATCH_OWED
from wire.batch import Grant, Item, Posted, encode_batch, pack, seal_grant
from wire.content import MISSING, ExhibitAdded, Heads, parse_content
from wire.event import NONCE_SIZE, Opened
from wire.files import SealedFiles
from wire.keysheet import KeySheet
from wire.parts import FilesSealer
from wire.sealing import batch_room, seal_batch

HEADS_ON: Final = "heads_on"
ANSWERED: Final = "heads_answered"
ACKNOWLEDGED_ON: Final = "acknowledged_on"
SHELVES: Final[tuple[Shelf, ...]] = ("letters", "parts", "log")


def write_heads(desk: Desk, book: LogBook) -> bool:
    """Write the day's heads, so that whoever holds back our last events shows; returns whether it was time to."""
    today = desk.today().isoformat().encode()
    with desk.vault.begin() as connection:
        if keys.get_property(connection, HEADS_ON) == today or sheet_in_force(connection, desk.today()) is None:
            return False
        log = book.read(connection)
        missing = tuple(sorted(log.chains.missing)[:MISSING])
        Pen(connection, desk, log, roster(connection).instance).write(Heads(on=desk.today(), missing=missing))
        keys.set_property(connection, HEADS_ON, today)
    return True


def answer_heads(desk: Desk, book: LogBook) -> None:
    """Put events that another app asks for in its last daily heads into the queue once more, once for each asking."""
    with desk.vault.begin() as connection:
        last = {
            entry.author: entry
            for entry in book.read(connection).organisation
            if isinstance(entry.content, Heads) and entry.author != desk.id
        }
        known = keys.get_property(connection, ANSWERED) or b""
        answered = {known[place : place + 32] for place in range(0, len(known), 32)}
        for entry in last.values():
            if entry.id not in answered and isinstance(entry.content, Heads):
                store.post_once_more(connection, entry.content.missing)
        now = b"".join(sorted(entry.id for entry in last.values()))
        if now != known:
            keys.set_property(connection, ANSWERED, now)


def post_log(desk: Desk, intake: Intake) -> int:
    """Post every event and grant that the intake does not have yet; returns how many batches went.

    A batch is noted as posted only after the intake took it: a break leads to an event posted twice, never to one lost.
    After a letter for the shelves of replies one goes in any case, so that a reply's event does not show.
    """
    with desk.vault.read() as connection:
        sheet = sheet_in_force(connection, desk.today())
        current = roster(connection)
        events = store.events_to_post(connection)
        grants = store.outgoing(connection, "grant")
        owed = bool(keys.get_property(connection, BATCH_OWED))
    if sheet is None or not (events or grants or owed):
        return 0
    origin: dict[int, tuple[str, bytes | int]] = {}
    items: list[Item] = []
    for serial, body in grants:
        grant = _seal(sheet, body)
        items.append(grant)
        origin[id(grant)] = ("grant", serial)
    for event in events:
        posted = _posted(event)
        items.append(posted)
        origin[id(posted)] = ("event", event.id)
    batches = pack(items, batch_room(sheet)) or ((),)
    for batch in batches:
        intake.post_batch(seal_batch(sheet, current, encode_batch(batch)))
        with desk.vault.begin() as connection:
            went = [origin[id(item)] for item in batch]
            store.sent(connection, [serial for _, serial in went if isinstance(serial, int)])
            store.mark_posted(connection, [event for _, event in went if isinstance(event, bytes)])
            keys.set_property(connection, BATCH_OWED, b"")
    return len(batches)


def _seal(sheet: KeySheet, body: bytes) -> Grant:
    case_keys, holders = read_grant(body)
    return seal_grant(case_keys, [recipient for reviewer, recipient in sheet.keys if reviewer in holders])


def _posted(event: store.StoredEvent) -> Posted:
    envelope = Envelope.decode(event.envelope)
    if event.box is not None:
        return Posted(envelope, box=event.box)
    assert event.opened is not None
    return Posted(envelope, opened=Opened(event.opened[:NONCE_SIZE], event.opened[NONCE_SIZE:]))


def post_exhibits(desk: Desk, intake: Intake, book: LogBook) -> int:
    """Seal exhibits that reviewers of this desk added to the other members, post their parts, write their events."""
    with desk.vault.read() as connection:
        waiting = store.outgoing(connection, "exhibit")
        sheet = sheet_in_force(connection, desk.today())
    if sheet is None:
        return 0
    for serial, body in waiting:
        content = parse_content(body)
        assert isinstance(content, ExhibitAdded)
        if not _acts(desk, book, content.case):
            continue  # recused since: it waits, and holds up no other
        listing = _post_parts(desk, intake, book, sheet, content)
        with desk.vault.begin() as connection:
            pen = Pen(connection, desk, book.read(connection), sheet.instance)
            values = vars(content) | {"on": desk.today(), "parts": listing.parts, "index": listing.index}
            pen.write(ExhibitAdded(**values))
            store.sent(connection, [serial])
    return len(waiting)


def _acts(desk: Desk, book: LogBook, case_id: bytes) -> bool:
    with desk.vault.read() as connection:
        case = book.read(connection).cases.get(case_id)
    return case is not None and not case.erased and desk.id in case.members


def _post_parts(desk: Desk, intake: Intake, book: LogBook, sheet: KeySheet, content: ExhibitAdded) -> SealedFiles:
    with desk.vault.read() as connection:
        file = letters.file_of(connection, content.case, content.sha256)
        case = book.read(connection).cases[content.case]
    assert file is not None
    left_out = [reviewer for reviewer, _ in sheet.keys if reviewer not in case.members]
    sealer = FilesSealer(sheet, intake.post_part, left_out)
    sealer.start_file(content.name, content.type)
    for piece in read_file(desk.vault, file):
        sealer.write(piece)
    sealer.end_file()
    return sealer.finish()


def acknowledge(desk: Desk, intake: Intake, unread: Sequence[bytes] = ()) -> bool:
    """Once a day, tell the intake what need not wait there; returns whether it was told.

    Args:
        desk: whose.
        intake: to be told.
        unread: names of parts that this app will never want, told of with all that is safe here, opened or not.
    """
    today = desk.today().isoformat().encode()
    with desk.vault.read() as connection:
        told_on = keys.get_property(connection, ACKNOWLEDGED_ON)
        names: dict[Shelf, tuple[bytes, ...]] = {}
        for shelf in SHELVES:  # all of them together fit into one request
            room = LIMITS.names - sum(map(len, names.values()))
            waiting = letters.to_acknowledge(connection, shelf)
            names[shelf] = (*waiting, *(unread if shelf == "parts" else ()))[:room]
    if told_on == today or not any(names.values()):
        return False
    intake.acknowledge(names)
    with desk.vault.begin() as connection:
        for shelf, told in names.items():
            letters.acknowledged(connection, shelf, told)
        parts.forget_parts(connection, names["parts"])
        keys.set_property(connection, ACKNOWLEDGED_ON, today)
    return True


def repost_for_newcomers(connection: Connection, desk: Desk, before: frozenset[str]) -> None:
    """Post our chain once more when the roster has new reviewers: what was sealed before, they cannot open."""
    current = roster(connection)
    if set(current.ids) - before:
        gone = [removed.id for removed in current.removed]
        store.post_again(connection, [desk.id, *gone])
