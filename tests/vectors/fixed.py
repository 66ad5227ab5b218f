"""The organisation of the vectors: every key follows from its name, so all are made up and known to everybody."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from nacl.signing import SigningKey

from crypto.codename import Codename
from crypto.dsse import Envelope, sign
from crypto.header import Stanza, encode_authenticated, encode_header
from crypto.hybrid import HybridIdentity, HybridRecipient
from crypto.primitives import header_mac
from crypto.wordlist import LIST_ID, LIST_SIZE
from tests.vectors.shape import FOLDER
from wire import keysheet, roster
from wire.fields import dump
from wire.keysheet import KeySheet, PeriodKey, build_sheet
from wire.office import Office
from wire.roster import Removed, Reviewer, Roster
from wire.stanzas import sheet_stanza
from wire.week import Week

Form = Any

TODAY = date(2026, 11, 25)
WEEK = Week.of(TODAY)
IDS = ("r1", "r2", "r3")


def secret(name: str, size: int = 32) -> bytes:
    """Return the made-up secret of a name."""
    return hashlib.sha256(b"lapwing test vector: " + name.encode()).digest()[:size]


@cache
def signing(name: str) -> SigningKey:
    """Return the Ed25519 key of a name."""
    return SigningKey(secret(f"signing {name}"))


@cache
def identity(name: str) -> HybridIdentity:
    """Return the age identity of a name."""
    return HybridIdentity(secret(f"identity {name}"))


def public(name: str) -> bytes:
    """Return the Ed25519 public key of a name."""
    return bytes(signing(name).verify_key)


def codename_of(positions: Sequence[int]) -> Codename:
    """Return the codename of seven positions."""
    encoded = b"".join(one.to_bytes(2, "big") for one in positions)
    digest = hashlib.sha256(b"lapwing/v1/check word" + LIST_ID + encoded).digest()
    return Codename((*positions, int.from_bytes(digest[:8], "big") % LIST_SIZE))


INSTANCE = bytes(range(16))
CODENAME = codename_of((81, 2008, 777, 4321, 6639, 7747, 5))
KEYS = CODENAME.derive(INSTANCE)
ROSTER = Roster(
    version=7,
    instance=INSTANCE,
    expires=date(2027, 6, 30),
    approvals=2,
    next_root=hashlib.sha256(public("next root")).digest(),
    reviewers=tuple(
        Reviewer(one, text, public(one))
        for one, text in zip(IDS, ("Desk North", "Bureau de Genève", "西區辦公室"), strict=True)
    ),
    removed=(Removed("r0", public("r0"), secret("last event")), Removed("r9", public("r9"))),
)
SHEET: KeySheet = build_sheet(
    ROSTER, WEEK, [PeriodKey(one, WEEK, identity(one).recipient, ROSTER.digest) for one in IDS], shelf_bits=3
)
OFFICE = Office("Parquet de Lyon", identity("office").recipient, public("office"))


def signed(payload_type: str, payload: bytes | Mapping[str, object], *signers: str) -> bytes:
    """Return an envelope by these names."""
    data = payload if isinstance(payload, bytes) else dump(payload)
    first, *others = (sign(payload_type, data, signing(one)) for one in signers)
    return Envelope(payload_type, data, (*first.signatures, *(one.signatures[0] for one in others))).encode()


def roster_envelope() -> Envelope:
    """Return the roster as the root signed it."""
    return sign(roster.PAYLOAD_TYPE, ROSTER.encode(), signing("root"))


def sheet_envelope(payload: bytes | Mapping[str, object], *signers: str) -> bytes:
    """Return a key sheet's envelope."""
    return signed(keysheet.PAYLOAD_TYPE, payload, *signers)


def edited(encoded: bytes, **changes: object) -> dict[str, Any]:
    """Return the fields of a JSON object with changes; `...` takes a field away."""
    return {name: value for name, value in {**json.loads(encoded), **changes}.items() if value is not ...}


# --- Headers ---------------------------------------------------------------------------------------------------------

DISCARDED = tuple(identity(f"discarded {number}").recipient for number in range(4))
OTHER_SHEET = sheet_stanza(WEEK, secret("another sheet"))


def _to(*names: str) -> list[HybridRecipient]:
    return [identity(name).recipient for name in names]


RECIPIENTS: Mapping[str, tuple[list[HybridRecipient], list[Stanza]]] = {
    "sheet": ([*_to("r2", "r1"), DISCARDED[0], *_to("r3")], [sheet_stanza(WEEK, SHEET.digest)]),
    "sheet without r2": ([DISCARDED[1], *_to("r3", "r1"), DISCARDED[0]], [sheet_stanza(WEEK, SHEET.digest)]),
    "another sheet": ([*_to("r1", "r2", "r3"), DISCARDED[2]], [OTHER_SHEET]),
    "no sheet": ([*_to("r1", "r2", "r3"), DISCARDED[2]], []),
    "three stanzas": (_to("r1", "r2", "r3"), [sheet_stanza(WEEK, SHEET.digest)]),
    "the sheet first": ([], []),  # the stanzas of "sheet" in another order: see `make_header`
    "reply": ([KEYS.reply.recipient], []),
    "reply to another": (_to("another source"), []),
    "grant": ([DISCARDED[3], *_to("r2"), DISCARDED[0], DISCARDED[1]], []),
    "office": ([DISCARDED[0], OFFICE.recipient, *DISCARDED[1:3]], []),
    "another office": ([*_to("another office"), *DISCARDED[1:]], []),
}


def make_header(name: str) -> dict[str, str]:
    """Return a new header by that name, and its file key."""
    file_key = secret(f"file key {name}", 16)
    recipients, extra = RECIPIENTS["sheet" if name == "the sheet first" else name]
    stanzas = [*(one.wrap(file_key) for one in recipients), *extra]
    if name == "the sheet first":
        stanzas.insert(0, stanzas.pop())
    header = encode_header(stanzas, header_mac(file_key, encode_authenticated(stanzas)))
    return {"header": base64.b64encode(header).decode(), "file_key": file_key.hex()}


@cache
def headers() -> dict[str, dict[str, str]]:
    """Return all headers, as the files have them; new ones where they have none."""
    kept: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.json")):
        kept |= json.loads(path.read_text("utf-8"))["given"].get("headers", {})
    return {name: kept.get(name) or make_header(name) for name in RECIPIENTS}


def header(name: str) -> bytes:
    """Return the bytes of a header."""
    return base64.b64decode(headers()[name]["header"])


# --- Forms -----------------------------------------------------------------------------------------------------------


def text(data: bytes) -> Form:
    """Return the form of bytes that a person can read."""
    return {"text": data.decode()}


def packed(data: bytes) -> Form:
    """Return the form of bytes that are long, and not for people."""
    return {"zlib": base64.b64encode(zlib.compress(data, 9)).decode()}


def sealed(header_name: str, plaintext: Form, label: str) -> Form:
    """Return the form of an age file; its nonce follows from the label."""
    return {"sealed": header_name, "nonce": secret(f"nonce {label}", 16).hex(), "plaintext": plaintext}


def filled(lines: bytes, size: int, end: bytes = b"\n") -> Form:
    """Return the form of lines that are filled with spaces up to a size."""
    spaces = {"repeat": "20", "times": size - len(lines) - len(end)}
    return [text(lines), spaces, text(end)]
