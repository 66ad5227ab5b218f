"""The language of a page: English or French, by the link followed or what the browser asks for; never a cookie."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, Protocol, cast

import flask_babel  # type: ignore[import-untyped]  # ships no type hints
from flask import Flask, g, request

LANGUAGES: Final = ("en", "fr")
"""Complete languages; the first is what everything is written in."""

LONGEST_WISH: Final = 1_024
"""Characters of a browser's wish that are read; more would cost a second to take apart."""


class LazyText(Protocol):
    """A text that becomes words of the visitor's language when it is shown."""

    def __str__(self) -> str: ...


lazy: Final = cast("Callable[..., LazyText]", flask_babel.lazy_gettext)
gettext: Final = cast("Callable[..., str]", flask_babel.gettext)


def choose_language() -> str:
    """Return the language of this page: the one in the link when we have it, else the browser's, else English."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    if len(request.headers.get("Accept-Language", "")) > LONGEST_WISH:
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]


def current_language() -> str:
    """Return the language in which this page is being written; looked for once, since each link asks for it."""
    if "language" not in g:
        g.language = str(flask_babel.get_locale().language)
    return cast("str", g.language)


def day_in_words(day: date) -> str:
    """Return a day as people say it in the page's language: ``Monday, November 30, 2026``."""
    return cast("str", flask_babel.format_date(day, "full"))


def date_in_words(day: date) -> str:
    """Return a day without its weekday: ``November 30, 2026``."""
    return cast("str", flask_babel.format_date(day, "long"))


def country_in_words(code: str) -> str:
    """Return the name of a country, or of the European Union, in the page's language.

    Args:
        code: ISO 3166-1 alpha-2, or ``EU``.
    """
    return cast("str", flask_babel.get_locale().territories[code])


def _words() -> Any:  # noqa: ANN401  # what Babel has, which ships no type hints
    if "words" not in g:
        g.words = flask_babel.get_translations()
    return g.words


def text_direction() -> str:
    """Return ``ltr`` or ``rtl`` for the page's language."""
    return str(flask_babel.get_locale().text_direction)


def install(app: Flask) -> None:
    """Give templates and errors the words of the visitor's language."""
    flask_babel.Babel(app, default_locale=LANGUAGES[0], locale_selector=choose_language)
    # The same without looking for the language at each word, which took a tenth of a page's time.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension that Babel adds has it
        gettext=lambda text: _words().ugettext(text),
        ngettext=lambda one, many, count: _words().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals.update(language=current_language, text_direction=text_direction, languages=LANGUAGES)
    app.jinja_env.globals.update(date_in_words=date_in_words, country_in_words=country_in_words)
