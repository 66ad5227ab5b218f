"""One table of a programme's TOML file, read field by field (pure): what is wrong is told with where and the remedy."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NoReturn, TypeAlias

from reviewer.errors import ProgrammeError
from wire.fields import is_one_line

Text: TypeAlias = tuple[tuple[str, str], ...]
"""Words with their language tag (`en`, `fr`, `sw`), one pair a language; the first is the one to fall back on."""


class Table:
    """The fields of one table, asked for by name and then closed with `end`.

    Every method raises `ProgrammeError` with file, field and what to write; never with what stands there.
    """

    def __init__(self, values: Mapping[str, object], where: str, language: str = "en") -> None:
        self._values = values
        self._where = where
        self._language = language
        self._asked: set[str] = set()

    def spoken(self, language: str) -> "Table":
        """Return the same table, not asked for anything but its language yet, its plain texts in that language."""
        table = Table(self._values, self._where, language)
        table._asked.add("language")
        return table

    def has(self, name: str) -> bool:
        """Tell whether the field is there."""
        return name in self._values

    def line(self, name: str, most: int) -> str:
        """Return one line of 1 to ``most`` bytes."""
        value = self._take(name, "a text in quotation marks")
        if not isinstance(value, str) or not _fits(value, most):
            self.refuse(name, f"must be one line of text in quotation marks, at most {most} bytes")
        return value

    def optional_line(self, name: str, most: int) -> str:
        """Return a line as `line` does, empty when it is missing."""
        return self.line(name, most) if self.has(name) else ""

    def choice(self, name: str, options: Collection[str], otherwise: str | None = None) -> str:
        """Return one of the given words; ``otherwise`` when it is missing and that is given."""
        remedy = f"must be one of: {', '.join(options)}"
        if otherwise is not None and not self.has(name):
            return otherwise
        value = self._take(name, f"one of: {', '.join(options)}")
        if not isinstance(value, str) or value not in options:
            self.refuse(name, remedy)
        return value

    def boolean(self, name: str, *, otherwise: bool = False) -> bool:
        """Return true or false; ``otherwise`` when it is missing."""
        if not self.has(name):
            return otherwise
        value = self._take(name, "true or false")
        if not isinstance(value, bool):
            self.refuse(name, "must be true or false, without quotation marks")
        return value

    def integer(self, name: str, most: int) -> int:
        """Return a whole number from 1 to ``most``."""
        value = self._take(name, f"a whole number from 1 to {most}")
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self.refuse(name, f"must be a whole number from 1 to {most}, without quotation marks")
        return value

    def amount(self, name: str) -> Decimal:
        """Return an amount: a whole number of a currency's main unit."""
        return Decimal(self.integer(name, 10**15))

    def currency(self, name: str) -> str:
        """Return a currency's three capital letters (ISO 4217)."""
        value = self.line(name, 3)
        if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
            self.refuse(name, "must be three capital letters, such as USD")
        return value

    def day(self, name: str) -> date:
        """Return a day."""
        value = self._take(name, "a day written as 2026-11-24")
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse(name, "must be a day written as 2026-11-24, without quotation marks")
        return value

    def optional_day(self, name: str) -> date | None:
        """Return a day, None when it is missing."""
        return self.day(name) if self.has(name) else None

    def text(self, name: str, most: int) -> Text:
        """Return words in one language or several, each of 1 to ``most`` bytes."""
        return self._text(name, self._take(name, "a text, or a table of texts by language"), most)

    def texts(self, name: str, count: int, most: int) -> tuple[Text, ...]:
        """Return up to ``count`` texts; none when the field is missing."""
        return tuple(self._text(name, value, most) for value in self._list(name, count))

    def names(self, name: str, options: Collection[str], least: int = 0) -> tuple[str, ...]:
        """Return different words, each one of the given."""
        values = self._list(name, len(options))
        words = tuple(value for value in values if isinstance(value, str) and value in options)
        if len(words) != len(values) or len(set(words)) != len(words) or len(words) < least:
            self.refuse(name, f"must be a list of at least {least}, each once, of: {', '.join(options)}")
        return words

    def lines(self, name: str, count: int, most: int, least: int = 0) -> tuple[str, ...]:
        """Return ``least`` to ``count`` lines of text."""
        values = self._list(name, count)
        lines = tuple(value for value in values if isinstance(value, str) and _fits(value, most))
        if len(lines) != len(values) or len(lines) < least:
            self.refuse(name, f"must be a list of {least} to {count} lines of text, each of at most {most} bytes")
        return lines

    def tables(self, name: str, count: int) -> "tuple[Table, ...]":
        """Return up to ``count`` tables, written as `[[name]]`; none when the field is missing."""
        values = self._list(name, count)
        tables = [value for value in values if isinstance(value, dict)]
        if len(tables) != len(values):
            self.refuse(name, f"must be tables, each under a line [[{name}]]")
        return tuple(
            Table(value, f"{self._where}: {name} {number}", self._language) for number, value in enumerate(tables, 1)
        )

    def table(self, name: str) -> "Table":
        """Return one table, written as `[name]`; an empty one when the field is missing."""
        self._asked.add(name)
        value = self._values.get(name, {})
        if not isinstance(value, dict):
            self.refuse(name, f"must be a table, under a line [{name}]")
        return Table(value, f"{self._where}: {name}", self._language)

    def end(self) -> None:
        """Refuse what was not asked for."""
        if not self._asked.issuperset(self._values):
            known = ", ".join(sorted(self._asked))
            raise ProgrammeError(f"{self._where}: has a field that does not belong there; take it out (known: {known})")

    def refuse(self, name: str, remedy: str) -> NoReturn:
        """Raise the error for a field."""
        raise ProgrammeError(f"{self._where}: {name} {remedy}")

    def _take(self, name: str, remedy: str) -> object:
        self._asked.add(name)
        if name not in self._values:
            self.refuse(name, f"is missing; add {remedy}")
        return self._values[name]

    def _list(self, name: str, count: int) -> list[object]:
        self._asked.add(name)
        value = self._values.get(name, [])
        if not isinstance(value, list) or len(value) > count:
            self.refuse(name, f"must be a list of at most {count}")
        return value

    def _text(self, name: str, value: object, most: int) -> Text:
        words = {self._language: value} if isinstance(value, str) else value
        if (
            not isinstance(words, dict)
            or not 1 <= len(words) <= 40
            or not all(is_language(tag) and isinstance(each, str) and _fits(each, most) for tag, each in words.items())
        ):
            self.refuse(
                name,
                f"must be text of one line and at most {most} bytes, or such texts by language: "
                '{ en = "…", fr = "…" }',
            )
        return tuple(words.items())


def _fits(text: str, most: int) -> bool:
    return 0 < len(text.encode(errors="replace")) <= most and is_one_line(text) and bool(text.strip())


def is_language(tag: str) -> bool:
    """Tell whether a word can be a language tag (BCP 47) as browsers know them."""
    return 2 <= len(tag) <= 12 and tag.isascii() and tag.replace("-", "").isalnum() and tag[0].isalpha()


def in_language(text: Text, language: str) -> tuple[str, str]:
    """Return a text's language tag and words: in the language asked for, else English, else its first."""
    words = dict(text)
    for tag in (language, "en"):
        if tag in words:
            return tag, words[tag]
    return text[0]
