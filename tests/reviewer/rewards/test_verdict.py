"""Verdicts: open so far, shut out, or facts missing, with the next step."""

from collections.abc import Mapping
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.rewards.facts import SAID_BY, CaseFacts, Fact
from reviewer.rewards.library import shipped
from reviewer.rewards.questions import Question, find_question
from reviewer.rewards.verdict import Step, Verdict, arranged, judge, judge_all, open_questions
from tests.reviewer.rewards.cases import TODAY, fact, facts

PROGRAMMES = shipped()
BY_ID = {programme.id: programme for programme in PROGRAMMES}
NAMES = sorted({name for programme in PROGRAMMES for name in programme.questions})

LACEY = ("link_us=yes", "broken_us-lacey=yes", "public_official=no")
SEC = (
    "link_us=yes broken_us-sec=yes voluntary=yes own_knowledge=yes known_us-sec=no already_public=no",
    "enforcement_member=no own_part=none own_role=none",
)


def verdicts(*stated: str, today: date = TODAY) -> Mapping[str, Verdict]:
    """Return the verdict of every shipped programme."""
    return {each.programme.id: each for each in judge_all(PROGRAMMES, facts(*stated), today)}


def why(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the reasons as kind and citation."""
    return [(finding.rule.kind, finding.citation) for finding in verdict.reasons]


def test_nothing_known_leaves_everything_open_to_ask() -> None:
    """Without facts no programme is open and none is shut."""
    assert {verdict.state for verdict in verdicts().values()} == {"missing"}


def test_a_wildlife_programme_opens_only_with_an_outcome_under_its_law() -> None:
    """Everything that source and reviewers can know is not enough; a conviction and money under another law neither."""
    before = verdicts(*LACEY)["us-lacey"]
    assert (before.state, before.next_step.what) == ("missing", "wait")
    assert {find_question(name).asked for name in before.asks} == {"office"}
    other = ("conviction_us-esa=yes", "collected_us-esa=5000 USD")
    assert verdicts(*LACEY, *other)["us-lacey"].state == "missing"
    after = verdicts(*LACEY, "conviction_us-lacey=yes", "collected_us-lacey=5000 USD")["us-lacey"]
    assert (after.state, after.asks, after.next_step) == ("open", (), Step("apply"))
    assert ("outcome", "16 USC 3375(d)") in why(after)


def test_an_outcome_that_no_office_reported_opens_nothing() -> None:
    """What a reviewer read in the news is a fact, but the programme waits for the office."""
    heard = tuple(fact(each, "reviewer") for each in ("conviction_us-lacey=yes", "collected_us-lacey=5000 USD"))
    assert judge(BY_ID["us-lacey"], facts(*LACEY).adding(*heard), TODAY).state == "missing"


def test_an_outcome_under_another_statute_shuts() -> None:
    """When proceedings end and nothing came under its own law, the programme is shut, with the statute."""
    shut = verdicts(*LACEY, "conviction_us-esa=yes", "proceedings_us=over")["us-lacey"]
    assert (shut.state, why(shut), shut.asks) == ("shut", [("outcome", "16 USC 3375(d)")], ())
    assert shut.next_step == Step("none")


def test_an_officer_of_another_country_is_shut_out_of_one_programme_only() -> None:
    """A ranger of Kenya who tells in duty can be paid under the Lacey Act, but not under 22 USC 2708."""
    found = verdicts("public_official=in_duty", "official_of=KE")
    assert why(found["us-tocrp"]) == [("officer", "22 USC 2708(f)")]
    assert (found["us-tocrp"].state, found["us-lacey"].state) == ("shut", "missing")


def test_a_relayed_tip_waits_for_the_source_to_file() -> None:
    """With everything else known, the next step is the form, which the source or counsel must file."""
    ready = (*SEC, "counsel=yes")
    assert verdicts(*ready, "filed_us-sec=not_yet")["us-sec"].next_step == Step("file", form="Form TCR")
    refused = verdicts(*ready, "filed_us-sec=will_not")["us-sec"]
    assert why(refused) == [("filing", "15 USC 78u-6(c)(2)(D); 17 CFR 240.21F-9")]


def test_a_lawyer_comes_before_the_form() -> None:
    """Who is anonymous and has no lawyer yet needs one first."""
    known = (*SEC, "filed_us-sec=not_yet", "counsel=not_yet")
    assert verdicts(*known)["us-sec"].next_step == Step("counsel")
    assert verdicts(*known, "ready_to_be_named=yes")["us-sec"].next_step.what == "file"


def test_a_refusal_can_be_appealed_for_thirty_days() -> None:
    """The deadline is told with its citation; once it went by, the programme is shut; an appeal in time keeps it."""
    paid = (*SEC, "counsel=yes", "filed_us-sec=yes", "action_us-sec=yes", "sanctions_us-sec=5000000 USD")
    refused = (*paid, "refused_us-sec=yes", "determined_on_us-sec=2026-11-01")
    running = verdicts(*refused)["us-sec"]
    assert running.deadline is not None
    assert (running.deadline.day, running.deadline.citation) == (date(2026, 12, 1), "15 USC 78u-6(f)")
    assert running.next_step == Step("appeal")
    assert verdicts(*refused, today=date(2026, 12, 1))["us-sec"].state == "open"
    assert verdicts(*refused, today=date(2026, 12, 2))["us-sec"].state == "shut"
    appealed = verdicts(*refused, "appealed_on_us-sec=2026-12-01", today=date(2027, 3, 1))["us-sec"]
    assert (appealed.state, appealed.deadline) == ("open", None)


def test_a_threshold_is_not_missed_while_proceedings_go_on() -> None:
    """Sanctions at the threshold do not exceed it but may grow; at the end they shut. Other money says nothing."""
    known = (*SEC, "counsel=yes", "filed_us-sec=yes", "action_us-sec=yes")
    exact = (*known, "sanctions_us-sec=1000000 USD")
    assert verdicts(*exact)["us-sec"].asks == ("proceedings_us",)
    assert why(verdicts(*exact, "proceedings_us=over")["us-sec"]) == [("threshold", "15 USC 78u-6(a)(1)")]
    assert verdicts(*known, "sanctions_us-sec=9000000 EUR", "proceedings_us=over")["us-sec"].state == "missing"
    assert verdicts(*known, "sanctions_us-sec=1000000.01 USD")["us-sec"].state == "open"


def test_the_pilot_is_shut_by_another_programme_that_is_open() -> None:
    """Who can be paid elsewhere cannot be paid by the Department's pilot; it says by which."""
    open_one = (*LACEY, "conviction_us-lacey=yes", "collected_us-lacey=5000 USD")
    assert verdicts(*LACEY)["us-doj-cwap"].state == "missing"
    shut = verdicts(*open_one)["us-doj-cwap"]
    assert (shut.state, shut.instead) == ("shut", ("us-lacey",))
    assert why(shut) == [("no_other_programme", "DOJ guidance of 1 August 2024, updated 12 May 2025")]
    nepal = ("link_np=yes", "broken_np-npwca=yes", "arrest_np-npwca=yes")
    assert verdicts(*nepal)["np-npwca"].state == "open"
    assert verdicts(*nepal)["us-doj-cwap"].state == "missing"


def test_the_pilot_must_be_looked_up_when_its_three_years_are_over() -> None:
    """Until then it runs, with its last day as a deadline; after it somebody must say whether it still does."""
    pilot = BY_ID["us-doj-cwap"]
    during, after = (judge(pilot, facts(), day) for day in (date(2027, 7, 31), date(2027, 8, 1)))
    assert during.deadline is not None
    assert during.deadline.day == date(2027, 7, 31)
    assert "in_force_us-doj-cwap" not in during.asks
    assert "in_force_us-doj-cwap" in after.asks


def test_what_makes_an_award_less_is_told() -> None:
    """A planner can be paid less by the IRS, and nothing once convicted for it."""
    planned = verdicts("own_part=planned")["us-irs"]
    assert [finding.citation for finding in planned.reduced] == ["26 USC 7623(b)(3)"]
    assert planned.state == "missing"
    assert verdicts("own_part=planned", "own_part=convicted")["us-irs"].state == "shut"


def test_a_suit_may_be_late_by_what_officials_knew() -> None:
    """After six years it depends on what officials knew; after ten on nothing."""
    fca = BY_ID["us-fca"]

    def asks(*stated: str) -> tuple[str, ...]:
        return judge(fca, facts(*stated), TODAY).asks

    assert "known_on_us-fca" not in asks("violated_on_us-fca=2020-11-24")
    assert "known_on_us-fca" in asks("violated_on_us-fca=2020-11-23")
    assert judge(fca, facts("violated_on_us-fca=2016-11-23"), TODAY).state == "shut"
    assert judge(fca, facts("violated_on_us-fca=2016-11-23", "own_suit_on=2016-12-01"), TODAY).state == "missing"


def test_what_decides_most_is_asked_first() -> None:
    """First what can shut out, of that what most programmes ask; what only an office knows comes last."""
    asked = open_questions(judge_all(PROGRAMMES, facts(), TODAY))
    assert asked[:2] == ("link_us", "public_official")
    offices = [find_question(name).asked == "office" for name in asked]
    assert offices == sorted(offices)
    assert "link_us" not in open_questions(judge_all(PROGRAMMES, facts("link_us=no"), TODAY))


def test_what_can_only_make_less_is_asked_after_what_can_shut() -> None:
    """The amount in dispute only decides which award the IRS may give, so whether the law was broken comes first."""
    asked = verdicts()["us-irs"].asks
    assert asked.index("broken_us-irs") < asked.index("disputed_us-irs")


def test_a_page_begins_with_what_is_closest_to_the_case() -> None:
    """Open programmes first, shut ones last, and of those that miss facts the wildlife laws of a country with a tie."""
    known = (*LACEY, "conviction_us-lacey=yes", "collected_us-lacey=5000 USD", "link_np=no")
    ordered = arranged(judge_all(PROGRAMMES, facts(*known), TODAY))
    assert ordered[0].programme.id == "us-lacey"
    assert {verdict.programme.id for verdict in ordered[-2:]} == {"us-doj-cwap", "np-npwca"}
    tied = [verdict for verdict in ordered if verdict.state == "missing" and verdict.programme.jurisdiction == "US"]
    assert ordered[1 : len(tied) + 1] == tied
    assert tied[0].programme.wildlife


def test_alone_and_together_a_programme_asks_the_same() -> None:
    """Other programmes change the order of the questions, never which there are."""
    for verdict in verdicts(*SEC).values():
        assert set(verdict.asks) == set(judge(verdict.programme, facts(*SEC), TODAY).asks)


def answers(question: Question) -> st.SearchStrategy[str]:
    """Draw an answer to a question, the open one among them."""
    match question.kind:
        case "amount":
            amount = st.sampled_from([0, 1, 99, 1_000_000, 1_000_001, 3_000_000])
            return st.builds("{} {}".format, amount, st.sampled_from(["USD", "CAD", "EUR"]))
        case "day":
            return st.integers(-5_000, 500).map(lambda days: (TODAY + timedelta(days=days)).isoformat())
        case "country":
            return st.sampled_from(["US", "CA", "KE"])
    return st.sampled_from(question.options)


@st.composite
def a_fact(draw: st.DrawFn, names: list[str] = NAMES) -> Fact:
    """Draw a fact on some question, said by whoever."""
    question = find_question(draw(st.sampled_from(names)))
    said_by = draw(st.sampled_from((question.asked, question.asked, *SAID_BY)))
    return fact(f"{question.name}={draw(answers(question))}", said_by)


MANY = st.lists(a_fact(), max_size=60).map(lambda drawn: CaseFacts(tuple(drawn)))
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1)) | st.sampled_from([date.min, date.max])


