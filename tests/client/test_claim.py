"""Claims in the client: the same words, keys and commitment as in Python, and signatures that Python verifies."""

import base64
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.claim import ClaimPublicKeys, ClaimSignatures, ClaimWords, claim_salt
from crypto.errors import ClaimNumberError, ClaimWordsError
from crypto.unseal import unseal
from crypto.wordlist import LIST_SIZE, show_words
from tests.client.node import ROOT, Core, RefusedError
from tests.client.source import TIP, Source
from tests.vectors.shape import Vector, read_vectors
from tests.wire.claims import ASKED, COMMITMENT, IDENTITY, OFFICE, TODAY, WORDS
from wire.claim import commitment_of, open_challenge
from wire.claim_answer import ANSWER_SIZE, Answer, check_answer, state
from wire.claim_words import statement_words
from wire.draft import LANGUAGES, Language

LIST = str(ROOT / "crypto/words/eff_long.txt")
VECTORS = read_vectors("claim_words")
CLAIMS = st.tuples(*[st.integers(0, LIST_SIZE - 1)] * 4).map(ClaimWords)
SALT = bytes(range(16))
MESSAGE = "à signer".encode()


def parse(core: Core, text: str) -> ClaimWords | str:
    """What the client reads, or the kind of its refusal, with the position of a word if it tells one."""
    try:
        return ClaimWords(tuple(core.ask("parse_claim", text=text, words=LIST)))
    except RefusedError as refused:
        position = refused.told.get("position")
        return refused.kind if position is None else f"{refused.kind} {position}"


def parse_here(text: str) -> ClaimWords | str:
    """The same in Python."""
    try:
        return ClaimWords.parse(text)
    except ClaimNumberError:
        return "check"
    except ClaimWordsError as error:
        return "count" if error.position is None else f"unknown {error.position}"


def derive(core: Core, words: ClaimWords, salt: bytes) -> dict[str, Any]:
    """The client's keys."""
    return dict(core.ask("derive_claim", indices=list(words.indices), salt=salt, message=MESSAGE))


def decoded(text: str) -> bytes:
    """The bytes of an answer."""
    return base64.b64decode(text)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_the_vectors_are_read_alike(core: Core, vector: Vector) -> None:
    """What was typed is read, or refused, as the vector says and as Python does."""
    text = vector.input.decode()
    assert parse(core, text) == parse_here(text)
    assert isinstance(parse_here(text), str) == (vector.accepted is None)


def test_the_vectors_are_derived(core: Core) -> None:
    """The commitment of a vector, by the client's own Argon2id, Ed25519 and ML-DSA; progress is told to the end."""
    vector = VECTORS[0]
    assert vector.accepted is not None
    instance, tip = (bytes.fromhex(vector.given[name]) for name in ("instance", "tip"))
    salt = decoded(core.ask("claim_salt", instance=instance, tip=tip))
    assert salt == claim_salt(instance, tip)
    found = derive(core, ClaimWords.parse(vector.input.decode()), salt)
    assert decoded(found["ed25519"]).hex() == vector.accepted["ed25519"]
    assert decoded(found["commitment"]).hex() == vector.accepted["commitment"]
    told = found["told"]
    assert (told["rises"], told["last"]) == (True, 1)
    assert told["times"] > 300


@settings(max_examples=2, deadline=None)
@given(CLAIMS, st.binary(min_size=16, max_size=16))
def test_any_words_give_the_same_keys_and_signatures_that_hold(core: Core, words: ClaimWords, salt: bytes) -> None:
    """For any tip; both signatures, and neither over anything else."""
    found = derive(core, words, salt)
    keys = ClaimPublicKeys(decoded(found["ed25519"]), decoded(found["ml_dsa"]))
    assert keys == words.derive(salt).public
    assert keys.commitment == decoded(found["commitment"])
    keys.verify(MESSAGE, ClaimSignatures(*map(decoded, found["signatures"])))


@given(CLAIMS, st.sampled_from([" ", "-", "\u2013", "\n"]))
def test_any_words_are_shown_and_read_alike(core: Core, words: ClaimWords, separator: str) -> None:
    """In any spacing."""
    shown = core.ask("show_claim", indices=list(words.indices), words=LIST)
    assert shown == str(words)
    assert parse(core, shown.replace(" ", separator)) == words


