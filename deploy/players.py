"""Who plays in the scripted story: a source and a prosecutor, each with nothing but what a person would have."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from deploy.processes import run
from deploy.visit import Form, Page, Upload, Values, VisitError, Visitor

CODENAME_WORDS = 8


@dataclass
class Source:
    """A source with Tor Browser, JavaScript off, and a piece of paper.

    Attributes:
        intake: address of the intake.
        codename: what stands on the paper; empty before the first tip.
        visitor: a new one for each visit would do as well: the intake sets no cookie.
    """

    intake: str
    codename: str = ""
    visitor: Visitor = field(default_factory=Visitor)

    def page(self, path: str) -> Page:
        """Look at a page."""
        return self.visitor.get(f"{self.intake}{path}")

    def tip_form(self, path: str = "/tip") -> Form:
        """Open the tip form and copy its codename onto the paper."""
        form = self.page(path).form("/tip")
        self.codename = dict(form.fields)["codename"]
        return form

    def send(self, form: Form, values: Values, uploads: Sequence[Upload] = ()) -> Page:
        """Send a form with some files."""
        return self.visitor.submit(form, values, [("files", upload) for upload in uploads])

    def mailbox(self, codename: str | None = None) -> Page:
        """Type a codename into the mailbox."""
        form = self.page("/mailbox").form("/mailbox")
        return self.visitor.submit(form, {"codename": self.codename if codename is None else codename})

    def hand_in(self, sealed: Path, name: str = "letter.age") -> Page:
        """Hand in a letter that was sealed before."""
        form = self.page("/letter").form("/letter")
        upload = Upload(sealed, name, "application/octet-stream")
        return self.visitor.submit(form, {}, [("letter", upload)])

    def seal_before(self, folder: Path, root: str, story: str, *files: str) -> Path:
        """Seal a tip on the own computer with `lapwing seal-tip`; the new codename goes onto the paper."""
        for name in ("roster.json", "keysheet.json"):
            with urlopen(f"{self.intake}/{name}") as answer:  # noqa: S310 - the intake on loopback
                (folder / name).write_bytes(answer.read())
        (folder / "story.txt").write_text(story, "utf-8")
        printed = run(
            *("seal-tip", "--roster", "roster.json", "--sheet", "keysheet.json", "--root", root),
            *("--story", "story.txt", "-o", "letter.age", *files),
            folder=folder,
        )
        lines = [line.split() for line in printed.splitlines()]
        self.codename = next(" ".join(words) for words in lines if len(words) == CODENAME_WORDS and words[0].islower())
        return folder / "letter.age"


@dataclass(frozen=True)
class Prosecutor:
    """A prosecutor with the key file, on a computer where nothing but `lapwing dossier` runs.

    Attributes:
        folder: where dossiers are opened.
        key: the office's key file.
        root: the organisation's public root key in hexadecimal, from its printed card.
    """

    folder: Path
    key: Path
    root: str

    def open(self, sealed: Path, name: str) -> str:
        """Open a dossier into a folder of that name; returns what was printed."""
        return run(
            "dossier", "open", str(sealed), "-i", str(self.key), "-o", name, "--root", self.root, folder=self.folder
        )

    def verify(self, name: str) -> str:
        """Verify it again."""
        return run("dossier", "verify", name, "-i", str(self.key), "--root", self.root, folder=self.folder)

    def receipt(self, name: str) -> Path:
        """Sign a receipt."""
        run("dossier", "receipt", name, "-i", str(self.key), "-o", f"{name}.receipt.json", folder=self.folder)
        return self.folder / f"{name}.receipt.json"

    def outcome(self, name: str, text: str, *told: str) -> Path:
        """Sign an outcome, in words and with further options."""
        run(
            *("dossier", "receipt", name, "-i", str(self.key), "-o", f"{name}.outcome.json", "--outcome", text, *told),
            folder=self.folder,
        )
        return self.folder / f"{name}.outcome.json"

    def manifest(self, name: str) -> Mapping[str, str]:
        """Return path -> SHA-256 as the bag's manifest tells."""
        lines = (self.folder / name / "manifest-sha256.txt").read_text("utf-8").splitlines()
        return {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}

    def dossier(self, name: str) -> object:
        """Return dossier.json."""
        return json.loads((self.folder / name / "dossier.json").read_bytes())


def field_of(page: Page, name: str) -> str:
    """Return what a page's form holds in a field.

    Raises:
        VisitError: no form has it.
    """
    for form in page.forms:
        for each, value in form.fields:
            if each == name:
                return value
    raise VisitError(f"no form of the page has a field {name}")
