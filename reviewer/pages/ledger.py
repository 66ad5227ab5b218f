"""The ledger of rewards: recording a step in a case, what is due in all cases, and a calendar of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from reviewer import ledger_words as words
from reviewer.acts import rewards as acts
from reviewer.acts.desk_work import Look, one_line
from reviewer.case import Case
from reviewer.entry import Entry
from reviewer.errors import ActError
from reviewer.language import current_language
from reviewer.pages.forms import day, hex_value, text
from reviewer.rewards.calendar import Reminder, write_calendar
from reviewer.rewards.ledger import Due, Overview, ProgrammeLedger, Waiting, overview
from reviewer.rewards.programme import Programme
from reviewer.rewards.table import Text, in_language
from reviewer.station import Station
from wire.content_rewards import LedgerStep

SHORT: Final = 8
"""Characters of a case's number by which a calendar names it."""

NARROW_SPACE: Final = "\u202f"
"""Between the thousands of a sum; no line breaks there."""


@dataclass(frozen=True)
class ShownStep:
    """A step as a page shows it.

    Attributes:
        said: the step.
        title: what was done, or is to be done.
        who: whose step it is.
        document: name of the exhibit; empty where there is none, or it is not here.
        author: label of who recorded it.
    """

    said: LedgerStep
    title: str
    who: str
    document: str
    author: str


@dataclass(frozen=True)
class ShownLedger:
    """A programme's ledger as a page shows it.

    Attributes:
        name: of the programme, its id where there is no such programme any more.
        state: where it stands.
        dues: what is due, until when, where that day stands, and whether it went by.
        history: every step.
    """

    name: Text
    state: str
    dues: tuple[tuple[str, Due, bool], ...]
    history: tuple[ShownStep, ...]


@dataclass(frozen=True)
class ShownDue:
    """A due day among all cases."""

    day: date
    what: str
    programme: Text
    citation: str
    case: str
    short: str
    title: str


def make_blueprint(station: Station) -> Blueprint:
    """Return the pages of the ledger."""
    ledger = Blueprint("ledger", __name__)

    @ledger.post("/cases/<case_id>/ledger")
    def record(case_id: str) -> AnyResponse:
        hand, case = station.hand(), hex_value(case_id, 16)
        acts.record_step(hand, case, _step_typed(case, hand.desk.today()), station.programmes)
        return redirect(url_for("rewards.show", case_id=case_id) + "#ledger", 303)

    @ledger.get("/rewards")
    def show() -> str:
        with station.hand().look() as look:
            found, names = _overview(look, station.programmes), _names(station.programmes)
            return render_template(
                "ledger.html",
                overdue=[_shown_due(each, names, look) for each in found.overdue],
                this_month=[_shown_due(each, names, look) for each in found.this_month],
                later=[_shown_due(each, names, look) for each in found.later],
                totals=[(_name(names, each.programme), each) for each in found.totals],
                say=_say,
                money=_money,
                words=words,
            )

    @ledger.get("/rewards/calendar.ics")
    def export() -> Response:
        with station.hand().look() as look:
            found, names = _overview(look, station.programmes), _names(station.programmes)
            today = look.desk.today()
        if not found.dues:
            raise ActError("nothing is due, so there is nothing for a calendar")
        answer = make_response(write_calendar([_reminder(each, names) for each in found.dues], today))
        answer.content_type = "text/calendar; charset=utf-8"
        answer.headers["Content-Disposition"] = 'attachment; filename="lapwing-rewards.ics"'
        return answer

    return ledger


def shown_ledgers(
    ledgers: Sequence[ProgrammeLedger], programmes: Sequence[Programme], case: Case, look: Look
) -> list[ShownLedger]:
    """Return the ledgers of a case as its reward page shows them."""
    names, today = _names(programmes), look.desk.today()
    documents = {entry.content.sha256: entry.content.name for entry in case.exhibits}
    return [
        ShownLedger(
            name=_name(names, each.programme),
            state=str(words.STATES[each.state]),
            dues=tuple((str(words.DUE[due.step]), due, due.day < today) for due in each.dues),
            history=tuple(_shown_step(entry, documents, look) for entry in each.history),
        )
        for each in ledgers
    ]


def _step_typed(case: bytes, today: date) -> LedgerStep:
    document = text("document")
    return LedgerStep(
        on=today,
        case=case,
        programme=text("programme"),
        step=text("step"),
        who=text("who"),
        by=one_line(text("by")),
        form=one_line(text("form")),
        number=one_line(text("number")),
        done_on=day("done_on"),
        due_on=day("due_on"),
        amount=one_line(text("amount")) or None,
        document=hex_value(document, 32) if document else None,
        note=text("note").strip(),
    )


def _shown_step(entry: Entry[LedgerStep], documents: dict[bytes, str], look: Look) -> ShownStep:
    said = entry.content
    return ShownStep(
        said=said,
        title=str((words.DUE if said.planned else words.STEPS)[said.step]),
        who=str(words.WHO[said.who]),
        document="" if said.document is None else documents.get(said.document, ""),
        author=look.label(entry.author),
    )


def _overview(look: Look, programmes: Sequence[Programme]) -> Overview:
    return overview(acts.ledgers_of_all(look, programmes), look.desk.today())


def _shown_due(waiting: Waiting, names: dict[str, Text], look: Look) -> ShownDue:
    due, case = waiting.due, look.log.cases[waiting.case]
    return ShownDue(
        day=due.day,
        what=str(words.DUE[due.step]),
        programme=_name(names, due.programme),
        citation=due.citation,
        case=case.id.hex(),
        short=case.id.hex()[:SHORT],
        title=case.title,
    )


def _reminder(waiting: Waiting, names: dict[str, Text]) -> Reminder:
    due = waiting.due
    name = b"lapwing/v1/reminder" + waiting.case + f"{due.programme} {due.step}".encode()
    said = {
        "programme": _say(_name(names, due.programme))[1],
        "step": str(words.DUE[due.step]),
        "case": waiting.case.hex()[:SHORT],
    }
    return Reminder(hashlib.sha256(name).hexdigest()[:32], due.day, str(words.REMINDER) % said)


def _names(programmes: Sequence[Programme]) -> dict[str, Text]:
    return {programme.id: programme.name for programme in programmes}


def _name(names: dict[str, Text], programme: str) -> Text:
    """Return a programme's name; of one that there is no more its id, which another reviewer's app may know."""
    return names.get(programme) or (("en", programme),)


def _say(name: Text) -> tuple[str, str]:
    return in_language(name, current_language())


def _money(sums: Sequence[tuple[str, Decimal]]) -> str:
    """Return sums of several currencies side by side, never added; no comma, which means another thing in French."""
    return " · ".join(f"{amount:,f} {currency}".replace(",", NARROW_SPACE) for currency, amount in sums)
