"""Signed envelopes."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import (
    ENVELOPE_LIMIT,
    SIGNATURES_LIMIT,
    Envelope,
    Signature,
    pre_authentication_encoding,
    sign,
)
from crypto.errors import EnvelopeError, SignatureError

TYPE = "application/vnd.lapwing.test.v1+json"
SIGNERS = [SigningKey(bytes([number]) * 32) for number in range(4)]
KEYS = [bytes(signer.verify_key) for signer in SIGNERS]
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "dsse.json").read_text("utf-8"))

ENVELOPES = st.builds(
    Envelope,
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=255),
    st.binary(max_size=200),
    st.lists(
        st.builds(Signature, st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64)),
        max_size=4,
        unique_by=lambda signature: signature.key,
    ).map(tuple),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["payload", "payloadType", "signatures", "keyid", "sig"]) | st.text(max_size=3), inner
        )
    ),
)


def parts(**changed: Any) -> dict[str, Any]:
    """Return the JSON of an envelope with some members exchanged."""
    members: dict[str, Any] = json.loads(sign(TYPE, b"parrots", SIGNERS[0]).encode())
    return members | changed


def compact(value: Any) -> bytes:
    """Return JSON as an envelope has it."""
    return json.dumps(value, separators=(",", ":")).encode()


@pytest.mark.parametrize("case", VECTORS["encodings"])
def test_what_is_signed_is_encoded_as_the_specification_says(case: dict[str, str]) -> None:
    """The pre-authentication encoding counts bytes, and holds type and payload as they are."""
    encoded = pre_authentication_encoding(case["payload_type"], bytes.fromhex(case["payload"]))
    assert encoded == case["encoding"].encode()


@pytest.mark.parametrize("case", VECTORS["envelopes"])
def test_envelopes_of_the_vectors_are_reproduced(case: dict[str, str]) -> None:
    """Ed25519 signs the same way each time, so the whole envelope is the same, here and in another library."""
    payload = bytes.fromhex(case["payload"])
    envelope = sign(case["payload_type"], payload, SigningKey(bytes.fromhex(case["seed"])))
    assert envelope.encode() == case["envelope"].encode()
    assert envelope.verify(case["payload_type"], [bytes.fromhex(case["public"])])
    other = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(case["seed"]))
    assert envelope.signatures[0].value == other.sign(pre_authentication_encoding(case["payload_type"], payload))


@given(ENVELOPES)
def test_what_is_encoded_is_decoded(envelope: Envelope) -> None:
    """Every envelope comes back."""
    assert Envelope.decode(envelope.encode()) == envelope


@given(st.binary(max_size=300) | JSON.map(compact))
def test_any_bytes_give_an_envelope_or_our_error(untrusted: bytes) -> None:
    """Whatever comes, nothing else is raised."""
    try:
        envelope = Envelope.decode(untrusted)
    except EnvelopeError:
        return
    assert envelope.encode() == untrusted


@given(st.data(), st.binary(min_size=1, max_size=3))
def test_an_envelope_that_was_changed_is_never_verified(data: st.DataObject, change: bytes) -> None:
    """An envelope with some bytes exchanged is refused or, whatever it now says, not signed by the known key."""
    encoded = sign(TYPE, b"parrots", SIGNERS[0]).encode()
    position = data.draw(st.integers(0, len(encoded) - len(change)))
    changed = encoded[:position] + change + encoded[position + len(change) :]
    if changed == encoded:
        return
    with pytest.raises((EnvelopeError, SignatureError)):
        Envelope.decode(changed).verify(TYPE, KEYS)


@pytest.mark.parametrize(
    "untrusted",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(b"1" * 100_000, id="a number without end"),
        pytest.param(compact([]), id="a list"),
        pytest.param(compact({}), id="no members"),
        pytest.param(compact(parts(more=1)), id="an unknown member"),
        pytest.param(json.dumps(parts()).encode(), id="white space"),
        pytest.param(compact(parts()) + b"\n", id="a line feed behind it"),
        pytest.param(compact(parts(payload="AB==")), id="base64 that is not canonical"),
        pytest.param(compact(parts(payload="AA")), id="base64 without padding"),
        pytest.param(compact(parts(payload="é")), id="base64 that is not ASCII"),
        pytest.param(compact(parts(payload=1)), id="a number as payload"),
        pytest.param(compact(parts(payloadType="a b")), id="a type with a space"),
        pytest.param(compact(parts(payloadType="")), id="an empty type"),
        pytest.param(compact(parts(payloadType="a" * 256)), id="a long type"),
        pytest.param(compact(parts(payloadType=None)), id="no type"),
        pytest.param(compact(parts(signatures=None)), id="null for signatures"),
        pytest.param(compact(parts(signatures=[{}])), id="an empty signature"),
        pytest.param(compact(parts(signatures=[{"keyid": "AB" * 32, "sig": ""}])), id="a key id in upper case"),
        pytest.param(compact(parts(signatures=[{"keyid": "ab" * 31, "sig": ""}])), id="a short key id"),
        pytest.param(compact(parts(signatures=[{"keyid": "ab" * 32, "sig": "AAAA"}])), id="a short signature"),
        pytest.param(compact(parts(signatures=parts()["signatures"] * 2)), id="a key twice"),
        pytest.param(compact(parts()).replace(b"{", b'{"payload":"",', 1), id="a member twice"),
        pytest.param(compact(parts()).decode().encode("utf-16"), id="UTF-16"),
    ],
)
def test_a_malformed_envelope_is_refused(untrusted: bytes) -> None:
    """Each fault is refused with our error."""
    with pytest.raises(EnvelopeError):
        Envelope.decode(untrusted)


def test_an_envelope_may_fill_its_limit_and_not_more() -> None:
    """The last byte that the limit allows is taken, one more is not, and the limit is 256 KiB."""
    encoded = sign(TYPE, bytes(1000), SIGNERS[0]).encode()
    assert Envelope.decode(encoded, limit=len(encoded)).payload == bytes(1000)
    with pytest.raises(EnvelopeError, match="longer"):
        Envelope.decode(encoded, limit=len(encoded) - 1)
    with pytest.raises(EnvelopeError, match=str(ENVELOPE_LIMIT)):
        Envelope.decode(bytes(ENVELOPE_LIMIT + 1))


def test_an_envelope_has_so_many_signatures_and_not_more() -> None:
    """32 signatures are taken, 33 are not."""
    signatures = [Signature(bytes([number]) * 32, bytes(64)) for number in range(SIGNATURES_LIMIT + 1)]
    envelope = Envelope(TYPE, b"", tuple(signatures[:SIGNATURES_LIMIT]))
    assert Envelope.decode(envelope.encode()) == envelope
    with pytest.raises(EnvelopeError, match="more than 32"):
        Envelope(TYPE, b"", tuple(signatures))
    with pytest.raises(EnvelopeError, match="more than 32"):
        envelope.with_signatures(Envelope(TYPE, b"", tuple(signatures[SIGNATURES_LIMIT:])))


def test_signatures_of_two_envelopes_are_joined_in_one_order() -> None:
    """Whoever joins whose signatures to whose, the result is the same, and holds each key once."""
    one, other = (sign(TYPE, b"parrots", signer) for signer in SIGNERS[:2])
    joined = one.with_signatures(other)
    assert joined == other.with_signatures(one) == joined.with_signatures(one)
    assert joined.verify(TYPE, KEYS, threshold=2) == set(KEYS[:2])


def test_of_two_signatures_by_one_key_ours_stays() -> None:
    """A broken copy of a signature that we hold cannot take its place."""
    ours = sign(TYPE, b"parrots", SIGNERS[0])
    broken = Envelope(TYPE, b"parrots", (Signature(KEYS[0], bytes(64)),))
    assert ours.with_signatures(broken) == ours


@pytest.mark.parametrize("other", [sign(TYPE, b"ivory", SIGNERS[1]), sign("text/plain", b"parrots", SIGNERS[1])])
def test_signatures_for_something_else_are_not_joined(other: Envelope) -> None:
    """Envelopes belong together only when type and payload are equal."""
    with pytest.raises(EnvelopeError, match="different"):
        sign(TYPE, b"parrots", SIGNERS[0]).with_signatures(other)


def test_signatures_by_unknown_keys_count_for_nothing() -> None:
    """An unknown key neither adds to the threshold nor hinders, even when its signature does not hold."""
    stranger = Envelope(TYPE, b"parrots", (Signature(bytes(range(32)), bytes(64)),))
    envelope = sign(TYPE, b"parrots", SIGNERS[0]).with_signatures(stranger)
    assert envelope.verify(TYPE, KEYS[:2]) == {KEYS[0]}
    with pytest.raises(SignatureError, match="2 are needed"):
        envelope.verify(TYPE, KEYS[:2], threshold=2)


def test_a_broken_signature_by_a_known_key_spoils_the_envelope() -> None:
    """Enough good signatures do not help when one that should hold does not: somebody tampered with it."""
    broken = Envelope(TYPE, b"parrots", (Signature(KEYS[2], bytes(64)),))
    envelope = sign(TYPE, b"parrots", SIGNERS[0]).with_signatures(broken)
    with pytest.raises(SignatureError, match="does not hold"):
        envelope.verify(TYPE, KEYS)


def test_what_was_signed_as_one_kind_is_not_read_as_another() -> None:
    """The payload type is part of what is verified."""
    with pytest.raises(SignatureError, match="another kind"):
        sign(TYPE, b"parrots", SIGNERS[0]).verify("text/plain", KEYS)


def test_no_keys_verify_nothing() -> None:
    """Without known keys every envelope is refused."""
    with pytest.raises(SignatureError, match="1 are needed"):
        sign(TYPE, b"parrots", SIGNERS[0]).verify(TYPE, [])


def test_a_threshold_below_one_is_a_mistake() -> None:
    """A threshold that anything would pass is not accepted."""
    with pytest.raises(ValueError, match="threshold"):
        sign(TYPE, b"parrots", SIGNERS[0]).verify(TYPE, KEYS, threshold=0)


def test_a_key_of_low_order_signs_nothing() -> None:
    """A public key for which anybody can make signatures is not taken for a signer."""
    key = bytes([1]) + bytes(31)
    forged = Envelope(TYPE, b"parrots", (Signature(key, key + bytes(32)),))
    with pytest.raises(SignatureError, match="does not hold"):
        forged.verify(TYPE, [key])


def test_payload_and_signature_are_standard_base64() -> None:
    """The alphabet with plus and slash is used, with padding."""
    value = json.loads(sign(TYPE, b"\xfb\xff\xfe\xff", SIGNERS[0]).encode())
    assert value["payload"] == base64.b64encode(b"\xfb\xff\xfe\xff").decode() == "+//+/w=="
