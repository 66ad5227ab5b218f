"""Opening a sealed dossier: all of it or nothing."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from crypto.errors import HeaderMACError, NoMatchError, NotAgeError, PayloadError
from crypto.seal import seal
from prosecutor.errors import OtherRecipientError, PlaceError, RosterNotSignedError
from prosecutor.keyfile import OfficeKey, generate
from prosecutor.opening import UnsealedStream, open_dossier, unpack
from tests.wire.dossiers import PHOTO, Desk
from wire.bag import seal_bag
from wire.errors import DossierError, OtherDossierError
from wire.tar import BLOCK, ending, member_header, padding

TOP = "dossier-" + bytes(range(100, 116)).hex()


def tar(*files: tuple[str, bytes]) -> bytes:
    """Write a tar."""
    body = b"".join(member_header(name, len(data)) + data + padding(len(data)) for name, data in files)
    return body + ending(len(body))


def test_a_dossier_opens(sealed: bytes, key: OfficeKey, root: bytes, tmp_path: Path) -> None:
    """A sealed dossier becomes a folder that verified, readable by its owner alone."""
    (tmp_path / "dossier.age").write_bytes(sealed)

    verified = open_dossier(tmp_path / "dossier.age", key, tmp_path / "out", root)

    assert verified.root_checked
    assert verified.office_checked
    assert (tmp_path / "out" / verified.dossier.exhibits[0].path).read_bytes() == PHOTO
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dossier.age", "out"]


def test_the_root_noted_in_the_key_file_counts(sealed: bytes, desk: Desk, root: bytes, tmp_path: Path) -> None:
    """With a root noted at keygen nothing needs to be typed; another root refuses."""
    (tmp_path / "dossier.age").write_bytes(sealed)
    noted = OfficeKey(desk.office.name, desk.identity, desk.office_key, root)
    other = OfficeKey(desk.office.name, desk.identity, desk.office_key, bytes(32))

    assert open_dossier(tmp_path / "dossier.age", noted, tmp_path / "out").root_checked
    with pytest.raises(RosterNotSignedError):
        open_dossier(tmp_path / "dossier.age", other, tmp_path / "other")


def _other_key(sealed: bytes) -> bytes:
    return seal(b"x", [generate("Another").identity.recipient])


def _not_age(sealed: bytes) -> bytes:
    return b"%PDF-1.7 " + sealed


def _changed_header(sealed: bytes) -> bytes:
    at = sealed.index(b"\n--- ") + 5
    return sealed[:at] + (b"A" if sealed[at : at + 1] != b"A" else b"B") + sealed[at + 1 :]


def _changed_at_the_end(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


def _cut_short(sealed: bytes) -> bytes:
    return sealed[:-1000]


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (_other_key, NoMatchError),
        (_not_age, NotAgeError),
        (_changed_header, HeaderMACError),
        (_changed_at_the_end, PayloadError),
        (_cut_short, PayloadError),
    ],
)
def test_a_failed_open_leaves_nothing(
    sealed: bytes, key: OfficeKey, tmp_path: Path, damage: Callable[[bytes], bytes], error: type[Exception]
) -> None:
    """Whatever is wrong with the file, even in its last byte, no folder and no part of one is left."""
    (tmp_path / "dossier.age").write_bytes(damage(sealed))

    with pytest.raises(error):
        open_dossier(tmp_path / "dossier.age", key, tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir()] == ["dossier.age"]


def test_a_dossier_for_another_office_does_not_open(desk: Desk, key: OfficeKey, tmp_path: Path) -> None:
    """What was approved for one office and sealed to another is refused, and leaves nothing."""
    (tmp_path / "dossier.age").write_bytes(seal(Desk().bag(), [key.identity.recipient]))

    with pytest.raises(OtherRecipientError):
        open_dossier(tmp_path / "dossier.age", key, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["dossier.age"]


def test_an_unapproved_dossier_does_not_open(desk: Desk, key: OfficeKey, tmp_path: Path) -> None:
    """A bag whose dossier.json was changed after the approvals is refused, and leaves nothing."""
    bag = desk.bag(approvals=desk.approvals).replace(b"Criminal", b"Harmless")
    (tmp_path / "dossier.age").write_bytes(seal(bag, [key.identity.recipient]))

    with pytest.raises(OtherDossierError):
        open_dossier(tmp_path / "dossier.age", key, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["dossier.age"]


@pytest.mark.parametrize("take", [Path.touch, Path.mkdir, lambda out: out.symlink_to("none")])
def test_nothing_is_overwritten(sealed: bytes, key: OfficeKey, tmp_path: Path, take: Callable[[Path], None]) -> None:
    """A name that is taken, by a file, a folder or a link to nowhere, stays as it is."""
    (tmp_path / "dossier.age").write_bytes(sealed)
    out = tmp_path / "out"
    take(out)

    with pytest.raises(PlaceError, match="exists"):
        open_dossier(tmp_path / "dossier.age", key, out)


def test_a_file_or_place_that_is_not_there_is_told(sealed: bytes, key: OfficeKey, tmp_path: Path) -> None:
    """A sealed file that cannot be read, or a place that cannot be written, is told."""
    (tmp_path / "dossier.age").write_bytes(sealed)

    with pytest.raises(PlaceError):
        open_dossier(tmp_path / "none.age", key, tmp_path / "out")
    with pytest.raises(PlaceError):
        open_dossier(tmp_path / "dossier.age", key, tmp_path / "none" / "out")


@pytest.mark.parametrize(
    ("archive", "message"),
    [
        (tar(), "empty"),
        (tar((f"{TOP}/../evil", b"")), "name or a size"),
        (tar(("/etc/passwd", b"")), "name or a size"),
        (tar((f"{TOP}/data/exhibits/../../evil", b"")), "name or a size"),
        (tar((f"{TOP}/data/exhibits/01-a.jpg/b", b"")), "name or a size"),
        (tar((f"{TOP}/data/report.pdf", b"")), "name or a size"),
        (tar((f"{TOP}/bagit.txt", bytes(1_048_577))), "name or a size"),
        (tar((f"{TOP}/bagit.txt", b""), (f"{TOP}/bagit.txt", b"")), "twice"),
        (tar((f"{TOP}/bagit.txt", b""), ("other/dossier.json", b"")), "more than one folder"),
        (tar((f"{TOP}/bagit.txt", b"")), "no dossier.json"),
        (tar(*((f"{TOP}/data/exhibits/{number:03}-a.txt", b"") for number in range(114))), "too many"),
        (tar((f"{TOP}/bagit.txt", b""))[:BLOCK], "early|end"),
    ],
)
def test_an_archive_of_another_form_is_refused(tmp_path: Path, archive: bytes, message: str) -> None:
    """Names that leave the folder, unlisted names, doubles, floods and foreign folders are refused."""
    (tmp_path / "out").mkdir()
    with pytest.raises(DossierError, match=message):
        unpack(io.BytesIO(archive).read, tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_folder_in_the_archive_has_the_dossiers_name(desk: Desk, tmp_path: Path) -> None:
    """An archive whose folder is named for another dossier is refused."""
    (tmp_path / "out").mkdir()
    with pytest.raises(DossierError, match="name"):
        unpack(io.BytesIO(tar((f"{TOP[:-1]}0/dossier.json", _dossier_json(desk)))).read, tmp_path / "out")


def _dossier_json(desk: Desk) -> bytes:
    bag = desk.bag(approvals=desk.approvals)
    start = bag.index(b'{"v":1,"instance"')
    return bag[start : bag.index(b"\0", start)]


def test_reading_streams(desk: Desk, key: OfficeKey) -> None:
    """The plaintext comes in the sizes asked for, and ends with the file."""
    pieces: list[bytes] = []
    seal_bag(desk.draft, desk.organisation.roster_envelope, desk.approvals, desk.open_exhibit, pieces.append)
    stream = UnsealedStream(io.BytesIO(b"".join(pieces)), key)
    bag = desk.bag(approvals=desk.approvals)

    assert stream.read(10) == bag[:10]
    assert stream.read(len(bag)) == bag[10:]
    assert stream.read(1) == b""
