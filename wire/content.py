"""What a case event says: one frozen dataclass a kind, read from and written to padded JSON.

Every content has ``on``, the day (UTC) by its author's own clock, which decides nothing. A case
content has ``case``, 16 bytes. Texts are UTF-8, limits in bytes. docs/format.md, "Case log".
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeAlias

from wire.errors import EventError, WireError
from wire.fields import dump, parse_object
from wire.shape import Base64, Boolean, Choice, Day, Embedded, Hashes, Hex, Integer, Line, Names, Text, one_of, write

MISSING = 64  # most events that one asks for
REVIEWERS = 64  # most reviewer ids in one list
LIMIT = 24_576
ID = 32  # most bytes of a reviewer's id
SERVED = ("roster", "sheet", "keys", "script", "foreign", "form", "header", "closed", "bundle", "release", "width")
ALARMS = (*SERVED, "changed", "view")

Hash: TypeAlias = Annotated[bytes, Hex(32)]
OptionalHash: TypeAlias = Annotated[bytes | None, Hex(32, optional=True)]
ReviewerId: TypeAlias = Annotated[str, Line(ID, 1)]
Note: TypeAlias = Annotated[str, Text(16_000, 1)]
Remark: TypeAlias = Annotated[str, Line(400)]
Word: TypeAlias = Annotated[str, Line(64, 1)]


def case_of_tip(instance: bytes, conversation: bytes) -> bytes:
    """Return the case (16 bytes) of all letters of one conversation (public key, 32 bytes)."""
    return hashlib.sha256(b"lapwing/v1/case" + instance + conversation).digest()[:16]


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is common to every content; alone, the organisation's own kinds."""

    on: Annotated[date, Day()]

    def encode(self) -> bytes:
        """Return the JSON, not padded yet; `EventError` for a value that no reader would accept."""
        try:
            encoded = dump({"v": 1, "kind": NAMES[type(self)], **write(self)})
        except (WireError, ValueError):
            raise EventError("event content: a value cannot be written as JSON") from None
        if parse_content(encoded) != self:
            raise EventError("event content: a value is not in its one form")
        return encoded


@dataclass(frozen=True, kw_only=True)
class CaseContent(Content):
    """What is common to the content of a case's events."""

    case: Annotated[bytes, Hex(16)]


@dataclass(frozen=True, kw_only=True)
class Heads(Content):
    """Nothing happened: posted daily so that a withheld tail shows as silence. Names events that its app lacks."""

    missing: Annotated[tuple[bytes, ...], Hashes(MISSING)] = ()


@dataclass(frozen=True, kw_only=True)
class OfficeProposed(Content):
    """Add an office: its name and the two keys on its card (recipient 1,216 bytes, key 32)."""

    name: Annotated[str, Line(480, 1)]
    recipient: Annotated[bytes, Base64(1_216)]
    key: Hash


@dataclass(frozen=True, kw_only=True)
class OfficeConfirmed(Content):
    """A reviewer other than the proposer agrees that the office's card is genuine."""

    proposal: Hash


@dataclass(frozen=True, kw_only=True)
class OfficeWithdrawn(Content):
    """An office comes off the list: its keys are lost, stolen or were never its own. One reviewer is enough."""

    proposal: Hash


@dataclass(frozen=True, kw_only=True)
class Looked(Content):
    """What visitors' pages were like (SHA-256 of all that is fixed in them) under a roster; told when it changes."""

    pages: Hash
    roster: Hash


@dataclass(frozen=True, kw_only=True)
class Alarm(Content):
    """This author's app came as a visitor and met what no honest intake serves; ``seen``: SHA-256 of the answer."""

    what: Annotated[str, Choice(ALARMS)]
    seen: OptionalHash


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseContent):
    """An app opened a letter of this case, or its reviewer opened the case themselves.

    Attributes:
        letter, number: name (SHA-256) and running number; None and 0 for a case that a reviewer opened.
        tip: the form's id, 16 bytes; equal for a form sent twice.
        members: who may read the case from the start.
        checked: whether this reviewer's MAC of the letter held.
    """

    letter: OptionalHash
    number: Annotated[int, Integer(0, 1_000_000)]
    tip: Annotated[bytes | None, Hex(16, optional=True)]
    title: Remark
    members: Annotated[tuple[str, ...], Names(REVIEWERS)]
    checked: Annotated[bool, Boolean()]


@dataclass(frozen=True, kw_only=True)
class Keyed(CaseContent):
    """From here on the case has a new key, known by SHA-256, granted to the holders."""

    digest: Hash
    holders: Annotated[tuple[str, ...], Names(REVIEWERS)]


@dataclass(frozen=True, kw_only=True)
class Joined(CaseContent):
    """A reviewer is given the case: all its keys are granted to them."""

    reviewer: ReviewerId


@dataclass(frozen=True, kw_only=True)
class Recused(CaseContent):
    """A reviewer no longer acts in the case."""

    reviewer: ReviewerId
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class Assigned(CaseContent):
    """A reviewer takes the case forward."""

    reviewer: ReviewerId


@dataclass(frozen=True, kw_only=True)
class Noted(CaseContent):
    """A note for the other reviewers."""

    text: Note


@dataclass(frozen=True, kw_only=True)
class StatusSet(CaseContent):
    """Where the case stands."""

    status: Annotated[str, Choice(("open", "vetted", "closed"))]


