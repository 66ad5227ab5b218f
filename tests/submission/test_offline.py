"""The page about sealing before one comes, and the sealer to take away."""

import hashlib
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crypto.dsse import sign
from submission.language import LANGUAGES
from submission.offline import standing_of
from tests.submission.conftest import Clock
from tests.submission.reviewers import ReviewerApp
from tests.wire.organisation import WEEK, Organisation
from wire import keysheet
from wire.bundle import sealer
from wire.keysheet import build_sheet


def own_sealer(organisation: Organisation) -> bytes:
    """The sealer as a reviewer's app makes it, from the root that it knows and the roster that it has."""
    return sealer(bytes(organisation.root.verify_key), organisation.roster_envelope.encode())


def test_the_sealer_is_the_one_that_reviewers_make_themselves(client: FlaskClient, organisation: Organisation) -> None:
    """The intake gives out the same bytes as every reviewer's app has, to be saved and not to be opened here."""
    answer = client.get("/sealer.html")

    assert answer.status_code == 200
    assert answer.data == own_sealer(organisation)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sealer.html"'
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_the_page_names_the_hash_of_the_sealer(client: FlaskClient, organisation: Organisation) -> None:
    """What the page says is the SHA-256 of what it offers."""
    page = client.get("/offline").text

    assert hashlib.sha256(client.get("/sealer.html").data).hexdigest() in page
    assert 'href="/sealer.html"' in page
    assert 'href="/keysheet.json"' in page


def test_the_page_says_until_when_the_sheet_is_good(client: FlaskClient) -> None:
    """The last day of the key sheet stands there in words, in both languages."""
    assert WEEK.ends - timedelta(days=1) == WEEK.monday + timedelta(days=7)
    assert "Monday, November 30, 2026" in client.get("/offline").text
    assert "lundi 30 novembre 2026" in client.get("/offline?lang=fr").text


def test_a_sheet_that_names_no_sealer_is_told(client: FlaskClient) -> None:
    """Where the reviewers signed no sealer, the page does not say that they did."""
    page = client.get("/offline").text

    assert "names no sealer" in page
    assert "Yes: this number" not in page


@pytest.mark.parametrize(
    ("named", "words"), [(None, "Yes: this number"), (bytes(32), "Do not use the sealer from here this week")]
)
def test_the_page_says_what_the_reviewers_signed(
    closed_app: Flask,
    reviewers: dict[str, ReviewerApp],
    organisation: Organisation,
    named: bytes | None,
    words: str,
) -> None:
    """Where the sheet names this sealer the page says so, and where it names another one it warns."""
    digest = named or hashlib.sha256(own_sealer(organisation)).digest()
    payload = build_sheet(organisation.roster, WEEK, organisation.period_keys, sealer=digest).encode()
    for reviewer in reviewers.values():
        assert reviewer.post_period_key().status_code < 300
    for reviewer in list(reviewers.values())[:2]:
        signed = sign(keysheet.PAYLOAD_TYPE, payload, organisation.signing[reviewer.reviewer])
        assert reviewer.post("/api/sheets", signed.encode()).status_code < 300

    assert words in closed_app.test_client().get("/offline").text


def test_a_closed_intake_still_explains(closed_app: Flask) -> None:
    """Without keys the page is there, says that Lapwing is closed, and offers no key sheet."""
    answer = closed_app.test_client().get("/offline")

    assert answer.status_code == 200
    assert "closed just now" in answer.text
    assert "/keysheet.json" not in answer.text


def test_an_expired_roster_closes_and_still_explains(app: Flask, clock: Clock, organisation: Organisation) -> None:
    """Long after the roster ended the page says closed instead of failing."""
    clock.today = organisation.roster.expires + timedelta(days=30)

    assert "closed just now" in app.test_client().get("/offline").text


def test_how_a_sheet_stands_to_the_sealer(organisation: Organisation) -> None:
    """A sheet names the sealer, none, or another one."""
    digest, other = bytes(32), b"\1" * 32

    def sheet(named: bytes | None) -> str:
        return standing_of(build_sheet(organisation.roster, WEEK, organisation.period_keys, sealer=named), digest)

    assert sheet(digest) == "signed"
    assert sheet(None) == "unnamed"
    assert sheet(other) == "another"


def test_the_page_has_no_script(client: FlaskClient) -> None:
    """The page works at every level: there is no script on it."""
    for language in LANGUAGES:
        assert "<script" not in client.get(f"/offline?lang={language}").text
