"""The bounds of a request's token, each at its very edge."""

import re
from typing import Any

import pytest

from crypto.dsse import sign
from tests.wire.edges import Bound, changed, hexadecimal, integer, text
from tests.wire.organisation import INSTANCE
from tests.wire.test_request import BODY, ORGANISATION, ROSTER, make
from wire.errors import RequestError
from wire.fields import dump, encode_base64
from wire.request import PAYLOAD_TYPE, SCHEME, Request, open_request

PAYLOAD = dump(
    {
        "v": 1,
        "instance": INSTANCE.hex(),
        "reviewer": "r1",
        "method": "POST",
        "path": "/",
        "body": BODY.hex(),
        "counter": 7,
    }
)
BOUNDS = [
    integer("v", 1, 1),
    hexadecimal("instance", 16),
    text("reviewer", 1, 32),
    text("method", 0, 8),
    text("path", 0, 512),
    hexadecimal("body", 32),
    integer("counter", 1, 2**53 - 1),
]


def take(payload: bytes) -> Request:
    """Open a token that r1 signed."""
    envelope = sign(PAYLOAD_TYPE, payload, ORGANISATION.signing["r1"])
    return open_request(SCHEME + encode_base64(envelope.encode()), ROSTER, "POST", "/", BODY)


def test_the_token_for_the_bounds_is_one() -> None:
    """Without a change it opens."""
    assert take(PAYLOAD) == Request("r1", 7)


def complaint(payload: bytes) -> str:
    """Why a token of r1 with this payload is refused, or nothing."""
    try:
        take(payload)
    except RequestError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("bound", BOUNDS, ids=str)
def test_a_field_reaches_to_its_bounds_and_not_beyond(bound: Bound) -> None:
    """Only one more, or less, is refused as out of bounds; a value within is at worst one of another request."""
    for value in bound.within:
        assert not re.search(bound.complaint, complaint(changed(PAYLOAD, **{bound.name: value})))
    for value in bound.beyond:
        assert re.search(bound.complaint, complaint(changed(PAYLOAD, **{bound.name: value})))


@pytest.mark.parametrize(
    ("signed", "asked"),
    [
        ({"path": "/" * 512}, {"path": "/" * 512}),
        ({"path": ""}, {"path": ""}),
        ({"method": "PROPFIND"}, {"method": "PROPFIND"}),
        ({"counter": 1}, {}),
        ({"counter": 9_007_199_254_740_991}, {}),
    ],
)
def test_a_token_opens_up_to_its_bounds(signed: dict[str, Any], asked: dict[str, Any]) -> None:
    """The longest path and method, the first counter and the last are taken."""
    request = {"method": "POST", "path": "/api/replies?x=1", "body_digest": BODY} | asked
    assert open_request(make(**signed), ROSTER, **request).reviewer == "r1"


def test_a_header_has_at_most_4096_characters() -> None:
    """So many are looked at, one more is no token."""
    filling = "A" * (4_096 - len(SCHEME))
    for header, complaint in ((SCHEME + filling, "malformed"), (SCHEME + filling + "A", "no token")):
        with pytest.raises(RequestError, match=complaint):
            open_request(header, ROSTER, "POST", "/", BODY)


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """No value is passed over."""
    with pytest.raises(RequestError, match="does not belong there"):
        take(changed(PAYLOAD, more=1))
