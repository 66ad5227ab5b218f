"""A throwaway organisation, made with the commands that a real one uses: root, reviewers, roster, intake, office."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.processes import DemoError, Process, Processes, run

LABELS: Final = {"r1": "Desk Nairobi", "r2": "Desk Hà Nội", "r3": "Desk Montréal"}
LETTERS_EVERY: Final = 15
"""Seconds between letters for the shelf of replies, 3,600 in earnest: nobody watches a demonstration for hours. An
intake takes 200 of them from an app in a day, enough for fifty minutes."""
OFFICE: Final = "Wildlife Prosecution Office (demonstration)"


@dataclass(frozen=True)
class Ports:
    """Where everybody listens on 127.0.0.1, counted from one base."""

    base: int

    @property
    def intake(self) -> int:
        """The intake."""
        return self.base

    def reviewer(self, number: int) -> int:
        """The app of reviewer 1, 2 or 3."""
        return self.base + 10 + number

    @property
    def all(self) -> tuple[int, ...]:
        """Every port."""
        return (self.intake, *(self.reviewer(number) for number in range(1, len(LABELS) + 1)))


@dataclass(frozen=True)
class Organisation:
    """What was made.

    Attributes:
        folder: holds all of it and nothing else.
        ports: who listens where.
        root: public root key in hexadecimal.
    """

    folder: Path
    ports: Ports
    root: str

    @property
    def intake(self) -> str:
        """Address of the intake."""
        return f"http://127.0.0.1:{self.ports.intake}"

    @property
    def office_key(self) -> Path:
        """The prosecutor's key file."""
        return self.folder / "office.key"

    @property
    def office_card(self) -> Path:
        """The office's public card."""
        return self.folder / "office.key.card.json"

    def start_intake(self, processes: Processes, wrapper: tuple[str, ...] = ()) -> Process:
        """Serve the intake."""
        words = ["intake", "serve", "--state", "intake", "--port", str(self.ports.intake)]
        return processes.start(words, self.folder, "intake serves", wrapper)

    def start_reviewer(self, processes: Processes, number: int) -> Process:
        """Serve a reviewer's app; its one-time link stands in the ready line."""
        words = ["reviewer", "serve", "--vault", f"r{number}", "--intake", self.intake]
        words += ["--port", str(self.ports.reviewer(number)), "--passphrase-file", f"r{number}.passphrase"]
        return processes.start(
            [*words, "--every", "1", "--letters-every", str(LETTERS_EVERY)], self.folder, "http://127.0.0.1"
        )


def link(process: Process) -> str:
    """Return the one-time link that a reviewer's app printed."""
    words = [word for word in process.ready_line.split() if word.startswith("http://127.0.0.1")]
    if not words:
        raise DemoError("a reviewer's app printed no link")
    return words[0]


def found(folder: Path, ports: Ports) -> Organisation:
    """Make the organisation in an empty folder.

    Raises:
        DemoError: one of the commands failed.
    """
    run("keys", "root", "-o", "root", folder=folder)
    root = (folder / "root" / "root.pub").read_text("utf-8").strip()
    words = ["keys", "roster", "--root", "root/root.key", "-o", "roster.json"]
    for name, label in LABELS.items():
        passphrase = folder / f"{name}.passphrase"
        passphrase.touch(0o600)
        passphrase.write_text(secrets.token_hex(16), "ascii")
        printed = run(
            *("reviewer", "init", "--vault", name, "--id", name, "--label", label, "--root", root),
            *("--passphrase-file", passphrase.name),
            folder=folder,
        )
        words += ["--reviewer", name, label, _public_key(printed)]
    run(*words, folder=folder)
    run("intake", "init", "--state", "intake", "--root", root, "--roster", "roster.json", folder=folder)
    run("dossier", "keygen", "-o", "office.key", "--name", OFFICE, folder=folder)
    return Organisation(folder, ports, root)


def _public_key(printed: str) -> str:
    keys = [word for word in printed.split() if len(word) == 64 and set(word) <= set("0123456789abcdef")]
    if len(keys) != 1:
        raise DemoError("lapwing reviewer init printed no public key")
    return keys[0]
