"""Case events: the signed chain, apart from the content that it commits to.

A *chain entry* (here: ``Event``) is signed by its author. It names the author's previous event and
every other live head seen by then (an event that nothing seen cites yet), and commits to its content with
SHA-256(nonce || content). What an event says (its kind, its case) stands in the content alone, so
who cannot open the content learns neither; and once content is destroyed the chain still verifies.
docs/format.md, "Case log".
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.errors import CryptoError
from crypto.secretbox import open_box, seal_box
from wire.errors import EventError
from wire.fields import dump, parse_object
from wire.roster import Roster

PAYLOAD_TYPE = "application/vnd.lapwing.event+json"


@dataclass(frozen=True)
class Limits:
    """What an event accepts at most."""

    payload: int = 4_096  # bytes of the signed payload
    content: int = 24_576  # bytes of content, padding included
    heads: int = 32  # live heads that one event can cite
    number: int = 10_000_000  # events of one author
    author: int = 32  # bytes of an author's id
    step: int = 512  # content is padded to a multiple of this many bytes


LIMITS = Limits()
NONCE_SIZE = 32


@dataclass(frozen=True)
class Event:
    """One entry of an author's chain.

    Attributes:
        instance: 16 bytes.
        author: the reviewer's id on the roster.
        number: 1 for the author's first event, then one more each time.
        previous: id (32 bytes) of the author's event before, None for the first.
        heads: ids of the other live heads its author had seen, in ascending order.
        commitment: SHA-256 (32 bytes) of nonce || content.
    """

    instance: bytes
    author: str
    number: int
    previous: bytes | None
    heads: tuple[bytes, ...]
    commitment: bytes

    def encode(self) -> bytes:
        """Return the payload that is signed."""
        return dump(
            {
                "v": 1,
                "instance": self.instance.hex(),
                "author": self.author,
                "number": self.number,
                **({"previous": self.previous.hex()} if self.previous else {}),
                "heads": [head.hex() for head in self.heads],
                "commitment": self.commitment.hex(),
            }
        )

    @property
    def cited(self) -> tuple[bytes, ...]:
        """The ids of all events that this one names as its past."""
        return (*((self.previous,) if self.previous else ()), *self.heads)


def decode_event(untrusted: bytes) -> Event:
    """Parse an event's payload.

    Raises:
        EventError: not one event in its one encoding; or a first event with a previous one, or a later one without.
    """
    fields = parse_object(untrusted, LIMITS.payload, "event", EventError)
    fields.integer("v", 1, 1)
    event = Event(
        instance=fields.hex("instance", 16),
        author=fields.text("author", LIMITS.author, 1),
        number=fields.integer("number", 1, LIMITS.number),
        previous=fields.optional_hex("previous", 32),
        heads=fields.hexes("heads", 32, LIMITS.heads),
        commitment=fields.hex("commitment", 32),
    )
    fields.end()
    if (event.number == 1) != (event.previous is None):
        raise EventError("event: number and previous event do not go together")
    if list(event.heads) != sorted(set(event.heads)) or event.previous in event.heads:
        raise EventError("event: heads are not in order, each once")
    if event.encode() != untrusted:
        raise EventError("event: not in its one encoding")
    return event


@dataclass(frozen=True)
class SignedEvent:
    """An event whose author's signature was checked.

    Attributes:
        event: the chain entry.
        envelope: the DSSE envelope it came in. An author can sign one payload in many ways, so it tells nothing
            more and two copies of an event are equal whatever their signatures.
        id: SHA-256 (32 bytes) of the payload.
    """

    event: Event
    envelope: Envelope = field(compare=False)
    id: bytes


def sign_event(event: Event, key: SigningKey) -> SignedEvent:
    """Sign an event with its author's key.

    Raises:
        EventError: the values make no event that a reader accepts.
    """
    envelope = sign(PAYLOAD_TYPE, event.encode(), key)
    return SignedEvent(decode_event(envelope.payload), envelope, hashlib.sha256(envelope.payload).digest())


def open_event(envelope: Envelope, roster: Roster) -> SignedEvent:
    """Check that an event was signed by the reviewer it names, on this roster or removed from it.

    Raises:
        EventError: malformed, another instance, an author this roster never heard of, a signature that does
            not hold, or any other one beside it.
    """
    if len(envelope.signatures) != 1:
        raise EventError("event: not signed exactly once")
    event = decode_event(envelope.payload)
    if event.instance != roster.instance:
        raise EventError("event: belongs to another instance")
    keys = _keys(roster)
    if event.author not in keys:
        raise EventError("event: its author is not on the roster")
    try:
        envelope.verify(PAYLOAD_TYPE, {keys[event.author]})
    except CryptoError:
        raise EventError("event: not signed by the author it names") from None
    return SignedEvent(event, envelope, hashlib.sha256(envelope.payload).digest())


def _keys(roster: Roster) -> Mapping[str, bytes]:
    removed = {each.id: each.key for each in roster.removed}
    return removed | {each.id: each.key for each in roster.reviewers}


@dataclass(frozen=True)
class Opened:
    """The content of an event with the nonce that its commitment needs.

    Attributes:
        nonce: 32 random bytes.
        content: padded JSON, a multiple of 512 bytes, at most 24,576.

    Raises:
        EventError: a size is wrong.
    """

    nonce: bytes
    content: bytes

    def __post_init__(self) -> None:
        size = len(self.content)
        if len(self.nonce) != NONCE_SIZE or size % LIMITS.step or not 0 < size <= LIMITS.content:
            raise EventError("event: the content is not padded to a multiple of 512 bytes, or its nonce is not 32")

    @property
    def commitment(self) -> bytes:
        """SHA-256 (32 bytes) of nonce || content."""
        return hashlib.sha256(self.nonce + self.content).digest()

    def check(self, event: Event) -> None:
        """Raise ``EventError`` unless this is the content that the event committed to."""
        if not hmac.compare_digest(self.commitment, event.commitment):
            raise EventError("event: the content is not what was committed to")


def commit(content: bytes) -> Opened:
    """Pad content and draw the nonce of its commitment.

    Raises:
        EventError: the content is longer than 24,576 bytes.
    """
    padded = content + b" " * (-len(content) % LIMITS.step)
    if len(padded) > LIMITS.content:
        raise EventError("event: the content is too long; attach it as an exhibit")
    return Opened(secrets.token_bytes(NONCE_SIZE), padded)


def seal_content(opened: Opened, case_key: bytes, event_id: bytes) -> bytes:
    """Seal content under a case key (32 bytes), bound to the event's id."""
    return seal_box(case_key, opened.nonce + opened.content, event_id)


def open_content(box: bytes, case_key: bytes, signed: SignedEvent) -> Opened:
    """Open content with a case key and hold it against the event's commitment.

    Raises:
        CryptoError: the box was sealed under another key, or altered.
        EventError: it opens, but is not what the author committed to.
    """
    plaintext = open_box(case_key, box, signed.id)
    opened = Opened(plaintext[:NONCE_SIZE], plaintext[NONCE_SIZE:])
    opened.check(signed.event)
    return opened
