"""The ledger: where a programme stands, what is due, what it answers, and the sums of all cases."""

from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.entry import Entry
from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.ledger import CaseLedger, Due, ProgrammeLedger, facts_of, fold_ledger, overview
from reviewer.rewards.library import shipped
from reviewer.rewards.verdict import judge_all
from tests.reviewer.rewards.cases import facts
from wire.content_rewards import STEPS, WHO, LedgerStep

PROGRAMMES = shipped()
IDS = [programme.id for programme in PROGRAMMES]
TODAY = date(2026, 11, 25)
CASE = bytes(16)
EMPTY: dict[str, Any] = {
    **{each.name: "" for each in fields(LedgerStep)},
    **dict.fromkeys(("done_on", "due_on", "amount", "document")),
    "on": TODAY,
    "case": CASE,
    "programme": "us-sec",
}
NUMBERS = count(1)


def day(text: str) -> date:
    """A day of November 2026, or of another month as 12-05."""
    month, _, number = text.rpartition("-")
    return date(2026, int(month or 11), int(number))


def steps(*written: str, **more: Any) -> list[Entry[LedgerStep]]:
    """Steps as `filed counsel 20`, `paid authority 20 12.50USD`, `appealed source until 12-05`, `considered source`."""
    entries = []
    for text in written:
        step, who, *rest = text.split()
        said: dict[str, Any] = {"step": step, "who": who}
        if rest[:1] == ["until"]:
            said["due_on"] = day(rest[1])
        elif rest:
            said["done_on"] = day(rest[0])
            said["amount"] = f"{rest[1][:-3]} {rest[1][-3:]}" if len(rest) > 1 else None
        entries.append(Entry(next(NUMBERS).to_bytes(32, "big"), "r1", LedgerStep(**EMPTY | said | more)))
    return entries


def ledger(entries: list[Entry[LedgerStep]], known: CaseFacts | None = None, today: date = TODAY) -> ProgrammeLedger:
    """The only ledger that comes of steps."""
    found = (known or CaseFacts()).adding(*facts_of(entries, PROGRAMMES))
    (one,) = fold_ledger(entries, judge_all(PROGRAMMES, found, today), today)
    return one


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        ("filed counsel until 30", "planned"),
        ("considered organisation", "considered"),
        ("filed counsel 20; considered organisation 10", "filed"),
        ("paid authority 20; award authority 20", "award"),
        ("considered organisation 20; filed counsel until 30", "considered"),
        ("filed counsel 20; source_told organisation", "source_told"),
        ("filed counsel 12-24; refused source 25", "refused"),
    ],
)
def test_a_programme_stands_where_the_latest_day_says(written: str, stands: str) -> None:
    """Of one day the later entry counts, an entry without a day counts from its record, none from the future."""
    assert ledger(steps(*written.split("; "))).state == stands


@pytest.mark.parametrize(
    ("written", "open_"),
    [
        ("filed counsel until 30", "filed"),
        ("filed counsel until 30; filed counsel 20", ""),
        ("filed counsel until 30; accepted authority 20", ""),
        ("filed counsel until 30; source_told organisation 20", "filed"),
        ("filed counsel until 30; filed organisation 20", "filed"),
        ("filed counsel until 30; filed authority 20", "filed"),
        ("filed organisation until 30; filed organisation 20", ""),
        ("filed counsel 20; filed counsel until 30", "filed"),
        ("appealed counsel until 30; award authority 20", "appealed"),
        ("appealed counsel until 30; paid authority 20", "appealed"),
        ("appealed counsel until 30; refused authority 20", "appealed"),
        ("appealed counsel until 30; appealed source 20", ""),
        ("appealed counsel until 30; appealed organisation 20", "appealed"),
        ("appealed counsel until 30; refused source 20", ""),
        ("filed counsel until 30; refused organisation 20", ""),
        ("paid authority until 30; refused authority 20", ""),
        ("paid authority until 30; appealed source 20", "paid"),
        ("determination authority until 30; appealed source 20", ""),
    ],
)
def test_a_step_that_is_due_is_settled_by_it_or_one_beyond(written: str, open_: str) -> None:
    """What others file or appeal settles nothing of the source's; giving up settles everything."""
    assert " ".join(due.step for due in ledger(steps(*written.split("; "))).dues) == open_


def test_a_due_day_that_is_recorded_anew_moves() -> None:
    """One step, one day."""
    found = ledger(steps("filed source until 20", "source_told organisation until 24", "filed source until 12-01"))
    assert [(due.step, due.day) for due in found.dues] == [("source_told", day("24")), ("filed", day("12-01"))]
    assert [due.step for due in found.overdue(TODAY)] == ["source_told"]
    assert found.next_due(TODAY) == Due(day("12-01"), "us-sec", "filed", "")
    assert found.next_due(day("12-02")) is None


