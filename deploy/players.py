"""Who plays in the scripted story: a source and a prosecutor, each with nothing but what a person would have."""

import contextlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.request import urlopen

from deploy import claim
from deploy.processes import DemoError, run
from deploy.visit import Form, Page, Upload, Values, VisitError, Visitor

CODENAME_WORDS = 8
CLAIM_WORDS = 5  # with the number


@dataclass
class Source:
    """A source with Tor Browser, JavaScript off, and a piece of paper.

    Attributes:
        intake: address of the intake.
        codename: what stands on the paper; empty before the first tip.
        claim_words: what stands on another paper; empty without a claim.
        visitor: a new one for each visit would do as well: the intake sets no cookie.
    """

    intake: str
    codename: str = ""
    claim_words: str = ""
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
        """Seal a tip on the own computer with `lapwing seal-tip`; new codename and claim words go onto their papers."""
        for name in ("roster.json", "keysheet.json"):
            with urlopen(f"{self.intake}/{name}") as answer:  # noqa: S310 - the intake on loopback
                (folder / name).write_bytes(answer.read())
        (folder / "story.txt").write_text(story, "utf-8")
        printed = run(
            *("seal-tip", "--roster", "roster.json", "--sheet", "keysheet.json", "--root", root),
            *("--claim", "--story", "story.txt", "-o", "letter.age", *files),
            folder=folder,
        )
        lines = [line.split() for line in printed.splitlines()]
        self.codename = next(" ".join(words) for words in lines if len(words) == CODENAME_WORDS and words[0].islower())
        self.claim_words = next(" ".join(words) for words in lines if len(words) == CLAIM_WORDS and words[-1].isdigit())
        return folder / "letter.age"

    def sign(self, challenge: Path, beneficiary: str) -> tuple[Path, str]:
        """Sign an agency's challenge with `lapwing claim sign`; return the sealed answer, and all that was shown.

        Raises:
            DemoError: nothing was signed.
        """
        answer, shown = challenge.with_name("answer.age"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        typed = iter((beneficiary, "yes"))
        person = claim.Person(lambda _: next(typed), lambda _: self.claim_words)
        with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
            code = claim.main(["sign", str(challenge), "-o", str(answer)], person)
        if code:
            raise DemoError(f"lapwing claim sign ended with {code}")
        shown.seek(0)
        return answer, shown.read()


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

    def challenge(self, commitment: str, programme: str, case: str, expires: date) -> Path:
        """Ask for proof of authorship; return the challenge."""
        run(
            *("claim", "challenge", "-i", str(self.key), "--commitment", commitment, "--programme", programme),
            *("--case", case, "--expires", expires.isoformat(), "-o", "challenge.json"),
            folder=self.folder,
        )
        return self.folder / "challenge.json"

    def verify_claim(self, answer: Path, commitment: str) -> str:
        """Verify an answer; returns what was printed."""
        return run("claim", "verify", str(answer), "-i", str(self.key), "--commitment", commitment, folder=self.folder)

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
