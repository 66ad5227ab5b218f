"""Answers: what a source signs, for one agency and no other."""

import contextlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.claim import ClaimWords
from crypto.dsse import Envelope, Signature, pre_authentication_encoding, sign
from crypto.errors import NoMatchError
from crypto.header import Stanza, decode_base64
from crypto.hybrid import HybridIdentity
from crypto.unseal import unseal
from tests.wire.claims import (
    ANSWER,
    ASKED,
    BENEFICIARY,
    CHALLENGE,
    COMMITMENT,
    EXPIRES,
    IDENTITY,
    KEY,
    KEYS,
    OFFICE,
    OTHER_KEY,
    OTHER_OFFICE,
    SALT,
    STATEMENT,
    TODAY,
    WORDS,
    signed,
)
from tests.wire.edges import changed
from wire.claim import sign_challenge
from wire.claim_answer import (
    ANSWER_SIZE,
    PAYLOAD_TYPE,
    Answer,
    Statement,
    check_answer,
    seal_answer,
    sign_answer,
    state,
)
from wire.errors import (
    ChallengeExpiredError,
    ClaimError,
    ClaimSignatureError,
    OtherAgencyError,
    OtherCommitmentError,
)
from wire.fields import encode_base64, is_one_line

LINES = ANSWER.encode() + b"\n"
OTHERS = ClaimWords((1, 2, 3, 4)).derive(SALT)
OTHER_ASKED = signed(replace(CHALLENGE, office=OTHER_OFFICE), OTHER_KEY)


def by(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> Answer:
    """Return an answer to the challenge with another statement, signed with the very keys of the tip."""
    signatures = KEYS.sign(pre_authentication_encoding(payload_type, payload))
    envelope = Envelope(payload_type, payload, (Signature(KEYS.public.ed25519, signatures.ed25519),))
    return replace(ANSWER, statement=envelope, ml_dsa_signature=signatures.ml_dsa)


@settings(deadline=None, max_examples=25)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=90).filter(is_one_line), st.sampled_from(["en", "fr"])
)
def test_what_a_source_states_reaches_the_agency(beneficiary: str, language: Any) -> None:
    """From the words that were read to those that the agency reads, through the seal."""
    statement = state(ASKED, beneficiary, language)
    sealed = seal_answer(sign_answer(ASKED, statement, KEYS), OFFICE)
    assert len(sealed) == ANSWER_SIZE
    assert check_answer(Answer.decode(unseal(sealed, [IDENTITY])), OFFICE, COMMITMENT, TODAY) == statement


def test_an_answer_holds_neither_words_nor_seeds() -> None:
    """Whoever opens it learns public keys, signatures and the statement, and nothing to sign with."""
    told = LINES + ANSWER.statement.payload + ANSWER.challenge.payload
    for word in str(WORDS).split()[:4]:
        assert word.encode() not in ANSWER.statement.payload + ANSWER.challenge.payload
    for secret in (bytes(KEYS.ed25519), KEYS.ml_dsa.private_bytes_raw()):
        assert secret.hex().encode() not in told
        assert encode_base64(secret).encode() not in told


def test_the_longest_answer_has_room() -> None:
    """Every value at its limit, written in the longest way, still fits into 32,768 bytes."""
    office = replace(OFFICE, name="\U0001f418" * 120)
    asked = signed(replace(CHALLENGE, office=office, programme='"' * 200, case="\\" * 120))
    statement = state(asked, '"' * 400, "fr")
    sealed = seal_answer(sign_answer(asked, statement, KEYS), office)
    assert len(sealed) == ANSWER_SIZE
    assert check_answer(Answer.decode(unseal(sealed, [IDENTITY])), office, COMMITMENT, TODAY) == statement


def test_a_sealed_answer_opens_for_its_agency_alone() -> None:
    """Another agency's key opens nothing; how many recipients there are tells nothing; no two are alike."""
    one, other = seal_answer(ANSWER, OFFICE), seal_answer(ANSWER, OFFICE)
    assert one != other
    assert one.count(b"-> mlkem768x25519 ") == 4
    with pytest.raises(NoMatchError):
        unseal(one, [HybridIdentity.generate()])


def test_the_place_of_the_agency_among_the_recipients_differs() -> None:
    """The order of the stanzas is drawn anew each time."""
    places = set()
    for _ in range(40):
        stanzas = seal_answer(ANSWER, OFFICE).split(b"-> ")[1:5]
        places.add([_opens(stanza) for stanza in stanzas].index(True))
    assert len(places) > 1


