"""Every text of both apps is there in English and in French."""

from pathlib import Path

import pytest

from tests.catalog import INTAKE, REVIEWER, Words, compile_to, texts


@pytest.fixture(params=[INTAKE, REVIEWER], ids=lambda words: words.room)
def words(request: pytest.FixtureRequest) -> Words:
    """The words of one app."""
    chosen: Words = request.param
    return chosen


def test_no_text_lacks_its_french(words: Words) -> None:
    """Each text of code, templates and errors has a French translation that nobody marked as uncertain."""
    french = words.read()
    missing = []
    for message in words.extract():
        if not message.id:
            continue
        known = french.get(message.id)
        strings = known.string if known is not None else ""
        whole = all(strings) if isinstance(strings, tuple) else strings
        if known is None or known.fuzzy or not whole:
            missing.append(message.id)
    assert missing == []


def test_no_translation_outlived_its_text(words: Words) -> None:
    """The French file holds no text that is shown nowhere."""
    shown = words.extract()
    assert [message.id for message in words.read() if message.id and shown.get(message.id) is None] == []


def test_placeholders_are_kept(words: Words) -> None:
    """A translation has the same placeholders as its text."""
    errors = [list(message.check()) for message in words.read() if message.id]
    assert not any(errors)


def test_the_compiled_file_is_up_to_date(words: Words, tmp_path: Path) -> None:
    """What the app reads was compiled from what is in the repository."""
    compile_to(tmp_path / "messages.mo", words.read())
    assert texts(tmp_path / "messages.mo") == texts(words.mo)
