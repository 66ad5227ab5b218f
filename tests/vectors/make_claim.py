"""Vectors of claims: the words, an agency's challenge, the answer."""

import base64
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature

from crypto import bech32
from crypto.claim import ClaimWords, claim_salt
from crypto.dsse import Envelope, Signature, pre_authentication_encoding
from crypto.seal import plaintext_size_for
from tests.vectors.book import Book
from tests.vectors.fixed import (
    INSTANCE,
    OFFICE,
    TODAY,
    edited,
    filled,
    header,
    identity,
    public,
    sealed,
    secret,
    signed,
    text,
)
from tests.vectors.shape import FOLDER, read_file
from wire.claim import CHALLENGE_TYPE, Challenge, Commitment, open_challenge
from wire.claim_answer import ANSWER_SIZE, PAYLOAD_TYPE, Answer, state
from wire.fields import dump, encode_base64
from wire.office import Office

WORDS = ClaimWords((81, 2008, 777, 7747))
TIP = secret("tip", 16)
SALT = claim_salt(INSTANCE, TIP)
KEYS = WORDS.derive(SALT)
OTHERS = ClaimWords((1, 2, 3, 4)).derive(SALT)
COMMITMENT = Commitment(KEYS.public.commitment, SALT, known_to_intake=False)
MARKED = replace(COMMITMENT, known_to_intake=True)
EXPIRES = date(2026, 12, 31)
CHALLENGE = Challenge(OFFICE, COMMITMENT, "16 U.S.C. 3375(d)", "Lyon 2026/117", EXPIRES, secret("nonce", 16))
SIGNATURE = "the signature by ML-DSA"


def claim_books() -> tuple[Book, ...]:
    """Return the files of vectors."""
    return (_words(), _challenge(), _answer())


def _words() -> Book:
    given = {"instance": INSTANCE.hex(), "tip": TIP.hex()}
    book = Book("claim_words", "Claim words as they were typed, UTF-8.", "Claim", given)
    one, two, three, four, number = str(WORDS).split(" ")
    book.accept("four words and a number", text(str(WORDS).encode()))
    book.accept("another tip has another salt", text(str(WORDS).encode()), tip="ff" * 16)
    book.accept("another organisation too", text(str(WORDS).encode()), instance="ff" * 16)
    typed = f"\n{one}-{two}--{three}  {four}\u2013{number}\t".upper()
    book.accept("case, white space and hyphens do not count", text(typed.encode()))
    zero = next(words for index in range(7776) if (words := ClaimWords((index, 0, 0, 0))).number == "07")
    book.accept("a number with a leading zero", text(str(zero).encode()))
    wrong = f"{(int(number) + 1) % 100:02}"
    for name, (error, typed) in {
        "nothing": ("ClaimWordsError", ""),
        "no number": ("ClaimWordsError", f"{one} {two} {three} {four}"),
        "a number of one digit": ("ClaimWordsError", f"{str(zero)[:-2]}7"),
        "digits of another script": ("ClaimWordsError", f"{str(zero)[:-2]}٠٧"),
        "three words": ("ClaimWordsError", f"{one} {two} {three} {number}"),
        "five words": ("ClaimWordsError", f"{one} {one} {two} {three} {four} {number}"),
        "a word that is not on the list": ("ClaimWordsError", f"lapwing {two} {three} {four} {number}"),
        "more than 1,024 characters": ("ClaimWordsError", str(WORDS).ljust(1025)),
        "two words that changed places": ("ClaimNumberError", f"{two} {one} {three} {four} {number}"),
        "another number": ("ClaimNumberError", f"{one} {two} {three} {four} {wrong}"),
    }.items():
        book.refuse(error, name, text(typed.encode()))
    return book


def _asked(payload: bytes | dict[str, Any], *signers: str) -> Any:
    return text(signed(CHALLENGE_TYPE, payload, *(signers or ("office",))))


