"""Every text of the reviewer app is there in English and in French."""

from pathlib import Path

from tests.reviewer import catalog


def test_no_text_lacks_its_french() -> None:
    """Each text of code, templates and errors has a French translation that nobody marked as uncertain."""
    french = catalog.read()
    missing = []
    for message in catalog.extract():
        if not message.id:
            continue
        known = french.get(message.id)
        strings = known.string if known is not None else ""
        whole = all(strings) if isinstance(strings, tuple) else strings
        if known is None or known.fuzzy or not whole:
            missing.append(message.id)

    assert missing == []


def test_no_translation_outlived_its_text() -> None:
    """The French file holds no text that is shown nowhere."""
    shown = catalog.extract()

    assert [message.id for message in catalog.read() if message.id and shown.get(message.id) is None] == []


def test_placeholders_are_kept() -> None:
    """A translation has the same placeholders as its text."""
    errors = [list(message.check()) for message in catalog.read() if message.id]

    assert not any(errors)


def test_the_compiled_file_is_up_to_date(tmp_path: Path) -> None:
    """What the app reads was compiled from what is in the repository."""
    french = catalog.read()
    catalog.compile_to(tmp_path / "messages.mo", french)

    assert catalog.texts(tmp_path / "messages.mo") == catalog.texts(catalog.MO)
