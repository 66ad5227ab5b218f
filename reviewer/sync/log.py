"""The case log as it comes in: batches pulled, events and grants kept, contents opened with whatever keys are here."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection

from crypto.errors import AgeError, CryptoError
from crypto.unseal import unseal
from reviewer.desk import Desk, period_identities, roster
from reviewer.errors import IntakeRefusedError
from reviewer.post import LIMITS, Intake
from reviewer.reading import known
from reviewer.store import letters
from reviewer.store import log as store
from reviewer.sync.letters import offered_again
from wire.batch import CaseKey, Grant, Item, Posted, decode_batch, decode_keys, open_box
from wire.errors import EventError, LetterError
from wire.event import open_event
from wire.opening import open_batch
from wire.roster import Roster


def pull_log(desk: Desk, intake: Intake) -> bool:
    """Pull every batch that waits and keep its events and grants; returns whether everything listed was taken."""
    with desk.vault.read() as connection:
        seen = letters.known_names(connection, "log")
        identities = tuple(period_identities(connection).values())
        current = roster(connection)
    offered = intake.waiting("log")
    whole = len(offered) < LIMITS.names  # else the list may go on
    offered_again(desk, "log", seen.intersection(offered))
    for name in offered:
        if name in seen:
            continue
        try:
            sealed = intake.fetch("log", name)
        except IntakeRefusedError:
            whole = False
            continue
        with desk.vault.begin() as connection:
            letters.acknowledge(connection, "log", [name])
            try:
                items = decode_batch(open_batch(sealed, identities))
            except LetterError as error:
                letters.set_aside(connection, name, "log", error.kind, desk.today())
                continue
            except EventError:
                letters.set_aside(connection, name, "log", "malformed", desk.today())
                continue
            keep_items(connection, desk, current, items)
    with desk.vault.begin() as connection:
        _open_events(connection, ())  # a letter may have brought the key of what came before it
    return whole


def keep_items(connection: Connection, desk: Desk, current: Roster, items: tuple[Item, ...]) -> None:
    """Keep what is sound of a batch: events whose author signed them, and case keys granted to us."""
    identities = tuple(period_identities(connection).values())
    new: list[bytes] = []
    for item in items:
        if isinstance(item, Grant):
            try:
                granted = decode_keys(unseal(item.sealed, identities))
            except (AgeError, EventError):
                continue  # for somebody else, or nonsense
            for each in granted:
                store.add_case_key(connection, each.case, hashlib.sha256(each.key).digest(), each.key)
        elif (event := _keep_event(connection, desk.today(), current, item)) is not None:
            new.append(event)
    _open_events(connection, new)


def _keep_event(connection: Connection, today: date, current: Roster, item: Posted) -> bytes | None:
    """Keep an event, or what another copy of it brings; returns its id if its box is still to be tried."""
    try:
        signed = open_event(item.envelope, current)
        if item.opened is not None:
            item.opened.check(signed.event)
    except EventError:
        return None
    opened = None if item.opened is None else item.opened.nonce + item.opened.content
    event = store.StoredEvent(
        id=signed.id,
        author=signed.event.author,
        number=signed.event.number,
        envelope=item.envelope.encode(),
        box=item.box,
        opened=opened,
        case_id=None,
        posted=True,
        arrived_on=today,
    )
    if store.add_event(connection, event):
        store.note_seen(connection, event.author, event.number, today)
        return signed.id if item.box is not None else None
    if opened is not None:
        store.set_content(connection, signed.id, opened)
    elif item.box is not None and not _opens_here(connection, signed.id, item.box):
        store.add_box(connection, signed.id, item.box)
    return None


def _opens_here(connection: Connection, event_id: bytes, box: bytes) -> bool:
    """Try a box that came later at once: whoever sends false boxes first must not crowd out the true one."""
    event = store.event(connection, event_id)
    assert event is not None
    return event.opened is None and any(
        _open_box(connection, event, box, CaseKey(case_id, key)) for case_id, _, key in store.case_keys(connection)
    )


def _open_events(connection: Connection, new: Collection[bytes]) -> None:
    """Try every key on the new events, and keys that were never tried on all that are still closed."""
    keys = [CaseKey(case_id, key) for case_id, _, key in store.case_keys(connection)]
    for event_id in new:
        event = store.event(connection, event_id)
        assert event is not None
        _try(connection, event, keys)
    untried = [CaseKey(case_id, key) for case_id, _, key in store.untried_keys(connection)]
    for event in store.events_closed(connection) if untried else ():
        _try(connection, event, untried)
    store.mark_tried(connection)


def _try(connection: Connection, event: store.StoredEvent, keys: Sequence[CaseKey]) -> None:
    for box in store.boxes(connection, event):
        if any(_open_box(connection, event, box, key) for key in keys):
            return


def _open_box(connection: Connection, event: store.StoredEvent, box: bytes, key: CaseKey) -> bool:
    try:
        opened = open_box(box, key, known(event).signed)
    except (CryptoError, EventError):
        return False
    store.set_opened(connection, event.id, box, opened.nonce + opened.content, key.case)
    return True
