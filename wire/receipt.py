"""What an office answers: that it opened a dossier, a question, or the outcome. docs/format.md, "Receipt"."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from crypto.errors import SignatureError
from wire.errors import ReceiptError
from wire.fields import Json, dump, parse_object
from wire.office import Office
from wire.outcome import Outcome
from wire.shape import Day

PAYLOAD_TYPE: Final = "application/vnd.lapwing.receipt+json"

Kind = Literal["receipt", "question", "outcome"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True)
class Limits:
    """What is accepted at most."""

    text: int = 4_000  # bytes of UTF-8
    payload: int = 5_800  # bytes of JSON: as an envelope it fits into one case event


LIMITS = Limits()


@dataclass(frozen=True)
class Receipt:
    """One answer of an office.

    Attributes:
        instance: the organisation, 16 bytes.
        dossier: SHA-256 (32 bytes) of the dossier.json that it answers.
        office: the answering office's digest, 32 bytes.
        opened: the day (UTC) by the office's clock.
        kind: a plain receipt, a question, or the outcome.
        text: at most 4,000 bytes of UTF-8 (5,800 with its escapes in JSON); empty in a plain receipt alone.
        outcome: the same in fields that rules can read, where the office gave them; only where kind is ``outcome``.
    """

    instance: bytes
    dossier: bytes
    office: bytes
    opened: date
    kind: Kind
    text: str
    outcome: Outcome | None = None

    def encode(self) -> bytes:
        """Return the payload that is signed.

        Raises:
            ReceiptError: the text is too long, or it or the outcome does not go with the kind.
        """
        fields: dict[str, Json] = {
            "v": 1,
            "instance": self.instance.hex(),
            "dossier": self.dossier.hex(),
            "office": self.office.hex(),
            "opened": self.opened.isoformat(),
            "kind": self.kind,
            "text": self.text,
        }
        payload = dump(fields if self.outcome is None else {**fields, "outcome": self.outcome.write()})
        Receipt.decode(payload)
        return payload

    @classmethod
    def decode(cls, untrusted: bytes) -> "Receipt":
        """Read a payload; nothing in it is trusted before `open_receipt`.

        Raises:
            ReceiptError: it is no receipt.
        """
        fields = parse_object(untrusted, LIMITS.payload, "receipt", ReceiptError)
        fields.integer("v", 1, 1)
        opened = Day().read(fields, "opened")
        assert opened is not None
        kind = next(kind for kind in KINDS if kind == fields.choice("kind", KINDS))
        receipt = cls(
            instance=fields.hex("instance", 16),
            dossier=fields.hex("dossier", 32),
            office=fields.hex("office", 32),
            opened=opened,
            kind=kind,
            text=fields.text("text", LIMITS.text),
            outcome=Outcome.read(fields.object("outcome")) if fields.has("outcome") else None,
        )
        fields.end()
        if (kind == "receipt") != (receipt.text.strip() == ""):
            raise ReceiptError("receipt: a question or an outcome has a text, a plain receipt has none")
        if receipt.outcome is not None and kind != "outcome":
            raise ReceiptError("receipt: what came of a dossier stands in an outcome alone")
        return receipt


def sign_receipt(receipt: Receipt, key: SigningKey) -> Envelope:
    """Return the answer signed with the office's key.

    Raises:
        ReceiptError: the text is too long, or it or the outcome does not go with the kind.
    """
    return sign(PAYLOAD_TYPE, receipt.encode(), key)


def open_receipt(envelope: Envelope, office: Office, dossier: bytes) -> Receipt:
    """Return an office's answer to a dossier.

    Args:
        envelope: as it came.
        office: the office that the dossier was sent to.
        dossier: SHA-256 (32 bytes) of its dossier.json.

    Raises:
        ReceiptError: not signed by that office, malformed, or an answer to something else.
    """
    try:
        envelope.verify(PAYLOAD_TYPE, {office.key})
    except SignatureError:
        raise ReceiptError("receipt: not signed by the office that the dossier was sent to") from None
    receipt = Receipt.decode(envelope.payload)
    if receipt.office != office.digest:
        raise ReceiptError("receipt: it names another office than the one that signed it")
    if receipt.dossier != dossier:
        raise ReceiptError("receipt: it answers another dossier")
    return receipt
