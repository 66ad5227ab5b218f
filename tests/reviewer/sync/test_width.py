"""How narrow shelves may be: each app says what it answers for, and the key sheet has what all of them bear."""

from crypto.dsse import Envelope
from reviewer.sync.keys import exchange_period_keys, make_period_keys
from reviewer.sync.sheets import exchange_sheets
from reviewer.sync.width import LIVE_WEEKS, MARGIN, bits_to_offer, shelves_known
from tests.reviewer.conversations import answer, correspondents
from tests.reviewer.office_hours import OfficeHours
from wire.keysheet import KeySheet
from wire.shelf import SHARED_BY
from wire.week import Week

LEFT, RIGHT = 0x0000, 0x8000


def test_conversations_count_once_they_were_answered_and_while_they_are_not_old(office: OfficeHours) -> None:
    """Tips that nobody answers do not count, however many there are; nor does a source who has not come for long."""
    office.open()
    correspondents(office, "r1", range(50))
    answer(office, "r1", correspondents(office, "r1", [7, 7, 9]))
    desk = office.desks["r1"]
    with desk.vault.read() as connection:
        assert sorted(shelves_known(connection, desk)) == [7, 7, 9]
    office.later(weeks=LIVE_WEEKS)
    with desk.vault.read() as connection:
        assert len(shelves_known(connection, desk)) == 3
    office.later(weeks=1)
    with desk.vault.read() as connection:
        assert not shelves_known(connection, desk)


def test_a_width_is_offered_with_a_margin_that_changes(office: OfficeHours) -> None:
    """Below 64 on the emptiest shelf never, above 96 always, and between them now so, now so."""
    office.open()
    desk = office.desks["r1"]

    def offered(times: int = 2) -> set[int]:
        with desk.vault.read() as connection:
            return {bits_to_offer(connection, desk) for _ in range(times)}

    answer(office, "r1", correspondents(office, "r1", [LEFT] * SHARED_BY + [RIGHT] * (SHARED_BY - 1)))
    assert offered() == {0}
    answer(office, "r1", correspondents(office, "r1", [LEFT, RIGHT] * (MARGIN // 2)))
    assert offered(20) == {0, 1}
    answer(office, "r1", correspondents(office, "r1", [LEFT, RIGHT] * MARGIN))
    assert offered() == {1}


def agree(office: OfficeHours) -> None:
    """Have every app make period keys and sign key sheets, as rounds do, and nothing else."""
    for one in office.ids * 2:
        make_period_keys(office.desks[one])
        exchange_period_keys(office.desks[one], office.intakes[one])
        exchange_sheets(office.desks[one], office.intakes[one])


def test_the_sheet_has_the_width_that_every_app_answers_for(office: OfficeHours) -> None:
    """Two apps that know many conversations get no narrower shelves while a third, left out of them, knows few.

    Once it knows them too, the next batch of period keys has the width, and all apps sign one and the same sheet.
    """
    office.open()
    many = [LEFT, RIGHT] * (SHARED_BY + MARGIN)
    for one in ("r1", "r2"):
        answer(office, one, correspondents(office, one, many))
    office.later(weeks=5)
    agree(office)
    assert office.sheet().shelf_bits == 0
    answer(office, "r3", correspondents(office, "r3", many))
    office.later(weeks=4)
    agree(office)
    assert office.sheet().shelf_bits == 0  # the third app's keys of this week were made before

    office.later(weeks=5)
    agree(office)
    this_week = [sheet for sheet in map(sheet_of, office.shelves.sheets.values()) if sheet.week == Week.of(office.now)]
    assert [sheet.shelf_bits for sheet in this_week] == [1]
    assert office.sheet().shelf_bits == 1


def sheet_of(envelope: Envelope) -> KeySheet:
    """Return the sheet in an envelope."""
    return KeySheet.decode(envelope.payload)
