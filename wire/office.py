"""An office: who receives dossiers, under which two keys. Its card is a public file that it hands to the organisation.

docs/format.md, "Dossier".
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from crypto.errors import KeyFormatError
from crypto.hybrid import HybridRecipient
from wire.errors import OfficeError, WireError
from wire.fields import Fields, dump, is_one_line, parse_object

CARD_LIMIT: Final = 8_192
"""Most bytes of a card."""

NAME_LIMIT: Final = 120
"""Most characters of an office's name."""

RECIPIENT_CHARACTERS: Final = 1_959
"""Characters of a recipient as text, `age1pq1…`."""


@dataclass(frozen=True)
class Office:
    """An office that receives dossiers.

    Attributes:
        name: one line of 1 to 120 characters.
        recipient: what dossiers are sealed to (1,216 bytes).
        key: the Ed25519 public key (32 bytes) that its receipts are signed with.

    Raises:
        OfficeError: the values make no office.
    """

    name: str
    recipient: HybridRecipient
    key: bytes

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= NAME_LIMIT or not is_one_line(self.name):
            raise OfficeError(f"office: its name is not one line of 1 to {NAME_LIMIT} characters")
        if len(self.key) != 32:
            raise OfficeError("office: its signing key is not 32 bytes")

    @property
    def digest(self) -> bytes:
        """SHA-256 (32 bytes) of the recipient's 1,216 bytes and the signing key's 32: the two keys are the office."""
        return hashlib.sha256(self.recipient.raw + self.key).digest()

    def values(self) -> dict[str, object]:
        """Return the office as the fields of a JSON object."""
        return {"name": self.name, "recipient": self.recipient.encode(), "key": self.key.hex()}

    def encode(self) -> bytes:
        """Return the card: one line of JSON that ends with a line feed."""
        return dump({"v": 1, "kind": "lapwing-office", **self.values()}) + b"\n"

    @classmethod
    def decode(cls, untrusted: bytes) -> "Office":
        """Read a card. That it is genuine must be asked of the office by another way: compare the digests.

        Raises:
            OfficeError: it is no card.
        """
        fields = parse_object(untrusted, CARD_LIMIT, "office card", OfficeError)
        fields.integer("v", 1, 1)
        fields.choice("kind", ("lapwing-office",))
        return read_office(fields)


def read_office(fields: Fields, error: type[WireError] = OfficeError) -> Office:
    """Read an office from the fields of a JSON object, and close them.

    Raises:
        WireError: (as ``error``, the class that ``fields`` was made with) it is no office.
    """
    name = fields.text("name", 4 * NAME_LIMIT)
    text = fields.text("recipient", RECIPIENT_CHARACTERS)
    key = fields.hex("key", 32)
    fields.end()
    try:
        return Office(name, HybridRecipient.parse(text), key)
    except KeyFormatError:
        raise error("office: its recipient is no age1pq1… key") from None
    except OfficeError as wrong:
        raise error(str(wrong)) from None
