"""`lapwing demo`: a throwaway organisation on this computer, to click through or to watch being played.

    lapwing demo               starts the intake and two reviewers' apps, says what to click; Ctrl-C ends all
    lapwing demo --scripted    plays one story from tip to receipt over the same pages, and checks every step

Exit codes: 0 ended in order, or the story held; 1 it could not start, or a check failed; 2 usage.
"""

import contextlib
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from deploy.organisation import LABELS, Organisation, Ports, found, link
from deploy.processes import DemoError, Process, Processes, refuse_taken_ports

DEFAULT_BASE: Final = 8080

TO_CLICK: Final = """
Lapwing runs on this computer alone, with a throwaway organisation.

  source      {intake}
  reviewer 1  {first}
  reviewer 2  {second}

What to do:
  1. As the source: open the first address, send a tip, write down the codename.
  2. As reviewer 1: open the second address (its link works once). The tip is in the inbox within seconds;
     its files come when you press the button on its page.
     Answer it; as the source, read the answer with the codename. It is there within a minute: in this demonstration
     a letter leaves each app every 15 seconds, a decoy or your answer. In earnest one leaves in an hour.
  3. Under Offices add the prosecutor: {card}
     and as reviewer 2 confirm it.
  4. As reviewer 1 propose a dossier, as reviewer 2 approve it, then save the sealed file.
  5. As the prosecutor, in {folder}:
       lapwing dossier open FILE -i office.key -o opened
       lapwing dossier receipt opened -i office.key -o receipt.json
     and as reviewer 1 import the receipt.

Ctrl-C ends everything and removes {folder}.
"""


def main(arguments: list[str]) -> int:
    """Run `lapwing demo`; return the exit code."""
    parser = Arguments(prog="lapwing demo", description="A throwaway organisation.", allow_abbrev=False)
    parser.add_argument("--scripted", action="store_true", help="play the whole story without a human")
    parser.add_argument("--port", type=int, default=DEFAULT_BASE, metavar="BASE", help="first port (default: 8080)")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    if not 1024 <= options.port <= 65_000:
        print("lapwing: --port takes a number from 1024 to 65000", file=sys.stderr)
        return EXIT_USAGE
    # Also where whoever started it in the background had interrupts ignored.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with organisation(Ports(options.port)) as (made, processes):
            return _scripted(made, processes) if options.scripted else _served(made, processes)
    except DemoError as error:
        print(f"lapwing: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return 0 if not options.scripted else EXIT_FAILED


@contextlib.contextmanager
def organisation(ports: Ports) -> Iterator[tuple[Organisation, Processes]]:
    """Make a throwaway organisation; in the end, end what was started and remove what was made.

    Raises:
        DemoError: a port is taken, or a command failed.
    """
    refuse_taken_ports(ports.all)
    folder = Path(tempfile.mkdtemp(prefix="lapwing-demo-"))
    processes = Processes()
    try:
        yield found(folder, ports), processes
    finally:
        with _undisturbed():
            processes.end()
            shutil.rmtree(folder)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Whoever is impatient and presses Ctrl-C again must not leave half of it behind."""
    before = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def start(made: Organisation, processes: Processes) -> tuple[Process, ...]:
    """Start the intake and all reviewers' apps; return the apps.

    The third app serves too: a key sheet needs a key of every reviewer.
    """
    made.start_intake(processes)
    return tuple(made.start_reviewer(processes, number) for number in range(1, len(LABELS) + 1))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _served(made: Organisation, processes: Processes) -> int:
    first, second, _third = start(made, processes)
    print(
        TO_CLICK.format(
            intake=made.intake, first=link(first), second=link(second), folder=made.folder, card=made.office_card
        ),
        flush=True,
    )
    while all(process.running() for process in processes):
        time.sleep(0.5)
    raise DemoError("one of the processes ended by itself; start the demonstration again")


def _scripted(made: Organisation, processes: Processes) -> int:
    from deploy.story import play  # noqa: PLC0415 - only the scripted demonstration needs it

    return play(made, processes)
