"""Fills the shelves of an intake that nobody serves, as if letters and replies had come one after the other."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crypto.hybrid import HybridIdentity
from crypto.seal import Sealer, plaintext_size_for, seal
from submission import config as configuration
from submission.database import open_database
from submission.rows import Shelf
from submission.store import Store
from wire.letter import LETTER_SIZE, REPLY_SIZE
from wire.shelf import BITS, shelf_name

BATCH: Final = 2_000


def add_letters(state: Path, count: int) -> None:
    """Put letters on their shelf: random bytes, since nobody here could open real ones either."""
    rest = secrets.token_bytes(LETTER_SIZE - 32)
    _add(state, "letters", ((secrets.token_bytes(32) + rest, "") for _ in range(count)))


def add_replies(state: Path, count: int, bits: int) -> None:
    """Put real replies, each to somebody else, evenly on the shelves that so many bits name."""
    recipient = HybridIdentity.generate().recipient
    size = plaintext_size_for(Sealer([recipient]).header_size, REPLY_SIZE)
    assert size is not None
    places = [shelf_name(number << (BITS - bits), bits) for number in range(2**bits)]
    replies = (
        (seal(bytes(size), [HybridIdentity.generate().recipient]), places[n % len(places)]) for n in range(count)
    )
    _add(state, "replies", replies)


def _add(state: Path, shelf: Shelf, pieces: Iterator[tuple[bytes, str]]) -> None:
    config = configuration.load(state)
    engine = open_database(state)
    store = Store(config, engine)
    with store.upload() as upload:
        for sealed, place in pieces:
            upload.add(shelf, sealed, place)
            if upload.pieces == BATCH:
                upload.commit()
        upload.commit()
    engine.dispose()
