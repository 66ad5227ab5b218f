"""Key sheets come about between apps of one release, and where releases differ the desk says so in time."""

from dataclasses import replace

import pytest

from crypto.dsse import sign
from reviewer.attention import Notice
from reviewer.clients import Clients, of_this_release
from reviewer.desk import sheet_in_force
from reviewer.errors import SyncError
from reviewer.pages.inbox import notices_of
from reviewer.sync.sheets import signed_sheets
from tests.reviewer.browser import open_browser
from tests.reviewer.office_hours import OfficeHours
from wire import keysheet
from wire.bundle import PAGE_BUNDLE, sealer_digest
from wire.keysheet import KeySheet
from wire.week import Week

WARNING = "The reviewers' apps are of different releases: for {} others have signed a key sheet with another page"
CLOSES = "Until then there is no key sheet for that week, which begins on {}, and without one the intake closes."


def another_page(root: bytes, roster_envelope: bytes) -> Clients:
    """A release whose page has another script."""
    return replace(of_this_release(root, roster_envelope), page=b"\1" * 32)


def another_sealer(root: bytes, roster_envelope: bytes) -> Clients:
    """A release whose offline sealer is another."""
    return replace(of_this_release(root, roster_envelope), sealer=b"\1" * 32)


def upgrade(office: OfficeHours, *ids: str) -> None:
    """Give some reviewers another release."""
    for one in ids:
        office.desks[one] = replace(office.desks[one], clients=another_page)


def notices(office: OfficeHours, one: str) -> tuple[Notice, ...]:
    """What a desk has to look at first."""
    with office.hand(one).look() as look:
        return notices_of(look)


def sheets_of(office: OfficeHours, week: Week) -> list[KeySheet]:
    """The sheets of a week at the intake that two signed."""
    found = [each for each in office.shelves.sheets.values() if len(each.signatures) >= 2]
    return [sheet for sheet in (KeySheet.decode(each.payload) for each in found) if sheet.week == week]


def test_sheet_names_the_page_and_the_sealer_of_the_release(office: OfficeHours) -> None:
    """What apps sign is what their own release would serve, for the roster and the root that they know."""
    office.open()

    assert office.sheet().page_bundle == PAGE_BUNDLE
    assert office.sheet().sealer == sealer_digest(bytes(office.root.verify_key), office.shelves.roster)


@pytest.mark.parametrize("other", [another_page, another_sealer])
def test_apps_of_different_releases_sign_no_sheet_together(office: OfficeHours, other: object) -> None:
    """Three apps with three different clients sign three sheets, none of which two have signed."""
    office.desks["r1"] = replace(office.desks["r1"], clients=other)  # type: ignore[arg-type]  # one of the two above
    office.desks["r2"] = replace(office.desks["r2"], clients=lambda _root, _roster: Clients(bytes(32), bytes(32)))
    office.rounds(times=3)

    assert sheets_of(office, Week.of(office.now)) == []
    assert {len(each.signatures) for each in office.shelves.sheets.values()} == {1}


def test_no_app_signs_what_others_have_signed_with_other_hashes(office: OfficeHours) -> None:
    """Even a sheet that is whole gets no signature of an app whose release has another page."""
    upgrade(office, "r1", "r2")
    office.rounds(times=3)

    own = bytes(office.desks["r3"].signing.verify_key)
    whole = [each for each in office.shelves.sheets.values() if len(each.signatures) == 2]
    assert len(whole) == 2  # of this week and of the next
    assert own not in {one.key for each in whole for one in each.signatures}


def test_letters_may_be_sealed_to_a_sheet_that_enough_others_signed(office: OfficeHours) -> None:
    """The period keys are the same: an app of another release opens what was sealed to it, and seals to it."""
    upgrade(office, "r1", "r2")
    office.rounds(times=3)

    with office.desks["r3"].vault.read() as connection:
        sheet = sheet_in_force(connection, office.now)
    assert sheet is not None
    assert sheet.page_bundle == b"\1" * 32


def test_different_releases_are_told_at_every_desk_a_week_before(office: OfficeHours) -> None:
    """As soon as apps cannot agree on the next sheet each says so, and when the intake would close."""
    office.open()
    upgrade(office, "r1")
    office.desks["r2"] = replace(office.desks["r2"], clients=another_sealer)
    office.now = Week.of(office.now).next().monday
    office.rounds(times=2)
    after = Week.of(office.now).next()

    assert sheets_of(office, after) == []
    told = Notice("releases", week=str(after), day=after.monday)
    assert [told in notices(office, one) for one in office.ids] == [True] * 3
    office.later(days=3)
    page = open_browser(office, "r3").words("/")
    assert WARNING.format(after) in page
    assert CLOSES.format("7 Dec 2026") in page
    assert "Ask every reviewer to start their app" not in page


def test_whoever_lags_behind_is_told_although_nothing_closes(office: OfficeHours) -> None:
    """When enough reviewers have one release, the app with another says that it must be updated."""
    office.open()
    upgrade(office, "r1", "r2")
    office.rounds(times=2)

    for one in office.ids:  # that of r3 for this week and the next is whole, from before
        assert "releases" not in {notice.kind for notice in notices(office, one)}

    office.later(weeks=1)
    office.rounds(times=2)
    assert "releases" not in {notice.kind for notice in notices(office, "r1")}
    page = open_browser(office, "r3").words("/")
    assert WARNING.format(Week.of(office.now).next()) in page
    assert "without one the intake closes" not in page


def test_after_an_upgrade_the_sheet_in_force_is_signed_anew(office: OfficeHours) -> None:
    """Once enough apps have the new release, this week has a sheet for it beside the old one, with the same keys."""
    office.open()
    old = office.sheet()
    upgrade(office, *office.ids)
    office.rounds(times=2)

    first, second = sheets_of(office, Week.of(office.now))
    assert {first.page_bundle, second.page_bundle} == {PAGE_BUNDLE, b"\1" * 32}
    assert first.keys == second.keys == old.keys
    assert "releases" not in {notice.kind for notice in notices(office, "r1")}


def test_a_sheet_of_another_roster_says_nothing(office: OfficeHours) -> None:
    """What was signed under a roster that is over is not counted."""
    office.open()
    office.shelves.roster = office.sign_roster(office.make_roster(2, office.ids))
    office.rounds("r1")

    with office.desks["r1"].vault.read() as connection:
        assert signed_sheets(connection, office.desks["r1"]) == ()


def test_without_a_roster_there_is_nothing_to_sign_for(office: OfficeHours) -> None:
    """The sealer holds the roster, so before there is one no hash of it exists."""
    with office.desks["r1"].vault.read() as connection, pytest.raises(SyncError, match="there is no roster yet"):
        signed_sheets(connection, office.desks["r1"])


def test_a_width_that_not_all_answer_for_is_not_signed(office: OfficeHours) -> None:
    """The widest shelves that any app asks for are signed; another width is another sheet, which no app joins."""
    office.open()
    narrow = replace(office.sheet(), shelf_bits=16)
    envelope = sign(keysheet.PAYLOAD_TYPE, narrow.encode(), office.desks["r1"].signing)
    office.shelves.sheets[envelope.payload] = envelope
    office.rounds(times=2)

    assert len(office.shelves.sheets[envelope.payload].signatures) == 1
