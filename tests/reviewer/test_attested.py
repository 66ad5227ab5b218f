"""Known by this date: what the apps write of each letter, and what an intake that lies about time cannot hide."""

from dataclasses import replace
from datetime import date

import pytest
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from reviewer import words
from reviewer.acts.attesting import said_in
from reviewer.attested import AllSaid, Said, all_said
from reviewer.pages.inbox import notices_of
from reviewer.store.letters import letters_of
from tests.reviewer.browser import open_browser
from tests.reviewer.casework import CASE, INSTANCE, LETTER, TODAY, Staff, share
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source
from tests.wire.test_letter import LETTER as SENT
from wire.attestation import PAYLOAD_TYPE, Attestation, attest
from wire.attested import commitment_to
from wire.content_proof import Attested
from wire.letter import Letter, decode_content
from wire.week import Week

WEEK = Week(2026, 48)
LATER = date(2026, 12, 2)
LAST = Week(2999, 52)
GOOD = Attestation(INSTANCE, "r1", commitment_to(SENT), WEEK)


@pytest.fixture
def source(office: OfficeHours) -> Source:
    """A source, and a key sheet to seal to."""
    office.open()
    return Source(office)


def all_of(office: OfficeHours, one: str, source: Source) -> AllSaid:
    """What one app says of all letters of the source."""
    with office.hand(one).look() as look:
        return said_in(look, look.log.cases[source.case_id])


def said(office: OfficeHours, one: str, source: Source) -> Said:
    """What one app says of the source's only letter; no attestation is wrong."""
    found = all_of(office, one, source)
    assert found.conflicts == ()
    (only,) = found.said
    return only


def weeks(said: Said) -> dict[str, Week]:
    """Who attests which week."""
    return {one.attestation.reviewer: one.attestation.week for one in said.signed}


def clock_notices(office: OfficeHours, one: str) -> list[int]:
    """For how many letters each notice tells the reviewer to set the clock."""
    with office.hand(one).look() as look:
        return [notice.count for notice in notices_of(look) if notice.kind == "clock"]


def test_each_app_attests_a_letter_when_it_opens_it(office: OfficeHours, source: Source) -> None:
    """Once two apps have it the week stands, in every app; one alone bears out nothing."""
    source.send()
    office.rounds("r1")
    assert said(office, "r1", source).known is None

    office.rounds(times=2)
    for one in office.ids:
        found = said(office, one, source)
        assert weeks(found) == dict.fromkeys(office.ids, WEEK)
        assert found.known is not None
        assert (found.known.week, found.known.reviewers) == (WEEK, office.ids)
        assert (found.late, found.lacking) == ((), ())


def test_a_letter_is_attested_once(office: OfficeHours, source: Source) -> None:
    """Later rounds, and a copy of the same form, change no week."""
    tip = bytes(16)
    source.send(tip=tip)
    office.rounds(times=2)
    office.later(weeks=1)
    office.rounds(times=2)
    source.number = 0
    source.send(tip=tip)
    office.rounds(times=2)

    found = said(office, "r2", source)
    assert len(found.letters) == 2
    assert weeks(found) == dict.fromkeys(office.ids, WEEK)
    assert len(office.case("r1", source.case_id).attestations) == 6


def test_an_intake_that_dates_a_letter_back_is_caught(office: OfficeHours, source: Source) -> None:
    """A letter sealed for a week long gone, handed out only now, is known by now: apps sign their own clock."""
    name = source.send()
    hidden = {one: office.intakes[one].withheld for one in office.ids}
    for withheld in hidden.values():
        withheld.add(name)
    office.rounds()
    office.later(weeks=3)
    for withheld in hidden.values():
        withheld.clear()
    office.rounds(times=2)

    found = said(office, "r1", source)
    with office.desks["r1"].vault.read() as connection:
        (letter,) = letters_of(connection, source.case_id)
    assert decode_content(letter.content or b"").week == WEEK
    assert found.known is not None
    assert found.known.week == Week(2026, 51)


