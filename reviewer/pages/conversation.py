"""The conversation with a source: letters and replies in turn, and a box to answer."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from reviewer.acts import talk
from reviewer.acts.desk_work import Look
from reviewer.case import Case
from reviewer.pages.case import ShownLetter, shown_letters
from reviewer.pages.forms import hex_value, text
from reviewer.pages.frame import find_case, head
from reviewer.station import Station
from reviewer.store import log as store


@dataclass(frozen=True)
class Turn:
    """A letter of the source, or a reply of a reviewer (then ``letter`` is None)."""

    letter: ShownLetter | None
    who: str = ""
    on: date | None = None
    text: str = ""


def make_blueprint(station: Station) -> Blueprint:
    """Return the conversation of a case."""
    conversation = Blueprint("conversation", __name__)

    @conversation.get("/cases/<case_id>/conversation")
    def show(case_id: str) -> str:
        with station.hand().look() as look:
            case = find_case(look, case_id)
            waiting = len(store.outgoing_of(look.connection, case.id, "reply"))
            return render_template(
                "conversation.html", head=head(look, case), turns=_turns(look, case), waiting=waiting
            )

    @conversation.post("/cases/<case_id>/reply")
    def reply(case_id: str) -> Response:
        talk.reply(station.hand(), hex_value(case_id, 16), text("text"))
        return redirect(url_for("conversation.show", case_id=case_id), 303)

    return conversation


def _turns(look: Look, case: Case) -> list[Turn]:
    """Letters by number; after each the replies whose reviewer had seen that far."""
    turns: list[tuple[int, int, Turn]] = [(letter.number, 0, Turn(letter)) for letter in shown_letters(look, case)]
    for place, entry in enumerate(case.replies, 1):
        said = entry.content
        turns.append((said.seen, place, Turn(None, look.label(entry.author), said.on, said.text)))
    return [turn for _, _, turn in sorted(turns, key=lambda each: each[:2])]
