"""What single rules ask next, and what they do at the edges of the calendar."""

from datetime import date

import pytest

from reviewer.rewards.library import shipped
from reviewer.rewards.rule import Finding, Rule
from reviewer.rewards.rules_time import later
from tests.reviewer.rewards.cases import TODAY, facts

PROGRAMMES = {programme.id: programme for programme in shipped()}


def find(programme: str, citation: str, *stated: str) -> Finding:
    """Return what the rule of that citation comes to."""
    (rule,) = [rule for rule in PROGRAMMES[programme].rules if rule.citation == citation]
    return rule.find(facts(*stated), TODAY)


def of_kind(programme: str, kind: str) -> Rule:
    """Return a programme's rule of some kind."""
    (rule,) = [rule for rule in PROGRAMMES[programme].rules if rule.kind == kind]
    return rule


@pytest.mark.parametrize(
    ("programme", "citation", "stated", "asked"),
    [
        ("us-customs", "19 USC 1619, 1620", "", "public_official"),
        ("us-customs", "19 USC 1619, 1620", "public_official=off_duty", "official_of"),
        ("us-customs", "19 USC 1619, 1620", "public_official=off_duty official_of=US", "official_level"),
        ("us-irs", "26 USC 7623(b)(5)(A)", "", "taxpayer_is_a_person"),
        ("us-irs", "26 USC 7623(b)(5)(A)", "taxpayer_is_a_person=yes", "income_us-irs"),
        ("us-sec", "15 USC 78u-6(a)(3)(B)", "", "known_us-sec"),
        ("us-sec", "15 USC 78u-6(a)(3)(B)", "known_us-sec=yes", "known_on_us-sec"),
        ("us-sec", "15 USC 78u-6(a)(3)(B)", "known_us-sec=yes known_on_us-sec=2026-01-01", "reported_on_us-sec"),
        ("us-sec", "15 USC 78u-6(d)(2)", "counsel=will_not", "ready_to_be_named"),
        ("us-sec", "15 USC 78u-6(f)", "refused_us-sec=yes", "determined_on_us-sec"),
        ("us-fca", "31 USC 3730(e)(4), (d)(1)", "already_public=solely", "own_knowledge"),
        ("us-fca", "31 USC 3731(b)", "violated_on_us-fca=2018-01-01", "known_on_us-fca"),
    ],
)
def test_a_rule_asks_for_what_can_still_matter(programme: str, citation: str, stated: str, asked: str) -> None:
    """Each answer leads to the next question, and to no other first."""
    found = find(programme, citation, stated)
    assert (found.state, found.asks[0]) == ("unknown", asked)


@pytest.mark.parametrize(
    ("programme", "citation", "stated"),
    [
        ("us-customs", "19 USC 1619, 1620", "official_of=KE public_official=off_duty"),
        ("us-irs", "26 USC 7623(b)(5)(A)", "taxpayer_is_a_person=no"),
        ("us-sec", "15 USC 78u-6(a)(3)(B)", "known_us-sec=no"),
        ("us-sec", "15 USC 78u-6(d)(2)", "counsel=will_not ready_to_be_named=yes"),
        ("us-sec", "15 USC 78u-6(f)", "refused_us-sec=no"),
    ],
)
def test_a_rule_that_does_not_apply_holds(programme: str, citation: str, stated: str) -> None:
    """What the rule is not about fulfils it."""
    assert find(programme, citation, stated).state == "holds"


def test_every_outcome_that_is_not_there_yet_is_asked_for() -> None:
    """An office that denied one outcome is asked for the others, and whether proceedings are over."""
    asks = of_kind("us-aeca", "outcome").find(facts("penalty_us-aeca=no"), TODAY).asks
    assert asks == ("conviction_us-aeca", "proceedings_us")


def test_the_last_day_counts() -> None:
    """120 days after 1 March is 29 June; on that day there is still time, on the next there is none."""
    rule = of_kind("us-doj-cwap", "time_limit")
    known = facts("internal_report=yes internal_report_on=2026-03-01")
    found = rule.find(known, date(2026, 6, 29))
    assert (found.state, found.due) == ("holds", date(2026, 6, 29))
    assert rule.find(known, date(2026, 6, 30)).state == "broken"


def test_days_at_the_edge_of_the_calendar() -> None:
    """29 February has a day six years later, and nothing goes past the last day there is."""
    assert later(date(2020, 2, 29), years=6) == date(2026, 2, 28)
    assert later(date(2020, 2, 29), years=4) == date(2024, 2, 29)
    assert later(date(9999, 12, 31), days=30) == date.max
    assert later(date(9999, 1, 1), years=6) == date.max
