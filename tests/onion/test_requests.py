"""What a reviewer's app asks for on a visit is what a browser asks for, header for header; tor is not needed here."""

import os
from datetime import UTC, datetime
from pathlib import Path

from crypto.onion import onion_of
from reviewer.looking import USER_AGENTS, WALKS, Kind, Visitors, visit
from reviewer.socks import Socks, way
from tests.onion.firefox import firefox
from tests.onion.recorder import recorder
from tests.onion.torbrowser import Level, preferences
from tests.onion.within import PICTURES
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.visits import HonestIntake

ONION = onion_of(bytes(range(32)))
BEFORE = {"/tip": "/", "/keys": "/", "/roster.json": "/keys", "/keysheet.json": "/keys", "/offline": "/letter"}
BEFORE |= {"/sealer.html": "/offline", "/mailbox": "/", "/letter": "/", "/rewards": "/", "/protection": "/rewards"}
"""Where the link stands that somebody presses to come to a page."""
MARIONETTE_PORT = 2829
"""Another browser may still run on the usual one."""


def walked(paths: list[str]) -> list[tuple[str, Kind]]:
    """Return the steps behind these requests: those of the walks, in the order in which they came."""
    steps: list[tuple[str, Kind]] = []
    while len(steps) < len(paths):
        rest = paths[len(steps) :]
        steps += next(walk for walk in WALKS if [path for path, _ in walk] == rest[: len(walk)])
    return steps


def test_visits_ask_for_what_a_browser_asks_for(tmp_path: Path) -> None:
    """Each page brings the same requests, with the same headers in the same order, as in a browser with scripts."""
    office = OfficeHours(tmp_path / "office", now=datetime.now(UTC).date())
    office.open()
    intake = HonestIntake(office, tmp_path / "intake")
    intake.publish()
    with recorder(ONION, intake.answer) as seen:
        socks = Socks("127.0.0.1", seen.port)
        visit(Visitors(ONION, 80, lambda: way(ONION, socks), USER_AGENTS[:1]), lambda: None)
        ours, seen.asked[:] = list(seen.asked), []
        steps = walked([path for path, _ in ours])
        starts = [place for place, (_, kind) in enumerate(steps) if kind.by_hand]
        ends = [*starts[1:], len(steps)]

        settings = preferences(Level.STANDARD, seen.port)
        with firefox(
            tmp_path / "profile", settings, Path(os.environ[PICTURES]), "requests", MARIONETTE_PORT
        ) as browser:
            for start, end in zip(starts, ends, strict=True):
                path, _ = steps[start]
                if path in BEFORE:
                    browser.open(f"http://{ONION}{BEFORE[path]}")
                    seen.take(2)  # the page and its style
                    browser.click(f"a[href^='{path}']")
                else:
                    browser.open(f"http://{ONION}{path}")
                assert seen.take(end - start) == sorted(ours[start:end])
    office.close()