def test_the_time_for_an_appeal_runs_by_itself() -> None:
    """From a refusal with its decision the verdict has a last day, which stands in the ledger with its citation."""
    refused = steps("filed counsel 1", "determination authority 20", "refused authority 22")
    assert ledger(refused).dues == (Due(day("12-20"), "us-sec", "appealed", "15 USC 78u-6(f)"),)
    assert ledger([*refused, *steps("appealed counsel until 12-10")]).dues[0].citation == ""
    assert ledger([*refused, *steps("appealed counsel until 12-24")]).dues[0].day == day("12-20")
    assert ledger([*refused, *steps("appealed counsel 24")]).dues == ()
    assert ledger([*refused, *steps("refused source 24")]).dues == ()


def test_a_time_that_runs_is_due_although_nobody_began() -> None:
    """But that a programme itself ends some day is no reason to remind anybody of it."""
    known = facts("violated_on_us-fca=2021-03-01")
    (one,) = fold_ledger((), judge_all(PROGRAMMES, known, TODAY), TODAY)
    assert (one.programme, one.state, one.history) == ("us-fca", "planned", ())
    assert one.dues == (Due(date(2027, 3, 1), "us-fca", "filed", "31 USC 3731(b)"),)
    begun = steps("considered organisation 20", programme="us-doj-cwap")
    assert [due.day for due in ledger(begun).dues] == [date(2027, 7, 31)]
    filed = steps("filed counsel 20", programme="us-fca")
    assert ledger(filed, known).dues == ()
    assert [due.step for due in ledger(steps("filed organisation 20", programme="us-fca"), known).dues] == ["filed"]


def told(*written: str, **more: Any) -> list[tuple[str, str, str]]:
    """What steps answer."""
    return [(fact.question, fact.answer.text, fact.said_by) for fact in facts_of(steps(*written, **more), PROGRAMMES)]


def test_steps_answer_questions_by_themselves() -> None:
    """Each as said by whoever can know it, never as reported by an office."""
    assert told(
        "filed counsel", "refused authority 20", "determination authority 20", "appealed source 24", programme="us-irs"
    ) == [
        ("filed_us-irs", "yes", "source"),
        ("refused_us-irs", "yes", "reviewer"),
        ("determined_on_us-irs", "2026-11-20", "reviewer"),
        ("appealed_on_us-irs", "2026-11-24", "source"),
    ]


@pytest.mark.parametrize(
    "written",
    [
        *("filed organisation 20", "filed authority 20", "filed counsel until 30", "appealed organisation 20"),
        *(
            "appealed source until 30",
            "appealed source",
            "refused source 20",
            "refused organisation",
            "award authority",
        ),
        *("determination authority", "determination authority until 30", "considered source", "accepted authority 20"),
    ],
)
def test_what_answers_nothing(written: str) -> None:
    """What others than the source file, what is only due, and what has no day where a day is asked for."""
    assert told(written) == []


def test_a_programme_that_there_is_no_more_keeps_its_ledger_and_answers_nothing() -> None:
    """It comes last, by its id."""
    gone = steps("filed counsel 20", programme="moon-reward")
    assert told("filed counsel 20", programme="moon-reward") == []
    verdicts = judge_all(PROGRAMMES, CaseFacts(), TODAY)
    found = fold_ledger([*gone, *steps("filed counsel 20")], verdicts, TODAY)
    assert [each.programme for each in found] == ["us-sec", "moon-reward"]


def test_a_filing_moves_the_verdict() -> None:
    """The question whether the source filed is answered, and no longer the next step."""
    before = facts("filed_us-sec=not_yet")
    verdicts = {each.programme.id: each for each in judge_all(PROGRAMMES, before, TODAY)}
    assert "filed_us-sec" in verdicts["us-sec"].asks
    after = before.adding(*facts_of(steps("filed counsel 20"), PROGRAMMES))
    verdicts = {each.programme.id: each for each in judge_all(PROGRAMMES, after, TODAY)}
    assert "filed_us-sec" not in verdicts["us-sec"].asks


def test_the_law_is_that_of_the_programme() -> None:
    """Programmes under one law answer for each other."""
    rule = PROGRAMMES[0].rules[0]
    ours = replace(
        PROGRAMMES[0], id="ours", rules=(replace(rule, basis=replace(rule.basis, law="us-lacey")), *PROGRAMMES[0].rules)
    )
    (fact,) = facts_of(steps("filed counsel 20", programme="ours"), (ours,))
    assert fact.question == "filed_us-lacey"


