"""Letters leave at their moments whatever there is to say, and a reply only ever takes the place of one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from crypto.dsse import sign
from crypto.hybrid import HybridIdentity
from reviewer.acts import cases, dossiers, talk
from reviewer.desk import sit_down
from reviewer.errors import IntakeRefusedError, IntakeUnreachableError, SyncError
from reviewer.store import keys, replies
from reviewer.sync.moments import keep_moments, note_unlocking, stored_moments
from reviewer.sync.replies import leave_today, post_letters
from reviewer.timetable import MOST_A_DAY, OPENING, Timetable
from reviewer.vault import Vault
from tests.reviewer.fakes import FakeIntake
from tests.reviewer.office_hours import PASSPHRASE, OfficeHours
from tests.reviewer.source import Source
from wire import keysheet
from wire.keysheet import KeySheet, PeriodKey, build_sheet
from wire.mailbox import open_replies
from wire.shelf import NARROWEST, shelf_name, shelf_names, shelf_of
from wire.week import Week


@dataclass
class WatchingIntake(FakeIntake):
    """Notes what an intake sees of an app: when which letter came for which shelf, and when a batch.

    Attributes:
        office: whose clock it reads.
        seen: moment, shelf and bytes of each letter, kept or not; a batch has the shelf "log".
        refused: so many letters are not taken.
        error: what their app is told.
    """

    office: OfficeHours | None = None
    seen: list[tuple[datetime, str, bytes]] = field(default_factory=list)
    refused: int = 0
    error: Exception = field(default_factory=lambda: IntakeRefusedError("no", 500))

    def post_reply(self, shelf: str, sealed: bytes) -> None:
        """Take a letter, or not."""
        assert self.office is not None
        self.seen.append((self.office.moment(), shelf, sealed))
        if self.refused:
            self.refused -= 1
            raise self.error
        super().post_reply(shelf, sealed)

    def post_batch(self, sealed: bytes) -> None:
        """Take a batch."""
        assert self.office is not None
        super().post_batch(sealed)
        self.seen.append((self.office.moment(), "log", sealed))

    def letters(self) -> list[tuple[datetime, str]]:
        """When letters came, and for which shelf."""
        return [(moment, shelf) for moment, shelf, _ in self.seen if shelf != "log"]


@pytest.fixture
def office(office: OfficeHours) -> OfficeHours:
    """A tip in every app, and the first one's intake watches."""
    office.open()
    office.rounds(times=2)
    office.intakes["r1"] = WatchingIntake(office.shelves, "r1", office=office)
    return office


@pytest.fixture
def watching(office: OfficeHours) -> WatchingIntake:
    """What the intake sees of the first reviewer's app."""
    intake = office.intakes["r1"]
    assert isinstance(intake, WatchingIntake)
    return intake


@pytest.fixture
def source(office: OfficeHours) -> Source:
    """A source with a tip in every app."""
    sent = Source(office)
    sent.send()
    office.rounds(times=2)
    return sent


def fix_timetable(office: OfficeHours, seed: bytes = bytes(32)) -> None:
    """Have the first app's moments of today drawn as we like."""
    post_letters(office.desks["r1"], office.intakes["r1"], office.books["r1"])
    set_moments(office, timetable=Timetable(office.now, seed))


def set_moments(office: OfficeHours, **values: Any) -> None:
    """Have the first app's vault hold these moments."""
    desk = office.desks["r1"]
    with desk.vault.begin() as connection:
        keep_moments(connection, replace(stored_moments(connection, desk), **values))


def open_app(office: OfficeHours) -> None:
    """Have the first app unlocked."""
    with office.desks["r1"].vault.begin() as connection:
        note_unlocking(connection, office.desks["r1"])


def test_a_letter_leaves_in_every_hour_though_nobody_writes(office: OfficeHours, watching: WatchingIntake) -> None:
    """From nine to nine next morning, twenty-four leave, none of them a reply, each followed by one batch."""
    office.letters_leave("r1", hours=24)

    assert len(watching.letters()) in {23, 24, 25}
    assert [shelf for _, shelf, _ in watching.seen] == ["", "log"] * len(watching.letters())
    assert all(
        moment == after for (moment, *_), (after, *_) in zip(watching.seen[::2], watching.seen[1::2], strict=True)
    )


