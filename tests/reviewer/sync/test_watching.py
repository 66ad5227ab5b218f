"""A lie to visitors is an alarm on top of every screen of every reviewer, until each has looked into it."""

import threading
from dataclasses import replace
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from reviewer.clients import of_this_release
from reviewer.entry import of
from reviewer.errors import SyncError
from reviewer.looking import Visitors
from reviewer.socks import Connect, way
from reviewer.station import Settings, Station
from reviewer.store import keys
from reviewer.sync.watching import alarms, take_down, unseen_since, what_is_known
from reviewer.watch import AIMS, Visit
from tests.reviewer.browser import open_browser
from tests.reviewer.office_hours import CHEAP, PASSPHRASE, OfficeHours
from tests.reviewer.visits import HonestIntake, changed, one_by_one, told
from wire.bundle import PAGE_BUNDLE
from wire.content import Alarm, Looked


@pytest.fixture
def office(tmp_path: Path) -> OfficeHours:
    """Three desks with a key sheet in force."""
    office = OfficeHours(tmp_path / "office")
    office.open()
    return office


@pytest.fixture
def intake(office: OfficeHours, tmp_path: Path) -> HonestIntake:
    """The intake that serves it."""
    intake = HonestIntake(office, tmp_path / "intake")
    intake.publish()
    return intake


def look(office: OfficeHours, reviewer: str, visit: Visit) -> list[str]:
    """One visit of one app for each aim; what they showed, each kind once."""
    desk = office.desks[reviewer]
    with desk.vault.read() as connection:
        known = what_is_known(connection, desk)
    shown = [take_down(desk, office.books[reviewer], known, one) for one in one_by_one(visit)]
    return list(dict.fromkeys(each.what for one in shown for each in one))


def standing(office: OfficeHours, reviewer: str) -> list[tuple[str, str]]:
    """Author and kind of each alarm at one desk."""
    with office.desks[reviewer].vault.read() as connection:
        return [(one.author, one.content.what) for one in alarms(connection, office.books[reviewer].read(connection))]


def test_honest_visits_write_one_line_for_each_aim_and_no_alarm(office: OfficeHours, intake: HonestIntake) -> None:
    """What the pages were like is told once for each aim; it is told again only when that changes."""
    for reviewer in office.ids:
        for _ in range(2):
            assert look(office, reviewer, intake.visit()) == []
    office.rounds(times=2)

    looks = of(office.log("r2").organisation, Looked)
    told_of = sorted((entry.author, entry.content.aim) for entry in looks)
    assert told_of == sorted((one, aim) for one in office.ids for aim in AIMS)
    assert standing(office, "r1") == []


def test_alarm_reaches_every_reviewer_and_stands_until_each_dismissed_it(
    office: OfficeHours, intake: HonestIntake
) -> None:
    """One app's visit shows a script; all screens say so, in every page, and each reviewer ends it for themselves."""
    lie = changed(intake.visit(), "/tip", b"</main>", b"<script>x()</script></main>")
    assert look(office, "r1", lie) == ["script"]
    assert look(office, "r1", lie) == ["script"]
    office.rounds(times=2)
    assert standing(office, "r1") == standing(office, "r2") == [("r1", "script")]

    browser = open_browser(office, "r2")
    for path in ("/", "/log", "/settings", "/nothing-here"):
        page = browser.get(path, expect=404 if path == "/nothing-here" else 200)
        assert 'role="alert"' in page
        assert "A page has a script that is not the one that seals, or lacks that one." in page
        assert "Desk r1" in page
    (entry,) = of(office.log("r2").organisation, Alarm)
    browser.post("/alarms", alarm=[entry.id.hex(), "00" * 32])
    assert "A page has a script that is not the one that seals, or lacks that one." not in browser.get("/")
    assert standing(office, "r1") == [("r1", "script")]
    assert "raised an alarm" in browser.words("/log")
    browser.post("/alarms", expect=400, alarm="zz")


def give_release(office: OfficeHours, page: bytes, *ids: str) -> None:
    """Let some apps be of a release with another page, and run rounds until all signed what they can."""
    for one in ids:
        desk = office.desks[one]
        office.desks[one] = replace(
            desk, clients=lambda root, roster: replace(of_this_release(root, roster), page=page)
        )
    office.rounds(times=2)


def test_intake_that_is_renewed_first_raises_an_alarm_until_the_apps_have_followed(tmp_path: Path) -> None:
    """What it serves is not what the reviewers signed for; once enough apps are of its release, all is well."""
    office = OfficeHours(tmp_path / "office")
    give_release(office, bytes(32), *office.ids)
    intake = HonestIntake(office, tmp_path / "intake")
    intake.publish()
    assert look(office, "r1", intake.visit()) == ["bundle"]
    office.rounds(times=2)
    page = open_browser(office, "r2").words("/")
    assert "is not what reviewers signed for. If the operator has just renewed the intake, bring every" in page

    give_release(office, PAGE_BUNDLE, "r1", "r3")
    intake.publish()
    assert look(office, "r1", intake.visit()) == []
    office.close()


def test_apps_that_are_renewed_first_see_no_false_page(office: OfficeHours, intake: HonestIntake) -> None:
    """Two sheets stand in force then, the intake shows the one that fits it, and the apps say that they differ."""
    give_release(office, bytes(32), "r1", "r2")
    intake.publish()

    assert look(office, "r1", intake.visit()) == ["release"]
    assert look(office, "r3", intake.visit()) == []