@given(
    st.text(max_size=60) | st.lists(st.sampled_from(["abacus", "drop", "down", "07", "٠٧"]), max_size=6).map(" ".join)
)
def test_any_text_is_read_alike(core: Core, text: str) -> None:
    """Claim words or none, for the same reason."""
    assert parse(core, text) == parse_here(text)


def test_a_word_that_is_not_on_the_list_is_named_by_its_place(core: Core) -> None:
    """And not repeated."""
    assert parse(core, f"{show_words([0, 1])} lapwing abacus 07") == "unknown 3"


def test_new_words_are_drawn_from_the_whole_list(core: Core) -> None:
    """Four positions each time, not the same ones."""
    drawn = [tuple(core.ask("new_claim")) for _ in range(200)]
    assert len(set(drawn)) == 200
    assert all(ClaimWords(one).indices == one for one in drawn)
    assert max(map(max, drawn)) > 7_000
    assert min(map(min, drawn)) < 700


@pytest.mark.parametrize("size", [15, 17])
def test_a_salt_of_another_length_is_refused(core: Core, size: int) -> None:
    """And so are the ids that it is made of."""
    assert core.refuses("derive_claim", indices=[0, 0, 0, 0], salt=bytes(size), message=b"") == "key"
    assert core.refuses("claim_salt", instance=bytes(size), tip=bytes(16)) == "key"
    assert core.refuses("claim_salt", instance=bytes(16), tip=bytes(size)) == "key"


@pytest.mark.parametrize("vector", read_vectors("claim_challenge"), ids=lambda vector: vector.name)
def test_challenges_are_read_alike(core: Core, vector: Vector) -> None:
    """What the vector holds, with the words of both languages; or a refusal."""
    task = {"challenge": vector.input, "today": vector.given["today"], "beneficiary": ""}
    if vector.accepted is None:
        kind = core.refuses("claim_challenge", **task)
        assert kind == ("expired" if vector.refused == "ChallengeExpiredError" else kind) != "other"
        return
    found = core.ask("claim_challenge", **task)
    assert decoded(found["office"]).hex() == vector.accepted["office"]
    assert decoded(found["digest"]).hex() == vector.accepted["commitment"]
    assert decoded(found["salt"]).hex() == vector.accepted["salt"]
    assert (found["known_to_intake"], found["expires"]) == (
        vector.accepted["known_to_intake"],
        vector.accepted["expires"],
    )
    challenge = open_challenge(vector.input, date.fromisoformat(vector.given["today"])).challenge
    assert found["words"] == [statement_words(challenge, "", "en"), statement_words(challenge, "", "fr")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_of_the_client_is_verified(core: Core, language: Language) -> None:
    """Signed and sealed there, opened and verified here, with the words that were shown."""
    beneficiary = 'Maître "Dupont"\\, 里昂'
    task = {"challenge": ASKED.envelope.encode() + b"\n", "today": TODAY.isoformat(), "beneficiary": beneficiary}
    sealed = decoded(core.ask("sign_claim", indices=list(WORDS.indices), language=language, **task))
    assert len(sealed) == ANSWER_SIZE
    statement = check_answer(Answer.decode(unseal(sealed, [IDENTITY])), OFFICE, COMMITMENT, TODAY)
    assert statement == state(ASKED, beneficiary, language)
    shown = core.ask("claim_challenge", **task)["words"]
    assert statement.words == shown[LANGUAGES.index(language)]


def test_nothing_is_signed_with_other_words_or_for_no_line(core: Core) -> None:
    """Words of another tip, and a beneficiary that is not one line."""
    task = {"challenge": ASKED.envelope.encode(), "today": TODAY.isoformat(), "language": "en"}
    assert core.refuses("sign_claim", indices=[1, 2, 3, 4], beneficiary="", **task) == "other"
    for wrong in ("x" * 401, "two\nlines"):
        assert core.refuses("claim_challenge", beneficiary=wrong, **task) == "malformed"


def test_a_letter_carries_the_commitment(core: Core, tmp_path: Path) -> None:
    """It opens with it at the reviewers, not marked as known to the intake; without one there is none."""
    source = Source(core, tmp_path)
    letter = source.opened(source.seal(claim=bytes(range(32)))).letter
    commitment = commitment_of(letter)
    assert commitment is not None
    assert (commitment.digest, commitment.known_to_intake) == (bytes(range(32)), False)
    assert commitment.salt == claim_salt(letter.instance, TIP)
    assert source.opened(source.seal()).letter.claim is None
