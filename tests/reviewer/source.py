"""A source for tests: seals letters with files to the key sheet in force and lays them on the shelves."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crypto.codename import Codename, CodenameKeys
from crypto.seal import Sealer, plaintext_size_for
from tests.reviewer.office_hours import INSTANCE, OfficeHours
from wire.content_kind import case_of_tip
from wire.letter import LETTER_SIZE, Letter, encode
from wire.mailbox import Mailbox, open_replies
from wire.sealing import LetterSealer
from wire.shelf import shelf_of
from wire.stanzas import recipients_for, sheet_stanza

STORY = "Une annonce: pangolin, écailles. Vảy tê tê, 穿山甲鳞片, ngà voi."


@dataclass
class Source:
    """Somebody with a codename."""

    office: OfficeHours
    keys: CodenameKeys = field(default_factory=lambda: Codename.generate().derive(INSTANCE))
    number: int = 0

    @property
    def case_id(self) -> bytes:
        """The case that their letters make."""
        return case_of_tip(INSTANCE, bytes(self.keys.conversation.public_key))

    def send(
        self,
        story: str = STORY,
        files: Mapping[str, bytes] | None = None,
        fields: Mapping[str, str] | None = None,
        not_to: tuple[str, ...] = (),
        tip: bytes | None = None,
        claim: bytes | None = None,
    ) -> bytes:
        """Send the next letter; returns its name."""
        parts: list[bytes] = []
        sealer = LetterSealer(self.office.sheet(), self.office.roster, self.keys, "arrival", not_to, store=parts.append)
        for name, content in (files or {}).items():
            sealer.start_file(name, "application/octet-stream")
            sealer.write(content)
            sealer.end_file()
        self.number += 1
        letter = sealer.finish(tip or secrets.token_bytes(16), self.number, "fr", fields or {}, story, claim=claim)
        for part in parts:
            self.office.shelves.put("parts", part)
        return self.office.shelves.put("letters", letter)

    def copy(self, letter: Letter) -> bytes:
        """Send a letter in our own name that says all that another letter says, its parts and its key sheet too."""
        ours = replace(
            letter,
            conversation=bytes(self.keys.conversation.public_key),
            case_key=self.keys.case_key,
            reply_to=self.keys.reply.recipient,
            shelf=shelf_of(self.keys.shelf),
        )
        sheet = self.office.sheet()
        sealer = Sealer(recipients_for(sheet, ()), [sheet_stanza(ours.week, ours.sheet)])
        size = plaintext_size_for(sealer.header_size, LETTER_SIZE)
        assert size is not None
        plaintext = encode(ours, self.keys.conversation, self.office.roster).ljust(size - 1) + b"\n"
        sealed = sealer.start() + sealer.update(plaintext) + sealer.finish()
        return self.office.shelves.put("letters", sealed)

    def mailbox(self) -> Mailbox:
        """What the source reads when they come back."""
        return open_replies(self.office.shelves.pieces["replies"].values(), self.keys, [self.office.roster])
