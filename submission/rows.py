"""What a piece is, and the rows of the database that tell where each one lies and who has taken it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from submission.database import ACKNOWLEDGEMENTS, PIECES
from wire.letter import LETTER_SIZE, PART_SIZE, REPLY_SIZE

Shelf = Literal["letters", "parts", "replies", "log"]
SHELVES: Final[Mapping[Shelf, int]] = {
    "letters": LETTER_SIZE,
    "parts": PART_SIZE,
    "replies": REPLY_SIZE,
    "log": LETTER_SIZE,
}
"""The shelves, and the bytes of each piece on them. A shelf is one file in the state folder."""
BATCH: Final = 500
"""Names in one SQL statement."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A sealed piece: its shelf, its SHA-256 and where it lies; of a reply also the name of its shelf among many."""

    shelf: Shelf
    name: bytes
    slot: int
    place: str = ""


_ADD: Final = insert(PIECES).on_conflict_do_nothing()


def add(connection: Connection, week: str, pieces: Iterable[Piece]) -> list[Piece]:
    """Add rows; return the pieces that have one already."""
    spare = []
    for piece in pieces:
        row = {"shelf": piece.shelf, "name": piece.name, "week": week, "slot": piece.slot, "place": piece.place}
        if connection.execute(_ADD, row).rowcount == 0:
            spare.append(piece)
    return spare


def acknowledge(
    connection: Connection, reviewer: str, shelf: Shelf, names: Collection[bytes], reviewers: Collection[str]
) -> list[Piece]:
    """Note what a reviewer has taken; delete the rows of what all have taken, and return it."""
    mine = (PIECES.c.shelf == shelf) & PIECES.c.name.in_(names)
    columns = ACKNOWLEDGEMENTS.c
    slots = {row.name: row.slot for row in connection.execute(select(PIECES.c.name, PIECES.c.slot).where(mine))}
    if slots:
        rows = [{"shelf": shelf, "name": name, "reviewer": reviewer} for name in slots]
        connection.execute(insert(ACKNOWLEDGEMENTS).on_conflict_do_nothing(), rows)
    complete = (
        select(columns.name)
        .where(columns.shelf == shelf, columns.name.in_(names), columns.reviewer.in_(reviewers))
        .group_by(columns.name)
        .having(func.count() == len(reviewers))
    )
    done = list(connection.scalars(complete))
    _delete(connection, shelf, done)
    return [Piece(shelf, name, slots[name]) for name in done]


def _delete(connection: Connection, shelf: Shelf, names: Collection[bytes]) -> None:
    for table in (PIECES, ACKNOWLEDGEMENTS):
        connection.execute(delete(table).where(table.c.shelf == shelf, table.c.name.in_(names)))


def take(connection: Connection, which: ColumnElement[bool]) -> list[Piece]:
    """Delete the rows of pieces, and return them."""
    gone = [Piece(row.shelf, row.name, row.slot) for row in connection.execute(select(PIECES).where(which))]
    for shelf in SHELVES:
        names = [piece.name for piece in gone if piece.shelf == shelf]
        for start in range(0, len(names), BATCH):
            _delete(connection, shelf, names[start : start + BATCH])
    return gone
