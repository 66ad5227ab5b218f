"""What is fuzzed. A target takes any bytes, and may end in its decoder's own errors alone.

Where something is read that has one encoding, it is written again, and the bytes must be those that were read.
"""

import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date

from crypto.armor import ArmorReader
from crypto.bech32 import decode as decode_bech32
from crypto.bech32 import encode as encode_bech32
from crypto.claim import ClaimWords
from crypto.codename import Codename
from crypto.dsse import Envelope
from crypto.errors import (
    AgeError,
    ArmorError,
    ClaimWordsError,
    CodenameError,
    EnvelopeError,
    HeaderError,
    KeyFormatError,
)
from crypto.header import encode_header, read_header
from crypto.hybrid import HybridIdentity
from crypto.unseal import Unsealer
from crypto.x25519 import X25519Identity
from wire.approval import Approval, decode_approvals, encode_approvals
from wire.attestation import Attestation
from wire.attested import Opening
from wire.batch import decode_batch, decode_keys, encode_batch, encode_keys
from wire.claim import Challenge, Commitment
from wire.claim_answer import Answer
from wire.content import parse_content
from wire.dossier import Dossier, Draft
from wire.errors import (
    AttestationError,
    ClaimError,
    DossierError,
    EventError,
    KeySheetError,
    LetterError,
    MalformedApprovalError,
    OfficeError,
    ReceiptError,
    ReplyError,
    RequestError,
    RosterError,
)
from wire.event import decode_event
from wire.keysheet import KeySheet, PeriodKey
from wire.letter import LETTER_SIZE, decode, decode_content, encode_content
from wire.look import check_letter
from wire.manifest import ALGORITHMS, read_manifest, write_manifest
from wire.office import Office
from wire.receipt import Receipt
from wire.reply import Reply
from wire.request import open_request
from wire.roster import Reviewer, Roster
from wire.tar import ending, member_header, padding, read_members

HYBRID = HybridIdentity.parse("AGE-SECRET-KEY-PQ-1HZLGZUPT4ETPKDEV8HSGFDCYZ4E522W0A7PU2LHT8EH9W6YLNC3SW78XKG")
CLASSIC = X25519Identity.parse("AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0")
ROSTER = Roster(
    1, bytes(16), date.max, 2, bytes(32), (Reviewer("r1", "a", bytes(32)), Reviewer("r2", "b", bytes([1] * 32)))
)

Target = Callable[[bytes], None]


def age_header(data: bytes) -> None:
    """The header of an age file, which is what anybody can make the intake parse."""
    with suppress(HeaderError):
        header = read_header(data)
        assert encode_header(header.stanzas, header.mac) == data[: header.size]
    with suppress(LetterError):
        check_letter(data.ljust(LETTER_SIZE), {})


def unsealing(data: bytes) -> None:
    """A whole age file, opened with an identity of each kind: in one piece and in two it ends alike."""
    half = len(data) // 2
    assert _unsealed([data]) == _unsealed([data[:half], data[half:]])


def _unsealed(pieces: list[bytes]) -> bytes | type[AgeError]:
    unsealer = Unsealer([HYBRID, CLASSIC])
    try:
        return b"".join([*map(unsealer.update, pieces), unsealer.finish()])
    except AgeError as refused:
        return type(refused)


def armor(data: bytes) -> None:
    """The armor of an age file, in one piece and byte by byte: both end alike."""
    whole, bytewise = _unarmored([data]), _unarmored([data[at : at + 1] for at in range(len(data))])
    assert whole == bytewise


def _unarmored(pieces: list[bytes]) -> bytes | None:
    reader = ArmorReader()
    try:
        return b"".join([*map(reader.update, pieces), reader.finish()])
    except ArmorError:
        return None


def bech32(data: bytes) -> None:
    """A recipient or identity as text."""
    text = data.decode("latin-1")
    with suppress(KeyFormatError):
        prefix, raw = decode_bech32(text)
        assert encode_bech32(prefix.lower(), raw) == text.lower()


def codename(data: bytes) -> None:
    """A codename as it was typed."""
    with suppress(CodenameError, UnicodeDecodeError):
        found = Codename.parse(data.decode())
        assert Codename.parse(str(found)) == found


def claim_words(data: bytes) -> None:
    """Claim words as they were typed."""
    with suppress(ClaimWordsError, UnicodeDecodeError):
        found = ClaimWords.parse(data.decode())
        assert ClaimWords.parse(str(found)) == found


