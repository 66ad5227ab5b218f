"""`lapwing intake`: make a state folder, and serve it."""

import argparse
import os
import socket
import sys
from pathlib import Path

from crypto.errors import KeyFormatError
from crypto.onion import parse_onion
from submission import config as configuration
from submission.app import create_app
from submission.config import MAX_UPLOAD, RETENTION_WEEKS, Config
from submission.errors import ConfigError, SubmissionError
from submission.memory import overwrite_what_is_freed
from submission.process import hold
from submission.server import serve
from submission.setup import init, refuse_damaged_database, refuse_identities
from submission.sockets import open_sockets
from wire.errors import WireError

DEFAULT_PORT = 8080


def main(arguments: list[str]) -> int:
    """Run `lapwing intake …`; return 0, or 1 after a message that says what to do, or 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        if options.verb == "init":
            _init(options)
        else:
            _serve(options)
    except (SubmissionError, WireError, KeyFormatError, OSError) as error:
        print(f"lapwing intake: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lapwing intake", description="Make and serve an intake.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser("init", help="make a state folder from the organisation's root key and first roster")
    make.add_argument("--state", type=Path, required=True, help="folder to make")
    make.add_argument(
        "--root", type=_root, required=True, help="the organisation's public root key, 64 hexadecimal digits"
    )
    make.add_argument("--roster", type=Path, required=True, help="file with the roster that the root signed")
    make.add_argument("--max-upload", type=int, default=MAX_UPLOAD, help="bytes of files in one form")
    make.add_argument(
        "--retention-weeks", type=int, default=RETENTION_WEEKS, help="weeks after which a piece is deleted in any case"
    )
    make.add_argument("--onion-only", action="store_true", help="refuse every name but an onion's on the TCP port too")
    make.add_argument("--onion-address", help="the visitors' onion: who asks for another name is told this one instead")
    run = verbs.add_parser("serve", help="serve a state folder to tor, or on 127.0.0.1")
    run.add_argument("--state", type=Path, required=True, help="folder that `init` made")
    way = run.add_mutually_exclusive_group()
    way.add_argument("--onion", type=Path, help="folder for the two sockets that tor connects to; no port is opened")
    way.add_argument("--port", type=int, default=DEFAULT_PORT, help="TCP port on 127.0.0.1, for trying it out")
    return parser


def _root(text: str) -> bytes:
    root = bytes.fromhex(text)
    if len(root) != 32:
        raise ValueError
    return root


def _init(options: argparse.Namespace) -> None:
    config = Config(
        state=options.state,
        root=options.root,
        max_upload=options.max_upload,
        retention_weeks=options.retention_weeks,
        clearnet_allowed=not options.onion_only,
        onion_address=None if options.onion_address is None else parse_onion(options.onion_address),
    )
    init(config, options.roster.read_bytes())
    print(f"intake made in {options.state}; serve it with `lapwing intake serve --state {options.state}`")


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigError(f"port {port} is taken; choose another with --port") from error


def _serve(options: argparse.Namespace) -> None:
    config = configuration.load(options.state)
    refuse_identities(config.state)
    # Only a look: the process that serves takes it for itself, after this one was asked to restart too.
    os.close(hold(config.state, wait=False))
    refuse_damaged_database(config.state)
    if options.onion is None:
        _refuse_taken_port(options.port)
        overwrite_what_is_freed()
        address = f"127.0.0.1:{options.port}"
        binds, told = [address], f"http://{address}"
    else:
        overwrite_what_is_freed()
        binds, told = [f"fd://{listener.detach()}" for listener in open_sockets(options.onion)], str(options.onion)
    serve(config, binds, create_app, lambda: print(f"intake serves {told}", flush=True))
