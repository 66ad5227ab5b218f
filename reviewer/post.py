"""The way to the intake: everything this app asks of it or gives it, each request signed.

`Intake` is what the rest of the app knows; `HttpIntake` is the real one. What it returns is untrusted: names and sizes
are checked here, seals and signatures by whoever reads them.
"""

import contextlib
import hashlib
import hmac
import http.client
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, Protocol, TypeVar
from urllib.parse import urlsplit

from reviewer.errors import (
    IntakeAnswerError,
    IntakeRefusedError,
    IntakeSwappedError,
    IntakeUnreachableError,
    SyncError,
)
from reviewer.socks import Connect, way
from wire.errors import WireError
from wire.fields import Fields, decode_base64, dump, parse_object

Value = TypeVar("Value")
Shelf = Literal["letters", "parts", "log"]

OK: Final = 200
CREATED: Final = 201
UNAUTHORISED: Final = 401
CONFLICT: Final = 409


@dataclass(frozen=True)
class Limits:
    """What one answer may hold, and how long to wait for it."""

    list: int = 4 * 1024 * 1024  # bytes of an answer in JSON
    piece: int = 1_048_576  # bytes of a letter, part or batch
    names: int = 10_000  # in one list, and in one acknowledgement
    envelope: int = 262_144  # bytes
    envelopes: int = 256  # in one list
    seconds: float = 60.0  # without a byte
    whole: float = 300.0  # seconds for one request, however steadily its answer drips


LIMITS = Limits()


class Intake(Protocol):
    """The intake as a reviewer's app sees it; every method may raise an `IntakeError`."""

    def roster(self) -> bytes:
        """Return the envelope of the newest roster."""

    def post_roster(self, envelope: bytes) -> None:
        """Give the intake a roster."""

    def period_keys(self, week: str) -> tuple[bytes, ...]:
        """Return the envelopes of all period keys of a week."""

    def post_period_key(self, envelope: bytes) -> None:
        """Give the intake one of our period keys."""

    def sheets(self) -> tuple[bytes, ...]:
        """Return the envelopes of all key sheets, with the signatures so far."""

    def post_sheet(self, envelope: bytes) -> None:
        """Give the intake a key sheet that we signed."""

    def waiting(self, shelf: Shelf) -> tuple[bytes, ...]:
        """Return the names (SHA-256) on the letters or log shelf that we have not acknowledged."""

    def parts(self, after: bytes) -> tuple[bytes, ...]:
        """Return the next names of parts that we have not acknowledged, sorted, behind ``after``; none at the end."""

    def fetch(self, shelf: Shelf, name: bytes) -> bytes:
        """Return a sealed piece; its SHA-256 is its name."""

    def post_part(self, sealed: bytes) -> None:
        """Put a part of 1 MiB on the shelf of parts."""

    def post_batch(self, sealed: bytes) -> None:
        """Put a letter of 64 KiB on the log shelf."""

    def post_reply(self, shelf: str, sealed: bytes) -> None:
        """Put a reply of 16 KiB on the shelf of that name."""

    def acknowledge(self, names: Mapping[Shelf, Sequence[bytes]]) -> None:
        """Tell what we have safe in the vault."""


class Signer(Protocol):
    """Signs one request; the counter it uses is higher than ever before."""

    def __call__(self, method: str, path: str, body: bytes, at_least: int) -> str:
        """Return the value of the Authorization header, with a counter above ``at_least``."""


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes


