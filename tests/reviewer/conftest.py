"""What the tests of the reviewer app ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reviewer.office_hours import OfficeHours


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeHours]:
    """Three desks with a fake intake."""
    hours = OfficeHours(tmp_path)
    yield hours
    hours.close()
