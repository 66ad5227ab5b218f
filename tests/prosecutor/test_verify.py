"""Verifying a folder: each thing that can be wrong is named, and the first one wins."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from crypto.dsse import sign
from prosecutor.errors import (
    ChangedFileError,
    LinkError,
    MissingFileError,
    NotADossierError,
    OtherRecipientError,
    PayloadOxumError,
    PlaceError,
    RosterExpiredError,
    RosterNotSignedError,
    UnlistedFileError,
)
from prosecutor.verify import verify
from tests.wire.dossiers import Desk
from wire.approval import PAYLOAD_TYPE, encode_approvals
from wire.errors import (
    ApprovalSignatureError,
    DossierError,
    MalformedApprovalError,
    NotOnRosterError,
    OtherDossierError,
    OtherOfficeError,
    OtherRosterError,
    ProposerMissingError,
    SameKeyTwiceError,
    SelfApprovalError,
    TooFewApprovalsError,
)
from wire.manifest import TAG_FILES, TEXT_FILES, tag_manifests, write_manifest
from wire.roster import PAYLOAD_TYPE as ROSTER_TYPE

PHOTO = "data/exhibits/01-tusks-e.jpg"


def edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file."""
    path.write_bytes(change(path.read_bytes()))


def rewrite_tag_manifests(folder: Path) -> None:
    """Do what somebody would who edits a bag: make its tag manifests right again."""
    names = [name for name in TAG_FILES if not name.startswith("tagmanifest")]
    for name, content in tag_manifests({name: (folder / name).read_bytes() for name in names}).items():
        (folder / name).write_bytes(content)


def set_dossier(folder: Path, desk: Desk, change: Callable[[bytes], bytes]) -> None:
    """Change dossier.json, and let two reviewers who do not care sign it."""
    edit(folder / "dossier.json", change)
    digest = hashlib.sha256((folder / "dossier.json").read_bytes()).digest()
    signed = [desk.approve(one, dossier=digest) for one in ("r1", "r2")]
    (folder / "approvals.json").write_bytes(encode_approvals(signed))
    rewrite_tag_manifests(folder)


def test_a_dossier_holds(folder: Path, desk: Desk, root: bytes) -> None:
    """A folder as it was opened verifies, and tells who approved it and what was checked."""
    verified = verify(folder, root, desk.office)

    assert verified.approved == ("r1", "r2")
    assert verified.dossier.office == desk.office
    assert verified.roster == desk.organisation.roster
    assert verified.root_checked
    assert verified.office_checked


def test_what_was_not_checked_is_told(folder: Path) -> None:
    """Without root and office the files still verify, and nothing more is claimed."""
    verified = verify(folder)

    assert not verified.root_checked
    assert not verified.office_checked


@pytest.mark.parametrize(
    ("signers", "error"),
    [
        (["r1"], TooFewApprovalsError),
        (["r1", "r1"], SelfApprovalError),
        (["r1", "r2", "r2"], SameKeyTwiceError),
        (["r2", "r3"], ProposerMissingError),
    ],
)
def test_approvals_must_be_enough(
    folder: Path, desk: Desk, root: bytes, signers: list[str], error: type[Exception]
) -> None:
    """Too few approvals, a self-approval, one key twice, and none by the proposer are each named."""
    (folder / "approvals.json").write_bytes(encode_approvals([desk.approve(one) for one in signers]))
    rewrite_tag_manifests(folder)

    with pytest.raises(error):
        verify(folder, root, desk.office)


def test_a_reviewer_must_be_on_the_roster(folder: Path, desk: Desk, root: bytes) -> None:
    """An approval by somebody who is not on the roster then in force is named."""
    stranger = sign(PAYLOAD_TYPE, desk.approve("r3").payload, SigningKey.generate())
    (folder / "approvals.json").write_bytes(encode_approvals([desk.approve("r1"), stranger]))

    with pytest.raises(NotOnRosterError):
        verify(folder, root, desk.office)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("dossier", bytes(32), OtherDossierError),
        ("office", bytes(32), OtherOfficeError),
        ("roster", bytes(32), OtherRosterError),
        ("reviewer", "r3", ApprovalSignatureError),
    ],
)
def test_an_approval_must_be_for_this(
    folder: Path, desk: Desk, root: bytes, field: str, value: object, error: type[Exception]
) -> None:
    """An approval of another digest, for another office, under another roster, or in another name is named."""
    changes: dict[str, Any] = {field: value}
    signed = [desk.approve("r1"), desk.approve("r2", **changes)]
    (folder / "approvals.json").write_bytes(encode_approvals(signed))

    with pytest.raises(error):
        verify(folder, root, desk.office)


def test_approvals_must_be_readable(folder: Path) -> None:
    """A file that holds no approvals is named."""
    edit(folder / "approvals.json", lambda _: b"{}")

    with pytest.raises(MalformedApprovalError):
        verify(folder)


def test_a_dossier_for_another_office_is_refused(folder: Path, root: bytes) -> None:
    """A dossier approved for another office than the key's is named."""
    with pytest.raises(OtherRecipientError):
        verify(folder, root, Desk().office)


