"""A private Tor network on loopback: authorities, relays, an onion host and clients, each a tor process of its own."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from tests.onion.control import Control
from tests.onion.torrc import AUTHORITIES, RELAYS, VOTING_SECONDS, Relay, certify, common, prepare

Found = TypeVar("Found")

START_SECONDS: Final = 90
"""How long anything may take to begin; measured: 35 at most."""


class NetworkError(Exception):
    """The private network did not come up; the message says what did not."""


def wait_for(what: str, look: Callable[[], Found | None], seconds: float = START_SECONDS, pause: float = 0.1) -> Found:
    """Look again and again until there is something, and return it.

    Raises:
        NetworkError: nothing came in time.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if (found := look()) is not None:
            return found
        time.sleep(pause)
    raise NetworkError(f"{what} did not come within {seconds:.0f} seconds")


class Tor:
    """One tor process."""

    def __init__(self, folder: Path, settings: str) -> None:
        """Start it.

        Args:
            folder: a data directory that `prepare` made.
            settings: the whole torrc.
        """
        self.folder = folder
        torrc = folder / "torrc"
        torrc.write_text(settings, "utf-8")
        command = ["tor", "-f", str(torrc), "--defaults-torrc", str(folder / "defaults"), "--quiet"]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def control(self) -> Control:
        """Return a new line to its control port."""
        return wait_for(f"the control port of {self.folder.name}", self._control)

    def _control(self) -> Control | None:
        if self._process.poll() is not None:
            last = (self.folder / "log").read_text("utf-8").splitlines()[-3:]
            raise NetworkError(f"{self.folder.name} ended: {' / '.join(last)}")
        try:
            return Control(self.folder / "control")
        except OSError:
            return None

    def wait_until_bootstrapped(self) -> None:
        """Return when it can build circuits."""
        with self.control() as control:
            wait_for(
                f"the bootstrap of {self.folder.name}",
                lambda: True if "PROGRESS=100" in control.ask("GETINFO status/bootstrap-phase")[0] else None,
            )

    def reload(self) -> None:
        """Let it read its settings and its clients' keys anew."""
        self._process.send_signal(signal.SIGHUP)

    @property
    def memory(self) -> int:
        """Its resident memory, in KiB."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def end(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()


class Client(Tor):
    """A tor that somebody runs on their own computer."""

    def __init__(self, folder: Path, settings: str, socks_port: int) -> None:
        """Start it.

        Args:
            folder: a data directory that `prepare` made.
            settings: the torrc, but for the SOCKS port.
            socks_port: where it takes streams; extended errors are on.
        """
        self.socks_port = socks_port
        super().__init__(folder, f"{settings}SocksPort 127.0.0.1:{socks_port} ExtendedErrors\n")


@dataclass
class Network:
    """The whole network; one for the whole run.

    Attributes:
        folder: holds all data directories.
        parts: every tor that was started, in order.
    """

    folder: Path
    parts: list[Tor] = field(default_factory=list)
    _authorities: list[str] = field(default_factory=list)
    _clients: int = 0

    def start(self) -> None:
        """Start authorities and relays; return when the consensus knows them all.

        Who asks for the consensus earlier waits long for the next one.

        Raises:
            NetworkError: they did not agree in time.
        """
        relays = [Relay(self.folder / f"node{number}", number) for number in range(AUTHORITIES + RELAYS)]
        for relay in relays:
            prepare(relay.folder)
        self._authorities = [certify(relay) for relay in relays[:AUTHORITIES]]
        # At the beginning of a voting period, so that every relay is known before the first vote.
        time.sleep(-time.time() % VOTING_SECONDS)
        for relay in relays:
            self._run(Tor(relay.folder, relay.torrc(os.getpid(), self._authorities)))
        consensus = relays[0].folder / "cached-microdesc-consensus"
        wait_for("a consensus of all", lambda: True if _count(consensus) == len(relays) else None)

    def host(self, lines: str) -> Tor:
        """Start the tor of the intake.

        Args:
            lines: the operator's torrc. It stands where tor looks for defaults, as it is; of what is different on a
                private network the last word counts.
        """
        folder = prepare(self.folder / "host")
        (folder / "defaults").write_text(lines, "utf-8")
        tor = Tor(folder, common(folder, os.getpid(), self._authorities))
        self._run(tor)
        return tor

    def client(self, name: str, key: str | None = None) -> Client:
        """Start a client.

        Args:
            name: whose it is.
            key: the line of a client key file, for an onion that asks for one.
        """
        folder = prepare(self.folder / name)
        keys = folder / "keys-of-onions"
        keys.mkdir(mode=0o700)
        if key is not None:
            (keys / f"{name}.auth_private").write_text(f"{key}\n", "ascii")
        port = 9050 + self._clients
        self._clients += 1
        settings = f"{common(folder, os.getpid(), self._authorities)}ClientOnionAuthDir {keys}\n"
        client = Client(folder, settings, port)
        self._run(client)
        return client

    @property
    def memory(self) -> int:
        """Resident memory of all tors together, in KiB."""
        return sum(tor.memory for tor in self.parts)

    def _run(self, tor: Tor) -> None:
        self.parts.append(tor)

    def end(self) -> None:
        """End all, the last first."""
        for tor in reversed(self.parts):
            tor.end()


def _count(consensus: Path) -> int:
    try:
        return consensus.read_text("utf-8").count("\nr ")
    except FileNotFoundError:
        return 0
