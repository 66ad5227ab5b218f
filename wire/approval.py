"""Approvals: that a dossier may leave, to one office, is signed by enough distinct reviewers, the proposer among them.

The fold of the case log and the prosecutor's verifier call the same function. docs/format.md, "Approvals".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final

from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.errors import EnvelopeError, SignatureError
from wire.errors import (
    ApprovalSignatureError,
    MalformedApprovalError,
    NotOnRosterError,
    OtherDossierError,
    OtherOfficeError,
    OtherRosterError,
    ProposerMissingError,
    RosterError,
    SameKeyTwiceError,
    SelfApprovalError,
    TooFewApprovalsError,
)
from wire.fields import dump, parse_object
from wire.roster import Reviewer, Roster

PAYLOAD_TYPE: Final = "application/vnd.lapwing.approval+json"


@dataclass(frozen=True)
class Limits:
    """What is accepted at most."""

    payload: int = 1_024  # bytes of one statement
    file: int = 65_536  # bytes of approvals.json
    approvals: int = 32  # approvals of one dossier
    reviewer: int = 32  # bytes of a reviewer's id


LIMITS = Limits()


@dataclass(frozen=True)
class Approval:
    """What a reviewer signs: this dossier may go to this office.

    Attributes:
        instance: the organisation, 16 bytes.
        dossier: SHA-256 (32 bytes) of dossier.json.
        office: the office's digest, 32 bytes.
        roster: SHA-256 (32 bytes) of the roster's payload.
        proposer: id of the reviewer who proposed the dossier.
        reviewer: id of the reviewer who signs.
    """

    instance: bytes
    dossier: bytes
    office: bytes
    roster: bytes
    proposer: str
    reviewer: str

    def encode(self) -> bytes:
        """Return the payload that is signed."""
        return dump(
            {
                "v": 1,
                "instance": self.instance.hex(),
                "dossier": self.dossier.hex(),
                "office": self.office.hex(),
                "roster": self.roster.hex(),
                "proposer": self.proposer,
                "reviewer": self.reviewer,
            }
        )

    @classmethod
    def decode(cls, untrusted: bytes) -> "Approval":
        """Read a payload; nothing in it is trusted before `check_approvals`.

        Raises:
            MalformedApprovalError: it is none.
        """
        fields = parse_object(untrusted, LIMITS.payload, "approval", MalformedApprovalError)
        fields.integer("v", 1, 1)
        approval = cls(
            instance=fields.hex("instance", 16),
            dossier=fields.hex("dossier", 32),
            office=fields.hex("office", 32),
            roster=fields.hex("roster", 32),
            proposer=fields.text("proposer", LIMITS.reviewer, 1),
            reviewer=fields.text("reviewer", LIMITS.reviewer, 1),
        )
        fields.end()
        return approval


def sign_approval(approval: Approval, key: SigningKey) -> Envelope:
    """Return the approval signed by its reviewer."""
    return sign(PAYLOAD_TYPE, approval.encode(), key)


def encode_approvals(envelopes: Sequence[Envelope]) -> bytes:
    """Return approvals.json: the envelopes as they are, in one JSON object."""
    return b'{"v":1,"approvals":[' + b",".join(envelope.encode() for envelope in envelopes) + b"]}\n"


def decode_approvals(untrusted: bytes) -> tuple[Envelope, ...]:
    """Read approvals.json; no signature has been checked then.

    Raises:
        MalformedApprovalError: it is no such file, or one of its envelopes is malformed.
    """
    fields = parse_object(untrusted, LIMITS.file, "approvals", MalformedApprovalError)
    fields.integer("v", 1, 1)
    values = fields.array("approvals", LIMITS.approvals)
    fields.end()
    try:
        return tuple(Envelope.decode(dump(value) if isinstance(value, dict) else b"") for value in values)
    except EnvelopeError:
        raise MalformedApprovalError("approvals: one of them is no signed envelope") from None


def check_approvals(
    envelopes: Sequence[Envelope], dossier: bytes, office: bytes, roster: Roster, proposer: str
) -> tuple[str, ...]:
    """Return who approved, or refuse.

    Args:
        envelopes: one for each approval, in any order.
        dossier: SHA-256 (32 bytes) of dossier.json.
        office: digest (32 bytes) of the office that it goes to.
        roster: the roster in force when it was proposed.
        proposer: id of the reviewer who proposed it.

    Returns:
        The ids of the reviewers who approved, in the roster's order; the proposer is among them.

    Raises:
        MalformedApprovalError: one of them is no approval.
        NotOnRosterError: signed by a key that is not on the roster.
        ApprovalSignatureError: the signature does not hold, or another reviewer is named than the one who signed.
        SelfApprovalError: a second one by the proposer, under whatever name.
        SameKeyTwiceError: a second one by another reviewer.
        OtherDossierError: for another dossier, or another proposer's.
        OtherOfficeError: for another office.
        OtherRosterError: given under another roster.
        ProposerMissingError: the proposer's own is not there.
        TooFewApprovalsError: fewer than the roster asks for.
    """
    approved: set[str] = set()
    for envelope in envelopes:
        signer = _signer(envelope, roster)
        approval = Approval.decode(envelope.payload)
        _check_signer(approval, signer, proposer, approved)
        _check_subject(approval, Approval(roster.instance, dossier, office, roster.digest, proposer, signer.id))
        approved.add(signer.id)
    if proposer not in approved:
        raise ProposerMissingError("approvals: the proposer's own is missing")
    if len(approved) < roster.approvals:
        raise TooFewApprovalsError(f"approvals: {len(approved)} given, {roster.approvals} are needed")
    return tuple(one.id for one in roster.reviewers if one.id in approved)


def _signer(envelope: Envelope, roster: Roster) -> Reviewer:
    if len(envelope.signatures) != 1:
        raise MalformedApprovalError("approvals: one of them has not exactly one signature")
    try:
        signer = roster.by_key(envelope.signatures[0].key)
    except RosterError:
        raise NotOnRosterError("approvals: one is by a key that is not on the roster then in force") from None
    try:
        envelope.verify(PAYLOAD_TYPE, {signer.key})
    except SignatureError:
        raise ApprovalSignatureError("approvals: a signature does not hold") from None
    return signer


def _check_signer(approval: Approval, signer: Reviewer, proposer: str, approved: set[str]) -> None:
    if signer.id == proposer and (signer.id in approved or approval.reviewer != proposer):
        raise SelfApprovalError("approvals: the proposer approved twice; another reviewer must approve")
    if signer.id in approved:
        raise SameKeyTwiceError("approvals: one key signed two of them; each must be by another reviewer")
    if approval.reviewer != signer.id:
        raise ApprovalSignatureError("approvals: one is not signed by the reviewer it names")


def _check_subject(approval: Approval, expected: Approval) -> None:
    if not compare_digest(approval.dossier, expected.dossier) or approval.proposer != expected.proposer:
        raise OtherDossierError("approvals: one is for another dossier")
    if not compare_digest(approval.office, expected.office):
        raise OtherOfficeError("approvals: one is for sending to another office")
    if (approval.instance, approval.roster) != (expected.instance, expected.roster):
        raise OtherRosterError("approvals: one was given under another roster")
