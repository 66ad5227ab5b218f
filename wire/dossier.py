"""dossier.json: what approvers sign, office and verifier hold everything else against. docs/format.md, "Dossier".

`dossier_json` is pure, so that an approver's app rebuilds it from the draft and signs only what it wrote itself.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from wire.claim import Commitment
from wire.draft import LIMITS as DRAFT_LIMITS
from wire.draft import (
    CustodyEntry,
    Draft,
    DraftExhibit,
    Form,
    Language,
    read_claim,
    read_day,
    read_form,
    read_language,
)
from wire.errors import DossierError, RosterError
from wire.fields import Fields, dump, parse_object
from wire.known import ListedLetter, encode_file, read_listed
from wire.manifest import ALGORITHMS, ATTESTATIONS, LIMITS, exhibit_path, write_manifest
from wire.office import Office, read_office
from wire.report import text_report
from wire.report_html import html_report
from wire.roster import LIMITS as ROSTER_LIMITS
from wire.roster import Roster

__all__ = [
    "CustodyEntry",
    "Dossier",
    "Draft",
    "DraftExhibit",
    "ListedExhibit",
    "dossier_json",
    "manifest_files",
    "text_files",
]

SIZE_LIMIT: Final = 131_072
"""Most bytes of dossier.json."""


@dataclass(frozen=True)
class ListedExhibit:
    """An exhibit as dossier.json lists it.

    Attributes:
        path: where it stands in the bag.
        name: as the source or a reviewer called it.
        type: its media type.
        size: bytes.
        sha256: 32 bytes.
        form: ``original`` or ``safe copy``.
    """

    path: str
    name: str
    type: str
    size: int
    sha256: bytes
    form: Form


@dataclass(frozen=True)
class Dossier:
    """A dossier as approved.

    Attributes:
        instance: the organisation, 16 bytes.
        dossier: its id, 16 bytes.
        on: the day (UTC) on which it was proposed; the roster must have been in force on it.
        language: of the report.
        title: one line.
        purpose: what the office may use it for.
        office: who receives it.
        roster_version: version of the roster.
        roster: SHA-256 (32 bytes) of the roster's payload.
        proposer: id of the proposing reviewer.
        manifests: SHA-256 (32 bytes) of manifest-sha256.txt and of manifest-sha512.txt.
        exhibits: every exhibit of the bag.
        claim: commitment by which the source can prove that they wrote the tip; None unless reviewers released it.
        known: letters of which it is told since when they were known.
        digest: SHA-256 (32 bytes) of dossier.json, which approvers sign and receipts name.
    """

    instance: bytes
    dossier: bytes
    on: date
    language: Language
    title: str
    purpose: str
    office: Office
    roster_version: int
    roster: bytes
    proposer: str
    manifests: tuple[bytes, bytes]
    exhibits: tuple[ListedExhibit, ...]
    claim: Commitment | None
    known: tuple[ListedLetter, ...]
    digest: bytes

    @classmethod
    def decode(cls, untrusted: bytes) -> "Dossier":
        """Read dossier.json; it is not approved before `wire.approval.check_approvals`.

        Raises:
            DossierError: it is none.
        """
        fields = parse_object(untrusted, SIZE_LIMIT, "dossier", DossierError)
        fields.integer("v", 1, 1)
        exhibits = fields.objects("exhibits", LIMITS.exhibits)
        dossier = cls(
            instance=fields.hex("instance", 16),
            dossier=fields.hex("dossier", 16),
            on=read_day(fields, "on"),
            language=read_language(fields),
            title=fields.line("title", DRAFT_LIMITS.title, 1),
            purpose=fields.line("purpose", DRAFT_LIMITS.line, 1),
            office=read_office(fields.object("office"), DossierError),
            roster_version=fields.integer("roster_version", 1, ROSTER_LIMITS.version),
            roster=fields.hex("roster", 32),
            proposer=fields.line("proposer", DRAFT_LIMITS.id, 1),
            manifests=(fields.hex("manifest_sha256", 32), fields.hex("manifest_sha512", 32)),
            exhibits=tuple(_read_exhibit(one, number) for number, one in enumerate(exhibits, 1)),
            claim=read_claim(fields),
            known=read_listed(fields),
            digest=hashlib.sha256(untrusted).digest(),
        )
        fields.end()
        return dossier


def _read_exhibit(fields: Fields, number: int) -> ListedExhibit:
    exhibit = ListedExhibit(
        path=fields.line("path", LIMITS.path, 1),
        name=fields.line("name", DRAFT_LIMITS.line, 1),
        type=fields.line("type", DRAFT_LIMITS.line, 0),
        size=fields.integer("size", 0, LIMITS.file),
        sha256=fields.hex("sha256", 32),
        form=read_form(fields),
    )
    fields.end()
    if exhibit.path != exhibit_path(number, exhibit.name):
        fields.refuse("path", "does not follow from number and name")
    return exhibit


def text_files(draft: Draft, roster: Roster) -> dict[str, bytes]:
    """Return the payload that is written by us, by its names in the bag, in their order.

    Raises:
        AttestationError: what the draft tells of a letter does not hold under this roster.
        DossierError: the proposer is not on the roster.
    """
    custody = {
        "v": 1,
        "dossier": draft.dossier.hex(),
        "custody": [
            {
                "on": one.on.isoformat(),
                "who": one.who,
                "what": one.what,
                **({} if one.sha256 is None else {"sha256": one.sha256.hex()}),
            }
            for one in draft.custody
        ],
    }
    try:
        html, text = html_report(draft, roster), text_report(draft, roster)
    except RosterError:
        raise DossierError("dossier: its proposer is not on the roster") from None
    attestations = {ATTESTATIONS: encode_file(draft.dossier, draft.known)} if draft.known else {}
    return {
        "data/custody.json": dump(custody) + b"\n",
        "data/report.html": html,
        "data/report.txt": text,
    } | attestations


def manifest_files(draft: Draft, roster: Roster) -> dict[str, bytes]:
    """Return manifest-sha256.txt and manifest-sha512.txt, by their names.

    Raises:
        DossierError: the proposer is not on the roster.
    """
    texts = text_files(draft, roster)
    exhibits = list(zip(draft.paths, draft.exhibits, strict=True))
    known = {
        "sha256": {path: one.sha256 for path, one in exhibits},
        "sha512": {path: one.sha512 for path, one in exhibits},
    }
    return {
        f"manifest-{algorithm}.txt": write_manifest(
            known[algorithm] | {path: hashlib.new(algorithm, content).digest() for path, content in texts.items()}
        )
        for algorithm in ALGORITHMS
    }


def dossier_json(draft: Draft, roster: Roster) -> bytes:
    """Return dossier.json; its SHA-256 is what approvers sign.

    The same draft and roster give the same bytes in every app of one version of Lapwing.

    Raises:
        DossierError: the draft is out of bounds, its proposer is not on the roster, or the roster had expired.
        AttestationError: what it tells of a letter does not hold under this roster.
    """
    known = draft.shown(roster)
    draft.encode()
    if draft.on > roster.expires:
        raise DossierError("dossier: the roster had expired on the day of the proposal")
    manifests = manifest_files(draft, roster)
    return dump(
        {
            "v": 1,
            "instance": roster.instance.hex(),
            "dossier": draft.dossier.hex(),
            "on": draft.on.isoformat(),
            "language": draft.language,
            "title": draft.title,
            "purpose": draft.purpose,
            "office": draft.office.values(),
            "roster_version": roster.version,
            "roster": roster.digest.hex(),
            "proposer": draft.proposer,
            **{
                f"manifest_{algorithm}": hashlib.sha256(manifests[f"manifest-{algorithm}.txt"]).hexdigest()
                for algorithm in ALGORITHMS
            },
            "exhibits": [
                {
                    "path": path,
                    "name": one.name,
                    "type": one.type,
                    "size": one.size,
                    "sha256": one.sha256.hex(),
                    "form": one.form,
                }
                for path, one in zip(draft.paths, draft.exhibits, strict=True)
            ],
            **({} if draft.claim is None else {"claim": draft.claim.encode()}),
            **({"known": [ListedLetter.of(one.known).values() for one in known]} if known else {}),
        }
    )
