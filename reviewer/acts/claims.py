"""Claims of a case: the commitments that its source left, and their release, which needs two."""

from dataclasses import dataclass

from reviewer.acts.desk_work import Hand, Look, one_line, required
from reviewer.acts.drafting import commitment_with, letters_of
from reviewer.case import Case
from reviewer.errors import ActError
from wire.claim import Commitment, commitment_of
from wire.content import ReleaseProposed


@dataclass(frozen=True)
class CaseClaim:
    """A commitment that a letter of the case carries.

    Attributes:
        letter: number of that letter.
        commitment: as an office would get it.
        released: whether it may leave with a dossier.
    """

    letter: int
    commitment: Commitment
    released: bool


def claims_of(work: Look, case: Case) -> tuple[CaseClaim, ...]:
    """Return the claims of a case, by the number of their letters; of a letter that was sent twice, one."""
    found = {
        commitment: CaseClaim(letter.number, commitment, commitment.digest in case.released)
        for letter in reversed(letters_of(work, case.id))
        if (commitment := commitment_of(letter)) is not None
    }
    return tuple(sorted(found.values(), key=lambda claim: claim.letter))


def propose_claim_release(hand: Hand, case_id: bytes, digest: bytes, reason: str) -> bytes:
    """Propose that a claim's commitment may leave with a dossier; returns the proposal's id (32 bytes).

    Raises:
        ActError: no letter of the case carries it, or the reason is missing.
    """
    with hand.work() as work:
        commitment = commitment_with(work, work.case(case_id).id, digest)
        words = required(one_line(reason), ActError("the reason is missing; write it and try again"))
        content = ReleaseProposed(on=hand.desk.today(), case=case_id, sha256=commitment.digest, reason=words)
        return work.pen.write(content)
