"""Rewards: for each programme what the facts come to, why, and the next step; and the facts, with who said so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reviewer import ledger_words
from reviewer import reward_words as words
from reviewer.acts import rewards as acts
from reviewer.acts.drafting import files_of
from reviewer.acts.knowing import known_facts
from reviewer.acts.outcomes import outcomes_seen
from reviewer.errors import FactError
from reviewer.language import current_language
from reviewer.pages.asking import shown_questions
from reviewer.pages.facts import shown_facts
from reviewer.pages.forms import hex_value, text
from reviewer.pages.frame import find_case, head
from reviewer.pages.ledger import shown_ledgers
from reviewer.pages.outcomes import shown_outcomes
from reviewer.rewards.facts import SAID_BY
from reviewer.rewards.ledger import fold_ledger
from reviewer.rewards.library import is_old
from reviewer.rewards.programme import TOPICS, Programme
from reviewer.rewards.questions import ALONE, find_question, who_knows
from reviewer.rewards.rule import Finding
from reviewer.rewards.table import Text, in_language
from reviewer.rewards.verdict import STATES, Verdict, arranged, judge_all, open_questions
from reviewer.rewards.warnings import find_wish
from reviewer.station import Station

FIRST: Final = 5
"""How many open questions stand at the top."""

RARITY_SOURCE: Final = "GAO-18-279; https://gao.gov/blog/2018/05/23/combating-wildlife-trafficking-through-rewards"
"""27 rewards, 205,500 US dollars in all, by the Fish and Wildlife Service and NOAA in the fiscal years 2007 to 2017."""


@dataclass(frozen=True)
class Why:
    """One reason: in the reader's words, then as the rule has it, and where that stands."""

    words: str
    rule: Text
    citation: str


@dataclass(frozen=True)
class Shown:
    """A verdict as a page shows it.

    Attributes:
        programme: the programme.
        state: open, missing or shut.
        reasons: why.
        step: what to do next.
        question: name of the one that the step is about; empty for none.
        more: how many further questions are open.
        deadline: a day and where it stands, None for none.
        old: whether the record must be checked again.
    """

    programme: Programme
    state: str
    reasons: tuple[Why, ...]
    step: str
    question: str
    more: int
    deadline: tuple[date, str] | None
    old: bool


def make_blueprint(station: Station) -> Blueprint:
    """Return the reward panel of a case."""
    rewards = Blueprint("rewards", __name__)
    _add_pages(rewards, station)

    @rewards.post("/cases/<case_id>/fact")
    def state(case_id: str) -> Response:
        acts.state_fact(station.hand(), hex_value(case_id, 16), text("name"), text("value"), text("said_by"))
        return redirect(url_for("rewards.show", case_id=case_id), 303)

    return rewards


def _add_pages(rewards: Blueprint, station: Station) -> None:
    @rewards.get("/cases/<case_id>/rewards")
    def show(case_id: str) -> str:
        hand = station.hand()
        with hand.look() as look:
            case = find_case(look, case_id)
            known, today = known_facts(look, case, station.programmes), look.desk.today()
            verdicts = judge_all(station.programmes, known.facts, today)
            names, questions = _names(station.programmes), open_questions(verdicts)
            page = render_template(
                "rewards.html",
                head=head(look, case),
                groups=_groups(arranged(verdicts), names, today),
                first=[_asked(name, names, verdicts) for name in questions[:FIRST]],
                asking=shown_questions(look, case, questions, question_words(station.programmes)),
                facts=shown_facts(known.facts.facts, known.facts, names, look),
                unsigned={
                    each.id: shown_facts(known.facts.unsigned(each.questions), known.facts, names, look)
                    for each in station.programmes
                },
                uncounted=[(entry.content, look.label(entry.author)) for entry in known.uncounted],
                outcomes=shown_outcomes(known.outcomes, names, look),
                ledgers=shown_ledgers(fold_ledger(case.steps, verdicts, today), station.programmes, case, look),
                documents=[file for file in files_of(look, case) if file.added is not None],
                chosen=request.args.get("programme", ""),
                ledger_words=ledger_words,
                questions=_all_questions(station.programmes, names),
                programmes=station.programmes,
                wish=find_wish(known.facts),
                rarity_source=RARITY_SOURCE,
                say=_say,
                topics=[(topic, words.TOPICS[topic]) for topic in TOPICS],
                words=words,
            )
        outcomes_seen(hand.desk, case, len(known.outcomes))
        return page

    @rewards.get("/cases/<case_id>/fact")
    def ask(case_id: str) -> str:
        question = find_question(request.args.get("question", ""))
        with station.hand().look() as look:
            case = find_case(look, case_id)
            known, names = known_facts(look, case, station.programmes), _names(station.programmes)
            return render_template(
                "fact.html",
                head=head(look, case),
                question=question,
                asked=words.question(question, names),
                rules=_rules_asking(question.name, station.programmes),
                facts=shown_facts(known.facts.of(question.name), known.facts, names, look),
                said_by=[(each, words.SAID_BY[each]) for each in SAID_BY],
                answer=words.answer,
                say=_say,
            )


