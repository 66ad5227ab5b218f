"""The letter: what a source wrote, as it stands inside the seal, with one MAC for each reviewer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from crypto.conversation import check_letter_mac, letter_mac, letter_mac_key, letter_mac_key_for_reviewer
from crypto.errors import CryptoError
from crypto.hybrid import HybridRecipient
from wire.errors import LetterError
from wire.fields import Fields, Json, dump, encode_base64, parse_object
from wire.files import LIMITS as FILE_LIMITS
from wire.files import File, check_listing
from wire.keysheet import read_week
from wire.roster import LIMITS as ROSTER_LIMITS
from wire.roster import Roster, is_reviewer_id
from wire.shelf import BITS as SHELF_BITS
from wire.week import Week

LETTER_SIZE = 65_536
PART_SIZE = 1_048_576
REPLY_SIZE = 16_384

SEALED = ("before", "device", "arrival")

_MAC_CONTEXT = b"lapwing/v1/letter"
_FILE_COLUMNS = ("name", "type", "offset", "length", "sha256")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


@dataclass(frozen=True)
class Limits:
    """What a letter may hold."""

    story: int = 4_000  # bytes of UTF-8
    fields: int = 6_000  # bytes of compact JSON
    number: int = 1_000_000
    shelf: int = 2**SHELF_BITS - 1


LIMITS = Limits()


@dataclass(frozen=True)
class Letter:
    """A tip or follow-up.

    Attributes:
        instance: 16 bytes.
        sheet: SHA-256 of the key sheet that it is sealed to, 32 bytes.
        week: of that sheet.
        conversation: the source's X25519 public key, 32 bytes.
        tip: 16 bytes; a form sent twice has the same.
        number: 1 for the first letter of the conversation, then counting; at most 1,000,000.
        sealed: ``before`` the source came, on their ``device``, or on ``arrival``.
        reply_to: to whom replies are sealed.
        shelf: first 16 bits of the source's shelf value, 0 to 65,535: where replies are looked for.
        case_key: 32 bytes in letter number 1, None in every other.
        not_to: ids of reviewers who were left out.
        language: such as ``en`` or ``fr``.
        fields: the answers of the tip form, at most 6,000 bytes of JSON.
        story: at most 4,000 bytes of UTF-8; a longer one is a file.
        files: at most 101, one after the other without a gap.
        parts: SHA-256 of each part of the files, in order, at most 64; or of the index.
        index: true if `parts` names the parts of the index instead.
        claim: commitment (32 bytes) to the keys of claim words; None unless the source chose to make one.

    Raises:
        LetterError: the values do not make a letter.
    """

    instance: bytes
    sheet: bytes
    week: Week
    conversation: bytes
    tip: bytes
    number: int
    sealed: str
    reply_to: HybridRecipient
    shelf: int
    case_key: bytes | None
    not_to: tuple[str, ...]
    language: str
    fields: Mapping[str, Json]
    story: str
    files: tuple[File, ...] = ()
    parts: tuple[bytes, ...] = ()
    index: bool = False
    claim: bytes | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.number <= LIMITS.number or self.sealed not in SEALED:
            raise LetterError("letter: its number is out of range, or how it was sealed is unknown")
        if not 0 <= self.shelf <= LIMITS.shelf:
            raise LetterError("letter: its shelf is out of range")
        if (self.case_key is None) == (self.number == 1):
            raise LetterError("letter: the case key stands in the first letter and in no other")
        if len(set(self.not_to)) != len(self.not_to) or not _LANGUAGE.fullmatch(self.language):
            raise LetterError("letter: a reviewer is left out twice, or the language is none")
        if not all(is_reviewer_id(one) for one in self.not_to):
            raise LetterError("letter: who is left out is no reviewer's id")
        if len(self.story.encode()) > LIMITS.story or len(dump(self.fields)) > LIMITS.fields:
            raise LetterError("letter: the story or the fields are too long", "too_much")
        check_listing(self.files, self.parts, index=self.index)


def encode(letter: Letter, conversation_private: PrivateKey, roster: Roster) -> bytes:
    """Return the two lines of a letter, without padding and without the last line feed.

    Args:
        letter: what to write.
        conversation_private: the secret half of `Letter.conversation`.
        roster: one MAC is made for each of its reviewers who is not left out.

    Raises:
        LetterError: a reviewer's key in the roster is no Ed25519 key.
    """
    content = encode_content(letter)
    message = _MAC_CONTEXT + letter.instance + content
    try:
        macs = {
            reviewer.id: letter_mac(letter_mac_key(conversation_private, reviewer.key), message).hex()
            for reviewer in roster.reviewers
            if reviewer.id not in letter.not_to
        }
    except CryptoError:
        raise LetterError("letter: a reviewer's key in the roster is no Ed25519 key", "sheet") from None
    return content + b"\n" + dump({"macs": macs})


def encode_content(letter: Letter) -> bytes:
    """Return the first line of a letter, without its line feed."""
    values: dict[str, object] = {
        "v": 1,
        "instance": letter.instance.hex(),
        "sheet": letter.sheet.hex(),
        "week": str(letter.week),
        "conversation": letter.conversation.hex(),
        "tip": letter.tip.hex(),
        "number": letter.number,
        "sealed": letter.sealed,
        "reply_to": encode_base64(letter.reply_to.raw),
        "shelf": letter.shelf,
    }
    if letter.case_key is not None:
        values["case_key"] = letter.case_key.hex()
    if letter.claim is not None:
        values["claim"] = letter.claim.hex()
    values |= {
        "not_to": letter.not_to,
        "language": letter.language,
        "fields": letter.fields,
        "story": letter.story,
        "files": [(one.name, one.type, one.offset, one.length, encode_base64(one.sha256)) for one in letter.files],
        "parts": [encode_base64(name) for name in letter.parts],
        "index": letter.index,
    }
    return dump(values)


def decode(plaintext: bytes) -> tuple[Letter, bytes, dict[str, bytes]]:
    """Read the plaintext of a letter.

    Returns:
        The letter, its first line as it was written (what the MACs cover), and the MACs by reviewer id. Whether the
        MAC holds is for `verify_letter`.

    Raises:
        LetterError: it is no letter.
    """
    lines = plaintext.split(b"\n") if len(plaintext) <= LETTER_SIZE else []
    if len(lines) != 3 or lines[2]:
        raise LetterError("letter: not two lines and padding")
    content = lines[0]
    letter = decode_content(content)
    fields = parse_object(lines[1].rstrip(b" "), LETTER_SIZE, "letter", LetterError)
    macs = fields.object("macs")
    fields.end()
    names = macs.names()
    if not 1 <= len(names) <= ROSTER_LIMITS.reviewers or not all(is_reviewer_id(name) for name in names):
        raise LetterError("letter: not 1 to 16 macs, each under a reviewer's id")
    return letter, content, {name: macs.hex(name, 32) for name in names}


def decode_content(untrusted: bytes) -> Letter:
    """Read the first line of a letter; `LetterError` if it is none."""
    fields = parse_object(untrusted, LETTER_SIZE, "letter", LetterError)
    fields.integer("v", 1, 1)
    letter = Letter(
        instance=fields.hex("instance", 16),
        sheet=fields.hex("sheet", 32),
        week=read_week(fields),
        conversation=fields.hex("conversation", 32),
        tip=fields.hex("tip", 16),
        number=fields.integer("number", 1, LIMITS.number),
        sealed=fields.choice("sealed", SEALED),
        reply_to=_read_recipient(fields),
        shelf=fields.integer("shelf", 0, LIMITS.shelf),
        case_key=fields.optional_hex("case_key", 32),
        claim=fields.optional_hex("claim", 32),
        not_to=fields.texts("not_to", ROSTER_LIMITS.reviewers, 32),
        language=fields.text("language", 21),
        fields=fields.mapping("fields", LIMITS.fields),
        story=fields.text("story", LIMITS.story),
        files=tuple(_read_file(one) for one in fields.rows("files", _FILE_COLUMNS, FILE_LIMITS.files)),
        parts=fields.base64s("parts", 32, FILE_LIMITS.parts),
        index=fields.boolean("index"),
    )
    fields.end()
    return letter


def verify_letter(
    letter: Letter, content: bytes, macs: Mapping[str, bytes], reviewer: str, signing: SigningKey
) -> None:
    """Return if the MAC for this reviewer holds: the owner of the codename wrote the content, or the reviewer did.

    Args:
        letter: as `decode` gave it.
        content: the first line, as `decode` gave it.
        macs: as `decode` gave them.
        reviewer: the reader's own id.
        signing: the reader's own signing key.

    Raises:
        LetterError: (kind ``mac``) there is no MAC for this reviewer, or it does not hold.
    """
    try:
        key = letter_mac_key_for_reviewer(signing, letter.conversation)
        check_letter_mac(key, _MAC_CONTEXT + letter.instance + content, macs.get(reviewer, b""))
    except CryptoError:
        raise LetterError("letter: not verified as written by the owner of its conversation", "mac") from None


def _read_file(fields: Fields) -> File:
    return File(
        name=fields.text("name", FILE_LIMITS.name),
        type=fields.text("type", FILE_LIMITS.type),
        offset=fields.integer("offset", 0, FILE_LIMITS.total),
        length=fields.integer("length", 0, FILE_LIMITS.total),
        sha256=fields.base64("sha256", 32, 32),
    )


def _read_recipient(fields: Fields) -> HybridRecipient:
    try:
        return HybridRecipient(fields.base64("reply_to", 1216, 1216))
    except CryptoError:
        fields.refuse("reply_to", "is not a post-quantum recipient")
