"""What offices reported of a case, and which questions that answers by itself (pure)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.case import Case
from reviewer.proposal import OfficeAnswer
from reviewer.rewards.facts import Fact
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import find_question, parse_answer
from wire.outcome import Outcome

HANDED_OVER: Final = frozenset({"approved", "sent"})
"""States of a dossier to which an answer counts: enough reviewers approved it for that very office."""


@dataclass(frozen=True)
class Reported:
    """An outcome that an office reported.

    Attributes:
        answer: the office's, with who imported it and when.
        proposal: the dossier that it answers, 32 bytes.
        facts: what it answers by itself.
        by_hand: names of the questions that a reviewer can answer from it, since it names no law of a programme of its
            country.
    """

    answer: OfficeAnswer
    proposal: bytes
    facts: tuple[Fact, ...]
    by_hand: tuple[str, ...]


def reported_outcomes(case: Case, programmes: Sequence[Programme]) -> dict[bytes, Reported]:
    """Return the outcomes that offices reported of a case, by the events of the case log in whose place they count.

    What was imported twice counts once. Of one office, what it answered later counts later, in whichever order the
    answers were imported.
    """
    asked = tuple(dict.fromkeys(name for programme in programmes for name in programme.questions))
    bases = [programme.rules[0].basis for programme in programmes]
    by_office: dict[bytes, list[tuple[OfficeAnswer, bytes]]] = {}
    seen = set()
    for answer, proposal in _in_order(case):
        if answer.receipt not in seen:
            seen.add(answer.receipt)
            by_office.setdefault(answer.receipt.office, []).append((answer, proposal))
    found = {}
    for answers in by_office.values():
        later_last = sorted(answers, key=lambda each: each[0].receipt.opened)
        for (place, _), (answer, proposal) in zip(answers, later_last, strict=True):
            outcome = answer.receipt.outcome
            countries = {basis.country for basis in bases if outcome is not None and basis.law == outcome.law}
            at_home = outcome is not None and outcome.country.lower() in countries
            # A law of another country's programme contradicts the outcome's own country: nothing follows from either.
            facts = () if outcome is None or (countries and not at_home) else _facts(answer, outcome, asked)
            by_hand = () if outcome is None or at_home else _by_hand(outcome, asked)
            found[place.event] = Reported(answer, proposal, facts, by_hand)
    return found


def answers_of(outcome: Outcome) -> dict[str, str]:
    """Return every question that an outcome answers, whether a programme asks it or not, and how."""
    answers = {}
    if outcome.law:
        answers = {f"{word}_{outcome.law}": "yes" for word in outcome.happened if word != "charge"}
        answers |= {f"{name}_{outcome.law}": text for name, text in _amounts(outcome) if text}
    # Whoever charges somebody has proceedings under way.
    proceedings = outcome.proceedings or ("under_way" if "charge" in outcome.happened else None)
    if proceedings is not None:
        about = (outcome.country.lower(), *((outcome.law,) if outcome.law else ()))
        answers |= {f"proceedings_{each}": proceedings for each in about}
    return answers


def _in_order(case: Case) -> Iterable[tuple[OfficeAnswer, bytes]]:
    place = {entry.id: place for place, entry in enumerate(case.entries)}
    found = [
        (answer, proposal.id)
        for proposal in case.proposals
        if proposal.state in HANDED_OVER
        for answer in proposal.answers
        if answer.receipt.kind == "outcome"
    ]
    return sorted(found, key=lambda each: place[each[0].event])


def _facts(answer: OfficeAnswer, outcome: Outcome, asked: Collection[str]) -> tuple[Fact, ...]:
    return tuple(
        Fact(name, parse_answer(find_question(name), text), "office", answer.author, answer.on, signed=True)
        for name, text in answers_of(outcome).items()
        if name in asked
    )


def _by_hand(outcome: Outcome, asked: Iterable[str]) -> tuple[str, ...]:
    """Return what it may answer, first of the laws of its own country: their words begin with it."""
    told = {*outcome.happened, *(name for name, text in _amounts(outcome) if text)}
    found = [question for question in map(find_question, asked) if question.family in told]
    found.sort(key=lambda question: not question.about.startswith(f"{outcome.country.lower()}-"))
    return tuple(question.name for question in found)


def _amounts(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    return ("collected", outcome.collected), ("sanctions", outcome.sanctions)
