"""Names and manifests of a bag."""

import contextlib
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import DossierError
from wire.manifest import (
    ALGORITHMS,
    LIMITS,
    TAG_FILES,
    TEXT_FILES,
    exhibit_path,
    most_bytes,
    read_manifest,
    tag_manifests,
    write_manifest,
)

DIGESTS = {"data/report.txt": bytes(32), "data/exhibits/01-a.jpg": bytes(range(32))}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Ivory é.JPG", "ivory-e.jpg"),
        ("../../etc/passwd", "etc-passwd.bin"),
        ("象牙.png", "exhibit.png"),
        ("invoice.docm", "invoice.docm.bin"),
        ("run.exe", "run.exe.bin"),
        ("-rf .pdf", "rf.pdf"),
        ("noext", "noext.bin"),
        (".hidden", "exhibit.hidden.bin"),
        ("x" * 100 + ".tar.gz", "x" * 30 + ".gz.bin"),
        ("a.b c", "a-b-c.bin"),
        ("", "exhibit.bin"),
    ],
)
def test_an_exhibit_gets_a_harmless_name(name: str, path: str) -> None:
    """Of a name only lower-case ASCII is kept, and no suffix that a computer may run stands last."""
    assert exhibit_path(7, name) == f"data/exhibits/07-{path}"


@given(st.integers(1, LIMITS.exhibits), st.text(max_size=200))
def test_every_name_is_of_the_closed_form(number: int, name: str) -> None:
    """Whatever a file was called, its place in the bag is one that a bag has, and fits into a tar."""
    path = exhibit_path(number, name)

    assert most_bytes(path) == LIMITS.file
    assert len(f"dossier-{'0' * 32}/{path}") <= LIMITS.path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "data",
        "data/",
        "/etc/passwd",
        "data/../bagit.txt",
        "data/exhibits/../a",
        "data/exhibits/01-a/b",
        "data/x",
        "data/exhibits/1-a.jpg",
        "data/exhibits/01-.jpg",
        "data/exhibits/01-a.jpg\n",
        "bagit.txt/",
        "Bagit.txt",
    ],
)
def test_a_bag_has_no_other_names(path: str) -> None:
    """A name outside the closed form has no place in a bag."""
    assert most_bytes(path) is None


def test_the_limits_are_those_of_the_format() -> None:
    """They are the numbers that docs/format.md has."""
    assert (LIMITS.exhibits, LIMITS.file, LIMITS.text, LIMITS.path) == (100, 8_589_934_591, 1_048_576, 100)


def test_our_own_files_are_small() -> None:
    """Tag files and reports are at most 1 MiB."""
    assert {most_bytes(name) for name in (*TAG_FILES, *TEXT_FILES)} == {1_048_576}


def test_a_manifest_is_read_as_written() -> None:
    """A manifest lists digests by name, in order, as ``sha256sum`` writes them."""
    written = write_manifest(DIGESTS)

    assert written.startswith(bytes(range(32)).hex().encode() + b"  data/exhibits/01-a.jpg\n")
    assert read_manifest(written, "sha256") == DIGESTS


@pytest.mark.parametrize(
    ("untrusted", "message"),
    [
        ("00" * 32 + "  data/é.txt\n", "ASCII"),
        ("00" * 32 + "  data/report.txt", "form"),
        ("00" * 32 + " *data/report.txt\n", "form"),
        ("AA" * 32 + "  data/report.txt\n", "form"),
        ("0" * 63 + "  data/report.txt\n", "form"),
        ("00" * 32 + "  data/report.txt\n" + "01" * 32 + "  data/report.txt\n", "form"),
        ("00" * 32 + "  data/report.txt\n" + "00" * 32 + "  data/report.html\n", "form"),
        ("00" * 31 + "  data/report.txt\n", "length"),
        ("00" * 32 + "  bagit.txt\n", "names"),
        ("00" * 32 + "  data/../../etc/hostname\n", "names"),
    ],
)
def test_another_manifest_is_refused(untrusted: str, message: str) -> None:
    """A manifest in another form, or of files that a bag does not have, is refused."""
    with pytest.raises(DossierError, match=message):
        read_manifest(untrusted.encode(), "sha256")


@given(st.text(st.sampled_from("0a/ \ndt.x-"), max_size=200) | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_bytes_give_a_manifest_or_an_error(untrusted: str) -> None:
    """No bytes do anything but give digests or a ``DossierError``."""
    with contextlib.suppress(DossierError):
        read_manifest(untrusted.encode(), "sha512")


paths = st.builds(exhibit_path, st.integers(1, 100), st.text(max_size=20)) | st.sampled_from(TEXT_FILES)


@given(st.dictionaries(paths, st.binary(min_size=64, max_size=64), max_size=20))
def test_every_manifest_is_read_as_written(digests: dict[str, bytes]) -> None:
    """What is written is read as the same."""
    assert read_manifest(write_manifest(digests), "sha512") == digests


def test_tag_manifests_list_the_tag_files() -> None:
    """There is a tag manifest for each digest, over the bytes given."""
    written = tag_manifests({"bagit.txt": b"x"})

    assert sorted(written) == [f"tagmanifest-{algorithm}.txt" for algorithm in ALGORITHMS]
    assert written["tagmanifest-sha256.txt"].decode() == f"{hashlib.sha256(b'x').hexdigest()}  bagit.txt\n"
    assert re.fullmatch(r"[0-9a-f]{128}  bagit\.txt\n", written["tagmanifest-sha512.txt"].decode())
