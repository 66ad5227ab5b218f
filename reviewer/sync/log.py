"""The case log as it comes in: batches pulled, events and grants kept, contents opened with whatever keys are here."""

import hashlib
from datetime import date

from sqlalchemy import Connection

from crypto.errors import AgeError, CryptoError
from crypto.unseal import unseal
from reviewer.desk import Desk, period_identities, roster
from reviewer.errors import IntakeRefusedError
from reviewer.post import Intake
from reviewer.reading import known
from reviewer.store import letters
from reviewer.store import log as store
from wire.batch import Grant, Item, Posted, decode_batch, decode_keys
from wire.content import CaseContent, parse_content
from wire.errors import EventError, LetterError
from wire.event import open_content, open_event
from wire.opening import open_batch
from wire.roster import Roster


def pull_log(desk: Desk, intake: Intake) -> bool:
    """Pull every batch that waits and keep its events and grants; returns whether everything listed was taken."""
    with desk.vault.read() as connection:
        seen = letters.known_names(connection, "log")
        identities = tuple(period_identities(connection).values())
        current = roster(connection)
    whole = True
    for name in intake.waiting("log"):
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
    return whole


def keep_items(connection: Connection, desk: Desk, current: Roster, items: tuple[Item, ...]) -> None:
    """Keep what is sound of a batch: events whose author signed them, and case keys granted to us."""
    identities = tuple(period_identities(connection).values())
    for item in items:
        if isinstance(item, Grant):
            try:
                granted = decode_keys(unseal(item.sealed, identities))
            except (AgeError, EventError):
                continue  # for somebody else, or nonsense
            for each in granted:
                store.add_case_key(connection, each.case, hashlib.sha256(each.key).digest(), each.key)
        else:
            _keep_event(connection, desk.today(), current, item)
    _open_events(connection)


def _keep_event(connection: Connection, today: date, current: Roster, item: Posted) -> None:
    try:
        signed = open_event(item.envelope, current)
        if item.opened is not None:
            item.opened.check(signed.event)
            if isinstance(parse_content(item.opened.content), CaseContent):
                return  # a case's content never travels open
    except EventError:
        return
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
    elif item.box is not None:
        store.add_box(connection, event.id, item.box)


def _open_events(connection: Connection) -> None:
    """Try every case key on every event that is still closed."""
    case_keys = store.case_keys(connection)
    for event in store.events_closed(connection):
        for case_id, _, key in case_keys:
            if _open_event(connection, event, case_id, key):
                break


def _open_event(connection: Connection, event: store.StoredEvent, case_id: bytes, key: bytes) -> bool:
    signed = known(event).signed
    for box in store.boxes(connection, event):
        try:
            opened = open_content(box, key, signed)
            content = parse_content(opened.content)
        except (CryptoError, EventError):
            continue
        if isinstance(content, CaseContent) and content.case == case_id:
            store.set_opened(connection, event.id, box, opened.nonce + opened.content, case_id)
            return True
    return False
