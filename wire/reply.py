"""Replies: what a reviewer answers, signed, and sealed to the source alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.errors import SignatureError
from crypto.hybrid import HybridIdentity, HybridRecipient
from crypto.seal import Sealer, plaintext_size_for
from wire.errors import ReplyError, RosterError
from wire.fields import dump, parse_object
from wire.keysheet import read_week
from wire.letter import LIMITS as LETTER_LIMITS
from wire.letter import REPLY_SIZE
from wire.roster import Roster
from wire.week import Week

PAYLOAD_TYPE = "application/vnd.lapwing.reply+json"


@dataclass(frozen=True)
class Limits:
    """What a reply may hold."""

    text: int = 8_000  # bytes of UTF-8
    number: int = 1_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Reply:
    """One reply of one reviewer in one conversation.

    Attributes:
        instance: 16 bytes.
        conversation: the source's X25519 public key, 32 bytes.
        reviewer: id of who wrote it.
        number: counted by each reviewer in each conversation, from 1 to 1,000,000, so that a gap shows.
        seen: number of the last letter of the conversation that the reviewer had seen, from 1.
        week: when it was written.
        roster: SHA-256 of the payload of the roster then in force, 32 bytes.
        recipient: SHA-256 of the raw recipient that it is sealed to, 32 bytes.
        text: at most 8,000 bytes of UTF-8.

    Raises:
        ReplyError: the values do not make a reply.
    """

    instance: bytes
    conversation: bytes
    reviewer: str
    number: int
    seen: int
    week: Week
    roster: bytes
    recipient: bytes
    text: str

    def __post_init__(self) -> None:
        if not 1 <= self.number <= LIMITS.number or not 1 <= self.seen <= LETTER_LIMITS.number:
            raise ReplyError("reply: a number is out of range")
        if len(self.text.encode()) > LIMITS.text:
            raise ReplyError(f"reply: over {LIMITS.text} bytes; write two")

    def encode(self) -> bytes:
        """Return the payload to sign."""
        return dump(
            {
                "v": 1,
                "instance": self.instance.hex(),
                "conversation": self.conversation.hex(),
                "reviewer": self.reviewer,
                "number": self.number,
                "seen": self.seen,
                "week": str(self.week),
                "roster": self.roster.hex(),
                "recipient": self.recipient.hex(),
                "text": self.text,
            }
        )

    @classmethod
    def decode(cls, untrusted: bytes) -> "Reply":
        """Read a payload; not trusted before `reply_from_envelope` checked its signature.

        Raises:
            ReplyError: it is not the encoding of a reply.
        """
        fields = parse_object(untrusted, REPLY_SIZE, "reply", ReplyError)
        fields.integer("v", 1, 1)
        reply = cls(
            instance=fields.hex("instance", 16),
            conversation=fields.hex("conversation", 32),
            reviewer=fields.text("reviewer", 32, 1),
            number=fields.integer("number", 1, LIMITS.number),
            seen=fields.integer("seen", 1, LETTER_LIMITS.number),
            week=read_week(fields),
            roster=fields.hex("roster", 32),
            recipient=fields.hex("recipient", 32),
            text=fields.text("text", LIMITS.text),
        )
        fields.end()
        return reply


def recipient_digest(recipient: HybridRecipient) -> bytes:
    """Return SHA-256 of the raw recipient: what `Reply.recipient` must be."""
    return hashlib.sha256(recipient.raw).digest()


def sign_reply(reply: Reply, signing_key: SigningKey) -> Envelope:
    """Return a reply signed by its reviewer."""
    return sign(PAYLOAD_TYPE, reply.encode(), signing_key)


def seal_signed(envelope: Envelope, reply_to: HybridRecipient) -> bytes:
    """Seal a signed reply to its source; nothing outside shows whose it is, nor that it was sealed before.

    Args:
        envelope: as `sign_reply` made it.
        reply_to: as the letters of the conversation name it.

    Returns:
        16,384 bytes, others each time. Inside, spaces and a line feed follow the envelope.

    Raises:
        ReplyError: it is made for another recipient, or does not fit (text may take up to about 10,000 bytes as JSON
            writes it, where a line feed or quotation mark is two).
    """
    content = envelope.encode()
    if len(content) >= REPLY_SIZE:
        raise ReplyError("reply: too long; write two")
    if Reply.decode(envelope.payload).recipient != recipient_digest(reply_to):
        raise ReplyError("reply: made for another recipient than it would be sealed to")
    return _seal(content, reply_to)


def seal_reply(reply: Reply, signing_key: SigningKey, reply_to: HybridRecipient) -> bytes:
    """Sign a reply and seal it to its source: 16,384 bytes; raises as `seal_signed` does."""
    return seal_signed(sign_reply(reply, signing_key), reply_to)


def seal_decoy() -> bytes:
    """Return a letter of 16,384 bytes that looks like a reply, sealed to a key that nobody has."""
    return _seal(b"", HybridIdentity.generate().recipient)


def _seal(content: bytes, reply_to: HybridRecipient) -> bytes:
    sealer = Sealer([reply_to])
    size = plaintext_size_for(sealer.header_size, REPLY_SIZE)
    if size is None or len(content) >= size:
        raise ReplyError("reply: too long; write two")
    return sealer.start() + sealer.update(content.ljust(size - 1, b" ") + b"\n") + sealer.finish()


def reply_from_envelope(envelope: Envelope, rosters: Sequence[Roster]) -> Reply:
    """Return the reply that a reviewer signed.

    Args:
        envelope: as it was inside the seal, or in the case log.
        rosters: all that the reader holds for genuine; the reply names which was in force.

    Raises:
        ReplyError: malformed, of another organisation, made under an unknown roster, or not signed by the reviewer
            it names.
    """
    reply = Reply.decode(envelope.payload)
    roster = next((one for one in rosters if one.digest == reply.roster), None)
    if roster is None or roster.instance != reply.instance:
        raise ReplyError("reply: made under an unknown roster")
    try:
        envelope.verify(PAYLOAD_TYPE, {roster.by_id(reply.reviewer).key})
    except (SignatureError, RosterError):
        raise ReplyError("reply: not signed by the reviewer it names") from None
    return reply
