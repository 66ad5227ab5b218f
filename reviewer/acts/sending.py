"""An approved dossier on its way: built and sealed to its office, handed over, answered."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from reviewer.acts.desk_work import Hand, Work
from reviewer.acts.dossiers import find_proposal
from reviewer.case import Case
from reviewer.errors import ActError
from reviewer.files import read_file
from reviewer.proposal import Proposal
from reviewer.store import keys, letters
from reviewer.vault import Vault
from wire.approval import Approval
from wire.bag import seal_bag
from wire.content import AnswerImported, DossierApproved, DossierProposed, DossierSent
from wire.draft import Draft
from wire.errors import ReceiptError
from wire.receipt import Receipt, open_receipt
from wire.roster import Roster

FOLDER: Final = "dossiers"
PIECE: Final = 1_048_576


@dataclass(frozen=True)
class Built:
    """A sealed dossier in the vault's folder.

    Attributes:
        path: the file; sealed to the office, so nobody here can open it again.
        sha256: of the file, 32 bytes.
        size: bytes.
    """

    path: Path
    sha256: bytes
    size: int


def build(hand: Hand, case_id: bytes, proposal: bytes) -> Built:
    """Build an approved dossier and seal it to its office.

    Raises:
        ActError: it is not approved, or an exhibit is not here.
        ApprovalError: the approvals do not hold.
        DossierError: an exhibit is not the one that was approved.
    """
    with hand.work() as work:
        case = work.case(case_id)
        known, content = _ready(case, proposal)
        approvals = _approvals(case, known, content)
        roster = _roster_named(work, approvals[0])
        draft = Draft.decode(content.draft)
        files = {one.sha256: letters.file_of(work.connection, case_id, one.sha256) for one in draft.exhibits}

    def open_exhibit(sha256: bytes) -> Iterator[bytes]:
        file = files[sha256]
        if file is None:
            raise ActError("an exhibit of the dossier is not in this vault; sync and try again")
        return read_file(hand.desk.vault, file)

    path = sealed_path(hand.desk.vault, proposal)
    return _write(path, lambda sink: seal_bag(draft, roster, approvals, open_exhibit, sink))


def _ready(case: Case, proposal: bytes) -> tuple[Proposal, DossierProposed]:
    known = find_proposal(case, proposal)
    if not isinstance(known.content, DossierProposed) or known.state not in {"approved", "sent"}:
        raise ActError("the dossier is not approved, or something holds it")
    return known, known.content


def sealed_path(vault: Vault, proposal: bytes) -> Path:
    """Return where the sealed dossier of a proposal lies once it is built."""
    return vault.folder / FOLDER / f"dossier-{proposal.hex()[:16]}.age"


def _write(path: Path, seal: Callable[[Callable[[bytes], None]], bytes]) -> Built:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            digest = seal(lambda piece: _all(file.write(piece)))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return Built(path, digest, path.stat().st_size)


def _all(_written: int) -> None:
    """A buffered file takes everything it is given."""


def built(hand: Hand, proposal: bytes) -> Built | None:
    """Return the sealed dossier that was built last, None if there is none."""
    path = sealed_path(hand.desk.vault, proposal)
    if not path.exists():
        return None
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return Built(path, digest.digest(), path.stat().st_size)


def _approvals(case: Case, known: Proposal, content: DossierProposed) -> list[Envelope]:
    given = {known.proposer: content.approval}
    for entry in case.entries:
        said = entry.content
        if isinstance(said, DossierApproved) and said.proposal == known.id and entry.author in known.approvals:
            given.setdefault(entry.author, said.approval)
    return [Envelope.decode(approval) for approval in given.values()]


def _roster_named(work: Work, approval: Envelope) -> Envelope:
    digest = Approval.decode(approval.payload).roster
    for raw in keys.rosters(work.connection):
        envelope = Envelope.decode(raw)
        if Roster.decode(envelope.payload).digest == digest:
            return envelope
    raise ActError("the roster under which the dossier was approved is not in this vault")


def sent(hand: Hand, case_id: bytes, proposal: bytes) -> None:
    """Record that the sealed dossier was handed over."""
    sealed = built(hand, proposal)
    if sealed is None:
        raise ActError("build the sealed dossier first")
    with hand.work() as work:
        _ready(work.case(case_id), proposal)
        content = DossierSent(on=hand.desk.today(), case=case_id, proposal=proposal, sealed=sealed.sha256)
        work.pen.write(content)


def read_answer(content: DossierProposed, untrusted: bytes) -> Receipt:
    """Return what an office answered to a dossier.

    Raises:
        ReceiptError: it is no receipt, or not by that office for that dossier.
    """
    office = Draft.decode(content.draft).office
    try:
        envelope = Envelope.decode(untrusted.strip())
    except CryptoError:
        raise ReceiptError("receipt: not a signed receipt; choose the file that the office sent") from None
    return open_receipt(envelope, office, content.dossier)


def import_answer(hand: Hand, case_id: bytes, proposal: bytes, untrusted: bytes) -> Receipt:
    """Keep an office's signed receipt, question or outcome with the case; returns what it says."""
    with hand.work() as work:
        known = find_proposal(work.case(case_id), proposal)
        if not isinstance(known.content, DossierProposed):
            raise ActError("only a dossier is answered")
        receipt = read_answer(known.content, untrusted)
        content = AnswerImported(on=hand.desk.today(), case=case_id, proposal=proposal, answer=untrusted.strip())
        work.pen.write(content)
    return receipt
