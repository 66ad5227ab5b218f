"""Every text of the intake is there in English and in French."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.submission import catalog


def test_no_text_lacks_its_french() -> None:
    """Each text of code and templates has a French translation that nobody marked as uncertain."""
    french = catalog.read()
    missing = []
    for message in catalog.extract():
        if not message.id:
            continue
        known = french.get(message.id)
        strings = known.string if known is not None else ""
        whole = all(strings) if isinstance(strings, tuple) else strings
        if known is None or known.fuzzy or not whole:
            missing.append(message.id)

    assert missing == []


def test_no_translation_outlived_its_text() -> None:
    """The French file holds no text that is shown nowhere."""
    shown = catalog.extract()

    assert [message.id for message in catalog.read() if message.id and shown.get(message.id) is None] == []


def test_placeholders_are_kept() -> None:
    """A translation has the same placeholders as its text."""
    errors = [list(message.check()) for message in catalog.read() if message.id]

    assert not any(errors)


def test_the_compiled_file_is_up_to_date(tmp_path: Path) -> None:
    """What the intake reads was compiled from what is in the repository."""
    french = catalog.read()
    catalog.compile_to(tmp_path / "messages.mo", french)

    assert catalog.texts(tmp_path / "messages.mo") == catalog.texts(catalog.MO)


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
