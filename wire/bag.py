"""A dossier's bag: BagIt 1.0 (RFC 8493) in a tar, written as it streams, and sealed to the office.

docs/format.md, "Dossier".
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.dsse import Envelope
from crypto.hybrid import HybridIdentity
from crypto.seal import Sealer
from wire.approval import check_approvals, encode_approvals
from wire.dossier import Dossier, Draft, DraftExhibit, dossier_json, manifest_files, text_files
from wire.errors import DossierError
from wire.manifest import TAG_FILES, tag_manifests
from wire.roster import Roster
from wire.tar import ending, member_header, padding

BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
"""bagit.txt."""

STANZAS: Final = 4
"""Recipients of every sealed dossier: the office, and discarded keys that hide whether it is one or several."""

OpenExhibit = Callable[[bytes], Iterator[bytes]]
Sink = Callable[[bytes], None]


@dataclass(frozen=True)
class Payload:
    """What Payload-Oxum counts.

    Attributes:
        octets: bytes of all files below data/.
        streams: how many files these are.
    """

    octets: int
    streams: int

    def __str__(self) -> str:
        """The value of Payload-Oxum."""
        return f"{self.octets}.{self.streams}"


def bag_info(dossier: Dossier, roster: Roster, approved: Sequence[str], payload: Payload) -> bytes:
    """Return bag-info.txt, which also tells by their labels who approved.

    Args:
        dossier: as approved.
        roster: then in force.
        approved: ids of the reviewers who approved.
        payload: what stands below data/.
    """
    lines = [
        ("Bagging-Date", dossier.on.isoformat()),
        ("External-Identifier", dossier.dossier.hex()),
        ("External-Description", dossier.title),
        ("Payload-Oxum", str(payload)),
        ("Lapwing-Office", dossier.office.name),
        ("Lapwing-Proposed-By", roster.by_id(dossier.proposer).label),
        *(("Lapwing-Approved-By", roster.by_id(one).label) for one in approved),
    ]
    return "".join(f"{label}: {value.strip()}\n" for label, value in lines).encode()


def folder_name(dossier: bytes) -> str:
    """Return the name of the one folder in the tar, from the dossier's id (16 bytes)."""
    return f"dossier-{dossier.hex()}"


def write_bag(
    draft: Draft, roster_envelope: Envelope, approvals: Sequence[Envelope], open_exhibit: OpenExhibit, sink: Sink
) -> None:
    """Write the tar of a bag, piece by piece.

    Args:
        draft: as proposed.
        roster_envelope: the roster in force when it was proposed, signed by the root.
        approvals: one envelope for each reviewer who approved, the proposer's among them.
        open_exhibit: gives the bytes of an exhibit by its SHA-256 (32 bytes).
        sink: takes each piece.

    Raises:
        ApprovalError: the approvals do not let it leave; nothing was written then.
        RosterError: the roster is malformed.
        DossierError: the draft is out of bounds, or an exhibit is not the one that the draft names; what was written
            is then no bag and must be thrown away.
    """
    roster = Roster.decode(roster_envelope.payload)
    tags = _tags(draft, roster, roster_envelope, approvals)
    texts = text_files(draft, roster)
    writer = _Writer(folder_name(draft.dossier), sink)
    for name in TAG_FILES:
        writer.add(name, len(tags[name]), iter([tags[name]]))
    for name, content in texts.items():
        writer.add(name, len(content), iter([content]))
    for path, exhibit in zip(draft.paths, draft.exhibits, strict=True):
        writer.add(path, exhibit.size, _checked(exhibit, open_exhibit))
    writer.end()


def seal_bag(
    draft: Draft, roster_envelope: Envelope, approvals: Sequence[Envelope], open_exhibit: OpenExhibit, sink: Sink
) -> bytes:
    """Write the bag sealed to its office; arguments and errors are those of `write_bag`.

    Returns:
        SHA-256 (32 bytes) of the sealed file. When it raises, what was written is to be thrown away.
    """
    recipients = [draft.office.recipient, *(HybridIdentity.generate().recipient for _ in range(STANZAS - 1))]
    secrets.SystemRandom().shuffle(recipients)
    sealer = Sealer(recipients)
    digest = hashlib.sha256()

    def out(sealed: bytes) -> None:
        digest.update(sealed)
        sink(sealed)

    out(sealer.start())
    write_bag(draft, roster_envelope, approvals, open_exhibit, lambda piece: out(sealer.update(piece)))
    out(sealer.finish())
    return digest.digest()


def _tags(
    draft: Draft, roster: Roster, roster_envelope: Envelope, approvals: Sequence[Envelope]
) -> Mapping[str, bytes]:
    dossier_file = dossier_json(draft, roster)
    dossier = Dossier.decode(dossier_file)
    approved = check_approvals(approvals, dossier.digest, draft.office.digest, roster, draft.proposer)
    sizes = [one.size for one in draft.exhibits] + [len(content) for content in text_files(draft, roster).values()]
    tags = {
        "bagit.txt": BAGIT,
        "bag-info.txt": bag_info(dossier, roster, approved, Payload(sum(sizes), len(sizes))),
        "dossier.json": dossier_file,
        "roster.json": roster_envelope.encode(),
        "approvals.json": encode_approvals(approvals),
        **manifest_files(draft, roster),
    }
    return tags | tag_manifests(tags)


def _checked(exhibit: DraftExhibit, open_exhibit: OpenExhibit) -> Iterator[bytes]:
    sha256, sha512 = hashlib.sha256(), hashlib.sha512()
    for piece in open_exhibit(exhibit.sha256):
        sha256.update(piece)
        sha512.update(piece)
        yield piece
    if (sha256.digest(), sha512.digest()) != (exhibit.sha256, exhibit.sha512):
        raise DossierError("dossier: an exhibit is not the one that was approved")


class _Writer:
    """Writes the files of one folder as a tar."""

    def __init__(self, folder: str, sink: Sink) -> None:
        self._folder = folder
        self._sink = sink
        self._written = 0

    def add(self, name: str, size: int, content: Iterator[bytes]) -> None:
        """Write one file; `DossierError` when the content has another size."""
        self._put(member_header(f"{self._folder}/{name}", size))
        left = size
        for piece in content:
            left -= len(piece)
            if left < 0:
                break
            self._put(piece)
        if left:
            raise DossierError("dossier: an exhibit has another size than was approved")
        self._put(padding(size))

    def end(self) -> None:
        """Close the tar."""
        self._put(ending(self._written))

    def _put(self, data: bytes) -> None:
        self._written += len(data)
        self._sink(data)