def claim(data: bytes) -> None:
    """A commitment as text, the payload of a challenge, and what was inside the seal of an answer."""
    with suppress(ClaimError):
        text = data.decode("latin-1")
        assert Commitment.decode(text).encode() == text
    with suppress(ClaimError):
        found = Challenge.decode(data)
        assert Challenge.decode(found.encode()) == found
    with suppress(ClaimError):
        answer = Answer.decode(data)
        assert Answer.decode(answer.encode() + b"\n") == answer


def dsse(data: bytes) -> None:
    """A signed envelope."""
    with suppress(EnvelopeError):
        assert Envelope.decode(data).encode() == data


def letter(data: bytes) -> None:
    """The plaintext of a letter."""
    with suppress(LetterError):
        found, content, _ = decode(data)
        assert decode_content(encode_content(found)) == found
        assert data.startswith(content)


def roster(data: bytes) -> None:
    """The payload of a roster."""
    with suppress(RosterError):
        assert Roster.decode(data).encode() == data


def key_sheet(data: bytes) -> None:
    """The payload of a key sheet, and of a period key."""
    with suppress(KeySheetError):
        assert KeySheet.decode(data).encode() == data
    with suppress(KeySheetError):
        found = PeriodKey.decode(data)
        assert PeriodKey.decode(found.encode()) == found


def reply(data: bytes) -> None:
    """The payload of a reply."""
    with suppress(ReplyError):
        found = Reply.decode(data)
        assert Reply.decode(found.encode()) == found


def request(data: bytes) -> None:
    """The header with a reviewer's token."""
    with suppress(RequestError):
        open_request(data.decode("latin-1"), ROSTER, "GET", "/api/log", bytes(32))


def event(data: bytes) -> None:
    """The payload of an event."""
    with suppress(EventError):
        assert decode_event(data).encode() == data


def content(data: bytes) -> None:
    """What an event says."""
    with suppress(EventError):
        found = parse_content(data)
        assert parse_content(found.encode()) == found


def batch(data: bytes) -> None:
    """The lines of a batch."""
    with suppress(EventError):
        found = decode_batch(data)
        assert decode_batch(encode_batch(found)) == found


def grant(data: bytes) -> None:
    """The plaintext of a grant."""
    with suppress(EventError):
        found = decode_keys(data)
        assert decode_keys(encode_keys(found)) == found


def dossier(data: bytes) -> None:
    """dossier.json."""
    with suppress(DossierError):
        Dossier.decode(data)


def draft(data: bytes) -> None:
    """A draft."""
    with suppress(DossierError):
        found = Draft.decode(data)
        assert Draft.decode(found.encode()) == found


def approvals(data: bytes) -> None:
    """approvals.json, and the payload of one approval."""
    with suppress(MalformedApprovalError):
        found = decode_approvals(data)
        assert decode_approvals(encode_approvals(found)) == found
    with suppress(MalformedApprovalError):
        one = Approval.decode(data)
        assert Approval.decode(one.encode()) == one


def manifest(data: bytes) -> None:
    """A manifest of a bag."""
    for algorithm in ALGORITHMS:
        with suppress(DossierError):
            assert write_manifest(read_manifest(data, algorithm)) == data


def tar(data: bytes) -> None:
    """The tar of a bag: what is read to its end is what would be written."""
    with suppress(DossierError):
        members = [(name, size, b"".join(pieces)) for name, size, pieces in read_members(io.BytesIO(data).read)]
        body = b"".join(member_header(name, size) + piece + padding(size) for name, size, piece in members)
        assert body + ending(len(body)) == data


def office(data: bytes) -> None:
    """An office's card."""
    with suppress(OfficeError):
        found = Office.decode(data)
        assert Office.decode(found.encode()) == found


def receipt(data: bytes) -> None:
    """The payload of an office's answer."""
    with suppress(ReceiptError):
        found = Receipt.decode(data)
        assert Receipt.decode(found.encode()) == found


def attestation(data: bytes) -> None:
    """What a reviewer's app signs of a letter, and what shows pieces of it."""
    with suppress(AttestationError):
        found = Attestation.decode(data)
        assert Attestation.decode(found.encode()) == found
    with suppress(AttestationError):
        opening = Opening.decode(data)
        assert Opening.decode(opening.encode()) == opening


TARGETS: Mapping[str, Target] = {
    target.__name__.replace("_", "-"): target
    for target in (
        age_header,
        unsealing,
        armor,
        bech32,
        codename,
        claim_words,
        claim,
        dsse,
        letter,
        roster,
        key_sheet,
        reply,
        request,
        event,
        content,
        batch,
        grant,
        dossier,
        draft,
        approvals,
        manifest,
        tar,
        office,
        receipt,
        attestation,
    )
}
