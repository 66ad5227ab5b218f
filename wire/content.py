"""What a case event says: one frozen dataclass a kind, read from and written to padded JSON.

Every content has ``on``, the day (UTC) by its author's own clock, which decides nothing. A case
content has ``case``, 16 bytes. Texts are UTF-8, limits in bytes. docs/format.md, "Case log".
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from wire.content_asking import Decided
from wire.content_kind import CaseContent, Content, Hash, Note, OptionalHash, Remark, ReviewerId, open_content
from wire.content_proof import Attested
from wire.content_rewards import FactStated, LedgerStep
from wire.shape import Base64, Boolean, Choice, Day, Embedded, Hashes, Hex, Integer, Line, Names, Text, one_of

MISSING = 64  # most events that one asks for
REVIEWERS = 64  # most reviewer ids in one list
SERVED = (
    *("roster", "sheet", "keys", "script", "foreign", "form", "header", "closed", "bundle", "release", "width"),
    "shelf",
)
ALARMS = (*SERVED, "changed", "view")


@dataclass(frozen=True, kw_only=True)
class Heads(Content):
    """Nothing happened: posted daily so that a withheld tail shows as silence. Names events that its app lacks."""

    kind = "heads"
    missing: Annotated[tuple[bytes, ...], Hashes(MISSING)] = ()


@dataclass(frozen=True, kw_only=True)
class OfficeProposed(Content):
    """Add an office: its name and the two keys on its card (recipient 1,216 bytes, key 32)."""

    kind = "office-proposed"
    name: Annotated[str, Line(480, 1)]
    recipient: Annotated[bytes, Base64(1_216)]
    key: Hash


@dataclass(frozen=True, kw_only=True)
class OfficeConfirmed(Content):
    """A reviewer other than the proposer agrees that the office's card is genuine."""

    kind = "office-confirmed"
    proposal: Hash


@dataclass(frozen=True, kw_only=True)
class OfficeWithdrawn(Content):
    """An office comes off the list: its keys are lost, stolen or were never its own. One reviewer is enough."""

    kind = "office-withdrawn"
    proposal: Hash


@dataclass(frozen=True, kw_only=True)
class Looked(Content):
    """What visitors' pages in a language were like (SHA-256 of all that is fixed in them) under a roster.

    ``aim`` says which: those that one meets who comes for that page. Told when it changes.
    """

    kind = "looked"
    pages: Hash
    roster: Hash
    language: Annotated[str, Choice(("en", "fr"))]
    aim: Annotated[str, Choice(("tip", "mailbox", "keys", "rewards"))]


@dataclass(frozen=True, kw_only=True)
class Alarm(Content):
    """This author's app came as a visitor and met what no honest intake serves; ``seen``: SHA-256 of the answer."""

    kind = "alarm"
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

    kind = "opened"
    letter: OptionalHash
    number: Annotated[int, Integer(0, 1_000_000)]
    tip: Annotated[bytes | None, Hex(16, optional=True)]
    title: Remark
    members: Annotated[tuple[str, ...], Names(REVIEWERS)]
    checked: Annotated[bool, Boolean()]


@dataclass(frozen=True, kw_only=True)
class Keyed(CaseContent):
    """From here on the case has a new key, known by SHA-256, granted to the holders."""

    kind = "keyed"
    digest: Hash
    holders: Annotated[tuple[str, ...], Names(REVIEWERS)]


@dataclass(frozen=True, kw_only=True)
class Joined(CaseContent):
    """A reviewer is given the case: all its keys are granted to them."""

    kind = "joined"
    reviewer: ReviewerId


@dataclass(frozen=True, kw_only=True)
class Recused(CaseContent):
    """A reviewer no longer acts in the case."""

    kind = "recused"
    reviewer: ReviewerId
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class Assigned(CaseContent):
    """A reviewer takes the case forward."""

    kind = "assigned"
    reviewer: ReviewerId


@dataclass(frozen=True, kw_only=True)
class Noted(CaseContent):
    """A note for the other reviewers."""

    kind = "noted"
    text: Note


@dataclass(frozen=True, kw_only=True)
class StatusSet(CaseContent):
    """Where the case stands."""

    kind = "status"
    status: Annotated[str, Choice(("open", "vetted", "closed"))]


