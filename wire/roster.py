"""The roster: who the reviewers are, signed by the organisation's root key."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from crypto.dsse import Envelope
from crypto.errors import SignatureError
from wire.errors import RosterError
from wire.fields import Fields, dump, is_one_line, parse_object

PAYLOAD_TYPE = "application/vnd.lapwing.roster+json"

_ID = re.compile(r"[a-z0-9-]{1,32}")


def is_reviewer_id(text: str) -> bool:
    """Tell whether text can be a reviewer's id: 1 to 32 of ``a-z 0-9 -``."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True)
class Limits:
    """What a roster may hold."""

    payload_size: int = 64 * 1024  # bytes
    reviewers: int = 16
    removed: int = 64
    label_characters: int = 80
    version: int = 1_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Reviewer:
    """One reviewer.

    Attributes:
        id: 1 to 32 of ``a-z 0-9 -``; never given to anyone else.
        label: what a source can understand, such as a desk or region; at most 80 characters on one line.
        key: Ed25519 public key, 32 bytes.
    """

    id: str
    label: str
    key: bytes


@dataclass(frozen=True)
class Removed:
    """Someone who is no longer a reviewer.

    Attributes:
        id: as it was.
        key: as it was.
        last_event: 32-byte hash of the last case event of theirs that counts; None when none counts.
    """

    id: str
    key: bytes
    last_event: bytes | None = None


@dataclass(frozen=True)
class Roster:
    """Who the reviewers are.

    Attributes:
        version: from 1, higher with each roster.
        instance: 16 bytes, made once for ever.
        expires: the last day (UTC) on which it counts.
        approvals: how many distinct reviewers must sign what counts; at least 2, at most all of them.
        next_root: SHA-256 of the next root public key.
        reviewers: 2 to 16, in the order that key sheets follow.
        removed: at most 64.

    Raises:
        RosterError: the values do not make a roster.
    """

    version: int
    instance: bytes
    expires: date
    approvals: int
    next_root: bytes
    reviewers: tuple[Reviewer, ...]
    removed: tuple[Removed, ...] = ()

    def __post_init__(self) -> None:
        _check(self)

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the payload."""
        return hashlib.sha256(self.encode()).digest()

    @property
    def keys(self) -> frozenset[bytes]:
        """The public keys of all reviewers."""
        return frozenset(reviewer.key for reviewer in self.reviewers)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all reviewers, in the roster's order."""
        return tuple(reviewer.id for reviewer in self.reviewers)

    def by_id(self, reviewer: str) -> Reviewer:
        """Return the reviewer of that id, or raise `RosterError`."""
        for candidate in self.reviewers:
            if candidate.id == reviewer:
                return candidate
        raise RosterError("roster: there is no reviewer of that id")

    def by_key(self, key: bytes) -> Reviewer:
        """Return the reviewer with that public key, or raise `RosterError`."""
        for candidate in self.reviewers:
            if candidate.key == key:
                return candidate
        raise RosterError("roster: there is no reviewer with that key")

    def encode(self) -> bytes:
        """Return the payload to sign: the one encoding that a roster has."""
        return dump(
            {
                "v": 1,
                "instance": self.instance.hex(),
                "version": self.version,
                "expires": self.expires.isoformat(),
                "approvals": self.approvals,
                "next_root": self.next_root.hex(),
                "reviewers": [{"id": one.id, "label": one.label, "key": one.key.hex()} for one in self.reviewers],
                "removed": [_encode_removed(one) for one in self.removed],
            }
        )

    @classmethod
    def decode(cls, untrusted: bytes) -> "Roster":
        """Read a payload; it is not trusted before its signature was checked (`open_roster`).

        Raises:
            RosterError: it is not the encoding of a roster.
        """
        fields = parse_object(untrusted, LIMITS.payload_size, "roster", RosterError)
        fields.integer("v", 1, 1)
        roster = cls(
            instance=fields.hex("instance", 16),
            version=fields.integer("version", 1, LIMITS.version),
            expires=_read_date(fields, "expires"),
            approvals=fields.integer("approvals", 2, LIMITS.reviewers),
            next_root=fields.hex("next_root", 32),
            reviewers=tuple(_read_reviewer(one) for one in fields.objects("reviewers", LIMITS.reviewers, 2)),
            removed=tuple(_read_removed(one) for one in fields.objects("removed", LIMITS.removed)),
        )
        fields.end()
        if roster.encode() != untrusted:
            raise RosterError("roster: not in its one encoding")
        return roster


