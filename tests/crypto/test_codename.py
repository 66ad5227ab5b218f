"""Codenames."""

import hashlib
import hmac
import json
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.pwhash import argon2id

from crypto.codename import Codename, _check_index
from crypto.errors import CheckWordError, CodenameError, KeyFormatError, UnknownWordError
from crypto.wordlist import LIST_SIZE

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "codename.json").read_text("utf-8"))["cases"]
WORD_LIST = files("crypto").joinpath("words", "eff_long.txt").read_text("ascii").splitlines()
CODENAMES = st.tuples(*[st.integers(0, LIST_SIZE - 1)] * 7).map(
    lambda chosen: Codename((*chosen, _check_index(chosen)))
)
SEPARATORS = st.text(" \t\n\u00a0\u3000-\u2010\u2011\u2013", min_size=1, max_size=3)
CODENAME = Codename(tuple(VECTORS[2]["indices"]))


@pytest.mark.parametrize("case", VECTORS)
def test_the_vectors_are_reproduced(case: dict[str, Any]) -> None:
    """Words, positions and all keys are those of the vectors."""
    codename = Codename.parse(case["words"])
    assert str(codename) == case["words"]
    assert list(codename.indices) == case["indices"]
    keys = codename.derive(bytes.fromhex(case["instance"]))
    assert keys.reply.seed.hex() == case["reply_seed"]
    assert keys.reply.encode() == case["reply_identity"]
    assert keys.reply.recipient.encode() == case["reply_recipient"]
    assert bytes(keys.conversation).hex() == case["conversation_private"]
    assert bytes(keys.conversation.public_key).hex() == case["conversation_public"]
    assert keys.shelf.hex() == case["shelf"]
    assert keys.case_key.hex() == case["case_key"]


@pytest.mark.parametrize("case", VECTORS)
def test_the_vectors_follow_from_the_description(case: dict[str, Any]) -> None:
    """Another Argon2id, and HKDF written out, give the same keys: the vectors do not just repeat our code."""
    chosen = b"".join(index.to_bytes(2, "big") for index in case["indices"][:7])
    digest = hashlib.sha256(b"lapwing/v1/check wordeff-long-2016" + chosen).digest()
    assert case["indices"][7] == int.from_bytes(digest[:8], "big") % 7776
    secret = b"lapwing/v1/codenameeff-long-2016" + chosen
    root = argon2id.kdf(32, secret, bytes.fromhex(case["instance"]), opslimit=2, memlimit=19456 * 1024)
    for label, key in [
        ("reply identity", "reply_seed"),
        ("conversation", "conversation_private"),
        ("shelf", "shelf"),
        ("case key", "case_key"),
    ]:
        assert hmac.digest(root, b"lapwing/v1/" + label.encode() + b"\x01", "sha256").hex() == case[key]


@given(CODENAMES, st.lists(SEPARATORS, min_size=9, max_size=9), st.booleans())
def test_a_codename_is_read_however_it_is_spaced(codename: Codename, separators: list[str], upper: bool) -> None:
    """White space, hyphens and case do not matter, nor do compatibility forms of the letters."""
    text = "".join(part for pair in zip(separators, [*str(codename).split(), ""], strict=True) for part in pair)
    wide = text.replace("a", "\uff41")
    assert unicodedata.normalize("NFKD", wide) != wide or "a" not in text
    assert Codename.parse(text.upper() if upper else wide) == codename


@given(st.text(max_size=200) | st.lists(st.sampled_from(["abacus", "drop", "down", "t", "ß"])).map(" ".join))
def test_any_text_gives_a_codename_or_our_error(text: str) -> None:
    """Whatever is typed, nothing else is raised."""
    with pytest.raises(CodenameError):
        Codename.parse(text)


def test_words_with_a_hyphen_may_be_typed_as_two() -> None:
    """The four words of the list that have a hyphen are recognised without it, beside words that look like halves."""
    assert str(CODENAME).startswith("drop-down felt-tip t-shirt yo-yo down shirt abacus")
    assert Codename.parse(str(CODENAME).replace("-", " ")) == CODENAME


