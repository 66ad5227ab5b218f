"""Rounds of syncing bring letters, files and the case log to every app, whatever breaks off or is held back."""

import gc
import hashlib
import os
import secrets
import threading
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from reviewer.acts import cases
from reviewer.acts.drafting import files_of
from reviewer.acts.exhibits import Capture, add_exhibit
from reviewer.desk import period_identities, sit_down
from reviewer.errors import IntakeRefusedError, IntakeSwappedError, IntakeUnreachableError, SyncError
from reviewer.files import SealedWriter, read_file
from reviewer.pages.inbox import notices_of
from reviewer.post import Shelf
from reviewer.reading import LogBook
from reviewer.store import letters
from reviewer.store import log as store
from reviewer.sync.rounds import Syncing, keep_syncing
from reviewer.vault import Vault
from tests.reviewer.fakes import FakeIntake
from tests.reviewer.office_hours import PASSPHRASE, OfficeHours
from tests.reviewer.source import STORY, Source
from wire.letter import decode_content
from wire.week import Week

MARKER = "tê-tê-marker-5d1"


def test_tip_becomes_one_case_verified_by_everybody(office: OfficeHours) -> None:
    """A tip is pulled and verified by three apps and is one case in each of them."""
    office.open()
    source = Source(office)
    name = source.send(fields={"species": "Manis javanica", "product": "scales"})
    office.rounds(times=2)

    for one in office.ids:
        case = office.log(one).cases[source.case_id]
        assert case.title == "Manis javanica, scales"
        assert case.members == {"r1", "r2", "r3"}
        assert [letter.letter for letter in case.letters] == [name]
        assert case.letters[0].checked_by == {"r1", "r2", "r3"}
        assert case.letters[0].verified


def test_letter_is_kept_as_the_source_wrote_it(office: OfficeHours) -> None:
    """The story of a letter reads the same in the vault, in every script."""
    office.open()
    source = Source(office)
    source.send()
    office.rounds("r2")

    with office.desks["r2"].vault.read() as connection:
        (stored,) = letters.letters_of(connection, source.case_id)
    assert stored.content is not None
    assert decode_content(stored.content).story == STORY


def test_files_arrive_whole_in_every_vault(office: OfficeHours) -> None:
    """Each file of a letter has the same SHA-256 in every vault as at the source, across part boundaries."""
    office.open()
    files = {"photo.jpg": b"\xff\xd8" + os.urandom(5_000), "big.bin": os.urandom(2_300_000), "empty.txt": b""}
    source = Source(office)
    source.send(files=files)
    assert office.rounds()

    for one in office.ids:
        vault = office.desks[one].vault
        with vault.read() as connection:
            stored = {file.sha256: file for file in letters.files_of(connection, source.case_id)}
        for content in files.values():
            file = stored[hashlib.sha256(content).digest()]
            assert b"".join(read_file(vault, file)) == content
            assert (file.length, file.sha512) == (len(content), hashlib.sha512(content).digest())


def test_a_part_fills_a_vault_once(office: OfficeHours) -> None:
    """Another letter that names parts which were taken already makes no app pull or keep them again."""
    office.open()
    source, copier = Source(office), Source(office)
    name = source.send(files={"photo.jpg": os.urandom(5_000)})
    assert office.rounds()
    desk = office.desks["r1"]
    with desk.vault.read() as connection:
        (kept,) = letters.letters_of(connection, source.case_id)
    assert (kept.name, kept.files) == (name, "here")
    assert kept.content is not None
    copier.copy(decode_content(kept.content))
    assert office.rounds()

    with desk.vault.read() as connection:
        (refused,) = letters.letters_of(connection, copier.case_id)
        assert refused.files == "broken"
        assert not letters.files_of(connection, copier.case_id)


def test_nothing_of_a_tip_is_readable_in_the_vaults_folder(office: OfficeHours, tmp_path: Path) -> None:
    """Neither text, nor file, nor file name, nor the hash of a file can be found on disk."""
    office.open()
    content = MARKER.encode() * 1_000
    Source(office).send(MARKER, files={f"{MARKER}.txt": content}, fields={"people": MARKER})
    office.rounds()

    digest = hashlib.sha256(content)
    for path in tmp_path.rglob("*"):
        assert MARKER not in path.name
        assert digest.hexdigest() not in path.name
        if path.is_file():
            raw = path.read_bytes()
            assert MARKER.encode() not in raw
            assert digest.digest() not in raw


