"""What copies taken from the intake are worth, once the weekly keys are destroyed."""

import pytest

from reviewer.desk import Desk, period_identities
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import STORY, Source
from wire.errors import LetterError
from wire.opening import open_batch, open_letter


def opens(desk: Desk, letter: bytes, batch: bytes) -> None:
    """Open a copied letter and a copied batch with every weekly key that a vault still holds."""
    with desk.vault.read() as connection:
        identities = list(period_identities(connection).values())
    open_batch(batch, identities)
    assert open_letter(letter, identities).letter.story == STORY


def test_destroyed_keys_open_no_copy_of_a_letter_or_of_the_log(office: OfficeHours) -> None:
    """Copies of that week open at first, and with nothing in any vault once its keys are destroyed."""
    office.open()
    letter = office.shelves.pieces["letters"][Source(office).send()]
    office.rounds(times=2)
    batch = next(reversed(office.shelves.pieces["log"].values()))
    for desk in office.desks.values():
        opens(desk, letter, batch)

    for _ in range(5):
        office.later(weeks=1)
        office.rounds(times=2)

    for desk in office.desks.values():
        with desk.vault.read() as connection:
            identities = list(period_identities(connection).values())
        assert identities
        with pytest.raises(LetterError):
            open_letter(letter, identities)
        with pytest.raises(LetterError):
            open_batch(batch, identities)
