"""Which pages may be had by which way, and what they get who come around Tor."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from submission.app import create_app
from submission.config import Config
from submission.hosts import GATEWAYS

ONION = "a" * 56 + ".onion"
OTHER = "b" * 56 + ".onion"


def by(listener: str) -> dict[str, str]:
    """Return what the server adds to the environment of a request on a socket."""
    return {"lapwing.listener": listener}


@pytest.fixture
def visitor(config: Config) -> FlaskClient:
    """A visitor of an intake that is not for the open web."""
    return create_app(replace(config, clearnet_allowed=False)).test_client()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (ONION, 200),
        (f"{ONION}:80", 200),
        (ONION.upper(), 200),
        ("abc.onion", 421),
        (f"{ONION}.example.org", 421),
        (f"www.{ONION}", 421),
        ("example.org", 421),
        ("127.0.0.1:8080", 421),
        ("", 421),
    ],
)
def test_only_an_onion_is_served(visitor: FlaskClient, host: str, status: int) -> None:
    """Another name gets a page that says how to come, without the name."""
    answer = visitor.get("/", headers={"Host": host})

    assert answer.status_code == status
    assert not host or host not in answer.text


@pytest.mark.parametrize("listener", ["visitors", "both"])
def test_a_demonstration_is_served_under_any_name_by_its_port_alone(config: Config, listener: str) -> None:
    """Where the open web is allowed, the name does not matter; on tor's socket it always does."""
    answer = create_app(config).test_client().get("/", headers={"Host": "127.0.0.1"}, environ_base=by(listener))

    assert answer.status_code == (200 if listener == "both" else 421)


@pytest.mark.parametrize("header", [*GATEWAYS, "X-Tor2web", "X-Forwarded-Proto", "VIA"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/", "/tip", "/mailbox", "/letter", "/nothing-here"])
def test_a_gateway_gets_no_form(config: Config, header: str, method: str, path: str) -> None:
    """Who comes through a gateway to the open web is told how to come, and can send nothing."""
    client = create_app(config).test_client()

    answer = client.open(path, method=method, headers={"Host": ONION, header: "1"}, environ_base=by("visitors"))

    assert answer.status_code == 421
    assert "Tor Browser" in answer.text
    assert "<form" not in answer.text
    assert "<script" not in answer.text


def test_a_gateway_is_told_in_the_visitors_language_and_style(visitor: FlaskClient) -> None:
    """The page speaks French to who asks for it, and its style sheet is served."""
    answer = visitor.get("/?lang=fr", headers={"X-Tor2web": "1"})

    assert "navigateur Tor" in answer.text
    assert visitor.get("/style.css", headers={"X-Tor2web": "1"}).status_code == 200


@pytest.mark.parametrize(("host", "status"), [(ONION, 200), (f"{ONION}:80", 200), (OTHER, 421), ("x.org", 421)])
def test_only_our_own_onion_is_served_where_it_is_known(config: Config, host: str, status: int) -> None:
    """A copy under another onion's name gets a page with the right one."""
    client = create_app(replace(config, onion_address=ONION)).test_client()

    answer = client.get("/", headers={"Host": host}, environ_base=by("visitors"))

    assert answer.status_code == status
    assert (ONION in answer.text) == (status == 421)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/letters", "/api/nothing"])
def test_visitors_find_no_reviewers_addresses(config: Config, path: str) -> None:
    """On the visitors' socket a reviewers' address is the same page as one that does not exist."""
    client = create_app(config).test_client()

    answer = client.get(path, headers={"Host": ONION}, environ_base=by("visitors"))
    nothing = client.get("/nothing-here", headers={"Host": ONION}, environ_base=by("visitors"))

    assert (answer.status_code, answer.data) == (404, nothing.data)


@pytest.mark.parametrize("path", ["/", "/tip", "/style.css", "/apis", "/nothing"])
def test_reviewers_find_no_pages(config: Config, path: str) -> None:
    """On the reviewers' socket there is nothing but what their apps ask for, under whatever name they ask."""
    client = create_app(config).test_client()

    assert client.get(path, environ_base=by("reviewers")).status_code == 404
    assert client.get("/api/letters", environ_base=by("reviewers")).status_code == 401


def test_reviewers_may_ask_for_any_name_by_the_port(visitor: FlaskClient) -> None:
    """Each of their requests is signed, so the name tells nothing, and they have an onion of their own."""
    assert visitor.get("/api/letters", headers={"Host": OTHER}).status_code == 401