def test_form_sent_twice_is_one_case(office: OfficeHours) -> None:
    """A form that a browser sent twice gives two letters with one tip id in one case."""
    office.open()
    source = Source(office)
    tip = secrets.token_bytes(16)
    source.send(tip=tip)
    source.number = 0
    source.send(tip=tip)
    office.rounds(times=2)

    log = office.log("r1")
    assert list(log.cases) == [source.case_id]
    assert {letter.tip for letter in log.cases[source.case_id].letters} == {tip}


def test_reviewer_who_was_left_out_learns_nothing(office: OfficeHours) -> None:
    """A letter not to a reviewer is set aside by their app, and its case does not exist there."""
    office.open()
    source = Source(office)
    name = source.send(not_to=("r3",))
    office.rounds(times=2)

    assert office.log("r1").cases[source.case_id].members == {"r1", "r2"}
    assert not office.log("r3").cases
    with office.desks["r3"].vault.read() as connection:
        assert (name, "letters", "not_mine") in {row[:3] for row in letters.all_set_aside(connection)}


def test_letter_with_a_wrong_mac_is_set_aside(office: OfficeHours) -> None:
    """A letter that somebody else wrote in the name of a conversation makes no event and no case."""
    office.open()
    source, stranger = Source(office), Source(office)
    private = PrivateKey(bytes(stranger.keys.conversation))
    private.public_key = source.keys.conversation.public_key
    stranger.keys = replace(stranger.keys, conversation=private)
    name = stranger.send()
    office.rounds()

    assert not office.log("r1").cases
    with office.desks["r1"].vault.read() as connection:
        assert (name, "letters", "mac") in {row[:3] for row in letters.all_set_aside(connection)}


@pytest.mark.parametrize("week", [Week(2999, 52), Week(2026, 47), Week(2026, 49)])
def test_letter_of_another_week_than_it_is_sealed_to_is_set_aside(office: OfficeHours, week: Week) -> None:
    """Whatever it names inside and outside alike: it is never kept, and no app is told to set its clock for it."""
    office.open()
    source, other = Source(office), Source(office)
    source.send()
    office.rounds()
    with office.desks["r1"].vault.read() as connection:
        (kept,) = letters.letters_of(connection, source.case_id)
    assert kept.content is not None
    name = other.copy(replace(decode_content(kept.content), week=week))
    office.rounds()

    assert list(office.log("r1").cases) == [source.case_id]
    with office.hand("r1").look() as look:
        assert (name, "letters", "sheet") in {row[:3] for row in letters.all_set_aside(look.connection)}
        assert "clock" not in {notice.kind for notice in notices_of(look)}


def test_follow_up_before_the_first_letter_waits_for_it(office: OfficeHours) -> None:
    """A follow-up that comes first is told of when the first letter, and with it the case key, is there."""
    office.open()
    source = Source(office)
    first = source.send()
    second = source.send("more")
    for intake in office.intakes.values():
        intake.withheld.add(first)
    office.rounds(times=2)
    assert not office.log("r1").cases

    for intake in office.intakes.values():
        intake.withheld.clear()
    office.rounds(times=2)
    case = office.log("r3").cases[source.case_id]
    assert [letter.letter for letter in case.letters] == [first, second]
    assert all(letter.verified for letter in case.letters)


def test_quiet_round_posts_nothing(office: OfficeHours) -> None:
    """When nothing is new, a round writes no event and posts no batch."""
    office.open()
    Source(office).send()
    office.rounds(times=3)
    before = {shelf: len(pieces) for shelf, pieces in office.shelves.pieces.items()}
    office.rounds(times=2)

    assert {shelf: len(pieces) for shelf, pieces in office.shelves.pieces.items()} == before


