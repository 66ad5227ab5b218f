"""The pages on rewards and on protection: plain, small, in both languages, and nothing without its citation."""

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from submission.laws import Law, protection, rewards
from tests.submission.test_headers import check
from tests.submission.visitor import open_form, send

PATHS = ("/rewards", "/protection")
LAWS: dict[str, tuple[Law, ...]] = {"/rewards": rewards(), "/protection": protection()}
CITATION = re.compile(r'<span class="hint"><span lang="en">([^<]+)</span>')


def _read(client: FlaskClient, path: str, language: str) -> str:
    return html.unescape(client.get(f"{path}?lang={language}").text)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_follows_the_rules_of_all_pages(client: FlaskClient, path: str) -> None:
    """Its headers are those of every page, in each language, for a wrong method too."""
    for language in ("en", "fr"):
        answer = client.get(f"{path}?lang={language}")
        assert answer.status_code == 200
        check(answer)
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_needs_nothing_but_its_style_sheet(client: FlaskClient, path: str, language: str) -> None:
    """No script, no form, no picture and no address of another host stands in it."""
    page = client.get(f"{path}?lang={language}").text

    for forbidden in ("<script", "<form", "<img", "<svg", "style=", "http://", "https://", "onclick"):
        assert forbidden not in page


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_is_small(client: FlaskClient, path: str, language: str) -> None:
    """With its style sheet it stays under 40 kB."""
    assert len(client.get(f"{path}?lang={language}").data) + len(client.get("/style.css").data) < 40_000


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_law_stands_there_with_its_citation(client: FlaskClient, path: str, language: str) -> None:
    """What is shown is what the data say, no law more and none less, each with citation and words."""
    page = _read(client, path, language)

    assert sorted(CITATION.findall(page)) == sorted(law.citation for law in LAWS[path])
    for law in LAWS[path]:
        assert law.name in page
        assert law.says[language] in page


@pytest.mark.parametrize("path", PATHS)
def test_each_law_says_when_it_was_checked(client: FlaskClient, path: str) -> None:
    """The day of the check stands beside each citation, in words."""
    assert {law.checked for law in LAWS[path]} == {date(2026, 11, 24)}
    assert _read(client, path, "en").count("checked November 24, 2026") == len(LAWS[path])
    assert _read(client, path, "fr").count("vérifié le 24 novembre 2026") == len(LAWS[path])


@pytest.mark.parametrize("path", PATHS)
def test_countries_have_their_names_in_the_language_of_the_page(client: FlaskClient, path: str) -> None:
    """South Korea is Corée du Sud in French."""
    assert "South Korea</summary>" in _read(client, path, "en")
    assert "Corée du Sud</summary>" in _read(client, path, "fr")


def test_nobody_is_promised_a_reward(client: FlaskClient) -> None:
    """The page says how rare rewards have been, by whom counted, and where a law sets no amount."""
    page = _read(client, "/rewards", "en")
    silent = [reward for reward in rewards() if reward.amount == "not_set"]

    assert "27 rewards, 205,500 US dollars in all" in page
    assert "GAO-18-279" in page
    assert "nobody can promise one" in page
    assert page.count("The law sets no amount.") == len(silent) > 0
    for promise in ("you will get", "you will receive", "guarantee"):
        assert promise not in page.casefold()


def test_what_only_the_source_can_file_is_named(client: FlaskClient) -> None:
    """The forms that a tip to the reviewers does not replace stand on the page, in both languages."""
    for language in ("en", "fr"):
        page = _read(client, "/rewards", language)
        for form in ("Form TCR", "FinCEN", "IRS", "Customs Form 4623"):
            assert form in page


def test_advice_is_marked_as_ours(client: FlaskClient) -> None:
    """What comes from no law says that it does not."""
    page = _read(client, "/protection", "en")

    assert page.index("This comes from us, not from a law.") < page.index("Use Tor Browser, on a computer")
    assert page.index("What we do not know") < page.index("Countries that are not named here we have not checked.")


@pytest.mark.parametrize("path", ["/", "/tip"])
def test_other_pages_lead_there(client: FlaskClient, path: str) -> None:
    """The first page and the tip form link both, in the language of the page."""
    page = client.get(f"{path}?lang=fr").text

    assert 'href="/rewards?lang=fr"' in page
    assert 'href="/protection?lang=fr"' in page


def test_the_page_after_sending_leads_there(client: FlaskClient) -> None:
    """Who has sent a tip finds both pages."""
    page = send(client, {**open_form(client), "story": "x"}).text

    assert 'href="/rewards"' in page
    assert 'href="/protection"' in page


@pytest.mark.parametrize("path", PATHS)
def test_a_closed_intake_still_explains(closed_app: Flask, path: str) -> None:
    """Without a key sheet the pages are there."""
    assert closed_app.test_client().get(path).status_code == 200
