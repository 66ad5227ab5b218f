"""A throwaway organisation, and an intake of it with a key sheet in force."""

import hashlib
from datetime import timedelta
from pathlib import Path

from nacl.signing import SigningKey

from crypto.dsse import sign
from crypto.hybrid import HybridIdentity
from submission.config import Config, VisitLimits, utc_today
from submission.database import open_database
from submission.keys import Keys
from submission.setup import init
from wire import keysheet, roster
from wire.keysheet import KeySheet, PeriodKey, build_sheet
from wire.roster import Reviewer, Roster
from wire.week import Week

NO_LIMITS = VisitLimits(page="10000000 per minute", tip="10000000 per minute", mailbox="10000000 per minute")
"""All visits come from one address here; a circuit of tor would be refused long before."""


def make_intake(state: Path, shelf_bits: int = 0) -> tuple[Roster, KeySheet]:
    """Make the state folder of an intake with three reviewers, whose keys are forgotten at once."""
    root, next_root = SigningKey.generate(), SigningKey.generate()
    signing = {f"r{number}": SigningKey.generate() for number in range(1, 4)}
    today = utc_today()
    members = Roster(
        version=1,
        instance=bytes(16),
        expires=today + timedelta(days=365),
        approvals=2,
        next_root=hashlib.sha256(bytes(next_root.verify_key)).digest(),
        reviewers=tuple(Reviewer(one, f"Desk {one}", bytes(key.verify_key)) for one, key in signing.items()),
    )
    config = Config(state, bytes(root.verify_key), limits=NO_LIMITS)
    init(config, sign(roster.PAYLOAD_TYPE, members.encode(), root).encode())
    week = Week.of(today)
    period_keys = [PeriodKey(one, week, HybridIdentity.generate().recipient, members.digest) for one in sorted(signing)]
    engine = open_database(state)
    keys = Keys(config, engine)
    for period_key in period_keys:
        keys.add_period_key(period_key.sign(signing[period_key.reviewer]), period_key.reviewer)
    sheet = build_sheet(members, week, period_keys, shelf_bits)
    for one in ("r1", "r2"):
        keys.add_sheet(sign(keysheet.PAYLOAD_TYPE, sheet.encode(), signing[one]))
    engine.dispose()
    return members, sheet
