"""The report: what it tells, in two languages and two forms, and what it never does."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.claims import COMMITMENT
from tests.wire.dossiers import RECORD, STORY, Desk, exhibit
from wire.draft import LANGUAGES, CustodyEntry, Language
from wire.errors import RosterError
from wire.report import text_report, visible
from wire.report_html import STYLE, html_report
from wire.report_words import FIELD_WORDS, OPTION_WORDS, WORDS
from wire.roster import Reviewer
from wire.tipform import FIELDS

DESK = Desk()
DRAFT = DESK.draft
ROSTER = DESK.organisation.roster


class Page(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._hidden = False
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element and its attributes."""
        self.tags.append(tag)
        self.attributes += attrs
        self._hidden = tag == "style"

    def handle_data(self, data: str) -> None:
        """Keep text that is shown."""
        self.text += "" if self._hidden else data


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_reports_tell_the_same(language: Language) -> None:
    """Title, purpose, office, summary, answers, story, exhibits, custody, approvals and checks stand in both."""
    draft = replace(DRAFT, language=language)
    page, text = Page(html_report(draft, ROSTER)).text, text_report(draft, ROSTER).decode()
    told = [draft.title, draft.purpose, draft.office.name, draft.summary, "Loxodonta africana", "<b>tusk</b>"]
    told += ["tusks é.JPG", "data/exhibits/01-tusks-e.jpg", "image/jpeg", "made by Desk r2 from the tip"]
    told += [one.sha256.hex() for one in draft.exhibits]
    told += [WORDS[language]["original"], WORDS[language]["safe copy"], "received with the tip", "2026-11-24"]
    told += ["Desk r1", "Desk r2", "Desk r3", ROSTER.digest.hex(), draft.dossier.hex(), "BagIt 1.0"]
    told += ["sha256sum -c manifest-sha256.txt", "lapwing dossier verify", FIELD_WORDS[language]["species"]]
    told += [OPTION_WORDS[language]["unsure"], *STORY.split("\n")]

    for each in told:
        assert each in page
        assert each in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", [False, True])
def test_a_claim_is_told_with_who_knew_its_words(language: Language, known: bool) -> None:
    """In both reports, with its commitment and what it is for; without one neither says anything of it."""
    words = WORDS[language]
    commitment = replace(COMMITMENT, known_to_intake=known)
    draft = replace(DRAFT, language=language, claim=commitment)
    for told in (Page(html_report(draft, ROSTER)).text, text_report(draft, ROSTER).decode()):
        assert all(each in told for each in (commitment.encode(), words["claim"], words["claim_lede"]))
        assert (words["claim_known"] in told, words["claim_unknown"] in told) == (known, not known)
    for told in (Page(html_report(DRAFT, ROSTER)).text, text_report(DRAFT, ROSTER).decode()):
        assert words["claim_lede"] not in told
        assert "lapwing-claim" not in told


def test_every_word_is_there_in_every_language() -> None:
    """The languages have the same labels, for the report, for every field of the tip form and for every option."""
    options = {option for field in FIELDS for option in field.options}
    for language in LANGUAGES:
        assert WORDS[language].keys() == WORDS["en"].keys()
        assert set(FIELD_WORDS[language]) == {field.name for field in FIELDS}
        assert set(OPTION_WORDS[language]) == options
        assert all(WORDS[language].values())


def test_a_report_without_anything_says_so() -> None:
    """Empty sections are left out, and no exhibit and no custody are told as such."""
    draft = replace(DRAFT, summary="", story="", fields={}, exhibits=(), custody=())
    page, text = Page(html_report(draft, ROSTER)).text, text_report(draft, ROSTER).decode()

    for words in (page, text):
        assert WORDS["en"]["no_exhibits"] in words
        assert WORDS["en"]["no_custody"] in words
        for section in ("summary", "story", "fields"):
            assert WORDS["en"][section] not in words


def test_the_page_loads_and_runs_nothing() -> None:
    """No script, no link, no picture, no handler; the policy allows the page's own style and nothing else."""
    page = Page(html_report(DRAFT, ROSTER))
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = [value for name, value in page.attributes if name == "content"]

    assert not {"script", "link", "img", "iframe", "object", "a", "form", "base", "svg"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in {"src", "href", "style"}]
    assert policy[0] == f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'"
    assert f"<style>{STYLE}</style>" in html_report(DRAFT, ROSTER).decode()
    assert "url(" not in STYLE


