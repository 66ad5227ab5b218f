"""What the law says to a source: rewards, and protection against retaliation (pure).

The texts lie in `submission/data`, since the intake imports nothing of the reviewers' app; a test holds what they say
of rewards against the programmes that reviewers work with.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import groupby
from typing import Any, Final, Literal, TypeVar

Amount = Literal["set", "not_set", "unclear"]

_LANGUAGES: Final = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Law:
    """One law, in plain words.

    Attributes:
        id: stable name; that of the programme where it is about a reward.
        jurisdiction: ISO 3166-1 alpha-2, or ``EU``.
        name: as in its own country, so the same in every language.
        citation: where it stands.
        checked: the day on which somebody last held it against its source.
        says: what it says, by language.
    """

    id: str
    jurisdiction: str
    name: str
    citation: str
    checked: date
    says: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reward(Law):
    """A law that provides for rewards.

    Attributes:
        wildlife: whether it is about wildlife, rather than money, tax, ships or corruption.
        amount: whether it sets an amount, a share or a limit. It is never what a source will get.
        officials: whether officials who acted in their duty are shut out, where the words do not say it.
    """

    wildlife: bool
    amount: Amount
    officials: bool


AnyLaw = TypeVar("AnyLaw", bound=Law)


def rewards() -> tuple[Reward, ...]:
    """Return the laws with rewards, those of one country together."""
    return tuple(
        Reward(**_fields(entry), wildlife=entry["wildlife"], amount=entry["amount"], officials=entry["officials"])
        for entry in _entries("rewards.toml")
    )


def protection() -> tuple[Law, ...]:
    """Return the laws on retaliation and on keeping a source's name, those of one country together."""
    return tuple(Law(**_fields(entry)) for entry in _entries("protection.toml"))


def by_country(laws: Iterable[AnyLaw]) -> list[tuple[str, list[AnyLaw]]]:
    """Return neighbours of the same jurisdiction together, in the order given."""
    return [(country, list(group)) for country, group in groupby(laws, key=lambda law: law.jurisdiction)]


def _entries(name: str) -> list[dict[str, Any]]:
    text = resources.files("submission").joinpath("data", name).read_text("utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["laws"]
    return entries


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "jurisdiction", "name", "citation", "checked")
    return {name: entry[name] for name in names} | {"says": {language: entry[language] for language in _LANGUAGES}}
