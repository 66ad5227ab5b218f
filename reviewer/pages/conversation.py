"""The conversation with a source: letters and replies in turn, a box to answer, and replies prepared for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reviewer.acts import talk
from reviewer.acts.asking import Asked, asked_of, source_languages
from reviewer.acts.deciding import open_warnings
from reviewer.acts.desk_work import Look
from reviewer.acts.knowing import known_facts
from reviewer.case import Case
from reviewer.errors import ActError
from reviewer.language import current_language
from reviewer.pages.asking import ShownQuestion, shown_question
from reviewer.pages.case import ShownLetter, shown_letters
from reviewer.pages.forms import hex_value, text
from reviewer.pages.frame import find_case, head
from reviewer.pages.rewards import question_words
from reviewer.prepared_replies import STATES, state_words, warning_words
from reviewer.rewards.programme import Programme
from reviewer.rewards.rules_time import InForce
from reviewer.rewards.table import in_language
from reviewer.rewards.verdict import judge
from reviewer.rewards.warnings import Purpose
from reviewer.source_words import in_languages
from reviewer.station import Station
from reviewer.store import replies
from reviewer.sync.replies import leave_today
from reviewer.timetable import PERIOD
from reviewer.warning_words import PREPARED


@dataclass(frozen=True)
class Turn:
    """A letter of the source, or a reply of a reviewer (then ``letter`` is None).

    Attributes:
        letter: of the source.
        who: label of the reviewer.
        on: the day on which the reply left, or on which it was written while it waits.
        text: of the reply.
        leaves: ``today`` or ``later`` while it waits; empty once it has left.
        asks: the question that the reply asks for rewards, in the reader's language; empty for none.
        may_answer: questions that the letter may be the answer to.
    """

    letter: ShownLetter | None
    who: str = ""
    on: date | None = None
    text: str = ""
    leaves: str = ""
    asks: str = ""
    may_answer: tuple[ShownQuestion, ...] = ()


def make_blueprint(station: Station) -> Blueprint:
    """Return the conversation of a case."""
    conversation = Blueprint("conversation", __name__)

    @conversation.get("/cases/<case_id>/conversation")
    def show(case_id: str) -> str:
        with station.hand().look() as look:
            case, words = find_case(look, case_id), question_words(station.programmes)
            return render_template(
                "conversation.html",
                head=head(look, case),
                turns=(*_turns(look, case, words), *_waiting(look, case, words)),
                hurried=look.desk.period if look.desk.period < PERIOD else None,
                prepared=_prepared(look, case, station.programmes),
                states=[(state, PREPARED[state]) for state in STATES],
                programmes=[(each.id, in_language(each.name, current_language())) for each in station.programmes],
            )

    @conversation.post("/cases/<case_id>/reply")
    def reply(case_id: str) -> Response:
        talk.reply(station.hand(), hex_value(case_id, 16), text("text"))
        return redirect(url_for("conversation.show", case_id=case_id), 303)

    return conversation


def _turns(look: Look, case: Case, words: Callable[[str], str]) -> list[Turn]:
    """Letters by number; after each the replies whose reviewer had seen that far."""
    asked = asked_of(look, case)
    turns: list[tuple[int, int, Turn]] = [
        (letter.number, 0, Turn(letter, may_answer=_may_answer(letter.number, asked, words)))
        for letter in shown_letters(look, case)
    ]
    for place, entry in enumerate(case.replies, 1):
        said = entry.content
        asks = words(said.asks) if said.asks else ""
        turns.append((said.seen, place, Turn(None, look.label(entry.author), said.on, said.text, asks=asks)))
    return [turn for _, _, turn in sorted(turns, key=lambda each: each[:2])]


def _may_answer(number: int, asked: dict[str, Asked], words: Callable[[str], str]) -> tuple[ShownQuestion, ...]:
    return tuple(shown_question(name, words, one) for name, one in asked.items() if one.may_answer(number))


def _waiting(look: Look, case: Case, words: Callable[[str], str]) -> list[Turn]:
    """Return the replies that were written here and have not left; those that are in the log stand there."""
    today = leave_today(look.connection, look.desk)
    return [
        Turn(
            None,
            look.label(look.desk.id),
            one.on,
            one.text,
            "today" if one.serial in today else "later",
            words(one.asks) if one.asks else "",
        )
        for one in replies.waiting(look.connection)
        if one.case_id == case.id and one.signed is None
    ]


def _prepared(look: Look, case: Case, programmes: tuple[Programme, ...]) -> str:
    """Return the words with which the box begins: those that the address asks for, or none.

    Raises:
        ActError: there are no such words.
    """
    say = request.args.get("say", "")
    languages = source_languages(look, case)
    if not say:
        return ""
    if say in {"forward", "publish"}:
        purpose: Purpose = "forward" if say == "forward" else "publish"
        warnings = open_warnings(look, case, programmes, purpose)
        return in_languages(languages, lambda language: warning_words(warnings, purpose, language))
    programme = next((each for each in programmes if each.id == request.args.get("programme", "")), None)
    if say not in STATES or programme is None:
        raise ActError("there are no such words; go back and choose again")
    facts = known_facts(look, case, programmes).facts
    deadline = judge(programme, facts, look.desk.today()).deadline
    due = None if deadline is None or isinstance(deadline.rule, InForce) else deadline.day
    return in_languages(languages, lambda language: state_words(say, programme, due, language))
