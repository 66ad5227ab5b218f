"""The language of a page: English or French, as chosen on the settings page, else as the browser asks."""

from collections.abc import Callable
from datetime import date
from typing import Final, Protocol, cast

import flask_babel  # type: ignore[import-untyped]  # ships no type hints
from flask import Flask, request

LANGUAGES: Final = ("en", "fr")
"""Complete languages; the first is what everything is written in."""
NAMES: Final = {"en": "English", "fr": "Français"}


class LazyText(Protocol):
    """A text that becomes words of the reader's language when it is shown."""

    def __str__(self) -> str: ...


lazy: Final = cast("Callable[..., LazyText]", flask_babel.lazy_gettext)
gettext: Final = cast("Callable[..., str]", flask_babel.gettext)


def current_language() -> str:
    """Return the language in which this page is being written."""
    return str(flask_babel.get_locale().language)


def text_direction() -> str:
    """Return ``ltr`` or ``rtl`` for the page's language."""
    return str(flask_babel.get_locale().text_direction)


def show_day(day: date) -> str:
    """Return a day in the words of the page's language."""
    return str(flask_babel.format_date(day, "d MMM yyyy", rebase=False))


def show_country(code: str) -> str:
    """Return the name of a country (two capital letters) in the page's language, the letters if there is none."""
    return str(flask_babel.get_locale().territories.get(code, code))


def show_size(size: int) -> str:
    """Return a number of bytes as a person reads it, in steps of 1,024."""
    amount, unit = float(size), lazy("bytes")
    for larger in (lazy("KiB"), lazy("MiB"), lazy("GiB")):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    number = flask_babel.format_decimal(amount, "0.#" if amount < 10 else "0")
    return f"{number}\N{NO-BREAK SPACE}{unit}"


def show_sentence(words: str) -> str:
    """Return the words of an error as a sentence."""
    text = str(words)
    return text[:1].upper() + text[1:] + ("" if text[-1:] in {".", ":", "?", "!"} else ".")


def show_groups(digits: str) -> str:
    """Return digits in groups of eight, as they are read out on the telephone."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def install(app: Flask, chosen: Callable[[], str | None]) -> None:
    """Give templates the words of the reader's language.

    Args:
        app: the application.
        chosen: the language chosen in this session, None for the browser's.
    """

    def choose() -> str:
        return chosen() or request.accept_languages.best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]

    flask_babel.Babel(app, default_locale=LANGUAGES[0], locale_selector=choose)
    app.jinja_env.filters.update(day=show_day, size=show_size, groups=show_groups, sentence=show_sentence)
    app.jinja_env.globals.update(language=current_language, text_direction=text_direction, languages=NAMES)