class HttpIntake:
    """The intake over HTTP.

    Args:
        address: ``http://127.0.0.1:8080``; only the scheme, host and port count.
        sign: makes the token of each request.
        seconds: how long to wait without a byte.
        connect: makes a connection, such as through tor; by default one that reaches this computer alone.
        whole: seconds after which a request is broken off, whatever still comes.
    """

    def __init__(
        self,
        address: str,
        sign: Signer,
        seconds: float = LIMITS.seconds,
        connect: Connect | None = None,
        whole: float = LIMITS.whole,
    ) -> None:
        self._host, self._port = host_and_port(address)
        self._sign = sign
        self._seconds = seconds
        self._connect = connect or way(self._host, None)
        self._whole = whole

    def roster(self) -> bytes:
        """See `Intake`. Where visitors come too, an app that cannot sign yet gets it as everybody does."""
        try:
            return self._get("/api/roster", LIMITS.envelope)
        except (SyncError, IntakeRefusedError):  # no roster here yet, or not on the intake's
            return self._ask("GET", "/roster.json", b"", LIMITS.envelope, signed=False)

    def post_roster(self, envelope: bytes) -> None:
        """See `Intake`."""
        self._post("/api/roster", envelope)

    def period_keys(self, week: str) -> tuple[bytes, ...]:
        """See `Intake`."""
        return self._envelopes(f"/api/period-keys?week={week}")

    def post_period_key(self, envelope: bytes) -> None:
        """See `Intake`."""
        self._post("/api/period-keys", envelope)

    def sheets(self) -> tuple[bytes, ...]:
        """See `Intake`."""
        return self._envelopes("/api/sheets")

    def post_sheet(self, envelope: bytes) -> None:
        """See `Intake`."""
        self._post("/api/sheets", envelope)

    def waiting(self, shelf: Shelf) -> tuple[bytes, ...]:
        """See `Intake`."""
        word = "batches" if shelf == "log" else shelf
        body = self._get(f"/api/{shelf}", LIMITS.list)
        return _read(body, lambda fields: fields.hexes(word, 32, LIMITS.names))

    def parts(self, after: bytes) -> tuple[bytes, ...]:
        """See `Intake`."""
        body = self._get(f"/api/parts?after={after.hex()}" if after else "/api/parts", LIMITS.list)
        names = _read(body, lambda fields: fields.hexes("parts", 32, LIMITS.names))
        if any(name <= before for before, name in pairwise((after, *names))):
            raise IntakeAnswerError("the intake's list of parts is not in order")
        return names

    def fetch(self, shelf: Shelf, name: bytes) -> bytes:
        """See `Intake`."""
        try:
            piece = self._get(f"/api/{shelf}/{name.hex()}", LIMITS.piece)
        except IntakeAnswerError:
            piece = b""  # longer than any piece
        if not hmac.compare_digest(hashlib.sha256(piece).digest(), name):
            raise IntakeSwappedError(
                "the intake gave something else than what was asked for; it will be asked again", OK
            )
        return piece

    def post_part(self, sealed: bytes) -> None:
        """See `Intake`."""
        self._post("/api/parts", sealed)

    def post_batch(self, sealed: bytes) -> None:
        """See `Intake`."""
        self._post("/api/log", sealed)

    def post_reply(self, shelf: str, sealed: bytes) -> None:
        """See `Intake`."""
        self._post(f"/api/replies?shelf={shelf}", sealed)

    def acknowledge(self, names: Mapping[Shelf, Sequence[bytes]]) -> None:
        """See `Intake`."""
        words = {"letters": "letters", "parts": "parts", "log": "batches"}
        told = {words[shelf]: [name.hex() for name in names.get(shelf, ())] for shelf in names}
        self._post("/api/acknowledgements", dump({word: told.get(word, []) for word in words.values()}))

    def _envelopes(self, path: str) -> tuple[bytes, ...]:
        def parse(fields: Fields) -> tuple[bytes, ...]:
            texts = fields.texts("envelopes", LIMITS.envelopes, 2 * LIMITS.envelope)
            return tuple(decode_base64(text) for text in texts)

        # The answer is a bare list; as the field of an object the one strict reader can take it.
        return _read(b'{"envelopes":' + self._get(path, LIMITS.list) + b"}", parse)

    def _get(self, path: str, most: int) -> bytes:
        return self._ask("GET", path, b"", most)

    def _post(self, path: str, body: bytes) -> None:
        self._ask("POST", path, body, LIMITS.list)

    def _ask(self, method: str, path: str, body: bytes, most: int, *, signed: bool = True) -> bytes:
        answer = self._send(method, path, body, most, 0 if signed else None)
        if answer.status == CONFLICT and (highest := _highest(answer.body)) is not None:
            # The vault is older than the intake's memory of us (a backup was restored): count on from there.
            answer = self._send(method, path, body, most, highest)
        if answer.status == UNAUTHORISED:
            raise IntakeRefusedError(
                "the intake does not accept this app's signature; is this reviewer on its roster?", answer.status
            )
        if answer.status not in {OK, CREATED}:
            raise IntakeRefusedError(f"the intake refused a request with status {answer.status}", answer.status)
        return answer.body

    def _send(self, method: str, path: str, body: bytes, most: int, at_least: int | None) -> _Answer:
        headers = {} if at_least is None else {"Authorization": self._sign(method, path, body, at_least)}
        if body:
            headers["Content-Type"] = "application/octet-stream"
        connection = self._connect(self._host, self._port, self._seconds)
        try:
            connection.connect()
            with _cut_off(connection.sock, self._whole):
                connection.request(method, path, body or None, headers)
                response = connection.getresponse()
                answer = response.read(most + 1)
            if response.length and len(answer) <= most:
                raise http.client.IncompleteRead(answer, response.length)
        except (OSError, http.client.HTTPException):
            raise IntakeUnreachableError(
                "the intake does not answer; is it running, and is its address right?"
            ) from None
        finally:
            connection.close()
        if len(answer) > most:
            raise IntakeAnswerError("the intake's answer is too long")
        return _Answer(response.status, answer)


def host_and_port(address: str) -> tuple[str, int]:
    """Return host and port of an http address.

    Raises:
        IntakeAnswerError: it is none.
    """
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme, parts.hostname, parts.port or 80
    except ValueError:
        scheme, host, port = "", None, 0
    if not host or scheme != "http":
        raise IntakeAnswerError("the intake's address must look like http://127.0.0.1:8080")
    return host, port


@contextlib.contextmanager
def _cut_off(line: socket.socket, seconds: float) -> Iterator[None]:
    """Break the line off after a time: a timeout alone begins anew with each byte that drips in."""
    timer = threading.Timer(seconds, _shut, (line,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _read(body: bytes, parse: Callable[[Fields], Value]) -> Value:
    try:
        fields = parse_object(body, LIMITS.list + 16, "answer of the intake")
        value = parse(fields)
        fields.end()
    except (WireError, ValueError):
        raise IntakeAnswerError("the intake's answer cannot be read") from None
    return value


def _highest(body: bytes) -> int | None:
    try:
        return parse_object(body, LIMITS.piece, "answer of the intake").integer("counter", 0, 2**53)
    except WireError:
        return None