@dataclass(frozen=True, kw_only=True)
class ExhibitAdded(CaseContent):
    """Something a reviewer found: one file in sealed parts, with how it was captured."""

    kind = "exhibit"
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

    kind = "handed"
    reviewer: ReviewerId
    letter: OptionalHash
    size: Annotated[int, Integer(0, 2**42)]
    sha256: Hash
    parts: Annotated[tuple[bytes, ...], Hashes(64)]
    index: Annotated[bool, Boolean()]


@dataclass(frozen=True, kw_only=True)
class Replied(CaseContent):
    """A reply was sent to the source: what it says, the last letter seen by then, and the question that it asks."""

    kind = "replied"
    number: Annotated[int, Integer(1, 1_000_000)]
    seen: Annotated[int, Integer(0, 1_000_000)]
    text: Annotated[str, Text(8_000, 1)]
    asks: Annotated[str, Line(64)] = ""


@dataclass(frozen=True, kw_only=True)
class Held(CaseContent):
    """Nothing of this case may be sent until it is resumed."""

    kind = "held"
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class Resumed(CaseContent):
    """Ends every hold that its author had seen."""

    kind = "resumed"
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class DossierProposed(CaseContent):
    """A dossier as it would be sent: the draft, SHA-256 of the dossier.json that follows, the proposer's approval."""

    kind = "dossier-proposed"
    draft: Annotated[bytes, Embedded(18_000)]
    dossier: Hash
    approval: Annotated[bytes, Base64(2_048)]


@dataclass(frozen=True, kw_only=True)
class DossierApproved(CaseContent):
    """Another reviewer rebuilt the dossier and signs for exactly that."""

    kind = "dossier-approved"
    proposal: Hash
    approval: Annotated[bytes, Base64(2_048)]


@dataclass(frozen=True, kw_only=True)
class ReleaseProposed(CaseContent):
    """Let an original (known by SHA-256) or a claim (by its digest) leave: its metadata, or words, may be found out."""

    kind = "release-proposed"
    sha256: Hash
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class EraseProposed(CaseContent):
    """Destroy the case's keys and with them its contents."""

    kind = "erase-proposed"
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class Confirmed(CaseContent):
    """Another reviewer agrees to a release or an erasure."""

    kind = "confirmed"
    proposal: Hash


@dataclass(frozen=True, kw_only=True)
class Withdrawn(CaseContent):
    """A proposal of any kind is taken back."""

    kind = "withdrawn"
    proposal: Hash


@dataclass(frozen=True, kw_only=True)
class DossierSent(CaseContent):
    """The sealed dossier (known by the SHA-256 of its file) was handed over."""

    kind = "dossier-sent"
    proposal: Hash
    sealed: Hash


@dataclass(frozen=True, kw_only=True)
class AnswerImported(CaseContent):
    """An office's signed receipt, question or outcome came back."""

    kind = "answer"
    proposal: Hash
    answer: Annotated[bytes, Base64(8_192)]


@dataclass(frozen=True, kw_only=True)
class Erased(Content):
    """This author's app has destroyed what the erasure named; says nothing of the case."""

    kind = "erased"
    proposal: Hash


KINDS: Final[dict[str, type[Content]]] = {
    each.kind: each
    for each in (
        Heads,
        OfficeProposed,
        OfficeConfirmed,
        OfficeWithdrawn,
        Looked,
        Alarm,
        CaseOpened,
        Attested,
        Keyed,
        Joined,
        Recused,
        Assigned,
        Noted,
        StatusSet,
        FactStated,
        ExhibitAdded,
        Handed,
        Replied,
        Held,
        Resumed,
        Decided,
        DossierProposed,
        DossierApproved,
        ReleaseProposed,
        EraseProposed,
        Confirmed,
        Withdrawn,
        DossierSent,
        AnswerImported,
        LedgerStep,
        Erased,
    )
}


def parse_content(untrusted: bytes) -> Content:
    """Parse an event's content, padded or not.

    Raises:
        EventError: not one of the kinds above with exactly its fields.
    """
    return one_of(KINDS, open_content(untrusted))
