"""Rosters, period keys and key sheets come about between the apps, whatever the intake does."""

import pytest
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.hybrid import HybridIdentity
from reviewer import desk as desks
from reviewer.errors import IntakeUnreachableError, SyncError
from reviewer.store import keys
from reviewer.sync.keys import (
    accept_roster,
    destroy_old_identities,
    exchange_period_keys,
    make_period_keys,
    pull_roster,
)
from reviewer.sync.sheets import exchange_sheets
from tests.reviewer.office_hours import OfficeHours
from wire import roster as rosters
from wire.errors import RosterError
from wire.keysheet import KeySheet, PeriodKey
from wire.week import Week


def sync_keys(office: OfficeHours, *ids: str) -> None:
    """Run the errands of this module for some reviewers, one after the other."""
    for one in ids:
        pull_roster(office.desks[one], office.intakes[one])
        make_period_keys(office.desks[one])
        exchange_period_keys(office.desks[one], office.intakes[one])
        exchange_sheets(office.desks[one], office.intakes[one])


def owned_weeks(office: OfficeHours, one: str) -> list[str]:
    """The weeks whose identities a reviewer holds."""
    with office.desks[one].vault.read() as connection:
        return list(keys.identities(connection))


def test_sheet_is_in_force_once_two_apps_have_signed(office: OfficeHours) -> None:
    """Three apps bring about one sheet with every reviewer's key, in force when two of them signed."""
    sync_keys(office, "r1", "r2", "r3")
    sync_keys(office, "r1", "r2", "r3")

    for one in office.ids:
        with office.desks[one].vault.read() as connection:
            sheet = desks.sheet_in_force(connection, office.now)
        assert sheet is not None
        assert str(sheet.week) == "2026-W48"
        assert [reviewer for reviewer, _ in sheet.keys] == ["r1", "r2", "r3"]


def test_one_signature_is_not_enough(office: OfficeHours) -> None:
    """A sheet that only one app has signed is not in force."""
    sync_keys(office, "r1", "r2", "r3")

    with office.desks["r3"].vault.read() as connection:
        assert desks.sheet_in_force(connection, office.now) is None


def test_next_weeks_sheet_is_signed_in_advance(office: OfficeHours) -> None:
    """The sheet of the next week is ready before its Monday."""
    sync_keys(office, *office.ids, *office.ids)
    office.later(days=7)

    with office.desks["r1"].vault.read() as connection:
        sheet = desks.sheet_in_force(connection, office.now)
    assert sheet is not None
    assert str(sheet.week) == "2026-W49"


def test_missing_key_means_no_sheet(office: OfficeHours) -> None:
    """As long as one reviewer has posted no key there is no sheet for anybody."""
    sync_keys(office, "r1", "r2", "r1", "r2")

    assert not office.shelves.sheets


def test_keys_are_made_eight_weeks_at_once_and_early(office: OfficeHours) -> None:
    """The first batch reaches eight weeks; the next is made when fewer than three weeks are left."""
    sync_keys(office, "r1")
    assert owned_weeks(office, "r1")[0::7] == ["2026-W48", "2027-W02"]

    office.later(weeks=4)
    sync_keys(office, "r1")
    assert len(owned_weeks(office, "r1")) == 8

    office.later(weeks=1)
    sync_keys(office, "r1")
    assert owned_weeks(office, "r1")[-1] == "2027-W07"


def test_syncing_again_makes_nothing_twice(office: OfficeHours) -> None:
    """A second round posts no second key and no second sheet."""
    sync_keys(office, *office.ids, *office.ids)
    before = len(office.shelves.period_keys), len(office.shelves.sheets)
    sync_keys(office, *office.ids)

    assert (len(office.shelves.period_keys), len(office.shelves.sheets)) == before == (24, 2)


@pytest.mark.parametrize("requests", range(0, 24, 3))
def test_round_may_break_off_anywhere(office: OfficeHours, requests: int) -> None:
    """However many requests succeed before the intake stops answering, later rounds end in the same sheet."""
    office.intakes["r1"].broken_after = requests
    with pytest.raises(IntakeUnreachableError):
        sync_keys(office, *["r1"] * 4)
    office.intakes["r1"].broken_after = None
    sync_keys(office, *office.ids, *office.ids)

    assert len(office.shelves.period_keys) == 24
    with office.desks["r1"].vault.read() as connection:
        assert desks.sheet_in_force(connection, office.now) is not None


