"""The npm package age-encryption, driven by typage.mjs."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Typage:
    """The other implementation.

    Attributes:
        node: runs it.
        packages: the folder that npm made.
    """

    node: str
    packages: Path

    def run(self, *tasks: dict[str, object]) -> None:
        """Carry out tasks in one process; each must succeed."""
        result = subprocess.run(
            [self.node, "typage.mjs"],
            cwd=self.packages.parent,
            input=json.dumps(tasks, default=str),
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        answers = json.loads(result.stdout)
        assert answers == [None] * len(tasks), answers
