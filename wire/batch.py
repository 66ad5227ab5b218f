"""A batch: case events and grants that travel in one letter on the log shelf.

A batch is lines of JSON, padded and sealed to the whole key sheet like every letter. A line is
either an event with its content (open, where it concerns the organisation; boxed under a case key
otherwise) or a grant: a small age file that gives case keys to reviewers without saying to whom.
docs/format.md, "Case log".
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from crypto.hybrid import HybridIdentity, HybridRecipient
from crypto.seal import seal
from wire.content import parse_content
from wire.content_kind import CaseContent
from wire.errors import EventError
from wire.event import LIMITS as EVENT_LIMITS
from wire.event import Opened, SignedEvent, open_content
from wire.fields import Json, dump, encode_base64, parse_object


@dataclass(frozen=True)
class Limits:
    """What a batch accepts at most."""

    line: int = 50_000  # bytes of one line
    lines: int = 400
    envelope: int = 10_000  # bytes of one event's envelope
    box: int = EVENT_LIMITS.content + 128  # bytes of a boxed content
    grant: int = 28_000  # bytes of one sealed grant, so that it fits into a letter to sixteen reviewers
    keys: int = 64  # case keys in one grant


LIMITS = Limits()


@dataclass(frozen=True)
class Posted:
    """An event as it travels; exactly one of ``opened`` and ``box`` is there.

    Attributes:
        envelope: the signed chain entry, not verified yet.
        opened: the content in the open (organisation's own kinds).
        box: nonce and content sealed under a case key.

    Raises:
        EventError: both or neither are there, or what is in the open belongs to a case.
    """

    envelope: Envelope
    opened: Opened | None = None
    box: bytes | None = None

    def __post_init__(self) -> None:
        if (self.opened is None) == (self.box is None):
            raise EventError("batch: an event needs its content either open or boxed")
        if self.opened is not None and _case_of(self.opened) is not None:
            raise EventError("batch: what belongs to a case travels boxed only")


def _case_of(opened: Opened) -> bytes | None:
    """Return the case that content belongs to; None also for content that makes no sense (yet)."""
    try:
        content = parse_content(opened.content)
    except EventError:
        return None
    return content.case if isinstance(content, CaseContent) else None


@dataclass(frozen=True)
class Grant:
    """Case keys on their way to holders: an age file with a multiple of four stanzas."""

    sealed: bytes


@dataclass(frozen=True)
class CaseKey:
    """A case (16 bytes) and one of its keys (32 bytes)."""

    case: bytes
    key: bytes


Item: TypeAlias = Posted | Grant


def open_box(box: bytes, key: CaseKey, signed: SignedEvent) -> Opened:
    """Open a boxed content: only what belongs to the very case whose key opens it counts.

    Raises:
        CryptoError: the box was sealed under another key, or altered.
        EventError: it opens, but is not what its author committed to, or belongs elsewhere.
    """
    opened = open_content(box, key.key, signed)
    if _case_of(opened) != key.case:
        raise EventError("batch: the box holds something else than content of the case whose key opens it")
    return opened


def seal_grant(keys: Sequence[CaseKey], holders: Sequence[HybridRecipient]) -> Grant:
    """Seal case keys to period keys, padded with discarded ones to a multiple of four, shuffled.

    With nobody to give to (they left since) the grant is for nobody, so that whatever queues behind it goes on.

    Raises:
        EventError: no key, or more than one grant holds: split it.
    """
    discarded = [HybridIdentity.generate().recipient for _ in range(-len(holders) % 4 if holders else 4)]
    recipients = [*holders, *discarded]
    secrets.SystemRandom().shuffle(recipients)
    sealed = seal(encode_keys(keys), recipients)
    if not 1 <= len(keys) <= LIMITS.keys or len(sealed) > LIMITS.grant:
        raise EventError("grant: no keys, or more than one grant holds; split it")
    return Grant(sealed)


def encode_keys(keys: Sequence[CaseKey]) -> bytes:
    """Return the plaintext of a grant."""
    return dump({"v": 1, "keys": [{"case": each.case.hex(), "key": each.key.hex()} for each in keys]})


def decode_keys(untrusted: bytes) -> tuple[CaseKey, ...]:
    """Parse the plaintext of a grant.

    Raises:
        EventError: not one to 64 case keys.
    """
    fields = parse_object(untrusted, LIMITS.grant, "grant", EventError)
    fields.integer("v", 1, 1)
    keys = []
    for each in fields.objects("keys", LIMITS.keys, 1):
        keys.append(CaseKey(each.hex("case", 16), each.hex("key", 32)))
        each.end()
    fields.end()
    return tuple(keys)


def encode_item(item: Item) -> bytes:
    """Return one line, its newline included."""
    return dump(_line(item)) + b"\n"


def _line(item: Item) -> dict[str, Json]:
    if isinstance(item, Grant):
        return {"grant": encode_base64(item.sealed)}
    line: dict[str, Json] = {"event": encode_base64(item.envelope.encode())}
    if item.opened:
        line["nonce"] = encode_base64(item.opened.nonce)
        line["content"] = encode_base64(item.opened.content)
    if item.box:
        line["box"] = encode_base64(item.box)
    return line


def pack(items: Iterable[Item], room: int) -> tuple[tuple[Item, ...], ...]:
    """Spread items, in their order, over as few batches of at most ``room`` bytes as that allows.

    Raises:
        EventError: one item alone is larger than a batch.
    """
    batches: list[list[Item]] = [[]]
    used = 0
    for item in items:
        size = len(encode_item(item))
        if size > room:
            raise EventError("batch: one event is too long for a letter; attach it as an exhibit")
        if used + size > room or len(batches[-1]) >= LIMITS.lines:
            batches.append([])
            used = 0
        batches[-1].append(item)
        used += size
    return tuple(tuple(batch) for batch in batches if batch)


def encode_batch(items: Iterable[Item]) -> bytes:
    """Return the lines of a batch, not padded yet."""
    return b"".join(encode_item(item) for item in items)


def decode_batch(untrusted: bytes) -> tuple[Item, ...]:
    """Parse the lines of a batch, padding included.

    Raises:
        EventError: a line is not an event or a grant.
    """
    stripped = untrusted.rstrip(b" \n")
    lines = stripped.split(b"\n", LIMITS.lines) if stripped else []
    if len(lines) > LIMITS.lines:
        raise EventError("batch: too many lines")
    return tuple(_parse_line(line) for line in lines)


def _parse_line(line: bytes) -> Item:
    fields = parse_object(line, LIMITS.line, "batch", EventError)
    if fields.has("grant"):
        sealed = fields.base64("grant", 1, LIMITS.grant)
        fields.end()
        return Grant(sealed)
    try:
        envelope = Envelope.decode(fields.base64("event", 1, LIMITS.envelope))
    except CryptoError:
        raise EventError("batch: an event's envelope is malformed") from None
    opened = None
    if fields.has("nonce"):
        nonce = fields.base64("nonce", 32, 32)
        opened = Opened(nonce, fields.base64("content", 1, EVENT_LIMITS.content))
    box = fields.optional_base64("box", 1, LIMITS.box)
    fields.end()
    return Posted(envelope, opened, box)
