"""Every answer follows one set of rules."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from submission.headers import HEADERS, NEVER, POLICY, with_scripts
from submission.page import HASH, HASHES
from tests.submission.reviewers import ReviewerApp
from tests.submission.visitor import open_form, send

PAGES = (
    *("/", "/tip", "/mailbox", "/letter", "/keys"),
    *("/roster.json", "/rosters.json", "/keysheet.json", "/style.css", "/page.js", "/claim.js", "/words.txt"),
)
SCRIPT = re.compile(
    f'<script src="/page.js" integrity="{re.escape(HASH)}" data-root="[0-9a-f]{{64}}" data-most="[0-9]+">'
)
"""The one script that a page may load."""
MORE = ("Content-Type", "Content-Length", "Content-Encoding", "Allow", "Retry-After")
ERRORS = ("/nothing-here", "/api/letters", "/api/nothing-here")


def check(response: TestResponse) -> None:
    """Assert the rules on one answer."""
    loads = response.mimetype == "text/html" and SCRIPT.search(response.text)
    expected = {**HEADERS, POLICY: with_scripts(*HASHES)} if loads else HEADERS
    for name, value in expected.items():
        assert response.headers.getlist(name) == [value]
    assert not set(NEVER) & set(response.headers.keys())
    assert set(response.headers.keys()) <= {*HEADERS, *MORE}


@pytest.mark.parametrize("path", [*PAGES, *ERRORS])
def test_every_page_and_error_has_the_same_headers(client: FlaskClient, path: str) -> None:
    """Pages, signed files and errors carry our headers and none that tells hosts, clocks or visitors apart."""
    check(client.get(path))


@pytest.mark.parametrize("path", PAGES)
def test_a_wrong_method_is_a_page_like_others(client: FlaskClient, path: str) -> None:
    """DELETE is answered with the one error page."""
    response = client.delete(path)

    assert response.status_code == 405
    check(response)


def test_answers_to_forms_have_the_same_headers(client: FlaskClient) -> None:
    """A sent tip, a refused one and the mailbox carry the same headers."""
    form = open_form(client)

    check(send(client, {**form, "story": "x"}))
    check(send(client, {**form, "unknown": "x"}))
    check(client.post("/mailbox", data={"codename": form["codename"]}))
    check(client.post("/mailbox", data={"codename": "wrong"}))
    check(client.post("/letter", data={}, content_type="multipart/form-data"))


def test_answers_to_reviewers_have_the_same_headers(client: FlaskClient, reviewers: dict[str, ReviewerApp]) -> None:
    """The reviewers' apps get the same headers."""
    check(reviewers["r1"].get("/api/letters"))
    check(reviewers["r1"].post("/api/replies", b"too short"))


@pytest.mark.parametrize("path", ["/", "/tip", "/mailbox", "/letter", "/keys"])
def test_a_page_needs_nothing_but_its_style_sheet(client: FlaskClient, path: str) -> None:
    """No script but our own, no inline style, no image and no address of another host stands in a page."""
    page, scripts = SCRIPT.subn("", client.get(path).text)

    assert scripts == (1 if path in {"/tip", "/mailbox"} else 0)
    for forbidden in ("<script", "style=", "<img", "<svg", "http://", "https://", "onclick"):
        assert forbidden not in page
    assert client.get("/style.css").content_length in range(8 * 1024)


def test_the_style_sheet_asks_for_nothing_else(client: FlaskClient) -> None:
    """The one style sheet imports nothing and loads no font or picture."""
    style = client.get("/style.css").text

    assert "@import" not in style
    assert "url(" not in style


def test_browsers_are_told_to_keep_nothing_that_is_typed(client: FlaskClient) -> None:
    """Each form says so for its fields, and each large one for itself: of those Firefox heeds nothing else."""
    pages = [client.get(path).text for path in ("/tip", "/mailbox", "/letter")]
    pages.append(send(client, {**open_form(client), "story": "x"}).text)

    fields = [field for page in pages for field in re.findall("<(?:form|textarea) [^>]*>", page)]
    assert len(fields) > 8
    assert [field for field in fields if 'autocomplete="off"' not in field] == []