def test_an_intake_that_holds_a_letter_back_from_one_app_is_caught(office: OfficeHours, source: Source) -> None:
    """While it does, that app is named as lacking it; when it gives it out, the app's own week tells."""
    name = source.send()
    office.intakes["r3"].withheld.add(name)
    office.rounds(times=2)
    for one in office.ids:
        if one != "r3":
            assert said(office, one, source).lacking == ("r3",)

    office.later(weeks=2)
    office.intakes["r3"].withheld.clear()
    office.rounds(times=2)
    found = said(office, "r1", source)
    assert found.known is not None
    assert (found.known.week, found.known.held_back) == (WEEK, True)
    assert [(late.reviewer, late.week) for late in found.late] == [("r3", Week(2026, 50))]
    assert found.lacking == ()


def test_an_app_whose_clock_is_behind_waits_and_says_so(office: OfficeHours, source: Source) -> None:
    """It does not attest; the inbox tells its reviewer to set the clock; once that is done it attests."""
    source.send()
    today = office.now
    office.now = date(2026, 11, 20)
    office.rounds("r1")
    assert weeks(said(office, "r1", source)) == {}
    assert clock_notices(office, "r1") == [1]

    office.now = today
    office.rounds("r1")
    assert weeks(said(office, "r1", source)) == {"r1": WEEK}
    assert clock_notices(office, "r1") == []


def attested(
    staff: Staff, attestation: Attestation, key: str = "", letter: bytes = LETTER, on: date = TODAY
) -> Attested:
    """What an app writes of a letter; ``key``: who signs, by default who is named."""
    envelope = sign(PAYLOAD_TYPE, attestation.encode(), staff.keys[key or attestation.reviewer])
    return Attested(on=on, case=CASE, letter=letter, attestation=envelope.encode())


def told(staff: Staff, *contents: tuple[str, Attested]) -> AllSaid:
    """What a case with these attestations comes to, after every app told that it opened the letter."""
    desks = {one: staff.desk(one) for one in staff.ids}
    for desk in desks.values():
        desk.open()
    for author, content in contents:
        share(*desks.values())
        desks[author].say(content)
    share(*desks.values())
    found = [all_said(desk.case, {LETTER: replace(SENT, week=WEEK)}, staff.rosters, LATER) for desk in desks.values()]
    assert all(one == found[0] for one in found)
    return found[0]


def test_attestations_that_hold_count() -> None:
    """The earliest week by which two had it, whoever writes first."""
    staff = Staff()
    later = replace(GOOD, reviewer="r2", week=WEEK.next())
    found = told(staff, ("r2", attested(staff, later, on=LATER)), ("r1", attested(staff, GOOD)))

    assert found.conflicts == ()
    (only,) = found.said
    assert weeks(only) == {"r1": WEEK, "r2": WEEK.next()}
    assert only.known is not None
    assert only.known.week == WEEK.next()
    assert found.of(LETTER) == only
    assert found.of(bytes(32)) is None


@pytest.mark.parametrize(
    ("lie", "changes"),
    [
        ("of an impossible week", {"week": Week(2026, 47)}),
        ("of a week after its event", {"week": Week(2026, 49)}),
        ("of another letter", {"commitment": bytes(32)}),
        ("of another organisation", {"instance": bytes(16)}),
        ("in another's name", {"reviewer": "r2"}),
    ],
)
def test_an_attestation_that_lies_is_a_conflict(lie: str, changes: dict[str, object]) -> None:
    """It counts for nothing, and people are told."""
    staff = Staff()
    second = ("r2", attested(staff, replace(GOOD, reviewer="r2")))
    lied = ("r1", attested(staff, replace(GOOD, **changes)))  # type: ignore[arg-type]  # of each field's own type
    found = told(staff, lied, second)

    assert [one.kind for one in found.conflicts] == ["attested"], lie
    (only,) = found.said
    assert weeks(only) == {"r2": WEEK}
    assert only.known is None


