"""What a reviewer set for their own app, and how much room that leaves."""

import shutil
from typing import Final

from sqlalchemy import Connection

from reviewer.errors import NoRoomError
from reviewer.keeping import GIB, Rules
from reviewer.store import keys, letters
from reviewer.vault import Vault

UNASKED: Final = "fetch_unasked"
MOST: Final = "most_stored"
SPARE: Final = GIB
"""Bytes of the disk that files leave free: a database that cannot write any more loses what it was told."""


def get_rules(connection: Connection) -> Rules:
    """Return what was set, or what holds until then."""
    unasked, most = (keys.get_property(connection, name) for name in (UNASKED, MOST))
    rules = Rules()
    return Rules(rules.unasked if unasked is None else int(unasked), rules.most if most is None else int(most))


def set_rules(connection: Connection, rules: Rules) -> None:
    """Set both."""
    keys.set_property(connection, UNASKED, str(rules.unasked).encode())
    keys.set_property(connection, MOST, str(rules.most).encode())


def check_room(vault: Vault, connection: Connection, size: int) -> None:
    """Refuse files of some bytes when they would not fit.

    Raises:
        NoRoomError: what to do about it.
    """
    if letters.stored_bytes(connection) + size > get_rules(connection).most:
        raise NoRoomError(
            "files wait that do not fit: the vault would take more than the settings allow; raise the limit there, or "
            "erase cases that are done"
        )
    if shutil.disk_usage(vault.folder).free < size + SPARE:
        raise NoRoomError("files wait that do not fit on this computer's disk; make room, then sync again")
