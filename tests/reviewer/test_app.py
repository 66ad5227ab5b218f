"""The app opens to whoever has the link and the passphrase, and to no other page or program."""

import re
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from reviewer.app import create_app
from reviewer.session import Session
from reviewer.station import Settings, Station
from reviewer.store import keys
from tests.reviewer.browser import HOST, PORT, open_browser
from tests.reviewer.office_hours import CHEAP, PASSPHRASE, OfficeHours


def test_link_works_once(office: OfficeHours) -> None:
    """The link that was printed gives a session the first time, and nothing after."""
    session = Session()
    link = session.link(PORT).rsplit("/", 1)[-1]

    assert session.redeem("guess") is None
    cookie = session.redeem(link)
    assert cookie is not None
    assert session.holds(cookie)
    assert session.redeem(link) is None
    assert not session.holds("")


def test_cookie_is_for_this_site_and_no_script(office: OfficeHours) -> None:
    """The session's cookie is HttpOnly and SameSite=Strict."""
    browser = open_browser(office, "r1", unlock=False)
    session = Session()
    fresh = open_browser(office, "r1", unlock=False)
    answer = fresh.ask(fresh.session.link(PORT).removeprefix(f"http://{HOST}"), client=fresh.app.test_client())
    assert answer.status_code == 403  # used when the browser was opened
    cookie = browser.client.get_cookie("lapwing_desk", "127.0.0.1", browser.session.root)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    assert cookie.path == browser.session.root != fresh.session.root
    assert session.csrf != browser.session.csrf


