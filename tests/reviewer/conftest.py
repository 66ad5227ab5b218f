"""What the tests of the reviewer app ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeHours]:
    """Three desks with a fake intake."""
    hours = OfficeHours(tmp_path)
    yield hours
    hours.close()


@pytest.fixture
def tip(office: OfficeHours) -> Source:
    """The source of a tip that is a case in every app."""
    office.open()
    source = Source(office)
    source.send()
    office.rounds(times=2)
    return source