def test_heads_are_posted_each_day(office: OfficeHours) -> None:
    """Every app writes one event a day even when nothing happens, and the others note that it was heard."""
    office.open()
    for _ in range(3):
        office.later(days=1)
        office.rounds(times=2)

    with office.desks["r1"].vault.read() as connection:
        seen = store.seen(connection)
    assert seen == dict.fromkeys(office.ids, office.now)
    assert office.log("r2").chains.last["r1"].number == 4


def test_author_who_is_silent_is_not_heard_from_since(office: OfficeHours) -> None:
    """The day on which an author was last heard stays when their events no longer come."""
    office.open()
    office.rounds()
    day = office.now
    office.later(days=2)
    office.rounds("r1", "r2", times=2)

    with office.desks["r1"].vault.read() as connection:
        assert store.seen(connection)["r3"] == day


def test_withheld_batch_shows_and_heals(office: OfficeHours) -> None:
    """A batch held back leaves what cites it waiting, and the log is whole once it comes."""
    office.open()
    source = Source(office)
    before = set(office.shelves.pieces["log"])
    source.send()
    office.rounds("r1")
    held = set(office.shelves.pieces["log"]) - before
    office.intakes["r3"].withheld |= held
    office.rounds("r2", "r3")
    assert office.log("r3").chains.missing

    office.intakes["r3"].withheld.clear()
    office.rounds("r3", "r1", "r2")
    chains = office.log("r3").chains
    assert not chains.missing
    assert not chains.waiting


@pytest.mark.parametrize("requests", range(0, 30, 4))
def test_round_may_break_off_anywhere(office: OfficeHours, requests: int) -> None:
    """However many requests succeed before the intake stops answering, later rounds bring everything."""
    office.open()
    source = Source(office)
    content = os.urandom(1_200_000)
    source.send(files={"photo.jpg": content})
    office.later(days=1)
    office.intakes["r1"].broken_after = requests
    with pytest.raises(IntakeUnreachableError):
        office.rounds("r1", times=8)
    office.intakes["r1"].broken_after = None
    office.rounds(times=2)

    assert office.log("r2").cases[source.case_id].letters[0].checked_by == set(office.ids)
    with office.desks["r1"].vault.read() as connection:
        assert letters.file_of(connection, source.case_id, hashlib.sha256(content).digest())
    assert len(list(office.desks["r1"].vault.files.iterdir())) == 1


def test_app_that_was_killed_goes_on_with_its_vault(office: OfficeHours, tmp_path: Path) -> None:
    """A vault opened anew continues the same chain."""
    office.open()
    Source(office).send()
    office.rounds("r1")
    office.desks["r1"].vault.lock()
    office.desks["r1"] = sit_down(Vault.unlock(tmp_path / "r1", PASSPHRASE), lambda: office.now)
    Source(office).send("another")
    office.rounds(times=2)

    chains = office.log("r3").chains
    assert not chains.forks
    assert len(office.log("r3").cases) == 2


def test_reviewer_who_joins_later_reads_the_whole_log(office: OfficeHours) -> None:
    """After a new roster every app posts its chain again, sealed to the newcomer too."""
    office.open()
    Source(office).send()
    office.rounds(times=2)
    office.ids = (*office.ids, "r4")
    office.hire("r4")
    office.intakes["r4"] = FakeIntake(office.shelves, "r4")
    office.books["r4"] = LogBook()
    office.shelves.roster = office.sign_roster(office.make_roster(2, office.ids))
    office.rounds(times=3)

    chains = office.log("r4").chains
    assert set(chains.last) == set(office.ids)
    assert not chains.missing
    assert not office.log("r4").cases  # the chain is there; what it says of the case is not theirs to read


def test_acknowledgements_go_once_a_day(office: OfficeHours) -> None:
    """What is safe in the vault is acknowledged in one go, at most once a day."""
    office.open()
    Source(office).send()
    office.rounds("r1")
    told = len(office.shelves.taken)
    Source(office).send()
    office.rounds("r1")
    assert len(office.shelves.taken) == told

    office.later(days=1)
    office.rounds("r1")
    assert len(office.shelves.taken) > told


