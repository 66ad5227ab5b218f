"""Rewards: for each programme what the law says, where that was read, and which facts the case still lacks."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from reviewer import words
from reviewer.acts import cases
from reviewer.acts.desk_work import Look
from reviewer.acts.drafting import letters_of
from reviewer.case import Case
from reviewer.pages.forms import day, hex_value, text
from reviewer.pages.frame import find_case, head
from reviewer.programmes import RARITY, Programme, facts_missing, known, programme_book, unverified
from reviewer.station import Station


@dataclass(frozen=True)
class Shown:
    """A programme with what the case lacks for it.

    Attributes:
        programme: as its law describes it.
        missing: questions without an answer, in the reader's language.
        answered: how many questions have one.
    """

    programme: Programme
    missing: tuple[str, ...]
    answered: int


def make_blueprint(station: Station) -> Blueprint:
    """Return the reward panel of a case."""
    rewards = Blueprint("rewards", __name__)

    @rewards.get("/cases/<case_id>/rewards")
    def show(case_id: str) -> str:
        with station.hand().look() as look:
            case = find_case(look, case_id)
            answers = _answers(look, case)
            book = programme_book()
            return render_template(
                "rewards.html",
                head=head(look, case),
                book=book,
                shown=[_shown(programme, answers) for programme in book.programmes],
                facts=[
                    (words.question(each.content.name), each.content, look.label(each.author)) for each in case.facts
                ],
                filings=[(each.content, look.label(each.author)) for each in case.filings],
                questions=[(name, words.question(name)) for name in cases.questions()],
                wish=answers.get("reward_wish", ""),
                rarity=RARITY,
                known=known,
                unverified=unverified,
                anonymity=words.ANONYMITY,
            )

    @rewards.post("/cases/<case_id>/fact")
    def fact(case_id: str) -> Response:
        cases.state_fact(station.hand(), hex_value(case_id, 16), text("name"), text("value"), text("said_by"))
        return redirect(url_for("rewards.show", case_id=case_id), 303)

    @rewards.post("/cases/<case_id>/filed")
    def filed(case_id: str) -> Response:
        what = text("programme"), text("by"), text("form"), day("filed_on")
        cases.file_programme(station.hand(), hex_value(case_id, 16), *what)
        return redirect(url_for("rewards.show", case_id=case_id), 303)

    return rewards


def _answers(look: Look, case: Case) -> dict[str, str]:
    answers: dict[str, str] = {}
    for letter in letters_of(look, case.id):
        answers |= {name: str(value) for name, value in letter.fields.items()}
    return answers | {each.content.name: each.content.value for each in case.facts}


def _shown(programme: Programme, answers: dict[str, str]) -> Shown:
    missing = facts_missing(programme, answers)
    return Shown(programme, tuple(map(words.question, missing)), len(programme.questions) - len(missing))
