"""Known by this date: what a letter said, and the week in which reviewers' apps first pulled it (pure).

It shows that this was known by then, never that nobody knew it before. Each app signs for itself, by its own clock, so
that an intake can neither date a letter back nor hold it back from one app unseen. docs/format.md, "Attestation".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.errors import SignatureError
from wire.attested import commitment_to
from wire.errors import AttestationError, RosterError
from wire.fields import dump, parse_object
from wire.keysheet import read_week
from wire.letter import Letter
from wire.roster import Roster, is_reviewer_id
from wire.week import Week

PAYLOAD_TYPE: Final = "application/vnd.lapwing.attestation+json"


@dataclass(frozen=True)
class Limits:
    """What is accepted at most."""

    payload: int = 512  # bytes of one attestation, without its signature
    reviewer: int = 32  # bytes of a reviewer's id


LIMITS = Limits()


@dataclass(frozen=True)
class Attestation:
    """What one reviewer's app says of one letter.

    Attributes:
        instance: the organisation, 16 bytes.
        reviewer: id of the reviewer whose app says so.
        commitment: to what the letter said, 32 bytes.
        week: in which that app first pulled it, by its own clock (UTC).
    """

    instance: bytes
    reviewer: str
    commitment: bytes
    week: Week

    def encode(self) -> bytes:
        """Return the payload that is signed."""
        return dump(
            {
                "v": 1,
                "instance": self.instance.hex(),
                "reviewer": self.reviewer,
                "commitment": self.commitment.hex(),
                "week": str(self.week),
            }
        )

    @classmethod
    def decode(cls, untrusted: bytes) -> "Attestation":
        """Read a payload; nothing in it is trusted before `open_attestation`.

        Raises:
            AttestationError: it is none.
        """
        fields = parse_object(untrusted, LIMITS.payload, "attestation", AttestationError)
        fields.integer("v", 1, 1)
        attestation = cls(
            instance=fields.hex("instance", 16),
            reviewer=fields.text("reviewer", LIMITS.reviewer, 1),
            commitment=fields.hex("commitment", 32),
            week=read_week(fields),
        )
        fields.end()
        if not is_reviewer_id(attestation.reviewer):
            raise AttestationError("attestation: reviewer is no reviewer's id")
        return attestation


def attest(letter: Letter, pulled: Week, reviewer: str, key: SigningKey) -> Envelope:
    """Return what an app signs for a letter.

    Args:
        letter: as the app opened it.
        pulled: the week in which it first had the letter, by its own clock.
        reviewer: whose app it is.
        key: that reviewer's.

    Raises:
        AttestationError: the letter is sealed to a key sheet of a later week, so one of the two clocks is wrong.
    """
    if pulled < letter.week:
        raise AttestationError("attestation: the letter is of a later week than this; set the clock, then pull again")
    attestation = Attestation(letter.instance, reviewer, commitment_to(letter), pulled)
    return sign(PAYLOAD_TYPE, attestation.encode(), key)


def open_attestation(envelope: Envelope, roster: Roster) -> Attestation:
    """Return what a reviewer on a roster signed.

    Raises:
        AttestationError: malformed, of another organisation, or not signed by the reviewer whom it names.
    """
    attestation = Attestation.decode(envelope.payload)
    if attestation.instance != roster.instance:
        raise AttestationError("attestation: it is of another organisation")
    if len(envelope.signatures) != 1:
        raise AttestationError("attestation: it has not exactly one signature")
    try:
        envelope.verify(PAYLOAD_TYPE, {roster.by_id(attestation.reviewer).key})
    except (RosterError, SignatureError):
        raise AttestationError("attestation: not signed by the reviewer whom it names") from None
    return attestation


@dataclass(frozen=True)
class Known:
    """What attestations of one letter come to.

    Attributes:
        commitment: to what the letter said, 32 bytes.
        week: the earliest by which as many reviewers' apps as are needed had it.
        latest: the last week in which one of them first had it.
        reviewers: who says so, by id.
    """

    commitment: bytes
    week: Week
    latest: Week
    reviewers: tuple[str, ...]

    @property
    def held_back(self) -> bool:
        """Whether an app first had it more than a week after `week`: held back, or the app was off. People look."""
        return is_late(self.latest, self.week)


def is_late(week: Week, known: Week) -> bool:
    """Tell whether a week is later than the one after that by which a letter was known."""
    # By days: whoever signs may name the last week that can be written, and none follows that one.
    return week.monday - known.monday > timedelta(days=7)


def known_by(attestations: Sequence[Attestation], needed: int) -> Known:
    """Return since when a letter was known, by enough reviewers' apps.

    Args:
        attestations: as `open_attestation` returned them.
        needed: of how many distinct reviewers; the roster's `approvals`, and never one alone.

    Raises:
        AttestationError: too few, two by one reviewer, or not all of one letter.
    """
    enough = max(needed, 2)
    if len({one.commitment for one in attestations}) > 1:
        raise AttestationError("attestations: they are not of one letter")
    reviewers = tuple(sorted(one.reviewer for one in attestations))
    if len(set(reviewers)) < len(reviewers):
        raise AttestationError("attestations: two are by one reviewer")
    if len(reviewers) < enough:
        raise AttestationError(f"attestations: {len(reviewers)} given, {enough} are needed")
    weeks = sorted(one.week for one in attestations)
    return Known(attestations[0].commitment, weeks[enough - 1], weeks[-1], reviewers)
