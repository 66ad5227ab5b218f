"""`lapwing reviewer`: make a vault, and serve the app for it on this computer."""

import argparse
import getpass
import re
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final

from reviewer.app import create_app
from reviewer.desk import Desk, furnish, sit_down
from reviewer.errors import ReviewerError, VaultError
from reviewer.looking import Visitors
from reviewer.onion import onion_name, write_client_key
from reviewer.post import HttpIntake, Intake, host_and_port
from reviewer.rewards.library import library
from reviewer.server import listen
from reviewer.session import Session
from reviewer.socks import Socks, parse_socks, way
from reviewer.station import Settings, Station, signer, utc_today
from reviewer.sync.keys import accept_roster
from reviewer.timetable import PERIOD
from reviewer.vault import Vault
from reviewer.walks import USER_AGENTS
from wire.errors import WireError

DEFAULT_PORT = 8091
DEFAULT_INTAKE = "http://127.0.0.1:8080"
REVIEWER_ID = re.compile(r"[a-z0-9-]{1,32}")


def main(arguments: list[str]) -> int:
    """Run `lapwing reviewer …`; return 0, or 1 after a message that says what to do, or 2 for wrong usage."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return 2 if stop.code else 0
    try:
        VERBS[options.verb](options)
    except (ReviewerError, WireError, OSError) as error:
        print(f"lapwing reviewer: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lapwing reviewer", description="A reviewer's vault and app.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser("init", help="make a vault with a new signing key; prints the public key for the roster")
    make.add_argument("--vault", type=Path, required=True, help="folder to make")
    make.add_argument("--id", type=_reviewer_id, required=True, help="id on the roster: 1 to 32 of a-z, 0-9 and -")
    make.add_argument("--label", required=True, help="what a source can understand, such as a desk or region")
    make.add_argument("--root", type=_root, help="the organisation's public root key, 64 hexadecimal digits")
    make.add_argument("--roster", type=Path, help="file with a roster that the root signed")
    make.add_argument("--passphrase-file", type=Path, help="file with the passphrase, instead of typing it")
    run = verbs.add_parser("serve", help="serve the app on 127.0.0.1; prints a link that works once")
    run.add_argument("--vault", type=Path, required=True, help="folder that `init` made")
    run.add_argument("--intake", default=DEFAULT_INTAKE, help="address of the intake: an onion, or this computer")
    run.add_argument("--socks", help="tor's SOCKS port, such as 127.0.0.1:9050; an onion is reached no other way")
    run.add_argument("--visitors", help="address of the visitors' onion, to see by itself how sources are served")
    run.add_argument(
        "--visits-every",
        type=float,
        default=0.25,
        help="mean hours between two such visits, each one walk for one thing: four an hour unless told otherwise",
    )
    run.add_argument(
        "--user-agent", help="what the Tor Browser of today says for itself, if not what this release knows"
    )
    run.add_argument("--port", type=int, default=DEFAULT_PORT, help="TCP port on 127.0.0.1")
    run.add_argument("--root", type=_root, help="the public root key, if the vault does not know it yet")
    run.add_argument("--every", type=float, default=60.0, help="seconds between rounds of syncing")
    run.add_argument(
        "--letters-every",
        type=_period,
        default=PERIOD,
        help="seconds in which one letter leaves for each shelf of replies; less than 3600 is for demonstrations alone",
    )
    run.add_argument(
        "--programmes",
        type=Path,
        help="folder of own reward programmes; else `programmes` beside the vault, if it is there",
    )
    run.add_argument("--passphrase-file", type=Path, help="unlock at once with the passphrase in this file")
    pair = verbs.add_parser("onion-key", help="make the key with which your tor may reach the reviewers' onion")
    pair.add_argument("--onion", required=True, help="address of the reviewers' onion, from the operator")
    pair.add_argument("--id", type=_reviewer_id, required=True, help="id on the roster; names the two files")
    pair.add_argument("--folder", type=Path, required=True, help="folder for the two files")
    return parser


def _reviewer_id(text: str) -> str:
    if not REVIEWER_ID.fullmatch(text):
        raise ValueError
    return text


def _root(text: str) -> bytes:
    root = bytes.fromhex(text)
    if len(root) != 32:
        raise ValueError
    return root


def _period(text: str) -> float:
    period = float(text)
    if not 1 <= period <= PERIOD:
        raise ValueError
    return period


def _init(options: argparse.Namespace) -> None:
    passphrase = _new_passphrase(options.passphrase_file)
    vault = Vault.create(options.vault, passphrase)
    try:
        public_key = furnish(vault, options.id, options.label, options.root)
        if options.roster is not None:
            desk = sit_down(vault, utc_today)
            with vault.begin() as connection:
                accept_roster(connection, desk, options.roster.read_bytes())
    finally:
        vault.lock()
    print(f"vault made in {options.vault}; for the roster, give the organisation this public key:")
    print(public_key.hex())


def _new_passphrase(file: Path | None) -> str:
    if file is not None:
        return _read_passphrase(file)
    passphrase = getpass.getpass("New passphrase: ")
    if passphrase != getpass.getpass("The same again: "):
        raise VaultError("the two passphrases are not the same")
    return passphrase


def _read_passphrase(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip("\r\n")
    except UnicodeDecodeError:
        raise VaultError("the passphrase file is not text") from None


def _serve(options: argparse.Namespace) -> None:
    socks = None if options.socks is None else parse_socks(options.socks)
    to_intake = way(host_and_port(options.intake)[0], socks)

    def intake(desk: Desk) -> Intake:
        return HttpIntake(options.intake, signer(desk), connect=to_intake)

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not write what is in memory to a disk
    visitors = None if options.visitors is None else _visitors(options, socks)
    visits = options.visits_every * 3600
    hurry = options.letters_every
    station = Station(
        Settings(
            options.vault,
            intake,
            options.root,
            options.every,
            period=hurry,
            visitors=visitors,
            visits=visits,
            programmes=library(_own_programmes(options)),
        )
    )
    session = Session()
    server = listen(create_app(station, session, options.port), options.port)
    if options.passphrase_file is not None:
        station.unlock(_read_passphrase(options.passphrase_file))
    signal.signal(signal.SIGTERM, _interrupt)
    station.start()
    if hurry < PERIOD:
        print(f"demonstration: letters leave every {hurry:.0f} seconds, which hides no reply", flush=True)
    print(f"reviewer's app: open this link, it works once: {session.link(options.port)}", flush=True)
    try:
        server.serve_forever()
    finally:
        server.server_close()
        station.stop()


def _own_programmes(options: argparse.Namespace) -> Path | None:
    beside: Path = options.vault.absolute().parent / "programmes"
    given: Path | None = options.programmes
    return beside if given is None and beside.is_dir() else given


def _visitors(options: argparse.Namespace, socks: Socks | None) -> Visitors:
    host, port = host_and_port(options.visitors)
    way(host, socks)  # a wrong address is told at the start
    return Visitors(host, port, lambda: way(host, socks), (options.user_agent,) if options.user_agent else USER_AGENTS)


def _onion_key(options: argparse.Namespace) -> None:
    private, public = write_client_key(options.folder, options.id, onion_name(options.onion))
    print(f"for your own tor, secret: {private}")
    print("  copy it into the folder that ClientOnionAuthDir names in its torrc (mode 0600, tor's user), restart tor")
    print(f"for the operator: {public}, with this line:")
    print(public.read_text("ascii").strip())


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


VERBS: Final[dict[str, Callable[[argparse.Namespace], None]]] = {
    "init": _init,
    "serve": _serve,
    "onion-key": _onion_key,
}