def test_an_attestation_of_a_week_to_come_is_a_conflict() -> None:
    """Whatever day its event names, it does not count before its week has begun."""
    staff = Staff()
    to_come = attested(staff, replace(GOOD, week=Week(2026, 50)), on=date(2026, 12, 9))
    found = told(staff, ("r1", to_come), ("r2", attested(staff, replace(GOOD, reviewer="r2"))))

    assert [one.kind for one in found.conflicts] == ["attested"]
    assert weeks(found.said[0]) == {"r2": WEEK}


def test_an_attestation_of_the_last_week_there_is_shuts_no_case(
    office: OfficeHours, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages of the case open, and tell that it does not count."""

    def lie(letter: Letter, pulled: Week, reviewer: str, key: SigningKey) -> Envelope:
        del pulled
        return attest(letter, LAST, reviewer, key)

    source.send()
    office.rounds("r1")
    with monkeypatch.context() as patch:
        patch.setattr("reviewer.sync.telling.attest", lie)
        office.rounds("r2")
    office.rounds("r1")

    found = all_of(office, "r1", source)
    assert [one.kind for one in found.conflicts] == ["attested"]
    assert weeks(found.said[0]) == {"r1": WEEK}
    case = f"/cases/{source.case_id.hex()}"
    browser = open_browser(office, "r1")
    assert str(words.CONFLICT["attested"])[:40] in browser.words(case)
    browser.get(f"{case}/dossiers/new")


def test_an_attestation_that_does_not_verify_is_a_conflict() -> None:
    """One signed by another reviewer's key, and one that is no envelope at all."""
    staff = Staff()
    for wrong in (attested(staff, GOOD, "r2"), replace(attested(staff, GOOD), attestation=b"{}")):
        found = told(staff, ("r1", wrong))
        assert [one.kind for one in found.conflicts] == ["attested"]
        assert found.said[0].signed == ()


def test_an_attestation_of_a_letter_that_nobody_told_is_a_conflict() -> None:
    """Its author must have told that they opened that letter."""
    staff = Staff()
    found = told(staff, ("r1", attested(staff, GOOD, letter=bytes(32))))

    assert [one.kind for one in found.conflicts] == ["attested"]


def test_the_first_attestation_of_an_author_stays() -> None:
    """A reviewer who later attests an earlier week, or another, changes nothing but that people look."""
    staff = Staff()
    first = replace(GOOD, week=WEEK.next())
    found = told(staff, ("r1", attested(staff, first, on=LATER)), ("r1", attested(staff, GOOD)))

    assert [one.kind for one in found.conflicts] == ["attested"]
    assert weeks(found.said[0]) == {"r1": WEEK.next()}


def test_who_has_left_still_attests() -> None:
    """What a removed reviewer signed while on the roster counts in the case."""
    staff = Staff()
    desks = [staff.desk(one) for one in staff.ids]
    for desk in desks:
        desk.open()
    last = desks[0].say(attested(staff, GOOD)).id
    desks[1].say(attested(staff, replace(GOOD, reviewer="r2")))
    share(*desks)
    staff.announce(("r2", "r3"), {"r1": last})

    (only,) = all_said(desks[1].case, {LETTER: replace(SENT, week=WEEK)}, staff.rosters, LATER).said
    assert only.known is not None
    assert only.known.reviewers == ("r1", "r2")


def test_a_letter_that_is_not_here_is_not_weighed() -> None:
    """Without the letter nothing is said of its attestations, and nothing is called wrong."""
    staff = Staff()
    desk = staff.desk("r1")
    desk.open()
    desk.say(attested(staff, GOOD))

    found = all_said(desk.case, {}, staff.rosters, LATER)
    assert (found.said, found.conflicts) == ((), ())
