"""Three reviewers' desks with vaults, one roster, one fake intake, and a calendar that tests turn."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from nacl.signing import SigningKey

from crypto.dsse import sign
from reviewer.acts import offices
from reviewer.acts.desk_work import Hand
from reviewer.acts.knowing import Known, known_facts
from reviewer.case import Case
from reviewer.desk import Desk, furnish, sheet_in_force, sit_down
from reviewer.fold import Log
from reviewer.keeping import GIB, Rules
from reviewer.reading import LogBook, read_log
from reviewer.rewards.library import shipped
from reviewer.store.rules import set_rules
from reviewer.sync.outbox import post_log
from reviewer.sync.replies import post_letters
from reviewer.sync.rounds import sync
from reviewer.vault import Cost, Vault
from tests.reviewer.fakes import FakeIntake, Shelves
from wire import roster as rosters
from wire.keysheet import KeySheet
from wire.office import Office
from wire.roster import Reviewer, Roster

CHEAP = Cost(memory=64, iterations=1, lanes=1)
PASSPHRASE = "correct horse"
INSTANCE = bytes(range(16))


@dataclass
class OfficeHours:
    """Everybody's desks, on a Wednesday at nine to begin with. Files up to `unasked` bytes are fetched at once."""

    folder: Path
    size: int = 3
    now: date = date(2026, 11, 25)
    hour: timedelta = timedelta(hours=9)
    unasked: int = GIB
    root: SigningKey = field(default_factory=SigningKey.generate)
    next_root: SigningKey = field(default_factory=SigningKey.generate)
    shelves: Shelves = field(default_factory=Shelves)

    def __post_init__(self) -> None:
        self.ids = tuple(f"r{number}" for number in range(1, self.size + 1))
        self.desks: dict[str, Desk] = {}
        for one in self.ids:
            self.hire(one)
        self.shelves.roster = self.sign_roster(self.roster)
        self.intakes = {one: FakeIntake(self.shelves, one) for one in self.ids}
        self.books = {one: LogBook() for one in self.ids}

    def hire(self, reviewer: str) -> Desk:
        """Make a vault and a desk for one more reviewer."""
        vault = Vault.create(self.folder / reviewer, PASSPHRASE, CHEAP)
        furnish(vault, reviewer, f"Desk {reviewer}", bytes(self.root.verify_key))
        with vault.begin() as connection:
            set_rules(connection, Rules(unasked=self.unasked))
        self.desks[reviewer] = sit_down(vault, lambda: self.now, self.moment)
        return self.desks[reviewer]

    @cached_property
    def roster(self) -> Roster:
        """The first roster."""
        return self.make_roster(1, self.ids)

    def make_roster(self, version: int, ids: tuple[str, ...]) -> Roster:
        """Return a roster of these reviewers."""
        return Roster(
            version=version,
            instance=INSTANCE,
            expires=date(2027, 6, 30),
            approvals=2,
            next_root=hashlib.sha256(bytes(self.next_root.verify_key)).digest(),
            reviewers=tuple(Reviewer(one, f"Desk {one}", bytes(self.desks[one].signing.verify_key)) for one in ids),
        )

    def sign_roster(self, roster: Roster) -> bytes:
        """Return a roster's envelope, signed by the root."""
        return sign(rosters.PAYLOAD_TYPE, roster.encode(), self.root).encode()

    def rounds(self, *ids: str, times: int = 1) -> bool:
        """Run rounds of syncing, by default one for everybody in turn; returns whether all took what was listed."""
        taken = [sync(self.desks[one], self.intakes[one], self.books[one]) for one in (ids or self.ids) * times]
        return all(taken)

    def moment(self) -> datetime:
        """The moment in UTC."""
        return datetime.combine(self.now, time(), UTC) + self.hour

    def letters_leave(self, *ids: str, hours: int = 2) -> None:
        """Let hours pass in which apps, by default everybody's, look every five minutes which letters leave.

        A letter leaves in each hour, so one does within two whichever moment they begin at.
        """
        for _ in range(hours * 12):
            self.hour += timedelta(minutes=5)
            if self.hour >= timedelta(days=1):
                self.now, self.hour = self.now + timedelta(days=1), self.hour - timedelta(days=1)
            for one in ids or self.ids:
                post_letters(self.desks[one], self.intakes[one], self.books[one])
                post_log(self.desks[one], self.intakes[one])

    def open(self) -> None:
        """Run rounds until this week's key sheet is in force for everybody."""
        self.rounds(times=2)

    def sheet(self) -> KeySheet:
        """The key sheet in force, as a source would get it."""
        with self.desks["r1"].vault.read() as connection:
            sheet = sheet_in_force(connection, self.now)
        assert sheet is not None
        return sheet

    def log(self, one: str) -> Log:
        """The case log as one reviewer's app folds it."""
        with self.desks[one].vault.read() as connection:
            return read_log(connection)

    def hand(self, one: str) -> Hand:
        """A reviewer ready to act."""
        return Hand(self.desks[one], self.books[one])

    def case(self, one: str, case_id: bytes) -> Case:
        """A case as one reviewer's app folds it."""
        return self.log(one).cases[case_id]

    def known(self, one: str, case_id: bytes) -> Known:
        """What is known in a case for rewards, to one reviewer, with the programmes that ship."""
        with self.hand(one).look() as look:
            return known_facts(look, look.case(case_id), shipped())

    def agree_on(self, office: Office) -> None:
        """Put an office on the list: proposed by one, confirmed by another, known to all."""
        offices.propose_office(self.hand("r1"), office.encode())
        self.rounds(times=2)
        proposed = self.log("r2").offices[-1]
        offices.confirm_office(self.hand("r2"), proposed.proposal)
        self.rounds(times=2)

    def later(self, **difference: int) -> None:
        """Let time pass."""
        self.now += timedelta(**difference)

    def close(self) -> None:
        """Lock every vault."""
        for desk in self.desks.values():
            desk.vault.lock()
