"""What forwarding or publishing could cost a source, by the citation that says so."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.library import shipped
from reviewer.rewards.programme import parse_programme
from reviewer.rewards.warnings import Purpose, RewardWarning, find_warnings, find_wish
from tests.reviewer.rewards.cases import TODAY, fact, facts
from tests.reviewer.rewards.programmes import SMALL
from wire.content_asking import MOST_WARNINGS, WARNING

PROGRAMMES = shipped()
DUE = TODAY + timedelta(days=20)


@dataclass(frozen=True)
class Line:
    """One warning: the facts with which it is open, and one more with which it is not."""

    citation: str
    name: str
    opens: str
    ends: str
    purpose: Purpose = "forward"
    due: date | None = None


LINES = (
    Line("15 USC 78u-6(c)(2)(D); 17 CFR 240.21F-9", "us-sec/file", "link_us=yes", "filed_us-sec=yes"),
    Line("15 USC 78u-6(c)(2)(D); 17 CFR 240.21F-9", "us-sec/file", "filed_us-sec=not_yet", "filed_us-sec=will_not"),
    Line("15 USC 78u-6(d)(2)", "us-sec/counsel", "counsel=not_yet", "counsel=yes"),
    Line("15 USC 78u-6(d)(2)", "us-sec/counsel", "broken_us-sec=yes", "ready_to_be_named=yes"),
    Line("15 USC 78u-6(a)(3)(C)", "us-sec/public", "already_public=no", "already_public=solely", "publish"),
    Line("26 USC 7623(b)(6)(C)", "us-irs/file", "link_us=yes", "filed_us-irs=yes"),
    Line("26 USC 7623(b)(2)", "us-irs/public", "already_public=unsure", "broken_us-irs=no", "publish"),
    Line("31 USC 3730(b)", "us-fca/file", "link_us=yes", "filed_us-fca=yes"),
    Line("31 USC 3730(e)(4), (d)(1)", "us-fca/public", "link_us=yes", "government_suit=yes"),
    Line(
        "31 USC 3731(b)",
        "us-fca/deadline",
        f"violated_on_us-fca={TODAY}",
        "own_suit_on=2026-11-20",
        due=date(2032, 11, 24),
    ),
    Line(
        "DOJ guidance of 1 August 2024, updated 12 May 2025", "us-doj-cwap/file", "link_us=yes", "filed_us-doj-cwap=yes"
    ),
    Line(
        "DOJ guidance of 1 August 2024, updated 12 May 2025",
        "us-doj-cwap/deadline",
        f"internal_report=yes internal_report_on={TODAY - timedelta(days=100)}",
        f"reported_on_us-doj-cwap={TODAY}",
        due=DUE,
    ),
    Line(
        "DOJ guidance of 1 August 2024, updated 12 May 2025",
        "us-doj-cwap/deadline",
        "internal_report=yes",
        "internal_report=no",
    ),
)


def open_for(known: CaseFacts, purpose: Purpose = "forward") -> dict[str, RewardWarning]:
    """The warnings that are open, by name."""
    return {each.name: each for each in find_warnings(PROGRAMMES, known, TODAY, purpose)}


def citation_of(programme: str, kind: str) -> str:
    """Where the rule of a kind stands in a shipped programme."""
    (found,) = [one for one in PROGRAMMES if one.id == programme]
    return next(rule.citation for rule in found.rules if rule.kind == kind)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.citation} ({line.name}: {line.ends})")
def test_a_warning_is_open_until_a_fact_ends_it(line: Line) -> None:
    """With a wish for a reward it is there with its citation and last day, and gone with one fact more."""
    known = facts("reward_wish=yes", line.opens)
    warning = open_for(known, line.purpose)[line.name]
    assert (warning.citation, warning.due) == (line.citation, line.due)
    assert line.name not in open_for(known.adding(*facts(line.ends).facts), line.purpose)


@pytest.mark.parametrize(
    ("programme", "kind", "harm"),
    [
        (programme.id, rule.kind, harm)
        for programme in PROGRAMMES
        for rule in programme.rules
        for kind, harm in (("filing", "file"), ("counsel", "counsel"), ("public_disclosure_bar", "public"))
        if rule.kind == kind
    ],
)
def test_every_rule_that_can_do_harm_warns(programme: str, kind: str, harm: str) -> None:
    """Each filing, each lawyer without whom nobody is anonymous, and each bar on what is public, of every programme."""
    assert open_for(facts("reward_wish=yes"))[f"{programme}/{harm}"].citation == citation_of(programme, kind)


def test_a_form_is_named() -> None:
    """Customs Form 4623 is told by its name."""
    assert open_for(facts("reward_wish=yes"))["us-customs/file"].form == "Customs Form 4623"


def test_forwarding_is_not_publishing() -> None:
    """What is lost by being in the news is no matter of a sealed dossier."""
    known = facts("reward_wish=yes")
    assert "us-sec/public" not in open_for(known, "forward")
    assert "us-sec/public" in open_for(known, "publish")


def test_filing_ends_a_time_limit_but_not_the_one_for_an_appeal() -> None:
    """Who filed reported; who was refused must still appeal in time."""
    known = facts("reward_wish=yes", "internal_report=yes", f"refused_us-sec=yes determined_on_us-sec={TODAY}")
    known = known.adding(*facts("filed_us-sec=yes", "filed_us-doj-cwap=yes").facts)
    found = open_for(known)
    assert "us-doj-cwap/deadline" not in found
    assert found["us-sec/deadline"].due == TODAY + timedelta(days=30)
    assert "us-sec/counsel" in found


def test_nothing_is_warned_of_that_no_fact_makes_likely() -> None:
    """Without a wish, only programmes that something ties to the case; with a plain no, none at all."""
    assert not open_for(facts())
    assert not open_for(facts("reward_wish=unsure", "link_us=no"))
    assert {name.split("/")[0] for name in open_for(facts("broken_us-sec=yes"))} == {"us-sec"}
    assert not open_for(facts("reward_wish=no", "link_us=yes", "broken_us-sec=yes"))


@pytest.mark.parametrize(
    ("letters", "recorded", "wish"),
    [
        ("yes", "no", "yes"),
        ("yes", "unsure", "yes"),
        ("yes unsure", "no", "yes"),
        ("no yes", "no", "yes"),
        ("yes no", "", "no"),
        ("yes no", "no", "no"),
        ("no", "yes", "yes"),
        ("unsure", "no", "no"),
        ("unsure", "", ""),
        ("", "yes no", "no"),
        ("", "", ""),
    ],
)
def test_a_wish_in_a_letter_is_taken_back_by_a_letter_alone(letters: str, recorded: str, wish: str) -> None:
    """A no that somebody recorded counts where no letter says yes; a yes always counts."""
    written = (replace(fact(f"reward_wish={each}"), author="") for each in letters.split())
    known = CaseFacts((*written, *(fact(f"reward_wish={each}", "source") for each in recorded.split())))
    assert find_wish(known) == wish
    assert bool(open_for(known)) == (wish == "yes")


def test_a_programme_that_is_shut_warns_of_nothing() -> None:
    """What is lost already cannot be lost by forwarding."""
    assert "us-sec/file" not in open_for(facts("reward_wish=yes", "voluntary=no"))


def test_what_is_tied_to_the_case_comes_first() -> None:
    """A reviewer reads first what is likeliest."""
    assert next(iter(open_for(facts("reward_wish=yes", "link_kr=yes")))) == "kr-acrc/counsel"


def test_names_fit_the_case_log() -> None:
    """An operator may have as many programmes as they like: a decision still names every warning that is told."""
    many = [
        parse_programme(SMALL.replace("xx-one", f"xx-{number}{'x' * 34}").encode(), "x.toml") for number in range(200)
    ]
    found = find_warnings(many, facts("reward_wish=yes"), TODAY, "forward")
    assert len(found) == MOST_WARNINGS
    assert max(len(each.name.encode()) for each in found) <= WARNING
