"""The log: every entry of every author in the one order, and what in it does not add up."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, render_template, request

from reviewer import words
from reviewer.acts.desk_work import Look
from reviewer.chain import Known
from reviewer.language import LazyText, lazy
from reviewer.pages.inbox import notices_of
from reviewer.station import Station
from reviewer.store import letters
from reviewer.store import log as store
from wire.content import parse_content
from wire.content_kind import CaseContent
from wire.errors import EventError

A_PAGE: Final = 200
UNREADABLE: Final = lazy("an entry that is not yours to read, or was erased")
MALFORMED: Final = lazy("an entry that makes no sense")


@dataclass(frozen=True)
class Line:
    """One entry of the log.

    Attributes:
        place: in the one order, from 1.
        author: label.
        number: in the author's chain.
        on: the author's day, None where the entry cannot be read.
        what: in the reader's language.
        case: its case in hexadecimal, None where it has none or cannot be read.
        id: the first characters of its id.
    """

    place: int
    author: str
    number: int
    on: date | None
    what: LazyText
    case: str | None
    id: str


@dataclass(frozen=True)
class Author:
    """An author's chain: how long it is, and when it last grew here."""

    label: str
    number: int
    heard_on: date | None


def make_blueprint(station: Station) -> Blueprint:
    """Return the log's page."""
    log = Blueprint("log", __name__)

    @log.get("/log")
    def show() -> str:
        with station.hand().look() as look:
            order = look.log.chains.order
            start = max(len(order) - A_PAGE * max(request.args.get("page", 1, int), 1), 0)
            end = max(len(order) - A_PAGE * (max(request.args.get("page", 1, int), 1) - 1), 0)
            lines = [_line(look, place, known) for place, known in enumerate(order[start:end], start + 1)]
            return render_template(
                "log.html",
                lines=lines[::-1],
                older=start > 0,
                page=max(request.args.get("page", 1, int), 1),
                authors=_authors(look),
                chains=look.log.chains,
                labels={one.id: one.label for one in look.roster.reviewers},
                notices=notices_of(look),
                aside=[(name.hex()[:12], shelf, words.reason(why), on) for name, shelf, why, on in _aside(look)],
            )

    return log


def _aside(look: Look) -> tuple[tuple[bytes, str, str, date], ...]:
    return letters.all_set_aside(look.connection)[:100]


def _authors(look: Look) -> list[Author]:
    seen = store.seen(look.connection)
    last = look.log.chains.last
    return [
        Author(one.label, last[one.id].number if one.id in last else 0, seen.get(one.id))
        for one in look.roster.reviewers
    ]


def _line(look: Look, place: int, known: Known) -> Line:
    on, what, case = None, UNREADABLE, None
    if known.opened is not None:
        try:
            content = parse_content(known.opened.content)
        except EventError:
            what = MALFORMED
        else:
            on, what = content.on, words.KINDS[content.kind]
            case = content.case.hex() if isinstance(content, CaseContent) else None
    return Line(place, look.label(known.author), known.number, on, what, case, known.id.hex()[:12])
