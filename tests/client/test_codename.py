"""Codenames in the client and in `crypto.codename` are the same codenames, and open the same."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.pwhash import argon2id

from crypto.codename import Codename
from crypto.errors import CheckWordError, CodenameError, UnknownWordError
from crypto.hybrid import HybridIdentity
from crypto.wordlist import LIST_SIZE
from tests.client.node import ROOT, Core, RefusedError
from tests.vectors.shape import read_vectors

WORDS = ROOT / "crypto" / "words" / "eff_long.txt"
CASES: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/codename.json").read_text())["cases"]
CODENAMES = st.builds(Codename.generate)
SEPARATORS = [" ", "-", "\t\n", "\u00a0", "\u2011", "\u2013", "\u2212", "\u3000", "\u0085", "\u001c", " - "]
KINDS = {CheckWordError: "check", UnknownWordError: "unknown", CodenameError: "count"}


def parse(core: Core, text: str) -> tuple[int, ...] | tuple[str, int | None]:
    """What the client makes of what was typed: positions, or why not and at which word."""
    try:
        return tuple(core.ask("parse_codename", text=text, words=str(WORDS)))
    except RefusedError as error:
        return error.kind, error.told.get("position")


def parse_here(text: str) -> tuple[int, ...] | tuple[str, int | None]:
    """The same by our own parser."""
    try:
        return Codename.parse(text).indices
    except CodenameError as error:
        return KINDS[type(error)], getattr(error, "position", None)


def derive(core: Core, codename: Codename, instance: bytes) -> dict[str, Any]:
    """What the client derives."""
    found: dict[str, Any] = core.ask("derive", indices=codename.indices, instance=instance)
    return found


def derive_here(codename: Codename, instance: bytes) -> dict[str, Any]:
    """What we derive."""
    keys = codename.derive(instance)
    return {
        "reply_seed": keys.reply.seed.hex(),
        "reply_recipient": keys.reply.recipient.encode(),
        "conversation_private": bytes(keys.conversation).hex(),
        "conversation_public": bytes(keys.conversation.public_key).hex(),
        "shelf": keys.shelf.hex(),
        "case_key": keys.case_key.hex(),
    }


def test_the_word_list_is_the_one_that_is_built_in(core: Core) -> None:
    """It has 7,776 words, and one that differs in a letter is refused."""
    text = WORDS.read_bytes()

    assert core.ask("word_list", text=text) == LIST_SIZE
    assert core.refuses("word_list", text=text.replace(b"parrot", b"carrot")) == "key"
    assert core.refuses("word_list", text=text[:-1]) == "key"


def test_a_new_codename_is_one_here(core: Core) -> None:
    """Its check word confirms the others, and no two are alike."""
    found = {Codename(tuple(core.ask("new_codename"))) for _ in range(50)}

    assert len(found) == 50


def test_positions_are_drawn_from_the_whole_list(core: Core) -> None:
    """Of 3,500 words drawn, each eighth of the list has its share."""
    drawn = [position for _ in range(500) for position in core.ask("new_codename")[:7]]

    shares = [sum(position * 8 // LIST_SIZE == part for position in drawn) for part in range(8)]
    assert sum(shares) == 3500
    assert all(330 < share < 550 for share in shares), shares  # 437 each; a deviation of five sigma fails


@given(CODENAMES)
def test_a_codename_is_shown_alike(core: Core, codename: Codename) -> None:
    """Positions become the same eight words."""
    assert core.ask("show_codename", indices=codename.indices, words=str(WORDS)) == str(codename)


@given(CODENAMES, st.sampled_from(SEPARATORS), st.sampled_from([str.lower, str.upper, str.title]))
def test_a_codename_is_read_however_it_was_typed(core: Core, codename: Codename, between: str, case: Any) -> None:
    """Case, white space and dashes do not count, the hyphens within words included."""
    typed = case(str(codename)).replace(" ", between)

    assert parse(core, f" {typed}\n") == codename.indices == parse_here(f" {typed}\n")


@given(CODENAMES, st.integers(0, 7), st.sampled_from(["", "abacus", "zoom", "drop", "yo", "parrot5", "é", "\ufeff"]))
def test_a_wrong_word_is_refused_alike(core: Core, codename: Codename, at: int, word: str) -> None:
    """With the same reason, and the same place."""
    words = str(codename).split(" ")
    words[at] = word

    assert parse(core, " ".join(words)) == parse_here(" ".join(words))


@given(CODENAMES, st.permutations(range(8)))
def test_words_in_another_order_are_refused_alike(core: Core, codename: Codename, order: list[int]) -> None:
    """The check word finds it."""
    words = str(codename).split(" ")
    typed = " ".join(words[at] for at in order)

    assert parse(core, typed) == parse_here(typed)


@given(st.text(max_size=80))
def test_any_text_is_refused_alike(core: Core, text: str) -> None:
    """Both find the same fault in what is no codename."""
    assert parse(core, text) == parse_here(text)


@given(st.lists(st.text("ab\u00a0\u0130\u212a\ufb01\u1e9b\uff21 -\u2010\u200b", max_size=12), min_size=6, max_size=9))
def test_letters_that_have_other_forms_are_read_alike(core: Core, words: list[str]) -> None:
    """Ligatures, wide letters, invisible signs."""
    assert parse(core, " ".join(words)) == parse_here(" ".join(words))


@pytest.mark.parametrize("size", [1023, 1024, 1025, 2048, 2049])
def test_a_text_may_have_1024_characters(core: Core, size: int) -> None:
    """Counted as characters: letters of another plane are two units each in a browser, and one here."""
    words = CASES[0]["words"]
    bold = "".join(chr(0x1D41A + ord(sign) - ord("a")) if sign.isalpha() else sign for sign in words)
    for typed in (words, bold):
        found = parse(core, typed.ljust(size))
        assert found == parse_here(typed.ljust(size))
        assert (found == tuple(CASES[0]["indices"])) == (size <= 1024)


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_vectors_are_derived(core: Core, case: dict[str, Any]) -> None:
    """Each key of each vector."""
    instance = bytes.fromhex(case["instance"])
    assert parse(core, case["words"]) == tuple(case["indices"])

    found = derive(core, Codename(tuple(case["indices"])), instance)

    assert all(found[name] == value for name, value in case.items() if name in found)
    assert HybridIdentity(bytes.fromhex(found["reply_seed"])).encode() == case["reply_identity"]
    assert len(found.keys() & case.keys()) == 6


@pytest.mark.parametrize("vector", read_vectors("codename"), ids=lambda vector: vector.name)
def test_the_vectors_of_the_format_are_read(core: Core, vector: Any) -> None:
    """What was typed is read and derived, or refused, as the vector says."""
    found = parse(core, vector.input.decode())
    assert found == parse_here(vector.input.decode())
    if vector.accepted is None:
        assert isinstance(found[0], str)
        return

    keys = derive(core, Codename.parse(vector.input.decode()), bytes.fromhex(vector.given["instance"]))

    assert HybridIdentity(bytes.fromhex(keys["reply_seed"])).encode() == vector.accepted["reply"]
    assert keys["conversation_private"] == vector.accepted["conversation"]
    assert keys["shelf"] == vector.accepted["shelf"]
    assert keys["case_key"] == vector.accepted["case_key"]


@settings(max_examples=8)
@given(CODENAMES, st.binary(min_size=16, max_size=16))
def test_any_codename_derives_the_same_keys(core: Core, codename: Codename, instance: bytes) -> None:
    """At any organisation."""
    assert derive(core, codename, instance) | {"told": None} == derive_here(codename, instance) | {"told": None}


@settings(max_examples=25)
@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16), st.integers(8, 700), st.integers(1, 4))
def test_any_words_are_stretched_alike(core: Core, password: bytes, salt: bytes, memory: int, passes: int) -> None:
    """Argon2id there is the one of libsodium, at any cost."""
    found = argon2id.kdf(32, password, salt, opslimit=passes, memlimit=memory * 1024)

    assert core.ask("argon2id", password=password, salt=salt, memory=memory, passes=passes) == found.hex()


def test_how_much_is_done_is_told(core: Core) -> None:
    """Many times, rising, up to one."""
    told = derive(core, Codename.generate(), bytes(16))["told"]

    assert told["rises"] is True
    assert told["last"] == 1
    assert told["times"] >= 30


@pytest.mark.parametrize("size", [0, 15, 17])
def test_an_instance_id_has_16_bytes(core: Core, size: int) -> None:
    """Keys of a shortened one would open nothing."""
    assert core.refuses("derive", indices=Codename.generate().indices, instance=bytes(size)) == "key"
