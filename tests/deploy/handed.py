"""The organisation and its reviewers around a machine that the runbook makes: what they hand over, and what they do.

Run as a program inside the copy of a machine: `hand` before the first hour, `open` after it, `compare` on another one.
"""

import hashlib
import json
import secrets
import sys
from pathlib import Path

if __package__ in {None, ""}:
    sys.path.insert(0, str(Path(__file__).parents[2]))

from nacl.signing import SigningKey

from crypto.codename import Codename
from crypto.hybrid import HybridIdentity
from tests.submission.live import LiveIntake
from tests.submission.tor import Tor
from tests.submission.visitor import MULTIPART, encode
from tests.wire.organisation import Organisation

SHARED = Path("/srv")
SECRETS = SHARED / "organisation.json"


class ServedIntake(LiveIntake):
    """The intake that the machine serves, with the organisation that was made before."""

    def __init__(self, first_counter: int) -> None:
        kept = json.loads(SECRETS.read_text())
        self.organisation = Organisation(root=SigningKey(bytes.fromhex(kept["root"])))
        self.organisation.signing = {one: SigningKey(bytes.fromhex(seed)) for one, seed in kept["signing"].items()}
        self.organisation.period = {one: HybridIdentity.parse(text) for one, text in kept["period"].items()}
        self.organisation.next_root = SigningKey(bytes.fromhex(kept["next_root"]))
        self.counters = dict.fromkeys(self.organisation.ids, first_counter)
        self.process = None
        self.tor = Tor(Path("/run/lapwing"))

    def exchange(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request, to the address that tor made."""
        address = Path("/var/lib/tor/lapwing/visitors/hostname").read_text().strip()
        return super().exchange(method, path, body, {"Host": address, **(headers or {})})


def hand() -> None:
    """Make an organisation, and hand over what the first hour asks for."""
    organisation = Organisation()
    secrets_of = {
        "root": bytes(organisation.root).hex(),
        "next_root": bytes(organisation.next_root).hex(),
        "signing": {one: bytes(key).hex() for one, key in organisation.signing.items()},
        "period": {one: key.encode() for one, key in organisation.period.items()},
    }
    SECRETS.write_text(json.dumps(secrets_of))
    (SHARED / "handed").mkdir()
    (SHARED / "handed/root.pub").write_text(f"{bytes(organisation.root.verify_key).hex()}\n")
    (SHARED / "handed/roster.json").write_bytes(organisation.roster_envelope.encode())


def open_it() -> None:
    """Start every reviewer's app for the first time; then three sources come, and a reviewer pulls."""
    intake = ServedIntake(0)
    intake.open()
    for number in range(3):
        fields = {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": f"story {number}"}
        body = encode(fields, {"a": secrets.token_bytes(1_200_000)})
        assert intake.exchange("POST", "/tip", body, {"Content-Type": MULTIPART})[0] == 200
    (SHARED / "pulled.json").write_text(json.dumps(pulled(intake)))


def compare() -> None:
    """A reviewer pulls from the other machine what they pulled before, to the byte; and a source can come again."""
    intake = ServedIntake(1_000)
    before = json.loads((SHARED / "pulled.json").read_text())
    assert len(before) == 3
    assert pulled(intake) == before
    assert intake.exchange("GET", "/tip")[0] == 200


def pulled(intake: LiveIntake) -> dict[str, list[str]]:
    """Every letter that waits for the first reviewer, by the hash of its bytes: its story, and its parts' hashes."""
    return {
        name: [
            opened.letter.story,
            *(
                hashlib.sha256(intake.ask("r1", "GET", f"/api/parts/{part.hex()}")).hexdigest()
                for part in opened.letter.parts
            ),
        ]
        for name, opened in intake.letters().items()
    }


if __name__ == "__main__":
    {"hand": hand, "open": open_it, "compare": compare}[sys.argv[1]]()
