"""The intake speaks the language that a link or the browser asks for."""

import pytest
from flask.testing import FlaskClient


def test_a_link_switches_the_language(client: FlaskClient) -> None:
    """`?lang=fr` gives the page in French, and its links and forms stay in French."""
    page = client.get("/tip?lang=fr").text

    assert '<html lang="fr" dir="ltr">' in page
    assert "Votre récit" in page
    assert 'action="/tip?lang=fr"' in page
    assert 'href="/mailbox?lang=fr"' in page


@pytest.mark.parametrize(
    ("asked", "given"), [("fr-CA,fr;q=0.8", "fr"), ("vi", "en"), ("", "en"), ("de,en;q=0.5", "en")]
)
def test_the_browser_is_asked_when_no_link_says(client: FlaskClient, asked: str, given: str) -> None:
    """Without a link the browser's first language that we have is taken, else English."""
    page = client.get("/", headers={"Accept-Language": asked}).text

    assert f'<html lang="{given}"' in page


def test_an_endless_wish_is_not_read(client: FlaskClient) -> None:
    """A list of languages longer than any browser sends is passed over, not taken apart."""
    assert '<html lang="fr"' in client.get("/", headers={"Accept-Language": "fr," * 300}).text
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "fr," * 400}).text


def test_an_unknown_language_in_a_link_is_ignored(client: FlaskClient) -> None:
    """A language that we do not have changes nothing."""
    assert '<html lang="en"' in client.get("/?lang=xx").text


def test_a_link_to_the_other_language_keeps_the_page(client: FlaskClient) -> None:
    """The language links stay on the page; on one without an address of its own they go to the first page."""
    assert 'href="/keys?lang=fr"' in client.get("/keys").text
    assert 'href="/?lang=fr"' in client.get("/nothing-here").text