def test_sums_never_cross_currencies_and_corrections_replace() -> None:
    """Payments of different days add up; the same number, or without one the same day, is the same payment."""
    paid = [
        *steps("paid authority 10 100USD", "paid authority 11 50.25USD", "paid authority 11 60.25USD"),
        *steps("paid authority 12 1EUR", "paid authority until 30"),
        *steps("paid authority 13 7USD", "paid authority 14 8USD", number="A-1"),
        *steps("award authority 9 500USD"),
    ]
    found = ledger(paid)
    assert found.total("paid") == {"USD": Decimal("168.25"), "EUR": Decimal(1)}
    assert found.total("award") == {"USD": Decimal(500)}
    (one,) = overview([CaseLedger(CASE, (found,)), CaseLedger(bytes(15) + b"1", (found,))], TODAY).totals
    assert one.paid == (("EUR", Decimal(2)), ("USD", Decimal("336.50")))
    assert (one.programme, one.states) == ("us-sec", (("paid", 2),))


DAYS = st.dates(date(2026, 9, 1), date(2027, 2, 1))
ENTRIES = st.builds(
    lambda said, number: Entry(number.to_bytes(32, "big"), "r1", LedgerStep(**EMPTY | said)),
    st.fixed_dictionaries(
        {
            "on": DAYS,
            "programme": st.sampled_from([*IDS, "moon-reward"]),
            "step": st.sampled_from(STEPS),
            "who": st.sampled_from(WHO),
            "done_on": st.none() | DAYS,
            "due_on": st.none() | DAYS,
            "amount": st.none() | st.sampled_from(["1 USD", "2.50 USD", "3 EUR"]),
        }
    ),
    st.integers(0, 2**32),
)


def fold(entries: list[Entry[LedgerStep]], today: date = TODAY) -> tuple[ProgrammeLedger, ...]:
    """The ledgers of a case of which nothing else is known."""
    return fold_ledger(entries, judge_all(PROGRAMMES, CaseFacts(facts_of(entries, PROGRAMMES)), today), today)


@given(st.lists(ENTRIES, max_size=12))
def test_nothing_that_was_recorded_is_lost(entries: list[Entry[LedgerStep]]) -> None:
    """Every step stands in exactly one history, in its order, and one that was done is where its programme stands."""
    found = fold(entries)
    assert sorted(entry.id for one in found for entry in one.history) == sorted(entry.id for entry in entries)
    for one in found:
        assert list(one.history) == [entry for entry in entries if entry.content.programme == one.programme]
        assert (one.stands in one.history) == any(not entry.content.planned for entry in one.history)
        assert list(one.dues) == sorted(one.dues, key=lambda due: due.day)
        assert len({due.step for due in one.dues}) == len(one.dues)


@given(st.lists(ENTRIES, max_size=8), ENTRIES, DAYS)
def test_a_later_step_only_adds_to_the_history(
    entries: list[Entry[LedgerStep]], more: Entry[LedgerStep], today: date
) -> None:
    """What stood there stands there still."""
    before = {one.programme: one.history for one in fold(entries, today)}
    after = {one.programme: one.history for one in fold([*entries, more], today)}
    assert all(after[name][: len(history)] == history for name, history in before.items())


@given(st.lists(st.lists(ENTRIES, max_size=6), max_size=4), st.randoms(use_true_random=False), DAYS)
def test_all_cases_come_to_the_same_in_any_order(
    written: list[list[Entry[LedgerStep]]], chance: Any, today: date
) -> None:
    """Each due day stands in one of three lists, each case is counted once a programme, sums stay apart."""
    cases = [CaseLedger(number.to_bytes(16, "big"), fold(each, today)) for number, each in enumerate(written)]
    found = overview(cases, today)
    shuffled = list(cases)
    chance.shuffle(shuffled)
    assert overview(shuffled, today) == found
    assert Counter((each.case, each.due) for each in found.dues) == Counter(
        (case.case, due) for case in cases for one in case.ledgers for due in one.dues
    )
    assert all(each.due.day < today for each in found.overdue)
    assert all(each.due.day >= today and f"{each.due.day:%Y%m}" == f"{today:%Y%m}" for each in found.this_month)
    assert all(f"{each.due.day:%Y%m}" > f"{today:%Y%m}" for each in found.later)
    for totals in found.totals:
        ledgers = [one for case in cases for one in case.ledgers if one.programme == totals.programme and one.history]
        assert sum(number for _, number in totals.states) == len(ledgers)
        for step, sums in (("award", totals.awarded), ("paid", totals.paid)):
            for currency, amount in sums:
                assert amount == sum(one.total(step).get(currency, Decimal(0)) for one in ledgers)


def test_due_this_month_ends_with_the_month() -> None:
    """Today and the last day are in it, the first day of the next month is not; also in December."""
    for today in (date(2026, 12, 5), date(2028, 2, 28), date(2026, 11, 30)):
        last = (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        dues = tuple(
            Due(each, "us-sec", step, "")
            for each, step in ((today, "filed"), (last, "paid"), (last + timedelta(days=1), "award"))
        )
        found = overview([CaseLedger(CASE, (ProgrammeLedger("us-sec", None, (), dues),))], today)
        assert [each.due.step for each in found.this_month] == ["filed", "paid"]
        assert [each.due.step for each in found.later] == ["award"]