def test_looking_where_the_link_leads_does_not_use_it_up(office: OfficeHours) -> None:
    """A HEAD request, or a browser that fetches ahead, gets no session and leaves the link as it was."""
    browser = open_browser(office, "r1", unlock=False)
    session = Session()
    app = create_app(browser.station, session, PORT)
    client, link = app.test_client(), session.link(PORT)

    assert client.head(link).status_code == 204
    assert client.get(link, headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 204
    assert client.get_cookie("lapwing_desk", "127.0.0.1", session.root) is None
    assert client.get(link).status_code == 303
    assert client.get_cookie("lapwing_desk", "127.0.0.1", session.root) is not None


@pytest.mark.parametrize("path", ["", "/", "/style.css", "/enter/guess", "/cases/new", "/\xff"])
def test_outside_its_own_path_the_app_tells_nothing(office: OfficeHours, path: str) -> None:
    """Whoever does not know the random path, cookie or not, gets one plain answer that does not tell it."""
    browser = open_browser(office, "r1")
    for outside in (path, f"{browser.session.root}x{path}", browser.session.root[:-1] + path):
        answer = browser.client.get(outside, base_url=f"http://{HOST}")
        assert (answer.status_code, answer.mimetype) == (404, "text/plain")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert browser.session.root not in answer.text


def test_a_browser_without_the_session_is_shown_no_desk(office: OfficeHours) -> None:
    """Its page says what to do, and holds no name, no link to a page and no token for a form."""
    browser = open_browser(office, "r1")
    assert "Desk r1" in browser.get("/")

    for path in ("/", "/cases/new", "/enter/guess", "/nowhere"):
        answer = browser.ask(path, client=browser.app.test_client())
        assert answer.status_code == 403
        assert "Open the link that the app printed" in answer.text
        for kept in ("Desk r1", browser.session.csrf, "<nav", "<form", "Inbox"):
            assert kept not in answer.text


def test_every_address_in_a_page_lies_under_the_random_path(office: OfficeHours) -> None:
    """No link or form leads out of the app's own path, where the cookie would not go."""
    office.open()
    browser = open_browser(office, "r1")
    for path in ("/", "/cases/new", "/offices", "/log", "/settings", "/nothing-here"):
        page = browser.ask(path).text
        for address in re.findall(r'(?:href|action|src)="([^"#]+)"', page):
            assert address.startswith(f"{browser.session.root}/"), address


@pytest.mark.parametrize("path", ["/", "/log", "/settings", "/unlock", "/cases/new"])
def test_without_the_link_there_is_nothing(office: OfficeHours, path: str) -> None:
    """Every page refuses a browser without the session, in words that say what to do."""
    browser = open_browser(office, "r1")
    answer = browser.ask(path, client=browser.app.test_client())

    assert answer.status_code == 403
    assert "works once" in answer.text


def test_another_host_name_is_refused(office: OfficeHours) -> None:
    """A page that made its own name point here (DNS rebinding) gets no answer of ours."""
    browser = open_browser(office, "r1")

    assert browser.ask("/", host="evil.example:8091").status_code == 421
    assert browser.ask("/", host="127.0.0.1:80").status_code == 421


def test_request_from_another_site_is_refused(office: OfficeHours) -> None:
    """A browser that tells that another site asks is believed."""
    browser = open_browser(office, "r1")

    browser.get("/", expect=403, headers={"Sec-Fetch-Site": "cross-site"})
    browser.get("/", headers={"Sec-Fetch-Site": "none"})


def test_form_without_our_token_is_refused(office: OfficeHours) -> None:
    """A form that did not come from our own page changes nothing."""
    browser = open_browser(office, "r1")
    answer = browser.tell("/lock", {"csrf": "guess"})

    assert answer.status_code == 403
    assert not browser.station.locked


def test_every_answer_carries_the_rules(office: OfficeHours) -> None:
    """Pages, errors and the style sheet all have the policy: no script, nothing kept, nothing fetched elsewhere."""
    browser = open_browser(office, "r1")
    for path in ("/", "/nothing-here", "/style.css", "/unlock"):
        headers = browser.ask(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; form-action 'self'")
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_locked_app_asks_for_the_passphrase(office: OfficeHours) -> None:
    """Until the passphrase is typed, every page leads to the one that asks for it."""
    browser = open_browser(office, "r1", unlock=False)
    assert browser.ask("/log").headers["Location"] == browser.full("/unlock")

    assert "The passphrase is not right." in browser.post("/unlock", expect=403, passphrase="guess").text
    browser.post("/unlock", passphrase=PASSPHRASE)
    assert "Inbox" in browser.get("/")
    assert browser.ask("/unlock").status_code == 303


def test_lock_now_locks(office: OfficeHours) -> None:
    """After the button, pages ask for the passphrase again and the vault's key is dropped."""
    browser = open_browser(office, "r1")
    vault = browser.station.hand().desk.vault
    browser.post("/lock")

    assert vault.locked
    assert browser.ask("/").headers["Location"] == browser.full("/unlock")


def test_idle_app_locks_itself(office: OfficeHours) -> None:
    """When nobody did anything for the idle time, the next look finds the vault locked."""
    browser = open_browser(office, "r1")
    now = [0.0]
    browser.station._idle._clock = lambda: now[0]
    browser.station.touch()
    now[0] = 901.0

    assert browser.station.syncing() is None
    assert browser.station.locked


def test_page_that_does_not_exist_says_so(office: OfficeHours) -> None:
    """An unknown address and a wrong method are plain pages."""
    office.open()
    browser = open_browser(office, "r1")

    assert "There is no such page" in browser.get("/nothing-here", expect=404)
    browser.post("/log", expect=405)
    assert "There is no such thing here" in browser.get("/cases/zz", expect=400)


def test_language_is_chosen_or_the_browsers(office: OfficeHours) -> None:
    """A French browser gets French; a choice under Settings holds for the session."""
    browser = open_browser(office, "r1")
    browser.station.sync_now()
    assert '<html lang="fr"' in browser.get("/", headers={"Accept-Language": "fr-CA"})
    browser.post("/language", language="fr")
    assert "Boîte de réception" in browser.get("/")
    browser.post("/language", language="xx")
    assert "Boîte de réception" in browser.get("/")


def test_form_that_is_too_long_is_refused(office: OfficeHours) -> None:
    """More than a form can hold is a page that says so."""
    browser = open_browser(office, "r1")

    assert "more than fits" in browser.post("/cases/new", expect=413, title="x" * 1_100_000).text


def test_before_the_roster_comes_the_inbox_says_what_is_missing(office: OfficeHours) -> None:
    """An app without a roster shows that, and a roster file can be given under Settings."""
    signed, office.shelves.roster = office.shelves.roster, b""
    browser = open_browser(office, "r1")
    browser.post("/sync")
    assert "No roster yet" in browser.get("/")

    from io import BytesIO

    browser.post("/settings/roster", roster=(BytesIO(signed), "roster.json"))
    assert "Desk r2" in browser.words("/settings")
    assert "Choose a file first." in browser.post("/settings/roster", expect=400).text


def test_passphrase_can_be_changed(office: OfficeHours) -> None:
    """The new passphrase opens the vault, the old one no longer does; a wrong old one changes nothing."""
    browser = open_browser(office, "r1")
    browser.post("/settings/passphrase", expect=400, old="guess", new="b", again="b")
    browser.post("/settings/passphrase", expect=400, old=PASSPHRASE, new="b", again="c")
    browser.post("/settings/passphrase", old=PASSPHRASE, new="quite a new one", again="quite a new one")
    browser.post("/lock")

    browser.post("/unlock", expect=403, passphrase=PASSPHRASE)
    browser.post("/unlock", passphrase="quite a new one")


def test_vault_locks_after_the_idle_time_though_a_round_hangs(office: OfficeHours) -> None:
    """The idle time ends by itself: neither a request nor the end of a round is needed."""
    browser = open_browser(office, "r1")
    settings = replace(browser.station._settings, idle=0.0, watch=0.01)
    station = Station(settings)
    station.unlock(PASSPHRASE)
    hang = threading.Event()

    def stuck() -> None:
        hang.wait(30)

    station.syncing = stuck  # type: ignore[method-assign]  # a round that does not end
    station.start()
    vault = station.hand().desk.vault
    for _ in range(500):
        if vault.locked:
            break
        threading.Event().wait(0.01)

    assert vault.locked
    hang.set()
    station.stop()


def test_fault_is_a_plain_page_and_no_line_anywhere(
    office: OfficeHours, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """An exception that nobody foresaw writes neither its path nor its words to the terminal, and echoes nothing."""
    browser = open_browser(office, "r1")
    browser.app.testing = False

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("a codename")

    monkeypatch.setattr("reviewer.pages.case.find_case", fail)
    browser.station.sync_now()
    answer = browser.ask("/cases/" + "ab" * 16)

    assert answer.status_code == 500
    assert "codename" not in answer.text
    written = capfd.readouterr()
    assert written.out + written.err == ""


def test_unlocking_empties_what_a_kill_left_behind(office: OfficeHours, tmp_path: Path) -> None:
    """The write-ahead log of an app that was killed may hold what was destroyed: unlocking empties it."""
    vault = office.desks["r1"].vault
    with vault.begin() as connection:
        keys.set_property(connection, "label", b"again")
    shutil.copytree(vault.folder, tmp_path / "killed")
    log = tmp_path / "killed" / "vault.db-wal"
    assert log.stat().st_size
    station = Station(Settings(tmp_path / "killed", lambda _desk: office.intakes["r1"], cost=CHEAP))
    station.unlock(PASSPHRASE)

    assert not log.stat().st_size
    assert station.hand().desk.label == "again"
    station.stop()
