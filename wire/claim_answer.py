"""The answer to a challenge: a statement in words, signed with both keys of a claim and sealed to the agency.

docs/format.md, "Claim". Opens no seal.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from typing import Final

from crypto.claim import (
    ML_DSA_KEY_SIZE,
    ML_DSA_SIGNATURE_SIZE,
    ClaimKeys,
    ClaimPublicKeys,
    ClaimSignatures,
)
from crypto.dsse import Envelope, Signature, pre_authentication_encoding
from crypto.errors import EnvelopeError, SignatureError
from crypto.hybrid import HybridIdentity
from crypto.seal import Sealer, plaintext_size_for
from wire.claim import Challenge, Commitment, SignedChallenge, check_challenge
from wire.claim_words import statement_words
from wire.draft import Language, read_language
from wire.errors import ClaimError, ClaimSignatureError, OtherAgencyError, OtherCommitmentError
from wire.fields import dump, encode_base64, parse_object
from wire.office import Office

PAYLOAD_TYPE: Final = "application/vnd.lapwing.claim+json"
ANSWER_SIZE: Final = 32_768
"""Bytes of every sealed answer, whatever it says."""
STANZAS: Final = 4


@dataclass(frozen=True)
class Limits:
    """What is accepted at most; sizes are bytes."""

    beneficiary: int = 400  # of UTF-8, one line
    words: int = 2_000  # of UTF-8
    payload: int = 4_096  # of a statement, without its signatures
    answer: int = ANSWER_SIZE  # of an answer, unsealed


LIMITS = Limits()


@dataclass(frozen=True)
class Statement:
    """What both keys sign.

    Attributes:
        challenge: SHA-256 (32 bytes) of the challenge's payload: it names agency, key, programme, case and last day.
        office: digest (32 bytes) of the agency that it is for.
        expires: last day (UTC) on which it counts.
        beneficiary: who shall receive a reward, as the source states it; one line, may be empty.
        language: of the words.
        words: what the source read before signing; `wire.claim_words` makes them from all of the above.
    """

    challenge: bytes
    office: bytes
    expires: date
    beneficiary: str
    language: Language
    words: str

    def encode(self) -> bytes:
        """Return the payload that is signed."""
        return dump(
            {
                "v": 1,
                "challenge": self.challenge.hex(),
                "office": self.office.hex(),
                "expires": self.expires.isoformat(),
                "beneficiary": self.beneficiary,
                "language": self.language,
                "words": self.words,
            }
        )


@dataclass(frozen=True)
class Answer:
    """An answer as it lies inside its seal. Nothing in it is trusted before `check_answer`.

    Attributes:
        challenge: the envelope of the challenge that it answers.
        statement: the envelope of the statement, with the Ed25519 signature.
        ml_dsa_key: 1,952 bytes.
        ml_dsa_signature: 3,309 bytes, over what the Ed25519 signature is over.
    """

    challenge: Envelope
    statement: Envelope
    ml_dsa_key: bytes
    ml_dsa_signature: bytes

    def encode(self) -> bytes:
        """Return the answer as one line of JSON, without padding."""
        return b'{"v":1,"challenge":%b,"statement":%b,"ml_dsa_key":"%b","ml_dsa_signature":"%b"}' % (
            self.challenge.encode(),
            self.statement.encode(),
            encode_base64(self.ml_dsa_key).encode(),
            encode_base64(self.ml_dsa_signature).encode(),
        )

    @classmethod
    def decode(cls, untrusted: bytes) -> "Answer":
        """Read what was inside the seal: one line of JSON, spaces, a line feed.

        Raises:
            ClaimError: it is no answer.
        """
        if not untrusted.endswith(b"\n"):
            raise ClaimError("answer: it does not end as an answer ends; ask for it again")
        fields = parse_object(untrusted[:-1].rstrip(b" "), LIMITS.answer, "answer", ClaimError)
        fields.integer("v", 1, 1)
        try:
            challenge, statement = (
                Envelope.decode(dump(fields.mapping(name, LIMITS.answer))) for name in ("challenge", "statement")
            )
        except EnvelopeError:
            raise ClaimError("answer: its challenge or its statement is no signed envelope") from None
        answer = cls(
            challenge=challenge,
            statement=statement,
            ml_dsa_key=fields.base64("ml_dsa_key", ML_DSA_KEY_SIZE, ML_DSA_KEY_SIZE),
            ml_dsa_signature=fields.base64("ml_dsa_signature", ML_DSA_SIGNATURE_SIZE, ML_DSA_SIGNATURE_SIZE),
        )
        fields.end()
        return answer


def state(signed: SignedChallenge, beneficiary: str, language: Language) -> Statement:
    """Return the statement that answers a challenge; show its words before anything is signed.

    Raises:
        ClaimError: the beneficiary is not one line of at most 400 bytes.
    """
    challenge = signed.challenge
    made = Statement(
        challenge=signed.digest,
        office=challenge.office.digest,
        expires=challenge.expires,
        beneficiary=beneficiary,
        language=language,
        words=statement_words(challenge, beneficiary, language),
    )
    _read_statement(made.encode(), signed)
    return made


def sign_answer(signed: SignedChallenge, statement: Statement, keys: ClaimKeys) -> Answer:
    """Return the answer, signed with both keys.

    Args:
        signed: the challenge.
        statement: as `state` made it and the source read it.
        keys: what the claim words derive with the salt of the challenge's commitment.

    Raises:
        OtherCommitmentError: these are not the keys of the tip that the challenge is about; nothing is signed then.
    """
    if not compare_digest(keys.public.commitment, signed.challenge.commitment.digest):
        raise OtherCommitmentError(
            "claim: these words belong to another tip than the agency asks about; check the words"
        )
    payload = statement.encode()
    signatures = keys.sign(pre_authentication_encoding(PAYLOAD_TYPE, payload))
    envelope = Envelope(PAYLOAD_TYPE, payload, (Signature(keys.public.ed25519, signatures.ed25519),))
    return Answer(signed.envelope, envelope, keys.public.ml_dsa, signatures.ml_dsa)


def seal_answer(answer: Answer, office: Office) -> bytes:
    """Return the answer sealed to the agency: 32,768 bytes, whatever it says."""
    recipients = [office.recipient, *(HybridIdentity.generate().recipient for _ in range(STANZAS - 1))]
    secrets.SystemRandom().shuffle(recipients)
    sealer = Sealer(recipients)
    size = plaintext_size_for(sealer.header_size, ANSWER_SIZE)
    assert size is not None
    plaintext = answer.encode().ljust(size - 1, b" ") + b"\n"
    return sealer.start() + sealer.update(plaintext) + sealer.finish()


def check_answer(answer: Answer, office: Office, commitment: Commitment, on: date) -> Statement:
    """Return what the source of a tip states, or refuse.

    Args:
        answer: as it was in the seal.
        office: the own office: it made the challenge.
        commitment: of the tip, as the reviewers released it.
        on: the day (UTC) on which the answer came in.

    Raises:
        ClaimError: its challenge or statement is malformed, or one is not about the other.
        OtherAgencyError: it answers another agency's challenge: stolen, or passed on.
        ChallengeExpiredError: it came too late.
        OtherCommitmentError: the challenge is about another tip, or the answer by somebody who did not write this one.
        ClaimSignatureError: one of the two signatures does not hold.
    """
    # Whose the challenge is comes first: everything else in it may have been chosen by whoever passed it on.
    if not compare_digest(Challenge.decode(answer.challenge.payload).office.digest, office.digest):
        raise OtherAgencyError("answer: it was given to another agency; only an answer to your own challenge counts")
    signed = check_challenge(answer.challenge, on)
    if signed.challenge.commitment != commitment:
        raise OtherCommitmentError("answer: its challenge was about another tip than this commitment is of")
    statement = _read_statement(answer.statement.payload, signed)
    _check_signatures(answer, commitment)
    return statement


def _read_statement(untrusted: bytes, signed: SignedChallenge) -> Statement:
    fields = parse_object(untrusted, LIMITS.payload, "statement", ClaimError)
    fields.integer("v", 1, 1)
    challenge, office = fields.hex("challenge", 32), fields.hex("office", 32)
    if challenge != signed.digest or office != signed.challenge.office.digest:
        raise ClaimError("statement: it answers another challenge than the one beside it")
    if fields.text("expires", 10) != signed.challenge.expires.isoformat():
        raise ClaimError("statement: it names another last day than its challenge")
    beneficiary = fields.line("beneficiary", LIMITS.beneficiary, 0)
    language = read_language(fields)
    words = fields.text("words", LIMITS.words)
    fields.end()
    if words != statement_words(signed.challenge, beneficiary, language):
        raise ClaimError("statement: its words are not those of its challenge")
    return Statement(challenge, office, signed.challenge.expires, beneficiary, language, words)


def _check_signatures(answer: Answer, commitment: Commitment) -> None:
    envelope = answer.statement
    if envelope.payload_type != PAYLOAD_TYPE or len(envelope.signatures) != 1:
        raise ClaimSignatureError("answer: its statement has not exactly one signature, of a claim")
    signature = envelope.signatures[0]
    keys = ClaimPublicKeys(signature.key, answer.ml_dsa_key)
    if not compare_digest(keys.commitment, commitment.digest):
        raise OtherCommitmentError("answer: not by who wrote this tip: the keys are not those of its commitment")
    message = pre_authentication_encoding(envelope.payload_type, envelope.payload)
    try:
        keys.verify(message, ClaimSignatures(signature.value, answer.ml_dsa_signature))
    except SignatureError:
        raise ClaimSignatureError("answer: one of its two signatures does not hold; both must") from None
