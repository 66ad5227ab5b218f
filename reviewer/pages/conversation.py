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
from reviewer.store import replies
from reviewer.sync.replies import leave_today
from reviewer.timetable import PERIOD


@dataclass(frozen=True)
class Turn:
    """A letter of the source, or a reply of a reviewer (then ``letter`` is None).

    Attributes:
        letter: of the source.
        who: label of the reviewer.
        on: the day on which the reply left, or on which it was written while it waits.
        text: of the reply.
        leaves: ``today`` or ``later`` while it waits; empty once it has left.
    """

    letter: ShownLetter | None
    who: str = ""
    on: date | None = None
    text: str = ""
    leaves: str = ""


def make_blueprint(station: Station) -> Blueprint:
    """Return the conversation of a case."""
    conversation = Blueprint("conversation", __name__)

    @conversation.get("/cases/<case_id>/conversation")
    def show(case_id: str) -> str:
        with station.hand().look() as look:
            case = find_case(look, case_id)
            turns = (*_turns(look, case), *_waiting(look, case))
            hurried = look.desk.period if look.desk.period < PERIOD else None
            return render_template("conversation.html", head=head(look, case), turns=turns, hurried=hurried)

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


def _waiting(look: Look, case: Case) -> list[Turn]:
    """Return the replies that were written here and have not left; those that are in the log stand there."""
    today = leave_today(look.connection, look.desk)
    return [
        Turn(None, look.label(look.desk.id), one.on, one.text, "today" if one.serial in today else "later")
        for one in replies.waiting(look.connection)
        if one.case_id == case.id and one.signed is None
    ]
