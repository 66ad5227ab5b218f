"""Names and types of files are made fit in the client as Python makes them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client.node import Core
from wire.files import clean_name, clean_type, is_file_name

ASKED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ASKED
@given(
    untrusted=st.text(st.characters(), max_size=300) | st.text(st.characters(), max_size=4).map(lambda one: one * 200)
)
def test_any_name_is_made_fit_as_python_does_it(core: Core, untrusted: str) -> None:
    """Whatever a browser gives as a file's name, both make the same of it."""
    assert core.ask("clean_name", name=untrusted) == clean_name(untrusted)


@pytest.mark.parametrize(
    "untrusted",
    [
        "photo.jpg",
        "C:\\Users\\me\\photo.jpg",
        "../../etc/passwd",
        'a "b".txt',
        "gpj\u202eexe.jpg",
        "line\nbreak\x00.txt",
        "象牙.pdf",
        "\ud800.pdf",
        "🐘\udc00",
        "",
        "..",
        " / ",
        "\u3000a\u00a0",
        "\ufeffa\ufeff",
        "x" * 200 + ".jpeg",
        "象" * 60 + ".png",
        "🐘" * 40 + ".png",
        "x" * 200,
        "x" * 119 + " y",
        "x" * 115 + " .jpeg" + "y" * 9,
        "e\x00\u0301",
        "x." + "y" * 200,
        "x" * 110 + "." + "象" * 5,
        "x" * 110 + "." + "象" * 6,
        "é" * 600 + ".txt",
        "🐘" * 600 + ".txt",
        "x" * 513,
        "a" + "\u0300\u0323" * 8_000,
        "x" * 104 + "e\u0301" * 8 + ".jpeg",
    ],
)
def test_names_that_are_hard_are_made_fit_as_python_does_it(core: Core, untrusted: str) -> None:
    """Folders, signs that mislead, spaces, halves of pairs, and names cut in the middle of a sign."""
    name = core.ask("clean_name", name=untrusted)
    assert name == clean_name(untrusted)
    assert is_file_name(name)


@ASKED
@given(untrusted=st.text(st.characters(), max_size=20) | st.from_regex(r"\s?[a-zA-Z0-9/;+. \x1c-\x1f\x85]{0,90}"))
def test_any_type_is_made_fit_as_python_does_it(core: Core, untrusted: str) -> None:
    """Whatever a browser gives as a file's type, both make the same of it."""
    assert core.ask("clean_type", type=untrusted) == clean_type(untrusted)


@pytest.mark.parametrize(
    "untrusted",
    [
        "image/jpeg",
        "Text/Plain; charset=utf-8",
        "",
        "a/" + "b" * 78,
        "a/" + "b" * 79,
        'a/"b"',
        "\x1fa/b\x85",
        "a/b\n",
        "\u212a/x",
    ],
)
def test_types_that_are_hard_are_made_fit_as_python_does_it(core: Core, untrusted: str) -> None:
    """Parameters, spaces and lengths."""
    assert core.ask("clean_type", type=untrusted) == clean_type(untrusted)