def test_no_word_with_a_hyphen_can_be_taken_for_two_words() -> None:
    """The first half of none of them is a word itself, so there is one way to read what was typed."""
    assert not {word.partition("-")[0] for word in WORD_LIST if "-" in word} & set(WORD_LIST)


def test_generated_codenames_are_codenames_and_differ() -> None:
    """A new codename can be typed in again, and is not the one before."""
    one, other = Codename.generate(), Codename.generate()
    assert Codename.parse(str(one)) == one != other


@pytest.mark.parametrize("position", range(1, 9))
def test_an_unknown_word_is_named_by_its_position_alone(position: int) -> None:
    """Whoever mistypes is told where; the word itself is not repeated."""
    words = ["abacus"] * 8
    words[position - 1] = "quetzalx"
    with pytest.raises(UnknownWordError, match=f"word {position} ") as caught:
        Codename.parse(" ".join(words))
    assert caught.value.position == position
    assert "quetzal" not in str(caught.value)


@pytest.mark.parametrize("count", [0, 1, 7, 9, 200])
def test_a_codename_has_eight_words(count: int) -> None:
    """Fewer or more words are refused, and so is a text that is far too long."""
    with pytest.raises(CodenameError, match="8 words") as caught:
        Codename.parse(" ".join(["abacus"] * count))
    assert type(caught.value) is CodenameError


def test_the_number_of_words_is_told_before_any_word() -> None:
    """Whoever types nine words, one of them unknown, is told that there are too many."""
    with pytest.raises(CodenameError, match="8 words"):
        Codename.parse("quetzalx " + str(CODENAME))


def test_a_text_has_at_most_1024_characters() -> None:
    """So much white space may stand around a codename, and not one more."""
    assert Codename.parse(str(CODENAME).ljust(1024)) == CODENAME
    with pytest.raises(CodenameError, match="8 words"):
        Codename.parse(str(CODENAME).ljust(1025))


def test_exchanged_words_are_noticed() -> None:
    """The check word depends on the order."""
    words = str(CODENAME).split()
    words[0], words[1] = words[1], words[0]
    with pytest.raises(CheckWordError):
        Codename.parse(" ".join(words))


@pytest.mark.parametrize("indices", [(), (0,) * 7, (0,) * 9, (-1, *[0] * 7), (LIST_SIZE, *[0] * 7)])
def test_positions_off_the_list_are_no_codename(indices: tuple[int, ...]) -> None:
    """A codename is made of eight positions on the list."""
    with pytest.raises(CodenameError, match="8 words"):
        Codename(indices)


def test_another_instance_gives_other_keys() -> None:
    """The same codename at another organisation opens nothing of this one."""
    one, other = CODENAME.derive(bytes(16)), CODENAME.derive(bytes([1] * 16))
    assert one.reply.seed != other.reply.seed
    assert len({one.shelf, one.case_key, one.reply.seed, bytes(one.conversation), other.shelf}) == 5


def test_an_instance_id_of_another_length_is_refused() -> None:
    """The instance id has 16 bytes."""
    with pytest.raises(KeyFormatError, match="16 bytes"):
        CODENAME.derive(bytes(15))


def test_neither_words_nor_keys_show_in_a_representation() -> None:
    """What a log or a traceback would print holds no secret."""
    assert repr(CODENAME) == "Codename()"
    assert repr(CODENAME.derive(bytes(16))) == "CodenameKeys(reply=HybridIdentity())"


def test_the_word_list_is_the_one_that_its_name_says() -> None:
    """It is the EFF long list, in its order: one line moved would change every codename."""
    assert len(set(WORD_LIST)) == len(WORD_LIST) == LIST_SIZE
    digest = hashlib.sha256("".join(f"{word}\n" for word in WORD_LIST).encode()).hexdigest()
    assert digest == "6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522"