def test_the_root_must_have_signed_the_roster(folder: Path, desk: Desk) -> None:
    """A roster signed by another key than the root's is named."""
    with pytest.raises(RosterNotSignedError):
        verify(folder, bytes(SigningKey.generate().verify_key), desk.office)


def test_a_roster_signed_as_something_else_is_refused(folder: Path, desk: Desk, root: bytes) -> None:
    """The root's signature under another payload type does not count."""
    other = sign("application/x", desk.organisation.roster.encode(), desk.organisation.root)
    (folder / "roster.json").write_bytes(other.encode())

    with pytest.raises(RosterNotSignedError):
        verify(folder, root)


def test_the_roster_must_be_the_one_named(folder: Path, desk: Desk, root: bytes) -> None:
    """Another roster, even one signed by the root, is named."""
    other = replace(desk.organisation.roster, version=2)
    (folder / "roster.json").write_bytes(sign(ROSTER_TYPE, other.encode(), desk.organisation.root).encode())

    with pytest.raises(ChangedFileError, match=r"roster\.json"):
        verify(folder, root)


@pytest.mark.parametrize("untrusted", [b"{}", b'{"payload":"e30=","payloadType":"x","signatures":[]}'])
def test_a_roster_must_be_one(folder: Path, untrusted: bytes) -> None:
    """A roster.json that holds no roster is named."""
    (folder / "roster.json").write_bytes(untrusted)

    with pytest.raises(NotADossierError, match=r"roster\.json"):
        verify(folder)


def test_the_roster_must_have_been_in_force(folder: Path, desk: Desk, root: bytes) -> None:
    """A dossier proposed after its roster had expired is named."""
    set_dossier(folder, desk, lambda content: content.replace(b"2026-11-25", b"2027-07-01"))

    with pytest.raises(RosterExpiredError):
        verify(folder, root)
    assert desk.organisation.roster.expires < date(2027, 7, 1)


def test_a_dossier_names_its_roster_rightly(folder: Path, desk: Desk) -> None:
    """A dossier.json with another roster version is named even when two signed it."""
    set_dossier(folder, desk, lambda content: content.replace(b'"roster_version":1', b'"roster_version":2'))

    with pytest.raises(DossierError, match="version"):
        verify(folder)


