"""A programme's file: what it may say, and how what is wrong is told."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import ProgrammeError
from reviewer.rewards.library import shipped
from reviewer.rewards.programme import LIMITS, Programme, ProgrammeLimits, parse_programme
from reviewer.rewards.rules import KINDS
from reviewer.rewards.table import in_language
from tests.reviewer.rewards.programmes import SMALL, changed

SHIPPED = {programme.id: programme for programme in shipped()}


def words(programme: Programme) -> str:
    """Everything that may be shown as fact."""
    return " ".join(each for statement in programme.statements for _, each in statement.text)


def test_a_small_programme_parses() -> None:
    """Names stand in the reader's language, what is unverified apart from the facts, and rules in their order."""
    programme = parse_programme(SMALL.encode(), "one.toml")
    assert in_language(programme.name, "fr") == ("fr", "Un")
    assert in_language(programme.name, "sw") == ("en", "One")
    assert [rule.kind for rule in programme.rules] == ["officer", "filing"]
    assert programme.questions == ("public_official", "official_of", "filed_xx-one")
    assert words(programme) == "No amount is set."


def test_a_file_in_another_language_needs_no_table() -> None:
    """Plain texts of a file that names its language are in that language."""
    programme = parse_programme(b'language = "sw"\n' + changed("No amount is set.", "Hakuna kiasi."), "one.toml")
    assert in_language(programme.says("award")[0], "fr") == ("sw", "Hakuna kiasi.")


def test_what_is_not_said_of_anonymity_is_not_known() -> None:
    """A file may leave it out."""
    assert parse_programme(changed('anonymity = "silent"\n', ""), "one.toml").anonymity == "unknown"


def test_programmes_under_one_law_share_its_questions() -> None:
    """A file may name the law of another programme; its outcomes are then asked for once."""
    programme = parse_programme(changed('id = "xx-one"', 'id = "xx-one"\nlaw = "xx-other"'), "one.toml")
    assert "filed_xx-other" in programme.questions


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=SHIPPED)
def test_what_ships_as_fact_does_not_sound_unsure(programme: Programme) -> None:
    """No statement and no rule speaks of general knowledge, secondary sources or something unverified."""
    texts = [words(programme), *(each for rule in programme.rules for _, each in rule.basis.text)]
    assert not any(doubt in " ".join(texts).casefold() for doubt in ("verif", "general knowledge", "[gk]", "secondary"))


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=SHIPPED)
def test_an_award_without_amount_shows_no_figure(programme: Programme) -> None:
    """Where the law sets no amount, the words say so, and no percentage stands there."""
    award = " ".join(each for text in programme.says("award") for _, each in text)
    assert award
    if programme.amount == "not_set":
        assert "percent " not in award
        assert any(phrase in award for phrase in ("no percentage", "No amount", "no amount"))


def test_what_was_from_general_knowledge_is_kept_apart() -> None:
    """The 90 days of the SEC and the number of the IRS form are unverified words, and no rule."""
    for name, phrase in (("us-sec", "90 calendar days"), ("us-irs", "Form 211")):
        programme = SHIPPED[name]
        assert any(phrase in each for text in programme.unverified for _, each in text)
        assert phrase not in words(programme)
        assert phrase not in str(programme.rules)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_rule_serves_a_shipped_programme(kind: str) -> None:
    """No kind is there for nothing."""
    assert any(rule.kind == kind for programme in SHIPPED.values() for rule in programme.rules)


