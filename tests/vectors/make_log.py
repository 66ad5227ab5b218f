"""Vectors of the case log: event, content, batch."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from nacl.secret import Aead

from crypto.seal import plaintext_size_for
from tests.vectors.book import Book
from tests.vectors.fixed import (
    INSTANCE,
    KEYS,
    OFFICE,
    ROSTER,
    TODAY,
    edited,
    filled,
    header,
    headers,
    identity,
    sealed,
    secret,
    signed,
    signing,
    text,
)
from tests.vectors.shape import build
from wire import event as events
from wire import roster
from wire.attestation import PAYLOAD_TYPE as ATTESTATION_TYPE
from wire.attestation import Attestation
from wire.batch import CaseKey, Grant, Item, Posted, encode_batch, encode_keys
from wire.content import (
    Alarm,
    CaseOpened,
    Erased,
    ExhibitAdded,
    Heads,
    Looked,
    Noted,
    OfficeProposed,
    Replied,
    StatusSet,
)
from wire.content_asking import Decided
from wire.content_kind import Content, case_of_tip
from wire.content_proof import Attested
from wire.content_rewards import FactStated, LedgerStep
from wire.event import Event, Opened, SignedEvent, sign_event
from wire.fields import dump, encode_base64
from wire.letter import LETTER_SIZE
from wire.week import Week

CASE = CaseKey(case_of_tip(INSTANCE, bytes(KEYS.conversation.public_key)), KEYS.case_key)
HEADS = Heads(on=TODAY, missing=(secret("missing"),))
ATTESTATION = Attestation(INSTANCE, "r1", secret("commitment"), Week.of(TODAY))
NOTE = Noted(on=TODAY, case=CASE.case, text="Vu deux fois.\n看過兩次。")


def log_books() -> tuple[Book, ...]:
    """Return the files of vectors."""
    return (_event(), _content(), _batch())


def _opened(said: bytes) -> Opened:
    return Opened(secret("nonce of " + said.decode()), said + b" " * (-len(said) % 512))


def _at(number: int, opened: Opened, author: str = "r1") -> SignedEvent:
    previous = None if number == 1 else secret(f"event {number - 1}")
    heads = tuple(sorted((secret("head a"), secret("head b")))) if number > 1 else ()
    return sign_event(Event(INSTANCE, author, number, previous, heads, opened.commitment), signing(author))


def _event() -> Book:
    book = Book("event", "The envelope of an event.", "Event", {"roster": ROSTER.encode().decode()})
    first, second = (_at(number, _opened(HEADS.encode())) for number in (1, 2))
    good = second.envelope.payload
    ids = sorted(secret(f"head {one}").hex() for one in range(33))
    book.accept("the first of an author", text(first.envelope.encode()))
    book.accept("the second, which cites others", text(second.envelope.encode()))
    many = edited(good, heads=ids[:32])
    book.accept("32 heads", _by("r1", many))
    book.accept("by a removed reviewer", text(_at(2, _opened(HEADS.encode()), "r9").envelope.encode()))
    wrong: dict[str, dict[str, Any]] = {
        "another version of the format": {"v": 2},
        "33 heads": {"heads": ids},
        "heads not in order": {"heads": [ids[1], ids[0]]},
        "a head twice": {"heads": [ids[0], ids[0]]},
        "the previous event among the heads": {"heads": [second.event.previous.hex() if second.event.previous else ""]},
        "number 2 without a previous event": {"previous": ...},
        "number 1 with a previous event": {"number": 1},
        "number 0": {"number": 0},
        "number 10,000,001": {"number": 10_000_001},
        "another organisation": {"instance": "00" * 16},
        "an author who is on no roster": {"author": "r8"},
        "signed by another than its author": {"author": "r2"},
        "a commitment of 31 bytes": {"commitment": "00" * 31},
        "a previous event of null": {"number": 1, "previous": None},
        "a field that does not belong there": {"extra": 1},
    }
    for name, changes in wrong.items():
        book.refuse("EventError", name, _by("r1", edited(good, **changes)))
    book.refuse("EventError", "white space between tokens", _by("r1", good.replace(b",", b", ")))
    book.refuse("EventError", "fields in another order", _by("r1", dict(reversed(json.loads(good).items()))))
    book.refuse("EventError", "two signatures", text(signed(events.PAYLOAD_TYPE, good, "r1", "r2")))
    book.refuse("EventError", "signed as a roster", text(signed(roster.PAYLOAD_TYPE, good, "r1")))
    broken = replace(second.envelope, payload=first.envelope.payload)
    book.refuse("EventError", "another event's signature", text(broken.encode()))
    return book


def _by(author: str, payload: bytes | dict[str, Any]) -> Any:
    return text(signed(events.PAYLOAD_TYPE, payload, author))


def _content() -> Book:
    book = Book("content", "What an event says, without its padding or with it.", "Content", {})
    exhibit = ExhibitAdded(
        on=TODAY,
        case=CASE.case,
        name="page.png",
        type="image/png",
        size=2**42,
        sha256=secret("page"),
        parts=(secret("part"),),
        index=False,
        captured_by="Desk North",
        captured_on=date(2026, 11, 24),
        taken_from="https://example.org/",
        how="a picture of the page",
    )
    opened = CaseOpened(
        on=TODAY,
        case=CASE.case,
        letter=secret("letter"),
        number=1,
        tip=secret("tip", 16),
        title="Ivoire",
        members=("r1", "r2"),
        checked=True,
    )
    step = LedgerStep(
        on=TODAY,
        case=CASE.case,
        programme="us-lacey",
        step="paid",
        who="authority",
        by="",
        form="",
        number="7",
        done_on=TODAY,
        due_on=None,
        amount="12.50 USD",
        document=secret("page"),
        note="",
    )
    decision = Decided(
        on=TODAY,
        case=CASE.case,
        purpose="forward",
        dossier=secret("dossier"),
        warnings=("us-sec/counsel", "us-sec/file"),
        told=False,
        reason="a shipment leaves today",
    )
    said: dict[str, Content] = {
        "heads": HEADS,
        "a note": NOTE,
        "a case that began with a letter": opened,
        "a case that a reviewer opened": replace(opened, letter=None, number=0, tip=None, checked=False),
        "since when a letter is known": Attested(
            on=TODAY,
            case=CASE.case,
            letter=secret("letter"),
            attestation=signed(ATTESTATION_TYPE, ATTESTATION.encode(), "r1"),
        ),
        "a fact": FactStated(on=TODAY, case=CASE.case, name="country", value="FR", said_by="source"),
        "a payment": step,
        "an appeal that is due": replace(
            step, step="appealed", who="counsel", number="", done_on=None, due_on=TODAY, amount=None, document=None
        ),
        "a status": StatusSet(on=TODAY, case=CASE.case, status="vetted"),
        "a reply": Replied(on=TODAY, case=CASE.case, number=1, seen=0, text="Merci."),
        "a reply that asks": Replied(on=TODAY, case=CASE.case, number=2, seen=1, text="?", asks="filed_us-sec"),
        "a decision": decision,
        "an exhibit": exhibit,
        "an office": OfficeProposed(on=TODAY, name=OFFICE.name, recipient=OFFICE.recipient.raw, key=OFFICE.key),
        "a look at the visitors' pages": Looked(
            on=TODAY, pages=secret("pages"), roster=secret("roster"), language="fr", aim="mailbox"
        ),
        "an alarm": Alarm(on=TODAY, what="script", seen=secret("seen")),
        "an alarm without an answer": Alarm(on=TODAY, what="view", seen=None),
        "erased": Erased(on=TODAY, proposal=secret("proposal")),
    }
    for name, one in said.items():
        book.accept(name, text(one.encode()))
    note = NOTE.encode()
    book.accept("padded", [text(note), {"repeat": "20", "times": 512 - len(note)}])
    book.accept(
        "white space and another order", text(dump(dict(reversed(json.loads(note).items()))).replace(b",", b" , "))
    )
    wrong: dict[str, tuple[Content, dict[str, Any]]] = {
        "an unknown kind": (NOTE, {"kind": "forgiven"}),
        "no kind": (NOTE, {"kind": ...}),
        "another version of the format": (NOTE, {"v": 2}),
        "no day": (NOTE, {"on": ...}),
        "a day that does not exist": (NOTE, {"on": "2026-11-31"}),
        "a day with an hour": (NOTE, {"on": "2026-11-25T10"}),
        "no case": (NOTE, {"case": ...}),
        "a case where none belongs": (HEADS, {"case": CASE.case.hex()}),
        "a field that does not belong there": (NOTE, {"extra": 1}),
        "no text": (NOTE, {"text": ""}),
        "a text of 16,001 bytes": (NOTE, {"text": "x" * 16_001}),
        "a letter of null": (opened, {"letter": None}),
        "members not in order": (opened, {"members": ["r2", "r1"]}),
        "a member twice": (opened, {"members": ["r1", "r1"]}),
        "a title of two lines": (opened, {"title": "a\nb"}),
        "checked as a number": (opened, {"checked": 1}),
        "number -1": (opened, {"number": -1}),
        "a status that is none": (said["a status"], {"status": "forwarded"}),
        "a decision for nothing": (decision, {"purpose": "keep"}),
        "warnings out of order": (decision, {"warnings": ["us-sec/file", "us-sec/counsel"]}),
        "a warning of 65 bytes": (decision, {"warnings": ["x" * 65]}),
        "said by nobody": (said["a fact"], {"said_by": ""}),
        "a step that is none": (step, {"step": "promised"}),
        "a step of nobody": (step, {"who": "reviewer"}),
        "an amount without a currency": (step, {"amount": "12.50"}),
        "an amount with a leading zero": (step, {"amount": "012 USD"}),
        "an amount of null": (step, {"amount": None}),
        "65 missing events": (HEADS, {"missing": [encode_base64(bytes(32))] * 65}),
        "a missing event in hexadecimal": (HEADS, {"missing": ["00" * 32]}),
        "an exhibit of more than 2^42 bytes": (exhibit, {"size": 2**42 + 1}),
    }
    for name, (one, changes) in wrong.items():
        book.refuse("EventError", name, text(dump(edited(one.encode(), **changes))))
    book.refuse("EventError", "more than 24,576 bytes", [text(note), {"repeat": "20", "times": 24_577 - len(note)}])
    book.refuse("EventError", "no object", text(b"[]"))
    return book


def _boxed(said: bytes, number: int, key: CaseKey = CASE, place: bytes = b"") -> Posted:
    opened = _opened(said)
    event = _at(number, opened)
    box = Aead(key.key).encrypt(opened.nonce + opened.content, place or event.id, secret(f"box {number}", 24))
    return Posted(event.envelope, box=bytes(box))


def _in_the_open(said: bytes, number: int) -> Posted:
    opened = _opened(said)
    return Posted(_at(number, opened).envelope, opened)


def _lines(*items: Item) -> Any:
    return _batch_of(encode_batch(items))


def _batch_of(lines: bytes, end: bytes = b"\n", name: str = "sheet") -> Any:
    size = plaintext_size_for(len(header(name)), LETTER_SIZE)
    assert size is not None
    return sealed(name, filled(lines, size, end), f"batch {lines[:4_000]!r}{end!r}")


def _batch() -> Book:
    pair = [CASE.case.hex(), CASE.key.hex()]
    given = {"identity": identity("r2").encode(), "roster": ROSTER.encode().decode(), "case_keys": [pair]}
    book = Book(
        "batch", "A sealed batch, 65,536 bytes, as it stands on the shelf of the log.", "Batch", given, ("grant",)
    )
    open_item, note = _in_the_open(HEADS.encode(), 1), _boxed(NOTE.encode(), 2)
    grant = _grant()
    book.accept("an event in the open and one in a box", _lines(open_item, note))
    book.accept("nothing", _lines())
    book.accept("a grant gives the key of a box", _lines(note, grant), case_keys=[])
    book.accept("without its key a box stays shut", _lines(note), case_keys=[])
    book.accept("a grant for others", _lines(grant), identity=identity("r3").encode())
    book.accept("a kind of a later version keeps its event", _lines(_in_the_open(b'{"v":1,"kind":"forgiven"}', 3)))
    book.accept("a box of another event stays shut", _lines(_boxed(NOTE.encode(), 4, place=secret("another event"))))
    elsewhere = replace(NOTE, case=secret("another case", 16))
    book.accept("a box says nothing of another case", _lines(_boxed(elsewhere.encode(), 5)))
    book.accept("a box says nothing of the organisation's kinds", _lines(_boxed(HEADS.encode(), 6)))
    swapped = Posted(open_item.envelope, _opened(Heads(on=TODAY).encode()))
    book.accept("content that was not committed to is passed over", _lines(swapped, note))
    stranger = Posted(_at(2, _opened(HEADS.encode()), "r8").envelope, _opened(HEADS.encode()))
    book.accept("an event by a stranger is passed over", _lines(stranger, note))
    line = json.loads(encode_batch([open_item]))
    boxed = json.loads(encode_batch([note]))
    case_open = {**boxed, "nonce": line["nonce"], "content": encode_base64(_opened(NOTE.encode()).content)}
    short = encode_base64(HEADS.encode().ljust(511))
    for name, wrong in {
        "the content of a case in the open": {key: case_open[key] for key in ("event", "nonce", "content")},
        "content and box": {**line, "box": boxed["box"]},
        "neither content nor box": {"event": line["event"]},
        "a nonce without content": {"event": line["event"], "nonce": line["nonce"]},
        "a nonce of 31 bytes": {**line, "nonce": encode_base64(bytes(31))},
        "content of 511 bytes": {**line, "content": short},
        "no content": {**line, "content": ""},
        "an envelope that is none": {**line, "event": encode_base64(b"{}")},
        "an envelope without padding": {**line, "event": line["event"].rstrip("=") + "A"},
        "a field that does not belong there": {**line, "extra": 1},
        "a grant with something beside it": {"grant": "YWdl", "event": line["event"]},
        "a grant of 28,001 bytes": {"grant": encode_base64(bytes(28_001))},
    }.items():
        book.refuse("EventError", name, _batch_of(dump(wrong) + b"\n"))
    many = b'{"grant":"YWdl"}\n' * 401
    book.refuse("EventError", "401 lines", _batch_of(many))
    book.accept("400 lines", _batch_of(many[: 400 * 17]))
    book.refuse("EventError", "a line that is no object", _batch_of(b"[]\n"))
    book.refuse("EventError", "an empty line", _batch_of(b"\n" + encode_batch([note])))
    book.refuse("LetterError", "no line feed at the end", _batch_of(encode_batch([note]), end=b" "))
    book.refuse("LetterError", "the last line has no line feed", _batch_of(encode_batch([note])[:-1]))
    for name, header_name in {
        "no sheet is named outside": "no sheet",
        "three stanzas": "three stanzas",
        "the sheet's stanza comes first": "the sheet first",
    }.items():
        book.refuse("LetterError", name, _batch_of(encode_batch([note]), name=header_name))
    book.refuse("LetterError", "a byte too many", [_lines(note), text(b"x")])
    book.refuse("LetterError", "for others", _lines(note), identity=identity("nobody").encode())
    return book


def _grant() -> Grant:
    form = sealed("grant", text(encode_keys([CASE])), "grant")
    return Grant(build(form, {"headers": headers()}, {}))
