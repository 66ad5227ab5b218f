"""Reviewers' apps around one log shelf, with real signatures and boxes, one of them a liar's.

Nothing here is random but the boxes' own nonces, so that a failure is the same when it is tried again.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from nacl.signing import SigningKey

from crypto.errors import CryptoError
from reviewer.case import Case
from reviewer.chain import Known, Past, chains
from reviewer.fold import Log, fold
from tests.reviewer.casework import INSTANCE, TODAY, Desk, Staff
from wire.batch import CaseKey, Posted, decode_batch, encode_batch, open_box
from wire.content import Confirmed, Erased, EraseProposed, Joined, Keyed, parse_content
from wire.content_kind import CaseContent, Content
from wire.errors import EventError
from wire.event import Event, Opened, SignedEvent, open_event, seal_content, sign_event
from wire.roster import Roster


def said(opened: Opened) -> Content | None:
    """What a content says; None where it makes no sense."""
    try:
        return parse_content(opened.content)
    except EventError:
        return None


IDS = ("r1", "r2", "r3", "r4")
LIAR = "r3"


@dataclass(frozen=True)
class Given:
    """Case keys on their way to holders; stands for a grant, which only they could open."""

    holders: frozenset[str]
    keys: tuple[CaseKey, ...]


@dataclass
class Shelf:
    """What was posted, in order, and what each app has not pulled yet."""

    batches: list[bytes | Given] = field(default_factory=list)
    waiting: dict[str, list[int]] = field(default_factory=lambda: {one: [] for one in IDS})

    def post(self, batch: bytes | Given) -> None:
        """Lay a batch on the shelf for everybody."""
        for waiting in self.waiting.values():
            waiting.append(len(self.batches))
        self.batches.append(batch)


class World:
    """Staff with fixed keys, a shelf, and a counter that stands for randomness."""

    def __init__(self) -> None:
        self.staff = Staff.__new__(Staff)
        self.staff.ids, self.staff.approvals, self.staff.rosters = IDS[:3], 2, []
        self.staff.keys = {one: SigningKey(hashlib.sha256(one.encode()).digest()) for one in IDS}
        self.staff.announce(IDS[:3])
        self.shelf = Shelf()
        self._numbers = count()

    def draw(self) -> bytes:
        """The next 32 bytes that nobody could guess."""
        return hashlib.sha256(b"chance" + next(self._numbers).to_bytes(8, "big")).digest()

    def commit(self, content: Content | bytes) -> Opened:
        """Pad content and draw its nonce."""
        encoded = content if isinstance(content, bytes) else content.encode()
        return Opened(self.draw(), encoded + b" " * (-len(encoded) % 512))


@dataclass
class App:
    """One reviewer's app: what it holds and how it reads and writes.

    Attributes:
        events: every event whose author signed it.
        boxes: all boxes that came for an event.
        opened: contents that could be read.
        keys: case keys, in the order they came.
        erased: cases destroyed here.
        meant: what was said in cases, and for whom.
        outbox: what waits while the app is offline.
    """

    world: World
    id: str
    events: dict[bytes, SignedEvent] = field(default_factory=dict)
    boxes: dict[bytes, set[bytes]] = field(default_factory=dict)
    opened: dict[bytes, Opened] = field(default_factory=dict)
    keys: list[CaseKey] = field(default_factory=list)
    erased: set[bytes] = field(default_factory=set)
    meant: list[tuple[bytes, bytes, frozenset[str]]] = field(default_factory=list)
    outbox: list[bytes | Given] = field(default_factory=list)
    online: bool = True
    _folded: tuple[object, Log] | None = None

    @property
    def roster(self) -> Roster:
        """The one in force."""
        return self.world.staff.roster

    @property
    def known(self) -> list[Known]:
        """What the fold takes."""
        return [Known(signed, self.opened.get(each)) for each, signed in self.events.items()]

    @property
    def log(self) -> Log:
        """What it comes to; folded anew only when there is something new."""
        state = (frozenset(self.events), frozenset(self.opened), self.roster.version)
        if self._folded is None or self._folded[0] != state:
            self._folded = state, fold(self.known, self.world.staff.rosters)
        return self._folded[1]

    @property
    def desk(self) -> Desk:
        """To sign approvals with."""
        return Desk(self.world.staff, self.id)

    def receive(self, batch: bytes | Given) -> None:
        """Take a batch in; what is not sound is dropped."""
        if isinstance(batch, Given):
            if self.id in batch.holders:
                self.hold(batch.keys)
            return
        try:
            items = decode_batch(batch)
        except EventError:
            return
        for item in items:
            assert isinstance(item, Posted)
            self._keep(item)
        self._read()

    def hold(self, keys: Iterable[CaseKey]) -> None:
        """Keep case keys, but for cases that were destroyed."""
        self.keys += [key for key in keys if key not in self.keys and key.case not in self.erased]
        self._read()

    def _keep(self, item: Posted) -> None:
        try:
            signed = open_event(item.envelope, self.roster)
            if item.opened is not None:
                item.opened.check(signed.event)
        except EventError:
            return
        self.events.setdefault(signed.id, signed)
        if item.opened is not None:
            self.opened[signed.id] = item.opened
        if item.box is not None:
            self.boxes.setdefault(signed.id, set()).add(item.box)

    def _read(self) -> None:
        for event, boxes in self.boxes.items():
            for box in boxes if event not in self.opened else ():
                for key in self.keys:
                    try:
                        self.opened[event] = open_box(box, key, self.events[event])
                    except (CryptoError, EventError):
                        continue

    def say(self, content: Content) -> bytes | None:
        """Write an event as an honest app does; returns its id, None where the case cannot be written to."""
        if not isinstance(content, CaseContent):
            return self.write(content, None)
        case = self.log.cases.get(content.case)
        key = self._writing_key(case)
        if case is None or key is None:
            return None
        event = self.write(content, key)
        self.meant.append((event, case.id, case.members))
        return event

    def write(
        self, content: Content | bytes, key: CaseKey | None, past: Past | None = None, shown: Opened | None = None
    ) -> bytes:
        """Sign, box and post an event; ``shown`` is put into the box in the place of what was committed to."""
        past = past or chains(self.known, self.roster).next_of(self.id)
        opened = self.world.commit(content)
        event = Event(INSTANCE, self.id, past.number, past.previous, past.heads, opened.commitment)
        signed = sign_event(event, self.world.staff.keys[self.id])
        posted = (
            Posted(signed.envelope, shown or opened)
            if key is None
            else Posted(signed.envelope, box=seal_content(shown or opened, key.key, signed.id))
        )
        self.post(encode_batch([posted]))
        return signed.id

    def post(self, batch: bytes | Given) -> None:
        """Take in what is ours, and post it when online."""
        self.receive(batch)
        self.outbox.append(batch)
        self.connect(self.online)

    def connect(self, online: bool) -> None:
        """Go on- or offline."""
        self.online = online
        if online:
            for batch in self.outbox:
                self.world.shelf.post(batch)
            self.outbox.clear()

    def _writing_key(self, case: Case | None) -> CaseKey | None:
        if case is None or case.erased or self.id not in case.members:
            return None
        held = {hashlib.sha256(key.key).digest(): key for key in self.keys if key.case == case.id}
        later = {info.digest for info in case.keys}
        for info in case.writing_keys(self.id):
            first = next((key for digest, key in held.items() if digest not in later), None)
            key = first if info.digest is None else held.get(info.digest)
            if key is not None:
                return key
        new = CaseKey(case.id, self.world.draw())
        self.hold([new])
        digest = hashlib.sha256(new.key).digest()
        self.write(Keyed(on=TODAY, case=case.id, digest=digest, holders=tuple(sorted(case.members))), new)
        self.post(Given(case.members, (new,)))
        return new

    def let_in(self, case: bytes, reviewer: str) -> None:
        """Give somebody a case with all its keys."""
        if self.say(Joined(on=TODAY, case=case, reviewer=reviewer)) is not None:
            self.post(Given(frozenset({reviewer}), tuple(key for key in self.keys if key.case == case)))

    def destroy_agreed(self) -> None:
        """Destroy the cases whose erasure was agreed, but for the erasure's own acts, and say so."""
        for case in self.log.cases.values():
            if not case.erased or case.id in self.erased:
                continue
            self.erased.add(case.id)
            self.keys = [key for key in self.keys if key.case != case.id]
            agreed = [each.id for each in case.proposals if isinstance(each.content, EraseProposed)]
            for event, opened in list(self.opened.items()):
                content = said(opened)
                about = content.proposal if isinstance(content, Confirmed) else event
                if isinstance(content, CaseContent) and content.case == case.id and about not in agreed:
                    self.boxes.pop(event, None)
                    del self.opened[event]
            for each in case.proposals:
                if each.id in agreed and each.state == "approved":
                    self.write(Erased(on=TODAY, proposal=each.id), None)
