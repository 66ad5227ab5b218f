"""A case: what the source wrote, what the reviewers make of it, and every act within it."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reviewer import words
from reviewer.acts import cases, dossiers
from reviewer.acts.attesting import said_in
from reviewer.acts.desk_work import Look
from reviewer.acts.drafting import letters_of
from reviewer.case import Case
from reviewer.language import LazyText, gettext
from reviewer.pages.attested import ShownKnown, shown_known
from reviewer.pages.dossiers import shown
from reviewer.pages.forms import hex_value, text
from reviewer.pages.frame import find_case, head, offer_of
from reviewer.station import Station
from reviewer.store import keys, letters
from reviewer.sync.handing import handed_wrongly
from wire.content import Assigned, CaseOpened, ExhibitAdded, Handed, Joined, Recused
from wire.content_kind import Content
from wire.letter import Letter, decode_content
from wire.tipform import FIELDS


@dataclass(frozen=True)
class ShownLetter:
    """A letter as the case page shows it.

    Attributes:
        number: as the source counted.
        week: when it was sealed.
        verified_by: labels of the reviewers whose apps verified that the source wrote it.
        verified: whether these are two or more.
        sealed: how, in plain words.
        story: as the source wrote it.
        answers: label and answer of each field that the source filled in.
        files: how many.
        danger: whether somebody is in danger now.
        copies: how many letters came with the same form.
        language: that the source chose.
        not_to: labels of who was left out.
        handed_by: label of who gave it to this reviewer when they joined; empty when this app opened it itself.
        known: since when it is known.
    """

    number: int
    week: str
    verified_by: tuple[str, ...]
    verified: bool
    sealed: LazyText
    story: str
    answers: tuple[tuple[str, str], ...]
    files: int
    danger: bool
    copies: int
    language: str
    not_to: tuple[str, ...]
    handed_by: str
    known: ShownKnown


def make_blueprint(station: Station) -> Blueprint:
    """Return the pages of a case."""
    case = Blueprint("case", __name__)

    @case.get("/cases/new")
    def new() -> str:
        with station.hand().look() as look:
            others = [one for one in look.roster.reviewers if one.id != look.desk.id]
        return render_template("case_new.html", others=others)

    @case.post("/cases/new")
    def open_case() -> Response:
        case_id = cases.open_case(station.hand(), text("title"), request.form.getlist("members"), text("note"))
        return redirect(url_for("case.show", case_id=case_id.hex()), 303)

    @case.get("/cases/<case_id>")
    def show(case_id: str) -> str:
        hand = station.hand()
        with hand.look() as look:
            found = find_case(look, case_id)
            page = _page(look, found)
            read = len(letters_of(look, found.id))
        with hand.desk.vault.begin() as connection:
            keys.set_property(connection, f"read/{case_id}", str(read).encode())
        return page

    @case.get("/cases/<case_id>/history")
    def history(case_id: str) -> str:
        with station.hand().look() as look:
            found = find_case(look, case_id)
            entries = [_step(look, entry.author, entry.content) for entry in found.entries]
            return render_template("history.html", head=head(look, found), entries=entries)

    _add_acts(case, station)
    return case


def _add_acts(case: Blueprint, station: Station) -> None:
    def back(case_id: str) -> Response:
        return redirect(url_for("case.show", case_id=case_id), 303)

    @case.post("/cases/<case_id>/note")
    def note(case_id: str) -> Response:
        cases.note(station.hand(), hex_value(case_id, 16), text("text"))
        return back(case_id)

    @case.post("/cases/<case_id>/assign")
    def assign(case_id: str) -> Response:
        cases.assign(station.hand(), hex_value(case_id, 16), text("reviewer"))
        return back(case_id)

    @case.post("/cases/<case_id>/status")
    def status(case_id: str) -> Response:
        cases.set_status(station.hand(), hex_value(case_id, 16), text("status"))
        return back(case_id)

    @case.post("/cases/<case_id>/hold")
    def hold(case_id: str) -> Response:
        cases.hold(station.hand(), hex_value(case_id, 16), text("reason"))
        return back(case_id)

    @case.post("/cases/<case_id>/resume")
    def resume(case_id: str) -> Response:
        cases.resume(station.hand(), hex_value(case_id, 16), text("reason"))
        return back(case_id)

    @case.post("/cases/<case_id>/recuse")
    def recuse(case_id: str) -> Response:
        cases.recuse(station.hand(), hex_value(case_id, 16), text("reviewer"), text("reason"))
        return back(case_id)

    @case.post("/cases/<case_id>/join")
    def join(case_id: str) -> Response:
        cases.join(station.hand(), hex_value(case_id, 16), text("reviewer"))
        return back(case_id)

    @case.post("/cases/<case_id>/erase")
    def erase(case_id: str) -> Response:
        proposal = dossiers.propose_erasure(station.hand(), hex_value(case_id, 16), text("reason"))
        return redirect(url_for("dossiers.proposal", case_id=case_id, proposal=proposal.hex()), 303)


def _page(look: Look, case: Case) -> str:
    members = [one for one in look.roster.reviewers if one.id in case.members]
    others = [one for one in look.roster.reviewers if one.id not in case.members]
    return render_template(
        "case.html",
        head=head(look, case),
        letters=shown_letters(look, case),
        offer=offer_of(look, case),
        notes=[(look.label(entry.author), entry.content) for entry in case.notes],
        holds=[(look.label(entry.author), entry.content) for entry in case.holds],
        conflicts=[
            *(words.CONFLICT[conflict.kind] for conflict in (*case.conflicts, *said_in(look, case).conflicts)),
            *(words.CONFLICT["handed"] for _ in handed_wrongly(look.connection, case)),
        ],
        members=members,
        others=others,
        recused=[look.label(one) for one in sorted(case.recused)],
        statuses=words.STATUS,
        status=case.status,
        waiting=[
            (shown(look, case, each), look.desk.id in each.approvals)
            for each in case.proposals
            if each.state in {"open", "held"}
        ],
        me=look.desk.id,
    )


def shown_letters(look: Look, case: Case) -> tuple[ShownLetter, ...]:
    """Return the letters of a case as they are shown; a form that came twice is shown once."""
    told, said = {seen.letter: seen for seen in case.letters}, said_in(look, case)
    stored = [one for one in letters.letters_of(look.connection, case.id) if one.content is not None]
    shown: dict[tuple[bytes, int], ShownLetter] = {}
    for one in stored:
        assert one.content is not None
        seen = told.get(one.name)
        verified = seen.checked_by if seen is not None else frozenset({look.desk.id})
        letter = decode_content(one.content)
        before = shown.get((one.tip, one.number))
        copies = 1 if before is None else before.copies + 1
        handed_by = "" if one.handed_by is None else look.label(one.handed_by)
        known = shown_known(look, said.of(one.name))
        shown[one.tip, one.number] = _shown(look, letter, verified, copies, handed_by, known)
    return tuple(shown.values())


def _shown(
    look: Look, letter: Letter, verified: frozenset[str], copies: int, handed_by: str, known: ShownKnown
) -> ShownLetter:
    answers = ((one.name, str(letter.fields[one.name])) for one in FIELDS if letter.fields.get(one.name))
    return ShownLetter(
        number=letter.number,
        week=str(letter.week),
        verified_by=tuple(look.label(one) for one in sorted(verified)),
        verified=len(verified) >= 2,
        sealed=words.SEALED[letter.sealed],
        story=letter.story,
        answers=tuple((words.field(name), words.answer(value)) for name, value in answers),
        files=len(letter.files),
        danger=letter.fields.get("in_danger_now") == "yes",
        copies=copies,
        language=letter.language,
        not_to=tuple(look.label(one) for one in letter.not_to),
        handed_by=handed_by,
        known=known,
    )


@dataclass(frozen=True)
class Step:
    """One line of a history: the day, who, what, and of which letter, file or reviewer (may be empty)."""

    on: date
    who: str
    what: LazyText
    about: str


def _step(look: Look, author: str, content: Content) -> Step:
    return Step(content.on, look.label(author), words.KINDS[content.kind], _about(look, content))


def _about(look: Look, content: Content) -> str:
    if isinstance(content, CaseOpened):
        return gettext("Letter %(number)s", number=content.number) if content.number else ""
    if isinstance(content, Joined | Recused | Assigned | Handed):
        return look.label(content.reviewer)
    return content.name if isinstance(content, ExhibitAdded) else ""
