"""Signed envelopes: DSSE v1 with Ed25519 (github.com/secure-systems-lab/dsse, protocol.md and envelope.md)."""

import base64
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from crypto.errors import EnvelopeError, SignatureError

KEY_SIZE = 32
SIGNATURE_SIZE = 64
ENVELOPE_LIMIT = 256 * 1024  # bytes of a whole envelope
SIGNATURES_LIMIT = 32

_PAYLOAD_TYPE = re.compile(r"[!-~]{1,255}")
_KEY_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Signature:
    """One signature.

    Attributes:
        key: the Ed25519 public key of the signer, 32 bytes.
        value: 64 bytes. Nothing is known about it until the envelope was verified.

    Raises:
        EnvelopeError: one of them has another length.
    """

    key: bytes
    value: bytes

    def __post_init__(self) -> None:
        if len(self.key) != KEY_SIZE or len(self.value) != SIGNATURE_SIZE:
            raise EnvelopeError("a signature has a key of 32 bytes and a value of 64")


@dataclass(frozen=True)
class Envelope:
    """A payload, its type, and who claims to have signed both. Trust nothing in it before ``verify``.

    Attributes:
        payload_type: 1 to 255 printable ASCII characters without a space.
        payload: any bytes.
        signatures: at most 32, no key twice.

    Raises:
        EnvelopeError: the type is malformed, there are too many signatures, or a key stands twice.
    """

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not _PAYLOAD_TYPE.fullmatch(self.payload_type):
            raise EnvelopeError("the payload type of the envelope is malformed")
        if len(self.signatures) > SIGNATURES_LIMIT:
            raise EnvelopeError(f"the envelope has more than {SIGNATURES_LIMIT} signatures")
        if len({signature.key for signature in self.signatures}) != len(self.signatures):
            raise EnvelopeError("the envelope has two signatures by one key")

    def encode(self) -> bytes:
        """Return the envelope as compact JSON; the key id is the public key in lower-case hexadecimal digits."""
        envelope = {
            "payload": _encode_base64(self.payload),
            "payloadType": self.payload_type,
            "signatures": [
                {"keyid": signature.key.hex(), "sig": _encode_base64(signature.value)} for signature in self.signatures
            ],
        }
        return json.dumps(envelope, separators=(",", ":")).encode("ascii")

    @classmethod
    def decode(cls, untrusted: bytes, limit: int = ENVELOPE_LIMIT) -> Self:
        """Return the envelope behind the bytes that ``encode`` makes. No signature has been checked then.

        Args:
            untrusted: from anywhere.
            limit: the most bytes to accept.

        Raises:
            EnvelopeError: it is too long, malformed, or not encoded in the one way in which ``encode`` does it.
        """
        if len(untrusted) > limit:
            raise EnvelopeError(f"the envelope is longer than {limit} bytes")
        try:
            envelope = cls._from_json(json.loads(untrusted))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise EnvelopeError("not a signed envelope, or damaged") from None
        # One envelope, one encoding: so no key stands twice, nothing unknown hides in it, and its hash names it.
        if envelope.encode() != untrusted:
            raise EnvelopeError("the envelope is not in its one compact encoding")
        return envelope

    @classmethod
    def _from_json(cls, untrusted: Any) -> Self:  # noqa: ANN401 - JSON can hold anything
        signatures = []
        for entry in untrusted["signatures"]:
            if not _KEY_ID.fullmatch(entry["keyid"]):
                raise EnvelopeError("a key id of the envelope is not an Ed25519 key in hexadecimal digits")
            signatures.append(Signature(bytes.fromhex(entry["keyid"]), base64.b64decode(entry["sig"])))
        return cls(untrusted["payloadType"], base64.b64decode(untrusted["payload"]), tuple(signatures))

    def with_signatures(self, other: "Envelope") -> "Envelope":
        """Return this envelope with the signatures of both, ordered by key; of two by one key, ours stays.

        Raises:
            EnvelopeError: the other signs something else, or together they have too many signatures.
        """
        if (self.payload_type, self.payload) != (other.payload_type, other.payload):
            raise EnvelopeError("the two envelopes sign different things")
        by_key = {signature.key: signature for signature in (*other.signatures, *self.signatures)}
        return Envelope(self.payload_type, self.payload, tuple(by_key[key] for key in sorted(by_key)))

    def verify(self, payload_type: str, keys: Collection[bytes], threshold: int = 1) -> frozenset[bytes]:
        """Return which of the keys signed. Signatures by other keys count for nothing and do no harm.

        Args:
            payload_type: what the caller is about to read the payload as.
            keys: Ed25519 public keys, 32 bytes each.
            threshold: how many of them must have signed, at least one.

        Raises:
            SignatureError: another payload type, too few signatures, or one by a known key that does not hold.
            ValueError: a threshold below one, which would accept what nobody signed.
        """
        if threshold < 1:
            raise ValueError("a threshold below one verifies nothing")
        if self.payload_type != payload_type:
            raise SignatureError("what was signed is of another kind than expected")
        message = pre_authentication_encoding(self.payload_type, self.payload)
        signers = set()
        for signature in self.signatures:
            if signature.key in keys:
                _verify(signature, message)
                signers.add(signature.key)
        if len(signers) < threshold:
            raise SignatureError(f"signed by {len(signers)} of the known keys: {threshold} are needed")
        return frozenset(signers)


def sign(payload_type: str, payload: bytes, key: SigningKey) -> Envelope:
    """Return an envelope with one signature.

    Raises:
        EnvelopeError: the payload type is malformed.
    """
    signature = key.sign(pre_authentication_encoding(payload_type, payload)).signature
    return Envelope(payload_type, payload, (Signature(bytes(key.verify_key), signature),))


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed (PAE). The lengths keep type and payload from running into each other."""
    encoded = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(encoded), encoded, len(payload), payload)


def _encode_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _verify(signature: Signature, message: bytes) -> None:
    try:
        VerifyKey(signature.key).verify(message, signature.value)
    except BadSignatureError:
        raise SignatureError("a signature by a known key does not hold") from None
