"""What goes out lies where the other side looks for it."""

from collections.abc import Mapping, Sequence

from reviewer.post import Shelf
from reviewer.store import letters
from reviewer.sync.outbox import SHELVES, acknowledge
from tests.reviewer.fakes import FakeIntake, Shelves
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source


class ForgetfulIntake(FakeIntake):
    """Notes what it is told, and can be restored from a backup that is older than any acknowledgement."""

    def __init__(self, shelves: Shelves, reviewer: str) -> None:
        super().__init__(shelves, reviewer)
        self.told: list[dict[str, set[bytes]]] = []

    def acknowledge(self, names: Mapping[Shelf, Sequence[bytes]]) -> None:
        """Note what was taken, and when."""
        super().acknowledge(names)
        self.told.append({shelf: set(taken) for shelf, taken in names.items()})

    def forget(self) -> None:
        """Know of no acknowledgement any more."""
        self.shelves.taken.clear()


def test_what_a_restored_intake_offers_again_is_acknowledged_again(office: OfficeHours) -> None:
    """An intake that forgot its acknowledgements gets those of letters and batches once more, a day later, once."""
    office.open()
    intake = office.intakes["r1"] = ForgetfulIntake(office.shelves, "r1")
    Source(office).send()
    Source(office).send(not_to=("r1",))
    office.later(days=1)
    office.rounds(times=2)
    office.later(days=1)
    office.rounds("r1")
    old = {shelf: set(office.shelves.pieces[shelf]) for shelf in ("letters", "log")}
    assert not intake.waiting("letters")

    intake.forget()
    told = len(intake.told)
    office.rounds("r1", times=2)
    assert len(intake.told) == told  # not at once: the moment would show when somebody looked
    office.later(days=1)
    office.rounds("r1", times=2)
    assert len(intake.told) == told + 1
    assert intake.told[-1]["letters"] == old["letters"]
    assert intake.told[-1]["log"] >= old["log"]
    assert not intake.waiting("letters")


def test_one_acknowledgement_never_holds_more_than_the_intake_takes(office: OfficeHours) -> None:
    """What waits on three shelves is told in daily batches of at most 10,000 names together, and all of it is told."""
    office.open()
    office.later(days=1)
    intake = office.intakes["r1"] = ForgetfulIntake(office.shelves, "r1")
    with office.desks["r1"].vault.begin() as connection:
        for number, shelf in enumerate(SHELVES):
            names = (number.to_bytes(16, "big") + each.to_bytes(16, "big") for each in range(4_000))
            letters.acknowledge(connection, shelf, names)

    assert acknowledge(office.desks["r1"], intake)
    assert not acknowledge(office.desks["r1"], intake)
    office.later(days=1)
    assert acknowledge(office.desks["r1"], intake)
    first, second = (sum(map(len, told.values())) for told in intake.told)
    assert first == 10_000
    assert first + second >= 12_000
