"""What offices reported, as the page of rewards shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reviewer import outcome_words
from reviewer import reward_words as words
from reviewer.acts.desk_work import Look
from reviewer.rewards.outcomes import Reported
from reviewer.rewards.questions import find_question
from wire.receipt import Receipt


@dataclass(frozen=True)
class ShownOutcome:
    """An outcome as a page shows it.

    Attributes:
        office: its name.
        receipt: what it signed.
        rows: what happened, under which law and so on: labels and values.
        imported: by whom, and when.
        proposal: the dossier that it answers, in hexadecimal.
        facts: the questions that it answers by itself, with the answers.
        by_hand: questions that a reviewer can answer from it: names and words.
    """

    office: str
    receipt: Receipt
    rows: tuple[tuple[str, str], ...]
    imported: str
    proposal: str
    facts: tuple[tuple[str, str], ...]
    by_hand: tuple[tuple[str, str], ...]


def shown_outcomes(found: Iterable[Reported], names: Mapping[str, str], look: Look) -> list[ShownOutcome]:
    """Return outcomes, the last one first.

    Args:
        found: in the order in which they count.
        names: of each law, its programme in the reader's language.
        look: for the labels of reviewers.
    """
    shown = [
        ShownOutcome(
            office=each.answer.office,
            receipt=each.answer.receipt,
            rows=() if each.answer.receipt.outcome is None else outcome_words.rows(each.answer.receipt.outcome, names),
            imported=look.label(each.answer.author),
            proposal=each.proposal.hex(),
            facts=tuple((_question(fact.question, names), words.answer(fact.answer.text)) for fact in each.facts),
            by_hand=tuple((name, _question(name, names)) for name in each.by_hand),
        )
        for each in found
    ]
    return shown[::-1]


def _question(name: str, names: Mapping[str, str]) -> str:
    return words.question(find_question(name), names)
