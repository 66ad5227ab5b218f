"""Visits are counted by address in memory; a visit without an address is refused."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from submission.app import create_app
from submission.config import Config, VisitLimits


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