def _opens(stanza: bytes) -> bool:
    first, body = stanza.split(b"\n")[:2]
    kind, argument = first.decode().split(" ")
    return IDENTITY.unwrap(Stanza(kind, (argument,), decode_base64(body))) is not None


def test_nothing_is_signed_with_the_keys_of_another_tip() -> None:
    """Words of another tip, or a salt that somebody changed, give other keys: the source is told, and signs nothing."""
    for keys in (OTHERS, WORDS.derive(bytes(16))):
        with pytest.raises(OtherCommitmentError, match="another tip"):
            sign_answer(ASKED, STATEMENT, keys)


@pytest.mark.parametrize("beneficiary", ["x" * 401, "two\nlines", "\u202ex"])
def test_a_beneficiary_is_one_line(beneficiary: str) -> None:
    """Of at most 400 bytes, without signs that make it look like another."""
    with pytest.raises(ClaimError, match="beneficiary"):
        state(ASKED, beneficiary, "en")


def test_an_answer_to_another_agency_is_refused() -> None:
    """A stolen answer is worth nothing elsewhere, even if its thief could open it."""
    stolen = sign_answer(OTHER_ASKED, state(OTHER_ASKED, BENEFICIARY, "en"), KEYS)
    with pytest.raises(OtherAgencyError, match="another agency"):
        check_answer(stolen, OFFICE, COMMITMENT, TODAY)


def test_an_answer_cannot_be_moved_under_another_challenge() -> None:
    """Neither another agency's, nor one of the same agency for another case, programme, day or once more."""
    for challenge in (
        replace(CHALLENGE, case="FWS-2026-118"),
        replace(CHALLENGE, programme="another"),
        replace(CHALLENGE, expires=EXPIRES + timedelta(days=1)),
        replace(CHALLENGE, nonce=bytes(16)),
    ):
        with pytest.raises(ClaimError, match="another challenge"):
            check_answer(replace(ANSWER, challenge=sign_challenge(challenge, KEY)), OFFICE, COMMITMENT, TODAY)
    relayed = replace(ANSWER, challenge=OTHER_ASKED.envelope)
    with pytest.raises(ClaimError, match="another challenge"):
        check_answer(relayed, OTHER_OFFICE, COMMITMENT, TODAY)


def test_a_challenge_in_the_agencys_name_that_it_never_made_is_refused() -> None:
    """Who passes on a challenge of their own making gets an answer that the agency does not take."""
    forged = sign("application/vnd.lapwing.claim-challenge+json", CHALLENGE.encode(), OTHER_KEY)
    with pytest.raises(ClaimError, match="not signed by the agency"):
        check_answer(replace(ANSWER, challenge=forged), OFFICE, COMMITMENT, TODAY)


def test_an_answer_counts_until_the_last_day() -> None:
    """On that day, and not on the next."""
    assert check_answer(ANSWER, OFFICE, COMMITMENT, EXPIRES) == STATEMENT
    with pytest.raises(ChallengeExpiredError):
        check_answer(ANSWER, OFFICE, COMMITMENT, EXPIRES + timedelta(days=1))


def test_an_answer_about_another_tip_is_refused() -> None:
    """The commitment that the agency holds is the one that its challenge was about, in every part of it."""
    for other in (
        replace(COMMITMENT, digest=bytes(32)),
        replace(COMMITMENT, salt=bytes(16)),
        replace(COMMITMENT, known_to_intake=True),
    ):
        with pytest.raises(OtherCommitmentError, match="another tip"):
            check_answer(ANSWER, OFFICE, other, TODAY)


def test_an_answer_by_somebody_else_is_refused() -> None:
    """Keys of other words, both or one of them, are not those of the commitment."""
    signatures = OTHERS.sign(pre_authentication_encoding(PAYLOAD_TYPE, STATEMENT.encode()))
    envelope = replace(ANSWER.statement, signatures=(Signature(OTHERS.public.ed25519, signatures.ed25519),))
    for wrong in (
        Answer(ASKED.envelope, envelope, OTHERS.public.ml_dsa, signatures.ml_dsa),
        replace(ANSWER, statement=envelope),
        replace(ANSWER, ml_dsa_key=OTHERS.public.ml_dsa, ml_dsa_signature=signatures.ml_dsa),
    ):
        with pytest.raises(OtherCommitmentError, match="not by who wrote this tip"):
            check_answer(wrong, OFFICE, COMMITMENT, TODAY)


