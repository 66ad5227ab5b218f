"""Parts that nothing names which an app can open are acknowledged after a week, and no other part before its time."""

import hashlib
import os
from pathlib import Path

import pytest

from reviewer.acts import cases
from reviewer.acts.exhibits import Capture, add_exhibit
from reviewer.errors import IntakeRefusedError
from reviewer.files import SealedWriter
from reviewer.post import Shelf
from reviewer.store import letters
from tests.reviewer.fakes import FakeIntake, Shelves
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source
from tests.reviewer.sync.test_handing import hire_r4

CONTENT = os.urandom(5_000)


class StubbornIntake(FakeIntake):
    """Notes which parts are pulled, and refuses letters or batches while told to."""

    def __init__(self, shelves: Shelves, reviewer: str) -> None:
        super().__init__(shelves, reviewer)
        self.pulled: list[bytes] = []
        self.refuses: set[str] = set()

    def fetch(self, shelf: Shelf, name: bytes) -> bytes:
        """One piece."""
        if shelf in self.refuses:
            raise IntakeRefusedError("the intake refused a request with status 503", 503)
        if shelf == "parts":
            self.pulled.append(name)
        return super().fetch(shelf, name)

    def post_batch(self, sealed: bytes) -> None:
        """Take a batch."""
        if "log" in self.refuses:
            raise IntakeRefusedError("the intake refused a request with status 503", 503)
        super().post_batch(sealed)


@pytest.fixture
def office(tmp_path: Path) -> OfficeHours:
    """Three desks on the day after their first key sheet; the first one's intake can be told to refuse."""
    hours = OfficeHours(tmp_path)
    hours.intakes["r1"] = StubbornIntake(hours.shelves, "r1")
    hours.open()
    hours.later(days=1)
    return hours


def first(office: OfficeHours) -> StubbornIntake:
    """The intake as the first reviewer's app sees it."""
    intake = office.intakes["r1"]
    assert isinstance(intake, StubbornIntake)
    return intake


def acknowledged(office: OfficeHours, reviewer: str) -> set[bytes]:
    """The parts that a reviewer has acknowledged."""
    return {name for who, shelf, name in office.shelves.taken if (who, shelf) == (reviewer, "parts")}


def has(office: OfficeHours, reviewer: str, source: Source, content: bytes) -> bool:
    """Whether a file is in a reviewer's vault."""
    with office.desks[reviewer].vault.read() as connection:
        return letters.file_of(connection, source.case_id, hashlib.sha256(content).digest()) is not None


def test_a_left_out_reviewers_app_acknowledges_the_parts_after_a_week(office: OfficeHours) -> None:
    """A week after a letter that leaves one out, all have acknowledged its parts; that one has pulled none of them."""
    Source(office).send(files={"photo.jpg": CONTENT}, not_to=("r1",))
    parts = set(office.shelves.pieces["parts"])
    office.rounds()
    office.later(days=1)
    office.rounds()
    assert acknowledged(office, "r2") == acknowledged(office, "r3") == parts
    office.later(days=5)
    office.rounds("r1", times=2)
    assert not acknowledged(office, "r1")

    office.later(days=1)
    office.rounds("r1")
    assert acknowledged(office, "r1") == parts
    assert not first(office).pulled


def test_an_exhibit_whose_event_comes_within_the_week_is_pulled(office: OfficeHours) -> None:
    """Parts wait six days for the batch that names them, and are acknowledged by those who have pulled them."""
    source = Source(office)
    source.send()
    office.rounds(times=2)
    with SealedWriter(office.desks["r1"].vault) as writer:
        writer.write(CONTENT)
        add_exhibit(office.hand("r1"), source.case_id, "x.png", "image/png", writer, Capture("r1", None, "", ""))
    first(office).refuses = {"log"}
    with pytest.raises(IntakeRefusedError):
        office.rounds("r1")
    parts = set(office.shelves.pieces["parts"])
    office.rounds("r2", "r3")
    office.later(days=6)
    office.rounds("r2", "r3")
    assert parts
    assert not acknowledged(office, "r2") | acknowledged(office, "r3")

    first(office).refuses = set()
    office.rounds("r1", "r2", "r3")
    assert has(office, "r2", source, CONTENT)
    assert has(office, "r3", source, CONTENT)
    office.later(days=1)
    office.rounds()
    assert acknowledged(office, "r2") == acknowledged(office, "r3") == parts


