"""After a visit as a source: what it brought is held against the vault; what differs is an alarm in the log."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from importlib import resources
from typing import Final

from sqlalchemy import Connection

from crypto.dsse import Envelope
from reviewer.desk import Desk, clients, roster, sheet_in_force
from reviewer.entry import Entry, of
from reviewer.errors import SyncError
from reviewer.fold import Log
from reviewer.pen import Pen
from reviewer.reading import LogBook
from reviewer.store import keys
from reviewer.watch import AIMS, Difference, Findings, Known, Visit, compare, judge_pages
from wire.content import Alarm, Looked
from wire.keysheet import PeriodKey, agreed_bits

LOOKED_ON: Final = "looked_on"
DISMISSED: Final = "alarms_dismissed"
UNSEEN_DAYS: Final = 4
"""Days without a visit for one of the aims after which the inbox says so: an intake that is always busy for us shows
too. Who has the app open for one hour a day visits four times in it, so one aim is left out so long one day in 25."""


def what_is_known(connection: Connection, desk: Desk) -> Known:
    """Return what visits are held against.

    Raises:
        SyncError: the vault has no roster or no root key yet.
    """
    today = desk.today()
    current, root = roster(connection), keys.get_property(connection, "root")
    if root is None:
        raise SyncError("the vault knows no root key; start the app with --root")
    stored = [
        PeriodKey.decode(Envelope.decode(one.envelope).payload) for one in keys.period_keys(connection, current.digest)
    ]
    weeks = {one.week for one in stored}
    return Known(
        roster=current,
        root=root,
        rosters=tuple(Envelope.decode(raw) for raw in reversed(keys.rosters(connection))),
        keys={(str(one.week), one.reviewer): one.recipient.raw for one in stored},
        open=sheet_in_force(connection, today) is not None,
        today=today,
        clients=clients(connection, desk),
        widths={week: agreed_bits([one for one in stored if one.week == week]) for week in weeks},
        words=hashlib.sha256(resources.files("crypto").joinpath("words", "eff_long.txt").read_bytes()).digest(),
    )


def take_down(desk: Desk, book: LogBook, known: Known, visit: Visit) -> tuple[Difference, ...]:
    """Write what a visit showed into the log, each alarm once a day; returns what it showed.

    Args:
        desk: whose app visited.
        book: its log.
        known: from before the visit.
        visit: what came.
    """
    findings = compare(visit, known)
    with desk.vault.begin() as connection:
        log = book.read(connection)
        differences = list(findings.differences)
        looked = None
        if findings.pages is not None:
            keys.set_property(connection, f"{LOOKED_ON}_{findings.aim}", desk.today().isoformat().encode())
            own, others = _last_looks(log, desk.id, findings)
            digest = known.roster.digest
            verdict = judge_pages(findings.pages, digest, own, others, log.chains.precedes)
            if verdict is not None:
                differences.append(Difference(verdict, findings.pages))
            if own is None or (own.content.pages, own.content.roster) != (findings.pages, digest):
                looked = Looked(
                    on=desk.today(),
                    pages=findings.pages,
                    roster=digest,
                    language=findings.language,
                    aim=findings.aim,
                )
        pen = Pen(connection, desk, log, known.roster.instance)
        told = {each.content.what for each in of(log.organisation, Alarm) if _ours_today(each, desk)}
        for one in differences:
            if one.what not in told:
                pen.write(Alarm(on=desk.today(), what=one.what, seen=one.seen))
        if looked is not None:
            pen.write(looked)
    return tuple(differences)


def _ours_today(entry: Entry[Alarm], desk: Desk) -> bool:
    return entry.author == desk.id and entry.content.on == desk.today()


def _last_looks(log: Log, own: str, findings: Findings) -> tuple[Entry[Looked] | None, tuple[Entry[Looked], ...]]:
    alike = (findings.language, findings.aim)
    looks = of(log.organisation, Looked)
    last = {entry.author: entry for entry in looks if (entry.content.language, entry.content.aim) == alike}
    return last.pop(own, None), tuple(last.values())


def alarms(connection: Connection, log: Log) -> tuple[Entry[Alarm], ...]:
    """Return every alarm, of whatever author, that the reviewer at this desk has not dismissed yet."""
    dismissed = _dismissed(connection)
    return tuple(entry for entry in of(log.organisation, Alarm) if entry.id not in dismissed)


def dismiss(connection: Connection, shown: Iterable[bytes]) -> None:
    """Note that a reviewer looked into some alarms (ids); for the others at their desks they stand."""
    keys.set_property(connection, DISMISSED, b"".join(sorted(_dismissed(connection).union(shown))))


def _dismissed(connection: Connection) -> set[bytes]:
    ids = keys.get_property(connection, DISMISSED) or b""
    return {ids[place : place + 32] for place in range(0, len(ids), 32)}


def unseen_since(connection: Connection, today: date) -> date | None:
    """Return the day of the last visit for the aim that was not seen for longest.

    None when that is not too long ago, and for what never was seen.
    """
    found = [keys.get_property(connection, f"{LOOKED_ON}_{aim}") for aim in AIMS]
    last = min((date.fromisoformat(raw.decode()) for raw in found if raw is not None), default=today)
    return last if today - last > timedelta(days=UNSEEN_DAYS) else None
