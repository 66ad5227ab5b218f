"""Reward programmes: their data and what a case still lacks."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer import programmes as rewards
from reviewer.errors import ProgrammeError
from reviewer.programmes import Programme, Statement
from wire.tipform import field_names

SHIPPED = {programme.key: programme for programme in rewards.programmes()}

ONE: dict[str, object] = {
    "id": "xx-one",
    "name": "One",
    "jurisdiction": "XX",
    "citation": "Act 1",
    "wildlife_specific": True,
    "verified": True,
    "authority": ["Somebody"],
    "threshold": [],
    "award": {"amount": "not_set", "text": ["None set.", {"unverified": "Perhaps a share."}]},
    "triggers": [],
    "eligible": [],
    "disqualifiers": [],
    "filing": [],
    "anonymity": {"rule": "silent", "text": []},
    "time_limits": [],
    "questions": ["species", "outcome"],
    "sources": ["a book"],
}


def programme_file(*entries: object, **changes: object) -> bytes:
    """Return a file of programmes with the given entries."""
    return json.dumps({"compiled": "2026-11-24", "note": "n", "programmes": entries} | changes).encode()


def one(**changes: object) -> Programme:
    """Return the small programme of these tests, parsed, with changes."""
    return rewards.parse_programmes(programme_file(ONE | changes)).programmes[0]


def statements(programme: Programme) -> Iterator[Statement]:
    """Give every statement of a programme."""
    yield from (
        *programme.authority,
        *programme.threshold,
        *programme.award,
        *programme.triggers,
        *programme.eligible,
        *programme.disqualifiers,
        *programme.filing,
        *programme.anonymity_text,
        *programme.time_limits,
    )


def test_the_shipped_programmes_are_all_there() -> None:
    """Twenty-five programmes of seven countries parse, each with a citation and a source."""
    assert len(SHIPPED) == 25
    assert {programme.jurisdiction for programme in SHIPPED.values()} == {"US", "CA", "KR", "BD", "NP", "GH", "NG"}
    assert all(programme.citation and programme.sources for programme in SHIPPED.values())


def test_the_shipped_file_says_that_it_is_no_legal_advice() -> None:
    """The note that goes with all programmes says so and gives the day."""
    book = rewards.programme_book()
    assert "not legal advice" in book.note
    assert book.compiled.isoformat() == "2026-11-24"


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=SHIPPED)
def test_every_award_says_what_the_law_says(programme: Programme) -> None:
    """Each award has words that may be shown as fact."""
    assert rewards.known(programme.award)


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=SHIPPED)
def test_an_award_without_amount_shows_no_figure_for_a_person(programme: Programme) -> None:
    """Where the law sets no amount, percentages do not appear, and the words say that none is set."""
    if programme.amount == "not_set":
        words = " ".join(rewards.known(programme.award))
        assert "percent " not in words
        assert any(phrase in words for phrase in ("no percentage", "No amount", "no amount"))


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=SHIPPED)
def test_what_stands_as_fact_does_not_sound_unsure(programme: Programme) -> None:
    """No statement shown as fact speaks of general knowledge, secondary sources or something unverified."""
    known = " ".join(rewards.known(statements(programme))).casefold()
    assert not any(word in known for word in ("verif", "general knowledge", "[gk]", "secondary"))


def test_what_was_from_general_knowledge_is_flagged() -> None:
    """The 90 days of the SEC, the IRS form and Nepal's authority are kept, but never as fact."""
    assert any("90 calendar days" in text for text in rewards.unverified(SHIPPED["us-sec"].time_limits))
    assert any("Form 211" in text for text in rewards.unverified(SHIPPED["us-irs"].filing))
    assert rewards.known(SHIPPED["np-npwca"].authority) == ()


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=SHIPPED)
def test_every_programme_asks_for_the_wish_and_for_the_link_to_its_country(programme: Programme) -> None:
    """The first two questions are the same for all."""
    assert programme.questions[:2] == ("reward_wish", f"link_{programme.jurisdiction.lower()}")
    assert len(set(programme.questions)) == len(programme.questions) >= 3


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=SHIPPED)
def test_questions_follow_from_what_the_programme_demands(programme: Programme) -> None:
    """Official duty, original information, thresholds, counsel and a form are asked for exactly where they matter."""
    shut_out = " ".join(rewards.known(programme.disqualifiers)).casefold()
    eligible = " ".join(rewards.known(programme.eligible)).casefold()
    asked = set(programme.questions)
    if "official" in shut_out or "employees of" in shut_out or "law enforcement" in shut_out:
        assert "public_official" in asked
    if "original" in eligible:
        assert "original_information" in asked
    assert ("amount_at_stake" in asked) == bool(programme.threshold)
    assert ("counsel" in asked) == (programme.anonymity == "counsel")
    assert "ready_to_be_named" in asked or programme.anonymity != "no"


def test_a_relayed_tip_is_named_as_not_enough_for_the_sec() -> None:
    """Who must file what is said for the programme where it cost two claimants an award."""
    assert any(
        "Passing a tip on for the source does not count" in text for text in rewards.known(SHIPPED["us-sec"].filing)
    )
    assert "own_filing" in SHIPPED["us-sec"].questions


def test_rarity_is_what_the_accountability_office_reported() -> None:
    """27 rewards and 205,500 dollars in eleven fiscal years, with the report named."""
    rarity = rewards.RARITY
    assert (rarity.rewards, rarity.total_usd) == (25 + 2, 184_500 + 21_000)
    assert rarity.last_fiscal_year - rarity.first_fiscal_year + 1 == 11
    assert "GAO-18-279" in rarity.source