def test_parts_that_an_event_names_wait_until_they_can_be_pulled(office: OfficeHours) -> None:
    """What an exhibit or a handing over names is not acknowledged unread, however long the intake holds it back."""
    source = Source(office)
    source.send()
    office.rounds(times=2)
    hire_r4(office)
    fourth = office.intakes["r4"] = StubbornIntake(office.shelves, "r4")
    fourth.refuses = first(office).refuses = {"parts"}
    loose = office.shelves.put("parts", os.urandom(1_048_576))
    cases.join(office.hand("r2"), source.case_id, "r4")
    with SealedWriter(office.desks["r3"].vault) as writer:
        writer.write(b"a screen")
        add_exhibit(office.hand("r3"), source.case_id, "x.png", "image/png", writer, Capture("r3", None, "", ""))
    office.rounds(times=2)
    office.later(days=1)
    office.rounds()
    assert len(office.shelves.pieces["parts"]) == 3
    office.later(days=8)
    office.rounds(times=2)
    assert loose in acknowledged(office, "r3")
    (shot,) = office.case("r1", source.case_id).exhibits[0].content.parts
    (handed,) = set(office.shelves.pieces["parts"]) - {loose, shot}
    assert acknowledged(office, "r1") == {loose, handed}  # the one handed over is not for them
    assert handed not in acknowledged(office, "r4")
    assert loose in acknowledged(office, "r4")

    fourth.refuses = first(office).refuses = set()
    office.rounds("r1")
    office.rounds("r4", times=2)
    assert has(office, "r1", source, b"a screen")
    with office.desks["r4"].vault.read() as connection:
        assert letters.letters_of(connection, source.case_id)


@pytest.mark.parametrize("size", [5_000, 65 * 1024 * 1024])
def test_a_part_that_a_letter_names_waits_for_its_time(tmp_path: Path, size: int) -> None:
    """Offered files wait longer than a week, even if an index alone names them, which is pulled once; then all go."""
    office = OfficeHours(tmp_path, size=2, unasked=0)
    office.intakes["r1"] = StubbornIntake(office.shelves, "r1")
    office.open()
    office.later(days=1)
    Source(office).send(files={"film.mp4": bytes(size)})
    parts = set(office.shelves.pieces["parts"])
    office.rounds()
    for _ in range(2):
        office.later(days=9)
        office.rounds(times=2)
        assert not acknowledged(office, "r1")
    assert len(first(office).pulled) == (len(parts) > 64)

    office.later(days=14)
    office.rounds(times=2)
    office.later(days=1)
    office.rounds(times=2)
    assert acknowledged(office, "r1") == parts
    assert len(first(office).pulled) == (len(parts) > 64)


def test_nothing_is_acknowledged_unread_while_a_letter_does_not_come(office: OfficeHours) -> None:
    """A letter that the intake lists and withholds for nine days may name the parts: they are pulled when it comes."""
    source = Source(office)
    source.send(files={"photo.jpg": CONTENT})
    first(office).refuses = {"letters"}
    office.rounds("r1")
    office.later(days=9)
    office.rounds("r1", times=2)
    assert not acknowledged(office, "r1")

    first(office).refuses = set()
    office.rounds("r1")
    assert has(office, "r1", source, CONTENT)


def test_parts_are_listed_to_the_end_and_known_ones_acknowledged_again(office: OfficeHours) -> None:
    """However short the lists are, all parts are found; what a restored intake offers again is told of once more."""
    office.intakes["r1"].page = 2
    sources = [Source(office), Source(office)]
    sources[0].send(files={"a.bin": os.urandom(2_300_000)})
    sources[1].send(files={"b.bin": os.urandom(2_300_000)}, not_to=("r1",))
    parts = set(office.shelves.pieces["parts"])
    assert len(parts) > 4
    office.rounds("r1")
    office.later(days=7)
    office.rounds("r1", times=2)
    assert acknowledged(office, "r1") == parts

    office.shelves.taken.clear()
    office.later(days=1)
    office.rounds("r1", times=2)
    kept = acknowledged(office, "r1")
    assert kept
    assert kept < parts
    office.later(days=7)
    office.rounds("r1", times=2)
    assert acknowledged(office, "r1") == parts
