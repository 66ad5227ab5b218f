"""The vectors in tests/vectors/format, read by our decoders and by the second reader."""

import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from crypto import errors as crypto_errors
from prosecutor import errors as prosecutor_errors
from tests.second_reader import RefusedError
from tests.vectors import readers
from tests.vectors.make import books
from tests.vectors.readers import OURS, SECOND, Given, Reader
from tests.vectors.shape import FOLDER, Vector, read_file, read_vectors, vectors_of
from wire import errors as wire_errors

ROOT = Path(__file__).parent.parent
VECTORS = [vector for kind in OURS for vector in read_vectors(kind)]
FORMAT = (ROOT / "docs/format.md").read_text("utf-8")


def ids(vector: Vector) -> str:
    """How a vector is called in the report."""
    return f"{vector.kind}: {vector.name}"


def error_named(name: str) -> type[Exception]:
    """The class of error of that name."""
    for module in (crypto_errors, wire_errors, prosecutor_errors, readers):
        if isinstance(found := getattr(module, name, None), type) and issubclass(found, Exception):
            return found
    raise LookupError(name)


def check(reader: Reader, vector: Vector, error: type[Exception]) -> None:
    """A reader finds what the vector holds, or refuses with exactly that error."""
    if vector.accepted is not None:
        assert reader(vector.input, vector.given) == vector.accepted
        return
    with pytest.raises(error) as caught:
        reader(vector.input, vector.given)
    assert caught.type is error


@pytest.mark.parametrize("vector", VECTORS, ids=ids)
def test_our_decoders_end_as_the_vector_says(vector: Vector) -> None:
    """Each input is read as the vector tells, or refused with the error that it names."""
    check(OURS[vector.kind], vector, error_named(vector.refused) if vector.refused else RefusedError)


@pytest.mark.parametrize("vector", [one for one in VECTORS if one.kind in SECOND], ids=ids)
def test_the_second_reader_ends_as_the_vector_says(vector: Vector) -> None:
    """A reader that shares no line with ours finds the same, and refuses the same."""
    check(SECOND[vector.kind], vector, RefusedError)


@pytest.mark.parametrize("kind", OURS)
def test_each_kind_has_an_accepted_and_several_refused_vectors(kind: str) -> None:
    """One that must be read and three that must not, at the least; each by a name of its own; and nothing else."""
    file = read_file(kind)
    assert file["kind"] == kind
    assert f"# {file['section']}\n" in FORMAT
    names = [one["name"] for one in file["vectors"]]
    assert len(set(names)) == len(names)
    assert all(("accepted" in one) != ("refused" in one) for one in file["vectors"])
    assert sum("accepted" in one for one in file["vectors"]) >= 1
    assert len([one for one in file["vectors"] if "refused" in one]) >= 3


def test_there_is_a_file_for_each_kind_and_no_other() -> None:
    """No file is left that nothing reads."""
    assert {path.stem for path in FOLDER.iterdir()} == set(OURS)


def test_what_was_accepted_says_something() -> None:
    """A vector that is damaged is not read as before: the check of accepted vectors bites."""
    vector = next(one for one in VECTORS if one.kind == "dsse" and one.accepted is not None)

    def silent(_data: bytes, _given: Given) -> dict[str, object]:
        return {}

    with pytest.raises(AssertionError):
        check(silent, vector, RefusedError)


def test_the_files_are_what_the_script_makes() -> None:
    """From the fixed keys and the headers that are kept, the same vectors come out again."""
    for book in books():
        made, stored = book.file(), read_file(book.kind)
        assert vectors_of(made) == vectors_of(stored)
        assert _without_packing(made) == _without_packing(stored)


def _without_packing(file: Mapping[str, object]) -> str:
    # Another zlib may pack the same bytes otherwise.
    return re.sub(r'"zlib": "[^"]*"', "", json.dumps(file))


EXAMPLE = re.compile(
    r"^\*\*.+?\*\* \(`(\w+)\.json`, \*(.+?)\*\)\..+?\n\n((?:(?:    [^\n]*)?\n)+)", re.MULTILINE | re.DOTALL
)


def all_text(value: object) -> str:
    """All texts within a value, with what signed texts hold and what base64 hides."""
    if isinstance(value, str):
        hidden = [value]
        if value.startswith('{"payload":'):
            hidden.append(base64.b64decode(json.loads(value)["payload"]).decode())
        if value.startswith("YWdlLWVuY3J5cHRpb24"):
            hidden.append(base64.b64decode(value).decode())
        return "\n".join(hidden)
    if isinstance(value, dict):
        return "\n".join([*map(all_text, value), *map(all_text, value.values())])
    if isinstance(value, list):
        return "\n".join([*map(all_text, value), json.dumps(value, ensure_ascii=False, separators=(",", ":"))])
    return ""


def test_each_kind_has_a_worked_example_that_is_true() -> None:
    """Every piece of the examples in docs/format.md stands in the vector that it is said to be from."""
    examples = EXAMPLE.findall(FORMAT.partition("\n## Worked examples\n")[2] + "\n")
    assert {kind for kind, _, _ in examples} == set(OURS)
    for kind, name, block in examples:
        file = read_file(kind)
        (vector,) = [one for one in file["vectors"] if one["name"] == " ".join(name.split())]
        known = all_text([file["given"], vector])
        pieces = [piece for line in block.splitlines() for piece in re.split(r"…|  ", line.strip()) if piece]
        assert len(pieces) > 0
        assert [piece for piece in pieces if piece not in known] == []
