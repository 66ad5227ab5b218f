"""A reward programme as its law describes it, read from one TOML file (pure).

What was seen in no good source is carried as `unverified` words: no rule decides by it, and no page shows it as fact.
docs/rewards.md tells an operator how to write such a file.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal, cast

from reviewer.errors import ProgrammeError
from reviewer.rewards.rule import Rule
from reviewer.rewards.rules import NoOtherProgramme, read_rule
from reviewer.rewards.rules_source import Filing
from reviewer.rewards.table import Table, Text, is_language

Amount = Literal["set", "not_set", "unclear"]
AnonymityRule = Literal["silent", "confidential", "counsel", "no", "unknown"]

AMOUNTS: Final[tuple[Amount, ...]] = ("set", "not_set", "unclear")
ANONYMITY_RULES: Final[tuple[AnonymityRule, ...]] = ("silent", "confidential", "counsel", "no", "unknown")
TOPICS: Final = (
    "authority",
    "threshold",
    "award",
    "triggers",
    "eligible",
    "excluded",
    "filing",
    "anonymity",
    "time_limits",
)
"""What a programme's statements are about, in the order in which a page shows them."""

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOUBT: Final = ("unverified", "not verified", "general knowledge", "[gk]", "secondary source")


@dataclass(frozen=True, slots=True)
class ProgrammeLimits:
    """What one programme's file may hold at most."""

    file_bytes: int = 65_536
    id_bytes: int = 40
    text_bytes: int = 1_000
    statements: int = 16
    rules: int = 32
    forms: int = 8
    sources: int = 16


