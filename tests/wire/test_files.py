"""Names and types of files are harmless, and a list of files has no gap."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import LetterError
from wire.files import LIMITS, UNKNOWN_TYPE, File, SealedFiles, clean_name, clean_type, is_file_name, is_media_type

HASH = bytes(32)
NAME = (HASH,)


def make(**change: Any) -> File:
    """Return a file with some values changed."""
    values: dict[str, Any] = {"name": "a.jpg", "type": "image/jpeg", "offset": 0, "length": 1, "sha256": HASH}
    return File(**{**values, **change})


@given(st.text(st.characters(), max_size=300) | st.text(st.characters(), max_size=4).map(lambda text: text * 300))
def test_any_text_is_made_fit_to_be_a_name(untrusted: str) -> None:
    """Whatever a browser sends becomes a name that a letter may hold, and stays as it is the second time."""
    name = clean_name(untrusted)
    assert is_file_name(name)
    assert clean_name(name) == name


@given(st.text(st.characters(), max_size=100))
def test_any_text_is_made_fit_to_be_a_type(untrusted: str) -> None:
    """Whatever a browser sends becomes a type that a letter may hold."""
    assert is_media_type(clean_type(untrusted))


@pytest.mark.parametrize(
    ("untrusted", "name"),
    [
        ("photo.jpg", "photo.jpg"),
        ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ('a "b".txt', "a 'b'.txt"),
        ("gpj\u202eexe.jpg", "gpjexe.jpg"),
        ("line\nbreak\x00.txt", "linebreak.txt"),
        ("象牙.pdf", "象牙.pdf"),
        ("\ud800.pdf", "?.pdf"),
        ("", "file"),
        ("..", "file"),
        (" / ", "file"),
        ("x" * 200 + ".jpeg", "x" * 115 + ".jpeg"),
        ("象" * 60 + ".png", "象" * 38 + ".png"),
        ("x" * 200, "x" * 120),
        ("x" * 16_000 + ".jpeg", "x" * 115 + ".jpeg"),
        ("\u202e" * 16_000 + ".jpeg", ".jpeg"),
        ("x" * 119 + " y", "x" * 119),
        ("e\x00\u0301", "é"),
        ("x." + "y" * 200, "x." + "y" * 118),
    ],
)
def test_names_keep_what_can_be_kept(untrusted: str, name: str) -> None:
    """Folders and signs that mislead go; the ending of a long name stays."""
    assert clean_name(untrusted) == name


def test_no_more_of_a_name_is_looked_at_than_can_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of accents on one letter are cut before they are put in order, at the cost of their square."""
    seen: list[int] = []

    def normalize(_form: str, text: str) -> str:
        seen.append(len(text))
        return text

    monkeypatch.setattr("unicodedata.normalize", normalize)
    clean_name("a" + "\u0300\u0323" * 8_000)

    assert max(seen) <= 512


@pytest.mark.parametrize(
    ("untrusted", "media_type"),
    [
        ("image/jpeg", "image/jpeg"),
        ("Text/Plain; charset=utf-8", "text/plain"),
        ("", UNKNOWN_TYPE),
        ("image", UNKNOWN_TYPE),
        ("a/" + "b" * 79, UNKNOWN_TYPE),
        ('a/"b"', UNKNOWN_TYPE),
    ],
)
def test_types_keep_what_can_be_kept(untrusted: str, media_type: str) -> None:
    """Parameters go; what is no media type becomes an unknown one."""
    assert clean_type(untrusted) == media_type


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "a/b"},
        {"name": "a\\b"},
        {"name": 'a"b'},
        {"name": "."},
        {"name": "a\nb"},
        {"name": "x" * 121},
        {"type": "Image/JPEG"},
        {"type": ""},
        {"offset": -1},
        {"length": LIMITS.total + 1},
        {"sha256": b""},
    ],
)
def test_what_is_no_file_cannot_be_made(change: dict[str, Any]) -> None:
    """Names, types, sizes and hashes have their bounds."""
    with pytest.raises(LetterError):
        make(**change)


@pytest.mark.parametrize(
    ("files", "parts", "index"),
    [
        ((make(offset=1),), NAME, False),
        ((make(), make(offset=2)), NAME, False),
        ((make(), make(offset=0)), NAME, False),
        ((make(),), (), False),
        ((make(length=0),), NAME, False),
        ((), NAME, False),
        ((), (), True),
        ((make(),), NAME * 65, False),
        (tuple(make(offset=n) for n in range(102)), NAME, False),
        ((make(length=LIMITS.total), make(offset=LIMITS.total)), NAME, False),
    ],
    ids=["starts late", "gap", "overlap", "no parts", "no bytes", "no files", "no index", "parts", "files", "bytes"],
)
def test_files_and_parts_that_do_not_belong_together_are_refused(
    files: tuple[File, ...], parts: tuple[bytes, ...], index: bool
) -> None:
    """A list has no gap, and parts exactly if it has bytes."""
    with pytest.raises(LetterError):
        SealedFiles(files, parts, index)
