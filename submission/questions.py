"""The words of the tip form: a label and a hint for each field of `wire.tipform`, and what its groups are called."""

from dataclasses import dataclass
from typing import Final

from submission.language import LazyText, lazy
from wire.taxa import Bilingual, platform_list, product_list, products, species_list, taxa
from wire.tipform import FIELDS, GROUPS, Field, Group, fields_in


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads beside a field."""

    label: LazyText
    hint: LazyText | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One entry of a list of suggestions: what it fills in, and what stands beside it."""

    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the form suggests in one language; free text is always possible."""

    species: tuple[Suggestion, ...]
    products: tuple[Suggestion, ...]
    marketplaces: tuple[Suggestion, ...]
    credit: str


GROUP_TITLES: Final[dict[Group, LazyText]] = {
    "listing": lazy("What is offered, and by whom"),
    "trade": lazy("Payment and shipping"),
    "where": lazy("Place and dates"),
    "who": lazy("People and firms"),
    "you": lazy("You: how you know this, reward, testifying"),
}

WORDS: Final[dict[str, Words]] = {
    "species": Words(lazy("Animal or plant"), lazy("Any name you know, in any language")),
    "product": Words(lazy("What is sold"), lazy("Alive, or which part or product: ivory, skin, shell, timber …")),
    "quantity": Words(lazy("How much or how many")),
    "price": Words(lazy("Price"), lazy("With the currency")),
    "marketplace": Words(lazy("Where it is offered"), lazy("Website, app, group or market")),
    "listing_addresses": Words(lazy("Addresses of the offers"), lazy("One on each line, copied from the browser")),
    "seller_handles": Words(
        lazy("Names and numbers of the seller"), lazy("User names, phone numbers, e-mail addresses")
    ),
    "payment": Words(lazy("How it is paid"), lazy("Bank, wallet, cash, account numbers if you know them")),
    "shipping": Words(lazy("How it is sent"), lazy("From where to where, by whom, hidden how")),
    "place": Words(lazy("Place"), lazy("Country, town, address, whatever you know")),
    "dates": Words(lazy("When"), lazy("A day, a month or in your own words")),
    "people": Words(lazy("People involved"), lazy("Names, roles, how to recognise them")),
    "firms": Words(lazy("Firms involved")),
    "how_known": Words(
        lazy("How do you know this?"), lazy("Only what you want to say. What only you could know can point to you.")
    ),
    "reported_before": Words(lazy("Have you reported this before?")),
    "reported_to": Words(lazy("To whom?")),
    "reported_when": Words(lazy("When?")),
    "reward_wish": Words(
        lazy("Do you want the reviewers to look into a reward?"),
        lazy("Rewards are rare, and often you must file a form yourself. Nobody can promise one."),
    ),
    "willing_to_testify": Words(
        lazy("Would you be willing to testify?"), lazy("You can change your mind at any time.")
    ),
    "in_danger_now": Words(lazy("Somebody is in danger now")),
}

OPTION_WORDS: Final[dict[str, LazyText]] = {
    "yes": lazy("Yes"),
    "no": lazy("No"),
    "unsure": lazy("Not sure"),
}


def suggestions(language: str) -> Suggestions:
    """Return the lists of `wire.taxa` in one language."""

    def name(text: Bilingual) -> str:
        return text.french if language == "fr" else text.english

    return Suggestions(
        tuple(Suggestion(f"{name(taxon.name)} ({taxon.scientific})", f"CITES {taxon.appendix}") for taxon in taxa()),
        tuple(Suggestion(name(product.name)) for product in products()),
        tuple(Suggestion(platform) for platform in platform_list().platforms),
        f"{name(species_list().statement)} {name(product_list().credit)}",
    )


def groups() -> list[tuple[LazyText, list[tuple[Field, Words]]]]:
    """Return the groups of the form with their titles and fields, in order."""
    return [(GROUP_TITLES[group], [(field, WORDS[field.name]) for field in fields_in(group)]) for group in GROUPS]


def field_limits() -> dict[str, int]:
    """Return the most bytes that a browser may send for each field: four for each character, and room for line ends."""
    return {field.name: min(4 * field.max_characters + 64, 4096 * 4) for field in FIELDS}
