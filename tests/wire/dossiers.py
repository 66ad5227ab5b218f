"""Dossiers for tests: a throwaway organisation, an office, a draft with exhibits, its approvals and its bag."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from nacl.signing import SigningKey

from crypto.dsse import Envelope
from crypto.hybrid import HybridIdentity
from tests.wire.organisation import TODAY, Organisation
from wire.approval import Approval, sign_approval
from wire.bag import write_bag
from wire.dossier import CustodyEntry, Draft, DraftExhibit, dossier_json
from wire.draft import Form
from wire.office import Office

STORY = "Ivoire vendu en ligne.\nNgà voi được rao bán.\n网上出售象牙。\n\n<script>alert(1)</script> عاج للبيع"
PHOTO = b"\xff\xd8\xff\xe0 a photograph " * 4_000
RECORD = b"chat,2026-11-01\n"


def exhibit(name: str, content: bytes, form: Form = "safe copy", origin: str = "", kind: str = "") -> DraftExhibit:
    """Return an exhibit of that content."""
    return DraftExhibit(
        name=name,
        type=kind,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        sha512=hashlib.sha512(content).digest(),
        form=form,
        origin=origin,
    )


@dataclass
class Desk:
    """Reviewers at work on one dossier, and the office that it goes to."""

    organisation: Organisation = field(default_factory=Organisation)
    contents: tuple[bytes, ...] = (PHOTO, RECORD)
    identity: HybridIdentity = field(default_factory=HybridIdentity.generate)
    office_key: SigningKey = field(default_factory=SigningKey.generate)

    @cached_property
    def office(self) -> Office:
        """The office."""
        return Office("Parquet de Lyon", self.identity.recipient, bytes(self.office_key.verify_key))

    @cached_property
    def draft(self) -> Draft:
        """A draft with a photograph and a record."""
        photo = exhibit("tusks é.JPG", PHOTO, origin="made by Desk r2 from the tip", kind="image/jpeg")
        return Draft(
            dossier=bytes(range(100, 116)),
            title="Ivory sold online: two listings",
            purpose="Criminal investigation under the CITES regulation",
            language="en",
            office=self.office,
            proposer="r1",
            on=TODAY,
            summary="Two listings by one seller.",
            fields={"species": "Loxodonta africana", "seller_handles": "<b>tusk</b>\nking", "reward_wish": "unsure"},
            story=STORY,
            exhibits=(photo, exhibit("chat log.exe", RECORD, "original", kind="text/csv")),
            custody=(
                CustodyEntry(date(2026, 11, 24), "Desk r2", "received with the tip", photo.sha256),
                CustodyEntry(TODAY, "Desk r1", "proposed this dossier", None),
            ),
        )

    def approve(self, signer: str, draft: Draft | None = None, **changes: Any) -> Envelope:
        """Return the reviewer's approval of a draft; ``changes`` alter what it says before it is signed."""
        draft = draft or self.draft
        roster = self.organisation.roster
        digest = hashlib.sha256(dossier_json(draft, roster)).digest()
        approval = Approval(roster.instance, digest, draft.office.digest, roster.digest, draft.proposer, signer)
        return sign_approval(replace(approval, **changes), self.organisation.signing[signer])

    @cached_property
    def approvals(self) -> tuple[Envelope, ...]:
        """Enough approvals: the proposer's and another."""
        return (self.approve("r1"), self.approve("r2"))

    def open_exhibit(self, sha256: bytes) -> Iterator[bytes]:
        """Give the bytes of an exhibit in two pieces."""
        for content in self.contents:
            if hashlib.sha256(content).digest() == sha256:
                yield content[:1000]
                yield content[1000:]

    def bag(self, draft: Draft | None = None, approvals: Sequence[Envelope] | None = None) -> bytes:
        """Return the tar of a draft's bag, with enough approvals."""
        pieces: list[bytes] = []
        draft = draft or self.draft
        if approvals is None:
            approvals = (self.approve("r1", draft), self.approve("r2", draft))
        write_bag(draft, self.organisation.roster_envelope, approvals, self.open_exhibit, pieces.append)
        return b"".join(pieces)
