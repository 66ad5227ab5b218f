"""Letter MACs."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from crypto.conversation import check_letter_mac, letter_mac, letter_mac_key, letter_mac_key_for_reviewer
from crypto.errors import KeyFormatError, SignatureError

VECTOR = {
    name: bytes.fromhex(value)
    for name, value in json.loads(
        (Path(__file__).parents[1] / "vectors" / "letter_mac.json").read_text("utf-8")
    ).items()
    if name != "about"
}
SEEDS = st.binary(min_size=32, max_size=32)


def test_the_vector_is_reproduced_by_both_sides() -> None:
    """Source and reviewer reach the key of the vector, and the MAC made with it."""
    private, signing = PrivateKey(VECTOR["conversation_private"]), SigningKey(VECTOR["reviewer_seed"])
    assert letter_mac_key(private, VECTOR["reviewer_public"]) == VECTOR["key"]
    assert letter_mac_key_for_reviewer(signing, VECTOR["conversation_public"]) == VECTOR["key"]
    assert letter_mac(VECTOR["key"], VECTOR["message"]) == VECTOR["mac"]


@given(SEEDS, SEEDS, st.binary(max_size=200))
def test_what_the_source_writes_the_reviewer_can_check(seed: bytes, reviewer_seed: bytes, message: bytes) -> None:
    """Any two keys agree, and the MAC holds on the other side."""
    private, signing = PrivateKey(seed), SigningKey(reviewer_seed)
    key = letter_mac_key(private, bytes(signing.verify_key))
    check_letter_mac(letter_mac_key_for_reviewer(signing, bytes(private.public_key)), message, letter_mac(key, message))


def test_each_reviewer_has_another_key() -> None:
    """A MAC for one reviewer convinces no other one."""
    private = PrivateKey(bytes(range(32)))
    one, other = (letter_mac_key(private, bytes(SigningKey(bytes([n]) * 32).verify_key)) for n in (1, 2))
    with pytest.raises(SignatureError):
        check_letter_mac(other, b"parrots", letter_mac(one, b"parrots"))


@pytest.mark.parametrize(
    ("message", "mac"),
    [(b"ivory", VECTOR["mac"]), (VECTOR["message"], VECTOR["mac"][:-1]), (VECTOR["message"], b""), (b"", bytes(32))],
)
def test_a_changed_letter_or_mac_is_refused(message: bytes, mac: bytes) -> None:
    """Another message, and a cut or made-up MAC, do not hold."""
    with pytest.raises(SignatureError):
        check_letter_mac(VECTOR["key"], message, mac)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes(31), id="short"),
        pytest.param(bytes(32), id="low order"),
        pytest.param(bytes([1]) + bytes(31), id="low order, one"),
    ],
)
def test_an_impossible_key_is_refused(key: bytes) -> None:
    """A key with which anybody could compute the shared one is refused on either side."""
    with pytest.raises(KeyFormatError, match="roster"):
        letter_mac_key(PrivateKey(bytes(range(32))), key)
    with pytest.raises(KeyFormatError, match="x25519"):
        letter_mac_key_for_reviewer(SigningKey(bytes(32)), key)
