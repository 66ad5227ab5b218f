"""Words for a source: every question that they can know, in both languages, free to answer and without a promise."""

import pytest

from reviewer.errors import ActError
from reviewer.rewards.library import shipped
from reviewer.rewards.questions import ALONE, FAMILIES, find_question
from reviewer.source_words import LANGUAGES, QUESTIONS, in_languages, question_for_source
from wire.reply import LIMITS

PROGRAMMES = shipped()
ASKED = sorted(
    {name for programme in PROGRAMMES for name in programme.questions if find_question(name).asked == "source"}
    | {name for name, question in ALONE.items() if question.asked == "source"}
)


def test_there_are_words_for_exactly_what_a_source_can_know() -> None:
    """No question is without them, and none is asked of a source that only others can answer."""
    known = {name for name, question in ALONE.items() if question.asked == "source"}
    assert set(QUESTIONS) == known | {name for name, (_, asked, _) in FAMILIES.items() if asked == "source"}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_says_why_and_that_answering_is_free(name: str, language: str) -> None:
    """It speaks to the source, tells why, leaves them free, promises nothing, and two languages fit one reply."""
    words = question_for_source(find_question(name), PROGRAMMES, language)
    free, why, you = {
        "en": ("You are free not to answer", "Why we ask: ", "you"),
        "fr": ("Vous êtes libre de ne pas répondre", "Pourquoi nous le demandons", "vous"),
    }[language]
    assert free in words
    assert why in words
    assert you in words.split("\n\n")[1].casefold()
    assert "?" in words.split("\n\n")[1]
    assert "%" not in words
    assert len(words.encode()) < LIMITS.text / 4


def test_a_question_about_a_programme_names_it_and_its_form() -> None:
    """A source must know which form is meant."""
    words = question_for_source(find_question("filed_us-customs"), PROGRAMMES, "en")
    assert "Customs Form 4623" in words
    assert "Customs informers (Tariff Act, section 619)" in words


@pytest.mark.parametrize("name", ["already_public", "conviction_us-lacey", "filed_xx-none"])
def test_what_a_source_cannot_know_is_not_asked_of_them(name: str) -> None:
    """A question for reviewers or offices, and one about a programme that is gone, has no words."""
    with pytest.raises(ActError):
        question_for_source(find_question(name), PROGRAMMES, "en")


def test_where_no_language_is_known_both_are_written() -> None:
    """English first, then French."""
    assert in_languages(LANGUAGES, lambda language: f"in {language}") == "in en\n\n* * *\n\nin fr"
