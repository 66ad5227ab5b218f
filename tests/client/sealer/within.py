"""A network namespace with nothing in it but loopback, and the tests of this folder run in it."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.onion.within import NamespaceError, namespace

INSIDE: Final = "LAPWING_SEALER_TESTS"
"""Environment: set for the tests that run inside."""
PICTURES: Final = "LAPWING_PICTURES"
"""Environment: folder for screenshots; by default `build/sealer`, which git ignores."""
QUIET: Final = {"MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}
"""Environment: lets Firefox heed the preference that keeps it from asking its maker for settings."""
ROOT: Final = Path(__file__).parents[3]
TOOLS: Final = {"chromium": "chromium", "firefox-esr": "firefox-esr", "ip": "iproute2", "unshare": "util-linux"}


def inside(arguments: Sequence[str]) -> tuple[list[str], Mapping[str, str]]:
    """Return the command and the environment that run pytest on this folder in a namespace of its own.

    Args:
        arguments: for pytest, after the folder.

    Raises:
        NamespaceError: a tool is missing, or the system allows no namespace.
    """
    missing = sorted({package for tool, package in TOOLS.items() if shutil.which(tool) is None})
    if missing:
        raise NamespaceError(f"install {' '.join(missing)}, as requirements/system.txt lists")
    pictures = Path(os.environ.get(PICTURES, ROOT / "build" / "sealer")).absolute()
    pictures.mkdir(parents=True, exist_ok=True)
    # What a pytest around this one, or its measuring of coverage, has set is not meant for the one inside.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    command = [sys.executable, "-m", "pytest", str(Path(__file__).parent), "-p", "no:cacheprovider", *arguments]
    script = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    return [*namespace(), *script, *command], {**kept, **QUIET, INSIDE: "1", PICTURES: str(pictures)}
