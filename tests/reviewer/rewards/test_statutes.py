"""Every rule of the shipped programmes against cases from its statute, one line of statutes.txt each."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewer.rewards.facts import CaseFacts
from reviewer.rewards.library import shipped
from reviewer.rewards.rule import Finding, Rule
from reviewer.rewards.verdict import judge
from tests.reviewer.rewards.cases import TODAY, facts

NEVER = "-"


@dataclass(frozen=True)
class Line:
    """One rule with the facts for which it holds, shuts out, and makes an award less."""

    citation: str
    programme: str
    kind: str
    holds: str
    shuts: str
    less: str

    def rule(self) -> Rule:
        """The shipped rule."""
        same = [line for line in LINES if line.title == self.title]
        rules = [rule for rule in RULES[self.programme] if (rule.citation, rule.kind) == (self.citation, self.kind)]
        return rules[same.index(self)]  # one programme may have two of one kind and citation, in order

    @property
    def title(self) -> str:
        """What its cases are called: by the citation."""
        return f"{self.citation} {self.kind} ({self.programme})"

    def find(self, stated: str) -> Finding:
        """What the rule comes to for facts."""
        return self.rule().find(facts(stated), TODAY)


def read_lines() -> list[Line]:
    """Return the table."""
    text = Path(__file__).with_name("statutes.txt").read_text("utf-8")
    return [Line(*line.split(" | ")) for line in text.splitlines() if line and not line.startswith("#")]


PROGRAMMES = {programme.id: programme for programme in shipped()}
RULES = {name: programme.rules for name, programme in PROGRAMMES.items()}
LINES = read_lines()


def good(programme: str) -> CaseFacts:
    """Return the facts for which every rule of a programme holds."""
    return facts(*(line.holds for line in LINES if line.programme == programme and line.holds != NEVER))


@pytest.mark.parametrize("line", [line for line in LINES if line.holds != NEVER], ids=lambda line: line.title)
def test_rule_holds(line: Line) -> None:
    """The facts that the statute asks for fulfil the rule, and no award is less for them."""
    found = line.find(line.holds)
    assert (found.state, found.reduced, found.citation) == ("holds", False, line.citation)


@pytest.mark.parametrize("line", [line for line in LINES if line.shuts != NEVER], ids=lambda line: line.title)
def test_rule_shuts_out(line: Line) -> None:
    """The facts that the statute excludes break the rule, and the finding cites it."""
    found = line.find(line.shuts)
    assert (found.state, found.citation) == ("broken", line.citation)


@pytest.mark.parametrize("line", [line for line in LINES if line.less != NEVER], ids=lambda line: line.title)
def test_rule_makes_an_award_less(line: Line) -> None:
    """The facts for which the statute pays less leave the rule whole, and say so."""
    found = line.find(line.less)
    assert (found.state, found.reduced) == ("holds", True)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.title)
def test_rule_is_open_without_facts(line: Line) -> None:
    """Knowing nothing, a rule asks some of its own questions, or holds where only bad news could break it."""
    rule = line.rule()
    found = line.find("")
    assert found.state in {"unknown", "holds"}
    assert set(found.asks) <= set(rule.questions)
    assert bool(found.asks) == (found.state == "unknown")


@pytest.mark.parametrize("name", RULES)
def test_programme_opens_when_all_of_its_rules_hold(name: str) -> None:
    """The cases that pass, taken together, open the programme."""
    assert judge(PROGRAMMES[name], good(name), TODAY).state == "open"


@pytest.mark.parametrize("line", [line for line in LINES if line.shuts != NEVER], ids=lambda line: line.title)
def test_one_broken_rule_shuts_the_programme(line: Line) -> None:
    """Beside everything good, the one case that fails shuts the programme out, and the verdict cites it."""
    verdict = judge(PROGRAMMES[line.programme], good(line.programme).adding(*facts(line.shuts).facts), TODAY)
    assert verdict.state == "shut"
    assert line.citation in {finding.citation for finding in verdict.reasons}


def test_every_rule_has_its_line() -> None:
    """The table lacks no rule of any shipped programme, and names none that is not there."""
    shipped_rules = [(rule.citation, name, rule.kind) for name, rules in RULES.items() for rule in rules]
    assert [(line.citation, line.programme, line.kind) for line in LINES] == shipped_rules


def test_every_rule_has_a_case_that_passes_and_one_that_does_not() -> None:
    """Only a text silent on officers, and the rule between programmes, have no case of their own that fails."""
    lacking = {line.kind for line in LINES if line.shuts == line.less == NEVER}
    assert lacking == {"officer", "no_other_programme"}
    assert {line.kind for line in LINES if line.holds == NEVER} == {"no_other_programme"}
