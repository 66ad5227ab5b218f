"""Claims: words, keys, commitment, signatures."""

import hashlib
import hmac
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.claim import (
    COMMITMENT_SIZE,
    ML_DSA_SIGNATURE_SIZE,
    ClaimKeys,
    ClaimPublicKeys,
    ClaimSignatures,
    ClaimWords,
    claim_salt,
)
from crypto.errors import ClaimNumberError, ClaimWordsError, KeyFormatError, SignatureError
from crypto.wordlist import LIST_SIZE

CLAIMS = st.tuples(*[st.integers(0, LIST_SIZE - 1)] * 4).map(ClaimWords)
WORDS = ClaimWords((81, 2008, 777, 7747))
SALT = bytes(range(16))
KEYS = WORDS.derive(SALT)
MESSAGE = b"a message"
SIGNED = KEYS.sign(MESSAGE)


def test_the_keys_follow_from_the_description() -> None:
    """Another Argon2id, and HKDF written out, give the same keys and the same commitment."""
    positions = bytes.fromhex("005107d803091e43")
    argon2 = Argon2id(salt=SALT, length=32, iterations=6, lanes=1, memory_cost=65_536)
    root = argon2.derive(b"lapwing/v1/claimeff-long-2016" + positions)
    ed25519 = SigningKey(hmac.digest(root, b"lapwing/v1/claim ed25519\x01", "sha256"))
    ml_dsa = MLDSA65PrivateKey.from_seed_bytes(hmac.digest(root, b"lapwing/v1/claim ml-dsa-65\x01", "sha256"))
    public = ClaimPublicKeys(bytes(ed25519.verify_key), ml_dsa.public_key().public_bytes_raw())
    assert KEYS.public == public
    both = public.ed25519 + public.ml_dsa
    assert public.commitment == hashlib.sha256(b"lapwing/v1/claim commitment" + both).digest()
    number = hashlib.sha256(b"lapwing/v1/claim numbereff-long-2016" + positions).digest()
    assert WORDS.number == str(int.from_bytes(number[:8], "big") % 100).zfill(2)


@given(CLAIMS, st.sampled_from([" ", "-", "\n", " \u2013 "]))
def test_claim_words_are_read_however_they_are_spaced(words: ClaimWords, separator: str) -> None:
    """White space, hyphens and case do not matter, nor do compatibility forms of letters and digits."""
    text = str(words).replace(" ", separator)
    assert ClaimWords.parse(text) == words
    assert ClaimWords.parse(text.upper()) == words
    assert ClaimWords.parse("".join(chr(ord(one) + 0xFEE0) if one.isalnum() else one for one in text)) == words


@given(st.text(max_size=100) | st.lists(st.sampled_from(["abacus", "drop", "down", "07", "7", "٧٧"])).map(" ".join))
def test_any_text_gives_claim_words_or_our_error(text: str) -> None:
    """Whatever is typed, nothing else is raised."""
    try:
        ClaimWords.parse(text)
    except ClaimWordsError:
        return


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abacus",
        "abacus abacus abacus abacus",
        "abacus abacus abacus abacus abacus 07",
        "abacus abacus abacus 07",
        "abacus abacus abacus abacus 7",
        "abacus abacus abacus abacus 007",
        "abacus abacus abacus abacus ٠٧",
        "quetzalx abacus abacus",
        "abacus " * 8,
        str(WORDS).ljust(1025),
    ],
)
def test_claim_words_are_four_words_and_a_number(text: str) -> None:
    """Anything else, a codename too, is told so before any word is looked at."""
    with pytest.raises(ClaimWordsError, match="4 words and a number") as caught:
        ClaimWords.parse(text)
    assert (type(caught.value), caught.value.position) == (ClaimWordsError, None)


@pytest.mark.parametrize("position", range(1, 5))
def test_an_unknown_word_is_named_by_its_position_alone(position: int) -> None:
    """Whoever mistypes is told where; the word itself is not repeated."""
    words = ["abacus"] * 4
    words[position - 1] = "quetzalx"
    with pytest.raises(ClaimWordsError, match=f"word {position} ") as caught:
        ClaimWords.parse(" ".join([*words, "00"]))
    assert caught.value.position == position
    assert "quetzal" not in str(caught.value)


def test_exchanged_words_and_another_number_are_noticed() -> None:
    """The number depends on the words and their order."""
    one, two, three, four, number = str(WORDS).split(" ")
    for wrong in (f"{two} {one} {three} {four} {number}", f"{one} {two} {three} {four} {(int(number) + 1) % 100:02}"):
        with pytest.raises(ClaimNumberError, match="do not belong together"):
            ClaimWords.parse(wrong)


