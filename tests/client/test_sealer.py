"""The tests of the offline sealer in real browsers, without any network; they stand in tests/client/sealer/."""

import subprocess

import pytest

from tests.client.sealer.within import ROOT, inside
from tests.onion.within import NamespaceError

pytestmark = pytest.mark.slow

SECONDS = 600
"""The suite takes a minute and a half on two cores that do nothing else."""


def test_the_sealer_works_from_the_disk_in_both_browsers() -> None:
    """In Firefox and in Chromium, the file seals, refuses and reads, and asks no network for anything."""
    try:
        command, variables = inside(["-q", "--color=no"])
    except NamespaceError as error:
        pytest.fail(str(error))

    done = subprocess.run(
        command, env=variables, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
