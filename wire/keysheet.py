"""Period keys and the weekly key sheet: to whom a source seals this week."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.errors import CryptoError, SignatureError
from crypto.hybrid import HybridRecipient
from wire.errors import KeySheetError, KeySheetExpiredError, RosterError, WeekError
from wire.fields import Fields, dump, parse_object
from wire.roster import LIMITS as ROSTER_LIMITS
from wire.roster import Roster
from wire.week import Week

PAYLOAD_TYPE = "application/vnd.lapwing.key-sheet+json"
PERIOD_KEY_PAYLOAD_TYPE = "application/vnd.lapwing.period-key+json"

_RECIPIENT_TEXT_SIZE = 1959  # bytes of age1pq1…


@dataclass(frozen=True)
class Limits:
    """What a period key and a key sheet may hold."""

    period_key_size: int = 4 * 1024  # bytes of payload
    sheet_size: int = 64 * 1024  # bytes of payload
    shelf_bits: int = 16


LIMITS = Limits()


@dataclass(frozen=True)
class PeriodKey:
    """A reviewer's key for one week, signed by that reviewer.

    Attributes:
        reviewer: id in the roster.
        week: when tips and case events are sealed to it.
        recipient: the key.
        roster: SHA-256 of the roster's payload, 32 bytes.
        shelf_bits: the narrowest shelves of replies, 0 to 16 bits, that this reviewer's app answers for in that week.
    """

    reviewer: str
    week: Week
    recipient: HybridRecipient
    roster: bytes
    shelf_bits: int = 0

    def encode(self) -> bytes:
        """Return the payload to sign."""
        values: dict[str, object] = {
            "v": 1,
            "reviewer": self.reviewer,
            "week": str(self.week),
            "recipient": self.recipient.encode(),
            "roster": self.roster.hex(),
        }
        return dump(values | ({"shelf_bits": self.shelf_bits} if self.shelf_bits else {}))

    @classmethod
    def decode(cls, untrusted: bytes) -> "PeriodKey":
        """Read a payload; not trusted before `open_period_key` checked its signature.

        Raises:
            KeySheetError: it is not the encoding of a period key.
        """
        fields = parse_object(untrusted, LIMITS.period_key_size, "period key", KeySheetError)
        fields.integer("v", 1, 1)
        period_key = cls(
            reviewer=fields.text("reviewer", 32, 1),
            week=read_week(fields),
            recipient=_read_recipient(fields),
            roster=fields.hex("roster", 32),
            shelf_bits=fields.optional_integer("shelf_bits", 1, LIMITS.shelf_bits) or 0,
        )
        fields.end()
        return period_key

    def sign(self, key: SigningKey) -> Envelope:
        """Return it signed by its reviewer."""
        return sign(PERIOD_KEY_PAYLOAD_TYPE, self.encode(), key)


@dataclass(frozen=True)
class KeySheet:
    """Everything that is sealed in a week is sealed to this.

    Attributes:
        instance: 16 bytes.
        week: in force from its Monday for eight days.
        roster_version: of the roster whose digest follows.
        roster: SHA-256 of that roster's payload, 32 bytes.
        keys: id and recipient of each reviewer, in the roster's order.
        page_bundle: SHA-256 of the scripted page, 32 bytes, if there is one.
        sealer: SHA-256 of the offline sealer, 32 bytes, if there is one.
        shelf_bits: how many bits of a source's shelf value name the shelf, 0 to 16.
    """

    instance: bytes
    week: Week
    roster_version: int
    roster: bytes
    keys: tuple[tuple[str, HybridRecipient], ...]
    page_bundle: bytes | None = None
    sealer: bytes | None = None
    shelf_bits: int = 0

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the payload, by which a letter names the sheet."""
        return hashlib.sha256(self.encode()).digest()

    def encode(self) -> bytes:
        """Return the payload to sign: the one encoding, so that every reviewer's app signs equal bytes."""
        values: dict[str, object] = {
            "v": 1,
            "instance": self.instance.hex(),
            "week": str(self.week),
            "roster_version": self.roster_version,
            "roster": self.roster.hex(),
            "keys": [{"reviewer": reviewer, "recipient": recipient.encode()} for reviewer, recipient in self.keys],
        }
        if self.page_bundle is not None:
            values["page_bundle"] = self.page_bundle.hex()
        if self.sealer is not None:
            values["sealer"] = self.sealer.hex()
        return dump({**values, "shelf_bits": self.shelf_bits})

    @classmethod
    def decode(cls, untrusted: bytes) -> "KeySheet":
        """Read a payload; not trusted before `open_sheet` checked its signatures.

        Raises:
            KeySheetError: it is not the encoding of a key sheet.
        """
        fields = parse_object(untrusted, LIMITS.sheet_size, "key sheet", KeySheetError)
        fields.integer("v", 1, 1)
        sheet = cls(
            instance=fields.hex("instance", 16),
            week=read_week(fields),
            roster_version=fields.integer("roster_version", 1, ROSTER_LIMITS.version),
            roster=fields.hex("roster", 32),
            keys=tuple(_read_key(one) for one in fields.objects("keys", ROSTER_LIMITS.reviewers, 2)),
            page_bundle=fields.optional_hex("page_bundle", 32),
            sealer=fields.optional_hex("sealer", 32),
            shelf_bits=fields.integer("shelf_bits", 0, LIMITS.shelf_bits),
        )
        fields.end()
        if sheet.encode() != untrusted:
            raise KeySheetError("key sheet: not in its one encoding")
        return sheet


