"""What goes out lies where the other side looks for it."""

from datetime import timedelta

from crypto.dsse import sign
from crypto.hybrid import HybridIdentity
from reviewer.acts import talk
from reviewer.store import keys
from reviewer.sync.outbox import post_replies
from tests.reviewer.fakes import FakeIntake, Shelves
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source
from wire import keysheet
from wire.keysheet import PeriodKey, build_sheet
from wire.shelf import shelf_name, shelf_of
from wire.week import Week


class NotingIntake(FakeIntake):
    """Notes the shelf of each reply."""

    def __init__(self, shelves: Shelves, reviewer: str) -> None:
        super().__init__(shelves, reviewer)
        self.places: list[str] = []

    def post_reply(self, shelf: str, sealed: bytes) -> None:
        """Take a reply."""
        super().post_reply(shelf, sealed)
        self.places.append(shelf)


def test_a_reply_goes_to_the_shelf_that_letter_and_key_sheet_name(office: OfficeHours) -> None:
    """With no bits there is one shelf; with eleven, the first eleven of the source's shelf value name it."""
    office.open()
    source = Source(office)
    source.send()
    office.rounds()
    intake = NotingIntake(office.shelves, "r1")

    talk.reply(office.hand("r1"), source.case_id, "first")
    assert post_replies(office.desks["r1"], intake) == 1
    week = Week.of(office.now).next()
    office.now = week.monday + timedelta(days=1)
    with office.desks["r1"].vault.begin() as connection:
        keys.put_sheet(connection, *sheet_of(office, week, bits=11))
    talk.reply(office.hand("r1"), source.case_id, "second")
    assert post_replies(office.desks["r1"], intake) == 1

    assert intake.places == ["", shelf_name(shelf_of(source.keys.shelf), 11)]
    assert [reply.text for reply in source.mailbox().replies] == ["first", "second"]


def sheet_of(office: OfficeHours, week: Week, bits: int) -> tuple[bytes, str, bytes]:
    """Return digest, week and envelope of a key sheet that two reviewers signed."""
    roster = office.roster
    period_keys = [PeriodKey(one, week, HybridIdentity.generate().recipient, roster.digest) for one in office.ids]
    sheet = build_sheet(roster, week, period_keys, bits)
    first, second = (sign(keysheet.PAYLOAD_TYPE, sheet.encode(), office.desks[one].signing) for one in ("r1", "r2"))
    return sheet.digest, str(week), first.with_signatures(second).encode()