@given(MANY, DAYS)
@settings(max_examples=150)
def test_any_facts_give_a_verdict_for_every_programme(known: CaseFacts, today: date) -> None:
    """Judging never raises; what is open or shut asks nothing, what is missing asks something, and each has reasons."""
    for verdict in judge_all(PROGRAMMES, known, today):
        assert bool(verdict.asks) == (verdict.state == "missing")
        assert verdict.reasons
        assert (verdict.next_step.what == "none") == (verdict.state == "shut")
        assert set(verdict.asks) <= set(verdict.programme.questions)
        wanted = {"shut": "broken", "missing": "unknown", "open": "holds"}[verdict.state]
        assert {finding.state for finding in verdict.reasons} == {wanted}


@given(MANY, a_fact())
@settings(max_examples=150)
def test_a_fact_that_a_programme_does_not_ask_for_changes_nothing(known: CaseFacts, added: Fact) -> None:
    """An open verdict never turns to missing, nor a shut one to anything, by a fact on another question."""
    for each in PROGRAMMES:
        if added.question not in each.questions:
            assert judge(each, known.adding(added), TODAY) == judge(each, known, TODAY)


@given(MANY, a_fact())
@settings(max_examples=150)
def test_shut_stays_shut_until_what_decided_it_is_corrected(known: CaseFacts, added: Fact) -> None:
    """Whatever is added, a broken rule stays broken unless the new fact answers one of that rule's own questions."""
    for programme in PROGRAMMES:
        before = judge(programme, known, TODAY)
        if before.state == "shut" and not all(added.question in each.rule.questions for each in before.reasons):
            assert judge(programme, known.adding(added), TODAY).state == "shut"


@given(MANY, a_fact())
@settings(max_examples=150)
def test_facts_already_corrected_decide_nothing(known: CaseFacts, earlier: Fact) -> None:
    """An earlier fact whose question was answered again later, by the same side, leaves every verdict as it is."""
    if any((each.question, each.said_by) == (earlier.question, earlier.said_by) for each in known.facts):
        with_earlier = CaseFacts((earlier, *known.facts))
        assert judge_all(PROGRAMMES, with_earlier, TODAY) == judge_all(PROGRAMMES, known, TODAY)
