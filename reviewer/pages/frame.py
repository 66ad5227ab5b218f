"""What every page of a case begins with, and what every page may ask for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reviewer import words
from reviewer.acts.desk_work import Hand, Look
from reviewer.acts.drafting import files_of
from reviewer.case import Case
from reviewer.errors import SyncError
from reviewer.language import LazyText, lazy
from reviewer.pages.forms import hex_value
from reviewer.store import letters
from reviewer.sync.keys import files_leave_on
from reviewer.sync.watching import alarms

TABS: Final[tuple[tuple[str, LazyText], ...]] = (
    ("case.show", lazy("Case")),
    ("conversation.show", lazy("Conversation")),
    ("exhibits.show", lazy("Exhibits")),
    ("rewards.show", lazy("Rewards")),
    ("dossiers.show", lazy("Dossier")),
    ("case.history", lazy("History")),
)


@dataclass(frozen=True)
class Head:
    """The head of a case's pages.

    Attributes:
        id: of the case, in hexadecimal.
        title: never empty on a page: the template has words for an empty one.
        status: in the reader's language.
        members: labels of who acts in it.
        assigned: labels of who takes it forward.
        held: whether something stops it.
        erased: whether it was erased.
        acting: whether this reviewer may act in it.
        from_tip: whether a source began it.
        tabs: endpoint and name of its pages.
    """

    id: str
    title: str
    status: LazyText
    members: tuple[str, ...]
    assigned: tuple[str, ...]
    held: bool
    erased: bool
    acting: bool
    from_tip: bool
    tabs: tuple[tuple[str, LazyText], ...]


def head(look: Look, case: Case) -> Head:
    """Return the head of a case's pages."""
    return Head(
        id=case.id.hex(),
        title=case.title,
        status=words.STATUS[case.status],
        members=tuple(look.label(one) for one in sorted(case.members)),
        assigned=tuple(look.label(one) for one in case.assigned),
        held=bool(case.holds),
        erased=case.erased,
        acting=look.desk.id in case.members and not case.erased,
        from_tip=case.from_tip,
        tabs=tuple(tab for tab in TABS if case.from_tip or tab[0] != "conversation.show"),
    )


def find_case(look: Look, untrusted_id: str) -> Case:
    """Return a case that this app can read, also one that the reviewer does not act in any more.

    Raises:
        ActError: there is none.
    """
    return look.readable(hex_value(untrusted_id, 16))


@dataclass(frozen=True)
class Offer:
    """Files that lie at the intake until somebody wants them.

    Attributes:
        count: how many.
        size: bytes of all of them.
        until: the last day on which they can be had.
    """

    count: int
    size: int
    until: date


def offer_of(look: Look, case: Case) -> Offer | None:
    """Return what of a case lies at the intake and is not fetched by itself, None for nothing."""
    offered = [file for file in files_of(look, case) if file.offered]
    weeks = [one.week for one in letters.letters_of(look.connection, case.id) if one.files == "offered"]
    if not offered:
        return None
    until = min(files_leave_on(week) for week in weeks) - timedelta(days=1)
    return Offer(len(offered), sum(file.size for file in offered), until)


@dataclass(frozen=True)
class ShownAlarm:
    """An alarm at the top of every page.

    Attributes:
        id: of its event, in hexadecimal.
        what: in the reader's language.
        who: label of the reviewer whose app raised it.
        on: the day.
        seen: the first characters of the SHA-256 of what was served, may be empty.
    """

    id: str
    what: LazyText
    who: str
    on: date
    seen: str


def standing_alarms(hand: Hand) -> tuple[ShownAlarm, ...]:
    """Return the alarms that the reviewer has not dismissed; none before there is a roster."""
    try:
        with hand.look() as look:
            return tuple(
                ShownAlarm(
                    id=entry.id.hex(),
                    what=words.ALARM[entry.content.what],
                    who=look.label(entry.author),
                    on=entry.content.on,
                    seen="" if entry.content.seen is None else entry.content.seen.hex()[:16],
                )
                for entry in alarms(look.connection, look.log)
            )
    except SyncError:
        return ()