def test_both_signatures_must_hold() -> None:
    """Either one that does not hold refuses the answer."""
    broken = replace(ANSWER.statement, signatures=(Signature(KEYS.public.ed25519, bytes(64)),))
    for wrong in (replace(ANSWER, statement=broken), replace(ANSWER, ml_dsa_signature=bytes(3309))):
        with pytest.raises(ClaimSignatureError, match="does not hold"):
            check_answer(wrong, OFFICE, COMMITMENT, TODAY)


def test_a_statement_has_one_signature_of_its_own_kind() -> None:
    """None, a second one, or another payload type is refused."""
    own = ANSWER.statement.signatures[0]
    more = replace(ANSWER.statement, signatures=(own, Signature(bytes(32), bytes(64))))
    for wrong in (
        replace(ANSWER, statement=replace(ANSWER.statement, signatures=())),
        replace(ANSWER, statement=more),
        by(STATEMENT.encode(), "application/x"),
    ):
        with pytest.raises(ClaimSignatureError, match="exactly one signature"):
            check_answer(wrong, OFFICE, COMMITMENT, TODAY)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"v": 2}, "v is not"),
        ({"v": 0}, "v is not"),
        ({"challenge": "00" * 32}, "another challenge"),
        ({"office": OTHER_OFFICE.digest.hex()}, "another challenge"),
        ({"expires": "2027-12-31"}, "another last day"),
        ({"expires": "2026-12-311"}, "expires is not"),
        ({"beneficiary": "A thief"}, "words are not those"),
        ({"beneficiary": "x" * 401}, "beneficiary is not"),
        ({"language": "fr"}, "words are not those"),
        ({"language": "de"}, "language"),
        ({"words": "I wrote it."}, "words are not those"),
        ({"words": "x" * 2_000}, "words are not those"),
        ({"words": "x" * 2_001}, "words is not"),
        ({"extra": 1}, "does not belong"),
    ],
)
def test_a_statement_that_says_anything_else_is_refused(changes: dict[str, Any], match: str) -> None:
    """Even signed with the right keys: the words are those that its source must have read, and no other."""
    wrong = by(changed(STATEMENT.encode(), **changes))
    with pytest.raises(ClaimError, match=match):
        check_answer(wrong, OFFICE, COMMITMENT, TODAY)


def test_a_statement_is_at_most_4096_bytes() -> None:
    """White space between tokens is no matter up to there."""
    assert check_answer(by(STATEMENT.encode().ljust(4_096)), OFFICE, COMMITMENT, TODAY) == STATEMENT
    with pytest.raises(ClaimError, match="more than 4096"):
        check_answer(by(STATEMENT.encode().ljust(4_097)), OFFICE, COMMITMENT, TODAY)


@given(st.integers(0, 2_000))
def test_an_answer_is_read_with_its_padding(spaces: int) -> None:
    """Spaces and one line feed follow the line."""
    assert Answer.decode(ANSWER.encode() + b" " * spaces + b"\n") == ANSWER


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_our_error(untrusted: bytes) -> None:
    """Nothing else is raised."""
    with contextlib.suppress(ClaimError):
        Answer.decode(untrusted)


@pytest.mark.parametrize(
    ("untrusted", "match"),
    [
        (b"", "does not end"),
        (ANSWER.encode(), "does not end"),
        (b"\n", "not strict JSON"),
        (LINES.rjust(ANSWER_SIZE + 2), "more than 32768"),
        (changed(ANSWER.encode(), v=2) + b"\n", "v is not"),
        (changed(ANSWER.encode(), v=0) + b"\n", "v is not"),
        (changed(ANSWER.encode(), statement={}) + b"\n", "no signed envelope"),
        (changed(ANSWER.encode(), challenge={}) + b"\n", "no signed envelope"),
        (changed(ANSWER.encode(), ml_dsa_key="AA==") + b"\n", "ml_dsa_key is not 1952"),
        (changed(ANSWER.encode(), ml_dsa_signature="AA==") + b"\n", "ml_dsa_signature is not 3309"),
        (changed(ANSWER.encode(), extra=1) + b"\n", "does not belong"),
    ],
)
def test_what_is_no_answer_is_refused(untrusted: bytes, match: str) -> None:
    """It says which part is wrong, and repeats nothing of it."""
    with pytest.raises(ClaimError, match=match):
        Answer.decode(untrusted)


def test_the_statement_is_what_was_shown() -> None:
    """What is signed are the words themselves, beside the values that they were made of."""
    payload = json.loads(ANSWER.statement.payload)
    assert payload["words"] == STATEMENT.words
    assert list(payload) == ["v", "challenge", "office", "expires", "beneficiary", "language", "words"]
    assert isinstance(STATEMENT, Statement)
    assert BENEFICIARY in STATEMENT.words
