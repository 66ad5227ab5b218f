"""An organisation whose intake is two onion services: made as docs say, with the commands that people use."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from deploy.organisation import LABELS, LETTERS_EVERY, Organisation, Ports, found, link
from deploy.processes import Processes, run
from deploy.reviewer_player import ReviewerPlayer
from deploy.visit import Upload
from reviewer.errors import IntakeUnreachableError, OnionError
from reviewer.socks import Socks, SocksConnection
from tests.onion.network import Client, Network, Tor, wait_for

Found = TypeVar("Found")

PORTS: Final = Ports(8080)
ONIONS: Final = ("visitors", "reviewers")
PAGES: Final = 90
"""Pages a minute for each circuit: few enough to reach, enough for a browser."""
VISITS: Final = "0.002"
"""Hours, on average, between two visits, each for one thing, of the last reviewer's app as a source."""
ROUND: Final = "2"
"""Seconds between two rounds of a reviewer's app."""


@dataclass(frozen=True)
class Answer:
    """What an onion answered."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Place:
    """All that runs.

    Attributes:
        made: the organisation.
        network: carries everything.
        host: the tor before the intake.
        visitors: onion address for visitors.
        reviewers: onion address for reviewers' apps.
        source: the tor of a source.
        reviewer: the tor of a reviewer, with its client key.
        stranger: the tor of somebody with a key that was never given to the operator.
        desks: the players of r1, r2, r3.
        figures: what was measured on the way.
    """

    made: Organisation
    network: Network
    host: Tor
    visitors: str
    reviewers: str
    source: Client
    reviewer: Client
    stranger: Client
    desks: list[ReviewerPlayer] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)

    def ask(self, client: Client, onion: str, path: str, circuit: str = "test", host: str | None = None) -> Answer:
        """Ask an onion for a page; the same `circuit` is the same circuit.

        Raises:
            OnionError: tor gave no stream.
        """
        connection = SocksConnection(Socks("127.0.0.1", client.socks_port), circuit, onion, 80, 60)
        try:
            connection.request("GET", path, headers={"Host": host or onion})
            with connection.getresponse() as answer:
                return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()


def establish(folder: Path, network: Network, processes: Processes) -> Place:
    """Start all: network, intake, onions, clients, reviewers' apps; return when a tip could be sent.

    Args:
        folder: an empty folder.
        network: not started yet.
        processes: where what is started is ended.
    """
    began = time.monotonic()
    figures = dict[str, float]()

    def took(step: str) -> None:
        figures[f"{step}, s from the start"] = time.monotonic() - began

    with ThreadPoolExecutor(1) as aside:  # the network mostly waits for its votes
        making = aside.submit(_make, folder)
        network.start()
        made = making.result()
    took("network")
    place = _onions(made, network, processes)
    place.figures = figures
    for client in (place.source, place.reviewer, place.stranger):
        client.wait_until_bootstrapped()
    took("clients")
    wait_for("the visitors' onion", lambda: _there(place, place.source, place.visitors))
    took("first page")
    wait_for("the reviewers' onion", lambda: _there(place, place.reviewer, place.reviewers))
    place.desks += [_desk(place, processes, number) for number in range(1, len(LABELS) + 1)]
    wait_for("the tip form", lambda: _open(place), pause=1)
    took("open")
    return place


def _make(folder: Path) -> Organisation:
    made = found(folder, PORTS)
    config = made.folder / "intake" / "config.json"
    settings = json.loads(config.read_text("utf-8"))
    settings["limits"]["page"] = f"{PAGES} per minute"
    config.write_text(json.dumps(settings), "utf-8")
    return made


def _onions(made: Organisation, network: Network, processes: Processes) -> Place:
    """Start the tor of the intake, then the intake; let a reviewer in; start all clients: as the runbook says."""
    keys, sockets = network.folder / "onions", network.folder / "sockets"
    sockets.mkdir(mode=0o700)
    where = ("--state", "intake", "--keys", str(keys))
    host = network.host(run("intake", "torrc", *where, "--onion", str(sockets), folder=made.folder))
    for name in ONIONS:
        wait_for("an onion's address", partial(_hostname, keys / name))
    told = run("intake", "address", *where, folder=made.folder)
    addresses = dict(line.split(": ") for line in told.splitlines())
    words = ["intake", "serve", "--state", "intake", "--onion", str(sockets)]
    processes.start(words, made.folder, "intake serves")
    key, stranger = (_client_key(made, name, addresses["reviewers"]) for name in ("r1", "stranger"))
    public = (made.folder / "keys-of-r1" / "r1.auth").read_text("ascii").strip()
    run("intake", "torrc", *where, "--onion", str(sockets), "--reviewer", f"r1={public}", folder=made.folder)
    host.reload()
    return Place(
        made=made,
        network=network,
        host=host,
        visitors=addresses["visitors"],
        reviewers=addresses["reviewers"],
        source=network.client("source"),
        reviewer=network.client("reviewer", key),
        stranger=network.client("stranger", stranger),
    )


def _client_key(made: Organisation, name: str, onion: str) -> str:
    """Make a reviewer's pair of keys; return the line for the reviewer's own tor."""
    folder = f"keys-of-{name}"
    run("reviewer", "onion-key", "--onion", onion, "--id", name, "--folder", folder, folder=made.folder)
    return (made.folder / folder / f"{name}.auth_private").read_text("ascii").strip()


def downloaded(place: Place, name: str) -> bytes:
    """Take a file from the visitors' onion; if a circuit fails, over another one, as a source would try again."""
    for circuit in ("first", "second"):
        with suppress(OnionError):
            return place.ask(place.source, place.visitors, f"/{name}", f"{name} {circuit}").body
    return place.ask(place.source, place.visitors, f"/{name}", f"{name} third").body