def _challenge() -> Book:
    given = {"today": TODAY.isoformat()}
    book = Book("claim_challenge", "The envelope of a challenge.", "Claim", given)
    good = CHALLENGE.encode()
    book.accept("a challenge", _asked(good))
    book.accept("on its last day", _asked(good), today=EXPIRES.isoformat())
    book.accept("about words that the intake knew", _asked(replace(CHALLENGE, commitment=MARKED).encode()))
    over = (EXPIRES + timedelta(days=1)).isoformat()
    book.refuse("ChallengeExpiredError", "on the day after its last", _asked(good), today=over)
    book.refuse("ClaimError", "signed by another key", _asked(good, "r1"))
    book.refuse("ClaimError", "signed as a claim", text(signed(PAYLOAD_TYPE, good, "office")))
    book.refuse("ClaimError", "no envelope", text(good))
    book.refuse("ClaimError", "longer than 6,144 bytes", _asked(good.ljust(4_700)))
    written = COMMITMENT.encode()
    wrong: dict[str, dict[str, Any]] = {
        "another version of the format": {"v": 2},
        "a commitment in upper case": {"commitment": written.upper()},
        "a commitment with a wrong checksum": {"commitment": written[:-1] + ("q" if written[-1] != "q" else "p")},
        "a commitment cut short": {"commitment": written[:-1]},
        "a mark that is neither 0 nor 1": {"commitment": _raw(b"\x02" + SALT + COMMITMENT.digest)},
        "a commitment of 31 bytes": {"commitment": _raw(b"\x00" + SALT + COMMITMENT.digest[1:])},
        "no programme": {"programme": ""},
        "a programme of 201 bytes": {"programme": "x" * 201},
        "a case of two lines": {"case": "one\ntwo"},
        "a case of 121 bytes": {"case": "x" * 121},
        "a day that does not exist": {"expires": "2027-02-29"},
        "a nonce of 15 bytes": {"nonce": "00" * 15},
        "an office without a key": {"office": {"name": "x", "recipient": OFFICE.recipient.encode()}},
        "a field that does not belong there": {"extra": 1},
        "no case": {"case": ...},
    }
    for name, changes in wrong.items():
        book.refuse("ClaimError", name, _asked(edited(good, **changes)))
    return book


def _raw(data: bytes) -> str:
    return bech32.encode("lapwing-claim", data)


def _stated(**changes: Any) -> bytes:
    asked = open_challenge(signed(CHALLENGE_TYPE, CHALLENGE.encode(), "office"), TODAY)
    return dump(edited(state(asked, "Maître Dupont, Lyon", "fr").encode(), **changes))


@cache
def _kept(payload: bytes) -> bytes:
    """Return a signature of ML-DSA, which is another one each time: that in the file while it holds, else a new one."""
    message = pre_authentication_encoding(PAYLOAD_TYPE, payload)
    if (FOLDER / "claim_answer.json").exists():
        kept = base64.b64decode(read_file("claim_answer")["given"]["texts"][SIGNATURE]["text"])
        try:
            KEYS.ml_dsa.public_key().verify(kept, message)
        except InvalidSignature:
            pass
        else:
            return kept
    return KEYS.sign(message).ml_dsa


def _plain(answer: Answer, **changes: Any) -> Any:
    """Return the form of an answer's plaintext, its second signature by its place."""
    line = dump(edited(answer.encode(), **changes))
    size = plaintext_size_for(len(header("office")), ANSWER_SIZE)
    assert size is not None
    signature = encode_base64(_kept(_stated())).encode()
    before, found, after = line.partition(signature)
    if not found:
        return filled(line, size)
    spaces = {"repeat": "20", "times": size - len(line) - 1}
    place = {"slice": SIGNATURE, "from": 0, "to": len(signature)}
    return [text(before), place, text(after), spaces, text(b"\n")]


def _answered(payload: bytes, **changes: Any) -> Answer:
    """Return an answer with another statement, signed by the keys of the tip; the second signature is the first's."""
    message = pre_authentication_encoding(PAYLOAD_TYPE, payload)
    signature = Signature(KEYS.public.ed25519, KEYS.ed25519.sign(message).signature)
    answer = Answer(
        challenge=Envelope.decode(signed(CHALLENGE_TYPE, CHALLENGE.encode(), "office")),
        statement=Envelope(PAYLOAD_TYPE, payload, (signature,)),
        ml_dsa_key=KEYS.public.ml_dsa,
        ml_dsa_signature=_kept(_stated()),
    )
    return replace(answer, **changes)


