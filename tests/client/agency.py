"""An agency that asks for proof and verifies the answer with `lapwing claim`, as it is shipped."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from crypto.unseal import unseal
from deploy import claim
from prosecutor.keyfile import OfficeKey
from tests.wire.claims import IDENTITY, KEY, OFFICE
from wire.claim import Commitment
from wire.claim_answer import Answer, Statement, check_answer

PROGRAMME: Final = "16 U.S.C. 3375(d)"
CASE: Final = "FWS-2026-117"


def utc_today() -> date:
    """The day by this computer's clock, which is the browser's."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Agency:
    """One agency.

    Attributes:
        folder: where its files are.
    """

    folder: Path

    @property
    def key(self) -> Path:
        """Its key file."""
        path = self.folder / "agency.key"
        if not path.exists():
            path.write_bytes(OfficeKey(OFFICE.name, IDENTITY, KEY).encode())
        return path

    @property
    def digits(self) -> str:
        """Its key's digest as a source is shown it."""
        return OFFICE.digest.hex(" ", 4)

    def asks(self, commitment: Commitment) -> Path:
        """Ask for proof that a tip was somebody's, within a month; return the file."""
        path = self.folder / "challenge.json"
        last = utc_today() + timedelta(days=30)
        about = ["--commitment", commitment.encode(), "--programme", PROGRAMME, "--case", CASE]
        command = ["challenge", "-i", str(self.key), *about, "--expires", last.isoformat(), "-o", str(path)]
        assert claim.main(command) == 0
        return path

    def takes(self, answer: bytes, commitment: Commitment) -> Statement:
        """Verify an answer by the command line; return what the source stated."""
        path = self.folder / "received.age"
        path.write_bytes(answer)
        assert claim.main(["verify", str(path), "-i", str(self.key), "--commitment", commitment.encode()]) == 0
        return check_answer(Answer.decode(unseal(answer, [IDENTITY])), OFFICE, commitment, utc_today())
