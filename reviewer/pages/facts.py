"""Facts of a case, as the pages of rewards show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from reviewer import reward_words as words
from reviewer.acts.desk_work import Look
from reviewer.rewards.facts import CaseFacts, Fact
from reviewer.rewards.questions import find_question


@dataclass(frozen=True)
class ShownFact:
    """A fact as a page shows it.

    Attributes:
        question: in words.
        answer: in words.
        said_by: who said so, and of an office whether it signed.
        author: label of who recorded it; empty for what stands in the tip itself.
        on: the day of it.
        disputed: whether somebody else says otherwise.
        signed: whether it follows from what an office signed.
    """

    question: str
    answer: str
    said_by: str
    author: str
    on: date
    disputed: bool
    signed: bool


def shown_facts(shown: Iterable[Fact], known: CaseFacts, names: Mapping[str, str], look: Look) -> list[ShownFact]:
    """Return facts as a page shows them.

    Args:
        shown: which ones.
        known: all that there are in the case, which may dispute them.
        names: of each law, its programme in the reader's language.
        look: for the labels of reviewers.
    """
    return [
        ShownFact(
            question=words.question(find_question(fact.question), names),
            answer=words.answer(fact.answer.text),
            said_by=str(words.SIGNED if fact.signed else words.SAID_BY[fact.said_by]),
            author="" if fact.from_letter else look.label(fact.author),
            on=fact.on,
            disputed=known.disputed(fact.question),
            signed=fact.signed,
        )
        for fact in shown
    ]
