"""Command lines that never repeat what was typed: it may be a codename, a name or a secret key."""

import sys
from argparse import ArgumentParser
from typing import Final, NoReturn

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2


class Arguments(ArgumentParser):
    """Tells how to call, and nothing of what was typed; exits with 2."""

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - the message holds what was typed
        """Print the usage and leave with 2."""
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE)
