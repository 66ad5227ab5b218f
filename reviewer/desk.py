"""The desk: one reviewer with their unlocked vault, and what the vault knows about who is who."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from nacl.signing import SigningKey
from sqlalchemy import Connection

from crypto.dsse import Envelope
from crypto.hybrid import HybridIdentity
from reviewer.clients import Clients, of_this_release
from reviewer.errors import SyncError, VaultError
from reviewer.store import keys
from reviewer.timetable import PERIOD
from reviewer.vault import Vault
from wire.errors import KeySheetError
from wire.keysheet import KeySheet, open_sheet
from wire.roster import Roster
from wire.week import Week


def utc_now() -> datetime:
    """Return the moment in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """This reviewer at work.

    Attributes:
        vault: unlocked.
        id: on the roster.
        label: as its reviewer gave it; the roster's counts for others.
        signing: the long-lived Ed25519 key.
        today: the date in UTC.
        now: the moment in UTC; when letters leave for the shelves of replies hangs on it, and nothing else.
        period: seconds in which one leaves for each shelf.
        clients: what seals on sources' devices by this app's release, for a root and the roster that it signed.
    """

    vault: Vault
    id: str
    label: str
    signing: SigningKey
    today: Callable[[], date]
    now: Callable[[], datetime] = utc_now
    period: float = PERIOD
    clients: Callable[[bytes, bytes], Clients] = of_this_release


def furnish(vault: Vault, reviewer: str, label: str, root: bytes | None) -> bytes:
    """Make this reviewer's signing key and put it into a new vault; returns the public key (32 bytes)."""
    signing = SigningKey.generate()
    with vault.begin() as connection:
        keys.set_property(connection, "id", reviewer.encode())
        keys.set_property(connection, "label", label.encode())
        keys.set_property(connection, "signing", bytes(signing))
        if root is not None:
            keys.set_property(connection, "root", root)
    return bytes(signing.verify_key)


def sit_down(
    vault: Vault, today: Callable[[], date], now: Callable[[], datetime] = utc_now, period: float = PERIOD
) -> Desk:
    """Return the desk of an unlocked vault.

    Raises:
        VaultError: the vault was never furnished.
    """
    with vault.read() as connection:
        reviewer, label, seed = (keys.get_property(connection, name) for name in ("id", "label", "signing"))
    if reviewer is None or label is None or seed is None:
        raise VaultError("the vault holds no reviewer; make a new one with `lapwing reviewer init`")
    return Desk(vault, reviewer.decode(), label.decode(), SigningKey(seed), today, now, period)


def rosters(connection: Connection) -> tuple[Roster, ...]:
    """Return every roster accepted so far, the newest first; each was verified when it came."""
    return tuple(Roster.decode(Envelope.decode(raw).payload) for raw in keys.rosters(connection))


def roster(connection: Connection) -> Roster:
    """Return the roster in force.

    Raises:
        SyncError: none has come yet.
    """
    newest = keys.rosters(connection)[:1]
    if not newest:
        raise SyncError("there is no roster yet; the organisation must sign one that names this reviewer")
    return Roster.decode(Envelope.decode(newest[0]).payload)


def clients(connection: Connection, desk: Desk) -> Clients:
    """Return what seals on sources' devices by this app's release, for the roster in force.

    Raises:
        SyncError: there is no roster yet, or no root.
        BundleError: the installation is damaged.
    """
    root, newest = keys.get_property(connection, "root"), keys.rosters(connection)[:1]
    if root is None or not newest:
        raise SyncError("there is no roster yet; the organisation must sign one that names this reviewer")
    return desk.clients(root, newest[0])


def sheet_in_force(connection: Connection, today: date) -> KeySheet | None:
    """Return the key sheet to seal to today: this week's, or last week's until it ends; None without one."""
    current = roster(connection)
    for _, raw in keys.sheets(connection):
        try:
            return open_sheet(Envelope.decode(raw), current, today)
        except KeySheetError:
            continue
    return None


def period_identities(connection: Connection) -> dict[Week, HybridIdentity]:
    """Return our period identities that are not destroyed yet, by week."""
    return {Week.parse(week): HybridIdentity.parse(text) for week, text in keys.identities(connection).items()}
