"""A reviewer's app as the intake sees it: signed requests, nothing else."""

import base64
import hashlib
import json

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crypto.dsse import Envelope, sign
from tests.wire.organisation import WEEK, Organisation
from wire import keysheet
from wire.keysheet import PeriodKey, build_sheet, open_period_key
from wire.letter import Letter
from wire.opening import OpenLetter, open_letter, read_files
from wire.request import sign_request


class ReviewerApp:
    """Signs each request with the key of one reviewer and a counter that grows."""

    def __init__(self, organisation: Organisation, reviewer: str, client: FlaskClient) -> None:
        self.organisation = organisation
        self.reviewer = reviewer
        self.client = client
        self.counter = 0

    def token(self, method: str, path: str, body: bytes = b"", counter: int | None = None) -> str:
        """Return the header for one request."""
        if counter is None:
            self.counter += 1
            counter = self.counter
        return sign_request(
            self.organisation.roster.instance,
            self.reviewer,
            self.organisation.signing[self.reviewer],
            method=method,
            path=path,
            body_digest=hashlib.sha256(body).digest(),
            counter=counter,
        )

    def get(self, path: str) -> TestResponse:
        """Ask for something."""
        return self.client.get(path, headers={"Authorization": self.token("GET", path)})

    def post(self, path: str, body: bytes) -> TestResponse:
        """Post something."""
        return self.client.post(path, data=body, headers={"Authorization": self.token("POST", path, body)})

    def post_period_key(self) -> TestResponse:
        """Post this week's key."""
        organisation = self.organisation
        recipient = organisation.period[self.reviewer].recipient
        period_key = PeriodKey(self.reviewer, WEEK, recipient, organisation.roster.digest)
        return self.post("/api/period-keys", period_key.sign(organisation.signing[self.reviewer]).encode())

    def post_sheet(self) -> TestResponse:
        """Build this week's key sheet from the period keys that the intake has, sign and post it."""
        roster = self.organisation.roster
        untrusted = json.loads(self.get(f"/api/period-keys?week={WEEK}").data)
        keys = [open_period_key(Envelope.decode(base64.b64decode(one)), roster) for one in untrusted]
        payload = build_sheet(roster, WEEK, keys).encode()
        signed = sign(keysheet.PAYLOAD_TYPE, payload, self.organisation.signing[self.reviewer])
        return self.post("/api/sheets", signed.encode())

    def waiting(self) -> list[str]:
        """Return the names of letters not acknowledged yet."""
        names: list[str] = self.get("/api/letters").get_json()["letters"]
        return names

    def files(self, letter: Letter) -> dict[str, bytes]:
        """Pull the parts of a letter and return its files by name."""
        found = read_files(
            letter,
            lambda name: self.get(f"/api/parts/{name.hex()}").data,
            [self.organisation.period[self.reviewer]],
        )
        return {file.name: b"".join(chunks) for file, chunks in found}

    def letter(self, name: str) -> OpenLetter:
        """Pull and open a letter."""
        sealed = self.get(f"/api/letters/{name}").data
        return open_letter(sealed, [self.organisation.period[self.reviewer]])