@pytest.mark.parametrize("name", ["data/report.html", "data/report.txt", "data/custody.json", PHOTO])
@pytest.mark.parametrize("change", [lambda content: content + b" ", lambda content: b"x" + content[1:]])
def test_a_changed_file_is_named(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """One byte more or one byte other in the payload is named with its file."""
    edit(folder / name, change)

    with pytest.raises(ChangedFileError, match=name):
        verify(folder)


@pytest.mark.parametrize("name", [name for name in TAG_FILES if "manifest" in name])
def test_a_changed_manifest_is_named(folder: Path, name: str) -> None:
    """A manifest that is not the approved one, or does not fit the tag files, is named."""
    edit(folder / name, lambda content: content.replace(b"0", b"1"))

    with pytest.raises(ChangedFileError, match=name):
        verify(folder)


def test_a_dossier_json_that_nobody_approved_is_named(folder: Path, desk: Desk, root: bytes) -> None:
    """With another purpose the approvals are for another dossier, whoever repaired the manifests."""
    edit(folder / "dossier.json", lambda content: content.replace(b"Criminal", b"Harmless"))
    rewrite_tag_manifests(folder)

    with pytest.raises(OtherDossierError):
        verify(folder, root, desk.office)


@pytest.mark.parametrize("name", [*TEXT_FILES, PHOTO])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    """A listed file that is gone is named."""
    (folder / name).unlink()

    with pytest.raises(MissingFileError, match=name):
        verify(folder)


@pytest.mark.parametrize("name", TAG_FILES)
def test_a_missing_tag_file_is_named(folder: Path, name: str) -> None:
    """Without any of its own files the folder is no dossier."""
    (folder / name).unlink()

    with pytest.raises(NotADossierError, match=name):
        verify(folder)


@pytest.mark.parametrize(
    "name",
    ["extra.txt", "data/extra.txt", "data/exhibits/extra", "data/exhibits/03-extra.jpg", ".DS_Store", "sub/bagit.txt"],
)
def test_an_unlisted_file_is_named(folder: Path, name: str) -> None:
    """A file that the dossier does not list is named, whatever its name."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"")

    with pytest.raises(UnlistedFileError, match=name.split("/", maxsplit=1)[0]):
        verify(folder)


def test_an_odd_name_is_not_repeated(folder: Path) -> None:
    """A name that could play with a terminal is told without its signs."""
    (folder / "data" / "\x1b[2J").write_bytes(b"")

    with pytest.raises(UnlistedFileError, match="unusual name"):
        verify(folder)


def test_a_folder_too_much_is_named(folder: Path) -> None:
    """Even an empty folder does not belong there."""
    (folder / "data" / "more").mkdir()

    with pytest.raises(UnlistedFileError, match="data/more"):
        verify(folder)


@pytest.mark.parametrize("name", ["data/report.html", PHOTO, "bagit.txt", "extra"])
def test_a_link_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    """A symbolic link is never followed, even to the same bytes."""
    target = tmp_path / "elsewhere"
    if (folder / name).exists():
        (folder / name).rename(target)
    (folder / name).symlink_to(target)

    with pytest.raises(LinkError, match=name):
        verify(folder)


def test_a_linked_folder_is_named(folder: Path, tmp_path: Path) -> None:
    """A folder that is a link is not entered."""
    (folder / "data" / "exhibits").rename(tmp_path / "elsewhere")
    (folder / "data" / "exhibits").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(LinkError, match="data/exhibits"):
        verify(folder)


def test_a_device_is_named(folder: Path) -> None:
    """A pipe would make a reader wait for ever; it is never opened."""
    os.mkfifo(folder / "data" / "pipe")

    with pytest.raises(LinkError, match="data/pipe"):
        verify(folder)


@pytest.mark.parametrize("change", [(b"Payload-Oxum: ", b"Payload-Oxum: 9"), (b"Payload-Oxum", b"Payload-Count")])
def test_a_wrong_count_is_named(folder: Path, change: tuple[bytes, bytes]) -> None:
    """A Payload-Oxum that is wrong or missing is named, whoever repaired the manifests."""
    edit(folder / "bag-info.txt", lambda content: content.replace(*change))
    rewrite_tag_manifests(folder)

    with pytest.raises(PayloadOxumError):
        verify(folder)


def test_another_approver_in_bag_info_is_named(folder: Path) -> None:
    """bag-info.txt must tell those who signed, whoever repaired the manifests."""
    edit(folder / "bag-info.txt", lambda content: content.replace(b"Approved-By: Desk r2", b"Approved-By: Desk r3"))
    rewrite_tag_manifests(folder)

    with pytest.raises(ChangedFileError, match=r"bag-info\.txt"):
        verify(folder)


def test_another_kind_of_bag_is_named(folder: Path) -> None:
    """A bag of another version is none of ours."""
    edit(folder / "bagit.txt", lambda content: content.replace(b"1.0", b"0.97"))

    with pytest.raises(NotADossierError, match=r"bagit\.txt"):
        verify(folder)


@pytest.mark.parametrize("also", ["sha256", "sha512"])
def test_manifests_must_list_what_the_dossier_lists(folder: Path, desk: Desk, also: str) -> None:
    """A manifest that lists one file more is named even when two signed it."""
    path = folder / f"manifest-{also}.txt"
    (folder / "data/exhibits/03-more.txt").write_bytes(b"more")
    line = hashlib.new(also, b"more").hexdigest().encode() + b"  data/exhibits/03-more.txt\n"
    lines = sorted([*path.read_bytes().splitlines(keepends=True), line], key=lambda each: each.split(b"  ")[1])
    old = hashlib.sha256(path.read_bytes()).hexdigest().encode()
    path.write_bytes(b"".join(lines))
    new = hashlib.sha256(path.read_bytes()).hexdigest().encode()
    set_dossier(folder, desk, lambda content: content.replace(old, new))

    with pytest.raises(DossierError, match="manifests"):
        verify(folder)


def test_a_malformed_manifest_is_named(folder: Path, desk: Desk) -> None:
    """A manifest in another form is named even when two signed it."""
    path = folder / "manifest-sha256.txt"
    old = hashlib.sha256(path.read_bytes()).hexdigest().encode()
    edit(path, lambda content: content.replace(b"  ", b" *"))
    new = hashlib.sha256(path.read_bytes()).hexdigest().encode()
    set_dossier(folder, desk, lambda content: content.replace(old, new))

    with pytest.raises(DossierError, match="manifest"):
        verify(folder)


def test_sizes_in_the_dossier_must_be_right(folder: Path, desk: Desk) -> None:
    """A dossier.json that tells another size than its exhibit has is named even when two signed it."""
    set_dossier(folder, desk, lambda content: content.replace(b'"size":72000', b'"size":72001'))

    with pytest.raises(DossierError, match="sizes"):
        verify(folder)


def test_a_tag_file_is_never_long(folder: Path) -> None:
    """A file that would fill the memory is refused before it is read whole."""
    edit(folder / "roster.json", lambda content: content + b" " * 1_048_576)

    with pytest.raises(ChangedFileError, match="longer"):
        verify(folder)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Without a folder there is nothing to verify."""
    with pytest.raises(PlaceError):
        verify(tmp_path / "none")


def test_the_first_thing_wrong_is_named(folder: Path, desk: Desk) -> None:
    """Of several wrong things the one that decides more is told: approvals before files, links before all."""
    edit(folder / "data/report.txt", lambda content: content + b" ")
    (folder / "approvals.json").write_bytes(encode_approvals([desk.approve("r1")]))
    with pytest.raises(TooFewApprovalsError):
        verify(folder)
    (folder / "link").symlink_to("data")
    with pytest.raises(LinkError):
        verify(folder)


def test_written_manifests_are_what_tools_expect() -> None:
    """The form that a verifier insists on is the one that ``sha256sum`` writes."""
    assert write_manifest({"data/report.txt": bytes(32)}) == b"0" * 64 + b"  data/report.txt\n"