def test_a_reply_changes_nothing_that_the_intake_sees(
    office: OfficeHours, watching: WatchingIntake, source: Source
) -> None:
    """Moments, shelves, number and order of all that is posted are those of a day on which nobody wrote."""
    fix_timetable(office)
    begin, now, hour = len(watching.seen), office.now, office.hour
    office.letters_leave("r1", hours=3)
    quiet = [seen[:2] for seen in watching.seen[begin:]]

    office.now, office.hour = now, hour
    set_moments(office, looked=office.moment())
    begin = len(watching.seen)
    for words in ("one", "two"):
        talk.reply(office.hand("r1"), source.case_id, words)
    office.letters_leave("r1", hours=3)

    assert [seen[:2] for seen in watching.seen[begin:]] == quiet
    assert [reply.text for reply in source.mailbox().replies] == ["one", "two"]


def test_nothing_of_a_reply_leaves_before_its_letter(
    office: OfficeHours, watching: WatchingIntake, source: Source
) -> None:
    """Rounds between writing and letter post nothing, and no other reviewer's app knows of the reply."""
    office.rounds("r1")
    watching.seen.clear()
    talk.reply(office.hand("r1"), source.case_id, "soon")
    office.rounds(times=2)

    assert not watching.seen
    assert not office.case("r1", source.case_id).replies
    office.letters_leave("r1")
    office.rounds()
    assert [entry.content.text for entry in office.case("r2", source.case_id).replies] == ["soon"]


def test_a_round_posts_the_letters_that_are_due(office: OfficeHours, source: Source) -> None:
    """Rounds alone bring a reply to its source."""
    talk.reply(office.hand("r1"), source.case_id, "Merci")
    for _ in range(13):
        office.hour += timedelta(minutes=10)
        office.rounds("r1")

    assert [reply.text for reply in source.mailbox().replies] == ["Merci"]


def test_a_refused_letter_never_comes_again(office: OfficeHours, watching: WatchingIntake, source: Source) -> None:
    """An intake that refuses letters to see which come back gets other bytes each time; the source reads one reply."""
    talk.reply(office.hand("r1"), source.case_id, "Merci")
    watching.refused = 2
    for _ in range(48):
        office.hour += timedelta(minutes=5)
        office.rounds("r1") if not watching.refused else _round_that_fails(office)

    sealed = [each for _, shelf, each in watching.seen if shelf != "log"]
    assert len(sealed) == len(set(sealed)) >= 3
    assert [reply.text for reply in source.mailbox().replies] == ["Merci"]
    assert not source.mailbox().gaps
    assert len(office.case("r1", source.case_id).replies) == 1


def _round_that_fails(office: OfficeHours) -> None:
    try:
        office.rounds("r1")
    except (IntakeRefusedError, IntakeUnreachableError):
        return


@pytest.mark.parametrize("writes", [False, True])
def test_a_letter_without_an_answer_is_followed_by_a_batch_all_the_same(
    office: OfficeHours, watching: WatchingIntake, source: Source, *, writes: bool
) -> None:
    """An intake that falls silent at a letter cannot tell from the batch in the next round whether it was a reply."""
    office.rounds("r1")
    if writes:
        talk.reply(office.hand("r1"), source.case_id, "Merci")
    watching.seen.clear()
    watching.refused, watching.error = 1, IntakeUnreachableError("silence")
    while watching.refused:
        office.hour += timedelta(minutes=5)
        _round_that_fails(office)
    office.rounds("r1", times=2)

    assert [shelf for _, shelf, _ in watching.seen] == ["", "log"]


def test_replies_and_moments_survive_a_restart(office: OfficeHours, source: Source) -> None:
    """An app that starts anew keeps to the moments that were drawn for the day, and what waited leaves."""
    fix_timetable(office, b"\x07" * 32)
    talk.reply(office.hand("r1"), source.case_id, "Merci")
    office.desks["r1"].vault.lock()
    vault = Vault.unlock(office.folder / "r1", PASSPHRASE)
    office.desks["r1"] = sit_down(vault, lambda: office.now, office.moment)

    with vault.read() as connection:
        timetable = stored_moments(connection, office.desks["r1"]).timetable
    assert timetable is not None
    assert timetable.seed == b"\x07" * 32
    office.letters_leave("r1")
    assert [reply.text for reply in source.mailbox().replies] == ["Merci"]


def test_an_app_that_was_off_does_not_catch_up(office: OfficeHours, watching: WatchingIntake, source: Source) -> None:
    """After six hours without a round at most one letter leaves, and it is none of those that were missed."""
    office.letters_leave("r1", hours=1)
    before = len(watching.letters())
    for _ in range(3):
        talk.reply(office.hand("r1"), source.case_id, "Merci")
    office.hour += timedelta(hours=6)
    office.rounds("r1", times=3)

    assert len(watching.letters()) - before <= 1


