"""The pen: writes this reviewer's events, each with its past, its seal and its place in the chain.

One pen serves one transaction. It chooses the case key: the newest that only members can hold, or a new one that it
makes and grants to them.
"""

import hashlib
import secrets

from sqlalchemy import Connection

from crypto.errors import CryptoError
from reviewer.case import Case
from reviewer.chain import Past
from reviewer.desk import Desk
from reviewer.errors import ActError
from reviewer.fold import Log
from reviewer.reading import known
from reviewer.store import log as store
from wire.batch import CaseKey
from wire.content import CaseOpened, Keyed
from wire.content_kind import CaseContent, Content
from wire.errors import EventError
from wire.event import Event, commit, open_content, seal_content, sign_event
from wire.fields import dump, parse_object

KEY_SIZE = 32


class Pen:
    """Writes events of one reviewer in one transaction.

    Args:
        connection: in a transaction that writes.
        desk: whose events.
        log: as folded from this very connection.
        instance: 16 bytes.
    """

    def __init__(self, connection: Connection, desk: Desk, log: Log, instance: bytes) -> None:
        self._connection = connection
        self._desk = desk
        self._log = log
        self._instance = instance
        self._past = log.chains.next_of(desk.id)
        self._new_keys: dict[bytes, bytes] = {}

    def write(self, content: Content) -> bytes:
        """Write one event and put it in the queue; returns its id (32 bytes).

        Raises:
            ActError: the content is out of bounds, or the case cannot be written to from here.
        """
        if isinstance(content, CaseContent):
            return self._append(content, self._writing_key(content.case))
        return self._append(content, None)

    def open_case(self, content: CaseOpened, key: bytes, *more: CaseContent) -> bytes:
        """Write that this app opened a case, and what belongs to that, under the key that came or was made with it.

        Whatever others say of the case: who shows that they hold its first key is not cut out by another's word.
        """
        self._keep_key(content.case, key)
        if content.case not in self._log.cases:
            self._new_keys[content.case] = key
        opened = self._append(content, key)
        for each in more:
            self._append(each, key)
        return opened

    def grant(self, case_id: bytes, keys: tuple[bytes, ...], holders: tuple[str, ...]) -> None:
        """Give case keys to reviewers: sealed to their period keys when the next batch goes."""
        grant = {
            "case": case_id.hex(),
            "keys": [key.hex() for key in keys],
            "holders": [holder for holder in holders if holder != self._desk.id],
        }
        if grant["holders"]:
            store.queue(self._connection, "grant", dump(grant), case_id)

    def _writing_key(self, case_id: bytes) -> bytes:
        if case_id in self._new_keys:
            return self._new_keys[case_id]
        case = self._log.cases.get(case_id)
        if case is None or case.erased:
            raise ActError("there is no such case here, or it was erased")
        if self._desk.id not in case.members:
            raise ActError("this reviewer does not act in this case")
        held = (case_key(self._connection, case, info.digest) for info in case.writing_keys(self._desk.id))
        key = next((key for key in held if key is not None), None) or self._new_key(case)
        self._new_keys[case_id] = key
        return key

    def _new_key(self, case: Case) -> bytes:
        key = secrets.token_bytes(KEY_SIZE)
        digest = self._keep_key(case.id, key)
        holders = tuple(sorted(case.members))
        self._append(Keyed(on=self._desk.today(), case=case.id, digest=digest, holders=holders), key)
        self.grant(case.id, (key,), holders)
        return key

    def _keep_key(self, case_id: bytes, key: bytes) -> bytes:
        digest = hashlib.sha256(key).digest()
        store.add_case_key(self._connection, case_id, digest, key)
        return digest

    def _append(self, content: Content, key: bytes | None) -> bytes:
        try:
            opened = commit(content.encode())
        except EventError:
            raise ActError("this does not fit into one entry: shorten it, or attach it as an exhibit") from None
        event = Event(
            instance=self._instance,
            author=self._desk.id,
            number=self._past.number,
            previous=self._past.previous,
            heads=self._past.heads,
            commitment=opened.commitment,
        )
        signed = sign_event(event, self._desk.signing)
        box = None if key is None else seal_content(opened, key, signed.id)
        stored = store.StoredEvent(
            id=signed.id,
            author=self._desk.id,
            number=event.number,
            envelope=signed.envelope.encode(),
            box=box,
            opened=opened.nonce + opened.content,
            case_id=content.case if isinstance(content, CaseContent) else None,
            posted=False,
            arrived_on=self._desk.today(),
        )
        store.add_event(self._connection, stored)
        store.note_seen(self._connection, self._desk.id, event.number, self._desk.today())
        # The next one in this transaction cites this one, and through it everything else.
        self._past = Past(event.number + 1, signed.id, ())
        return signed.id


def case_key(connection: Connection, case: Case, digest: bytes | None) -> bytes | None:
    """Return a key of a case by its SHA-256, None when it is not here; without a SHA-256, the case's first key.

    The first key is the one that opens the event that opened the case: a grant is not signed, so a key that merely
    came in one proves nothing.
    """
    keys = {each: key for _, each, key in store.case_keys(connection, case.id)}
    if digest is not None:
        return keys.get(digest)
    later = {info.digest for info in case.keys}
    first = next((entry.id for entry in case.entries if isinstance(entry.content, CaseOpened)), b"")
    event = store.event(connection, first)
    if event is None or event.box is None:
        return None
    return next((key for each, key in keys.items() if each not in later and _opens(event, key)), None)


def _opens(event: store.StoredEvent, key: bytes) -> bool:
    try:
        open_content(event.box or b"", key, known(event).signed)
    except (CryptoError, EventError):
        return False
    return True


def read_grant(body: bytes) -> tuple[tuple[CaseKey, ...], tuple[str, ...]]:
    """Return the keys and holders of a grant that waits in the queue."""
    fields = parse_object(body, 65_536, "grant")
    case_id = fields.hex("case", 16)
    keys = tuple(CaseKey(case_id, key) for key in fields.hexes("keys", KEY_SIZE, 64))
    return keys, fields.texts("holders", 64, 32)
