"""Visits and bytes are counted by circuit in memory; a visit without a circuit is refused."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from submission.app import create_app
from submission.config import Config, VisitLimits
from submission.visit import MOST_BODY
from tests.submission.disk import all_pieces
from tests.submission.visitor import MULTIPART, encode, open_form


@pytest.fixture
def limited(config: Config) -> FlaskClient:
    """An intake that allows little."""
    limits = VisitLimits(page="3 per minute", tip="2 per minute", mailbox="1 per minute")
    return create_app(replace(config, limits=limits)).test_client()


@pytest.mark.parametrize(("path", "allowed"), [("/", 3), ("/tip", 2), ("/letter", 2), ("/mailbox", 1)])
def test_too_many_visits_are_refused(limited: FlaskClient, path: str, allowed: int) -> None:
    """Over the limit an address gets a page that says to wait; another address is still served."""
    for _ in range(allowed):
        assert limited.get(path).status_code in {200, 503}
    refused = limited.get(path)

    assert (refused.status_code, "try again in two minutes" in refused.text) == (429, True)
    assert refused.headers["Retry-After"] == "120"
    assert limited.get(path, environ_base={"REMOTE_ADDR": "fc00:dead:beef:4dad::1c"}).status_code in {200, 503}


def test_reviewers_apps_have_no_limit(limited: FlaskClient) -> None:
    """An app that pulls much is refused for nothing but its token."""
    assert [limited.get("/api/letters").status_code for _ in range(10)] == [401] * 10


@pytest.mark.parametrize("path", ["/", "/tip", "/mailbox"])
def test_a_visit_without_an_address_is_refused(app: Flask, path: str) -> None:
    """Visits without an address would share one count, so each gets a page instead."""
    answer = app.test_client().get(path, environ_overrides={"REMOTE_ADDR": ""})

    assert (answer.status_code, "new tab" in answer.text) == (400, True)


ALICE, BOB = "fc00:dead:beef:4dad::1c", "fc00:dead:beef:4dad::1d"


class Hour:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def send_by(client: FlaskClient, circuit: str, size: int) -> tuple[int, str, str | None]:
    """Send a tip with a file by a circuit; return status, page and when to try again."""
    form = {**open_form(client), "story": "words"}
    answer = client.post(
        "/tip",
        data=encode(form, {"a": bytes(size)} if size else None),
        content_type=MULTIPART,
        environ_base={"REMOTE_ADDR": circuit},
        environ_overrides={"lapwing.listener": "visitors", "HTTP_HOST": "a" * 56 + ".onion"},
    )
    return answer.status_code, answer.text, answer.headers.get("Retry-After")


def test_bytes_of_a_circuit_are_bounded(app: Flask, config: Config) -> None:
    """Over its bytes a circuit is told to wait, nothing is stored, and its words and other circuits are still taken."""
    megabyte = 1024**2
    hour = Hour()
    small = replace(config, max_upload=3 * megabyte, hourly_bytes=3 * megabyte, clock=hour)
    client = create_app(small).test_client()
    assert send_by(client, ALICE, 3 * megabyte - MOST_BODY // 2)[0] == 200
    before = all_pieces(config.state)

    status, page, later = send_by(client, ALICE, 2 * megabyte)

    assert (status, later) == (429, "3600")
    assert "neither the files nor the words" in page
    assert "try again in an hour" in page
    assert all_pieces(config.state) == before
    assert send_by(client, ALICE, 0)[0] == 200
    assert [send_by(client, ALICE, MOST_BODY // 2)[0] for _ in range(2)] == [200, 200]
    assert send_by(client, BOB, 2 * megabyte)[0] == 200
    hour.now += 3_600
    assert send_by(client, ALICE, 2 * megabyte)[0] == 200


def test_one_form_of_the_greatest_size_always_fits(app: Flask, config: Config) -> None:
    """A form is never refused for bytes that no earlier form brought."""
    client = create_app(replace(config, max_upload=2 * 1024**2, hourly_bytes=1)).test_client()

    assert send_by(client, ALICE, 2 * 1024**2)[0] == 200
    assert send_by(client, ALICE, 2 * 1024**2)[0] == 429
