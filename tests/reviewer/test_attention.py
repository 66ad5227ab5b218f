"""What a reviewer should look at first follows from keys, sheets, chains and days alone."""

from datetime import date

import pytest

from reviewer.attention import KeysSeen, Notice, key_notices, log_notices
from reviewer.chain import Chains, Fork, Gap
from tests.reviewer.office_hours import OfficeHours
from wire.week import Week

WEDNESDAY = date(2026, 11, 25)
W48 = Week.of(WEDNESDAY)


def chains(**values: object) -> Chains:
    """Chains with nothing in them but what is given."""
    nothing = {
        "order": (),
        "waiting": frozenset(),
        "missing": frozenset(),
        "gaps": (),
        "forks": (),
        "void": frozenset(),
        "refused": frozenset(),
    }
    return Chains(**{**nothing, **values})  # type: ignore[arg-type]  # the names are the dataclass's own


def test_quiet_log_gives_no_notice(office: OfficeHours) -> None:
    """When everybody was heard from and nothing is missing, there is nothing to look at."""
    seen = dict.fromkeys(office.ids, WEDNESDAY)

    assert log_notices(chains(), office.roster, seen, WEDNESDAY) == ()


def test_log_notices_name_who_and_how_many(office: OfficeHours) -> None:
    """Forks, gaps, missing and refused events and silence are each told."""
    broken = chains(
        forks=(Fork("r2", 7, (bytes(32), bytes(32))),),
        gaps=(Gap("r3", 2, 4),),
        missing=frozenset({b"a", b"b"}),
        refused=frozenset({b"c"}),
    )
    seen = {"r1": WEDNESDAY, "r2": date(2026, 11, 22)}

    assert log_notices(broken, office.roster, seen, WEDNESDAY) == (
        Notice("fork", "r2", count=7),
        Notice("gap", "r3", count=3),
        Notice("missing", count=2),
        Notice("refused", count=1),
        Notice("silent", "r2", day=date(2026, 11, 22)),
        Notice("never-heard", "r3"),
    )


def test_two_days_are_not_silence(office: OfficeHours) -> None:
    """Somebody heard from the day before yesterday is not called silent."""
    seen = dict.fromkeys(office.ids, date(2026, 11, 23))

    assert log_notices(chains(), office.roster, seen, WEDNESDAY) == ()


@pytest.mark.parametrize(
    ("today", "sheets", "kinds"),
    [
        (WEDNESDAY, [W48], []),
        (date(2026, 11, 26), [W48], ["next-sheet"]),
        (date(2026, 11, 26), [W48, W48.next()], []),
        (WEDNESDAY, [], ["no-sheet"]),
        (date(2026, 11, 30), [W48], ["next-sheet"][:0]),
        (date(2026, 12, 1), [W48], ["no-sheet"]),
    ],
)
def test_key_sheets_are_watched(office: OfficeHours, today: date, sheets: list[Week], kinds: list[str]) -> None:
    """A missing sheet is told at once, that of next week from Thursday on; the old one serves through Monday."""
    last = dict.fromkeys(office.ids, Week.parse("2027-W02"))

    notices = key_notices(KeysSeen(last, (), sheets), office.roster, today)
    assert [notice.kind for notice in notices] == kinds


def test_ending_keys_contradictions_and_the_roster_are_told(office: OfficeHours) -> None:
    """Whose keys end soon, of whom two keys were seen, and a roster that expires are told."""
    last = {"r1": Week.parse("2027-W30"), "r2": W48.next()}
    today = date(2026, 11, 25)
    seen = KeysSeen(last, [("r1", "2026-W48")], [W48])
    assert key_notices(seen, office.roster, today) == (
        Notice("contradicted", "r1", "2026-W48"),
        Notice("keys-end", "r2", "2026-W49"),
        Notice("keys-end", "r3", None),
    )

    late = date(2027, 6, 1)
    kinds = [notice.kind for notice in key_notices(KeysSeen(last, (), [Week.of(late)]), office.roster, late)]
    assert "roster-ends" in kinds
