"""The tests over the private Tor network, in a network namespace of their own; they stand in tests/onion/."""

import subprocess

import pytest

from tests.onion.within import ROOT, NamespaceError, inside

pytestmark = pytest.mark.slow

SECONDS = 1200
"""The suite takes about five minutes on two cores that do nothing else."""


def test_everything_holds_over_a_private_tor_network() -> None:
    """Sources and reviewers reach the intake through tor, at each level of Tor Browser, on circuits that break."""
    try:
        command, variables = inside(["-q", "--color=no", "--durations=0", "--durations-min=5"])
    except NamespaceError as error:
        pytest.fail(str(error))

    done = subprocess.run(
        command, env=variables, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    print(done.stdout)  # noqa: T201  # what took how long, for whoever asks pytest to show it
