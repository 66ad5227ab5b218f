"""A reviewer's browser for tests: the app's test client with its session, and the words of its pages."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reviewer.app import create_app
from reviewer.session import Session
from reviewer.station import Settings, Station
from reviewer.timetable import PERIOD
from tests.reviewer.office_hours import CHEAP, PASSPHRASE, OfficeHours

PORT = 8091
HOST = f"127.0.0.1:{PORT}"


@dataclass
class Browser:
    """One reviewer's app with a browser that has opened the link."""

    station: Station
    session: Session
    app: Flask
    client: FlaskClient

    def full(self, path: str) -> str:
        """The path of a page below the session's own; one that is there already stays."""
        return path if path.startswith(self.session.root) else self.session.root + path

    def ask(self, path: str, client: FlaskClient | None = None, host: str = HOST, **options: Any) -> TestResponse:
        """Look at a page; returns the whole answer."""
        return (client or self.client).get(self.full(path), base_url=f"http://{host}", **options)

    def get(self, path: str, expect: int = 200, **options: Any) -> str:
        """Look at a page; returns its source."""
        answer = self.ask(path, **options)
        assert answer.status_code == expect, answer.text
        return answer.text

    def tell(self, path: str, data: dict[str, Any]) -> TestResponse:
        """Send a form that need not be one of our own."""
        return self.client.post(self.full(path), data=data, base_url=f"http://{HOST}")

    def post(self, path: str, expect: int = 303, **fields: Any) -> TestResponse:
        """Send a form of our own."""
        answer = self.tell(path, {"csrf": self.session.csrf, **fields})
        assert answer.status_code == expect, answer.text
        return answer

    def words(self, path: str) -> str:
        """The words of a page, white space folded."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.get(path)).split())


def led_to(answer: TestResponse) -> str:
    """The path that an answer leads to, in whatever session: without the random one before it."""
    return re.sub(r"^/[\w-]{22}(?=/)", "", answer.headers["Location"])


def open_browser(office: OfficeHours, reviewer: str, *, unlock: bool = True, period: float = PERIOD) -> Browser:
    """Start a reviewer's app on their vault and open its link."""
    office.desks[reviewer].vault.lock()
    intake = office.intakes[reviewer]
    settings = Settings(
        office.folder / reviewer,
        lambda _desk: intake,
        today=lambda: office.now,
        now=office.moment,
        period=period,
        cost=CHEAP,
    )
    station, session = Station(settings), Session()
    app = create_app(station, session, PORT)
    app.testing = True
    browser = Browser(station, session, app, app.test_client())
    browser.ask(session.link(PORT).removeprefix(f"http://{HOST}"))
    if unlock:
        station.unlock(PASSPHRASE)
        office.desks[reviewer] = station.hand().desk
    return browser
