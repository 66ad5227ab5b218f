"""`lapwing intake check`: what is wrong with an intake, and what to do; while it serves, and changing nothing.

    lapwing intake check --state DIR [--onion FOLDER] [--keys FOLDER [--torrc FILE]] [--quick] [--journal]

Exit codes: 0 all is well, perhaps with a remark; 1 warnings only; 2 something is broken, or the check was called
wrongly. What it prints tells nothing about visitors: not what came, not when, not how much.
"""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from deploy import look_host, look_state
from deploy.arguments import EXIT_USAGE, Arguments
from deploy.findings import Finding, Level
from deploy.look_host import Host
from deploy.look_terms import terms
from submission.config import utc_today

PRIORITIES = {Level.REMARK: "<6>", Level.WARNING: "<4>", Level.BROKEN: "<3>"}
"""What makes a line a notice, a warning or an error in the journal (sd-daemon(3))."""


def check_main(arguments: list[str], host: Host | None = None) -> int:
    """Run `lapwing intake check`; return 0, 1 or 2. ``host`` is where the machine tells about itself."""
    parser = Arguments(prog="lapwing intake check", description="What is wrong, and what to do.", allow_abbrev=False)
    parser.add_argument("--state", type=Path, required=True, help="the intake's state folder")
    parser.add_argument("--onion", type=Path, help="folder of its sockets: also ask it, and look for tor")
    parser.add_argument("--keys", type=Path, help="folder of the onion services: also look at their keys (as root)")
    parser.add_argument("--torrc", type=Path, help="tor's configuration: also look for our lines (with both others)")
    parser.add_argument("--quick", action="store_true", help="do not read every piece that waits")
    parser.add_argument("--journal", action="store_true", help="mark lines for the journal by how bad they are")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    found = list(look(options, host or Host()))
    for finding in sorted(found, key=lambda one: -one.level):
        print(f"{PRIORITIES[finding.level] if options.journal else ''}{finding}", flush=True)
    worst = max((finding.level for finding in found), default=Level.REMARK)
    if worst == Level.REMARK:
        print("all is well")
    return worst


def look(options: Namespace, host: Host) -> Iterator[Finding]:
    """Look at everything that was asked for."""
    state: Path = options.state
    yield from look_at(state, quick=options.quick)
    yield from terms(state, utc_today())
    yield from look_host.disk(state)
    yield from look_host.memory(host)
    yield from look_host.pages(host)
    if options.onion:
        yield from look_host.tor(host)
        yield from look_host.sockets(options.onion)
    if options.keys:
        yield from look_host.onion_keys(options.keys, state)
    if options.onion and options.keys and options.torrc:
        yield from look_host.torrc_lines(options.torrc, options.onion, options.keys)


def look_at(state: Path, *, quick: bool) -> Iterator[Finding]:
    """Look at a state folder alone, as it lies there; a restored one too."""
    yield from look_state.settings(state)
    yield from look_state.owners(state)
    yield from look_state.writable(state)
    yield from look_state.identities(state)
    yield from look_state.database(state)
    yield from look_state.shelves(state)
    if not quick:
        yield from look_state.pieces(state)
