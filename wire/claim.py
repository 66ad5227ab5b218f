"""A claim: the commitment that a tip carries, and the challenge by which an agency asks for proof.

The answer is in `wire.claim_answer`. docs/format.md, "Claim".
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from nacl.signing import SigningKey

from crypto import bech32
from crypto.claim import COMMITMENT_SIZE, SALT_SIZE, claim_salt
from crypto.dsse import Envelope, sign
from crypto.errors import EnvelopeError, KeyFormatError, SignatureError
from wire.errors import ChallengeExpiredError, ClaimError
from wire.fields import dump, parse_object
from wire.letter import Letter
from wire.office import Office, read_office
from wire.shape import Day

CHALLENGE_TYPE: Final = "application/vnd.lapwing.claim-challenge+json"
PREFIX: Final = "lapwing-claim"
NONCE_SIZE: Final = 16


@dataclass(frozen=True)
class Limits:
    """What is accepted at most; sizes are bytes of UTF-8."""

    commitment: int = 99  # characters of a commitment as text, which all have
    programme: int = 200
    case: int = 120
    payload: int = 4_096  # bytes of a challenge, without its signature
    envelope: int = 6_144  # bytes of a challenge


LIMITS = Limits()


@dataclass(frozen=True)
class Commitment:
    """What a claim is held against. Whoever has it can guess claim words; docs/decisions tells what a guess costs.

    Attributes:
        digest: SHA-256 (32 bytes) over both public keys.
        salt: of the claim words, 16 bytes: without it the source could not make the keys again.
        known_to_intake: whether the words were made on arrival, so that an intake taken over could have kept them.

    Raises:
        ClaimError: one of them has another length.
    """

    digest: bytes
    salt: bytes
    known_to_intake: bool

    def __post_init__(self) -> None:
        if len(self.digest) != COMMITMENT_SIZE or len(self.salt) != SALT_SIZE:
            raise ClaimError(f"commitment: it has a digest of {COMMITMENT_SIZE} bytes and a salt of {SALT_SIZE}")

    def encode(self) -> str:
        """Return it as text of 99 characters, with a checksum: `lapwing-claim1…`."""
        return bech32.encode(PREFIX, bytes([self.known_to_intake]) + self.salt + self.digest)

    @classmethod
    def decode(cls, untrusted: str) -> "Commitment":
        """Read the text, in lower case.

        Raises:
            ClaimError: it is none.
        """
        try:
            if len(untrusted) > LIMITS.commitment:
                raise ClaimError("commitment: it is too long; copy it again")
            prefix, raw = bech32.decode(untrusted)
        except KeyFormatError:
            raise ClaimError(
                "commitment: it is incomplete or mistyped; copy it again, from lapwing-claim1 on"
            ) from None
        if prefix != PREFIX or len(raw) != 1 + SALT_SIZE + COMMITMENT_SIZE or raw[0] > 1:
            raise ClaimError("commitment: it is none; it starts with lapwing-claim1, in lower case")
        return cls(digest=raw[1 + SALT_SIZE :], salt=raw[1 : 1 + SALT_SIZE], known_to_intake=raw[0] == 1)


def commitment_of(letter: Letter) -> Commitment | None:
    """Return the commitment that a letter carries, as it may be given to an office; None if it carries none."""
    if letter.claim is None:
        return None
    return Commitment(letter.claim, claim_salt(letter.instance, letter.tip), letter.sealed == "arrival")


@dataclass(frozen=True)
class Challenge:
    """An agency asks: prove to us, by this day, that you wrote the tip.

    Attributes:
        office: who asks. Its signing key signs the challenge, and the answer is sealed to its recipient.
        commitment: of the tip, as the reviewers released it.
        programme: the reward programme, one line of 1 to 200 bytes.
        case: the agency's own reference, one line of 1 to 120 bytes.
        expires: last day (UTC) on which an answer counts.
        nonce: 16 random bytes, so that no two challenges are the same.
    """

    office: Office
    commitment: Commitment
    programme: str
    case: str
    expires: date
    nonce: bytes

    def encode(self) -> bytes:
        """Return the payload that is signed, at most 4,096 bytes.

        Raises:
            ClaimError: a value is out of bounds.
        """
        payload = dump(
            {
                "v": 1,
                "office": self.office.values(),
                "commitment": self.commitment.encode(),
                "programme": self.programme,
                "case": self.case,
                "expires": self.expires.isoformat(),
                "nonce": self.nonce.hex(),
            }
        )
        Challenge.decode(payload)
        return payload

    @classmethod
    def decode(cls, untrusted: bytes) -> "Challenge":
        """Read a payload; nothing in it is trusted before `open_challenge`.

        Raises:
            ClaimError: it is no challenge.
        """
        fields = parse_object(untrusted, LIMITS.payload, "challenge", ClaimError)
        fields.integer("v", 1, 1)
        office = read_office(fields.object("office"), ClaimError)
        commitment = Commitment.decode(fields.text("commitment", LIMITS.commitment))
        expires = Day().read(fields, "expires")
        assert expires is not None
        challenge = cls(
            office=office,
            commitment=commitment,
            programme=fields.line("programme", LIMITS.programme, 1),
            case=fields.line("case", LIMITS.case, 1),
            expires=expires,
            nonce=fields.hex("nonce", NONCE_SIZE),
        )
        fields.end()
        return challenge


@dataclass(frozen=True)
class SignedChallenge:
    """A challenge as it travels.

    Attributes:
        challenge: what is asked.
        envelope: what its office signed.
    """

    challenge: Challenge
    envelope: Envelope

    @property
    def digest(self) -> bytes:
        """SHA-256 (32 bytes) of what was signed."""
        return hashlib.sha256(self.envelope.payload).digest()


def sign_challenge(challenge: Challenge, key: SigningKey) -> Envelope:
    """Return the challenge signed with its office's key.

    Raises:
        ClaimError: a value is out of bounds.
    """
    return sign(CHALLENGE_TYPE, challenge.encode(), key)


def open_challenge(untrusted: bytes, on: date) -> SignedChallenge:
    """Read a challenge. That it is from whom it says must be asked by another way: compare the office's digest.

    Args:
        untrusted: the file as it came, at most 6,144 bytes; one line feed at the end is no matter.
        on: the day (UTC) on which an answer is given or came in.

    Raises:
        ClaimError: it is no challenge, or was changed after its office signed it.
        ChallengeExpiredError: its last day is over.
    """
    try:
        envelope = Envelope.decode(untrusted.removesuffix(b"\n"), LIMITS.envelope)
    except EnvelopeError:
        raise ClaimError("challenge: the file is none, or damaged; ask for it again") from None
    return check_challenge(envelope, on)


def check_challenge(envelope: Envelope, on: date) -> SignedChallenge:
    """Return the challenge in an envelope; errors are those of `open_challenge`."""
    challenge = Challenge.decode(envelope.payload)
    try:
        envelope.verify(CHALLENGE_TYPE, {challenge.office.key})
    except SignatureError:
        raise ClaimError("challenge: not signed by the agency that it names; ask for it again") from None
    if on > challenge.expires:
        raise ChallengeExpiredError("challenge: its last day is over; ask the agency for a new one")
    return SignedChallenge(challenge, envelope)
