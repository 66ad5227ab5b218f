"""Acts and views about rewards: what is known in a case, by whom, and what was filed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, cast

from reviewer.acts.desk_work import Hand, Look, one_line, required
from reviewer.acts.drafting import letters_of
from reviewer.case import Case
from reviewer.entry import Entry
from reviewer.errors import ActError, FactError
from reviewer.rewards.facts import SAID_BY, CaseFacts, Fact, SaidBy
from reviewer.rewards.questions import find_question, parse_answer
from wire.content_rewards import FactStated, ProgrammeFiled

FROM_THE_TIP: Final = ("reward_wish", "willing_to_testify")
"""Answers of the tip form that are facts as they stand."""


@dataclass(frozen=True)
class Known:
    """What is known in a case.

    Attributes:
        facts: what counts, the answers of the tip first.
        uncounted: what was recorded, but answers no question that this app knows in a way that it can read.
    """

    facts: CaseFacts
    uncounted: tuple[Entry[FactStated], ...]


def known_facts(look: Look, case: Case) -> Known:
    """Return what is known in a case: from its letters, then as recorded, in the order of the log."""
    facts = []
    first = min((letter.on for letter in case.letters), default=look.desk.today())
    for letter in letters_of(look, case.id):
        for name in FROM_THE_TIP:
            if name in letter.fields:
                answer = parse_answer(find_question(name), str(letter.fields[name]))
                facts.append(Fact(name, answer, "source", "", first))
    uncounted = []
    for entry in case.facts:
        said = entry.content
        try:
            answer = parse_answer(find_question(said.name), said.value)
        except FactError:
            uncounted.append(entry)
            continue
        facts.append(Fact(said.name, answer, cast("SaidBy", said.said_by), entry.author, said.on))
    return Known(CaseFacts(tuple(facts)), tuple(uncounted))


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


def file_programme(hand: Hand, case_id: bytes, filed: ProgrammeFiled, programmes: Collection[str]) -> None:
    """Record that a reward programme's form was filed.

    Args:
        hand: who records it.
        case_id: 16 bytes.
        filed: by whom, which form, on which day if it is known.
        programmes: ids of those that there are.

    Raises:
        ActError: there is no such programme, or it does not say who filed.
    """
    with hand.work() as work:
        work.case(case_id)
        if filed.programme not in programmes:
            raise ActError("there is no such programme; choose from the list")
        required(filed.by, ActError("who filed it is missing; write it and try again"))
        work.pen.write(filed)