def open_period_key(envelope: Envelope, roster: Roster) -> PeriodKey:
    """Return the period key that a reviewer of the roster signed.

    Raises:
        KeySheetError: malformed, for another roster, or not signed by the reviewer it names.
    """
    period_key = PeriodKey.decode(envelope.payload)
    if period_key.roster != roster.digest:
        raise KeySheetError("period key: made for another roster; the app must sign it again")
    try:
        envelope.verify(PERIOD_KEY_PAYLOAD_TYPE, {roster.by_id(period_key.reviewer).key})
    except (SignatureError, RosterError):
        raise KeySheetError("period key: not signed by the reviewer it names") from None
    return period_key


def agreed_bits(period_keys: Collection[PeriodKey]) -> int:
    """Return the width of shelves in the week of these period keys: the widest that any reviewer's app asks for.

    So all apps come to the same one although each knows other conversations, and none can make shelves narrower than
    another answers for.
    """
    return min((one.shelf_bits for one in period_keys), default=0)


def build_sheet(
    roster: Roster,
    week: Week,
    period_keys: Collection[PeriodKey],
    shelf_bits: int = 0,
    *,
    page_bundle: bytes | None = None,
    sealer: bytes | None = None,
) -> KeySheet:
    """Return the key sheet of a week: the same for the same period keys, in whatever order they come.

    Args:
        roster: who the reviewers are.
        week: which week.
        period_keys: exactly one of each reviewer, for this week and roster.
        shelf_bits: 0 to 16.
        page_bundle: SHA-256 of the scripted page, 32 bytes.
        sealer: SHA-256 of the offline sealer, 32 bytes.

    Raises:
        KeySheetError: a reviewer has no key or two, or a key is for another week or roster.
    """
    if not 0 <= shelf_bits <= LIMITS.shelf_bits:
        raise KeySheetError(f"key sheet: the shelf width is not 0 to {LIMITS.shelf_bits} bits")
    if any(one.week != week or one.roster != roster.digest for one in period_keys):
        raise KeySheetError("key sheet: a period key is for another week or roster")
    by_reviewer = {one.reviewer: one.recipient for one in period_keys}
    if set(by_reviewer) != set(roster.ids) or len(by_reviewer) != len(period_keys):
        raise KeySheetError("key sheet: there must be exactly one period key of each reviewer")
    return KeySheet(
        instance=roster.instance,
        week=week,
        roster_version=roster.version,
        roster=roster.digest,
        keys=tuple((reviewer, by_reviewer[reviewer]) for reviewer in roster.ids),
        page_bundle=page_bundle,
        sealer=sealer,
        shelf_bits=shelf_bits,
    )


def open_sheet(envelope: Envelope, roster: Roster, today: date) -> KeySheet:
    """Return the key sheet that enough reviewers signed and that is in force today.

    Args:
        envelope: as it came, with the signatures of at least `Roster.approvals` reviewers.
        roster: the one in force.
        today: the reader's own date (UTC).

    Raises:
        KeySheetExpiredError: today is before its Monday, or eight days or more after it.
        KeySheetError: malformed, signed by too few, for another roster, or without a reviewer.
    """
    try:
        envelope.verify(PAYLOAD_TYPE, roster.keys, roster.approvals)
    except SignatureError:
        raise KeySheetError("key sheet: not signed by enough reviewers") from None
    sheet = KeySheet.decode(envelope.payload)
    check_belongs(sheet, roster)
    if not sheet.week.monday <= today < sheet.week.ends:
        raise KeySheetExpiredError("key sheet: not in force today; get the one of this week")
    return sheet


def check_belongs(sheet: KeySheet, roster: Roster) -> None:
    """Raise `KeySheetError` unless the sheet is for this roster and has every reviewer, in its order."""
    if (sheet.instance, sheet.roster_version, sheet.roster) != (roster.instance, roster.version, roster.digest):
        raise KeySheetError("key sheet: for another roster")
    if tuple(reviewer for reviewer, _ in sheet.keys) != roster.ids:
        raise KeySheetError("key sheet: not exactly one key for each reviewer in the roster's order")


def read_week(fields: Fields, name: str = "week") -> Week:
    """Return the week in a field, or raise the fields' own error."""
    try:
        return Week.parse(fields.text(name, 8, 8))
    except WeekError:
        fields.refuse(name, "is not a week")


def _read_recipient(fields: Fields) -> HybridRecipient:
    try:
        return HybridRecipient.parse(fields.text("recipient", _RECIPIENT_TEXT_SIZE, _RECIPIENT_TEXT_SIZE))
    except CryptoError:
        fields.refuse("recipient", "is not a post-quantum age recipient")


def _read_key(fields: Fields) -> tuple[str, HybridRecipient]:
    key = fields.text("reviewer", 32, 1), _read_recipient(fields)
    fields.end()
    return key
