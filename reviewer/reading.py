"""From the vault's rows to the fold's log: the one place where stored events become what the pure core reads."""

from sqlalchemy import Connection

from crypto.dsse import Envelope
from reviewer.chain import Known
from reviewer.desk import rosters
from reviewer.errors import SyncError
from reviewer.fold import Log, fold
from reviewer.store import log as store
from wire.event import NONCE_SIZE, Opened, SignedEvent, decode_event


def known(event: store.StoredEvent) -> Known:
    """Return a stored event as the fold takes it; its signature was checked when it came."""
    envelope = Envelope.decode(event.envelope)
    opened = None if event.opened is None else Opened(event.opened[:NONCE_SIZE], event.opened[NONCE_SIZE:])
    return Known(SignedEvent(decode_event(envelope.payload), envelope, event.id), opened)


def read_log(connection: Connection) -> Log:
    """Return the case log as it stands in the vault.

    Raises:
        SyncError: no roster has come yet.
    """
    accepted = rosters(connection)
    if not accepted:
        raise SyncError("there is no roster yet; the organisation must sign one that names this reviewer")
    return fold((known(event) for event in store.events(connection)), accepted[::-1])


class LogBook:
    """Keeps the last log that was read, until the vault's log changes."""

    def __init__(self) -> None:
        self._last: tuple[tuple[bytes, int], Log] | None = None

    def read(self, connection: Connection) -> Log:
        """Return the log, folded anew only when there is something new."""
        generation = store.generation(connection), len(rosters(connection))
        last = self._last
        if last is None or last[0] != generation:
            last = self._last = generation, read_log(connection)
        return last[1]