def open_roster(envelope: Envelope, root: bytes, today: date) -> Roster:
    """Return the roster that the root signed.

    Args:
        envelope: as it came.
        root: Ed25519 public key of the root, 32 bytes.
        today: the reader's own date (UTC).

    Raises:
        RosterError: not signed by the root, malformed, or expired.
    """
    try:
        envelope.verify(PAYLOAD_TYPE, {root})
    except SignatureError:
        raise RosterError("roster: not signed by the organisation's root key") from None
    roster = Roster.decode(envelope.payload)
    if today > roster.expires:
        raise RosterError("roster: expired; the organisation must sign a new one")
    return roster


def open_next_roster(envelope: Envelope, previous: Roster, root: bytes, today: date) -> tuple[Roster, bytes]:
    """Return the roster that follows the previous one, and the root that signs from now on.

    It is signed by the root in force and names the same next root; or it is signed by the next root, which then
    is the root in force. So a root can be replaced, and a stolen one cannot replace itself.

    Args:
        envelope: as it came.
        previous: the roster in force until now.
        root: the root public key in force until now, 32 bytes.
        today: the reader's own date (UTC).

    Raises:
        RosterError: it does not follow the previous one.
    """
    signer = root
    for signature in envelope.signatures:
        if hashlib.sha256(signature.key).digest() == previous.next_root:
            signer = signature.key
    roster = open_roster(envelope, signer, today)
    if roster.instance != previous.instance:
        raise RosterError("roster: of another organisation")
    if roster.version <= previous.version:
        raise RosterError("roster: not newer than the one in force")
    handed_over = signer != root
    if handed_over == (roster.next_root == previous.next_root):
        raise RosterError("roster: the next root may change when the next root signs, must change then, and only then")
    _check_nobody_vanished(roster, previous)
    return roster, signer


def _check_nobody_vanished(roster: Roster, previous: Roster) -> None:
    if not _people(previous) <= _people(roster):
        raise RosterError("roster: a reviewer of the one before is neither kept nor listed as removed")
    now = {one.id: one.last_event for one in roster.removed}
    if any(one.id not in now or one.last_event not in {None, now[one.id]} for one in previous.removed):
        raise RosterError("roster: a removed reviewer is back, or another last event of theirs is named")


def _people(roster: Roster) -> frozenset[tuple[str, bytes]]:
    """Return id and key of everyone who is or was a reviewer."""
    now = {(one.id, one.key) for one in roster.reviewers}
    return frozenset(now | {(one.id, one.key) for one in roster.removed})


def _check(roster: Roster) -> None:
    ids = [*roster.ids, *(one.id for one in roster.removed)]
    keys = [*(one.key for one in roster.reviewers), *(one.key for one in roster.removed)]
    if not 1 <= roster.version <= LIMITS.version:
        raise RosterError("roster: version is out of range")
    if not 2 <= len(roster.reviewers) <= LIMITS.reviewers:
        raise RosterError(f"roster: there must be 2 to {LIMITS.reviewers} reviewers")
    if not 2 <= roster.approvals <= len(roster.reviewers):
        raise RosterError("roster: approvals must be at least 2 and at most the number of reviewers")
    if not all(is_reviewer_id(one) for one in ids):
        raise RosterError("roster: an id is not 1 to 32 of a-z, 0-9 and -")
    if len(set(ids)) != len(ids) or len(set(keys)) != len(keys):
        raise RosterError("roster: an id or a key stands there twice")
    if len(roster.removed) > LIMITS.removed:
        raise RosterError(f"roster: more than {LIMITS.removed} removed reviewers")
    for one in roster.reviewers:
        if not 1 <= len(one.label) <= LIMITS.label_characters or not is_one_line(one.label):
            raise RosterError(f"roster: a label is not one line of 1 to {LIMITS.label_characters} characters")
    hashes = [roster.next_root, *keys, *(one.last_event for one in roster.removed if one.last_event is not None)]
    if len(roster.instance) != 16 or any(len(value) != 32 for value in hashes):
        raise RosterError("roster: a key, hash or the instance has the wrong size")


def _encode_removed(removed: Removed) -> dict[str, str]:
    encoded = {"id": removed.id, "key": removed.key.hex()}
    if removed.last_event is not None:
        encoded["last_event"] = removed.last_event.hex()
    return encoded


def _read_reviewer(fields: Fields) -> Reviewer:
    reviewer = Reviewer(
        id=fields.text("id", 32), label=fields.text("label", 4 * LIMITS.label_characters), key=fields.hex("key", 32)
    )
    fields.end()
    return reviewer


def _read_removed(fields: Fields) -> Removed:
    removed = Removed(
        id=fields.text("id", 32), key=fields.hex("key", 32), last_event=fields.optional_hex("last_event", 32)
    )
    fields.end()
    return removed


def _read_date(fields: Fields, name: str) -> date:
    try:
        return date.fromisoformat(fields.text(name, 10, 10))
    except ValueError:
        fields.refuse(name, "is not a date")
