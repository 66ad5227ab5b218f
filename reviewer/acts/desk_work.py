"""What every act begins with: a transaction, the log as it stands, and a pen."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from reviewer.case import Case
from reviewer.desk import Desk, roster
from reviewer.errors import ActError
from reviewer.fold import Log
from reviewer.pen import Pen
from reviewer.reading import LogBook
from wire.roster import Roster


@dataclass(frozen=True)
class Look:
    """The log and the vault as they stand, to be shown.

    Attributes:
        connection: in a transaction.
        desk: who looks.
        roster: in force.
        log: folded from this very transaction.
    """

    connection: Connection
    desk: Desk
    roster: Roster
    log: Log

    def case(self, case_id: bytes) -> Case:
        """Return a case that this reviewer may act in.

        Raises:
            ActError: there is none, it was erased, or the reviewer does not act in it.
        """
        case = self.log.cases.get(case_id)
        if case is None or case.erased:
            raise ActError("there is no such case here, or it was erased")
        if self.desk.id not in case.members:
            raise ActError("you do not act in this case: you were recused, or never were given it")
        return case

    def readable(self, case_id: bytes) -> Case:
        """Return a case that can be read here, whether this reviewer acts in it or not.

        Raises:
            ActError: there is none.
        """
        case = self.log.cases.get(case_id)
        if case is None:
            raise ActError("there is no such case here, or it was erased")
        return case

    def label(self, reviewer: str) -> str:
        """Return a reviewer's label, or the id of somebody who is no longer on the roster."""
        return next((one.label for one in self.roster.reviewers if one.id == reviewer), reviewer)


@dataclass(frozen=True)
class Work(Look):
    """One act under way, in a transaction that writes.

    Attributes:
        pen: writes the act's events.
    """

    pen: Pen


@dataclass(frozen=True)
class Hand:
    """A reviewer ready to act.

    Attributes:
        desk: who.
        book: the log, folded.
    """

    desk: Desk
    book: LogBook

    @contextlib.contextmanager
    def look(self) -> Iterator[Look]:
        """Look without acting."""
        with self.desk.vault.read() as connection:
            yield Look(connection, self.desk, roster(connection), self.book.read(connection))

    @contextlib.contextmanager
    def work(self) -> Iterator[Work]:
        """Begin an act; its events are kept together or not at all."""
        with self.desk.vault.begin() as connection:
            log, current = self.book.read(connection), roster(connection)
            if self.desk.id not in current.ids:
                raise ActError("you are not on the roster, so nothing you sign would count")
            yield Work(connection, self.desk, current, log, Pen(connection, self.desk, log, current.instance))


def required(text: str, missing: ActError) -> str:
    """Return text without white space around it, or raise the error given when nothing is left."""
    text = text.strip()
    if not text:
        raise missing
    return text


def one_line(text: str) -> str:
    """Return text with all white space, line ends too, as single spaces."""
    return " ".join(text.split())
