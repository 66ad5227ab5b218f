"""An intake in memory that does what the real one does for reviewers' apps, and can be told to misbehave."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crypto.dsse import Envelope
from reviewer.errors import IntakeAnswerError, IntakeRefusedError, IntakeUnreachableError
from reviewer.post import Shelf
from wire.keysheet import PeriodKey
from wire.shelf import is_shelf_name


@dataclass
class Shelves:
    """What lies at the intake."""

    roster: bytes = b""
    period_keys: list[bytes] = field(default_factory=list)
    sheets: dict[bytes, Envelope] = field(default_factory=dict)
    pieces: dict[str, dict[bytes, bytes]] = field(
        default_factory=lambda: {"letters": {}, "parts": {}, "log": {}, "replies": {}}
    )
    taken: set[tuple[str, str, bytes]] = field(default_factory=set)

    def put(self, shelf: str, sealed: bytes) -> bytes:
        """Lay a piece on a shelf; returns its name."""
        name = hashlib.sha256(sealed).digest()
        self.pieces[shelf][name] = sealed
        return name


@dataclass
class FakeIntake:
    """The intake as one reviewer's app sees it.

    Attributes:
        shelves: shared by everybody.
        reviewer: whose app this is.
        withheld: names that are not listed.
        broken_after: requests until it stops answering; None for never.
        page: most names of parts in one list.
    """

    shelves: Shelves
    reviewer: str
    withheld: set[bytes] = field(default_factory=set)
    broken_after: int | None = None
    page: int = 10_000

    def _request(self) -> None:
        if self.broken_after is not None:
            if self.broken_after <= 0:
                raise IntakeUnreachableError("the intake does not answer")
            self.broken_after -= 1

    def roster(self) -> bytes:
        """The newest roster."""
        self._request()
        if not self.shelves.roster:
            raise IntakeRefusedError("no roster", 503)
        return self.shelves.roster

    def post_roster(self, envelope: bytes) -> None:
        """Take a roster."""
        self._request()
        self.shelves.roster = envelope

    def period_keys(self, week: str) -> tuple[bytes, ...]:
        """All period keys of a week."""
        self._request()
        return tuple(
            one for one in self.shelves.period_keys if str(PeriodKey.decode(Envelope.decode(one).payload).week) == week
        )

    def post_period_key(self, envelope: bytes) -> None:
        """Take a period key."""
        self._request()
        if envelope not in self.shelves.period_keys:
            self.shelves.period_keys.append(envelope)

    def sheets(self) -> tuple[bytes, ...]:
        """All sheets with their signatures."""
        self._request()
        return tuple(envelope.encode() for envelope in self.shelves.sheets.values())

    def post_sheet(self, envelope: bytes) -> None:
        """Take or merge a sheet."""
        self._request()
        new = Envelope.decode(envelope)
        known = self.shelves.sheets.get(new.payload)
        self.shelves.sheets[new.payload] = new if known is None else known.with_signatures(new)

    def waiting(self, shelf: Shelf) -> tuple[bytes, ...]:
        """What this reviewer has not acknowledged."""
        self._request()
        names = sorted(self.shelves.pieces[shelf])
        return tuple(
            name
            for name in names
            if (self.reviewer, shelf, name) not in self.shelves.taken and name not in self.withheld
        )

    def parts(self, after: bytes) -> tuple[bytes, ...]:
        """The next parts that this reviewer has not acknowledged, a page at a time."""
        return tuple(name for name in self.waiting("parts") if name > after)[: self.page]

    def fetch(self, shelf: Shelf, name: bytes) -> bytes:
        """One piece."""
        self._request()
        try:
            return self.shelves.pieces[shelf][name]
        except KeyError:
            raise IntakeRefusedError("not there", 404) from None

    def post_part(self, sealed: bytes) -> None:
        """Take a part."""
        self._request()
        if len(sealed) != 1_048_576:
            raise IntakeAnswerError("a part has 1 MiB")
        self.shelves.put("parts", sealed)

    def post_batch(self, sealed: bytes) -> None:
        """Take a batch."""
        self._request()
        if len(sealed) != 65_536:
            raise IntakeAnswerError("a batch has 64 KiB")
        self.shelves.put("log", sealed)

    def post_reply(self, shelf: str, sealed: bytes) -> None:
        """Take a reply."""
        self._request()
        if not is_shelf_name(shelf):
            raise IntakeAnswerError("no shelf of this name")
        if len(sealed) != 16_384:
            raise IntakeAnswerError("a reply has 16 KiB")
        self.shelves.put("replies", sealed)

    def acknowledge(self, names: Mapping[Shelf, Sequence[bytes]]) -> None:
        """Note what was taken."""
        self._request()
        for shelf, taken in names.items():
            self.shelves.taken.update((self.reviewer, shelf, name) for name in taken)