def half_an_hour(office: OfficeHours, begin: timedelta, write: Callable[[], None] | None = None) -> None:
    """Have the first app unlocked for half an hour of this day; in its middle something may be written."""
    office.hour = begin
    open_app(office)
    for minute in range(31):
        office.hour = begin + timedelta(minutes=minute)
        office.rounds("r1")
        if minute == 15 and write is not None:
            write()


@pytest.mark.parametrize("minute", range(0, 60, 20))
def test_who_opens_the_app_for_half_an_hour_a_day_answers_the_next_day(
    office: OfficeHours, source: Source, *, minute: int
) -> None:
    """Whatever the minute, what was written in one half hour is there after the next, and never before."""
    begin = timedelta(hours=12, minutes=minute)
    for number in range(3):
        office.later(days=1)
        half_an_hour(office, begin, lambda: talk.reply(office.hand("r1"), source.case_id, f"number {number}"))  # noqa: B023 - used at once
        assert [reply.text for reply in source.mailbox().replies] == [f"number {each}" for each in range(number)]


def test_what_follows_an_unlocking_is_the_same_whatever_waits(
    office: OfficeHours, watching: WatchingIntake, source: Source
) -> None:
    """Half an hour has one letter in its first ten minutes, and whether it is a reply changes nothing around it."""
    talk.reply(office.hand("r1"), source.case_id, "waits")
    seen = []
    for write in (None, lambda: talk.reply(office.hand("r1"), source.case_id, "written since")):
        office.later(days=1)
        watching.seen.clear()
        half_an_hour(office, timedelta(hours=12), write)
        shelves = [shelf for _, shelf, _ in watching.seen]
        seen.append(shelves[shelves.index("") :])
        ((left, _),) = watching.letters()
        assert left - (office.moment() - timedelta(minutes=30)) <= timedelta(seconds=OPENING + 60)

    assert seen == [["", "log"], ["", "log"]]
    assert [reply.text for reply in source.mailbox().replies] == ["waits"]


def test_a_reply_that_takes_a_freed_place_in_the_queue_waits_all_the_same(office: OfficeHours, source: Source) -> None:
    """A letter that follows an unlocking takes nothing that was written after it, be the queue empty or not."""
    office.later(days=1)
    open_app(office)
    talk.reply(office.hand("r1"), source.case_id, "written since")
    for _ in range(11):
        office.hour += timedelta(minutes=1)
        office.rounds("r1")
    assert not source.mailbox().replies

    office.later(days=1)
    half_an_hour(office, office.hour)
    assert [reply.text for reply in source.mailbox().replies] == ["written since"]


def test_unlocking_again_and_again_makes_no_more_letters_than_the_intake_takes(
    office: OfficeHours, watching: WatchingIntake
) -> None:
    """With the narrowest shelves and an app that is unlocked every quarter of an hour, 200 leave in a day at most."""
    put_sheet(office, bits=NARROWEST)
    desk = office.desks["r1"]
    office.hour = timedelta()
    watching.seen.clear()
    for look in range(24 * 12):
        office.hour = timedelta(minutes=5 * look)
        if look % 3 == 0:
            open_app(office)
        post_letters(desk, watching, office.books["r1"])

    assert 100 < len(watching.letters()) <= MOST_A_DAY


def test_replies_wait_for_their_turn_and_the_reviewer_sees_the_day(office: OfficeHours, source: Source) -> None:
    """At twenty o'clock four letters of the day are left, so of six replies the first four or five leave today."""
    office.hour = timedelta(hours=20)
    fix_timetable(office)
    for number in range(6):
        talk.reply(office.hand("r1"), source.case_id, f"number {number}")
    with office.desks["r1"].vault.read() as connection:
        waiting = replies.waiting(connection)
        today = leave_today(connection, office.desks["r1"])

    assert [reply.text for reply in waiting] == [f"number {number}" for number in range(6)]
    assert today == {reply.serial for reply in waiting[: len(today)]}
    assert len(today) in {3, 4}
    office.letters_leave("r1", hours=4)
    assert len(source.mailbox().replies) == len(today)
    office.letters_leave("r1", hours=4)
    assert [reply.text for reply in source.mailbox().replies] == [f"number {number}" for number in range(6)]
    assert [reply.number for reply in source.mailbox().replies] == [1, 2, 3, 4, 5, 6]


def put_sheet(office: OfficeHours, bits: int) -> KeySheet:
    """Have a key sheet of next week with this width in force at the first desk, and that week begun."""
    week, roster = Week.of(office.now).next(), office.roster
    period_keys = [PeriodKey(one, week, HybridIdentity.generate().recipient, roster.digest) for one in office.ids]
    sheet = build_sheet(roster, week, period_keys, bits)
    first, second = (sign(keysheet.PAYLOAD_TYPE, sheet.encode(), office.desks[one].signing) for one in ("r1", "r2"))
    office.now = week.monday + timedelta(days=1)
    with office.desks["r1"].vault.begin() as connection:
        keys.put_sheet(connection, sheet.digest, str(week), first.with_signatures(second).encode())
    return sheet


