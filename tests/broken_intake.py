"""The intake's command with one thing changed, to see what a test makes of it: `python -m tests.broken_intake WAY …`.

fault      taking in a form ends with an exception that holds all of it
leaks      what a form says is written to a file, to standard error and to a socket, each in another spelling
unstepped  the mailbox answers as soon as it can
"""

import base64
import socket
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from deploy.cli import main
from submission import config, moments
from submission.arrival import Arrival, Sent
from submission.multipart import DataEvent, Event, FieldEvent, FileEvent

UNHEARD: Final = ("127.0.0.1", 9)


def fault() -> None:
    """Let every form fail once it is whole, in an exception with another as its cause."""

    def fail(_self: Arrival, events: Iterable[Event], *_rest: object) -> Sent:
        taken = list(events)
        raise RuntimeError(f"could not take {taken}") from ValueError(*map(repr, taken))

    Arrival.receive = fail  # type: ignore[method-assign,assignment]  # the change


def leaks() -> None:
    """Tell what a form says wherever it must not be told."""
    receive = Arrival.receive

    def tell(self: Arrival, events: Iterable[Event], *rest: object) -> Sent:
        taken = list(events)
        words = [event.text for event in taken if isinstance(event, FieldEvent)]
        names = [event.untrusted_name for event in taken if isinstance(event, FileEvent)]
        data = b"".join(event.data for event in taken if isinstance(event, DataEvent))
        Path("kept").write_bytes(base64.b64encode(" ".join(words).encode()))
        print("".join(map(quote, names)), file=sys.stderr)  # noqa: T201  # the change
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside:
            outside.sendto(data[:400].hex().encode(), UNHEARD)
        return receive(self, taken, *rest)  # type: ignore[arg-type]  # handed on as it came

    Arrival.receive = tell  # type: ignore[method-assign,assignment]  # the change


def unstepped() -> None:
    """Show how long the mailbox takes beneath its steps."""
    load = config.load
    config.load = lambda state: replace(load(state), mailbox_step=0.0)


def hasty() -> None:
    """Let a test see in a second what else takes a minute."""
    moments.EVERY_SECONDS = 0.2  # type: ignore[misc,assignment]  # the change


WAYS: Final[dict[str, Callable[[], None]]] = {one.__name__: one for one in (fault, leaks, unstepped, hasty)}

if __name__ == "__main__":
    WAYS[sys.argv.pop(1)]()
    sys.exit(main())
