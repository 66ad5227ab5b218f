"""A server killed in the middle of uploads serves again; what it had confirmed is there, and nothing else."""

import contextlib
import http.client
import random
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.codename import Codename
from tests.submission.disk import pieces
from tests.submission.live import LiveIntake, served
from tests.submission.visitor import MULTIPART, encode

KILLS = 17
VISITORS = 3

pytestmark = pytest.mark.slow


class Visitor(threading.Thread):
    """Sends tips with files, one after the other, until the server is gone; keeps which were confirmed."""

    def __init__(self, intake: LiveIntake) -> None:
        super().__init__(daemon=True)
        self.intake = intake
        self.stories: set[str] = set()
        self.confirmed: set[str] = set()

    def run(self) -> None:
        """Send until it fails."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                story = secrets.token_hex(16)
                self.stories.add(story)
                fields = {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": story}
                body = encode(fields, {"a": secrets.token_bytes(random.choice((10, 3_000_000)))})
                status, _, _ = self.intake.exchange("POST", "/tip", body, {"Content-Type": MULTIPART})
                assert status == 200
                self.confirmed.add(story)


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[LiveIntake]:
    """A real intake with a key sheet in force."""
    with served(LiveIntake(tmp_path)) as intake:
        yield intake


def test_confirmed_tips_survive_a_kill_and_nothing_else_does(intake: LiveIntake) -> None:
    """Killed at random moments of 51 uploads, the next start serves; every confirmed tip is whole on disk.

    A tip that was stored but whose answer did not arrive may be there too; nothing that was cut off is.
    """
    confirmed: set[str] = set()
    sent: set[str] = set()
    for _ in range(KILLS):
        visitors = [Visitor(intake) for _ in range(VISITORS)]
        for visitor in visitors:
            visitor.start()
        threading.Event().wait(random.uniform(0.05, 0.8))
        intake.kill()
        for visitor in visitors:
            visitor.join(60)
            confirmed |= visitor.confirmed
            sent |= visitor.stories
        intake.start()
        check(intake, confirmed, sent)


def check(intake: LiveIntake, confirmed: set[str], sent: set[str]) -> None:
    """Assert what must hold after a start."""
    opened = intake.letters()
    stories = [one.letter.story for one in opened.values()]
    assert confirmed <= set(stories) <= sent
    assert len(stories) == len(set(stories))
    parts = {name.hex() for one in opened.values() for name in one.letter.parts}
    assert set(pieces(intake.state, "parts")) == parts
    assert set(pieces(intake.state, "letters")) == set(opened)
    assert not list((intake.state / "tmp").iterdir())
