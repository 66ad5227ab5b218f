"""Acts about rewards: a fact stated by hand, and what was filed."""

from collections.abc import Collection

from reviewer.acts.desk_work import Hand, one_line, required
from reviewer.errors import ActError
from reviewer.rewards.facts import SAID_BY
from reviewer.rewards.questions import find_question, parse_answer
from wire.content_rewards import FactStated, ProgrammeFiled


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
