"""An organisation of today, and everything that a source downloads from it, as files."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from nacl.signing import SigningKey

from crypto.codename import CodenameKeys
from crypto.dsse import Envelope, sign
from tests.wire.organisation import Organisation
from wire import keysheet
from wire.bundle import sealer, sealer_digest
from wire.keysheet import KeySheet, PeriodKey, build_sheet
from wire.letter import LETTER_SIZE, PART_SIZE, verify_letter
from wire.opening import OpenLetter, open_letter, read_files
from wire.reply import Reply, recipient_digest, seal_reply
from wire.roster import PAYLOAD_TYPE, Roster
from wire.week import Week


def utc_today() -> date:
    """The day by this computer's clock, which is the browser's."""
    return datetime.now(UTC).date()


@dataclass
class Office:
    """An organisation whose roster and key sheet are in force today.

    Attributes:
        folder: where files for the source go.
        organisation: everyone's keys.
        bits: width of the shelves.
    """

    folder: Path
    organisation: Organisation = field(default_factory=Organisation)
    bits: int = 5

    @cached_property
    def roster(self) -> Roster:
        """The roster, good for a year from today."""
        return replace(self.organisation.roster, expires=utc_today() + timedelta(days=365))

    @property
    def root(self) -> bytes:
        """The root's public key."""
        return bytes(self.organisation.root.verify_key)

    @property
    def envelope(self) -> bytes:
        """The roster as the root signed it."""
        return sign(PAYLOAD_TYPE, self.roster.encode(), self.organisation.root).encode()

    @cached_property
    def sealer(self) -> Path:
        """The sealer as it was downloaded."""
        return self.keep("sealer.html", sealer(self.root, self.envelope))

    def sheet(self, day: date | None = None, roster: Roster | None = None) -> KeySheet:
        """The key sheet of the week of a day, by default of today."""
        week, roster = Week.of(day or utc_today()), roster or self.roster
        keys = [PeriodKey(one, week, key.recipient, roster.digest) for one, key in self.organisation.period.items()]
        return build_sheet(roster, week, keys, self.bits, sealer=sealer_digest(self.root, self.envelope))

    def signed(self, sheet: KeySheet, reviewers: Sequence[str] = ("r1", "r2")) -> Envelope:
        """A key sheet signed by these reviewers."""
        first, *others = [self.sign(sheet.encode(), self.organisation.signing[one]) for one in reviewers]
        for other in others:
            first = first.with_signatures(other)
        return first

    @staticmethod
    def sign(payload: bytes, key: SigningKey) -> Envelope:
        """One signature under a key sheet."""
        return sign(keysheet.PAYLOAD_TYPE, payload, key)

    def downloaded(self, sheet: KeySheet | None = None) -> Path:
        """A key sheet as it was downloaded, by default this week's."""
        return self.keep("keysheet.json", self.signed(sheet or self.sheet()).encode())

    def keep(self, name: str, content: bytes) -> Path:
        """Write a file into the source's folder."""
        path = self.folder / name
        path.write_bytes(content)
        return path

    def opened(self, sealed: bytes, reviewer: str = "r1") -> OpenLetter:
        """Open the letter at the front of what was handed in, as one of its reviewers does."""
        opened = open_letter(sealed[:LETTER_SIZE], [self.organisation.period[reviewer]])
        verify_letter(opened.letter, opened.content, opened.macs, reviewer, self.organisation.signing[reviewer])
        return opened

    def files_of(self, sealed: bytes, reviewer: str = "r1") -> dict[str, bytes]:
        """Read the files behind the letter, each checked against its hash."""
        parts = [sealed[at : at + PART_SIZE] for at in range(LETTER_SIZE, len(sealed), PART_SIZE)]
        by_name = {hashlib.sha256(part).digest(): part for part in parts}
        letter = self.opened(sealed, reviewer).letter
        read = read_files(letter, by_name.__getitem__, [self.organisation.period[reviewer]])
        return {file.name: b"".join(content) for file, content in read}

    def reply(self, keys: CodenameKeys, text: str, *, number: int, seen: int, reviewer: str = "r1") -> bytes:
        """A reply of a reviewer to a source, sealed."""
        reply = Reply(
            instance=self.roster.instance,
            conversation=bytes(keys.conversation.public_key),
            reviewer=reviewer,
            number=number,
            seen=seen,
            week=Week.of(utc_today()),
            roster=self.roster.digest,
            recipient=recipient_digest(keys.reply.recipient),
            text=text,
        )
        return seal_reply(reply, self.organisation.signing[reviewer], keys.reply.recipient)
