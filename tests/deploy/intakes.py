"""What an operator has: an intake in a folder with a sheet in force, and the folders that tor made for two onions."""

import hashlib
import secrets
from pathlib import Path

from flask import Flask
from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp

from crypto.onion import onion_of
from deploy.onion import PUBLIC_FILE, PUBLIC_HEAD, SECRET_FILE, SECRET_HEAD, SERVICES, make_folders
from submission.app import create_app
from submission.config import Config
from submission.setup import init
from tests.submission.reviewers import ReviewerApp
from tests.submission.visitor import open_form, send
from tests.wire.organisation import TODAY, Organisation


class Intake:
    """An intake as it lies on the disk, used in this process; who serves it holds no lock on the folder."""

    def __init__(self, state: Path, organisation: Organisation | None = None) -> None:
        self.organisation = organisation or Organisation()
        self.state = state
        root = bytes(self.organisation.root.verify_key)
        self.config = Config(state, root, max_upload=8 * 1024**2, today=lambda: TODAY, mailbox_step=0)
        if organisation is None:
            init(self.config, self.organisation.roster_envelope.encode())
        self.app: Flask = create_app(self.config)
        client = self.app.test_client()
        self.reviewers = {one: ReviewerApp(self.organisation, one, client) for one in self.organisation.ids}
        if organisation is not None:
            # The same apps as before, which go on counting their requests.
            for reviewer in self.reviewers.values():
                reviewer.counter = 1_000

    def open(self) -> None:
        """Post everyone's key for this week and a sheet that two signed."""
        for reviewer in self.reviewers.values():
            reviewer.post_period_key()
        for reviewer in list(self.reviewers.values())[:2]:
            reviewer.post_sheet()

    def send_tips(self, number: int) -> None:
        """Send tips, each with a file of two parts."""
        client = self.app.test_client()
        for _ in range(number):
            file = {"a": secrets.token_bytes(1_500_000)}
            assert send(client, {**open_form(client), "story": "x"}, file).status_code == 200

    def letters(self) -> dict[str, bytes]:
        """Pull every letter that the first reviewer has not acknowledged, sealed as it is."""
        reviewer = self.reviewers[self.organisation.ids[0]]
        return {name: reviewer.get(f"/api/letters/{name}").data for name in reviewer.waiting()}


def make_services(keys: Path, *reviewers: str) -> dict[str, str]:
    """Make the folders of both onions with keys in them, as tor would; return the addresses."""
    keys.parent.mkdir(exist_ok=True)
    make_folders(keys, {one: secrets.token_bytes(32) for one in reviewers})
    addresses = {}
    for service in SERVICES:
        secret = bytearray(hashlib.sha512(secrets.token_bytes(32)).digest())
        secret[0] &= 248
        secret[31] = secret[31] & 63 | 64
        public = crypto_scalarmult_ed25519_base_noclamp(bytes(secret[:32]))
        addresses[service] = onion_of(public)
        (keys / service / SECRET_FILE).write_bytes(SECRET_HEAD + secret)
        (keys / service / PUBLIC_FILE).write_bytes(PUBLIC_HEAD + public)
        (keys / service / "hostname").write_text(f"{addresses[service]}\n")
        for path in (keys / service).iterdir():
            if path.is_file():
                path.chmod(0o600)
    return addresses
