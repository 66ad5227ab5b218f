"""Every kind of rule, by the word that a programme's file calls it (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final

from reviewer.rewards import rules_case, rules_source, rules_time
from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.rule import Basis, Finding, Rule
from reviewer.rewards.table import Table


@dataclass(frozen=True)
class NoOtherProgramme(Rule):
    """Who can be paid by another programme of the same country is shut out of this one.

    What other programmes come to is no fact of the case, so the rule by itself always holds; `judge_all` applies it.
    """

    kind = "no_other_programme"

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """None of its own."""
        return ()

    def find(self, facts: CaseFacts, today: date) -> Finding:
        """Hold, as far as this programme alone is concerned."""
        del facts, today
        return self.holds()


KINDS: Final[Mapping[str, type[Rule]]] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            rules_case.Link,
            rules_case.Law,
            rules_case.Transnational,
            rules_case.NoGovernmentSuit,
            rules_case.Outcome,
            rules_case.Collected,
            rules_case.Threshold,
            rules_case.FirstReport,
            rules_case.FirstToFile,
            rules_source.Voluntary,
            rules_source.OwnKnowledge,
            rules_source.Named,
            rules_source.Truthful,
            rules_source.Officer,
            rules_source.Complicity,
            rules_source.Role,
            rules_source.Member,
            rules_source.AlreadyPublic,
            rules_source.PublicDisclosureBar,
            rules_source.Filing,
            rules_source.Counsel,
            rules_time.TimeLimit,
            rules_time.Limitation,
            rules_time.InForce,
            NoOtherProgramme,
        )
    }
)


def read_rule(table: Table, law: str, country: str) -> Rule:
    """Read one rule from a table of a programme's file.

    Args:
        table: with `kind`, `citation`, `text` (may be missing) and the fields of the kind.
        law: about which its questions are asked.
        country: of the programme, lower case.

    Raises:
        ProgrammeError: a field is missing, or is not as it must be, or does not belong there.
    """
    kind = KINDS[table.choice("kind", tuple(KINDS))]
    text = table.text("text", 1_000) if table.has("text") else ()
    rule = kind.read(Basis(table.line("citation", 400), text, law, country), table)
    table.end()
    return rule
