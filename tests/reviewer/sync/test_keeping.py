"""Letters come first; files only for tips that a reviewer keeps, while they fit, and never for ever."""

import os
from pathlib import Path

import pytest

from reviewer.acts import cases
from reviewer.errors import NoRoomError
from reviewer.keeping import Rules
from reviewer.store import keys, letters
from reviewer.store.rules import SPARE, check_room, set_rules
from reviewer.sync.outbox import acknowledge
from tests.reviewer.browser import open_browser
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source

CONTENT = os.urandom(5_000)


@pytest.fixture
def office(tmp_path: Path) -> OfficeHours:
    """Three desks that fetch nothing unasked."""
    hours = OfficeHours(tmp_path, unasked=0)
    hours.open()
    return hours


def state(office: OfficeHours, reviewer: str, source: Source) -> list[str]:
    """Where the files of a source's letters stand in one vault."""
    with office.desks[reviewer].vault.read() as connection:
        return [one.files for one in letters.letters_of(connection, source.case_id)]


def notices(office: OfficeHours) -> str:
    """What the inbox of the first desk says."""
    return open_browser(office, "r1").words("/")


def rules(office: OfficeHours, reviewer: str, new: Rules) -> None:
    """Change the settings of one app."""
    with office.desks[reviewer].vault.begin() as connection:
        set_rules(connection, new)


def taken(office: OfficeHours, shelf: str) -> set[str]:
    """Who has acknowledged every piece of a shelf."""
    names = office.shelves.pieces[shelf]
    return {one for one in office.ids if all((one, shelf, name) in office.shelves.taken for name in names)}


def test_files_wait_until_somebody_works_on_the_case(office: OfficeHours) -> None:
    """A new tip is read by all without its files; when one takes it forward, every member's app fetches them."""
    source = Source(office)
    source.send(files={"photo.jpg": CONTENT})
    assert office.rounds()
    office.later(days=1)
    assert office.rounds()
    assert [state(office, one, source) for one in office.ids] == [["offered"]] * 3
    assert taken(office, "letters") == set(office.ids)
    assert taken(office, "parts") == set()

    cases.assign(office.hand("r1"), source.case_id, "r1")
    office.rounds(times=2)
    assert [state(office, one, source) for one in office.ids] == [["here"]] * 3
    office.later(days=1)
    office.rounds()
    assert taken(office, "parts") == set(office.ids)


def test_button_fetches_the_files_to_this_vault_alone(office: OfficeHours) -> None:
    """The case says how much lies at the intake and until when; after the button the next round brings it."""
    source = Source(office)
    source.send(files={"photo.jpg": CONTENT, "list.txt": b"a list"})
    office.rounds(times=2)
    browser = open_browser(office, "r1")
    case = f"/cases/{source.case_id.hex()}"
    for page in (case, f"{case}/exhibits"):
        assert "2 files of the source lie at the intake" in browser.words(page)
        assert "Fetch the files (4.9 KiB)" in browser.words(page).replace("\N{NO-BREAK SPACE}", " ")
        assert "until 21 Dec 2026" in browser.words(page)
    assert "at the intake, not fetched" in browser.words(f"{case}/exhibits")

    browser.post(f"{case}/fetch")
    assert "not here yet" in browser.words(f"{case}/exhibits")
    browser.post("/sync")
    assert "Fetch the files" not in browser.words(case)
    assert [state(office, one, source) for one in office.ids] == [["here"], ["offered"], ["offered"]]


def test_small_files_come_unasked_when_set(office: OfficeHours) -> None:
    """With a size set, what is smaller comes at once and what is larger waits."""
    rules(office, "r1", Rules(unasked=6_000))
    small, large = Source(office), Source(office)
    small.send(files={"a": CONTENT})
    large.send(files={"a": CONTENT, "b": os.urandom(2_000)})
    office.rounds()

    assert (state(office, "r1", small), state(office, "r1", large)) == (["here"], ["offered"])
    assert state(office, "r2", small) == ["offered"]


