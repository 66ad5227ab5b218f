"""The inbox: what needs somebody now, then every case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, render_template

from reviewer import words
from reviewer.acts.desk_work import Look
from reviewer.acts.drafting import letters_of
from reviewer.acts.outcomes import new_outcomes
from reviewer.attention import KeysSeen, Notice, key_notices, log_notices
from reviewer.case import Case
from reviewer.errors import SyncError
from reviewer.language import LazyText
from reviewer.station import Station
from reviewer.store import keys, letters
from reviewer.store import log as store
from reviewer.sync.keys import files_leave_on
from reviewer.sync.sheets import signed_sheets
from reviewer.sync.watching import unseen_since
from wire.week import Week

LAST_DAYS: Final = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One case in the list.

    Attributes:
        id: in hexadecimal.
        title: may be empty.
        status: in the reader's language.
        from_tip: whether a source began it.
        verified_by: how many reviewers' apps verified its first letter.
        letters: how many letters it has.
        unread: how many of them came after the case was last looked at.
        danger: whether the source says that somebody is in danger now.
        held: whether it is on hold.
        waiting: how many proposals wait for this reviewer.
        assigned: labels of who takes it forward.
        on: the day of its last entry.
        conflicts: how many things in it people should look at.
    """

    id: str
    title: str
    status: LazyText
    from_tip: bool
    verified_by: int
    letters: int
    unread: int
    danger: bool
    held: bool
    waiting: int
    assigned: tuple[str, ...]
    on: date
    conflicts: int


def make_blueprint(station: Station) -> Blueprint:
    """Return the first page."""
    inbox = Blueprint("inbox", __name__)

    @inbox.get("/")
    def show() -> str:
        try:
            with station.hand().look() as look:
                lines = [_line(look, case) for case in look.log.cases.values() if not case.erased]
                erased = sum(case.erased for case in look.log.cases.values())
                notices = notices_of(look)
                labels = {one.id: one.label for one in look.roster.reviewers}
        except SyncError as error:
            return render_template("no_roster.html", trouble=str(error))
        lines.sort(key=lambda line: (line.danger, line.unread > 0, line.waiting > 0, line.on, line.id), reverse=True)
        return render_template("inbox.html", lines=lines, erased=erased, notices=notices, labels=labels)

    return inbox


def _line(look: Look, case: Case) -> Line:
    own = letters_of(look, case.id)
    read = int(keys.get_property(look.connection, f"read/{case.id.hex()}") or b"0")
    waiting = [
        each
        for each in case.proposals
        if each.state == "open" and look.desk.id not in each.approvals and look.desk.id in case.members
    ]
    return Line(
        id=case.id.hex(),
        title=case.title,
        status=words.STATUS[case.status],
        from_tip=case.from_tip,
        verified_by=len(case.letters[0].checked_by) if case.letters else 0,
        letters=len(case.letters),
        unread=max(len(own) - read, 0),
        danger=case.status == "open" and any(letter.fields.get("in_danger_now") == "yes" for letter in own),
        held=bool(case.holds),
        waiting=len(waiting),
        assigned=tuple(look.label(one) for one in case.assigned),
        on=max(entry.content.on for entry in case.entries),
        conflicts=len(case.conflicts),
    )


def notices_of(look: Look) -> tuple[Notice, ...]:
    """Return everything that a reviewer should look at first."""
    today = look.desk.today()
    stored = keys.period_keys(look.connection, look.roster.digest)
    last: dict[str, Week] = {}
    for key in stored:
        last[key.reviewer] = max(Week.parse(key.week), last.get(key.reviewer, Week.parse(key.week)))
    sheets = signed_sheets(look.connection, look.desk)
    seen = KeysSeen(
        last=last,
        contradicted=[(key.reviewer, key.week) for key in stored if key.contradicted],
        sheets={one.sheet.week for one in sheets if one.whole},
        others={one.sheet.week for one in sheets if one.by_others and not one.ours}
        - {one.sheet.week for one in sheets if one.whole and one.ours},
    )
    return (
        *key_notices(seen, look.roster, today),
        *log_notices(look.log.chains, look.roster, store.seen(look.connection), today),
        *(Notice("unseen", day=day) for day in [unseen_since(look.connection, today)] if day is not None),
        *_outcomes(look),
        *_leaving(look, today),
        *(Notice("letters", count=count) for count in [_suspicious(look)] if count),
        *(Notice("clock", count=count) for count in [_of_later_weeks(look, today)] if count),
    )


def _outcomes(look: Look) -> Iterable[Notice]:
    """Outcomes that came in since this reviewer last looked at the rewards of their case."""
    for case in look.log.cases.values():
        if look.desk.id in case.members and not case.erased and (count := new_outcomes(look, case)):
            yield Notice("outcome", count=count, case=case.id.hex(), title=case.title)


def _leaving(look: Look, today: date) -> tuple[Notice, ...]:
    """Files that nobody fetched, and that can be had for some days only."""
    offered = letters.letters_without_files(look.connection, "offered")
    days = [day for one in offered if (day := files_leave_on(one.week)) <= today + LAST_DAYS]
    return (Notice("files-leave", day=min(days) - timedelta(days=1), count=len(days)),) if days else ()


def _of_later_weeks(look: Look, today: date) -> int:
    """How many letters are of a later week than this clock says: it is behind, so this app does not attest them."""
    waiting = letters.letters_to_attest(look.connection)
    return sum(Week.parse(stored.week) > Week.of(today) for stored in waiting)


def _suspicious(look: Look) -> int:
    return sum(reason in {"mac", "sheet"} for _, _, reason, _ in letters.all_set_aside(look.connection))
