"""Verifies a dossier's folder: names the first thing that is wrong, or tells what holds.

In this order, so that what decides comes before what it decides on: what stands in the folder at all; dossier.json; the
roster it names, and the root's signature on it; the office; the approvals; the manifests; every file; the tag files;
since when letters were known.
"""

import hashlib
import re
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Final

from crypto.dsse import Envelope
from crypto.errors import EnvelopeError, SignatureError
from prosecutor.errors import (
    ChangedFileError,
    MissingFileError,
    NotADossierError,
    OtherRecipientError,
    PayloadOxumError,
    RosterExpiredError,
    RosterNotSignedError,
    UnlistedFileError,
)
from prosecutor.folder import Measure, list_files, measure, read_small
from wire.approval import check_approvals, decode_approvals
from wire.bag import BAGIT, Payload, bag_info
from wire.dossier import Dossier
from wire.errors import AttestationError, DossierError, RosterError
from wire.known import ListedLetter, Shown, check_known, decode_file
from wire.manifest import ALGORITHMS, ATTESTATIONS, TAG_FILES, TEXT_FILES, read_manifest, tag_manifests
from wire.office import Office
from wire.roster import PAYLOAD_TYPE, Roster

_OXUM: Final = re.compile(rb"^Payload-Oxum: ([0-9]{1,16}\.[0-9]{1,6})$", re.MULTILINE)
_TAG_MANIFESTS: Final = frozenset(f"tagmanifest-{algorithm}.txt" for algorithm in ALGORITHMS)


@dataclass(frozen=True)
class Verified:
    """A dossier that holds.

    Attributes:
        dossier: as approved.
        roster: then in force.
        approved: ids of those who approved, the proposer among them.
        root_checked: whether the root's signature on the roster was checked. If not, the reviewers may be anybody.
        office_checked: whether it is known that the dossier is for this office.
        known: what its attestations bear out, letter by letter.
    """

    dossier: Dossier
    roster: Roster
    approved: tuple[str, ...]
    root_checked: bool
    office_checked: bool
    known: tuple[Shown, ...] = ()


def verify(folder: Path, root: bytes | None = None, office: Office | None = None) -> Verified:
    """Verify a folder.

    Args:
        folder: as `prosecutor.opening.open_dossier` made it, or any copy of it.
        root: the organisation's root public key (32 bytes), if it is known.
        office: the own office, if it is known.

    Returns:
        What holds.

    Raises:
        VerifyError: (a subclass) the folder is not the dossier that was approved.
        DossierError: dossier.json or a manifest is malformed.
        ApprovalError: (a subclass) the approvals do not let it leave.
        AttestationError: what it tells of a letter, and since when that was known, does not hold.
        PlaceError: a file cannot be read.
    """
    names = list_files(folder)
    missing = [name for name in TAG_FILES if name not in names]
    if missing:
        raise NotADossierError(f"{missing[0]} is missing; without it this is no dossier")
    tags = {name: read_small(folder, name) for name in TAG_FILES}
    if tags["bagit.txt"] != BAGIT:
        raise NotADossierError("bagit.txt is not that of a BagIt 1.0 bag")
    dossier = Dossier.decode(tags["dossier.json"])
    roster = _roster(tags["roster.json"], dossier, root)
    if office is not None and not compare_digest(dossier.office.digest, office.digest):
        raise OtherRecipientError("the dossier was approved for another office than the one whose key is used here")
    approvals = decode_approvals(tags["approvals.json"])
    approved = check_approvals(approvals, dossier.digest, dossier.office.digest, roster, dossier.proposer)
    payload = _check_payload(folder, names, tags, dossier)
    _check_tags(tags, bag_info(dossier, roster, approved, payload), payload)
    known = _check_known(folder, dossier, roster) if dossier.known else ()
    return Verified(dossier, roster, approved, root is not None, office is not None, known)


def _roster(untrusted: bytes, dossier: Dossier, root: bytes | None) -> Roster:
    try:
        envelope = Envelope.decode(untrusted)
        roster = Roster.decode(envelope.payload)
    except (EnvelopeError, RosterError):
        raise NotADossierError("roster.json is no signed roster") from None
    try:
        if root is not None:
            envelope.verify(PAYLOAD_TYPE, {root})
    except SignatureError:
        raise RosterNotSignedError("roster.json is not signed by the organisation's root key") from None
    if not compare_digest(roster.digest, dossier.roster):
        raise ChangedFileError("roster.json is not the roster that dossier.json names")
    if (roster.version, roster.instance) != (dossier.roster_version, dossier.instance):
        raise DossierError("dossier: it names its roster by another version or organisation")
    if dossier.on > roster.expires:
        raise RosterExpiredError("roster.json had expired on the day on which the dossier was proposed")
    return roster


def _check_payload(folder: Path, names: tuple[str, ...], tags: dict[str, bytes], dossier: Dossier) -> Payload:
    manifests = {}
    for algorithm, expected in zip(ALGORITHMS, dossier.manifests, strict=True):
        name = f"manifest-{algorithm}.txt"
        if not compare_digest(hashlib.sha256(tags[name]).digest(), expected):
            raise ChangedFileError(f"{name} is not the one that was approved")
        manifests[algorithm] = read_manifest(tags[name], algorithm)
    listed = {*TEXT_FILES, *([ATTESTATIONS] if dossier.known else []), *(one.path for one in dossier.exhibits)}
    if any(set(manifest) != listed for manifest in manifests.values()):
        raise DossierError("dossier: its manifests do not list what it lists")
    present = set(names) - set(TAG_FILES)
    for name in sorted(listed - present):
        raise MissingFileError(f"{name} is missing")
    for name in sorted(present - listed):
        raise UnlistedFileError(f"{name} does not belong to the dossier; remove it and verify again")
    measures = {name: measure(folder, name) for name in sorted(listed)}
    for name, found in measures.items():
        if any(found.digests[algorithm] != manifest[name] for algorithm, manifest in manifests.items()):
            raise ChangedFileError(f"{name} has changed")
    _check_exhibits(measures, dossier)
    return Payload(sum(found.size for found in measures.values()), len(measures))


def _check_exhibits(measures: dict[str, Measure], dossier: Dossier) -> None:
    for one in dossier.exhibits:
        found = measures[one.path]
        if (found.size, found.digests["sha256"]) != (one.size, one.sha256):
            raise DossierError("dossier: it and its manifests tell different digests or sizes of an exhibit")


def _check_known(folder: Path, dossier: Dossier, roster: Roster) -> tuple[Shown, ...]:
    letters = decode_file(read_small(folder, ATTESTATIONS), dossier.dossier)
    claim, exhibits = None if dossier.claim is None else dossier.claim.digest, {one.sha256 for one in dossier.exhibits}
    shown = tuple(check_known(letter, roster, claim, exhibits) for letter in letters)
    if tuple(ListedLetter.of(one.known) for one in shown) != dossier.known:
        raise AttestationError("attestations: they bear out something else than dossier.json says")
    return shown


def _check_tags(tags: dict[str, bytes], expected_info: bytes, payload: Payload) -> None:
    oxum = _OXUM.findall(tags["bag-info.txt"])
    if oxum != [str(payload).encode()]:
        raise PayloadOxumError("bag-info.txt counts other bytes or files than there are")
    if tags["bag-info.txt"] != expected_info:
        raise ChangedFileError("bag-info.txt has changed")
    expected = tag_manifests({name: content for name, content in tags.items() if name not in _TAG_MANIFESTS})
    for name, content in expected.items():
        if tags[name] != content:
            raise ChangedFileError(f"{name} has changed")
