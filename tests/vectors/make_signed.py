"""Vectors of the codename and of what is signed and not sealed: envelope, roster, period key, key sheet."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from crypto.dsse import Envelope, Signature
from tests.vectors.book import Book
from tests.vectors.fixed import (
    CODENAME,
    INSTANCE,
    ROSTER,
    SHEET,
    TODAY,
    WEEK,
    codename_of,
    edited,
    identity,
    public,
    roster_envelope,
    secret,
    sheet_envelope,
    signed,
    text,
)
from wire import keysheet, reply, roster
from wire.fields import dump
from wire.keysheet import PeriodKey
from wire.roster import Removed, Reviewer


def signed_books() -> tuple[Book, ...]:
    """Return the files of vectors."""
    return (_codename(), _dsse(), _roster(), _period_key(), _key_sheet())


def _codename() -> Book:
    book = Book("codename", "A codename as it was typed, UTF-8.", "Codename", {"instance": INSTANCE.hex()})
    words = str(CODENAME).split(" ")
    book.accept("eight words", text(" ".join(words).encode()))
    book.accept("another organisation derives other keys", text(" ".join(words).encode()), instance="ff" * 16)
    book.accept("case, white space and hyphens do not count", text(f"\n{'-'.join(words).upper()}\t".encode()))
    book.accept("full-width letters are the same letters", text(_wide(" ".join(words)).encode()))
    book.accept("any dash separates", text("\u2013".join(words).encode()))
    hyphened = str(codename_of((2008, 2527, 6639, 7747, 0, 1, 2)))
    book.accept("four words of the list have a hyphen", text(hyphened.encode()))
    book.accept("and are read without it", text(hyphened.replace("-", " ").encode()))
    swapped = [words[1], words[0], *words[2:]]
    book.refuse("CodenameError", "seven words", text(" ".join(words[:7]).encode()))
    book.refuse("CodenameError", "nine words", text(" ".join([*words, words[0]]).encode()))
    book.refuse("CodenameError", "nothing", text(b""))
    book.refuse("CodenameError", "more than 1,024 characters", text((" ".join(words) + " " * 1024).encode()))
    book.refuse("UnknownWordError", "a word that is not on the list", text(" ".join(["lapwing", *words[1:]]).encode()))
    book.refuse("CheckWordError", "two words that changed places", text(" ".join(swapped).encode()))
    book.refuse("CheckWordError", "a check word that does not confirm", text(" ".join([*words[:7], "abacus"]).encode()))
    return book


def _wide(plain: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in plain)


def _dsse() -> Book:
    kind = reply.PAYLOAD_TYPE
    keys = [public(one).hex() for one in ("r1", "r2")]
    given = {"type": kind, "keys": keys, "threshold": 1}
    book = Book("dsse", "An envelope; the keys are those that the reader knows.", "Signed: DSSE envelopes", given)
    one, two = signed(kind, b'{"v":1}', "r1"), signed(kind, b'{"v":1}', "r1", "r2")
    envelope = Envelope.decode(one)
    broken = Signature(public("r3"), bytes(64))
    book.accept("one signature", text(one))
    book.accept("two signatures", text(two), threshold=2)
    book.accept("no payload", text(signed(kind, b"", "r1")))
    book.accept(
        "a signature by an unknown key does no harm",
        text(replace(envelope, signatures=(*envelope.signatures, broken)).encode()),
    )
    known = replace(envelope, signatures=(*envelope.signatures, Signature(public("r2"), bytes(64))))
    book.refuse("SignatureError", "a signature by a known key that does not hold", text(known.encode()))
    book.refuse("SignatureError", "too few signatures", text(one), threshold=2)
    book.refuse("SignatureError", "signed by an unknown key alone", text(signed(kind, b'{"v":1}', "r3")))
    book.refuse("SignatureError", "no signature", text(replace(envelope, signatures=()).encode()))
    book.refuse("SignatureError", "another payload", text(replace(envelope, payload=b'{"v":2}').encode()))
    book.refuse("SignatureError", "another payload type", text(signed(roster.PAYLOAD_TYPE, b'{"v":1}', "r1")))
    for name, wrong in _malformed(one).items():
        book.refuse("EnvelopeError", name, text(wrong))
    return book


def _malformed(good: bytes) -> dict[str, bytes]:
    value = json.loads(good)
    (entry,) = value["signatures"]
    swapped = {name: value[name] for name in ("payloadType", "payload", "signatures")}
    many = [{"keyid": secret(f"key {one}").hex(), "sig": entry["sig"]} for one in range(33)]

    def entries(*found: dict[str, Any]) -> bytes:
        return dump({**value, "signatures": list(found)})

    return {
        "white space between tokens": good.replace(b",", b", "),
        "white space at the end": good + b"\n",
        "fields in another order": dump(swapped),
        "a field that does not belong there": dump({**value, "extra": 1}),
        "a name given twice": good.replace(b'{"payload"', b'{"payload":"","payload"', 1),
        "no signatures field": dump(edited(good, signatures=...)),
        "a key twice": entries(entry, entry),
        "33 signatures": entries(*many),
        "a key in upper case": entries({**entry, "keyid": entry["keyid"].upper()}),
        "a key of 31 bytes": entries({**entry, "keyid": entry["keyid"][2:]}),
        "a signature of 63 bytes": entries({**entry, "sig": entry["sig"][:84]}),
        "base64 without padding": good.replace(b'=","payloadType', b'","payloadType'),
        "base64 that is not canonical": good.replace(b"fQ==", b"fR=="),
        "base64 of the other alphabet": dump({**value, "payload": "-_-_"}),
        "a payload type with a space": dump({**value, "payloadType": "a b"}),
        "an array": b"[" + good + b"]",
        "nothing at all": b"",
        "nested without end": b"[" * 5_000,
    }


def _roster() -> Book:
    given = {"root": public("root").hex(), "today": TODAY.isoformat()}
    book = Book("roster", "The envelope of a roster.", "Roster", given)
    good = ROSTER.encode()
    value = json.loads(good)
    book.accept("three reviewers, two removed", text(roster_envelope().encode()))
    book.accept("on its last day", text(roster_envelope().encode()), today="2027-06-30")
    few = replace(ROSTER, reviewers=ROSTER.reviewers[:2], removed=())
    book.accept("two reviewers, nobody removed", _signed(few.encode()))
    book.refuse("RosterError", "on the day after its last", text(roster_envelope().encode()), today="2027-07-01")
    book.refuse("RosterError", "signed by a reviewer", text(signed(roster.PAYLOAD_TYPE, good, "r1")))
    book.refuse("RosterError", "signed as a key sheet", text(signed(keysheet.PAYLOAD_TYPE, good, "root")))
    for name, changes in _wrong_rosters(value).items():
        book.refuse("RosterError", name, _signed(edited(good, **changes)))
    for name, payload in {
        "white space between tokens": good.replace(b",", b", "),
        "an escape that need not be": good.replace("è".encode(), b"\\u00e8"),
        "fields in another order": dump(dict(reversed(value.items()))),
        "a name given twice": good.replace(b'{"v":1', b'{"v":1,"v":1', 1),
        "a number with a fraction": good.replace(b'"version":7', b'"version":7.0'),
        "a number of 17 characters": good.replace(b'"version":7', b'"version":10000000000000007'),
        "NaN": good.replace(b'"version":7', b'"version":NaN'),
        "half of a surrogate pair": good.replace(b"Desk North", b"Desk \\ud800"),
        "no UTF-8": good.replace(b"Desk North", b"Desk \xff"),
        "a byte order mark": b"\xef\xbb\xbf" + good,
        "nested in nine": good.replace(b'"removed":[', b'"removed":[' + b"[" * 9 + b"]" * 9 + b","),
    }.items():
        book.refuse("RosterError", name, _signed(payload))
    _following(book)
    return book


def _signed(payload: bytes | dict[str, Any]) -> Any:
    return text(signed(roster.PAYLOAD_TYPE, payload, "root"))


def _wrong_rosters(value: dict[str, Any]) -> dict[str, dict[str, object]]:
    first, second, third = value["reviewers"]

    def labelled(label: str) -> dict[str, object]:
        return {"reviewers": [{**first, "label": label}, second, third]}

    return {
        "another version of the format": {"v": 2},
        "a version of true": {"version": True},
        "version 0": {"version": 0},
        "version 1,000,001": {"version": 1_000_001},
        "a version as text": {"version": "7"},
        "a field that does not belong there": {"extra": 1},
        "no approvals": {"approvals": ...},
        "one approval": {"approvals": 1},
        "more approvals than reviewers": {"approvals": 4},
        "one reviewer": {"reviewers": [first], "approvals": 2},
        "17 reviewers": {
            "reviewers": [{**first, "id": f"n{one}", "key": secret(f"n{one}").hex()} for one in range(17)]
        },
        "an id twice": {"reviewers": [first, {**second, "id": "r1"}, third]},
        "an id of a removed reviewer": {"reviewers": [first, {**second, "id": "r0"}, third]},
        "a key twice": {"reviewers": [first, {**second, "key": first["key"]}, third]},
        "a key of a removed reviewer": {"reviewers": [first, {**second, "key": public("r9").hex()}, third]},
        "an id in upper case": {"reviewers": [{**first, "id": "R1"}, second, third]},
        "an id of 33 characters": {"reviewers": [{**first, "id": "r" * 33}, second, third]},
        "a label of two lines": labelled("Desk\nNorth"),
        "a label that turns the reading direction": labelled("Desk \u202eNorth"),
        "an empty label": labelled(""),
        "a label of 81 characters": labelled("x" * 81),
        "last_event of null": {"removed": [{"id": "r9", "key": public("r9").hex(), "last_event": None}]},
        "the instance in upper case": {"instance": "AA" * 16},
        "an instance of 15 bytes": {"instance": "aa" * 15},
        "a day that does not exist": {"expires": "2027-02-29"},
        "a day without dashes": {"expires": "20270630"},
    }


def _following(book: Book) -> None:
    previous = ROSTER.encode().decode()
    newer = replace(ROSTER, version=9)
    payload = newer.encode()
    handed = replace(newer, next_root=secret("the root after")).encode()
    hired = (*ROSTER.reviewers[1:], Reviewer("r4", "Desk South", public("r4")))
    gone = (*ROSTER.removed, Removed("r1", public("r1"), secret("last")))
    book.accept(
        "follows: one hired, one removed",
        _signed(replace(newer, reviewers=hired, removed=gone).encode()),
        previous=previous,
    )
    told = (ROSTER.removed[0], replace(ROSTER.removed[1], last_event=secret("told later")))
    book.accept(
        "follows: a last event is told later", _signed(replace(newer, removed=told).encode()), previous=previous
    )
    book.accept(
        "follows: the next root takes over", text(signed(roster.PAYLOAD_TYPE, handed, "next root")), previous=previous
    )
    for name, form in {
        "follows: the same version": _signed(ROSTER.encode()),
        "follows: another organisation": _signed(replace(newer, instance=bytes(16)).encode()),
        "follows: a reviewer vanished": _signed(replace(newer, reviewers=ROSTER.reviewers[:2]).encode()),
        "follows: a reviewer has another key": _signed(
            replace(newer, reviewers=(replace(ROSTER.reviewers[0], key=public("x")), *ROSTER.reviewers[1:])).encode()
        ),
        "follows: a removed reviewer is back": _signed(
            replace(
                newer,
                reviewers=(*ROSTER.reviewers, Reviewer("r9", "Desk", public("r9"))),
                removed=ROSTER.removed[:1],
            ).encode()
        ),
        "follows: another last event is told": _signed(
            replace(newer, removed=(replace(ROSTER.removed[0], last_event=secret("x")), ROSTER.removed[1])).encode()
        ),
        "follows: the root names another next root": _signed(handed),
        "follows: the next root names no other": text(signed(roster.PAYLOAD_TYPE, payload, "next root")),
        "follows: signed by neither root": text(signed(roster.PAYLOAD_TYPE, payload, "r1")),
    }.items():
        book.refuse("RosterError", name, form, previous=previous)


def _period_key() -> Book:
    book = Book("period_key", "The envelope of a period key.", "Period key", {"roster": ROSTER.encode().decode()})
    kind = keysheet.PERIOD_KEY_PAYLOAD_TYPE
    good = PeriodKey("r1", WEEK, identity("r1").recipient, ROSTER.digest).encode()
    recipient = identity("r1").recipient.encode()
    book.accept("one of a reviewer", text(signed(kind, good, "r1")))
    book.refuse("KeySheetError", "signed by another reviewer", text(signed(kind, good, "r2")))
    book.refuse("KeySheetError", "signed as a key sheet", text(signed(keysheet.PAYLOAD_TYPE, good, "r1")))
    for name, changes in {
        "for another roster": {"roster": "00" * 32},
        "of an unknown reviewer": {"reviewer": "r8"},
        "of a removed reviewer": {"reviewer": "r9"},
        "a week that does not exist": {"week": "2026-W54"},
        "a week of one digit": {"week": "2026-W4 "},
        "a recipient in upper case": {"recipient": recipient.upper()},
        "a recipient with a wrong checksum": {"recipient": recipient[:-1] + ("q" if recipient[-1] != "q" else "p")},
        "a recipient of another kind": {"recipient": "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"},
    }.items():
        signers = ("r9",) if changes == {"reviewer": "r9"} else ("r1",)
        book.refuse("KeySheetError", name, text(signed(kind, edited(good, **changes), *signers)))
    return book


def _key_sheet() -> Book:
    given = {"roster": ROSTER.encode().decode(), "today": TODAY.isoformat()}
    book = Book("key_sheet", "The envelope of a key sheet.", "Key sheet", given)
    good = SHEET.encode()
    keys = json.loads(good)["keys"]
    two = sheet_envelope(good, "r3", "r1")
    book.accept("signed by two of three", text(two))
    monday = WEEK.monday
    book.accept("on its Monday", text(two), today=monday.isoformat())
    book.accept("on its eighth day", text(two), today=(monday + timedelta(days=7)).isoformat())
    full = replace(SHEET, page_bundle=secret("page"), sealer=secret("sealer"))
    book.accept("with page and sealer", text(sheet_envelope(full.encode(), "r1", "r2", "r3")))
    expired = "KeySheetExpiredError"
    book.refuse(expired, "the day before its Monday", text(two), today=(monday - timedelta(days=1)).isoformat())
    book.refuse(expired, "on its ninth day", text(two), today=(monday + timedelta(days=8)).isoformat())
    book.refuse("KeySheetError", "signed by one", text(sheet_envelope(good, "r1")))
    book.refuse("KeySheetError", "signed by one and a removed reviewer", text(sheet_envelope(good, "r1", "r9")))
    book.refuse("KeySheetError", "signed as a roster", text(signed(roster.PAYLOAD_TYPE, good, "r1", "r2")))
    book.refuse("KeySheetError", "white space", text(sheet_envelope(good.replace(b",", b", "), "r1", "r2")))
    for name, changes in {
        "a reviewer is missing": {"keys": keys[:2]},
        "not in the roster's order": {"keys": [keys[1], keys[0], keys[2]]},
        "a reviewer twice": {"keys": [keys[0], keys[1], keys[1]]},
        "17 bits of shelf": {"shelf_bits": 17},
        "another version of the roster": {"roster_version": 8},
        "another roster": {"roster": "00" * 32},
        "another organisation": {"instance": "00" * 16},
        "a page of null": {"page_bundle": None, "shelf_bits": 3},
        "no shelf_bits": {"shelf_bits": ...},
        "a field that does not belong there": {"extra": 1},
        "a recipient that is none": {"keys": [{**keys[0], "recipient": "age1pq1"}, *keys[1:]]},
    }.items():
        book.refuse("KeySheetError", name, text(sheet_envelope(edited(good, **changes), "r1", "r2")))
    return book
