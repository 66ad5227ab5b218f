"""The bounds of a roster, each at its very edge."""

from dataclasses import replace
from typing import Any

import pytest

from tests.wire.edges import changed, changed_within
from tests.wire.test_roster import ROSTER
from wire.errors import RosterError
from wire.fields import Json
from wire.roster import LIMITS, Removed, Reviewer, Roster

LONG = "r" * 32
SIXTEEN = tuple(Reviewer(f"r{number}", "Desk", bytes([number]) * 32) for number in range(16))
SEVENTEEN = (*SIXTEEN, Reviewer(LONG, "Desk", b"\xff" * 32))
REMOVED = tuple(Removed(f"x{number}", bytes([99 + number]) * 32) for number in range(65))
PAYLOAD = replace(ROSTER, removed=REMOVED[:1]).encode()


def test_the_limits_are_those_of_the_format() -> None:
    """They are the numbers that docs/format.md has."""
    assert (LIMITS.payload_size, LIMITS.reviewers, LIMITS.removed) == (65_536, 16, 64)
    assert (LIMITS.label_characters, LIMITS.version) == (80, 1_000_000)


@pytest.mark.parametrize(
    ("last", "first", "complaint"),
    [
        ({"version": 1}, {"version": 0}, "version"),
        ({"version": 1_000_000}, {"version": 1_000_001}, "version"),
        ({"reviewers": ROSTER.reviewers[:2]}, {"reviewers": ROSTER.reviewers[:1]}, "2 to 16 reviewers"),
        ({"reviewers": SIXTEEN}, {"reviewers": SEVENTEEN}, "2 to 16 reviewers"),
        ({"approvals": 2}, {"approvals": 1}, "approvals"),
        ({"approvals": 3}, {"approvals": 4}, "approvals"),
        ({"removed": REMOVED[:64]}, {"removed": REMOVED}, "64 removed"),
        ({"removed": (Removed(LONG, bytes(32)),)}, {"removed": (Removed(LONG + "r", bytes(32)),)}, "1 to 32"),
    ],
)
def test_the_last_value_makes_a_roster_and_the_next_none(
    last: dict[str, Any], first: dict[str, Any], complaint: str
) -> None:
    """Each number reaches to its bound, is read back there, and is refused beyond for its own reason."""
    roster = replace(ROSTER, **last)
    assert Roster.decode(roster.encode()) == roster
    with pytest.raises(RosterError, match=complaint):
        replace(ROSTER, **first)


@pytest.mark.parametrize("label", ["x", "x" * 80, "\U0001f418" * 80])
def test_a_label_has_1_to_80_characters(label: str) -> None:
    """Whatever they are; none, or one more, is refused."""
    roster = replace(ROSTER, reviewers=(replace(ROSTER.reviewers[0], label=label), *ROSTER.reviewers[1:]))
    assert Roster.decode(roster.encode()) == roster
    for wrong in ("", label[:1] * 81):
        with pytest.raises(RosterError, match="label"):
            replace(ROSTER, reviewers=(replace(ROSTER.reviewers[0], label=wrong), *ROSTER.reviewers[1:]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 0),
        ("v", 2),
        ("instance", "00" * 15),
        ("instance", "00" * 17),
        ("version", 0),
        ("version", 1_000_001),
        ("expires", "2027-6-30"),
        ("expires", "2027-06-030"),
        ("approvals", 1),
        ("approvals", 17),
        ("next_root", "00" * 31),
        ("next_root", "00" * 33),
        ("reviewers", [{}]),
        ("reviewers", [{}] * 17),
        ("removed", [{}] * 65),
    ],
)
def test_a_field_out_of_bounds_is_named(name: str, value: Json) -> None:
    """The first value beyond a bound is refused where it is read, and the error says which field is wrong."""
    with pytest.raises(RosterError, match=rf"^roster: {name} is not .*\d"):
        Roster.decode(changed(PAYLOAD, **{name: value}))


@pytest.mark.parametrize(
    ("within", "name", "value"),
    [
        ("reviewers", "id", "r" * 33),
        ("reviewers", "label", "x" * 321),
        ("reviewers", "key", "00" * 31),
        ("reviewers", "key", "00" * 33),
        ("removed", "id", "r" * 33),
        ("removed", "key", "00" * 31),
        ("removed", "key", "00" * 33),
        ("removed", "last_event", "00" * 31),
        ("removed", "last_event", "00" * 33),
    ],
)
def test_a_field_of_a_reviewer_out_of_bounds_is_named(within: str, name: str, value: Json) -> None:
    """So is a value within a reviewer or a removed one."""
    with pytest.raises(RosterError, match=f"^roster: {within}: {name} is not"):
        Roster.decode(changed_within(PAYLOAD, within, **{name: value}))


def test_no_more_than_64_kib_are_looked_at() -> None:
    """So many bytes are read, and found to be another encoding; one more is not read at all."""
    with pytest.raises(RosterError, match="one encoding"):
        Roster.decode(PAYLOAD.ljust(65_536))
    with pytest.raises(RosterError, match="more than 65536 bytes"):
        Roster.decode(PAYLOAD.ljust(65_537))


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """It is not only another encoding, at the top as within."""
    with pytest.raises(RosterError, match="does not belong there"):
        Roster.decode(changed(PAYLOAD, more=1))
    with pytest.raises(RosterError, match="does not belong there"):
        Roster.decode(changed_within(PAYLOAD, "reviewers", more=1))
    with pytest.raises(RosterError, match="does not belong there"):
        Roster.decode(changed_within(PAYLOAD, "removed", more=1))