def test_each_shelf_has_its_letter_in_every_hour(office: OfficeHours, watching: WatchingIntake, source: Source) -> None:
    """With four shelves a reply waits for a letter to its own, and no shelf is busier for having sources."""
    put_sheet(office, bits=2)
    own = shelf_name(shelf_of(source.keys.shelf), 2)
    fix_timetable(office)
    for number in range(3):
        talk.reply(office.hand("r1"), source.case_id, f"number {number}")
    watching.seen.clear()
    office.hour = timedelta(hours=10)
    set_moments(office, looked=office.moment())
    office.letters_leave("r1", hours=5)

    for place in shelf_names(2):
        assert len([1 for _, shelf in watching.letters() if shelf == place]) == 5
    there = {
        shelf for _, shelf, sealed in watching.seen if open_replies([sealed], source.keys, [office.roster]).replies
    }
    assert there == {own}
    assert len(source.mailbox().replies) == 3


def test_shelves_narrower_than_the_rule_allows_get_no_letter(
    office: OfficeHours, watching: WatchingIntake, source: Source
) -> None:
    """Two reviewers who sign a width that no app agrees to do not get a third to use it."""
    put_sheet(office, bits=NARROWEST + 1)
    with pytest.raises(SyncError, match="narrower shelves"):
        office.letters_leave("r1")
    assert not watching.letters()


def test_without_a_key_sheet_replies_still_leave(office: OfficeHours, watching: WatchingIntake, source: Source) -> None:
    """A source is answered although the intake is closed; there is one shelf, and no batch can be sealed."""
    office.later(weeks=3)
    talk.reply(office.hand("r1"), source.case_id, "Merci")
    watching.seen.clear()
    office.letters_leave("r1")

    assert {shelf for _, shelf, _ in watching.seen} == {""}
    assert [reply.text for reply in source.mailbox().replies] == ["Merci"]


def test_what_waits_in_an_erased_case_never_leaves(office: OfficeHours, source: Source) -> None:
    """Erasing a case erases the replies that wait in it; letters go on leaving."""
    talk.reply(office.hand("r1"), source.case_id, "Merci")
    proposal = dossiers.propose_erasure(office.hand("r2"), source.case_id, "sent by mistake")
    office.rounds(times=2)
    dossiers.confirm(office.hand("r3"), source.case_id, proposal)
    office.rounds(times=2)
    office.letters_leave("r1")

    with office.desks["r1"].vault.read() as connection:
        assert not replies.waiting(connection)
    assert not source.mailbox().replies


def test_who_is_recused_answers_nobody_and_holds_up_no_other(office: OfficeHours, source: Source) -> None:
    """A reply of somebody who was recused since waits, and those in other cases leave."""
    other = Source(office)
    other.send()
    office.rounds(times=2)
    talk.reply(office.hand("r1"), source.case_id, "from who was recused")
    talk.reply(office.hand("r1"), other.case_id, "Merci")
    cases.recuse(office.hand("r2"), source.case_id, "r1", "knows the dealer")
    office.rounds(times=2)
    office.letters_leave("r1")

    assert not source.mailbox().replies
    assert [reply.text for reply in other.mailbox().replies] == ["Merci"]


def test_a_reply_written_by_a_clock_a_year_ahead_leaves_once_it_is_right(office: OfficeHours, source: Source) -> None:
    """A reply is held up by its own hour, not by a year."""
    now = office.now
    office.now += timedelta(days=365)
    talk.reply(office.hand("r1"), source.case_id, "Merci")
    office.now = now
    office.letters_leave("r1")

    assert [reply.text for reply in source.mailbox().replies] == ["Merci"]


def test_a_source_that_changes_where_replies_go_holds_up_nobody(office: OfficeHours, source: Source) -> None:
    """A reply that the intake did not take is signed anew for the recipient that the source names by then."""
    intake = office.intakes["r1"]
    assert isinstance(intake, WatchingIntake)
    talk.reply(office.hand("r1"), source.case_id, "Merci")
    intake.refused = 2
    for _ in range(36):
        office.hour += timedelta(minutes=5)
        _round_that_fails(office)
        if not intake.refused:
            break
    source.keys = replace(source.keys, reply=HybridIdentity.generate())
    source.send("from here on to this key")
    office.rounds("r1")
    office.letters_leave("r1")

    assert [reply.text for reply in source.mailbox().replies] == ["Merci"]
