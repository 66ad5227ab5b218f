"""The script and its words: the same bytes for everybody, which the page that loads them names."""

import base64
import gzip
import hashlib
import re

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from submission.headers import HEADERS, POLICY
from tests.submission.test_headers import check
from tests.wire.organisation import Organisation
from wire.bundle import claims_bundle, page_bundle, vouched_for


def test_the_script_is_the_built_one(client: FlaskClient) -> None:
    """What is served is what was built, compressed for everybody alike, whatever a browser asks for."""
    answers = [client.get("/page.js", headers={"Accept-Encoding": wish}) for wish in ("gzip", "identity", "br")]

    assert {gzip.decompress(answer.data) for answer in answers} == {page_bundle()}
    assert len({answer.data for answer in answers}) == 1
    assert answers[0].headers["Content-Encoding"] == "gzip"
    assert answers[0].content_type == "text/javascript; charset=utf-8"


def test_the_script_is_small(client: FlaskClient) -> None:
    """It stays under 80 kB as it goes over the wire."""
    assert len(client.get("/page.js").data) < 80_000


def test_the_script_for_claims_is_the_one_that_the_page_vouches_for(client: FlaskClient) -> None:
    """Its hash is the one and only that stands in the page's script; it is no part of that script's size."""
    answer = client.get("/claim.js")
    served = gzip.decompress(answer.data)

    assert served == claims_bundle()
    assert vouched_for(page_bundle()) == f"sha256-{base64.b64encode(hashlib.sha256(served).digest()).decode()}"
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert len(answer.data) < 40_000


def test_the_words_are_those_of_codenames(client: FlaskClient) -> None:
    """7,776 words come as they lie in the list."""
    words = gzip.decompress(client.get("/words.txt").data)

    assert len(words.decode("ascii").split("\n")) == 7_776 + 1


def test_the_worker_may_reach_nothing(client: FlaskClient) -> None:
    """The answer that brings the script has the policy of any other, which a worker takes for its own."""
    assert client.get("/page.js").headers[POLICY] == HEADERS[POLICY]
    assert "connect-src" not in HEADERS[POLICY]


def test_a_page_that_loads_the_script_may_run_nothing_else(closed_app: Flask) -> None:
    """The policy names the script that the element loads, and the one that it vouches for; no other."""
    closed_app.add_url_rule("/scripted", view_func=lambda: render_template_string("{{ page_script() }}"))
    answer = closed_app.test_client().get("/scripted")
    digest, claims = (base64.b64encode(hashlib.sha256(one()).digest()).decode() for one in (page_bundle, claims_bundle))

    assert re.findall('integrity="([^"]+)"', answer.text) == [f"sha256-{digest}"]
    assert answer.headers[POLICY] == (
        f"{HEADERS[POLICY]}; script-src 'sha256-{digest}' 'sha256-{claims}'; worker-src 'self'; connect-src 'self'"
    )
    assert "default-src 'none'" in answer.headers[POLICY]


def test_only_the_page_that_loads_it_may_run_it(closed_app: Flask) -> None:
    """The page after it has the policy of all pages again."""
    closed_app.add_url_rule("/scripted", view_func=lambda: render_template_string("{{ page_script() }}"))
    client = closed_app.test_client()

    client.get("/scripted")
    check(client.get("/"))


@pytest.mark.parametrize("path", ["/", "/tip", "/mailbox", "/tip?lang=fr", "/mailbox?lang=fr"])
def test_a_page_without_its_script_is_small(client: FlaskClient, path: str) -> None:
    """Whoever runs no script gets each page with its style sheet in less than 40 kB."""
    assert len(client.get(path).data) + len(client.get("/style.css").data) < 40_000


def test_every_roster_is_given_as_it_was_signed(client: FlaskClient, organisation: Organisation) -> None:
    """One to a line, newest first, so that a reply of an earlier one can be checked."""
    assert client.get("/rosters.json").data == organisation.roster_envelope.encode()


@pytest.mark.parametrize("path", ["/tip", "/mailbox"])
def test_no_form_stands_in_what_is_only_for_the_script(client: FlaskClient, path: str) -> None:
    """The page has its one form; the script makes the others, so nobody else sends them by mistake."""
    assert client.get(path).text.count("<form") == 1
