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

    def get(self, path: str, expect: int = 200, **options: Any) -> str:
        """Look at a page; returns its source."""
        answer = self.client.get(path, base_url=f"http://{HOST}", **options)
        assert answer.status_code == expect, answer.text
        return answer.text

    def post(self, path: str, expect: int = 303, **fields: Any) -> TestResponse:
        """Send a form of our own."""
        answer = self.client.post(path, data={"csrf": self.session.csrf, **fields}, base_url=f"http://{HOST}")
        assert answer.status_code == expect, answer.text
        return answer

    def words(self, path: str) -> str:
        """The words of a page, white space folded."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.get(path)).split())


def open_browser(office: OfficeHours, reviewer: str, *, unlock: bool = True) -> Browser:
    """Start a reviewer's app on their vault and open its link."""
    office.desks[reviewer].vault.lock()
    intake = office.intakes[reviewer]
    settings = Settings(office.folder / reviewer, lambda _desk: intake, today=lambda: office.now, cost=CHEAP)
    station, session = Station(settings), Session()
    app = create_app(station, session, PORT)
    app.testing = True
    browser = Browser(station, session, app, app.test_client())
    browser.client.get(session.link(PORT).removeprefix(f"http://{HOST}"), base_url=f"http://{HOST}")
    if unlock:
        station.unlock(PASSPHRASE)
        office.desks[reviewer] = station.hand().desk
    return browser