def test_files_that_do_not_fit_are_told_and_hold_up_nothing(office: OfficeHours) -> None:
    """Over the limit nothing is fetched, the round says so, smaller files still come, and room made brings the rest."""
    rules(office, "r1", Rules(unasked=10**9, most=6_000))
    large, small = Source(office), Source(office)
    large.send(files={"a": os.urandom(7_000)})
    small.send(files={"a": CONTENT})
    with pytest.raises(NoRoomError, match="raise the limit"):
        office.rounds("r1")
    assert (state(office, "r1", large), state(office, "r1", small)) == (["waiting"], ["here"])

    rules(office, "r1", Rules(unasked=10**9, most=20_000))
    assert office.rounds("r1")
    assert state(office, "r1", large) == ["here"]


def test_disk_keeps_some_room(office: OfficeHours) -> None:
    """Files never take the last GiB of the disk, whatever the settings allow."""
    vault = office.desks["r1"].vault
    rules(office, "r1", Rules(most=2**60))
    with vault.read() as connection:
        check_room(vault, connection, 0)
        with pytest.raises(NoRoomError, match="disk"):
            check_room(vault, connection, 2**50)
    assert SPARE == 2**30


def test_files_that_nobody_wanted_are_left_and_the_intake_is_told(office: OfficeHours) -> None:
    """With the key of their week goes what only it opens: the parts are acknowledged, so they do not lie for ever."""
    source = Source(office)
    source.send(files={"photo.jpg": CONTENT})
    office.rounds(times=2)
    office.later(days=19)
    assert "Nobody fetched" not in notices(office)
    office.later(days=1)
    assert "Nobody fetched the files of 1 letter; they can be had until 21 Dec 2026." in notices(office)
    office.later(days=6)
    office.rounds(times=2)
    assert state(office, "r1", source) == ["offered"]
    office.later(days=1)
    office.rounds(times=2)
    assert office.now.isoformat() == "2026-12-22"
    assert state(office, "r1", source) == ["left"]
    with office.desks["r1"].vault.read() as connection:
        assert "2026-W48" not in keys.identities(connection)
    office.later(days=1)
    office.rounds()
    assert taken(office, "parts") == set(office.ids)

    browser = open_browser(office, "r1")
    assert "will not come" in browser.words(f"/cases/{source.case_id.hex()}/exhibits")
    browser.post(f"/cases/{source.case_id.hex()}/fetch")
    assert state(office, "r1", source) == ["left"]


def test_files_of_a_kept_tip_outlast_the_week_until_they_came(office: OfficeHours) -> None:
    """What somebody wants is waited for longer than three weeks, but not for ever; then the intake is told too."""
    source = Source(office)
    source.send(files={"photo.jpg": CONTENT})
    office.rounds(times=2)
    cases.assign(office.hand("r1"), source.case_id, "r1")
    (part,) = office.shelves.pieces["parts"]
    kept = office.shelves.pieces["parts"].pop(part)
    office.later(weeks=4)
    office.rounds("r1", times=2)
    assert state(office, "r1", source) == ["waiting"]
    office.later(weeks=4)
    office.rounds("r1", times=2)
    assert state(office, "r1", source) == ["broken"]
    acknowledge(office.desks["r1"], office.intakes["r1"])
    office.shelves.pieces["parts"][part] = kept
    assert "r1" in taken(office, "parts")


def test_settings_are_whole_numbers(office: OfficeHours) -> None:
    """The form keeps MiB and GiB, and refuses anything else with words."""
    browser = open_browser(office, "r1")
    browser.post("/settings/files", unasked="25", most="40")
    page = browser.get("/settings")
    assert 'name="unasked"' in page
    assert 'value="25"' in page
    assert 'value="40"' in page
    for wrong in ("", "-1", "1.5", "x", "100000", "٣"):
        assert "Write a whole number." in browser.post("/settings/files", expect=400, unasked=wrong, most="1").text
