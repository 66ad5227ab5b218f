"""The bag: what is in it, that other programs accept it, and that only what was approved gets in."""

import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import bagit  # type: ignore[import-untyped]  # ships no type hints
import pytest

from crypto.dsse import Envelope
from crypto.header import read_header
from crypto.unseal import unseal
from tests.wire.dossiers import PHOTO, RECORD, Desk, exhibit
from wire.bag import seal_bag, write_bag
from wire.dossier import dossier_json
from wire.errors import DossierError, RosterError, TooFewApprovalsError
from wire.manifest import TAG_FILES, TEXT_FILES
from wire.tar import read_members

DESK = Desk()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bag, unpacked by Python's own tar reader."""
    with tarfile.open(fileobj=io.BytesIO(DESK.bag())) as archive:
        archive.extractall(tmp_path, filter="data")
    (only,) = tmp_path.iterdir()
    return only


def test_a_bag_holds_what_was_approved(folder: Path) -> None:
    """All files stand in one folder: tag files, reports and exhibits, each under its name."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    assert folder.name == f"dossier-{DESK.draft.dossier.hex()}"
    assert found == {*TAG_FILES, *TEXT_FILES, *DESK.draft.paths}
    assert (folder / DESK.draft.paths[0]).read_bytes() == PHOTO
    assert (folder / DESK.draft.paths[1]).read_bytes() == RECORD
    assert (folder / "dossier.json").read_bytes() == dossier_json(DESK.draft, DESK.organisation.roster)
    assert Envelope.decode((folder / "roster.json").read_bytes()) == DESK.organisation.roster_envelope
    assert len(json.loads((folder / "approvals.json").read_bytes())["approvals"]) == 2


def test_bag_info_tells_who_approved(folder: Path) -> None:
    """bag-info.txt names proposer and approvers by their labels, and counts the payload."""
    sizes = [path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file()]
    info = (folder / "bag-info.txt").read_text().splitlines()

    assert f"Payload-Oxum: {sum(sizes)}.{len(sizes)}" in info
    assert "Lapwing-Proposed-By: Desk r1" in info
    assert [line for line in info if line.startswith("Lapwing-Approved-By: ")] == [
        "Lapwing-Approved-By: Desk r1",
        "Lapwing-Approved-By: Desk r2",
    ]


def test_the_library_of_congress_validates_it(folder: Path) -> None:
    """The standard tool for bags finds a valid bag of version 1.0."""
    bag = bagit.Bag(str(folder))

    bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["External-Identifier"] == DESK.draft.dossier.hex()


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
@pytest.mark.parametrize("manifest", ["manifest", "tagmanifest"])
def test_standard_tools_check_it(
    tmp_path: Path, require_tool: Callable[[str], str], algorithm: str, manifest: str
) -> None:
    """`tar` unpacks the bag without a complaint, and `sha256sum -c` and `sha512sum -c` find every file."""
    made = subprocess.run(
        [require_tool("tar"), "-x", "-f", "-"], input=DESK.bag(), cwd=tmp_path, capture_output=True, check=True
    )
    (only,) = tmp_path.iterdir()
    checked = subprocess.run(
        [require_tool(f"{algorithm}sum"), "--strict", "-c", f"{manifest}-{algorithm}.txt"],
        cwd=only,
        capture_output=True,
        text=True,
        check=True,
    )

    assert made.stderr == b""
    assert checked.stdout.count(": OK\n") == (5 if manifest == "manifest" else 7)


def test_a_bag_ends_as_a_tar_of_ours_does() -> None:
    """Our own reader, which takes no other tar, reads it to its end."""
    names = [name for name, _, _ in read_members(io.BytesIO(DESK.bag()).read)]
    assert len(names) == len(TAG_FILES) + len(TEXT_FILES) + len(DESK.draft.paths)


def test_equal_drafts_make_equal_bags() -> None:
    """Nothing of the machine or the hour gets into a bag."""
    assert DESK.bag(approvals=DESK.approvals) == DESK.bag(approvals=DESK.approvals)


def test_a_sealed_bag_opens_with_the_office_key_alone() -> None:
    """The seal has four recipients, one of them the office, and tells its own digest."""
    pieces: list[bytes] = []
    digest = seal_bag(DESK.draft, DESK.organisation.roster_envelope, DESK.approvals, DESK.open_exhibit, pieces.append)
    sealed = b"".join(pieces)

    assert digest == hashlib.sha256(sealed).digest()
    assert [stanza.type for stanza in read_header(sealed[:65_536]).stanzas] == ["mlkem768x25519"] * 4
    assert unseal(sealed, [DESK.identity]) == DESK.bag(approvals=DESK.approvals)


def test_no_place_among_the_stanzas_is_the_offices(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is drawn anew for each bag, so it does not tell which stanza is the real one."""
    monkeypatch.setattr("wire.bag.write_bag", lambda *_: None)
    places = set()
    for _ in range(60):
        pieces: list[bytes] = []
        seal_bag(DESK.draft, DESK.organisation.roster_envelope, DESK.approvals, DESK.open_exhibit, pieces.append)
        opened = [DESK.identity.unwrap(stanza) is not None for stanza in read_header(b"".join(pieces)).stanzas]
        assert sum(opened) == 1
        places.add(opened.index(True))

    assert places == {0, 1, 2, 3}


