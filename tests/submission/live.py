"""A real intake in processes of its own, for what only a real server shows."""

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import coverage

from crypto.dsse import sign
from tests.submission.tor import Tor
from tests.wire.organisation import Organisation
from wire import keysheet
from wire.bundle import PAGE_BUNDLE, sealer_digest
from wire.keysheet import PeriodKey, build_sheet
from wire.opening import OpenLetter, open_letter
from wire.request import sign_request
from wire.week import Week

ROOT = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    """Return the variables of the server: no temporary folder, and measured when we are."""
    variables = {**os.environ, "TMPDIR": "/nonexistent"}
    if coverage.Coverage.current() is not None:
        variables["COVERAGE_PROCESS_START"] = str(ROOT / "pyproject.toml")
    return variables


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class LiveIntake:
    """An intake served by the real command; the organisation's keys are held here."""

    def __init__(self, folder: Path, max_upload: int = 64 * 1024**2, *, onion: bool = False) -> None:
        self.organisation = Organisation()
        self.state = folder / "state"
        self.port = free_port()
        self.counters = dict.fromkeys(self.organisation.ids, 0)
        self.process: subprocess.Popen[bytes] | None = None
        self.tor = Tor(folder / "onion") if onion else None
        self.errors = folder / "stderr"
        roster = folder / "roster.json"
        roster.write_bytes(self.organisation.roster_envelope.encode())
        self._run("init", "--root", bytes(self.organisation.root.verify_key).hex(), "--roster", str(roster))
        if self.tor is not None:
            self.tor.folder.mkdir()
        config = self.state / "config.json"
        settings = json.loads(config.read_text())
        limits = dict.fromkeys(("page", "tip", "mailbox"), "100000 per minute")
        config.write_text(json.dumps({**settings, "max_upload": max_upload, "limits": limits}))

    def _command(self, verb: str, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "deploy.cli", "intake", verb, "--state", str(self.state), *arguments]

    def _run(self, verb: str, *arguments: str) -> None:
        subprocess.run(self._command(verb, *arguments), cwd=ROOT, check=True, capture_output=True)

    def _environment(self) -> dict[str, str]:
        return environment()

    def start(self) -> None:
        """Start serving, to tor or on a port; return when it does."""
        way = ["--port", str(self.port)] if self.tor is None else ["--onion", str(self.tor.folder)]
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                self._command("serve", *way),
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=self._environment(),
                start_new_session=True,
            )
        assert self.process.stdout is not None
        assert b"serves" in self.process.stdout.readline()

    def kill(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """Ask the server to stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self._reap()

    def _reap(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.wait(30)
        self.process.stdout.close()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not self._answers():
                return
        raise AssertionError("the server is still there")

    def _answers(self) -> bool:
        if self.tor is not None:
            return self.tor.answers()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _connection(self, path: str) -> http.client.HTTPConnection:
        if self.tor is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        return self.tor.connection("reviewers.sock" if path.startswith("/api/") else "visitors.sock")

    def exchange(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request, behind tor by a circuit of its own; return status, headers and body."""
        connection = self._connection(path)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def ask(self, reviewer: str, method: str, path: str, body: bytes = b"") -> bytes:
        """Send one signed request of a reviewer's app."""
        self.counters[reviewer] += 1
        token = sign_request(
            self.organisation.roster.instance,
            reviewer,
            self.organisation.signing[reviewer],
            method=method,
            path=path,
            body_digest=hashlib.sha256(body).digest(),
            counter=self.counters[reviewer],
        )
        status, _, answer = self.exchange(method, path, body, {"Authorization": token})
        assert status in {200, 201}, answer
        return answer

    def open(self) -> None:
        """Post everyone's period key for the current week and a key sheet with two signatures."""
        organisation = self.organisation
        week = Week.of(datetime.now(UTC).date())
        roster = organisation.roster
        keys = [
            PeriodKey(one, week, identity.recipient, roster.digest) for one, identity in organisation.period.items()
        ]
        for key in keys:
            self.ask(key.reviewer, "POST", "/api/period-keys", key.sign(organisation.signing[key.reviewer]).encode())
        sealer = sealer_digest(bytes(organisation.root.verify_key), organisation.roster_envelope.encode())
        payload = build_sheet(roster, week, keys, page_bundle=PAGE_BUNDLE, sealer=sealer).encode()
        for one in organisation.ids[:2]:
            signed = sign(keysheet.PAYLOAD_TYPE, payload, organisation.signing[one])
            self.ask(one, "POST", "/api/sheets", signed.encode())

    def letters(self, reviewer: str = "r1") -> dict[str, OpenLetter]:
        """Pull and open every letter that a reviewer has not acknowledged."""
        names = json.loads(self.ask(reviewer, "GET", "/api/letters"))["letters"]
        identity = self.organisation.period[reviewer]
        return {name: open_letter(self.ask(reviewer, "GET", f"/api/letters/{name}"), [identity]) for name in names}


Live = TypeVar("Live", bound=LiveIntake)


@contextmanager
def served(intake: Live, *, opened: bool = True) -> Iterator[Live]:
    """Serve an intake until the block ends, with a key sheet in force unless told otherwise."""
    intake.start()
    try:
        if opened:
            intake.open()
        yield intake
    finally:
        intake.stop()
