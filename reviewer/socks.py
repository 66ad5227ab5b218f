"""The way through tor: SOCKS version 5 (RFC 1928, 1929) to its port, with the name passed on and nothing else tried.

Streams with the same `circuit` share circuits, others never do: tor keeps apart what comes with another user name.
The codes from 0xF0 on are tor's own (`SocksPort … ExtendedErrors`).
"""

import contextlib
import http.client
import ipaddress
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reviewer.errors import IntakeUnreachableError, OnionError, WayError
from reviewer.onion import onion_name

CONNECT_SECONDS: Final = 130.0
"""Seconds without a byte while a circuit is built: tor itself gives up after 120."""
USER_SIZE: Final = 16


Connect = Callable[[str, int, float], http.client.HTTPConnection]
"""Makes a connection, not connected yet, to a host and port; the third is the seconds to wait without a byte."""


@dataclass(frozen=True)
class Socks:
    """Tor's SOCKS port: an IP address (a name would have to be looked up) and a port."""

    host: str
    port: int


def parse_socks(text: str) -> Socks:
    """Return the SOCKS port of ``127.0.0.1:9050`` or ``[::1]:9050``.

    Raises:
        WayError: it is something else.
    """
    host, _, port = text.rpartition(":")
    host = "127.0.0.1" if host == "localhost" else host.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
        number = int(port)
    except ValueError:
        number = 0
    if not 0 < number < 65_536:
        raise WayError("tor's SOCKS port must look like 127.0.0.1:9050")
    return Socks(host, number)


def way(host: str, socks: Socks | None, circuit: str | None = None) -> Connect:
    """Return what connects to a host: an onion through tor alone, this computer without, anything else not at all.

    Args:
        host: of the address.
        socks: tor's SOCKS port, None for no tor.
        circuit: what shares circuits; by default a new random name, so that it shares with nothing.

    Raises:
        WayError: an onion without a SOCKS port, or a SOCKS port for anything else than an onion.
        OnionAddressError: a typing error in the onion's address.
    """
    if host.endswith(".onion"):
        onion_name(host)
        if socks is None:
            raise WayError("an onion address needs tor: give its SOCKS port, such as --socks 127.0.0.1:9050")
        port, name = socks, circuit or secrets.token_hex(USER_SIZE)
        return lambda to, number, seconds: SocksConnection(port, name, to, number, seconds)
    if socks is not None:
        raise WayError("only an onion address is reached through tor; leave --socks away, or give the onion's address")
    if not is_this_computer(host):
        raise WayError("the intake must be an onion address, or on this computer")
    return _plain


def is_this_computer(host: str) -> bool:
    """Tell whether a host of an address can only be this computer."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _plain(host: str, port: int, seconds: float) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(host, port, timeout=seconds)


class SocksConnection(http.client.HTTPConnection):
    """An HTTP connection whose stream tor carries."""

    def __init__(self, socks: Socks, circuit: str, host: str, port: int, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._socks = socks
        self._circuit = circuit
        self._seconds = seconds

    def connect(self) -> None:
        """Ask tor for a stream.

        Raises:
            OnionError: tor cannot reach the onion; says why and what to do.
            IntakeUnreachableError: nobody answers at the SOCKS port, or not as tor does.
        """
        try:
            line = socket.create_connection((self._socks.host, self._socks.port), CONNECT_SECONDS)
        except OSError:
            raise IntakeUnreachableError("nobody answers at tor's SOCKS port; start tor, or give its port") from None
        with contextlib.ExitStack() as undo:
            undo.callback(line.close)
            try:
                _ask(line, self._circuit.encode(), self.host.encode("ascii"), self.port)
            except (OSError, EOFError):
                raise IntakeUnreachableError(
                    "what answers at the SOCKS port is not tor, or it was stopped; check --socks"
                ) from None
            line.settimeout(self._seconds)
            undo.pop_all()
        self.sock = line


def _ask(line: socket.socket, user: bytes, host: bytes, port: int) -> None:
    line.sendall(b"\x05\x01\x02")  # version 5; one method: a user name with a password
    if _read(line, 2) != b"\x05\x02":
        raise EOFError
    line.sendall(b"\x01" + _counted(user) + _counted(user))
    if _read(line, 2)[1:] != b"\x00":
        raise EOFError
    line.sendall(b"\x05\x01\x00\x03" + _counted(host) + port.to_bytes(2, "big"))  # connect, to a name
    version, code, _, kind = _read(line, 4)
    if version != 5:
        raise EOFError
    if code:
        raise refusal(code)
    sizes = {1: 4, 4: 16}
    _read(line, (sizes[kind] if kind in sizes else _read(line, 1)[0]) + 2)


def _counted(raw: bytes) -> bytes:
    return bytes([len(raw)]) + raw


def _read(line: socket.socket, size: int) -> bytes:
    taken = b""
    while len(taken) < size:
        piece = line.recv(size - len(taken))
        if not piece:
            raise EOFError
        taken += piece
    return taken


def refusal(code: int) -> OnionError:
    """Return what a code of the SOCKS answer (1 to 255) means, and what to do."""
    match code:
        case 0xF0:
            words = OnionError(
                "tor finds no such onion: the intake is down, has been for hours, or the address is wrong; wait an "
                "hour, then ask the operator",
                code,
            )
        case 0xF1:
            words = OnionError("what tor found about the onion is not valid; ask the operator to restart tor", code)
        case 0xF2 | 0xF3:
            words = OnionError("the onion was found, but did not answer; try again in a few minutes", code)
        case 0xF4:
            words = OnionError(
                "this onion asks for a key, and your tor has none for it: put the file that ends in .auth_private into "
                "tor's ClientOnionAuthDir and restart tor",
                code,
            )
        case 0xF5:
            words = OnionError(
                "the onion does not accept your key: it was taken away, or never given to the operator; ask the "
                "operator whether your .auth file is there",
                code,
            )
        case 0xF6:
            words = OnionError("tor says that this is not an onion address; look for a typing error", code)
        case 0xF7:
            words = OnionError("the onion did not answer in time: it may be flooded; try again in a few minutes", code)
        case 0x01 | 0x05:
            words = OnionError(
                "tor reached the onion, but the intake behind it does not answer; ask the operator", code
            )
        case _:
            words = OnionError("tor could not reach the onion; look whether tor is connected, then try again", code)
    return words
