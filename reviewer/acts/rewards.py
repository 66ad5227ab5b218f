"""Acts about rewards: a fact stated by hand, and a step of a programme."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from reviewer.acts.desk_work import Hand, Look, one_line
from reviewer.acts.drafting import files_of
from reviewer.acts.knowing import known_facts
from reviewer.errors import ActError, ReviewerError
from reviewer.rewards.facts import SAID_BY
from reviewer.rewards.ledger import CaseLedger, fold_ledger
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import find_question, parse_answer
from reviewer.rewards.verdict import judge_all
from wire.content_rewards import STEPS, WHO, FactStated, LedgerStep
from wire.errors import WireError

AMOUNTS: Final = ("award", "paid")
"""Steps that have an amount."""

DAYS_MATTER: Final = ("determination", "appealed")
"""Steps whose day decides how long there is time."""


def state_fact(hand: Hand, case_id: bytes, name: str, value: str, said_by: str) -> None:
    """Record the answer to a question, and who said so; what was said before stays.

    Raises:
        ActError: nobody said so.
        FactError: there is no such question, or this is no answer to it.
    """
    with hand.work() as work:
        work.case(case_id)
        answer = parse_answer(find_question(name), one_line(value))
        if said_by not in SAID_BY:
            raise ActError("a fact comes from the source, from a reviewer or from an office")
        work.pen.write(FactStated(on=hand.desk.today(), case=case_id, name=name, value=answer.text, said_by=said_by))


def record_step(hand: Hand, case_id: bytes, step: LedgerStep, programmes: Sequence[Programme]) -> None:
    """Record a step of a reward programme, done or still to be done; what was recorded before stays.

    A refusal of which no decision is known is one: then the decision is recorded with it, as time for an appeal runs
    from there.

    Args:
        hand: who records it.
        case_id: 16 bytes.
        step: with its amount as it was typed.
        programmes: those that there are.

    Raises:
        ActError: there is no such programme or step, a day or an amount does not go with it, or the document is no
            exhibit of the case.
        FactError: the amount is none.
    """
    with hand.work() as work:
        case = work.case(case_id)
        programme = next((each for each in programmes if each.id == step.programme), None)
        if programme is None:
            raise ActError("there is no such programme; choose from the list")
        if step.step not in STEPS or step.who not in WHO:
            raise ActError("choose the step, and whose step it is")
        if step.document is not None and step.document not in {file.sha256 for file in files_of(work, case)}:
            raise ActError("the document is no exhibit of this case; add it as an exhibit first")
        _check_days(step, hand.desk.today())
        step = replace(step, amount=_amount(step))
        if step.step == "refused" and step.who == "authority":
            decided = known_facts(work, case, programmes).facts.now(f"determined_on_{programme.rules[0].basis.law}")
            if decided is None:
                _check_dated(step)
                work.pen.write(replace(step, step="determination"))
        work.pen.write(step)


def ledgers_of_all(look: Look, programmes: Sequence[Programme]) -> tuple[CaseLedger, ...]:
    """Return the ledgers of every case that this reviewer acts in: not of erased ones, nor of those left.

    A case of which something cannot be read has what was recorded, without the days that run by law; its page says why.
    """
    today, found = look.desk.today(), []
    for case in look.log.cases.values():
        # Deadlines follow from what was recorded or reported: a tip alone has none.
        if case.erased or look.desk.id not in case.members or not (case.steps or case.facts or case.answers):
            continue
        try:
            verdicts = judge_all(programmes, known_facts(look, case, programmes).facts, today)
        except (ReviewerError, WireError):
            verdicts = ()
        found.append(CaseLedger(case.id, fold_ledger(case.steps, verdicts, today)))
    return tuple(found)


def _check_days(step: LedgerStep, today: date) -> None:
    if step.done_on is not None and step.done_on > today:
        raise ActError("that day is still to come; write it as the day until which it must be done")
    if step.planned and step.step == "refused":
        raise ActError("a refusal cannot be due; record it when it came")
    if step.step in DAYS_MATTER and not step.planned:
        _check_dated(step)


def _check_dated(step: LedgerStep) -> None:
    if step.done_on is None:
        raise ActError("write the day: the time for an appeal hangs on it")


def _amount(step: LedgerStep) -> str | None:
    if step.amount is None:
        return None
    if step.step not in AMOUNTS:
        raise ActError("only an award and a payment have an amount; leave it empty")
    answer = parse_answer(find_question("collected_any"), step.amount)
    if answer.money is None:
        raise ActError("write the amount in digits with its currency, like this: 1500000 USD")
    return answer.text
