"""What tor does to the intake: connects to its sockets, and names the circuit in front of each connection."""

import http.client
import socket
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

ONION = "lapwing" + "a" * 49 + ".onion"
"""A name that an onion may have; nothing answers to it."""


def line(circuit: int, port: int = 80) -> bytes:
    """Return what tor writes in front of a connection, for `HiddenServiceExportCircuitID haproxy`."""
    source = max(1, min(circuit, 65_535))
    return f"PROXY TCP6 {address(circuit)} ::1 {source} {port}\r\n".encode()


def address(circuit: int) -> str:
    """Return the address that tor makes of the number of a circuit."""
    return f"fc00:dead:beef:4dad::{circuit >> 16:x}:{circuit & 0xFFFF:x}"


class CircuitConnection(http.client.HTTPConnection):
    """A connection through tor."""

    def __init__(self, path: Path, circuit: int) -> None:
        super().__init__(ONION, timeout=60)
        self.path = path
        self.circuit = circuit

    def connect(self) -> None:
        """Connect to the socket, and say by which circuit."""
        self.sock = open_socket(self.path)
        self.sock.sendall(line(self.circuit))


def open_socket(path: Path) -> socket.socket:
    """Connect to a socket and say nothing."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(60)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


@dataclass
class Tor:
    """Tor in front of an intake's folder of sockets."""

    folder: Path
    circuits: "count[int]" = field(default_factory=lambda: count(1))

    def connection(self, name: str, circuit: int | None = None) -> CircuitConnection:
        """Return a connection to one of the sockets, by a circuit of its own unless one is given."""
        return CircuitConnection(self.folder / name, next(self.circuits) if circuit is None else circuit)

    def answers(self) -> bool:
        """Tell whether anybody listens for visitors."""
        try:
            open_socket(self.folder / "visitors.sock").close()
        except OSError:
            return False
        return True