@given(CLAIMS)
def test_the_number_has_two_digits(words: ClaimWords) -> None:
    """It is written with its leading zero."""
    assert len(words.number) == 2
    assert str(words).endswith(f" {words.number}")


@pytest.mark.parametrize("indices", [(), (0,) * 3, (0,) * 5, (-1, 0, 0, 0), (LIST_SIZE, 0, 0, 0)])
def test_positions_off_the_list_are_no_claim_words(indices: tuple[int, ...]) -> None:
    """Claim words are made of four positions on the list."""
    with pytest.raises(ClaimWordsError, match="4 words"):
        ClaimWords(indices)


def test_generated_claim_words_can_be_typed_in_again_and_differ() -> None:
    """New words are read as they are shown, and are not those before."""
    one, other = ClaimWords.generate(), ClaimWords.generate()
    assert ClaimWords.parse(str(one)) == one != other


def test_another_salt_gives_other_keys() -> None:
    """A table made for one tip is worth nothing for another."""
    other = WORDS.derive(bytes(16)).public
    assert other.ed25519 != KEYS.public.ed25519
    assert other.ml_dsa != KEYS.public.ml_dsa
    assert other.commitment != KEYS.public.commitment


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_salt_of_another_length_is_refused(size: int) -> None:
    """A salt has 16 bytes, and so have the ids that it is made of."""
    with pytest.raises(KeyFormatError, match="16 bytes"):
        WORDS.derive(bytes(size))
    with pytest.raises(KeyFormatError, match="16 bytes"):
        claim_salt(bytes(size), bytes(16))
    with pytest.raises(KeyFormatError, match="16 bytes"):
        claim_salt(bytes(16), bytes(size))


def test_the_salt_is_of_one_tip_of_one_organisation() -> None:
    """It follows from both ids, each in its place."""
    one, other = bytes(16), bytes([1] * 16)
    salts = {claim_salt(*ids) for ids in ((one, one), (one, other), (other, one), (other, other))}
    assert len(salts) == 4
    assert claim_salt(one, other) == hashlib.sha256(b"lapwing/v1/claim salt" + one + other).digest()[:16]


def test_both_signatures_hold() -> None:
    """What was signed verifies, and so does a second signature of the same message; each has its one size."""
    assert (len(KEYS.public.commitment), len(SIGNED.ml_dsa)) == (COMMITMENT_SIZE, ML_DSA_SIGNATURE_SIZE) == (32, 3309)
    KEYS.public.verify(MESSAGE, SIGNED)
    again = KEYS.sign(MESSAGE)
    assert again.ml_dsa != SIGNED.ml_dsa
    KEYS.public.verify(MESSAGE, again)


@pytest.mark.parametrize(
    ("message", "signatures"),
    [
        (b"another message", SIGNED),
        (MESSAGE, replace(SIGNED, ed25519=bytes(64))),
        (MESSAGE, replace(SIGNED, ml_dsa=bytes(3309))),
        (MESSAGE, replace(SIGNED, ed25519=KEYS.sign(b"another message").ed25519)),
        (MESSAGE, replace(SIGNED, ml_dsa=KEYS.sign(b"another message").ml_dsa)),
        (MESSAGE, replace(SIGNED, ed25519=b"")),
        (MESSAGE, replace(SIGNED, ml_dsa=b"")),
        (MESSAGE, ClaimSignatures(b"", b"")),
    ],
)
def test_one_signature_alone_proves_nothing(message: bytes, signatures: ClaimSignatures) -> None:
    """Either of the two that does not hold refuses both."""
    with pytest.raises(SignatureError, match="does not hold"):
        KEYS.public.verify(message, signatures)


@pytest.mark.parametrize(("ed25519", "ml_dsa"), [(31, 1952), (33, 1952), (32, 1951), (32, 1953), (0, 0)])
def test_keys_of_another_length_are_refused(ed25519: int, ml_dsa: int) -> None:
    """The commitment hashes both keys one after the other, which is one thing only while their lengths are fixed."""
    with pytest.raises(KeyFormatError, match="32 and 1952"):
        ClaimPublicKeys(bytes(ed25519), bytes(ml_dsa))


def test_neither_words_nor_keys_show_in_a_representation() -> None:
    """What a log or a traceback would print holds no secret."""
    assert repr(WORDS) == "ClaimWords()"
    assert repr(KEYS) == "ClaimKeys()"
    assert isinstance(KEYS, ClaimKeys)
