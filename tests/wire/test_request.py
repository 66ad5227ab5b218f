"""A reviewer's token opens for the one request it was signed for, and for no other."""

import contextlib
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import sign
from tests.wire.organisation import INSTANCE, Organisation
from wire.errors import RequestError
from wire.fields import dump, encode_base64
from wire.request import LIMITS, PAYLOAD_TYPE, SCHEME, Request, open_request, sign_request

ORGANISATION = Organisation()
ROSTER = ORGANISATION.roster
BODY = hashlib.sha256(b"body").digest()


def make(**changes: Any) -> str:
    """Return the token of a request, with some values changed."""
    values: dict[str, Any] = {
        "instance": INSTANCE,
        "reviewer": "r1",
        "key": ORGANISATION.signing["r1"],
        "method": "POST",
        "path": "/api/replies?x=1",
        "body_digest": BODY,
        "counter": 7,
    }
    return sign_request(**{**values, **changes})


def take(header: str) -> Request:
    """Open a token as the intake would for the request above."""
    return open_request(header, ROSTER, "POST", "/api/replies?x=1", BODY)


def test_the_intake_learns_who_asks_and_the_counter() -> None:
    """A token gives the reviewer and the counter."""
    assert take(make()) == Request("r1", 7)


@pytest.mark.parametrize(
    "changes",
    [
        {"instance": bytes(16)},
        {"reviewer": "r2"},
        {"reviewer": "nobody"},
        {"key": SigningKey.generate()},
        {"method": "GET"},
        {"path": "/api/replies"},
        {"body_digest": bytes(32)},
        {"counter": 0},
        {"counter": LIMITS.counter + 1},
        {"path": "x" * (LIMITS.path + 1)},
    ],
)
def test_a_token_for_another_request_is_refused(changes: dict[str, Any]) -> None:
    """Another organisation, reviewer, key, method, path or body, or a counter out of range, is refused."""
    with pytest.raises(RequestError):
        take(make(**changes))


@given(st.text(max_size=60), st.sampled_from(["", SCHEME, "Bearer "]))
def test_any_header_gives_a_request_or_a_request_error(text: str, scheme: str) -> None:
    """No header raises anything but a RequestError."""
    with contextlib.suppress(RequestError):
        take(scheme + text)


@given(st.binary(max_size=200))
def test_any_signed_payload_gives_a_request_or_a_request_error(payload: bytes) -> None:
    """Not even a reviewer can make the intake raise another error."""
    envelope = sign(PAYLOAD_TYPE, payload, ORGANISATION.signing["r1"])
    with pytest.raises(RequestError):
        take(SCHEME + encode_base64(envelope.encode()))


def test_a_signature_for_another_kind_of_message_is_refused() -> None:
    """What a reviewer signed elsewhere is no token, even with the same words."""
    payload = {"v": 1, "instance": INSTANCE.hex(), "reviewer": "r1", "method": "POST", "path": "/api/replies?x=1"}
    payload |= {"body": BODY.hex(), "counter": 7}
    envelope = sign("application/vnd.lapwing.reply+json", dump(payload), ORGANISATION.signing["r1"])
    with pytest.raises(RequestError, match="not signed"):
        take(SCHEME + encode_base64(envelope.encode()))


def test_an_endless_header_is_refused_before_it_is_read() -> None:
    """Longer than the limit is no token."""
    with pytest.raises(RequestError, match="no token"):
        take(SCHEME + "A" * LIMITS.header)
