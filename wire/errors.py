"""The errors of the wire package: what crosses between machines was not what it must be.

A message names the thing and the remedy; it never repeats what was sent.
"""


class WireError(Exception):
    """Root of the package's errors; raised as one of its subclasses by every decoder."""


class WeekError(WireError):
    """A week is not written as ``2026-W48`` or does not exist."""


class RosterError(WireError):
    """A roster is malformed, expired, not signed by the root, or not the next one."""


class KeySheetError(WireError):
    """A period key or key sheet is malformed, incomplete, or not signed by enough reviewers."""


class KeySheetExpiredError(KeySheetError):
    """A key sheet is sound but today lies outside its eight days."""


class BundleError(WireError):
    """A file that was built for sources' browsers is missing, or is not what it was built as."""


class LetterError(WireError):
    """A letter or part is malformed, of the wrong size, too full, or not what its seal says.

    Attributes:
        kind: a word for the caller to choose a page by: ``malformed``, ``not_age``, ``size``,
            ``stanzas``, ``sheet_gone``, ``too_much``, ``mac``, ``sheet``, ``closed`` or
            ``not_mine``.
    """

    def __init__(self, message: str, kind: str = "malformed") -> None:
        super().__init__(message)
        self.kind = kind


class PartsError(WireError):
    """The parts of a letter do not give the files that the letter lists."""


class ReplyError(WireError):
    """A reply is malformed, not signed by its reviewer, or too long."""


class RequestError(WireError):
    """A reviewer's request token is malformed, not signed by a reviewer, or for another request."""


class EventError(WireError):
    """A case event or batch is malformed."""


class ApprovalError(WireError):
    """The approvals of a dossier do not let it leave; raised as one of its subclasses."""


class MalformedApprovalError(ApprovalError):
    """The bytes are no approval."""


class TooFewApprovalsError(ApprovalError):
    """Fewer distinct reviewers approved than the roster asks for."""


class ProposerMissingError(ApprovalError):
    """The proposer's own approval is not among them."""


class SelfApprovalError(ApprovalError):
    """The proposer approved a second time, under whatever name."""


class SameKeyTwiceError(ApprovalError):
    """One key signed two approvals."""


class NotOnRosterError(ApprovalError):
    """An approval is by somebody who is not on the roster then in force."""


class ApprovalSignatureError(ApprovalError):
    """An approval is not signed by the reviewer it names."""


class OtherRosterError(ApprovalError):
    """An approval was given under another roster, or in another organisation."""


class OtherDossierError(ApprovalError):
    """An approval is for another dossier, or for another proposer's."""


class OtherOfficeError(ApprovalError):
    """An approval is for sending to another office."""


class DossierError(WireError):
    """A dossier is malformed or is not what was approved."""


class ReceiptError(WireError):
    """A receipt is malformed or not signed by the office."""


class OfficeError(WireError):
    """An office's description is malformed."""


class AttestationError(WireError):
    """An attestation or what it opens to is malformed, not signed by its reviewer, or does not bear out the week."""


class ClaimError(WireError):
    """A commitment, challenge, statement or answer of a claim is malformed, or not signed as it must be."""


class ChallengeExpiredError(ClaimError):
    """The last day of a challenge is over."""


class OtherCommitmentError(ClaimError):
    """A claim belongs to another tip: these keys are not those that its commitment was made of."""


class OtherAgencyError(ClaimError):
    """An answer was given to another agency's challenge."""


class ClaimSignatureError(ClaimError):
    """A signature of an answer does not hold, or is missing."""


class TipFieldError(WireError):
    """A field of the tip form is unknown, too long or of the wrong kind.

    Attributes:
        field: the name of the field to correct, one of ``wire.tipform.FIELDS``; None when a field
            was sent that the form does not have, because a name that was sent is never repeated.
    """

    def __init__(self, message: str, field: str | None) -> None:
        super().__init__(message)
        self.field = field


class DataFileError(WireError):
    """A data file (species, products, marketplaces, reward programmes) is malformed."""