@dataclass(frozen=True, kw_only=True)
class FactStated(CaseContent):
    """A fact that eligibility may depend on, and who said so."""

    name: Word
    value: Remark
    said_by: Annotated[str, Choice(("source", "reviewer", "office"))]


@dataclass(frozen=True, kw_only=True)
class ExhibitAdded(CaseContent):
    """Something a reviewer found: one file in sealed parts, with how it was captured."""

    name: Annotated[str, Line(120, 1)]
    type: Annotated[str, Line(120)]
    size: Annotated[int, Integer(0, 2**42)]
    sha256: Hash
    parts: Annotated[tuple[bytes, ...], Hashes(64)]
    index: Annotated[bool, Boolean()]
    captured_by: Remark
    captured_on: Annotated[date | None, Day(optional=True)]
    taken_from: Annotated[str, Text(2_000)]
    how: Annotated[str, Text(2_000)]


@dataclass(frozen=True, kw_only=True)
class Handed(CaseContent):
    """The first line of a letter (known by name) or a file of the case, in parts sealed to who was let in later."""

    reviewer: ReviewerId
    letter: OptionalHash
    size: Annotated[int, Integer(0, 2**42)]
    sha256: Hash
    parts: Annotated[tuple[bytes, ...], Hashes(64)]
    index: Annotated[bool, Boolean()]


@dataclass(frozen=True, kw_only=True)
class Replied(CaseContent):
    """A reply was sent to the source: what it says and the last letter seen by then."""

    number: Annotated[int, Integer(1, 1_000_000)]
    seen: Annotated[int, Integer(0, 1_000_000)]
    text: Annotated[str, Text(8_000, 1)]


@dataclass(frozen=True, kw_only=True)
class Held(CaseContent):
    """Nothing of this case may be sent until it is resumed."""

    reason: Remark


@dataclass(frozen=True, kw_only=True)
class Resumed(CaseContent):
    """Ends every hold that its author had seen."""

    reason: Remark


@dataclass(frozen=True, kw_only=True)
class DossierProposed(CaseContent):
    """A dossier as it would be sent: the draft, SHA-256 of the dossier.json that follows, the proposer's approval."""

    draft: Annotated[bytes, Embedded(18_000)]
    dossier: Hash
    approval: Annotated[bytes, Base64(2_048)]


@dataclass(frozen=True, kw_only=True)
class DossierApproved(CaseContent):
    """Another reviewer rebuilt the dossier and signs for exactly that."""

    proposal: Hash
    approval: Annotated[bytes, Base64(2_048)]


@dataclass(frozen=True, kw_only=True)
class ReleaseProposed(CaseContent):
    """Let an original (known by SHA-256) or a claim (by its digest) leave: its metadata, or words, may be found out."""

    sha256: Hash
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class EraseProposed(CaseContent):
    """Destroy the case's keys and with them its contents."""

    reason: Remark


@dataclass(frozen=True, kw_only=True)
class Confirmed(CaseContent):
    """Another reviewer agrees to a release or an erasure."""

    proposal: Hash


@dataclass(frozen=True, kw_only=True)
class Withdrawn(CaseContent):
    """A proposal of any kind is taken back."""

    proposal: Hash


@dataclass(frozen=True, kw_only=True)
class DossierSent(CaseContent):
    """The sealed dossier (known by the SHA-256 of its file) was handed over."""

    proposal: Hash
    sealed: Hash


@dataclass(frozen=True, kw_only=True)
class AnswerImported(CaseContent):
    """An office's signed receipt, question or outcome came back."""

    proposal: Hash
    answer: Annotated[bytes, Base64(8_192)]


@dataclass(frozen=True, kw_only=True)
class ProgrammeFiled(CaseContent):
    """A reward programme's form was filed: by whom, which form, when."""

    programme: Word
    by: Remark
    form: Remark
    filed_on: Annotated[date | None, Day(optional=True)]


@dataclass(frozen=True, kw_only=True)
class Erased(Content):
    """This author's app has destroyed what the erasure named; says nothing of the case."""

    proposal: Hash


KINDS: dict[str, type[Content]] = {
    "heads": Heads,
    "office-proposed": OfficeProposed,
    "office-confirmed": OfficeConfirmed,
    "office-withdrawn": OfficeWithdrawn,
    "looked": Looked,
    "alarm": Alarm,
    "opened": CaseOpened,
    "keyed": Keyed,
    "joined": Joined,
    "recused": Recused,
    "assigned": Assigned,
    "noted": Noted,
    "status": StatusSet,
    "fact": FactStated,
    "exhibit": ExhibitAdded,
    "handed": Handed,
    "replied": Replied,
    "held": Held,
    "resumed": Resumed,
    "dossier-proposed": DossierProposed,
    "dossier-approved": DossierApproved,
    "release-proposed": ReleaseProposed,
    "erase-proposed": EraseProposed,
    "confirmed": Confirmed,
    "withdrawn": Withdrawn,
    "dossier-sent": DossierSent,
    "answer": AnswerImported,
    "filed": ProgrammeFiled,
    "erased": Erased,
}
NAMES = {kind: name for name, kind in KINDS.items()}


def parse_content(untrusted: bytes) -> Content:
    """Parse an event's content, padded or not.

    Raises:
        EventError: not one of the kinds above with exactly its fields.
    """
    fields = parse_object(untrusted, LIMIT, "event content", EventError)
    fields.integer("v", 1, 1)
    return one_of(KINDS, fields)
