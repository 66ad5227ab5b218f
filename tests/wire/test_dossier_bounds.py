"""The bounds of dossier.json, each at its very edge."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.wire.edges import Bound, changed, changed_within, hexadecimal, integer, text
from tests.wire.test_dossier import DESK, ROSTER, WRITTEN
from wire.dossier import SIZE_LIMIT, Dossier, dossier_json, text_files
from wire.errors import DossierError

BOUNDS = [
    integer("v", 1, 1),
    hexadecimal("instance", 16),
    hexadecimal("dossier", 16),
    text("title", 1, 240),
    text("purpose", 1, 400),
    integer("roster_version", 1, 1_000_000),
    hexadecimal("roster", 32),
    text("proposer", 1, 32),
    hexadecimal("manifest_sha256", 32),
    hexadecimal("manifest_sha512", 32),
]
EXHIBIT = [text("type", 0, 400), integer("size", 0, 2**33 - 1), hexadecimal("sha256", 32)]


@pytest.mark.parametrize("bound", BOUNDS, ids=str)
def test_a_field_reaches_to_its_bounds_and_not_beyond(bound: Bound) -> None:
    """The least and the most are read; one more, or less, is refused, and the error says which field is wrong."""
    for value in bound.within:
        Dossier.decode(changed(WRITTEN, **{bound.name: value}))
    for value in bound.beyond:
        with pytest.raises(DossierError, match="^dossier" + bound.complaint):
            Dossier.decode(changed(WRITTEN, **{bound.name: value}))


@pytest.mark.parametrize("bound", EXHIBIT, ids=str)
def test_a_field_of_an_exhibit_reaches_to_its_bounds_and_not_beyond(bound: Bound) -> None:
    """So do type, size and digest of an exhibit."""
    for value in bound.within:
        Dossier.decode(changed_within(WRITTEN, "exhibits", **{bound.name: value}))
    for value in bound.beyond:
        with pytest.raises(DossierError, match="^dossier: exhibits" + bound.complaint):
            Dossier.decode(changed_within(WRITTEN, "exhibits", **{bound.name: value}))


@pytest.mark.parametrize(("name", "path"), [("x", "01-x.bin"), ("é" * 200, f"01-{'e' * 30}.bin")])
def test_a_name_of_1_to_400_bytes_stands_at_its_path(name: str, path: str) -> None:
    """The shortest and the longest are read; none at all, one byte more, and a path too long are refused as such."""
    values = {"name": name, "path": f"data/exhibits/{path}"}
    assert Dossier.decode(changed_within(WRITTEN, "exhibits", **values)).exhibits[0].name == name
    for wrong in ({"name": ""}, {"name": "x" * 401}, {"path": ""}, {"path": "x" * 101}):
        with pytest.raises(DossierError, match=r": (name|path) is not .*\d"):
            Dossier.decode(changed_within(WRITTEN, "exhibits", **wrong))


@pytest.mark.parametrize("path", ["x", "x" * 100])
def test_a_path_is_the_one_of_number_and_name(path: str) -> None:
    """One that fits the bounds is still refused when it is another."""
    with pytest.raises(DossierError, match="does not follow"):
        Dossier.decode(changed_within(WRITTEN, "exhibits", path=path))


def test_a_dossier_has_at_most_100_exhibits() -> None:
    """So many are read, one more is refused."""
    first = json.loads(WRITTEN)["exhibits"][0]
    listed = [first | {"name": "x", "path": f"data/exhibits/{number:02}-x.bin"} for number in range(1, 102)]
    assert len(Dossier.decode(changed(WRITTEN, exhibits=listed[:100])).exhibits) == 100
    with pytest.raises(DossierError, match="exhibits is not a list of 0 to 100"):
        Dossier.decode(changed(WRITTEN, exhibits=listed))


def test_dossier_json_has_at_most_131072_bytes() -> None:
    """So many are read, one more is not looked at."""
    assert SIZE_LIMIT == 131_072
    assert Dossier.decode(WRITTEN.ljust(131_072)).dossier == DESK.draft.dossier
    with pytest.raises(DossierError, match="more than 131072 bytes"):
        Dossier.decode(WRITTEN.ljust(131_073))


def test_the_roster_counts_on_its_last_day() -> None:
    """A dossier may be proposed on the day on which the roster ends, and not on the next."""
    last = replace(DESK.draft, on=ROSTER.expires)
    assert Dossier.decode(dossier_json(last, ROSTER)).on == ROSTER.expires
    with pytest.raises(DossierError, match="expired"):
        dossier_json(replace(last, on=ROSTER.expires + timedelta(days=1)), ROSTER)


def test_custody_json_is_of_version_1() -> None:
    """A program that reads it can tell."""
    assert json.loads(text_files(DESK.draft, ROSTER)["data/custody.json"])["v"] == 1


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """No value is passed over, at the top as within."""
    with pytest.raises(DossierError, match="does not belong there"):
        Dossier.decode(changed(WRITTEN, more=1))
    with pytest.raises(DossierError, match="does not belong there"):
        Dossier.decode(changed_within(WRITTEN, "exhibits", more=1))