def test_reviewer_who_is_not_on_the_roster_cannot_sync(office: OfficeHours) -> None:
    """An app whose reviewer is on no roster says so."""
    office.hire("r9")
    syncing = Syncing(office.desks["r9"], FakeIntake(office.shelves, "r9"), LogBook())

    ended = syncing.run()
    assert ended.trouble is not None
    assert "not on the roster" in ended.trouble


def test_trouble_is_told_and_the_next_round_runs(office: OfficeHours) -> None:
    """A round against a dead intake tells why; the next one works."""
    office.intakes["r1"].broken_after = 0
    syncing = Syncing(office.desks["r1"], office.intakes["r1"], office.books["r1"])
    trouble = syncing.run().trouble
    assert trouble is not None
    assert "does not answer" in trouble

    office.intakes["r1"].broken_after = None
    assert syncing.run().trouble is None


def test_one_refused_errand_does_not_hold_up_the_letters(office: OfficeHours, monkeypatch: pytest.MonkeyPatch) -> None:
    """An intake that refuses our period keys is told of, and letters are pulled all the same."""
    office.open()
    source = Source(office)
    source.send()
    office.later(weeks=5)
    office.now = Week.of(office.now).monday

    def refuse(_envelope: bytes) -> None:
        raise IntakeRefusedError("the intake refused a request with status 409", 409)

    monkeypatch.setattr(office.intakes["r1"], "post_period_key", refuse)
    with pytest.raises(IntakeRefusedError, match="409"):
        office.rounds("r1")

    with office.desks["r1"].vault.read() as connection:
        assert letters.letters_of(connection, source.case_id)