def test_nothing_is_written_before_it_is_approved() -> None:
    """With too few approvals not one byte leaves."""
    pieces: list[bytes] = []
    with pytest.raises(TooFewApprovalsError):
        write_bag(DESK.draft, DESK.organisation.roster_envelope, DESK.approvals[:1], DESK.open_exhibit, pieces.append)

    assert pieces == []


def _open_nothing(_: bytes) -> Iterator[bytes]:
    return iter(())


def _open_more(sha256: bytes) -> Iterator[bytes]:
    yield from DESK.open_exhibit(sha256)
    yield b"more"


def _open_other(sha256: bytes) -> Iterator[bytes]:
    for piece in DESK.open_exhibit(sha256):
        yield bytes(len(piece))


@pytest.mark.parametrize("open_exhibit", [_open_nothing, _open_more, _open_other])
def test_an_exhibit_must_be_the_one_approved(open_exhibit: Callable[[bytes], Iterator[bytes]]) -> None:
    """An exhibit of another size or content stops the bag."""
    with pytest.raises(DossierError, match="exhibit"):
        write_bag(DESK.draft, DESK.organisation.roster_envelope, DESK.approvals, open_exhibit, lambda _: None)


def test_a_roster_must_be_one() -> None:
    """An envelope that holds no roster makes no bag."""
    with pytest.raises(RosterError):
        write_bag(
            DESK.draft,
            replace(DESK.organisation.roster_envelope, payload=b"{}"),
            DESK.approvals,
            DESK.open_exhibit,
            lambda _: None,
        )


def test_a_dossier_without_exhibits_is_a_bag(tmp_path: Path) -> None:
    """A story alone can be sent."""
    with tarfile.open(fileobj=io.BytesIO(DESK.bag(replace(DESK.draft, exhibits=())))) as archive:
        archive.extractall(tmp_path, filter="data")
    (only,) = tmp_path.iterdir()

    bagit.Bag(str(only)).validate()


def test_an_empty_exhibit_and_equal_names_are_kept_apart() -> None:
    """Two exhibits of one name get two places, and an exhibit may be empty."""
    desk = Desk(contents=(b"", RECORD))
    draft = replace(desk.draft, exhibits=(exhibit("same.txt", b""), exhibit("same.txt", RECORD)))

    with tarfile.open(fileobj=io.BytesIO(desk.bag(draft))) as archive:
        names = [each.name.partition("/")[2] for each in archive]
    assert names[-2:] == ["data/exhibits/01-same.txt", "data/exhibits/02-same.txt"]