def _answer() -> Book:
    given = {
        "identity": identity("office").encode(),
        "key": public("office").hex(),
        "commitment": COMMITMENT.encode(),
        "today": TODAY.isoformat(),
        "texts": {SIGNATURE: text(encode_base64(_kept(_stated())).encode())},
    }
    book = Book("claim_answer", "A sealed answer, 32,768 bytes.", "Claim", given)
    good = _answered(_stated())
    first = "an answer"
    form = sealed("office", _plain(good), first)
    book.accept(first, form)
    book.accept("on the last day", form, today=EXPIRES.isoformat())
    over = (EXPIRES + timedelta(days=1)).isoformat()
    book.refuse("ChallengeExpiredError", "on the day after the last", form, today=over)
    book.refuse("NoMatchError", "stolen: opened with another agency's key", form, **_other_agency())
    book.refuse("OtherAgencyError", "to an office with another signing key", form, key=public("r1").hex())
    book.refuse("OtherCommitmentError", "about another tip", form, commitment=replace(COMMITMENT, salt=TIP).encode())
    book.refuse("OtherCommitmentError", "the commitment is marked", form, commitment=MARKED.encode())
    elsewhere = Office("Another", identity("another office").recipient, public("another office"))
    to_other = signed(CHALLENGE_TYPE, replace(CHALLENGE, office=elsewhere).encode(), "another office")
    for name, (error, answer) in {
        "passed on: to another agency's challenge": (
            "OtherAgencyError",
            replace(good, challenge=Envelope.decode(to_other)),
        ),
        "under another challenge of this agency": ("ClaimError", _with_challenge(good, case="Lyon 2026/118")),
        "under the same challenge made again": ("ClaimError", _with_challenge(good, nonce="00" * 16)),
        "a challenge that the agency did not sign": (
            "ClaimError",
            replace(good, challenge=Envelope.decode(signed(CHALLENGE_TYPE, CHALLENGE.encode(), "r1"))),
        ),
        "by other keys": ("OtherCommitmentError", _by_others(good)),
        "the second key is another": ("OtherCommitmentError", replace(good, ml_dsa_key=OTHERS.public.ml_dsa)),
        "the first signature does not hold": ("ClaimSignatureError", _with_signatures(good, bytes(64))),
        "the second signature does not hold": ("ClaimSignatureError", replace(good, ml_dsa_signature=bytes(3309))),
        "no first signature": ("ClaimSignatureError", _with_signatures(good)),
        "another payload type": (
            "ClaimSignatureError",
            replace(good, statement=replace(good.statement, payload_type="application/x")),
        ),
        "another beneficiary": ("ClaimError", _answered(_stated(beneficiary="A thief"))),
        "other words": ("ClaimError", _answered(_stated(words="I wrote it.\n"))),
        "another language than the words": ("ClaimError", _answered(_stated(language="en"))),
        "another last day": ("ClaimError", _answered(_stated(expires="2027-12-31"))),
        "another office": ("ClaimError", _answered(_stated(office="00" * 32))),
        "a statement with a field too many": ("ClaimError", _answered(_stated(extra=1))),
    }.items():
        book.refuse(error, name, sealed("office", _plain(answer), name))
    malformed: dict[str, dict[str, Any]] = {
        "a field that does not belong there": {"extra": 1},
        "another version of the format": {"v": 2},
        "a second key of 1,951 bytes": {"ml_dsa_key": encode_base64(bytes(1951))},
        "no statement": {"statement": ...},
    }
    for name, changes in malformed.items():
        book.refuse("ClaimError", name, sealed("office", _plain(good, **changes), name))
    book.refuse("PayloadError", "one byte short", {"like": first, "size": ANSWER_SIZE - 1})
    return book


def _other_agency() -> dict[str, str]:
    return {"identity": identity("another office").encode(), "key": public("another office").hex()}


def _with_challenge(answer: Answer, **changes: Any) -> Answer:
    return replace(
        answer, challenge=Envelope.decode(signed(CHALLENGE_TYPE, edited(CHALLENGE.encode(), **changes), "office"))
    )


def _with_signatures(answer: Answer, *values: bytes) -> Answer:
    signatures = tuple(Signature(KEYS.public.ed25519, value) for value in values)
    return replace(answer, statement=replace(answer.statement, signatures=signatures))


def _by_others(answer: Answer) -> Answer:
    message = pre_authentication_encoding(PAYLOAD_TYPE, answer.statement.payload)
    signature = Signature(OTHERS.public.ed25519, OTHERS.ed25519.sign(message).signature)
    statement = replace(answer.statement, signatures=(signature,))
    return replace(answer, statement=statement, ml_dsa_key=OTHERS.public.ml_dsa)
