"""`lapwing intake torrc`: lets reviewers' tors in, and prints the lines for tor's own configuration.

    lapwing intake torrc --state DIR --onion FOLDER [--keys FOLDER] [--reviewer ID=KEY …]

Exit codes: 0 done; 1 something is wrong and nothing was printed; 2 usage.
"""

import sys
from pathlib import Path
from typing import Final

from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from deploy.errors import OnionKeyError, OperatorError, told
from deploy.onion import KEYS, NAME, REVIEWERS, VISITORS, admitted, make_folders, parse_client_key
from deploy.state import reading
from submission import config as configuration
from submission.errors import SubmissionError
from submission.keys import Keys

HEAD: Final = """\
# Lapwing's two onion services. Written by `lapwing intake torrc`; make it anew instead of changing it.
# This tor is nobody's client and nobody's relay, and nothing steers it from outside.
SocksPort 0
ORPort 0
DirPort 0
ExitRelay 0
ControlPort 0
ControlSocket 0
CookieAuthentication 0
# The log says that tor runs, and no more. A heartbeat would count the visits of six hours.
Log notice stdout
SafeLogging 1
HeartbeatPeriod 0
"""
SERVICE: Final = """
HiddenServiceDir {folder}
HiddenServicePort 80 unix:{socket}
# The intake counts by circuit, in memory, and takes no connection that does not tell one.
HiddenServiceExportCircuitID haproxy
# A browser has six streams open at most. Whoever opens more loses their own circuit, nobody else's.
HiddenServiceMaxStreams {streams}
HiddenServiceMaxStreamsCloseCircuit 1
"""
PROOF: Final = """\
# When more visitors come than this tor takes in, each must work for its place, and who works more comes first.
HiddenServicePoWDefensesEnabled 1
HiddenServicePoWQueueRate {rate}
HiddenServicePoWQueueBurst {burst}
"""
STREAMS: Final = 16
RATE: Final = 50
"""Visitors a second without work; a page takes the intake about 20 ms on the smallest machine."""
BURST: Final = 500
UNSAFE: Final = frozenset(' "#\\\n\r\t')


def torrc(onion: Path, keys: Path) -> str:
    """Return the lines for tor.

    Args:
        onion: the folder of the intake's two sockets.
        keys: the folder of the two services' own folders.

    Raises:
        OperatorError: one of them is not a whole path, or holds a character that tor would read as something else.
    """
    for folder in (onion, keys):
        if not folder.is_absolute() or UNSAFE & set(str(folder)):
            raise OperatorError("name folders for tor by their whole path, without spaces, quotes or # in it")
    visitors, reviewers = (
        SERVICE.format(folder=keys / service, socket=onion / f"{service}.sock", streams=STREAMS)
        for service in (VISITORS, REVIEWERS)
    )
    # Who holds no key finds no way to the reviewers' onion, so nobody can flood it.
    return HEAD + visitors + PROOF.format(rate=RATE, burst=BURST) + reviewers


def torrc_main(arguments: list[str]) -> int:
    """Run `lapwing intake torrc`; return the exit code."""
    parser = Arguments(prog="lapwing intake torrc", description="Lines for tor; who is let in.", allow_abbrev=False)
    parser.add_argument("--state", type=Path, required=True, help="the intake's state folder")
    parser.add_argument("--onion", type=Path, required=True, help="folder of the intake's sockets")
    parser.add_argument("--keys", type=Path, default=KEYS, help=f"folder of the services, kept by tor (default {KEYS})")
    parser.add_argument(
        "--reviewer", action="append", default=[], metavar="ID=KEY", help="let a reviewer in: the line of their .auth"
    )
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    try:
        lines = torrc(options.onion, options.keys)
        clients = dict(_client(text) for text in options.reviewer)
        known = _reviewers(options.state)
        if not clients.keys() <= known:
            raise OnionKeyError("a reviewer named is not on the roster; name them by their ids there")
        make_folders(options.keys, clients)
        for name in sorted(set(admitted(options.keys)) - known):
            print(f"lapwing: {name} is let in but not on the roster; remove {name}.auth", file=sys.stderr)
    except (OperatorError, SubmissionError, OSError) as error:
        print(f"lapwing: {told(error)}", file=sys.stderr)
        return EXIT_FAILED
    print(lines, end="")
    return 0


def _client(text: str) -> tuple[str, bytes]:
    name, _, key = text.partition("=")
    if not NAME.fullmatch(name):
        raise OnionKeyError("write --reviewer ID=KEY, with the reviewer's id on the roster")
    return name, parse_client_key(key)


def _reviewers(state: Path) -> frozenset[str]:
    config = configuration.load(state)
    with reading(state) as engine:
        return frozenset(Keys(config, engine).newest_roster().ids)
