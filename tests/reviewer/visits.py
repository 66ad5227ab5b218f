"""An honest intake for tests of the visits: the real pages, over the roster and key sheets of the desks' office."""

from dataclasses import dataclass, replace
from pathlib import Path

from flask.testing import FlaskClient

from crypto.dsse import Envelope
from reviewer.answer import Answer
from reviewer.walks import WALKS, in_language
from reviewer.watch import Visit
from submission.app import create_app
from submission.config import Config
from submission.database import open_database
from submission.keys import Keys
from submission.setup import init
from tests.reviewer.office_hours import OfficeHours
from wire.keysheet import PeriodKey


@dataclass
class HonestIntake:
    """The intake's own app, and the way a visit goes through it."""

    office: OfficeHours
    folder: Path

    def __post_init__(self) -> None:
        root = bytes(self.office.root.verify_key)
        self.config = Config(self.folder, root, today=lambda: self.office.now, mailbox_step=0)
        init(self.config, self.office.shelves.roster)
        self.keys = Keys(self.config, open_database(self.folder))
        self.client: FlaskClient = create_app(self.config).test_client()

    def publish(self) -> None:
        """Give it the period keys and sheets that the desks made."""
        for raw in self.office.shelves.period_keys:
            envelope = Envelope.decode(raw)
            self.keys.add_period_key(envelope, PeriodKey.decode(envelope.payload).reviewer)
        for envelope in self.office.shelves.sheets.values():
            self.keys.add_sheet(envelope)
        # Each application remembers for a day what was in force when it first looked.
        self.client = create_app(self.config).test_client()

    def answer(self, path: str, languages: str = "en-US,en;q=0.9") -> Answer:
        """One request."""
        got = self.client.get(path, headers={"Accept-Language": languages})
        return Answer(got.status_code, tuple((name.lower(), value) for name, value in got.headers), got.data)

    def visit(self, language: str = "en") -> Visit:
        """A visit for each aim, one after the other, in a language, by a browser that wishes for English."""
        walks = (in_language(walk, language, "en") for walk in WALKS)
        return tuple((path, self.answer(path)) for walk in walks for path, _ in walk)


def one_by_one(visits: Visit) -> list[Visit]:
    """Each visit of several for itself: a browser that wishes for English begins each with the English first page."""
    starts = [place for place, (path, _) in enumerate(visits) if path == "/"]
    return [visits[start:end] for start, end in zip(starts, [*starts[1:], len(visits)], strict=True)]


def changed(visit: Visit, path: str, old: bytes, new: bytes) -> Visit:
    """A visit in which the body of one path says something else."""
    assert any(old in answer.body for each, answer in visit if each == path)
    return tuple(
        (each, replace(answer, body=answer.body.replace(old, new, 1)) if each == path else answer)
        for each, answer in visit
    )


def told(
    visit: Visit, path: str, *, status: int | None = None, drop: str = "", add: tuple[str, str] | None = None
) -> Visit:
    """A visit in which one path has another status, or other headers."""

    def change(answer: Answer) -> Answer:
        headers = tuple(one for one in answer.headers if one[0] != drop) + ((add,) if add else ())
        return Answer(status or answer.status, headers, answer.body)

    return tuple((each, change(answer) if each == path else answer) for each, answer in visit)
