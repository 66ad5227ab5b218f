"""Asking the source, taking their answer, passing a challenge on, and deciding what could cost them an award."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from reviewer import reward_words
from reviewer.acts import asking as acts
from reviewer.acts import deciding
from reviewer.acts.asking import Asked
from reviewer.acts.deciding import Decision
from reviewer.acts.desk_work import Look
from reviewer.case import Case
from reviewer.entry import Entry
from reviewer.language import current_language
from reviewer.pages.forms import hex_value, small_file, text
from reviewer.pages.frame import find_case, head
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import Question, find_question, who_knows
from reviewer.rewards.table import in_language
from reviewer.rewards.warnings import HARMS, Purpose, RewardWarning
from reviewer.station import Station
from reviewer.warning_words import HARM_WORDS
from wire.content_asking import Decided


@dataclass(frozen=True)
class ShownQuestion:
    """A question that the source can know.

    Attributes:
        question: with its name and options.
        words: in the reader's language.
        options: value and label of each answer; empty where it is written.
        asked: when it was asked, and whether it waits or was answered; None when it was not.
    """

    question: Question
    words: str
    options: tuple[tuple[str, str], ...]
    asked: Asked | None


@dataclass(frozen=True)
class ShownWarning:
    """One warning.

    Attributes:
        name: of the programme, with its language.
        rule: in words, with their language; None for a rule without.
        citation: where it stands.
        due: the last day, None where none is known.
        form: what must be filed; may be empty.
        new: whether no decision names it.
    """

    name: tuple[str, str]
    rule: tuple[str, str] | None
    citation: str
    due: date | None
    form: str
    new: bool


@dataclass(frozen=True)
class ShownDecision:
    """A decision to go ahead: by whom, on which day, whether the source was told, why else, on how many warnings."""

    who: str
    on: date
    told: bool
    reason: str
    count: int


def make_blueprint(station: Station) -> Blueprint:
    """Return the forms about a source's questions and warnings."""
    asking = Blueprint("asking", __name__)

    @asking.post("/cases/<case_id>/ask")
    def ask(case_id: str) -> Response:
        acts.ask(station.hand(), hex_value(case_id, 16), text("question"), station.programmes)
        return redirect(url_for("rewards.show", case_id=case_id, _anchor="asking"), 303)

    @asking.post("/cases/<case_id>/answer")
    def answer(case_id: str) -> Response:
        acts.take_answer(station.hand(), hex_value(case_id, 16), text("question"), text("value"))
        return redirect(url_for("conversation.show", case_id=case_id), 303)

    @asking.post("/cases/<case_id>/challenge")
    def challenge(case_id: str) -> str:
        untrusted = small_file("challenge")
        with station.hand().look() as look:
            case = find_case(look, case_id)
            passing = acts.read_challenge(look, case, untrusted)
            return render_template("challenge.html", head=head(look, case), passing=passing)

    @asking.post("/cases/<case_id>/challenge/pass")
    def pass_on(case_id: str) -> Response:
        challenge = text("challenge").encode()
        acts.pass_challenge(station.hand(), hex_value(case_id, 16), challenge, sure=text("sure") == "yes")
        return redirect(url_for("conversation.show", case_id=case_id), 303)

    @asking.post("/cases/<case_id>/publish")
    def publish(case_id: str) -> Response:
        deciding.publish(station.hand(), hex_value(case_id, 16), station.programmes, decision())
        return redirect(url_for("dossiers.show", case_id=case_id), 303)

    return asking


def decision() -> Decision:
    """Return what the form says on open warnings."""
    return Decision(text("decision"), text("decision_reason"))


def shown_questions(
    look: Look, case: Case, names: Iterable[str], words: Callable[[str], str]
) -> dict[str, ShownQuestion]:
    """Return those of some questions that the source can know; none in a case without a source."""
    if not case.from_tip:
        return {}
    asked = acts.asked_of(look, case)
    return {name: shown_question(name, words, asked.get(name)) for name in names if who_knows(name) == "source"}


def shown_question(name: str, words: Callable[[str], str], asked: Asked | None) -> ShownQuestion:
    """Return a question as a page shows it."""
    question = find_question(name)
    options = tuple((option, reward_words.answer(option)) for option in question.options)
    return ShownQuestion(question, words(name), options, asked)


def shown_warnings(
    warnings: Sequence[RewardWarning], new: Iterable[RewardWarning] = ()
) -> list[tuple[str, str, list[ShownWarning]]]:
    """Return warnings by what would be lost: the short name, the words, and one line a programme."""
    fresh = {warning.name for warning in new}
    groups: list[tuple[str, str, list[ShownWarning]]] = []
    for harm in HARMS:
        lines = [_shown(warning, new=warning.name in fresh) for warning in warnings if warning.harm == harm]
        if lines:
            groups.append((harm, str(HARM_WORDS[harm]), lines))
    return groups


def _shown(warning: RewardWarning, *, new: bool) -> ShownWarning:
    rule = warning.rule
    words, language = rule.basis.text, current_language()
    return ShownWarning(
        name=in_language(warning.programme.name, language),
        rule=in_language(words, language) if words else None,
        citation=warning.citation,
        due=warning.due,
        form=warning.form,
        new=new,
    )


def shown_decision(look: Look, entry: Entry[Decided] | None) -> ShownDecision | None:
    """Return a decision as a page shows it."""
    if entry is None:
        return None
    said = entry.content
    return ShownDecision(look.label(entry.author), said.on, said.told, said.reason, len(said.warnings))


def decision_values(look: Look, case: Case, programmes: Sequence[Programme], purpose: Purpose) -> dict[str, object]:
    """Return what a page needs that asks for a decision."""
    return {"warnings": shown_warnings(deciding.open_warnings(look, case, programmes, purpose)), "purpose": purpose}
