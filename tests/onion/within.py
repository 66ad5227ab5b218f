"""A network namespace with nothing in it but loopback, and the tests of this folder run in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

INSIDE: Final = "LAPWING_ONION_TESTS"
"""Environment: set for the tests that run inside."""
PICTURES: Final = "LAPWING_PICTURES"
"""Environment: folder for screenshots; by default `build/onion`, which git ignores."""
ROOT: Final = Path(__file__).parents[2]
TOOLS: Final = {
    "tor": "tor",
    "tor-gencert": "tor",
    "firefox-esr": "firefox-esr",
    "ip": "iproute2",
    "node": "nodejs",
    "unshare": "util-linux",
}


class NamespaceError(Exception):
    """The tests cannot run here; the message says what to do."""


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
    if not (ROOT / "tests/interop/node_modules/age-encryption").is_dir():
        raise NamespaceError("run `npm ci --ignore-scripts --prefix tests/interop`; inside, npm finds no network")
    pictures = Path(os.environ.get(PICTURES, ROOT / "build" / "onion")).absolute()
    pictures.mkdir(parents=True, exist_ok=True)
    # What a pytest around this one, or its measuring of coverage, has set is not meant for the one inside.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    command = [sys.executable, "-m", "pytest", str(ROOT / "tests" / "onion"), "-p", "no:cacheprovider", *arguments]
    script = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    return [*namespace(), *script, *command], {**kept, INSIDE: "1", PICTURES: str(pictures)}


def namespace() -> list[str]:
    """Return the command that runs another in a network of its own.

    Raises:
        NamespaceError: the system allows none.
    """
    own_user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    # With process ids of their own, nothing that was started can outlive the first of them.
    enter = ["unshare", *own_user, "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    tried = subprocess.run([*enter, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        raise NamespaceError(
            "this system makes no network namespace, so tor could reach the real network; run as root, or allow user "
            f"namespaces ({tried.stderr.strip()})"
        )
    return enter