LIMITS: Final = ProgrammeLimits()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence on a programme that was read in its sources, on one of `TOPICS`."""

    about: str
    text: Text


@dataclass(frozen=True, slots=True)
class Form:
    """What must be filed: its name, and by whom and how in words."""

    name: str
    text: Text


@dataclass(frozen=True)
class Programme:
    """A reward programme.

    Attributes:
        id: stable name, such as `us-lacey`; an operator's file with the same one takes its place.
        jurisdiction: ISO 3166-1 alpha-2, upper case.
        checked: the day on which somebody last held it against its sources.
        wildlife: whether it is about wildlife, rather than money, tax or corruption.
        amount: whether the law sets an amount, a share or a limit. It is never what a source will get.
        anonymity: `silent` where the law says nothing, `counsel` where only through a lawyer.
        unverified: what was seen in no good source; never fact.
        rules: in the order in which they are best asked.
        sources: where the statements were read.
    """

    id: str
    name: Text
    jurisdiction: str
    citation: str
    checked: date
    wildlife: bool
    amount: Amount
    anonymity: AnonymityRule
    statements: tuple[Statement, ...]
    unverified: tuple[Text, ...]
    forms: tuple[Form, ...]
    rules: tuple[Rule, ...]
    sources: tuple[str, ...]

    def says(self, about: str) -> tuple[Text, ...]:
        """Return what may be shown as fact on one of `TOPICS`."""
        return tuple(statement.text for statement in self.statements if statement.about == about)

    @cached_property
    def exclusive(self) -> tuple[Rule, ...]:
        """The rules that shut out whoever can be paid by another programme."""
        return tuple(rule for rule in self.rules if isinstance(rule, NoOtherProgramme))

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Every question that can matter to one of its rules, in their order."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.questions))


def parse_programme(untrusted: bytes, file: str, limits: ProgrammeLimits = LIMITS) -> Programme:
    """Parse the TOML file of one programme.

    Args:
        untrusted: the file's bytes.
        file: its name, for error messages.
        limits: what it may hold.

    Raises:
        ProgrammeError: it is too large, not TOML, incomplete, asks what no case can answer, states as fact what its own
            words call unverified. The message names file and field and what to write, and repeats nothing of the file.
    """
    table = _open(untrusted, file, limits)
    jurisdiction = table.line("jurisdiction", 2)
    if not (len(jurisdiction) == 2 and jurisdiction.isascii() and jurisdiction.isalpha() and jurisdiction.isupper()):
        table.refuse("jurisdiction", "must be two capital letters, such as KE (ISO 3166-1)")
    programme_id = _name(table, "id", limits)
    law = _name(table, "law", limits) if table.has("law") else programme_id
    says = table.table("says")
    programme = Programme(
        id=programme_id,
        name=table.text("name", 200),
        jurisdiction=jurisdiction,
        citation=table.line("citation", 400),
        checked=table.day("checked"),
        wildlife=table.boolean("wildlife"),
        amount=cast("Amount", table.choice("amount", AMOUNTS)),
        anonymity=cast("AnonymityRule", table.choice("anonymity", ANONYMITY_RULES, "unknown")),
        statements=tuple(
            Statement(about, text)
            for about in TOPICS
            for text in says.texts(about, limits.statements, limits.text_bytes)
        ),
        unverified=table.texts("unverified", limits.statements, limits.text_bytes),
        forms=tuple(_form(each, limits) for each in table.tables("forms", limits.forms)),
        rules=tuple(read_rule(each, law, jurisdiction.lower()) for each in table.tables("rules", limits.rules)),
        sources=table.lines("sources", limits.sources, limits.text_bytes, least=1),
    )
    says.end()
    table.end()
    _hold_together(table, programme)
    return programme


def _open(untrusted: bytes, file: str, limits: ProgrammeLimits) -> Table:
    if len(untrusted) > limits.file_bytes:
        raise ProgrammeError(f"{file}: is larger than {limits.file_bytes} bytes; shorten its texts")
    try:
        values = tomllib.loads(untrusted.decode())
    except UnicodeDecodeError:
        raise ProgrammeError(f"{file}: is not UTF-8; save it as UTF-8") from None
    except ValueError as error:  # also a number of more digits than Python reads
        found = re.search(r"\(at (line \d+, column \d+|end of document)\)", str(error))
        where = found.group(1) if found else "some line"
        raise ProgrammeError(f"{file}: is not TOML at {where}; look for a missing quotation mark or bracket") from None
    except RecursionError:
        raise ProgrammeError(f"{file}: is nested too deep; write it as docs/rewards.md shows") from None
    table = Table(values, file)
    language = table.optional_line("language", 12) or "en"
    if not is_language(language):
        table.refuse("language", "must be a language tag, such as en, fr or sw")
    return table.spoken(language)


def _name(table: Table, field: str, limits: ProgrammeLimits) -> str:
    name = table.line(field, limits.id_bytes)
    if not _ID.fullmatch(name):
        table.refuse(field, "must be small letters, digits and single hyphens, such as ke-wildlife")
    return name


def _form(table: Table, limits: ProgrammeLimits) -> Form:
    form = Form(table.line("name", 200), table.text("text", limits.text_bytes))
    table.end()
    return form


def _hold_together(table: Table, programme: Programme) -> None:
    if not programme.rules:
        table.refuse("rules", "are missing; add at least one, under a line [[rules]]")
    names = {form.name for form in programme.forms}
    if any(isinstance(rule, Filing) and rule.form not in names for rule in programme.rules):
        table.refuse("forms", "lack one that a rule of kind filing names; add it under a line [[forms]]")
    for words in _facts(programme):
        if any(doubt in words.casefold() for doubt in _DOUBT):
            table.refuse("says", "or a rule states as fact what its own words call unverified; move it to unverified")


def _facts(programme: Programme) -> Iterator[str]:
    texts = [programme.name, *(statement.text for statement in programme.statements)]
    texts += [form.text for form in programme.forms]
    texts += [rule.basis.text for rule in programme.rules]
    for text in texts:
        yield from (words for _, words in text)
    yield from (rule.basis.citation for rule in programme.rules)
    yield programme.citation
