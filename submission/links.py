"""Links that keep the language of the page: it stands in the address, since there is no cookie."""

from flask import Flask, request

from submission.language import LANGUAGES, current_language


def link(path: str) -> str:
    """Return the address of a page in the language of this one."""
    language = current_language()
    return path if language == LANGUAGES[0] and "lang" not in request.args else f"{path}?lang={language}"


def other_language(language: str) -> str:
    """Return the address of this page, or of the first one where no link leads here, in another language."""
    path = request.path if request.method == "GET" and request.url_rule is not None else "/"
    return f"{path}?lang={language}"


def install(app: Flask) -> None:
    """Give templates both functions."""
    app.jinja_env.globals.update(link=link, other_language=other_language)
