"""The bounds of a dossier as proposed, each at its very edge."""

import json
from dataclasses import replace

import pytest

from tests.wire.edges import Bound, base64, changed, hexadecimal, integer, text
from tests.wire.test_draft import DRAFT, ENCODED
from wire.draft import LIMITS, Draft
from wire.errors import DossierError
from wire.fields import Json

BOUNDS = [
    integer("v", 1, 1),
    hexadecimal("dossier", 16),
    text("title", 1, 240),
    text("purpose", 1, 400),
    text("proposer", 1, 32),
    text("summary", 0, 12_000),
    text("story", 0, 12_000),
]
EXHIBIT = [
    text("name", 1, 400),
    text("type", 0, 400),
    integer("size", 0, 2**33 - 1),
    base64("sha256", 32, 32),
    base64("sha512", 64, 64),
    text("origin", 0, 400),
]
CUSTODY = [text("who", 1, 400), text("what", 1, 400)]
COLUMNS = {
    "exhibits": ("name", "type", "size", "sha256", "sha512", "form", "origin"),
    "custody": ("on", "who", "what", "sha256"),
}
SMALL = replace(DRAFT, summary="", story="", fields={}, exhibits=DRAFT.exhibits[:1], custody=DRAFT.custody[:1]).encode()


def row(within: str, name: str, value: Json) -> bytes:
    """The draft with another value in its only exhibit or step."""
    (values,) = json.loads(SMALL)[within]
    values[COLUMNS[within].index(name)] = value
    return changed(SMALL, **{within: [values]})


@pytest.mark.parametrize("bound", BOUNDS, ids=str)
def test_a_field_reaches_to_its_bounds_and_not_beyond(bound: Bound) -> None:
    """The least and the most are read; one more, or less, is refused, and the error says which field is wrong."""
    for value in bound.within:
        Draft.decode(changed(SMALL, **{bound.name: value}))
    for value in bound.beyond:
        with pytest.raises(DossierError, match="^draft" + bound.complaint):
            Draft.decode(changed(SMALL, **{bound.name: value}))


@pytest.mark.parametrize(
    ("within", "bound"),
    [*(("exhibits", bound) for bound in EXHIBIT), *(("custody", bound) for bound in CUSTODY)],
    ids=str,
)
def test_a_value_of_a_row_reaches_to_its_bounds_and_not_beyond(within: str, bound: Bound) -> None:
    """So do the values of exhibits and of the steps of custody."""
    for value in bound.within:
        Draft.decode(row(within, bound.name, value))
    for value in bound.beyond:
        with pytest.raises(DossierError, match=f"^draft: {within}" + bound.complaint):
            Draft.decode(row(within, bound.name, value))


def test_a_step_names_an_exhibit_or_none() -> None:
    """Its digest has 32 bytes, or none at all where the step was done to the whole case."""
    none, some = (base64("sha256", size, size) for size in (0, 32))
    assert Draft.decode(row("custody", "sha256", none.within[0])).custody[0].sha256 is None
    assert Draft.decode(row("custody", "sha256", some.within[0])).custody[0].sha256 == bytes(32)
    for value in (*some.beyond, base64("sha256", 1, 1).within[0]):
        with pytest.raises(DossierError, match=r"^draft: custody: sha256 is not .*\d"):
            Draft.decode(row("custody", "sha256", value))


def test_custody_has_at_most_100_steps() -> None:
    """So many are read, one more is refused."""
    step: list[Json] = ["2026-11-25", "x", "x", ""]
    assert len(Draft.decode(changed(SMALL, custody=[step] * 100)).custody) == 100
    with pytest.raises(DossierError, match="custody is not a list of 0 to 100"):
        Draft.decode(changed(SMALL, custody=[step] * 101))


def test_a_draft_has_at_most_18000_bytes() -> None:
    """So many are read, one more is not looked at."""
    assert LIMITS.draft == 18_000
    assert Draft.decode(ENCODED.ljust(18_000)) == DRAFT
    with pytest.raises(DossierError, match="more than 18000 bytes"):
        Draft.decode(ENCODED.ljust(18_001))


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """No value is passed over, at the top as within."""
    with pytest.raises(DossierError, match="does not belong there"):
        Draft.decode(changed(SMALL, more=1))
    with pytest.raises(DossierError, match="does not belong there"):
        Draft.decode(changed(SMALL, office=json.loads(SMALL)["office"] | {"more": 1}))
