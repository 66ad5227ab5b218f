"""Vectors of what a source and a reviewer send each other: letter, parts, reply."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

from crypto.conversation import letter_mac, letter_mac_key
from crypto.seal import plaintext_size_for
from tests.vectors.book import Book
from tests.vectors.fixed import (
    CODENAME,
    INSTANCE,
    KEYS,
    ROSTER,
    SHEET,
    WEEK,
    edited,
    filled,
    header,
    headers,
    identity,
    packed,
    public,
    sealed,
    secret,
    signed,
    signing,
    text,
)
from tests.vectors.shape import build
from wire import reply, roster
from wire.fields import dump, encode_base64
from wire.files import File
from wire.letter import LETTER_SIZE, PART_SIZE, REPLY_SIZE, Letter, encode_content
from wire.parts import padded_size
from wire.reply import Reply, recipient_digest
from wire.shelf import shelf_of

PHOTO = File("tusks é.jpg", "image/jpeg", 0, 5, hashlib.sha256(b"photo").digest())
EMPTY = File("empty", "application/octet-stream", 5, 0, hashlib.sha256(b"").digest())
NOTE = File("chat.txt", "text/plain", 5, 4, hashlib.sha256(b"chat").digest())

LETTER = Letter(
    instance=INSTANCE,
    sheet=SHEET.digest,
    week=WEEK,
    conversation=bytes(KEYS.conversation.public_key),
    tip=secret("tip", 16),
    number=1,
    sealed="device",
    reply_to=KEYS.reply.recipient,
    shelf=shelf_of(KEYS.shelf),
    case_key=KEYS.case_key,
    not_to=(),
    language="fr",
    fields={"species": "Loxodonta africana", "reward_wish": "unsure"},
    story='Ivoire "blanc" vendu en ligne.\n象牙。',
    files=(PHOTO, EMPTY, NOTE),
    parts=(secret("a part"),),
)


def message_books() -> tuple[Book, ...]:
    """Return the files of vectors."""
    return (_letter(), _parts(), _reply())


def _macs(content: bytes, instance: bytes = INSTANCE, *left_out: str) -> bytes:
    message = b"lapwing/v1/letter" + instance + content
    return dump(
        {
            "macs": {
                one.id: letter_mac(letter_mac_key(KEYS.conversation, one.key), message).hex()
                for one in ROSTER.reviewers
                if one.id not in left_out
            }
        }
    )


def _plain(content: bytes | dict[str, Any], name: str = "sheet", macs: bytes | None = None, end: bytes = b"\n") -> Any:
    data = content if isinstance(content, bytes) else dump(content)
    size = plaintext_size_for(len(header(name)), LETTER_SIZE)
    assert size is not None
    return filled(data + b"\n" + (_macs(data) if macs is None else macs), size, end)


def _letter() -> Book:
    given = {"identity": identity("r1").encode(), "reviewer": "r1", "signing": bytes(signing("r1")).hex()}
    book = Book("letter", "A sealed letter, 65,536 bytes, as it stands on the shelf of tips.", "Letter", given)
    good = encode_content(LETTER)
    first = "the first letter, with three files"
    book.accept(first, sealed("sheet", _plain(good), first))
    plain = replace(LETTER, number=2, case_key=None, files=(), parts=(), story="", fields={}, sealed="arrival")
    name = "a follow-up with nothing in it"
    book.accept(name, sealed("sheet", _plain(encode_content(plain)), name))
    name = "with the commitment of a claim"
    book.accept(name, sealed("sheet", _plain(encode_content(replace(LETTER, claim=secret("claim")))), name))
    without = encode_content(replace(LETTER, not_to=("r2",)))
    name = "one reviewer is left out"
    form = sealed("sheet without r2", _plain(without, "sheet without r2", _macs(without, INSTANCE, "r2")), name)
    book.accept(name, form)
    name = "white space between tokens is read"
    spaced = good.replace(b',"tip"', b' , "tip"')
    book.accept(name, sealed("sheet", _plain(spaced), name))
    name = "a mac for a reviewer who is on no sheet is passed over"
    more = _macs(good).replace(b'"r3"', b'"r7"')
    book.accept(name, sealed("sheet", _plain(good, macs=more), name))

    left_out = {"identity": identity("r2").encode(), "reviewer": "r2", "signing": bytes(signing("r2")).hex()}
    book.refuse("LetterError", "read by who was left out", form, **left_out)
    as_another = {"reviewer": "r2", "signing": bytes(signing("r2")).hex()}
    book.accept("read by another reviewer", sealed("sheet", _plain(good), first), **as_another)
    book.refuse("LetterError", "a mac made for another reviewer", sealed("sheet", _plain(good), first), reviewer="r2")
    for name, form in {
        "one byte short": {"like": first, "size": LETTER_SIZE - 1},
        "nothing": text(b""),
        "the last byte changed": {"like": first, "at": LETTER_SIZE - 1, "hex": "00"},
        "the version line changed": {"like": first, "at": 20, "hex": "32"},
        "the mac of the header changed": {"like": first, "at": len(header("sheet")) - 40, "hex": "2b2b2b2b"},
    }.items():
        book.refuse("LetterError", name, form)
    for name, wrong in _wrong_letters(good).items():
        book.refuse("LetterError", name, sealed("sheet", wrong, name))
    for name, other in {
        "no sheet is named outside": "no sheet",
        "three stanzas": "three stanzas",
        "the sheet's stanza comes first": "the sheet first",
        "outside another sheet is named": "another sheet",
    }.items():
        book.refuse("LetterError", name, sealed(other, _plain(good, other), name))
    return book


def _wrong_letters(good: bytes) -> dict[str, Any]:
    macs = _macs(good)
    lines: dict[str, Any] = {
        "a mac over another content": _plain(good, macs=_macs(good + b" ")),
        "a mac for another organisation": _plain(good, macs=_macs(good, bytes(16))),
        "no mac for the reader": _plain(good, macs=_macs(good, INSTANCE, "r1")),
        "no mac at all": _plain(good, macs=b'{"macs":{}}'),
        "a mac of 31 bytes": _plain(good, macs=macs[:-5] + b'"}}'),
        "a mac under a name that is no id": _plain(good, macs=macs.replace(b'"r3"', b'"R3"')),
        "17 macs": _plain(good, macs=dump({"macs": {f"r{one}": "00" * 32 for one in range(17)}})),
        "a third line": _plain(good, macs=macs + b"\n{}"),
        "no line feed at the end": _plain(good, end=b" "),
        "no content": _plain(b""),
    }
    long_fields = {"a": "x" * 5_993}
    changes: dict[str, dict[str, Any]] = {
        "another version of the format": {"v": 2},
        "no case key in the first letter": {"case_key": ...},
        "a case key in the second letter": {"number": 2},
        "a case key of null": {"number": 2, "case_key": None},
        "a claim of null": {"claim": None},
        "a claim of 31 bytes": {"claim": "00" * 31},
        "number 0": {"number": 0},
        "number 1,000,001": {"number": 1_000_001, "case_key": ...},
        "another sheet inside": {"sheet": "00" * 32},
        "another week inside": {"week": "2026-W47"},
        "sealed in a way that is none": {"sealed": "before you came"},
        "shelf 65,536": {"shelf": 65_536},
        "no shelf": {"shelf": ...},
        "a reply recipient of 1,215 bytes": {"reply_to": encode_base64(bytes(1215))},
        "a reply recipient that is no key": {"reply_to": encode_base64(b"\xff" * 1216)},
        "somebody left out twice": {"not_to": ["r2", "r2"]},
        "somebody left out who can have no such id": {"not_to": ["R2"]},
        "a language in upper case": {"language": "FR"},
        "a story of 4,001 bytes": {"story": "x" * 4_001},
        "fields of 6,001 bytes": {"fields": long_fields},
        "fields that are no object": {"fields": []},
        "fields nested too deep": {"fields": {"a": [[[[[[[0]]]]]]]}},
        "half of a surrogate pair": {"story": "x"},
        "parts without files": {"files": []},
        "files without parts": {"parts": []},
        "an index of nothing": {"files": [], "parts": [], "index": True},
        "a gap between files": {
            "files": [["a", "a/b", 0, 5, encode_base64(PHOTO.sha256)], ["b", "a/b", 6, 1, encode_base64(PHOTO.sha256)]]
        },
        "a first file that does not start at 0": {"files": [["a", "a/b", 1, 5, encode_base64(PHOTO.sha256)]]},
        "files of more than 2^35 bytes": {
            "files": [
                ["a", "a/b", 0, 2**35, encode_base64(PHOTO.sha256)],
                ["b", "a/b", 2**35, 1, encode_base64(PHOTO.sha256)],
            ]
        },
        "a file without a hash": {"files": [["a", "a/b", 0, 5]]},
        "65 parts": {"parts": [encode_base64(bytes(32))] * 65},
        "102 files": {
            "files": [[f"{one}", "a/b", 0, 0, encode_base64(EMPTY.sha256)] for one in range(102)],
            "parts": [],
        },
        "a field that does not belong there": {"extra": 1},
        "no story": {"story": ...},
    }
    for name, bad in {
        "a/b": "a slash",
        "..": "two dots",
        "": "nothing",
        'a"b': "a quotation mark",
        "a\u202eb": "a turn of direction",
        "a\nb": "a line feed",
        "x" * 121: "121 bytes",
    }.items():
        changes[f"a file name with {bad}"] = {"files": [[bad and name, "a/b", 0, 5, encode_base64(PHOTO.sha256)]]}
    for bad in ("image", "Image/JPEG", "a/b; c=d", "a/" + "b" * 79):
        changes[f"a file type: {bad[:20]}"] = {"files": [["a", bad, 0, 5, encode_base64(PHOTO.sha256)]]}
    wrong = {name: dump(edited(good, **change)) for name, change in changes.items()}
    wrong["half of a surrogate pair"] = wrong["half of a surrogate pair"].replace(b'"story":"x"', b'"story":"\\ud800"')
    return lines | {name: _plain(data) for name, data in wrong.items()}


def _parts() -> Book:
    book = Book("parts", "Parts, one after the other, 1,048,576 bytes each.", "Files and parts", {})
    book.given = {"identity": identity("r3").encode(), "files": _rows(PHOTO, EMPTY, NOTE), "index": False}
    padding = padded_size(len(header("sheet")), 9) - 9

    def form(content: bytes, label: str, end: bytes = b"", other: str = "sheet") -> Any:
        zeros = {"repeat": "00", "times": padding + 9 - len(content) - len(end)}
        return sealed(other, [text(content), zeros, packed(end)] if end else [text(content), zeros], label)

    def names(*forms: Any) -> list[str]:
        given = {"headers": headers()}
        return [encode_base64(hashlib.sha256(build(one, given, {})).digest()) for one in forms]

    good = form(b"photochat", "parts")
    book.given["parts"] = names(good)
    book.accept("three files in one part", good)
    alone = form(b"photochat", "without r2", other="sheet without r2")
    book.accept("one reviewer is left out", alone, parts=names(alone))
    name = hashlib.sha256(build(good, {"headers": headers()}, {})).digest()

    def index(content: bytes, label: str) -> Any:
        return sealed("sheet", [packed(content), {"repeat": "00", "times": padding + 9 - len(content)}], label)

    listed = index(name, "index")
    book.accept("through an index", [good, listed], parts=names(listed), index=True)
    for label, content in {
        "an index with something behind its end": name + bytes(32) + b"x",
        "an index that names the part thrice": name * 3,
        "an index that names what is not there": bytes([1]) + name[1:],
    }.items():
        wrong = index(content, label)
        book.refuse("PartsError", label, [good, wrong], parts=names(wrong), index=True)
    for label, wrong in {
        "something behind the files": form(b"photochat!", "behind"),
        "something at the very end": form(b"photochat", "end", b"\x01"),
        "another content of a file": form(b"photoCHAT", "content"),
        "sealed to nobody of ours": form(b"photochat", "another sheet", other="the sheet first"),
    }.items():
        given: dict[str, Any] = {"identity": identity("nobody").encode()} if label.startswith("sealed to") else {}
        book.refuse("PartsError", label, wrong, parts=names(wrong), **given)
    book.refuse("PartsError", "a part that is not here", text(b""))
    book.refuse(
        "PartsError", "a part that was changed", {"like": "three files in one part", "at": 500_000, "hex": "00"}
    )
    book.refuse("PartsError", "a part that is cut", {"like": "three files in one part", "size": PART_SIZE - 1})
    book.refuse("PartsError", "the same part twice", good, parts=names(good, good))
    large = replace(NOTE, length=PART_SIZE)
    book.refuse("PartsError", "a file longer than the parts", good, files=_rows(PHOTO, EMPTY, large))
    return book


def _rows(*files: File) -> list[list[object]]:
    return [[one.name, one.type, one.offset, one.length, base64.b64encode(one.sha256).decode()] for one in files]


REPLY = Reply(
    instance=INSTANCE,
    conversation=bytes(KEYS.conversation.public_key),
    reviewer="r2",
    number=3,
    seen=1,
    week=WEEK,
    roster=ROSTER.digest,
    recipient=recipient_digest(KEYS.reply.recipient),
    text="Merci. Où est-ce ?\n「象牙」",
)


def _reply() -> Book:
    given = {"codename": str(CODENAME), "instance": INSTANCE.hex(), "roster": ROSTER.encode().decode()}
    book = Book("reply", "A sealed reply, 16,384 bytes, as it stands on the shelf of replies.", "Reply", given)
    good = REPLY.encode()

    def form(payload: bytes | dict[str, Any], label: str, signer: str = "r2", kind: str = reply.PAYLOAD_TYPE) -> Any:
        return _reply_form(signed(kind, payload, signer), label)

    first = "a reply"
    book.accept(first, form(good, first))
    longest = replace(REPLY, text="x" * 8_000, seen=1_000_000, number=1_000_000)
    book.accept("the longest text and numbers", form(longest.encode(), "longest"))
    book.accept("no text", form(replace(REPLY, text="").encode(), "no text"))
    wrong: dict[str, dict[str, Any]] = {
        "another version of the format": {"v": 2},
        "number 0": {"number": 0},
        "number 1,000,001": {"number": 1_000_001},
        "seen 0": {"seen": 0},
        "a text of 8,001 bytes": {"text": "x" * 8_001},
        "an unknown roster": {"roster": "00" * 32},
        "another organisation": {"instance": "00" * 16},
        "another reviewer than who signed": {"reviewer": "r1"},
        "a reviewer who is on no roster": {"reviewer": "r8"},
        "a week without its hundred": {"week": "26-W48xx"},
        "a field that does not belong there": {"extra": 1},
        "no field seen": {"seen": ...},
    }
    for name, changes in wrong.items():
        book.refuse("ReplyError", name, form(edited(good, **changes), name))
    book.refuse("ReplyError", "signed by a removed reviewer", form(edited(good, reviewer="r9"), "r9", "r9"))
    book.refuse("ReplyError", "signed as a roster", form(good, "kind", kind=roster.PAYLOAD_TYPE))
    other = public("another conversation").hex()
    book.refuse("PassedOverError", "another conversation", form(edited(good, conversation=other), "conversation"))
    book.refuse("PassedOverError", "another recipient", form(edited(good, recipient="00" * 32), "recipient"))
    envelope = signed(reply.PAYLOAD_TYPE, good, "r2")
    book.refuse("EnvelopeError", "white space in the envelope", _reply_form(envelope.replace(b",", b", "), "white"))
    book.refuse("EnvelopeError", "no envelope", _reply_form(b"{}", "none"))
    book.refuse("NoMatchError", "to another source", _reply_form(envelope, "other", "reply to another"))
    book.refuse("PayloadError", "the last byte changed", {"like": first, "at": REPLY_SIZE - 1, "hex": "00"})
    book.refuse("PayloadError", "one byte short", {"like": first, "size": REPLY_SIZE - 1})
    book.refuse("NotAgeError", "nothing", text(b""))
    book.refuse("HeaderError", "a header that ends too soon", {"like": first, "size": 1_000})
    return book


def _reply_form(envelope: bytes, label: str, name: str = "reply") -> Any:
    size = plaintext_size_for(len(header(name)), REPLY_SIZE)
    assert size is not None
    return sealed(name, filled(envelope, size), f"reply {label}")
