"""What the form suggests: often-trafficked species, CITES trade terms, marketplaces. Free text is always possible too.

The lists are data files in this package (`wire/data`), written by hand; an operator's own list goes through the same
parsers. Every name is there in English and in French.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Final, Literal, cast

from wire.errors import DataFileError
from wire.fields import Fields, parse_object

Appendix = Literal["I", "II", "III", "I/II"]
TaxonGroup = Literal["mammal", "bird", "reptile", "amphibian", "fish", "invertebrate", "tree", "plant"]

APPENDICES: Final[tuple[Appendix, ...]] = ("I", "II", "III", "I/II")
TAXON_GROUPS: Final[tuple[TaxonGroup, ...]] = (
    "mammal",
    "bird",
    "reptile",
    "amphibian",
    "fish",
    "invertebrate",
    "tree",
    "plant",
)


@dataclass(frozen=True, slots=True)
class ListLimits:
    """What a list may hold at most."""

    file_bytes: int = 262_144
    entries: int = 1_000
    name_bytes: int = 120
    text_bytes: int = 1_000
    sources: int = 16


LIMITS: Final = ListLimits()


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in the two languages that every page speaks; both empty where there is nothing to say."""

    english: str
    french: str


@dataclass(frozen=True, slots=True)
class Taxon:
    """A species, or a genus or family ("spp."), with its place in the CITES appendices.

    Attributes:
        scientific: the name under which CITES lists it or a current synonym; the value that a suggestion fills in.
        name: common name.
        appendix: `I/II` where populations, subspecies or species differ; then the note says how.
        group: kind of animal or plant. `tree` is timber, `plant` every other plant.
        note: what differs, in a sentence; often empty.
    """

    scientific: str
    name: Bilingual
    appendix: Appendix
    group: TaxonGroup
    note: Bilingual


@dataclass(frozen=True, slots=True)
class SpeciesList:
    """The taxa with the day on which they were last checked and a statement of what the list is and is not."""

    checked: date
    statement: Bilingual
    taxa: tuple[Taxon, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A CITES trade term: its three-letter code and its name."""

    code: str
    name: Bilingual


@dataclass(frozen=True, slots=True)
class ProductList:
    """The trade terms with the credit that must stand wherever they are shown."""

    credit: Bilingual
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class PlatformList:
    """Names of marketplaces, with where they come from and the day that was checked."""

    checked: date
    statement: Bilingual
    sources: tuple[str, ...]
    platforms: tuple[str, ...]


def taxa() -> tuple[Taxon, ...]:
    """Return the species that ship with Lapwing."""
    return species_list().taxa


def species_list() -> SpeciesList:
    """Return the list of species that ships with Lapwing."""
    return parse_species(_shipped("species.json"))


def products() -> tuple[Product, ...]:
    """Return the trade terms that ship with Lapwing."""
    return product_list().products


def product_list() -> ProductList:
    """Return the list of trade terms that ships with Lapwing, with its credit line."""
    return parse_products(_shipped("products.json"))


def platform_list() -> PlatformList:
    """Return the list of marketplaces that ships with Lapwing."""
    return parse_platforms(_shipped("platforms.json"))


def parse_species(untrusted: bytes, limits: ListLimits = LIMITS) -> SpeciesList:
    """Parse a list of species.

    Raises:
        DataFileError: it is too large, not strict JSON, or a taxon is incomplete, listed twice, or differs between
            appendices without a note. It names the entry by its position and never repeats what stands there.
    """
    fields = parse_object(untrusted, limits.file_bytes, "list of species", DataFileError)
    checked, statement = _day(fields), _bilingual(fields, "statement", limits.text_bytes)
    entries = _entries(fields, "taxa", "taxon", limits)
    fields.end()
    found = tuple(_taxon(entry, limits) for entry in entries)
    _each_once([taxon.scientific for taxon in found], "taxon")
    return SpeciesList(checked, statement, found)


def parse_products(untrusted: bytes, limits: ListLimits = LIMITS) -> ProductList:
    """Parse a list of trade terms, each with its code, English and French name.

    Raises:
        DataFileError: as `parse_species`.
    """
    fields = parse_object(untrusted, limits.file_bytes, "list of products", DataFileError)
    credit = _bilingual(fields, "credit", limits.text_bytes)
    entries = _entries(fields, "products", "product", limits)
    fields.end()
    found = tuple(_product(entry, limits) for entry in entries)
    _each_once([product.code for product in found], "product")
    return ProductList(credit, found)


def parse_platforms(untrusted: bytes, limits: ListLimits = LIMITS) -> PlatformList:
    """Parse a list of marketplaces.

    Raises:
        DataFileError: as `parse_species`.
    """
    fields = parse_object(untrusted, limits.file_bytes, "list of platforms", DataFileError)
    found = PlatformList(
        checked=_day(fields),
        statement=_bilingual(fields, "statement", limits.text_bytes),
        sources=fields.texts("sources", limits.sources, limits.text_bytes, 1),
        platforms=fields.texts("platforms", limits.entries, limits.name_bytes, 1),
    )
    fields.end()
    _each_once(found.platforms, "platform")
    return found


def _shipped(name: str) -> bytes:
    return resources.files("wire").joinpath("data", name).read_bytes()


def _entries(fields: Fields, name: str, what: str, limits: ListLimits) -> tuple[Fields, ...]:
    """Return the objects of an array, each called by its position so that whoever corrects the file can find it."""
    entries = []
    for number, value in enumerate(fields.array(name, limits.entries, 1), 1):
        if not isinstance(value, dict):
            raise DataFileError(f"{what} {number}: not an object")
        entries.append(Fields(value, f"{what} {number}", DataFileError))
    return tuple(entries)


def _taxon(entry: Fields, limits: ListLimits) -> Taxon:
    scientific = entry.text("scientific", limits.name_bytes, 1)
    name = _names(entry, limits)
    appendix = cast("Appendix", entry.choice("appendix", APPENDICES))
    group = cast("TaxonGroup", entry.choice("group", TAXON_GROUPS))
    note = _bilingual(entry, "note", limits.text_bytes) if entry.has("note") else Bilingual("", "")
    entry.end()
    if appendix == "I/II" and not note.english:
        entry.refuse("note", "is missing; say what is in I and what in II")
    return Taxon(scientific, name, appendix, group, note)


def _product(entry: Fields, limits: ListLimits) -> Product:
    code = entry.text("code", 3, 3)
    if not (code.isascii() and code.isalpha() and code.isupper()):
        entry.refuse("code", "is not three capital letters")
    product = Product(code, _names(entry, limits))
    entry.end()
    return product


def _names(entry: Fields, limits: ListLimits) -> Bilingual:
    return Bilingual(entry.text("english", limits.name_bytes, 1), entry.text("french", limits.name_bytes, 1))


def _bilingual(fields: Fields, name: str, most: int) -> Bilingual:
    both = fields.object(name)
    text = Bilingual(both.text("english", most, 1), both.text("french", most, 1))
    both.end()
    return text


def _day(fields: Fields) -> date:
    text = fields.text("checked", 10, 10)
    try:
        return date.fromisoformat(text)
    except ValueError:
        fields.refuse("checked", "is not a day written as 2026-11-24")


def _each_once(names: Collection[str], what: str) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names, 1):
        if name in seen:
            raise DataFileError(f"{what} {number}: listed twice; keep one")
        seen.add(name)