def test_alarm_comes_back_on_another_day(office: OfficeHours, intake: HonestIntake) -> None:
    """What still stands tomorrow is told again."""
    lie = told(intake.visit(), "/", add=("set-cookie", "a=b"))
    look(office, "r1", lie)
    office.later(days=1)
    office.rounds()
    look(office, "r1", told(intake.visit(), "/", add=("set-cookie", "a=b")))

    assert standing(office, "r1") == [("r1", "header")] * 2


def test_pages_shown_to_one_app_alone_are_seen_by_the_others(office: OfficeHours, intake: HonestIntake) -> None:
    """An intake that changes the words for one visitor is found by comparing what all apps met."""
    assert look(office, "r1", intake.visit()) == []
    office.rounds(times=2)
    lie = changed(intake.visit(), "/tip", b"Write what you know.", b"Write who you are.")

    assert look(office, "r2", lie) == ["view"]
    assert look(office, "r1", lie) == ["changed"]


def test_pages_are_compared_with_those_in_the_same_language(office: OfficeHours, intake: HonestIntake) -> None:
    """French pages are no other view of English ones, and a lie in French is found by who read French before."""
    for reviewer, language in (("r1", "en"), ("r1", "fr"), ("r1", "en"), ("r2", "fr")):
        assert look(office, reviewer, intake.visit(language)) == []
        office.rounds(times=2)
    lie = changed(intake.visit("fr"), "/tip?lang=fr", "Écrivez ce que".encode(), "Écrivez qui et ce que".encode())

    assert look(office, "r2", lie) == ["changed"]
    assert look(office, "r3", lie) == ["view"]
    tips = [one.content for one in of(office.log("r2").organisation, Looked) if one.content.aim == "tip"]
    assert [one.language for one in tips] == ["en", "fr", "fr", "fr"]


def test_busy_intake_is_noticed_after_days(office: OfficeHours, intake: HonestIntake) -> None:
    """An intake that always says to come again later to who comes for one thing hides nothing for long."""
    look(office, "r1", intake.visit())
    office.later(days=4)
    with office.desks["r1"].vault.read() as connection:
        assert unseen_since(connection, office.now) is None
    office.later(days=1)
    look(office, "r1", told(intake.visit(), "/mailbox", status=503, add=("retry-after", "60")))
    with office.desks["r1"].vault.read() as connection:
        assert unseen_since(connection, office.now) is not None
    browser = open_browser(office, "r1")
    assert "Since 25 Nov 2026 this app could not see how visitors are served" in browser.words("/")


def test_vault_without_a_root_cannot_compare(office: OfficeHours) -> None:
    """Without the root key there is nothing to hold a roster against."""
    with office.desks["r1"].vault.begin() as connection:
        keys.set_property(connection, "root", b"")
        connection.exec_driver_sql("DELETE FROM property WHERE name = 'root'")
        with pytest.raises(SyncError, match="no root key"):
            what_is_known(connection, office.desks["r1"])


class Silent(WSGIRequestHandler):
    """Serves without a log."""

    def log_message(self, *_arguments: object) -> None:
        """Write nothing."""


def test_station_visits_by_itself_after_a_whole_round(office: OfficeHours, intake: HonestIntake) -> None:
    """Over a real line, the app goes one walk at a time, when it has the newest keys, never with the vault locked."""
    office.desks["r1"].vault.lock()
    app = intake.client.application
    with make_server("127.0.0.1", 0, app, handler_class=Silent) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        walks: list[Connect] = []

        def connect() -> Connect:
            walks.append(way("127.0.0.1", None))
            return walks[-1]

        address = Visitors("127.0.0.1", server.server_port, connect)
        settings = Settings(
            office.folder / "r1",
            lambda _desk: office.intakes["r1"],
            today=lambda: office.now,
            visitors=address,
            visits=0,
            cost=CHEAP,
        )
        station = Station(settings)
        assert not station.look()
        station.unlock(PASSPHRASE)
        assert not station.look()
        station.sync_now()
        assert station.look()
        assert len(walks) == 1
        with station.hand().look() as look_now:
            kinds = {entry.content.what for entry in of(look_now.log.organisation, Alarm)}
        station.stop()
        server.shutdown()
        thread.join()

    # This test's own server names itself and the time; everything else is as it must be.
    assert kinds == {"header"}


def test_station_keeps_visiting(office: OfficeHours) -> None:
    """The visits come by themselves, at times that nobody can foresee, and an intake that is away ends nothing."""
    office.desks["r1"].vault.lock()
    came = threading.Event()
    times = [0]

    def connect() -> object:
        times[0] += 1
        if times[0] > 1:
            came.set()
        return way("127.0.0.1", None)

    settings = Settings(
        office.folder / "r1",
        lambda _desk: office.intakes["r1"],
        today=lambda: office.now,
        visitors=Visitors("127.0.0.1", 9, connect),  # type: ignore[arg-type]  # a way, as `way` gives it
        visits=0.02,
        cost=CHEAP,
    )
    station = Station(settings)
    station.unlock(PASSPHRASE)
    station.sync_now()
    station.start()
    assert came.wait(20)
    station.stop()
