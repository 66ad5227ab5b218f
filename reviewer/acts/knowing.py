"""What is known in a case, for rewards: from the tip and from the case log, each fact with who said so."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

from reviewer.acts.desk_work import Look
from reviewer.acts.drafting import letters_of
from reviewer.case import Case
from reviewer.entry import Entry, of
from reviewer.errors import FactError
from reviewer.rewards.facts import CaseFacts, Fact, SaidBy
from reviewer.rewards.ledger import facts_of
from reviewer.rewards.outcomes import Reported, reported_outcomes
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import find_question, parse_answer
from wire.content_rewards import FactStated, LedgerStep

FROM_THE_TIP: Final = ("reward_wish", "willing_to_testify")
"""Answers of the tip form that are facts as they stand."""


@dataclass(frozen=True)
class Known:
    """What is known in a case.

    Attributes:
        facts: what counts, the answers of the tip first.
        uncounted: what was recorded, but answers no question that this app knows in a way that it can read.
        outcomes: what offices reported, in the order in which it counts.
    """

    facts: CaseFacts
    uncounted: tuple[Entry[FactStated], ...]
    outcomes: tuple[Reported, ...]


def known_facts(look: Look, case: Case, programmes: Sequence[Programme]) -> Known:
    """Return what is known in a case: from its letters, then as recorded, in the order of the log.

    Args:
        look: at the vault.
        case: which one.
        programmes: those that there are; steps of their ledgers answer questions, too, as outcomes do that an office
            reported under their laws.
    """
    facts = _from_letters(look, case)
    uncounted: list[Entry[FactStated]] = []
    reported = reported_outcomes(case, programmes)
    for entry in case.entries:
        facts += reported[entry.id].facts if entry.id in reported else ()
        facts += facts_of(of((entry,), LedgerStep), programmes)
        facts += _stated(of((entry,), FactStated), uncounted)
    outcomes = tuple(reported[entry.id] for entry in case.entries if entry.id in reported)
    return Known(CaseFacts(tuple(facts)), tuple(uncounted), outcomes)


def _from_letters(look: Look, case: Case) -> list[Fact]:
    """Return what the source chose on the form; a page shows all they wrote, so what answers nothing is left out."""
    facts = []
    first = min((letter.on for letter in case.letters), default=look.desk.today())
    for letter in letters_of(look, case.id):
        for name in FROM_THE_TIP:
            # Whoever seals their own letter writes into its fields what no form offers.
            with suppress(FactError):
                if name in letter.fields:
                    answer = parse_answer(find_question(name), str(letter.fields[name]))
                    facts.append(Fact(name, answer, "source", "", first))
    return facts


def _stated(entries: Sequence[Entry[FactStated]], uncounted: list[Entry[FactStated]]) -> list[Fact]:
    """Return what was recorded as a fact; put what answers nothing with the uncounted."""
    facts = []
    for entry in entries:
        said = entry.content
        try:
            answer = parse_answer(find_question(said.name), said.value)
        except FactError:
            uncounted.append(entry)
            continue
        facts.append(Fact(said.name, answer, cast("SaidBy", said.said_by), entry.author, said.on))
    return facts
