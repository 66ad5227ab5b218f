"""Facts of a case: the last one counts, none is lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reviewer.rewards.facts import SAID_BY, CaseFacts, Fact
from tests.reviewer.rewards.cases import fact, facts

STATED = st.sampled_from(["voluntary=yes", "voluntary=no", "voluntary=unsure", "counsel=not_yet", "link_us=yes"])
FACTS = st.builds(fact, STATED, st.sampled_from(SAID_BY))


def text(found: Fact | None) -> str | None:
    """What a fact says."""
    return None if found is None else found.answer.text


def test_the_last_fact_counts() -> None:
    """A correction stands, and what it corrected stays."""
    known = facts("counsel=not_yet", "voluntary=yes", "counsel=yes")
    assert text(known.now("counsel")) == "yes"
    assert [each.answer.text for each in known.of("counsel")] == ["not_yet", "yes"]


def test_unsure_opens_a_question_again() -> None:
    """Whoever no longer knows what they said leaves it open; what was said stays."""
    known = facts("voluntary=yes", "voluntary=unsure")
    assert known.now("voluntary") is None
    assert len(known.of("voluntary")) == 2


def test_only_an_office_reports() -> None:
    """What the source heard and a reviewer read is a fact, but no report."""
    read = fact("conviction_us-lacey=yes", "reviewer")
    assert CaseFacts((read,)).reported("conviction_us-lacey") is None
    reported = fact("conviction_us-lacey=no", "office")
    assert text(CaseFacts((reported, read)).reported("conviction_us-lacey")) == "no"


def test_what_an_office_signed_outweighs_what_was_told() -> None:
    """Only a later signature changes it; what was told, before or after, is a dispute, and counts where none signed."""
    told = fact("conviction_us-lacey=no", "office")
    signed = replace(fact("conviction_us-lacey=yes", "office"), signed=True)
    for said in ((told, signed), (signed, told), (signed, fact("conviction_us-lacey=unsure", "office"), told)):
        known = CaseFacts(said)
        assert known.reported("conviction_us-lacey") == signed
        assert known.disputed("conviction_us-lacey")
        assert known.unsigned(["conviction_us-lacey", "link_us"]) == ()
    later = replace(told, signed=True)
    assert CaseFacts((signed, later, replace(told, answer=signed.answer))).reported("conviction_us-lacey") == later
    assert CaseFacts((told,)).unsigned(["conviction_us-lacey", "collected_us-lacey"]) == (told,)
    assert CaseFacts((fact("link_us=yes", "office"),)).unsigned(["link_us"]) == ()


def test_what_a_letter_says_is_a_voice_of_its_own() -> None:
    """What a reviewer records for the source disputes what the source wrote on the form."""
    written = replace(fact("reward_wish=yes"), author="")
    assert CaseFacts((written, fact("reward_wish=no", "source"))).disputed("reward_wish")
    corrected = fact("reward_wish=no", "source"), fact("reward_wish=yes", "source")
    assert not CaseFacts((written, *corrected)).disputed("reward_wish")


def test_those_who_differ_are_a_dispute() -> None:
    """Two who say different things in the end dispute; one who changed their mind does not."""
    said = fact("voluntary=yes", "source"), fact("voluntary=no", "reviewer")
    assert CaseFacts(said).disputed("voluntary")
    assert not CaseFacts((*said, fact("voluntary=no", "source"))).disputed("voluntary")
    assert not facts("voluntary=yes", "voluntary=no").disputed("voluntary")
    assert not facts().disputed("voluntary")


@given(st.lists(FACTS, max_size=8), FACTS)
def test_a_fact_added_erases_none(before: list[Fact], added: Fact) -> None:
    """Every earlier fact is still there, in order, and the new one is the last of its question."""
    known = CaseFacts(tuple(before))
    after = known.adding(added)
    assert after.facts[:-1] == known.facts
    assert after.of(added.question) == (*known.of(added.question), added)
    for question in {each.question for each in before} - {added.question}:
        assert after.now(question) == known.now(question)
