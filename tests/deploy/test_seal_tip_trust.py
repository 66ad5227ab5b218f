"""`lapwing seal-tip` seals to nobody whom the organisation and two of its reviewers did not vouch for."""

from pathlib import Path

import pytest

from tests.deploy.test_seal_tip import organisation, seal
from tests.wire.organisation import Organisation

__all__ = ["organisation"]  # the fixture


def test_a_roster_of_another_root_is_refused(tmp_path: Path, organisation: Organisation) -> None:
    """An intake that swaps the roster and the keys for its own gets nothing, because the root is not its own."""
    story = ["--story", str(tmp_path / "story.txt")]
    assert seal(tmp_path, organisation, *story) == 0
    (tmp_path / "letter.age").unlink()
    liar = Organisation()
    (tmp_path / "roster.json").write_bytes(liar.roster_envelope.encode())
    (tmp_path / "keysheet.json").write_bytes(liar.sign_sheet("r1", "r2").encode())

    assert seal(tmp_path, organisation, *story) == 1
    assert not (tmp_path / "letter.age").exists()


@pytest.mark.parametrize("reviewer", ["r1", "r2", "r3"])
def test_a_sheet_that_one_reviewer_signed_is_refused(tmp_path: Path, organisation: Organisation, reviewer: str) -> None:
    """One reviewer alone, with the intake's help, cannot put a key of their own before a source."""
    (tmp_path / "keysheet.json").write_bytes(organisation.sign_sheet(reviewer).encode())

    assert seal(tmp_path, organisation, "--story", str(tmp_path / "story.txt")) == 1
    assert not (tmp_path / "letter.age").exists()
