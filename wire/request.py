"""The token with which a reviewer's app signs each request to the intake."""

from dataclasses import dataclass

from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.errors import EnvelopeError, SignatureError
from wire.errors import RequestError, RosterError
from wire.fields import decode_base64, dump, encode_base64, parse_object
from wire.roster import Roster

PAYLOAD_TYPE = "application/vnd.lapwing.request+json"
SCHEME = "Lapwing "


@dataclass(frozen=True)
class Limits:
    """What a token may hold."""

    header: int = 4 * 1024  # characters
    path: int = 512  # bytes
    counter: int = 2**53 - 1


LIMITS = Limits()


@dataclass(frozen=True)
class Request:
    """Who signed a request.

    Attributes:
        reviewer: id.
        counter: higher than in every request of this reviewer before; whoever serves must remember the highest.
    """

    reviewer: str
    counter: int


def sign_request(
    instance: bytes, reviewer: str, key: SigningKey, method: str, path: str, body_digest: bytes, counter: int
) -> str:
    """Return the value of the ``Authorization`` header of one request.

    Args:
        instance: of the organisation, 16 bytes.
        reviewer: id of who asks.
        key: their signing key.
        method: ``GET`` or ``POST``.
        path: as in the request line, with its query, at most 512 bytes.
        body_digest: SHA-256 of the body (of no bytes if there is none), 32 bytes.
        counter: from 1, higher than ever before.
    """
    payload = {
        "v": 1,
        "instance": instance.hex(),
        "reviewer": reviewer,
        "method": method,
        "path": path,
        "body": body_digest.hex(),
        "counter": counter,
    }
    return SCHEME + encode_base64(sign(PAYLOAD_TYPE, dump(payload), key).encode())


def open_request(header: str, roster: Roster, method: str, path: str, body_digest: bytes) -> Request:
    """Return who signed a request.

    Args:
        header: the value of the ``Authorization`` header as it came.
        roster: the one in force.
        method: of the request.
        path: as in the request line, with its query.
        body_digest: SHA-256 of the body, 32 bytes.

    Raises:
        RequestError: no token, malformed, not signed by a reviewer of the roster, or for another request.
    """
    envelope = _read_header(header)
    fields = parse_object(envelope.payload, LIMITS.header, "request", RequestError)
    fields.integer("v", 1, 1)
    signed_for = (
        fields.hex("instance", 16),
        fields.text("method", 8),
        fields.text("path", LIMITS.path),
        fields.hex("body", 32),
    )
    request = Request(fields.text("reviewer", 32, 1), fields.integer("counter", 1, LIMITS.counter))
    fields.end()
    try:
        envelope.verify(PAYLOAD_TYPE, {roster.by_id(request.reviewer).key})
    except (SignatureError, RosterError):
        raise RequestError("request: not signed by a reviewer on the roster") from None
    if signed_for != (roster.instance, method, path, body_digest):
        raise RequestError("request: the token was signed for another request")
    return request


def _read_header(header: str) -> Envelope:
    if not header.startswith(SCHEME) or len(header) > LIMITS.header:
        raise RequestError("request: no token; a reviewer's app must sign it")
    try:
        return Envelope.decode(decode_base64(header.removeprefix(SCHEME)), LIMITS.header)
    except (ValueError, EnvelopeError):
        raise RequestError("request: the token is malformed") from None
