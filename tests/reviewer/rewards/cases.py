"""Facts of a case, written as `question=answer`, as tests state them."""

import re
from collections.abc import Iterable
from datetime import date

from reviewer.rewards.facts import CaseFacts, Fact, SaidBy
from reviewer.rewards.questions import find_question, parse_answer

TODAY = date(2026, 11, 24)
_NEXT = re.compile(r" (?=[a-z_]+[a-z0-9_-]*=)")


def fact(stated: str, said_by: SaidBy | None = None, on: date = TODAY) -> Fact:
    """Return a fact such as `public_official=no`, said by whom the question is for unless told otherwise."""
    name, _, answer = stated.partition("=")
    question = find_question(name)
    return Fact(name, parse_answer(question, answer), said_by or question.asked, "r1", on)


def facts(*stated: str) -> CaseFacts:
    """Return facts; one text may state several, with a space between them."""
    return CaseFacts(tuple(map(fact, split(stated))))


def split(stated: Iterable[str]) -> list[str]:
    """Return each single fact of texts that state several."""
    return [each for text in stated if text for each in _NEXT.split(text)]
