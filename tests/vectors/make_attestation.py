"""Vectors of what reviewers' apps say of a letter: attestation, opening."""

import json
from dataclasses import replace
from typing import Any

from tests.vectors.book import Book
from tests.vectors.fixed import INSTANCE, ROSTER, WEEK, edited, secret, signed, text
from tests.vectors.make_messages import LETTER
from wire import receipt
from wire.attestation import PAYLOAD_TYPE, Attestation
from wire.attested import CLAIM, FIELDS, FIRST_FILE, STORY, commitment_to, show
from wire.fields import encode_base64
from wire.letter import encode_content

CLAIMED = replace(LETTER, claim=secret("claim"))


def attestation_books() -> tuple[Book, ...]:
    """Return the files of vectors."""
    return (_attestation(), _opening())


def _signed(payload: bytes | dict[str, Any], *signers: str) -> Any:
    return text(signed(PAYLOAD_TYPE, payload, *(signers or ("r1",))))


def _attestation() -> Book:
    book = Book("attestation", "The envelope of an attestation.", "Attestation", {"roster": ROSTER.encode().decode()})
    good = Attestation(INSTANCE, "r1", commitment_to(CLAIMED), WEEK).encode()
    book.accept("an attestation", _signed(good))
    book.accept("by another reviewer, later", _signed(edited(good, reviewer="r2", week="2026-W53"), "r2"))
    book.refuse("AttestationError", "signed by another reviewer", _signed(good, "r2"))
    book.refuse("AttestationError", "signed by two", _signed(good, "r1", "r2"))
    book.refuse("AttestationError", "by somebody who was removed", _signed(edited(good, reviewer="r0"), "r0"))
    book.refuse("AttestationError", "signed as a receipt", text(signed(receipt.PAYLOAD_TYPE, good, "r1")))
    wrong: dict[str, dict[str, Any]] = {
        "another version of the format": {"v": 2},
        "another organisation": {"instance": "00" * 16},
        "a commitment of 31 bytes": {"commitment": "00" * 31},
        "a day for a week": {"week": "2026-11-25"},
        "a week that its year does not have": {"week": "2027-W53"},
        "a reviewer who is none": {"reviewer": "R 1"},
        "a field that does not belong there": {"extra": 1},
        "no week": {"week": ...},
    }
    for name, changes in wrong.items():
        book.refuse("AttestationError", name, _signed(edited(good, **changes)))
    book.refuse("AttestationError", "longer than 512 bytes", _signed(good.ljust(513)))
    return book


def _opening() -> Book:
    about = "What shows some pieces of the letter whose first line is `content`."
    book = Book("opening", about, "Attestation", {"content": encode_content(CLAIMED).decode()})
    for name, places in {
        "the claim alone": {CLAIM},
        "nothing": set(),
        "a file": {FIRST_FILE + 1},
        "all pieces": set(range(FIRST_FILE + 3)),
        "story and answers": {STORY, FIELDS},
    }.items():
        book.accept(name, text(show(CLAIMED, places).encode()))
    plain = replace(LETTER, number=2, case_key=None, files=(), parts=(), story="", fields={})
    all_of_it = text(show(plain, {CLAIM, STORY, FIELDS}).encode())
    book.accept("a follow-up without a claim and a word", all_of_it, content=encode_content(plain).decode())
    good = show(CLAIMED, {STORY}).encode()
    claim, story = json.loads(good)["pieces"]
    wrong: dict[str, dict[str, Any]] = {
        "another version of the format": {"v": 2},
        "another story": {"pieces": [claim, {**story, "value": encode_base64(b"another")}]},
        "another salt": {"pieces": [claim, {**story, "salt": encode_base64(bytes(32))}]},
        "pieces that changed places": {"pieces": [story, claim]},
        "a piece left out": {"pieces": [story]},
        "another rest": {"rest": encode_base64(bytes(32))},
        "a rest of 31 bytes": {"rest": encode_base64(bytes(31))},
        "a leaf of 33 bytes": {"pieces": [{"leaf": encode_base64(bytes(33))}, story]},
        "a salt of 31 bytes": {"pieces": [claim, {**story, "salt": encode_base64(bytes(31))}]},
        "a piece both shown and not": {"pieces": [claim, {**story, **claim}]},
        "a value of 6,001 bytes": {"pieces": [claim, {**story, "value": encode_base64(bytes(6_001))}]},
        "a piece without a value": {"pieces": [claim, {"salt": story["salt"]}]},
        "105 pieces": {"pieces": [claim] * 105},
        "a field that does not belong there": {"extra": 1},
        "no rest": {"rest": ...},
    }
    for name, changes in wrong.items():
        book.refuse("AttestationError", name, text(json.dumps(edited(good, **changes)).encode()))
    other = encode_content(replace(CLAIMED, conversation=secret("another conversation"))).decode()
    book.refuse("AttestationError", "of a letter that says the same in another conversation", text(good), content=other)
    return book
