"""A throwaway organisation for the tests of messages: root, reviewers with their keys, roster, key sheet, codename."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from nacl.signing import SigningKey

from crypto.codename import Codename, CodenameKeys
from crypto.dsse import Envelope, sign
from crypto.hybrid import HybridIdentity
from wire import keysheet, roster
from wire.keysheet import KeySheet, PeriodKey, build_sheet
from wire.roster import Reviewer, Roster
from wire.week import Week

INSTANCE = bytes(range(16))
TODAY = date(2026, 11, 25)
WEEK = Week.of(TODAY)


@dataclass
class Organisation:
    """Everyone's keys, as no one machine would hold them."""

    size: int = 3
    long_ids: bool = False
    root: SigningKey = field(default_factory=SigningKey.generate)
    next_root: SigningKey = field(default_factory=SigningKey.generate)

    def __post_init__(self) -> None:
        self.ids = tuple(f"r{number}".ljust(32 if self.long_ids else 0, "x") for number in range(1, self.size + 1))
        self.signing = {one: SigningKey.generate() for one in self.ids}
        self.period = {one: HybridIdentity.generate() for one in self.ids}

    @cached_property
    def roster(self) -> Roster:
        """The first roster."""
        return Roster(
            version=1,
            instance=INSTANCE,
            expires=date(2027, 6, 30),
            approvals=2,
            next_root=hashlib.sha256(bytes(self.next_root.verify_key)).digest(),
            reviewers=tuple(Reviewer(one, f"Desk {one}", bytes(key.verify_key)) for one, key in self.signing.items()),
        )

    @cached_property
    def roster_envelope(self) -> Envelope:
        """The roster as the root signed it."""
        return sign(roster.PAYLOAD_TYPE, self.roster.encode(), self.root)

    @cached_property
    def period_keys(self) -> tuple[PeriodKey, ...]:
        """One period key of each reviewer for this week."""
        return tuple(
            PeriodKey(one, WEEK, identity.recipient, self.roster.digest) for one, identity in self.period.items()
        )

    @cached_property
    def sheet(self) -> KeySheet:
        """This week's key sheet."""
        return build_sheet(self.roster, WEEK, self.period_keys)

    def sign_sheet(self, *reviewers: str) -> Envelope:
        """Return the key sheet, signed by these reviewers."""
        first, *others = (sign(keysheet.PAYLOAD_TYPE, self.sheet.encode(), self.signing[one]) for one in reviewers)
        for other in others:
            first = first.with_signatures(other)
        return first


def new_keys() -> CodenameKeys:
    """Return the keys of a new codename."""
    return Codename.generate().derive(INSTANCE)