def _hostname(folder: Path) -> str | None:
    try:
        return (folder / "hostname").read_text("ascii").strip() or None
    except FileNotFoundError:
        return None


def _there(place: Place, client: Client, onion: str) -> Answer | None:
    try:
        return place.ask(client, onion, "/")
    except (IntakeUnreachableError, OSError):
        return None


def _open(place: Place) -> Answer | None:
    answer = place.ask(place.source, place.visitors, "/tip")
    return answer if answer.status == 200 else None


def _desk(place: Place, processes: Processes, number: int) -> ReviewerPlayer:
    port = PORTS.reviewer(number)
    words = ["reviewer", "serve", "--vault", f"r{number}", "--passphrase-file", f"r{number}.passphrase"]
    words += ["--intake", f"http://{place.reviewers}", "--socks", f"127.0.0.1:{place.reviewer.socks_port}"]
    words += ["--port", str(port), "--every", ROUND, "--letters-every", str(LETTERS_EVERY)]
    if number == len(LABELS):
        words += ["--visitors", f"http://{place.visitors}", "--visits-every", VISITS]
    app = processes.start(words, place.made.folder, "http://127.0.0.1")
    address = link(app)
    player = ReviewerPlayer(address.partition("/enter/")[0], address)
    player.enter()
    # The reviewers' onion gives nothing to an app that cannot sign yet, and without a roster it cannot.
    roster = Upload(place.made.folder / "roster.json", "roster.json", "application/json")
    player.act("/settings", "/settings/roster", {}, [("roster", roster)])
    return player


def fetched(desk: ReviewerPlayer, case: str, sha256: str) -> str | None:
    """Ask for the files of a case, which wait at the intake until a reviewer wants them; return a file's hash."""
    page = desk.case(case, "/exhibits")
    if any(form.action.endswith("/fetch") for form in page.forms):
        desk.visitor.submit(page.form("/fetch"), {})
    return desk.download(case, sha256)


def eventually(what: str, look: Callable[[], Found | None], seconds: float = 120) -> Found:
    """Return what comes by itself, within two minutes if nothing else is said; falsy is not there yet."""
    return wait_for(what, lambda: look() or None, seconds, 1)