def test_what_people_wrote_is_never_markup() -> None:
    """Tags in titles, names, answers and stories are text."""
    attack = "<script>x</script>\"'&<img src=x onerror=y>"
    desks = tuple(Reviewer(one.id, attack, one.key) for one in ROSTER.reviewers)
    draft = replace(
        DRAFT,
        title=attack,
        purpose=attack,
        office=replace(DRAFT.office, name=attack),
        summary=attack,
        story=attack,
        fields={"place": attack},
        exhibits=(exhibit(attack, RECORD, origin=attack, kind=attack),),
        custody=(CustodyEntry(DRAFT.on, attack, attack, bytes(32)),),
    )
    page = Page(html_report(draft, replace(ROSTER, reviewers=desks)))
    plain = Page(html_report(replace(draft, title="x"), ROSTER))

    assert page.tags == plain.tags
    assert page.text.count(attack) == 16
    assert {name for name, _ in page.attributes} == {name for name, _ in plain.attributes}


def test_text_finds_its_own_direction() -> None:
    """What people wrote is set apart, so that right-to-left text stands right and turns nothing else."""
    html = html_report(DRAFT, ROSTER).decode()

    assert '<div class="said" dir="auto">Ivoire' in html
    assert '<h1 dir="auto">' in html
    assert "<bdi>tusks é.JPG</bdi>" in html


@pytest.mark.parametrize("sign", "\u202e\u2066\x00\x1b\x7f\x9b")
def test_signs_that_hide_or_turn_are_shown(sign: str) -> None:
    """A sign that could turn the direction or control a terminal stands as U+FFFD."""
    draft = replace(DRAFT, story=f"a{sign}b")

    for report in (html_report(draft, ROSTER), text_report(draft, ROSTER)):
        assert "a\ufffdb" in report.decode()
        assert sign not in report.decode()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_what_is_visible_stays_so(text: str) -> None:
    """Showing twice shows the same; nothing but line feeds controls."""
    shown = visible(text)

    assert visible(shown) == shown
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", shown)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_story_passes_for_a_heading(story: str) -> None:
    """In the text report every line of a story stands away from the margin."""
    lines = text_report(replace(DRAFT, story=f"{story}!"), ROSTER).decode().split("\n")
    without = text_report(replace(DRAFT, story="!"), ROSTER).decode().split("\n")

    assert [line for line in lines if not line.startswith("    ")] == [
        line for line in without if not line.startswith("    ")
    ]


def test_sizes_follow_the_language() -> None:
    """Thousands are set apart with a comma in English, with a narrow space in French."""
    assert "72,000 bytes" in text_report(DRAFT, ROSTER).decode()
    assert "72\u202f000 octets" in text_report(replace(DRAFT, language="fr"), ROSTER).decode()


def test_custody_names_exhibits_by_number() -> None:
    """A step of custody names the exhibit's number, or the digest of what is not in the dossier."""
    draft = replace(DRAFT, custody=(CustodyEntry(DRAFT.on, "x", "left out", bytes(32)), *DRAFT.custody))
    text = text_report(draft, ROSTER).decode()

    assert f"    Exhibit SHA-256 {'00' * 32}\n" in text
    assert "    Exhibit 1\n" in text


def test_exhibits_are_numbered_from_1_and_originals_marked() -> None:
    """Both reports count alike, and a copy is not taken for an original."""
    html, text = html_report(DRAFT, ROSTER).decode(), text_report(DRAFT, ROSTER).decode()
    words = WORDS["en"]
    assert f"1. {words['safe copy']}" in text
    assert f"2. {words['original']}" in text
    numbers = re.findall(r"<tbody><tr>.*?>([0-9]+)</td>", html)
    assert numbers[:2] == ["1", "2"]
    assert re.findall(r'<span class="(original|copy)">([^<]*)</span>', html) == [
        ("copy", words["safe copy"]),
        ("original", words["original"]),
    ]


def test_a_step_tells_which_exhibit_it_concerns_or_none() -> None:
    """A dash stands where it concerns the whole case."""
    whole, one = (
        replace(DRAFT, custody=(replace(DRAFT.custody[0], sha256=sha256),))
        for sha256 in (None, DRAFT.custody[0].sha256)
    )
    with_dash, with_number = (html_report(draft, ROSTER).decode() for draft in (whole, one))
    assert with_dash.count("–") == with_number.count("–") + 1


def test_a_report_names_its_proposer() -> None:
    """A proposer who is not on the roster makes no report."""
    with pytest.raises(RosterError):
        html_report(replace(DRAFT, proposer="r9"), ROSTER)
