"""A source who seals with the client, and the reviewers who open what it made with Python."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crypto.codename import CodenameKeys
from tests.client.node import Core, sendable
from tests.wire.organisation import Organisation, new_keys
from wire.letter import Letter, verify_letter
from wire.opening import OpenLetter, open_letter, read_files

TIP = bytes(range(16))
PIECE = 100_000  # bytes that are written at once


def sent_keys(keys: CodenameKeys) -> dict[str, object]:
    """The keys of a codename as the driver takes them."""
    raw = {
        "reply_seed": keys.reply.seed,
        "reply_recipient": keys.reply.recipient.raw,
        "conversation": bytes(keys.conversation),
        "conversation_public": bytes(keys.conversation.public_key),
        "shelf": keys.shelf,
        "case_key": keys.case_key,
    }
    return {name: sendable(value) for name, value in raw.items()}


@dataclass
class Source:
    """Somebody with a codename and the client.

    Attributes:
        core: the client.
        folder: where parts go, and files come from.
        organisation: to whom.
        keys: of the codename.
    """

    core: Core
    folder: Path
    organisation: Organisation = field(default_factory=Organisation)
    keys: CodenameKeys = field(default_factory=new_keys)

    def seal(
        self,
        files: Iterable[tuple[str, str, bytes]] = (),
        *,
        piece: int = PIECE,
        not_to: Sequence[str] = (),
        sealed: str = "device",
        number: int = 1,
        language: str = "en",
        fields: Mapping[str, object] | None = None,
        story: str = "",
        claim: bytes | None = None,
    ) -> bytes:
        """Have the client seal a letter with these files (name, type and content of each)."""
        return decoded(
            self.core.ask(
                "seal",
                sheet=self.organisation.sheet.encode(),
                roster=self.organisation.roster.encode(),
                keys=sent_keys(self.keys),
                sealed=sealed,
                not_to=list(not_to),
                folder=str(self.folder),
                files=[self._on_disk(*file) for file in files],
                piece=piece,
                tip=TIP,
                number=number,
                language=language,
                fields=fields or {},
                story=story,
                **({} if claim is None else {"claim": claim}),
            )
        )

    def _on_disk(self, name: str, media_type: str, content: bytes) -> dict[str, str]:
        path = self.folder / f"file-{hashlib.sha256(content).hexdigest()}"
        path.write_bytes(content)
        return {"name": name, "type": media_type, "path": str(path)}

    def parts(self) -> list[bytes]:
        """Return the parts in the order in which the client handed them out."""
        found = sorted((path for path in self.folder.iterdir() if path.name.isdigit()), key=lambda path: int(path.name))
        return [path.read_bytes() for path in found]

    def opened(self, sealed: bytes, reviewer: str = "r1") -> OpenLetter:
        """Open and verify a letter as one of its reviewers does."""
        opened = open_letter(sealed, [self.organisation.period[reviewer]])
        signing = self.organisation.signing[reviewer]
        verify_letter(opened.letter, opened.content, opened.macs, reviewer, signing)
        return opened

    def files_of(self, letter: Letter, reviewer: str = "r1") -> dict[str, bytes]:
        """Read the files of a letter from the parts, each checked."""
        by_name = {hashlib.sha256(part).digest(): part for part in self.parts()}
        read = read_files(letter, by_name.__getitem__, [self.organisation.period[reviewer]])
        return {file.name: b"".join(content) for file, content in read}


def decoded(answer: object) -> bytes:
    """The bytes that an answer of the driver is."""
    assert isinstance(answer, str)
    return base64.b64decode(answer, validate=True)