def test_a_case_without_facts_misses_all() -> None:
    """Nothing known means every question is open, in order."""
    assert rewards.facts_missing(one(), {}) == ("reward_wish", "link_xx", "species", "outcome")


def test_what_the_tip_and_the_case_answer_is_no_longer_missing() -> None:
    """Any answer closes its question, also a no; an empty or unsure one does not."""
    fields = {"reward_wish": "Unsure", "link_xx": "parcel by way of XX", "species": " ", "outcome": "no arrest"}
    assert rewards.facts_missing(one(), fields) == ("reward_wish", "species")
    assert rewards.facts_missing(one(), fields | {"reward_wish": "no", "species": "Manis javanica"}) == ()


def test_a_link_to_one_country_answers_for_no_other() -> None:
    """The tie to the United States says nothing about Nepal."""
    fields = {"link_us": "sold from Ohio"}
    assert "link_us" not in rewards.facts_missing(SHIPPED["us-lacey"], fields)
    assert "link_np" in rewards.facts_missing(SHIPPED["np-npwca"], fields)


def test_questions_that_the_tip_answers_are_called_as_in_the_tip() -> None:
    """A rename in the form would be noticed here."""
    answered = {"reward_wish", "species", "place", "reported_before", "willing_to_testify"}
    assert answered == set(rewards.QUESTIONS) & set(field_names())


def test_unverified_statements_are_told_apart() -> None:
    """A statement written as unverified is never among the known ones."""
    award = one().award
    assert rewards.known(award) == ("None set.",)
    assert rewards.unverified(award) == ("Perhaps a share.",)


def test_nothing_in_an_unverified_programme_is_fact() -> None:
    """When the core was not seen, every statement counts as unverified."""
    programme = one(verified=False)
    assert rewards.known(statements(programme)) == ()
    assert "None set." in rewards.unverified(programme.award)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"authority": ["X (from general knowledge, unverified)"]}, "authority states as fact"),
        ({"filing": ["[GK] form"]}, "filing states as fact"),
        ({"authority": [""]}, "authority holds something"),
        ({"authority": [3]}, "authority holds something"),
        ({"authority": [{"unverified": "a", "b": "c"}]}, "authority holds something"),
        ({"authority": [{"other": "a"}]}, "authority holds something"),
        ({"authority": "text"}, "authority is not a list"),
        ({"award": {"amount": "huge", "text": []}}, "award: amount is none of the known values"),
        ({"award": {"amount": "set", "text": [], "x": 1}}, "award: a field that does not belong there"),
        ({"anonymity": {"rule": "maybe", "text": []}}, "anonymity: rule is none of the known values"),
        ({"jurisdiction": "us"}, "jurisdiction is not two capital letters"),
        ({"questions": ["outcome", "outcome"]}, "questions holds one twice"),
        ({"questions": ["marker"]}, "questions holds one twice, or one that no case can answer"),
        ({"questions": ["reward_wish"]}, "questions holds"),
        ({"sources": []}, "sources is not a list of 1"),
        ({"verified": "yes"}, "verified is not true or false"),
        ({"extra": 1}, "a field that does not belong there"),
    ],
)
def test_a_malformed_programme_is_refused_by_position(changes: dict[str, object], message: str) -> None:
    """The error says which programme and which field to correct, and repeats nothing of it."""
    with pytest.raises(ProgrammeError, match=f"programme 2.*{message}") as caught:
        rewards.parse_programmes(programme_file(ONE, ONE | {"id": "xx-two"} | changes))
    assert "marker" not in str(caught.value)


@pytest.mark.parametrize(
    ("untrusted", "message"),
    [
        (b"", "not strict JSON"),
        (programme_file(), "programmes is not a list of 1"),
        (programme_file(1), "programme 1: not an object"),
        (programme_file(ONE, ONE), "programme 2: id is taken"),
        (programme_file(ONE, compiled="2026-13-01"), "compiled is not a day"),
        (programme_file(ONE, more=1), "a field that does not belong there"),
    ],
)
def test_a_malformed_file_is_refused(untrusted: bytes, message: str) -> None:
    """Whatever is wrong with the file as a whole is named."""
    with pytest.raises(ProgrammeError, match=message):
        rewards.parse_programmes(untrusted)


def test_a_file_over_its_limits_is_refused() -> None:
    """Bytes, programmes and statements are bounded."""
    for limits in (
        rewards.ProgrammeLimits(file_bytes=10),
        rewards.ProgrammeLimits(programmes=1),
        rewards.ProgrammeLimits(statements=1),
    ):
        with pytest.raises(ProgrammeError):
            rewards.parse_programmes(programme_file(ONE, ONE | {"id": "xx-two"}), limits)


@given(
    st.sampled_from(sorted(ONE)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
)
def test_any_value_anywhere_gives_a_book_or_a_programme_error(name: str, value: object) -> None:
    """A programme with one wrong value is refused with the one error, or is a programme still."""
    try:
        assert one(**{name: value}).questions
    except ProgrammeError:
        return


@given(st.binary(max_size=200))
def test_any_bytes_give_a_programme_error(untrusted: bytes) -> None:
    """No bytes cause any other exception."""
    with pytest.raises(ProgrammeError):
        rewards.parse_programmes(untrusted)