def test_second_key_of_a_reviewer_stops_the_signing(office: OfficeHours) -> None:
    """An app that sees two keys of one reviewer for one week marks it and signs no sheet with either."""
    sync_keys(office, *office.ids)
    office.shelves.sheets.clear()
    week = Week.of(office.now)
    other = PeriodKey("r3", week, HybridIdentity.generate().recipient, office.roster.digest)
    office.shelves.period_keys.append(other.sign(office.desks["r3"].signing).encode())
    sync_keys(office, "r1")

    with office.desks["r1"].vault.read() as connection:
        marked = [key.reviewer for key in keys.period_keys(connection, office.roster.digest) if key.contradicted]
    assert marked == ["r3"]
    assert week not in {KeySheet.decode(envelope.payload).week for envelope in office.shelves.sheets.values()}


def test_key_by_a_stranger_is_left_out(office: OfficeHours) -> None:
    """A period key that its reviewer did not sign is not kept."""
    forged = PeriodKey("r2", Week.of(office.now), HybridIdentity.generate().recipient, office.roster.digest)
    office.shelves.period_keys.append(forged.sign(SigningKey.generate()).encode())
    sync_keys(office, "r1")

    with office.desks["r1"].vault.read() as connection:
        assert {key.reviewer for key in keys.period_keys(connection, office.roster.digest)} == {"r1"}


def test_roster_that_the_root_did_not_sign_is_refused(office: OfficeHours) -> None:
    """An intake that serves a roster of its own is found out."""
    office.shelves.roster = sign(rosters.PAYLOAD_TYPE, office.roster.encode(), SigningKey.generate()).encode()

    with pytest.raises(RosterError, match="root"):
        sync_keys(office, "r1")


def test_new_roster_replaces_the_old_and_keys_are_signed_anew(office: OfficeHours) -> None:
    """After a new roster every app signs its period keys for it, and a sheet names it."""
    sync_keys(office, *office.ids, *office.ids)
    office.shelves.roster = office.sign_roster(office.make_roster(2, office.ids))
    sync_keys(office, *office.ids, *office.ids)

    with office.desks["r2"].vault.read() as connection:
        sheet = desks.sheet_in_force(connection, office.now)
    assert sheet is not None
    assert sheet.roster_version == 2
    assert len(owned_weeks(office, "r2")) == 8


def test_intake_without_a_roster_is_given_ours(office: OfficeHours) -> None:
    """A new intake gets the roster from the first app that has one."""
    sync_keys(office, "r1")
    signed = office.shelves.roster
    office.shelves.roster = b""
    pull_roster(office.desks["r1"], office.intakes["r1"])

    assert office.shelves.roster == signed


def test_older_roster_at_the_intake_is_replaced_by_ours(office: OfficeHours) -> None:
    """An intake that was set back does not set back the apps."""
    first = office.shelves.roster
    second = office.sign_roster(office.make_roster(2, office.ids))
    office.shelves.roster = second
    with office.desks["r1"].vault.begin() as connection:
        accept_roster(connection, office.desks["r1"], first)
    pull_roster(office.desks["r1"], office.intakes["r1"])
    office.shelves.roster = first
    pull_roster(office.desks["r1"], office.intakes["r1"])

    assert office.shelves.roster == second


def test_without_a_roster_nothing_is_made(office: OfficeHours) -> None:
    """Before the first roster no keys are made, and the message says what is missing."""
    with pytest.raises(SyncError, match="there is no roster yet"):
        make_period_keys(office.desks["r1"])


def test_roster_file_that_is_none_is_refused(office: OfficeHours) -> None:
    """Any other file given as a roster is a RosterError."""
    with office.desks["r1"].vault.begin() as connection, pytest.raises(RosterError, match="choose the file"):
        accept_roster(connection, office.desks["r1"], b"GIF89a")


def test_identities_are_destroyed_three_weeks_after_their_last_day(office: OfficeHours) -> None:
    """A week's identity is kept for three weeks after its sheet ends, and then destroyed."""
    sync_keys(office, "r1")
    office.now = Week.parse("2026-W48").ends
    office.later(days=20)
    assert destroy_old_identities(office.desks["r1"]) == 0

    office.later(days=1)
    assert destroy_old_identities(office.desks["r1"]) == 1
    assert "2026-W48" not in owned_weeks(office, "r1")


def test_period_keys_seen_by_all_are_the_same(office: OfficeHours) -> None:
    """Every app keeps every reviewer's period keys, and exactly as they were signed."""
    sync_keys(office, *office.ids, *office.ids)

    week = str(Week.of(office.now))
    seen = set()
    for one in office.ids:
        with office.desks[one].vault.read() as connection:
            seen.add(
                tuple(
                    Envelope.decode(key.envelope).payload
                    for key in keys.period_keys(connection, office.roster.digest, week)
                )
            )
    assert len(seen) == 1
