"""Who the reviewers are and what tips are sealed to: rosters, period keys and key sheets, as they were signed.

The intake cannot sign any of them. It keeps what verifies, so that sources and reviewers' apps can check it themselves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Final

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.sqlite import insert

from crypto.dsse import Envelope
from crypto.errors import SignatureError
from submission.config import Config
from submission.database import PERIOD_KEYS, ROSTERS, SHEETS, writing
from submission.errors import ClosedError, ConflictError, PieceRefusedError
from wire import keysheet
from wire.bundle import PAGE_BUNDLE, sealer_digest
from wire.errors import KeySheetError, RosterError
from wire.keysheet import KeySheet, PeriodKey
from wire.roster import Roster, open_next_roster, open_roster
from wire.week import Week

WEEKS_AHEAD: Final = 10
"""Weeks for which a period key may be posted beforehand; apps make batches of eight. Else one could post thousands."""
SHEETS_EACH: Final = 8
"""Key sheets of one week that one reviewer may sign: one for each release of the clients that their app had in it."""


@dataclass(frozen=True)
class _InForce:
    """What was found to be in force on one day; verifying it for each tip would cost as much as sealing the tip."""

    day: date
    roster: Roster
    sheets: tuple[tuple[KeySheet, Envelope], ...]


class Keys:
    """The signed things that the intake keeps."""

    def __init__(self, config: Config, engine: Engine) -> None:
        self._config = config
        self._engine = engine
        self._found: _InForce | None = None
        self._lock = Lock()

    def today(self) -> date:
        """Return today's date in UTC."""
        return self._config.today()

    def roster(self) -> Roster:
        """Return the roster in force.

        Raises:
            ClosedError: there is none, or it has expired.
        """
        envelope, root = self._newest()
        try:
            return open_roster(envelope, root, self.today())
        except RosterError as error:
            raise ClosedError("the roster has expired; the organisation must sign a new one") from error

    def newest_roster(self) -> Roster:
        """Return the newest roster, in force or not: its reviewers may still pull, and post the one that follows."""
        return self.rosters()[0]

    def roster_envelope(self) -> Envelope:
        """Return the newest roster as it was signed; `ClosedError` when there is none."""
        return self._newest()[0]

    def signed_roster(self) -> tuple[Envelope, bytes]:
        """Return the newest roster as it was signed, and the root that signed it; `ClosedError` when there is none."""
        return self._newest()

    def rosters(self) -> tuple[Roster, ...]:
        """Return every roster there was, newest first. Each was verified when it came; old ones may have expired."""
        return tuple(Roster.decode(Envelope.decode(row).payload) for row in self.signed_rosters())

    def signed_rosters(self) -> tuple[bytes, ...]:
        """Return every roster there was as it was signed, newest first; `ClosedError` when there is none."""
        query = select(ROSTERS.c.envelope).order_by(ROSTERS.c.version.desc())
        with self._engine.connect() as connection:
            rosters = tuple(connection.scalars(query))
        if not rosters:
            raise ClosedError("there is no roster yet; give one to `lapwing intake init`")
        return rosters

    def add_roster(self, envelope: Envelope) -> None:
        """Keep the roster that follows the newest one; the same one again changes nothing.

        Raises:
            RosterError: it is not the next one, or not signed by the root.
            ConflictError: it skips a version.
        """
        with writing(self._engine) as connection:
            row = connection.execute(_NEWEST_ROSTER).first()
            if row is None:
                root = self._config.root
                roster = open_roster(envelope, root, self.today())
            else:
                known = Envelope.decode(row.envelope)
                if known.payload == envelope.payload:
                    return
                previous = Roster.decode(known.payload)
                roster, root = open_next_roster(envelope, previous, row.root, self.today())
                if roster.version != previous.version + 1:
                    raise ConflictError("a version of the roster was skipped; post that one first")
            connection.execute(insert(ROSTERS).values(version=roster.version, root=root, envelope=envelope.encode()))
        self._forget()

    def add_period_key(self, envelope: Envelope, reviewer: str) -> None:
        """Keep a period key that `reviewer` signed; the same one again changes nothing.

        Raises:
            KeySheetError: it is malformed, or signed by somebody else.
            PieceRefusedError: it names another reviewer or another roster, its week is over or far ahead.
            ConflictError: another key of theirs for that week is here already.
        """
        roster = self.roster()
        period_key = keysheet.open_period_key(envelope, roster)
        if period_key.reviewer != reviewer:
            raise PieceRefusedError("a period key must be posted by the reviewer that it belongs to")
        if period_key.week.ends <= self.today():
            raise PieceRefusedError("the week of this period key is over")
        if period_key.week.monday > self.today() + timedelta(weeks=WEEKS_AHEAD):
            raise PieceRefusedError("the week of this period key is too far ahead; post it later")
        week = str(period_key.week)
        with writing(self._engine) as connection:
            for known in self._period_keys(connection, roster, period_key.week):
                if known.payload == envelope.payload:
                    return
                if PeriodKey.decode(known.payload).reviewer == reviewer:
                    raise ConflictError("there is another period key of this reviewer for that week")
            connection.execute(
                insert(PERIOD_KEYS).values(
                    roster=roster.digest, week=week, reviewer=reviewer, envelope=envelope.encode()
                )
            )

    def period_keys(self, week: Week) -> list[Envelope]:
        """Return the period keys of a week under the roster in force, as they were signed."""
        roster = self.roster()
        with self._engine.connect() as connection:
            return self._period_keys(connection, roster, week)

    def _period_keys(self, connection: Connection, roster: Roster, week: Week) -> list[Envelope]:
        columns = PERIOD_KEYS.c
        query = (
            select(columns.envelope)
            .where(columns.roster == roster.digest, columns.week == str(week))
            .order_by(columns.reviewer)
        )
        return [Envelope.decode(row) for row in connection.scalars(query)]

    def add_sheet(self, envelope: Envelope) -> None:
        """Keep a key sheet with at least one reviewer's signature, or add its signatures to the one that is here.

        Raises:
            KeySheetError: it is malformed, or is not the sheet that the posted period keys make.
            SignatureError: no reviewer of the roster signed it.
            ConflictError: who signed it has signed too many others for that week.
        """
        roster = self.roster()
        envelope = _only(envelope, envelope.verify(keysheet.PAYLOAD_TYPE, roster.keys))
        sheet = KeySheet.decode(envelope.payload)
        with writing(self._engine) as connection:
            period_keys = [
                keysheet.open_period_key(known, roster) for known in self._period_keys(connection, roster, sheet.week)
            ]
            expected = keysheet.build_sheet(
                roster,
                sheet.week,
                period_keys,
                sheet.shelf_bits,
                page_bundle=sheet.page_bundle,
                sealer=sheet.sealer,
            )
            if expected.encode() != envelope.payload:
                raise KeySheetError("key sheet: not the one that this week's period keys make")
            columns = SHEETS.c
            stored = connection.scalar(select(columns.envelope).where(columns.digest == sheet.digest))
            if stored is None:
                self._check_few(connection, sheet, envelope)
            merged = envelope if stored is None else Envelope.decode(stored).with_signatures(envelope)
            values = {
                "roster": roster.digest,
                "week": str(sheet.week),
                "digest": sheet.digest,
                "envelope": merged.encode(),
            }
            statement = insert(SHEETS).values(values)
            connection.execute(statement.on_conflict_do_update(set_={"envelope": merged.encode()}))
        self._forget()

    def _check_few(self, connection: Connection, sheet: KeySheet, envelope: Envelope) -> None:
        """Raise `ConflictError` when a signer of a new sheet has signed enough others: any hash makes another sheet."""
        columns = SHEETS.c
        same_week = select(columns.envelope).where(columns.roster == sheet.roster, columns.week == str(sheet.week))
        others = [Envelope.decode(row) for row in connection.scalars(same_week)]
        for signer in {one.key for one in envelope.signatures}:
            if sum(signer in {one.key for one in other.signatures} for other in others) >= SHEETS_EACH:
                raise ConflictError("a reviewer has signed too many key sheets for that week; wait for the next one")

    def sheets(self) -> list[Envelope]:
        """Return every key sheet here, oldest week first, with the signatures so far."""
        query = select(SHEETS.c.envelope).order_by(SHEETS.c.week, SHEETS.c.digest)
        with self._engine.connect() as connection:
            return [Envelope.decode(row) for row in connection.scalars(query)]

    def in_force(self) -> tuple[Roster, tuple[tuple[KeySheet, Envelope], ...]]:
        """Return the roster and the key sheets in force today, newest first.

        After an upgrade a week can have two, which differ in what seals on sources' devices alone: first the one that
        names what this intake serves. When there is none it serves the other: the page cannot vouch for itself, and
        reviewers' apps raise an alarm.

        Raises:
            ClosedError: there is no roster or no sheet in force.
        """
        with self._lock:
            if self._found is None or self._found.day != self.today():
                self._found = self._find()
            return self._found.roster, self._found.sheets

    def is_open(self) -> bool:
        """Tell whether there is something to seal to today."""
        try:
            self.in_force()
        except ClosedError:
            return False
        return True

    def _forget(self) -> None:
        """Look again next time: what is in force may have changed."""
        with self._lock:
            self._found = None

    def _find(self) -> _InForce:
        day = self.today()
        roster = self.roster()
        signed, root = self.signed_roster()
        own = (PAGE_BUNDLE, sealer_digest(root, signed.encode()))
        query = select(SHEETS.c.envelope).where(SHEETS.c.roster == roster.digest)
        found = []
        with self._engine.connect() as connection:
            for row in connection.scalars(query):
                envelope = Envelope.decode(row)
                try:
                    found.append((keysheet.open_sheet(envelope, roster, day), envelope))
                except (KeySheetError, SignatureError):
                    # Not its week, or not signed by enough yet; another one may be in force.
                    continue
        if not found:
            raise ClosedError("there is no key sheet in force; the reviewers' apps must sign this week's")
        found.sort(key=lambda each: (each[0].week, (each[0].page_bundle, each[0].sealer) == own), reverse=True)
        return _InForce(day, roster, tuple(found))

    def current_sheet(self) -> tuple[Roster, KeySheet]:
        """Return what to seal to today; `ClosedError` when there is nothing."""
        roster, sheets = self.in_force()
        return roster, sheets[0][0]

    def weeks_in_force(self) -> Mapping[bytes, Week]:
        """Return digest and week of each sheet that a letter may have been sealed to; `ClosedError` without any."""
        return {sheet.digest: sheet.week for sheet, _ in self.in_force()[1]}

    def shelf_widths(self) -> tuple[int, ...]:
        """Return how many bits name a shelf of replies: of the newest sheet in force first, 0 when there is none."""
        try:
            return tuple(sheet.shelf_bits for sheet, _ in self.in_force()[1])
        except ClosedError:
            return (0,)

    def _newest(self) -> tuple[Envelope, bytes]:
        with self._engine.connect() as connection:
            row = connection.execute(_NEWEST_ROSTER).first()
        if row is None:
            raise ClosedError("there is no roster yet; give one to `lapwing intake init`")
        return Envelope.decode(row.envelope), row.root


def _only(envelope: Envelope, signers: Collection[bytes]) -> Envelope:
    """Return an envelope without the signatures of others, which could fill it up."""
    signatures = tuple(one for one in envelope.signatures if one.key in signers)
    return Envelope(envelope.payload_type, envelope.payload, signatures)


_NEWEST_ROSTER = select(ROSTERS).order_by(ROSTERS.c.version.desc()).limit(1)
