"""The bounds of the lists that the form suggests from, each at its very edge."""

import json
from typing import Any

import pytest

from tests.wire.test_taxa import TAXON, TEXT, product_file, species_file
from wire import taxa
from wire.errors import DataFileError

PRODUCT = {"code": "IVO", "english": "x", "french": "y"}
PLATFORMS = {"checked": "2026-11-24", "statement": TEXT, "sources": ["x"], "platforms": ["x"]}


def platform_file(**changes: Any) -> bytes:
    """A list of platforms with some fields changed."""
    return json.dumps(PLATFORMS | changes).encode()


def words(most: int) -> list[str]:
    """So many different short texts."""
    return [str(number) for number in range(most)]


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ({"sources": words(16)}, {"sources": words(17)}),
        ({"sources": ["x"]}, {"sources": []}),
        ({"sources": ["x" * 1_000]}, {"sources": ["x" * 1_001]}),
        ({"platforms": words(1_000)}, {"platforms": words(1_001)}),
        ({"platforms": ["x"]}, {"platforms": []}),
        ({"platforms": ["x" * 120]}, {"platforms": ["x" * 121]}),
        (
            {"statement": {"english": "x" * 1_000, "french": "y"}},
            {"statement": {"english": "x" * 1_001, "french": "y"}},
        ),
        ({"statement": {"english": "x", "french": "y"}}, {"statement": {"english": "", "french": "y"}}),
        ({"statement": {"english": "x", "french": "y"}}, {"statement": {"english": "x", "french": ""}}),
    ],
)
def test_a_list_of_platforms_reaches_to_its_bounds(last: dict[str, Any], first: dict[str, Any]) -> None:
    """The last value is read, the next refused by name and number."""
    taxa.parse_platforms(platform_file(**last))
    with pytest.raises(DataFileError, match=r"^list of platforms: .* is not .*[0-9]"):
        taxa.parse_platforms(platform_file(**first))


@pytest.mark.parametrize("checked", ["2026-11-2", "2026-11-024"])
def test_the_day_of_a_check_has_ten_characters(checked: str) -> None:
    """Another length is told before it is read as a day."""
    with pytest.raises(DataFileError, match="checked is not 10 to 10 bytes"):
        taxa.parse_platforms(platform_file(checked=checked))


def test_a_field_that_does_not_belong_there_is_told() -> None:
    """A misspelt name is found, in a list, in its entries and in their texts."""
    more = TEXT | {"more": 1}
    for parse, untrusted in (
        (taxa.parse_platforms, platform_file(more=1)),
        (taxa.parse_platforms, platform_file(statement=more)),
        (taxa.parse_species, species_file(TAXON, more=1)),
        (taxa.parse_species, species_file(TAXON | {"more": 1})),
        (taxa.parse_products, product_file(PRODUCT | {"more": 1})),
        (taxa.parse_products, json.dumps({"credit": TEXT, "products": [PRODUCT], "more": 1}).encode()),
    ):
        with pytest.raises(DataFileError, match="does not belong there"):
            parse(untrusted)


@pytest.mark.parametrize("name", ["scientific", "english", "french"])
def test_a_name_has_1_to_120_bytes(name: str) -> None:
    """In each language, and in Latin."""
    for size in (1, 120):
        taxa.parse_species(species_file(TAXON | {name: "x" * size}))
    for size in (0, 121):
        with pytest.raises(DataFileError, match=f"^taxon 1: {name} is not 1 to 120 bytes"):
            taxa.parse_species(species_file(TAXON | {name: "x" * size}))


@pytest.mark.parametrize("code", ["IV", "IVOR"])
def test_a_code_has_three_letters(code: str) -> None:
    """Another length is told before its letters are looked at."""
    taxa.parse_products(product_file(PRODUCT))
    with pytest.raises(DataFileError, match=r"^product 1: code is not 3 to 3 bytes"):
        taxa.parse_products(product_file(PRODUCT | {"code": code}))


def test_a_list_has_at_most_1000_entries_and_one_at_least() -> None:
    """They are read in their order."""
    entries = [TAXON | {"scientific": name} for name in words(1_001)]
    assert len(taxa.parse_species(species_file(*entries[:1_000])).taxa) == 1_000
    for wrong in ((), entries):
        with pytest.raises(DataFileError, match="taxa is not a list of 1 to 1000"):
            taxa.parse_species(species_file(*wrong))


def test_a_file_has_at_most_262144_bytes() -> None:
    """So many are read, one more is refused."""
    assert taxa.parse_platforms(platform_file().ljust(262_144)).platforms == ("x",)
    with pytest.raises(DataFileError, match="more than 262144 bytes"):
        taxa.parse_platforms(platform_file().ljust(262_145))
