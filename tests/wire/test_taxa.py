"""The lists that the form suggests from."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import taxa
from wire.errors import DataFileError

TEXT = {"english": "a", "french": "b"}
TAXON = {"scientific": "Manis javanica", "english": "x", "french": "y", "appendix": "I", "group": "mammal"}
PARSERS: tuple[Callable[[bytes], object], ...] = (taxa.parse_species, taxa.parse_products, taxa.parse_platforms)


def species_file(*entries: object, **changes: object) -> bytes:
    """Return a list of species with the given entries."""
    return json.dumps({"checked": "2026-11-24", "statement": TEXT, "taxa": entries} | changes).encode()


def product_file(*entries: object) -> bytes:
    """Return a list of products with the given entries."""
    return json.dumps({"credit": TEXT, "products": entries}).encode()


def test_the_shipped_species_say_when_they_were_checked_and_what_they_are_not() -> None:
    """The list carries its date and states that it is hand-made and must be checked."""
    shipped = taxa.species_list()
    assert shipped.checked == date(2026, 11, 24)
    assert "by hand" in shipped.statement.english
    assert "Species+" in shipped.statement.english
    assert "Species+" in shipped.statement.french


def test_the_shipped_species_cover_animals_and_plants() -> None:
    """About a hundred taxa of every group are suggested."""
    shipped = taxa.taxa()
    assert 80 <= len(shipped) <= 120
    assert {taxon.group for taxon in shipped} == set(taxa.TAXON_GROUPS)


def test_all_eight_pangolins_stand_in_appendix_one() -> None:
    """Each pangolin that CITES lists by name is there, in Appendix I."""
    pangolins = [taxon for taxon in taxa.taxa() if taxon.scientific.startswith("Manis ")]
    assert len(pangolins) == 8
    assert {taxon.appendix for taxon in pangolins} == {"I"}


@pytest.mark.parametrize(
    ("scientific", "appendix"),
    [
        ("Psittacus erithacus", "I"),
        ("Anguilla anguilla", "II"),
        ("Totoaba macdonaldi", "I"),
        ("Dalbergia nigra", "I"),
        ("Dalbergia spp.", "I/II"),
        ("Aquilaria spp.", "II"),
        ("Conophytum spp.", "III"),
        ("Saussurea costus", "I"),
        ("Loxodonta africana", "I/II"),
    ],
)
def test_well_known_listings_are_right(scientific: str, appendix: str) -> None:
    """A listing that anybody can look up is as it should be."""
    assert [taxon.appendix for taxon in taxa.taxa() if taxon.scientific == scientific] == [appendix]


def test_every_split_and_every_national_listing_is_explained() -> None:
    """Where populations or species differ, or one country listed a taxon, a note in both languages says so."""
    explained = [taxon for taxon in taxa.taxa() if taxon.appendix in {"I/II", "III"}]
    assert explained
    assert all(taxon.note.english and taxon.note.french for taxon in explained)


def test_the_shipped_products_carry_their_credit() -> None:
    """The trade terms name the guide that they come from, and that French is unofficial."""
    shipped = taxa.product_list()
    assert "CITES Trade Database, UNEP-WCMC" in shipped.credit.english
    assert "CITES Trade Database, UNEP-WCMC" in shipped.credit.french
    assert "unofficial" in shipped.credit.english
    assert {"LIV", "IVC", "SCA", "TIM", "BUL"} <= {product.code for product in taxa.products()}
    assert shipped.products == taxa.products()


def test_the_shipped_platforms_name_their_sources() -> None:
    """The marketplaces come with a date and with addresses to check them against."""
    shipped = taxa.platform_list()
    assert "eBay" in shipped.platforms
    assert all(source.startswith("https://") for source in shipped.sources)
    assert shipped.checked == date(2026, 11, 24)


def test_an_operators_own_species_list_is_read() -> None:
    """A list with one taxon, its note and another date parses."""
    own = taxa.parse_species(species_file(TAXON | {"note": TEXT}, checked="2027-01-02"))
    assert own.checked == date(2027, 1, 2)
    assert own.taxa == (
        taxa.Taxon("Manis javanica", taxa.Bilingual("x", "y"), "I", "mammal", taxa.Bilingual("a", "b")),
    )


@pytest.mark.parametrize(
    ("untrusted", "message"),
    [
        (b"[]", "list of species: not a JSON object"),
        (species_file(), "list of species: taxa is not a list"),
        (species_file(TAXON, 3), "taxon 2: not an object"),
        (species_file(TAXON, TAXON), "taxon 2: listed twice"),
        (species_file(TAXON | {"appendix": "IV"}), "taxon 1: appendix is none of the known values"),
        (species_file(TAXON | {"group": "fungus"}), "taxon 1: group is none of the known values"),
        (species_file(TAXON | {"appendix": "I/II"}), "taxon 1: note is missing"),
        (species_file(TAXON | {"english": ""}), "taxon 1: english is not"),
        (species_file(TAXON | {"extra": 1}), "taxon 1: a field that does not belong there"),
        (species_file(TAXON, extra=1), "list of species: a field that does not belong there"),
        (species_file(TAXON, checked="2026-02-30"), "checked is not a day"),
        (species_file(TAXON, checked="20261124"), "checked is not"),
    ],
)
def test_a_malformed_species_list_is_refused_by_position(untrusted: bytes, message: str) -> None:
    """The error says which entry to correct, never what stood there."""
    with pytest.raises(DataFileError, match=message):
        taxa.parse_species(untrusted)


@pytest.mark.parametrize("code", ["abc", "A1C", "ABCD", "ÄÄ"])
def test_a_product_code_is_three_capital_letters(code: str) -> None:
    """Any other code is refused by position."""
    with pytest.raises(DataFileError, match="product 1: code is not"):
        taxa.parse_products(product_file({"code": code} | TEXT))


def test_a_product_or_platform_twice_is_refused() -> None:
    """Each code and each marketplace stands once."""
    with pytest.raises(DataFileError, match="product 2: listed twice"):
        taxa.parse_products(product_file({"code": "LIV"} | TEXT, {"code": "LIV"} | TEXT))
    twice: dict[str, Any] = {"checked": "2026-11-24", "statement": TEXT, "sources": ["x"], "platforms": ["a", "a"]}
    with pytest.raises(DataFileError, match="platform 2: listed twice"):
        taxa.parse_platforms(json.dumps(twice).encode())


def test_a_list_over_its_limits_is_refused() -> None:
    """Bytes and entries are bounded before anything else is looked at."""
    with pytest.raises(DataFileError, match="more than 10 bytes"):
        taxa.parse_species(species_file(TAXON), taxa.ListLimits(file_bytes=10))
    with pytest.raises(DataFileError, match="list of 1 to 1"):
        taxa.parse_species(species_file(TAXON, TAXON), taxa.ListLimits(entries=1))


@given(
    st.binary(max_size=200) | st.recursive(st.none() | st.text(max_size=9), st.lists).map(json.dumps).map(str.encode)
)
def test_any_bytes_give_a_list_or_a_data_file_error(untrusted: bytes) -> None:
    """No bytes cause any other exception."""
    for parse in PARSERS:
        with pytest.raises(DataFileError):
            parse(untrusted)


@given(st.dictionaries(st.sampled_from(sorted(TAXON)), st.none() | st.integers() | st.text(max_size=9), max_size=3))
def test_any_change_to_a_taxon_gives_a_list_or_a_data_file_error(changes: dict[str, object]) -> None:
    """A taxon with wrong values is refused with the one error, or is a taxon still."""
    try:
        assert len(taxa.parse_species(species_file(TAXON | changes)).taxa) == 1
    except DataFileError:
        return
