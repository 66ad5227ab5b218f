"""Who plays the reviewers in the scripted story: each with their own app, through its pages."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.visit import Page, Upload, Values, Visitor

CASE = re.compile(r"/cases/([0-9a-f]{32})$")


@dataclass
class ReviewerPlayer:
    """A reviewer at their own computer.

    Attributes:
        app: address of the app, with the random path under which it lies.
        link: the one-time link that it printed.
    """

    app: str
    link: str
    visitor: Visitor = field(default_factory=Visitor)

    def enter(self) -> Page:
        """Open the one-time link."""
        return self.visitor.get(self.link)

    def page(self, path: str) -> Page:
        """Look at a page of the app."""
        return self.visitor.get(f"{self.app}{path}")

    def act(self, path: str, action: str, values: Values, uploads: Sequence[tuple[str, Upload]] = ()) -> Page:
        """Fill in one form of a page and send it."""
        return self.visitor.submit(self.page(path).form(action), values, uploads)

    def cases(self) -> tuple[str, ...]:
        """Return the ids of the cases in the inbox."""
        found = [CASE.search(address) for address, _ in self.page("/").links]
        return tuple(dict.fromkeys(match[1] for match in found if match))

    def case_with(self, words: str) -> str | None:
        """Return the id of the case whose page has these words, if it is there yet."""
        return next((case for case in self.cases() if words in self.page(f"/cases/{case}").text), None)

    def case(self, case: str, more: str = "") -> Page:
        """Look at a page of a case."""
        return self.page(f"/cases/{case}{more}")

    def files(self, case: str) -> tuple[str, ...]:
        """Return the SHA-256, in hexadecimal, of the case's files, as its page lists them."""
        found = re.findall(r"SHA-256 ([0-9a-f]{64})", self.case(case, "/exhibits").text)
        return tuple(dict.fromkeys(found))

    def fetch(self, case: str) -> Page:
        """Have the source's files fetched, which the app leaves at the intake until somebody wants them."""
        return self.act(f"/cases/{case}", "/fetch", {})

    def download(self, case: str, sha256: str) -> str | None:
        """Save a file and return the SHA-256 of what came; None while it is not in the vault yet."""
        page = self.case(case, f"/files/{sha256}")
        if not any(form.action.endswith("/download") for form in page.forms):
            return None
        digest = hashlib.sha256()
        self.visitor.save(page.form("/download"), digest.update)
        return digest.hexdigest()

    def propose(self, case: str, path: str, action: str, values: Values) -> str:
        """Propose something and return the proposal's id."""
        page = self.act(f"/cases/{case}{path}", action, values)
        return page.url.rsplit("/", 1)[1]

    def proposal(self, case: str, proposal: str) -> Page:
        """Look at a proposal."""
        return self.case(case, f"/proposals/{proposal}")

    def may(self, case: str, proposal: str, action: str) -> bool:
        """Tell whether a proposal's page offers an action now."""
        page = self.proposal(case, proposal)
        return page.status == 200 and any(form.action.endswith(f"/{action}") for form in page.forms)

    def agree(self, case: str, proposal: str, action: str) -> Page:
        """Approve or confirm."""
        return self.act(f"/cases/{case}/proposals/{proposal}", f"/{action}", {})

    def hand_over(self, case: str, proposal: str, target: Path) -> None:
        """Build the sealed dossier, save it, and record that it was handed over."""
        path = f"/cases/{case}/proposals/{proposal}"
        self.act(path, "/build", {})
        with target.open("wb") as sink:
            self.visitor.save(f"{self.app}{path}/sealed", sink.write)
        self.act(path, "/sent", {})

    def import_answer(self, case: str, proposal: str, answer: Path) -> Page:
        """Import what an office signed."""
        upload = Upload(answer, answer.name, "application/json")
        return self.act(f"/cases/{case}/proposals/{proposal}", "/receipt", {}, [("receipt", upload)])