@pytest.mark.parametrize(
    ("untrusted", "message"),
    [
        (changed('jurisdiction = "XX"', 'jurisdiction = "marker"'), "jurisdiction must be one line of text"),
        (changed('jurisdiction = "XX"', 'jurisdiction = "xx"'), "jurisdiction must be two capital letters"),
        (changed('jurisdiction = "XX"\n', ""), "jurisdiction is missing; add"),
        (changed('"xx-one"', '"XX marker"'), "id must be small letters"),
        (changed('id = "xx-one"', 'id = "xx-one"\nlaw = "_marker"'), "law must be small letters"),
        (changed('id = "xx-one"', 'id = "xx-one"\nlanguage = "m"'), "language must be"),
        (changed('"not_set"', '"marker"'), "amount must be one of: set, not_set, unclear"),
        (changed('"silent"', "3"), "anonymity must be one of"),
        (changed('amount = "not_set"\n', ""), "amount is missing; add one of"),
        (changed("wildlife = true", 'wildlife = "marker"'), "wildlife must be true or false"),
        (changed("2026-11-24", '"marker"'), "checked must be a day written as 2026-11-24"),
        (changed("2026-11-24", "2026-11-24T10:00:00"), "checked must be a day"),
        (changed("checked = 2026-11-24\n", ""), "checked is missing; add a day"),
        (changed('["a book"]', "[]"), "sources must be a list of 1"),
        (changed('["a book"]', "[3]"), "sources must be a list"),
        (changed('["a book"]', '"marker"'), "sources must be a list"),
        (changed('{ en = "One", fr = "Un" }', '{ "marker!" = "x" }'), "name must be text"),
        (changed('{ en = "One", fr = "Un" }', "{}"), "name must be text"),
        (changed('{ en = "One", fr = "Un" }', '"One\\nmarker"'), "name must be text"),
        (changed('sources = ["a book"]', 'sources = ["a book"]\nmarker = 1'), "a field that does not belong there"),
        (changed('award = ["No', 'marker = []\naward = ["No'), "says: has a field that does not belong"),
        (changed("No amount is set.", "10 percent [GK]"), "states as fact what its own words call unverified"),
        (changed('"Act 1, section 2"', '"secondary source marker"'), "states as fact"),
        (changed('kind = "officer"', 'kind = "marker"'), "rules 1: kind must be one of: link, law"),
        (changed('of = "own"', 'of = "marker"'), "rules 1: of must be one of: own, any, none"),
        (changed('of = "own"', 'of = "own"\nmarker = 1'), "rules 1: has a field that does not belong there"),
        (changed('of = "own"', 'of = "own"\nin_duty = 1'), "rules 1: in_duty must be true or false"),
        (changed('citation = "Act 1, section 3"\n', ""), "rules 2: citation is missing"),
        (changed('form = "Form 1"', 'form = "Form marker"'), "forms lack one that a rule of kind filing names"),
        (SMALL.partition("[[rules]]")[0].encode(), "rules are missing; add at least one"),
        (b"rules = [1]\n" + SMALL.partition("[[rules]]")[0].encode(), "rules must be tables"),
        (b"says = 1\n" + SMALL.replace("[says]", "[other]").encode(), "says must be a table"),
        (SMALL.encode() + b'\n[[rules]]\nkind = "threshold\n', r"is not TOML at line \d+, column \d+; look"),
        (b"a = " + b"9" * 5_000, "is not TOML at some line"),
        (b"\xff", "is not UTF-8"),
        (b"a = " + b"[" * 60_000, "one.toml: is n"),
        (b"#" * (LIMITS.file_bytes + 1), "is larger than"),
    ],
)
def test_what_is_wrong_is_told_with_file_field_and_remedy(untrusted: bytes, message: str) -> None:
    """The message leads to the place and says what to write, and repeats nothing of the file."""
    with pytest.raises(ProgrammeError, match=message) as caught:
        parse_programme(untrusted, "one.toml")
    assert str(caught.value).startswith("one.toml: ")
    assert "marker" not in str(caught.value)


RULE = SMALL + '\n[[rules]]\ncitation = "Act 1"\n'


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('kind = "threshold"\nof = "collected"\namount = 1.5\ncurrency = "USD"', "amount must be a whole number"),
        (
            'kind = "threshold"\nof = "collected"\namount = 5\ncurrency = "usd"',
            "currency must be three capital letters",
        ),
        ('kind = "threshold"\nof = "collected"\namount = 5', "currency is missing"),
        ('kind = "complicity"', "shuts must be a list of at least 1"),
        ('kind = "complicity"\nshuts = ["marker"]', "shuts must be a list"),
        ('kind = "outcome"\nany_of = ["arrest", "arrest"]', "any_of must be a list of at least 1, each once"),
        ('kind = "time_limit"\nclock = "marker"\ndays = 30', "clock must be one of: appeal, internal_report"),
        ('kind = "time_limit"\nclock = "appeal"\ndays = 0', "days must be a whole number from 1"),
        ('kind = "in_force"\nuntil = "marker"', "until must be a day"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told(rule: str, message: str) -> None:
    """The message counts the rules from one."""
    with pytest.raises(ProgrammeError, match=f"one.toml: rules 3: {message}") as caught:
        parse_programme((RULE + rule).encode(), "one.toml")
    assert "marker" not in str(caught.value)


@pytest.mark.parametrize("limits", [ProgrammeLimits(rules=1), ProgrammeLimits(id_bytes=3), ProgrammeLimits(forms=0)])
def test_a_file_over_its_limits_is_refused(limits: ProgrammeLimits) -> None:
    """Bytes, rules and forms are bounded."""
    with pytest.raises(ProgrammeError):
        parse_programme(SMALL.encode(), "one.toml", limits)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_programme_error(untrusted: bytes) -> None:
    """No bytes cause any other exception."""
    with pytest.raises(ProgrammeError):
        parse_programme(untrusted, "one.toml")


@given(st.integers(0, len(SMALL)), st.integers(0, 12), st.sampled_from(["", "1", '"', "[", "true", "= ", "\n"]))
def test_any_damage_gives_a_programme_or_a_programme_error(at: int, length: int, other: str) -> None:
    """A file with a piece cut out or replaced is still one, or is refused with the one error."""
    with contextlib.suppress(ProgrammeError):
        assert parse_programme((SMALL[:at] + other + SMALL[at + length :]).encode(), "one.toml").rules
