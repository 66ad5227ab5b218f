"""The words of a claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.claims import CHALLENGE, COMMITMENT, OFFICE
from wire.claim_words import WORDS, statement_words
from wire.draft import LANGUAGES, Language
from wire.fields import is_one_line


@pytest.mark.parametrize("language", LANGUAGES)
@given(beneficiary=st.text(st.characters(exclude_categories=["Cs"])).filter(is_one_line))
def test_the_words_name_everything_each_on_its_own_line(language: Language, beneficiary: str) -> None:
    """Seven lines, whatever the values are: commitment, agency, key, programme, case, last day, beneficiary."""
    lines = statement_words(CHALLENGE, beneficiary, language).split("\n")
    assert len(lines) == 8
    values = [
        COMMITMENT.encode(),
        OFFICE.name,
        OFFICE.digest.hex(" ", 4),
        CHALLENGE.programme,
        CHALLENGE.case,
        "2026-12-31",
        beneficiary,
        "",
    ]
    assert all(line.endswith(value) for line, value in zip(lines, values, strict=True))


def test_no_beneficiary_is_said_in_words() -> None:
    """A line that ends with nothing could be read as one that was cut."""
    assert statement_words(CHALLENGE, "", "en").endswith(": (nobody is named)\n")
    assert statement_words(CHALLENGE, "", "fr").endswith(" : (personne n’est nommé)\n")


def test_braces_in_a_value_are_left_alone() -> None:
    """A value is never taken for a place to fill."""
    assert statement_words(CHALLENGE, "{commitment}", "en").endswith(": {commitment}\n")


def test_there_are_words_in_each_language() -> None:
    """Each language of a dossier's report has them."""
    assert set(WORDS) == set(LANGUAGES)
