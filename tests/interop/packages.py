"""The npm packages that tests need, installed as their lock file says."""

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(__file__).parent
ROOT: Final = FOLDER.parents[1]


def installed(npm: str, folder: Path = FOLDER) -> Path:
    """Return the folder of the packages; without network the test is skipped, but not in CI.

    Args:
        npm: the tool that installs them when they are not there, or are older than the lock file.
        folder: where the lock file is.
    """
    lock, packages = folder / "package-lock.json", folder / "node_modules"
    done = packages / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--no-fund", "--no-audit"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if result.returncode:
            message = f"npm cannot install what {lock.relative_to(ROOT)} lists"
            if os.environ.get("CI") == "true":
                pytest.fail(f"{message}: {result.stderr}")
            pytest.skip(message)
    return packages
