"""What every test may ask for: a system tool that must be there, and Hypothesis without a stop-watch."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# Shared machines stall now and then; a slow example is no failure. What is found stays found: `print_blob`.
settings.register_profile("lapwing", deadline=None, print_blob=True)
settings.load_profile("lapwing")

ROOT = Path(__file__).parent.parent

LONGEST = (
    "test_onion.py",
    "test_faults.py",
    "deploy/test_story.py",
    "client/test_sealer.py",
    "fuzz/test_fuzz.py",
    "test_silence.py",
)
"""Files that take minutes, the longest first: begun last, they would keep one worker busy while the others are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes long."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    order = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (order.get(item.path, len(order)), item.path not in slow))


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], str]:
    """A function that gives the path of a system tool; without it the test is skipped, and fails where CI=true."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is not None:
            return path
        message = f"{name} is not installed; install what requirements/system.txt lists"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)

    return find
