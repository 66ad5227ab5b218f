"""Key sheets: sign those that this app can answer for, and keep what others signed."""

from dataclasses import dataclass

from sqlalchemy import Connection

from crypto.dsse import Envelope, sign
from crypto.errors import CryptoError
from reviewer.desk import Desk, clients, roster, rosters
from reviewer.post import Intake
from reviewer.store import keys
from wire.errors import KeySheetError
from wire.keysheet import PAYLOAD_TYPE, KeySheet, PeriodKey, agreed_bits, build_sheet, check_belongs
from wire.week import Week


@dataclass(frozen=True)
class SignedSheet:
    """What is known of a key sheet under the roster in force.

    Attributes:
        sheet: what was signed.
        whole: whether enough reviewers have signed it.
        ours: whether it names the clients of this app's release.
        by_others: whether another reviewer has signed it.
    """

    sheet: KeySheet
    whole: bool
    ours: bool
    by_others: bool


def exchange_sheets(desk: Desk, intake: Intake) -> None:
    """Sign the key sheets of this week and the next as soon as every period key is there; keep what others signed.

    A sheet names what seals on sources' devices. This app signs for what its own release has and for nothing else, so
    with apps of different releases no sheet comes about, or, when enough have the same, one that the others did not
    sign. After an upgrade a week may have two: the keys are the same, and either may be sealed to.
    """
    offered = intake.sheets()
    with desk.vault.begin() as connection:
        for untrusted in offered:
            _keep_sheet(connection, untrusted)
    this_week = Week.of(desk.today())
    for week in (this_week, this_week.next()):
        with desk.vault.read() as connection:
            own = _sheet_to_sign(connection, desk, week)
        if own is not None:
            intake.post_sheet(own.encode())
            with desk.vault.begin() as connection:
                _merge(connection, KeySheet.decode(own.payload), own)


def _keep_sheet(connection: Connection, untrusted: bytes) -> None:
    try:
        envelope = Envelope.decode(untrusted)
        sheet = KeySheet.decode(envelope.payload)
        signed_for = next(one for one in rosters(connection) if one.digest == sheet.roster)
        envelope.verify(PAYLOAD_TYPE, signed_for.keys)
        check_belongs(sheet, signed_for)
    except (CryptoError, KeySheetError, StopIteration):
        return
    _merge(connection, sheet, envelope)


def _merge(connection: Connection, sheet: KeySheet, envelope: Envelope) -> None:
    known = keys.sheet(connection, sheet.digest)
    merged = envelope if known is None else Envelope.decode(known).with_signatures(envelope)
    keys.put_sheet(connection, sheet.digest, str(sheet.week), merged.encode())


def _sheet_to_sign(connection: Connection, desk: Desk, week: Week) -> Envelope | None:
    current, own = roster(connection), clients(connection, desk)
    stored = keys.period_keys(connection, current.digest, str(week))
    if any(key.contradicted for key in stored):
        return None  # a warning says so; people must talk before anybody signs
    try:
        period_keys = [PeriodKey.decode(Envelope.decode(key.envelope).payload) for key in stored]
        bits = agreed_bits(period_keys)
        sheet = build_sheet(current, week, period_keys, bits, page_bundle=own.page, sealer=own.sealer)
    except KeySheetError:
        return None  # somebody's key is still missing
    known = keys.sheet(connection, sheet.digest)
    if known is not None and bytes(desk.signing.verify_key) in {one.key for one in Envelope.decode(known).signatures}:
        return None
    return sign(PAYLOAD_TYPE, sheet.encode(), desk.signing)


def signed_sheets(connection: Connection, desk: Desk) -> tuple[SignedSheet, ...]:
    """Return every key sheet under the roster in force that anybody has signed, the newest week first.

    Raises:
        SyncError: there is no roster yet, or no root.
    """
    current, own = roster(connection), clients(connection, desk)
    found = []
    for _, raw in keys.sheets(connection):
        envelope = Envelope.decode(raw)
        sheet = KeySheet.decode(envelope.payload)
        if sheet.roster == current.digest:
            signers = {one.key for one in envelope.signatures} & current.keys
            found.append(
                SignedSheet(
                    sheet,
                    whole=len(signers) >= current.approvals,
                    ours=(sheet.page_bundle, sheet.sealer) == (own.page, own.sealer),
                    by_others=bool(signers - {bytes(desk.signing.verify_key)}),
                )
            )
    return tuple(found)
