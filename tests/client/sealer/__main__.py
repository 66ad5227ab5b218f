"""`python -m tests.client.sealer [pytest's arguments]`: these tests, in a network of their own, shown as they go."""

import subprocess
import sys

from tests.client.sealer.within import ROOT, inside
from tests.onion.within import NamespaceError


def main() -> int:
    """Run them; return pytest's exit code, or 1 when they cannot run."""
    try:
        command, variables = inside(sys.argv[1:] or ["-v"])
    except NamespaceError as error:
        print(f"sealer tests: {error}", file=sys.stderr)  # noqa: T201  # a command line prints
        return 1
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