def test_fault_of_the_app_is_told_and_ends_nothing(office: OfficeHours, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even an exception that nobody foresaw becomes a trouble of that round."""

    def fail() -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(office.intakes["r1"], "roster", fail)
    syncing = Syncing(office.desks["r1"], office.intakes["r1"], office.books["r1"])

    trouble = syncing.run().trouble
    assert trouble is not None
    assert "a fault in this app" in trouble


def test_background_rounds_stop_when_told(office: OfficeHours) -> None:
    """The background loop runs a round and ends when it is told to stop."""
    stop = threading.Event()

    class Once(Syncing):
        def run(self) -> object:  # type: ignore[override]  # only that it ran counts
            stop.set()
            return super().run()

    once = Once(office.desks["r1"], office.intakes["r1"], office.books["r1"])
    keep_syncing(lambda: once, 60, stop)

    assert once.last is not None


def test_locked_vault_is_left_alone() -> None:
    """While there is nothing to sync, the background loop only waits."""
    stop = threading.Event()

    def nobody() -> None:
        stop.set()

    keep_syncing(nobody, 60, stop)
    assert stop.is_set()


def test_sync_error_is_a_reviewer_error(office: OfficeHours) -> None:
    """Without a roster, a round says what the organisation must do."""
    office.shelves.roster = b""
    with pytest.raises(SyncError, match="no roster yet"):
        office.rounds("r1")


def test_lost_batch_is_asked_for_and_posted_again(office: OfficeHours) -> None:
    """An app that lacks an event which others cite says so in its daily heads, and whoever has it posts it again.

    Of a batch with two events, each of which cites the one before, one comes a day.
    """
    office.open()
    before = set(office.shelves.pieces["log"])
    Source(office).send()
    office.rounds("r1")
    for lost in set(office.shelves.pieces["log"]) - before:
        office.intakes["r2"].withheld.add(lost)
    office.rounds("r3", "r2")
    assert office.log("r2").chains.missing

    for _ in range(2):
        assert office.log("r2").chains.missing
        office.later(days=1)
        office.rounds("r2", "r1", "r3", "r2")
    assert not office.log("r2").chains.missing


@pytest.mark.parametrize("sign", ["\n", "\x07", "\u200f", "\u202e", "\u2029"])
def test_no_sign_in_a_tip_keeps_it_from_being_a_case(office: OfficeHours, sign: str) -> None:
    """A tip whose first words hold a sign that no title may hold is a case all the same, under a clean title."""
    office.open()
    told, answered = Source(office), Source(office)
    told.send(f"{sign}ivory {sign} at the port")
    answered.send(fields={"species": f"Manis{sign}javanica"})
    office.rounds("r1")

    assert office.case("r1", told.case_id).title == "ivory at the port"
    assert office.case("r1", answered.case_id).title == "Manis javanica"


def test_parts_that_never_come_keep_no_key_alive(office: OfficeHours) -> None:
    """A source's files and a reviewer's exhibit that never come delay the destruction of keys, but not for ever."""
    office.open()
    source = Source(office)
    source.send(files={"photo.jpg": os.urandom(5_000)})
    office.rounds("r1")
    with SealedWriter(office.desks["r1"].vault) as writer:
        writer.write(os.urandom(5_000))
        add_exhibit(office.hand("r1"), source.case_id, "x.png", "image/png", writer, Capture("r1", None, "", ""))
    office.rounds("r1")
    office.shelves.pieces["parts"].clear()
    week = Week.of(office.now)
    assert not office.rounds(times=2)
    for _ in range(8):
        office.later(weeks=1)
        office.rounds(times=2)

    for one in office.ids:
        with office.desks[one].vault.read() as connection:
            assert week not in period_identities(connection)
    assert office.rounds(times=2)
    with office.hand("r2").look() as look:
        files = files_of(look, look.case(source.case_id))
    assert [(file.name, file.here, file.lost) for file in files] == [("photo.jpg", False, True), ("x.png", False, True)]


def test_silent_intake_keeps_no_key_alive(office: OfficeHours) -> None:
    """An intake that never answers again does not keep the keys of a week from being destroyed."""
    office.open()
    week = Week.of(office.now)
    office.intakes["r1"].broken_after = 0
    office.later(weeks=9)
    with pytest.raises(IntakeUnreachableError):
        office.rounds("r1")

    with office.desks["r1"].vault.read() as connection:
        assert week not in period_identities(connection)


def test_swapped_piece_holds_up_no_other(office: OfficeHours, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter that the intake gives wrongly is asked for again; the others are pulled in the same round."""
    office.open()
    names = [Source(office).send() for _ in range(3)]
    intake = office.intakes["r1"]
    honest = intake.fetch

    def swap(shelf: Shelf, name: bytes) -> bytes:
        if name == min(names):
            raise IntakeSwappedError("the intake gave something else", 200)
        return honest(shelf, name)

    monkeypatch.setattr(intake, "fetch", swap)
    assert not office.rounds("r1")
    assert len(office.log("r1").cases) == 2

    monkeypatch.undo()
    assert office.rounds("r1")
    assert len(office.log("r1").cases) == 3


def test_exhibit_of_a_recused_reviewer_holds_up_nothing(office: OfficeHours) -> None:
    """An exhibit that waits in a case its reviewer was recused from stays there, and those of other cases go."""
    office.open()
    first, second = Source(office), Source(office)
    first.send()
    second.send()
    office.rounds(times=2)
    for source in (first, second):
        with SealedWriter(office.desks["r1"].vault) as writer:
            writer.write(os.urandom(2_000))
            add_exhibit(office.hand("r1"), source.case_id, "x.png", "image/png", writer, Capture("r1", None, "", ""))
    cases.recuse(office.hand("r1"), first.case_id, "r1", "knows the seller")
    parts = len(office.shelves.pieces["parts"])
    office.rounds(times=2)

    assert not office.case("r2", first.case_id).exhibits
    assert len(office.case("r2", second.case_id).exhibits) == 1
    assert len(office.shelves.pieces["parts"]) == parts + 1


def test_loop_keeps_nothing_of_a_vault_that_was_locked(office: OfficeHours) -> None:
    """Between two rounds the background loop holds no desk, so that its keys leave memory when the vault is locked."""
    held = [Syncing(office.desks["r1"], office.intakes["r1"], office.books["r1"])]
    seen = weakref.ref(held[0])
    alive = []

    class Between(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            gc.collect()
            alive.append(seen() is not None)
            self.set()
            return super().wait(timeout)

    keep_syncing(held.pop, 60, Between())

    assert alive == [False]
