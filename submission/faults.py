"""What the operator is told of a fault in our own code: its kind and the line of code, never what it was about."""

import sys
import threading

from submission.error_pages import describe


def tell(fault: BaseException | None) -> None:
    """Write one line about a fault; about none, nothing."""
    if fault is not None:
        print(f"lapwing intake: fault {describe(fault)}", file=sys.stderr)  # noqa: T201  # the operator's only sign of a bug


def hush() -> None:
    """Let Python say no more than `tell` of what no code catches: a traceback repeats what was sent."""
    threading.excepthook = lambda caught: tell(caught.exc_value)
    sys.unraisablehook = lambda caught: tell(caught.exc_value)