def _say(text: Text) -> tuple[str, str]:
    return in_language(text, current_language())


def _names(programmes: Sequence[Programme]) -> dict[str, str]:
    """Return the programme's name for each law; of several under one law the first, whose law it is."""
    names: dict[str, str] = {}
    for programme in programmes:
        law = programme.rules[0].basis.law
        if law == programme.id or law not in names:
            names[law] = _say(programme.name)[1]
    return names


def question_words(programmes: Sequence[Programme]) -> Callable[[str], str]:
    """Return what gives a question's words in the reader's language; the bare name of one that there is no more."""
    names = _names(programmes)

    def words_of(name: str) -> str:
        try:
            return _question(name, names)
        except FactError:
            return name

    return words_of


def _question(name: str, names: dict[str, str]) -> str:
    return words.question(find_question(name), names)


def _groups(verdicts: Sequence[Verdict], names: dict[str, str], today: date) -> list[tuple[str, str, list[Shown]]]:
    ids = {verdict.programme.id: _say(verdict.programme.name)[1] for verdict in verdicts}
    groups: list[tuple[str, str, list[Shown]]] = []
    for state in STATES:
        of_state = [verdict for verdict in verdicts if verdict.state == state]
        groups.append((state, str(words.STATES[state]), [_shown(each, names, ids, today) for each in of_state]))
    return groups


def _shown(verdict: Verdict, names: dict[str, str], ids: dict[str, str], today: date) -> Shown:
    step = verdict.next_step
    deadline = verdict.deadline
    return Shown(
        programme=verdict.programme,
        state=verdict.state,
        reasons=(*_reasons(verdict, names, ids), *map(_less, verdict.reduced)),
        step=str(words.STEPS[step.what]) % {"form": step.form},
        question=step.question,
        more=max(0, len(verdict.asks) - 1),
        deadline=None if deadline is None else (deadline.day, deadline.citation),
        old=is_old(verdict.programme, today),
    )


def _reasons(verdict: Verdict, names: dict[str, str], ids: dict[str, str]) -> tuple[Why, ...]:
    if verdict.state == "open":
        return (Why(str(words.OPEN), (), verdict.programme.citation),)
    if verdict.state == "missing":
        asked = verdict.asks[0]
        citation = next(finding.citation for finding in verdict.reasons if asked in finding.asks)
        return (Why(str(words.MISSING) % {"question": _question(asked, names)}, (), citation),)
    others = ", ".join(ids[other] for other in verdict.instead)
    return tuple(
        Why(str(words.BROKEN[finding.rule.kind]) % {"names": others}, finding.rule.basis.text, finding.citation)
        for finding in verdict.reasons
    )


def _less(finding: Finding) -> Why:
    return Why(str(words.LESS[finding.rule.kind]), finding.rule.basis.text, finding.citation)


def _asked(name: str, names: dict[str, str], verdicts: Sequence[Verdict]) -> tuple[str, str, str, int]:
    """Return a question's name, its words, who can know, and how many programmes wait for it."""
    return name, _question(name, names), who_knows(name), sum(name in verdict.asks for verdict in verdicts)


def _all_questions(programmes: Sequence[Programme], names: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every question that can matter, by who can know: names and words."""
    found = dict.fromkeys((*ALONE, *(name for programme in programmes for name in programme.questions)))
    return [
        (asked, [(name, _question(name, names)) for name in found if who_knows(name) == asked]) for asked in SAID_BY
    ]


def _rules_asking(name: str, programmes: Sequence[Programme]) -> list[tuple[Text, str, Text]]:
    """Return the rules that a question is for: programme, citation and the rule's own words."""
    return [
        (programme.name, rule.citation, rule.basis.text)
        for programme in programmes
        for rule in programme.rules
        if name in rule.questions
    ]
