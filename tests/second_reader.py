"""A second reader, written from docs/format.md and the age specification alone.

It imports nothing of Lapwing: only the standard library, PyNaCl and cryptography. It is short rather than fast, keeps
whole files in memory, and takes identities as their 32-byte seeds. Whatever it refuses it refuses as `RefusedError`.
"""

import base64
import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import nacl.bindings
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.pwhash import argon2id
from nacl.signing import SigningKey, VerifyKey

Check = Callable[[Any], Any]
Spec = Mapping[str, Check]

LETTER, PART, REPLY = 65_536, 1_048_576, 16_384
CHUNK, TAG = 65_536, 16


class RefusedError(Exception):
    """What was read breaks the format; the message says where."""


def demand(holds: object, otherwise: str) -> None:
    """Raise `RefusedError` unless something holds."""
    if not holds:
        raise RefusedError(otherwise)


# --- Encodings -------------------------------------------------------------------------------------------------------


def compact(value: object) -> bytes:
    """Return JSON as a writer writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def parse(data: bytes, limit: int) -> Any:
    """Read one JSON object strictly."""
    demand(len(data) <= limit, "json: too long")
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_once, parse_int=_integer, parse_float=_never, parse_constant=_never
        )
        compact(value)  # half of a surrogate pair has no UTF-8
    except (ValueError, RecursionError):
        raise RefusedError("json: not strict") from None
    demand(isinstance(value, dict) and _depth(value) <= 8, "json: no object, or too deep")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    demand(len(dict(pairs)) == len(pairs), "json: a name twice")
    return dict(pairs)


def _integer(text: str) -> int:
    demand(len(text) <= 16, "json: a number of more than 16 characters")
    return int(text)


def _never(_text: str) -> None:
    raise RefusedError("json: a fraction, exponent or NaN")


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


def read(value: Any, spec: Spec, *, exact: bytes | None = None) -> dict[str, Any]:
    """Read an object of exactly these fields; a name with ``?`` is optional.

    With ``exact``, the bytes that it was parsed from, they must be those that a writer would write.
    """
    demand(isinstance(value, dict), "not an object")
    names = {name.rstrip("?"): check for name, check in spec.items()}
    demand(set(value) <= set(names), "a field that is not listed")
    demand(all(name in value for name in spec if not name.endswith("?")), "a field is missing")
    found = {name: check(value[name]) for name, check in names.items() if name in value}
    demand(exact is None or compact({name: value[name] for name in found}) == exact, "not in its one encoding")
    return found


def text(most: int, least: int = 0) -> Check:
    """Text of so many bytes."""

    def check(value: Any) -> str:
        demand(isinstance(value, str) and least <= len(value.encode()) <= most, "text: its size")
        return str(value)

    return check


def is_one_line(value: str) -> bool:
    """Tell whether text is one line as the format means it."""
    turns = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    return not any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} or ord(sign) in turns for sign in value)


def line(most: int, least: int = 0) -> Check:
    """One line of so many bytes."""

    def check(value: Any) -> str:
        found: str = text(most, least)(value)
        demand(is_one_line(found), "text: not one line")
        return found

    return check


def label(most: int) -> Check:
    """One line of 1 to so many characters."""

    def check(value: Any) -> str:
        found: str = line(4 * most)(value)
        demand(1 <= len(found) <= most, "text: too many characters")
        return found

    return check


def number(least: int, most: int) -> Check:
    """An integer in bounds."""

    def check(value: Any) -> int:
        demand(type(value) is int and least <= value <= most, "number: out of bounds")
        return int(value)

    return check


def word(*options: str) -> Check:
    """One of these words."""

    def check(value: Any) -> str:
        demand(value in options if isinstance(value, str) else False, "word: none of the known ones")
        return str(value)

    return check


def shaped(pattern: str) -> Check:
    """Text of this form."""

    def check(value: Any) -> str:
        demand(isinstance(value, str) and re.fullmatch(pattern, value), "text: another form")
        return str(value)

    return check


def flag(value: Any) -> bool:
    """True or false."""
    demand(isinstance(value, bool), "not true or false")
    return bool(value)


def hexa(size: int) -> Check:
    """Bytes in lower-case hexadecimal."""

    def check(value: Any) -> bytes:
        demand(isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{2 * size}}}", value), "not hexadecimal")
        return bytes.fromhex(value)

    return check


def b64(least: int, most: int) -> Check:
    """Bytes in standard base64, with padding and canonical."""

    def check(value: Any) -> bytes:
        try:
            raw = base64.b64decode(value, validate=True) if isinstance(value, str) else None
        except ValueError:
            raw = None
        demand(raw is not None and base64.b64encode(raw).decode() == value, "not base64")
        assert raw is not None
        demand(least <= len(raw) <= most, "base64: its size")
        return raw

    return check


def many(check: Check, most: int, least: int = 0) -> Check:
    """A list."""

    def check_all(value: Any) -> tuple[Any, ...]:
        demand(isinstance(value, list) and least <= len(value) <= most, "list: its length")
        return tuple(check(one) for one in value)

    return check_all


def row(*checks: Check) -> Check:
    """An array with one value for each check."""

    def check_all(value: Any) -> tuple[Any, ...]:
        demand(isinstance(value, list) and len(value) == len(checks), "row: its length")
        return tuple(check(one) for check, one in zip(checks, value, strict=True))

    return check_all


def inner(spec: Spec) -> Check:
    """An object within."""
    return lambda value: read(value, spec)


def free_object(most: int) -> Check:
    """Any object of so many bytes of compact JSON."""

    def check(value: Any) -> dict[str, Any]:
        demand(isinstance(value, dict) and len(compact(value)) <= most, "object: its size")
        return dict(value)

    return check


def day(value: Any) -> date:
    """A day, ``2026-11-24``."""
    shaped(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")(value)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise RefusedError("no such day") from None


def week(value: Any) -> date:
    """A week, ``2026-W48``, as its Monday."""
    shaped(r"2[0-9]{3}-W[0-9]{2}")(value)
    try:
        return date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
    except ValueError:
        raise RefusedError("no such week") from None


V: dict[str, Check] = {"v": number(1, 1)}
REVIEWER_ID = shaped(r"[a-z0-9-]{1,32}")


def bech32(value: str, prefix: str) -> bytes:
    """Return the bytes of a lower-case Bech32 text (BIP 173, of any length)."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    demand(value.startswith(prefix + "1") and set(value[len(prefix) + 1 :]) <= set(alphabet), "bech32: malformed")
    values = [alphabet.index(sign) for sign in value[len(prefix) + 1 :]]
    checksum = 1
    for five in [*(ord(sign) >> 5 for sign in prefix), 0, *(ord(sign) & 31 for sign in prefix), *values]:
        top, checksum = checksum >> 25, (checksum & 0x1FFFFFF) << 5 ^ five
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= generator if top >> bit & 1 else 0
    demand(checksum == 1, "bech32: its checksum")
    bits = "".join(f"{five:05b}" for five in values[:-6])
    spare = len(bits) % 8
    demand(spare < 5 and "1" not in bits[len(bits) - spare :], "bech32: its padding")
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - spare, 8))


def recipient(value: Any) -> bytes:
    """A post-quantum recipient as text, ``age1pq1…``."""
    demand(isinstance(value, str) and len(value) == 1959, "recipient: its length")
    return possible(bech32(value, "age1pq"))


def possible(raw: bytes) -> bytes:
    """Return a raw recipient, if anything can be sealed to it."""
    demand(len(raw) == 1216, "recipient: its size")
    try:
        MLKEM768PublicKey.from_public_bytes(raw[:1184])
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(raw[1184:]))
    except ValueError:
        raise RefusedError("recipient: an impossible key") from None
    return raw


# --- age -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stanza:
    """One stanza of an age header: its arguments, the type first, and its body."""

    arguments: tuple[str, ...]
    body: bytes


def _unpadded(value: str) -> bytes:
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except ValueError:
        raise RefusedError("age: base64") from None
    demand(base64.b64encode(raw).decode().rstrip("=") == value, "age: base64 is not canonical")
    return raw


def age_header(data: bytes) -> tuple[tuple[Stanza, ...], int]:
    """Return the stanzas of an age file, and how many bytes the header has."""
    demand(data.startswith(b"age-encryption.org/v1\n"), "age: no age file")
    last = data.find(b"\n---") + 1
    end = data.find(b"\n", last) + 1
    demand(last and end, "age: the header does not end")
    lines = iter(data[:last].decode("latin-1").split("\n")[1:-1])
    stanzas = []
    for opening in lines:
        arguments = opening.split(" ")[1:]
        demand(opening.startswith("-> ") and all(re.fullmatch("[!-~]+", one) for one in arguments), "age: a stanza")
        body = ""
        for piece in lines:
            demand(len(piece) <= 64, "age: a long line")
            body += piece
            if len(piece) < 64:
                break
        else:
            raise RefusedError("age: a body without end")
        stanzas.append(Stanza(tuple(arguments), _unpadded(body)))
    return tuple(stanzas), end


def public_half(seed: bytes) -> bytes:
    """Return the raw recipient (1,216 bytes) of an identity's seed."""
    mlkem, x25519 = _private_keys(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def _private_keys(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    expanded = hashlib.shake_256(seed).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])


def _file_key(stanzas: Sequence[Stanza], seeds: Iterable[bytes]) -> bytes:
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    mine = [stanza for stanza in stanzas if stanza.arguments[0] == "mlkem768x25519"]
    for seed in seeds:
        key = MLKEM768X25519PrivateKey(*_private_keys(seed))
        for stanza in mine:
            demand(len(stanza.arguments) == 2 and len(stanza.body) == 32, "age: a hybrid stanza")
            share = _unpadded(stanza.arguments[1])
            demand(len(share) == 1120, "age: an encapsulated key")
            try:
                return suite.decrypt(share + stanza.body, key, info=b"age-encryption.org/mlkem768x25519")
            except InvalidTag:
                continue
    raise RefusedError("age: sealed to nobody of ours")


def open_age(data: bytes, seeds: Iterable[bytes]) -> bytes:
    """Return the plaintext of an age file."""
    stanzas, end = age_header(data)
    file_key = _file_key(stanzas, seeds)
    signed, _, mac = data[: end - 1].rpartition(b" ")
    expected = hmac.digest(HKDF(SHA256(), 32, None, b"header").derive(file_key), signed, "sha256")
    demand(signed.endswith(b"\n---") and hmac.compare_digest(_unpadded(mac.decode("latin-1")), expected), "age: mac")
    nonce, payload = data[end : end + 16], data[end + 16 :]
    demand(len(nonce) == 16 and payload, "age: no payload")
    cipher = ChaCha20Poly1305(HKDF(SHA256(), 32, nonce, b"payload").derive(file_key))
    chunks = [payload[at : at + CHUNK + TAG] for at in range(0, len(payload), CHUNK + TAG)]
    plaintext = []
    for counter, chunk in enumerate(chunks):
        last = counter == len(chunks) - 1
        demand(len(chunk) > TAG or len(chunks) == 1, "age: an empty last chunk")
        try:
            plaintext.append(cipher.decrypt(counter.to_bytes(11, "big") + bytes([last]), chunk, None))
        except InvalidTag:
            raise RefusedError("age: the payload was changed or cut") from None
    return b"".join(plaintext)


def sealed_sheet(data: bytes) -> tuple[date, bytes]:
    """Return week and digest of the key sheet that a header names, which must be built as the format says."""
    *others, last = age_header(data)[0]
    demand(len(others) in {4, 8, 12, 16}, "header: the number of stanzas")
    for one in others:
        demand(one.arguments[0] == "mlkem768x25519" and len(one.arguments) == 2, "header: another recipient")
        demand(len(_unpadded(one.arguments[1])) == 1120 and len(one.body) == 32, "header: a stanza's sizes")
    demand(last.arguments[0] == "lapwing-sheet" and len(last.arguments) == 3 and not last.body, "header: no sheet")
    digest = _unpadded(last.arguments[2])
    demand(len(digest) == 32, "header: the sheet's digest")
    return week(last.arguments[1]), digest


# --- Signed ----------------------------------------------------------------------------------------------------------

TYPE = "application/vnd.lapwing.{}+json"


@dataclass(frozen=True)
class Envelope:
    """A DSSE envelope: type, payload, and signatures by key."""

    type: str
    payload: bytes
    signatures: Mapping[bytes, bytes]


def read_envelope(data: bytes, limit: int = 262_144) -> Envelope:
    """Read an envelope; nothing in it is checked yet."""
    entry = inner({"keyid": hexa(32), "sig": b64(64, 64)})
    spec: Spec = {
        "payload": b64(0, limit),
        "payloadType": shaped("[!-~]{1,255}"),
        "signatures": many(entry, 32),
    }
    found = read(parse(data, limit), spec, exact=data)
    signatures = {one["keyid"]: one["sig"] for one in found["signatures"]}
    demand(len(signatures) == len(found["signatures"]), "envelope: a key twice")
    return Envelope(found["payloadType"], found["payload"], signatures)


def verify(envelope: Envelope, kind: str, keys: Iterable[bytes]) -> set[bytes]:
    """Return which of the keys signed an envelope of this kind; a wrong signature by one of them refuses it."""
    demand(envelope.type == TYPE.format(kind), "envelope: another type")
    name = envelope.type.encode()
    signed = b"DSSEv1 %d %b %d %b" % (len(name), name, len(envelope.payload), envelope.payload)
    known = set(keys) & set(envelope.signatures)
    for key in known:
        try:
            VerifyKey(key).verify(signed, envelope.signatures[key])
        except BadSignatureError:
            raise RefusedError("envelope: a signature does not hold") from None
    return known


@dataclass(frozen=True)
class Roster:
    """A roster: its fields, and SHA-256 of its payload."""

    fields: Mapping[str, Any]
    digest: bytes

    @property
    def keys(self) -> dict[str, bytes]:
        """The key of each reviewer, in order."""
        return {one["id"]: one["key"] for one in self.fields["reviewers"]}

    @property
    def authors(self) -> dict[str, bytes]:
        """The key of everyone who is or was a reviewer."""
        return {one["id"]: one["key"] for one in self.fields["removed"]} | self.keys


ROSTER: Spec = {
    **V,
    "instance": hexa(16),
    "version": number(1, 1_000_000),
    "expires": day,
    "approvals": number(2, 16),
    "next_root": hexa(32),
    "reviewers": many(inner({"id": REVIEWER_ID, "label": label(80), "key": hexa(32)}), 16, 2),
    "removed": many(inner({"id": REVIEWER_ID, "key": hexa(32), "last_event?": hexa(32)}), 64),
}


def read_roster(envelope: Envelope, root: bytes | None, today: date | None = None) -> Roster:
    """Read a roster; without the root its signature is not checked, without a day its expiry is not."""
    demand(root is None or verify(envelope, "roster", [root]), "roster: not by the root")
    found = read(parse(envelope.payload, 65_536), ROSTER, exact=_nested_exact(envelope.payload))
    people = (*found["reviewers"], *found["removed"])
    demand(len({one["id"] for one in people}) == len(people), "roster: an id twice")
    demand(len({one["key"] for one in people}) == len(people), "roster: a key twice")
    demand(found["approvals"] <= len(found["reviewers"]), "roster: approvals")
    demand(today is None or today <= found["expires"], "roster: expired")
    return Roster(found, hashlib.sha256(envelope.payload).digest())


def read_next_roster(envelope: Envelope, previous: Roster, root: bytes, today: date) -> tuple[Roster, bytes]:
    """Return the roster that follows another, and the root in force from then on."""
    successors = [key for key in envelope.signatures if hashlib.sha256(key).digest() == previous.fields["next_root"]]
    signer = successors[0] if successors else root
    roster = read_roster(envelope, signer, today)
    old, new = previous.fields, roster.fields
    demand(new["instance"] == old["instance"] and new["version"] > old["version"], "roster: does not follow")
    demand((new["next_root"] != old["next_root"]) == (signer != root), "roster: its next root")
    demand(previous.authors.items() <= roster.authors.items(), "roster: somebody vanished")
    gone = {one["id"]: one.get("last_event") for one in new["removed"]}
    for one in old["removed"]:
        demand(one["id"] in gone and one.get("last_event") in {None, gone[one["id"]]}, "roster: somebody is back")
    return roster, signer


def _nested_exact(payload: bytes) -> bytes:
    """Return the payload, after the order of fields within its lists was checked."""
    value = json.loads(payload)
    orders = {
        "reviewers": ("id", "label", "key"),
        "removed": ("id", "key", "last_event"),
        "keys": ("reviewer", "recipient"),
    }
    for name, order in orders.items():
        for one in value.get(name, []):
            demand(isinstance(one, dict) and list(one) == [each for each in order if each in one], "not in order")
    return payload


def read_sheet(envelope: Envelope, roster: Roster, today: date) -> dict[str, Any]:
    """Read the key sheet in force."""
    demand(
        len(verify(envelope, "key-sheet", roster.keys.values())) >= roster.fields["approvals"], "sheet: too few signed"
    )
    spec: Spec = {
        **V,
        "instance": hexa(16),
        "week": week,
        "roster_version": number(1, 1_000_000),
        "roster": hexa(32),
        "keys": many(inner({"reviewer": text(32, 1), "recipient": recipient}), 16, 2),
        "page_bundle?": hexa(32),
        "sealer?": hexa(32),
        "shelf_bits": number(0, 16),
    }
    found = read(parse(envelope.payload, 65_536), spec, exact=_nested_exact(envelope.payload))
    mine = (roster.fields["instance"], roster.fields["version"], roster.digest)
    demand((found["instance"], found["roster_version"], found["roster"]) == mine, "sheet: of another roster")
    demand([one["reviewer"] for one in found["keys"]] == list(roster.keys), "sheet: not each reviewer in order")
    demand(found["week"] <= today < found["week"] + timedelta(days=8), "sheet: not in force")
    return found | {"digest": hashlib.sha256(envelope.payload).digest()}


# --- Codename --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CodenameKeys:
    """What a codename opens: a seed, an X25519 private key, two values."""

    reply: bytes
    conversation: bytes
    shelf: bytes
    case_key: bytes


def codename_keys(typed: str, words: Sequence[str], instance: bytes, list_id: bytes = b"eff-long-2016") -> CodenameKeys:
    """Return the keys of a codename; ``words`` is the word list."""
    demand(len(typed) <= 1024, "codename: too long")
    pieces = [
        one for one in re.split(r"[\s\u2010-\u2015\u2212-]+", unicodedata.normalize("NFKD", typed).lower()) if one
    ]
    found: list[str] = []
    while pieces:
        joined = "-".join(pieces[:2])
        found.append(joined if pieces[0] not in words and joined in words else pieces[0])
        del pieces[: 2 if found[-1] == joined and len(pieces) > 1 else 1]
    demand(len(found) == 8 and set(found) <= set(words), "codename: not eight words of the list")
    indices = [words.index(one) for one in found]
    positions = b"".join(one.to_bytes(2, "big") for one in indices[:7])
    check = hashlib.sha256(b"lapwing/v1/check word" + list_id + positions).digest()[:8]
    demand(indices[7] == int.from_bytes(check, "big") % 7776, "codename: the check word")
    password = b"lapwing/v1/codename" + list_id + positions
    root = argon2id.kdf(32, password, instance, opslimit=2, memlimit=19_456 * 1024)
    labels = (b"reply identity", b"conversation", b"shelf", b"case key")
    return CodenameKeys(*(HKDFExpand(SHA256(), 32, b"lapwing/v1/" + one).derive(root) for one in labels))


# --- Letter, files, parts --------------------------------------------------------------------------------------------


def file_name(value: Any) -> str:
    """Name of a file."""
    found: str = line(120, 1)(value)
    demand(found not in {".", ".."} and not set(found) & set('/\\"'), "file: its name")
    return found


def media_type(value: Any) -> str:
    """Type of a file."""
    demand(len(text(80)(value)) <= 80, "file: its type")
    return str(shaped(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")(value))


MOST = 2**35
FILE = row(file_name, media_type, number(0, MOST), number(0, MOST), b64(32, 32))
CONTENT: Spec = {
    **V,
    "instance": hexa(16),
    "sheet": hexa(32),
    "week": week,
    "conversation": hexa(32),
    "tip": hexa(16),
    "number": number(1, 1_000_000),
    "sealed": word("before", "device", "arrival"),
    "reply_to": lambda value: possible(b64(1216, 1216)(value)),
    "shelf": number(0, 65_535),
    "case_key?": hexa(32),
    "claim?": hexa(32),
    "not_to": many(REVIEWER_ID, 16),
    "language": shaped("[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}"),
    "fields": free_object(6_000),
    "story": text(4_000),
    "files": many(FILE, 101),
    "parts": many(b64(32, 32), 64),
    "index": flag,
}


@dataclass(frozen=True)
class Tip:
    """A letter whose MAC holds, and the bytes of its files by name."""

    content: Mapping[str, Any]
    files: tuple[tuple[str, bytes], ...]


def open_tip(
    sealed: bytes, parts: Mapping[bytes, bytes], seeds: Sequence[bytes], reviewer: str, signing_seed: bytes
) -> Tip:
    """Open a letter as one reviewer, and its files.

    Args:
        sealed: the letter.
        parts: all parts at hand, by name.
        seeds: of the reviewer's period identities.
        reviewer: their id.
        signing_seed: of their Ed25519 key.
    """
    content = open_letter(sealed, seeds, reviewer, signing_seed)
    return Tip(content, open_files(content, parts, seeds))


def open_letter(sealed: bytes, seeds: Sequence[bytes], reviewer: str, signing_seed: bytes) -> dict[str, Any]:
    """Open a letter alone; arguments are those of `open_tip`."""
    demand(len(sealed) == LETTER, "letter: its size")
    sheet = sealed_sheet(sealed)
    lines = open_age(sealed, seeds).split(b"\n")
    demand(len(lines) == 3 and not lines[2], "letter: its lines")
    content = read(parse(lines[0], LETTER), CONTENT)
    macs = read(parse(lines[1].rstrip(b" "), LETTER), {"macs": _macs})["macs"]
    demand((content["week"], content["sheet"]) == sheet, "letter: another sheet outside")
    demand(("case_key" in content) == (content["number"] == 1), "letter: the case key")
    demand(len(set(content["not_to"])) == len(content["not_to"]), "letter: somebody left out twice")
    check_listing(content)
    message = b"lapwing/v1/letter" + content["instance"] + lines[0]
    expected = hmac.digest(letter_key(signing_seed, content["conversation"]), message, "sha256")
    demand(hmac.compare_digest(macs.get(reviewer, b""), expected), "letter: its mac")
    return content


def _macs(value: Any) -> dict[str, bytes]:
    demand(isinstance(value, dict) and 1 <= len(value) <= 16, "letter: the number of macs")
    return {REVIEWER_ID(name): hexa(32)(mac) for name, mac in value.items()}


def letter_key(signing_seed: bytes, conversation: bytes) -> bytes:
    """Return the MAC key that a reviewer shares with a conversation."""
    signing = SigningKey(signing_seed)
    private = nacl.bindings.crypto_sign_ed25519_sk_to_curve25519(bytes(signing) + bytes(signing.verify_key))
    try:
        shared = nacl.bindings.crypto_box_beforenm(conversation, private)
    except CryptoError:
        raise RefusedError("letter: the conversation's key") from None
    return HKDF(SHA256(), 32, None, b"lapwing/v1/letter mac").derive(shared)


def check_listing(listing: Mapping[str, Any]) -> int:
    """Return how many bytes the files of a letter have together, if files and parts can belong together."""
    files = listing["files"]
    starts = [sum(one[3] for one in files[:at]) for at in range(len(files) + 1)]
    demand([one[2] for one in files] == starts[:-1] and starts[-1] <= MOST, "files: their offsets")
    demand(bool(listing["parts"]) == bool(starts[-1]), "files: parts without bytes, or bytes without parts")
    demand(listing["parts"] or not listing["index"], "index: of nothing")
    return int(starts[-1])


def open_files(
    listing: Mapping[str, Any], parts: Mapping[bytes, bytes], seeds: Sequence[bytes]
) -> tuple[tuple[str, bytes], ...]:
    """Return name and bytes of each file that a letter lists."""
    files, names, size = listing["files"], listing["parts"], check_listing(listing)
    if listing["index"]:
        raw = _join(names, parts, seeds)
        wanted = [raw[at : at + 32] for at in range(0, len(raw), 32)]
        names = wanted[: next((at for at, name in enumerate(wanted) if not any(name)), len(wanted))]
        demand(not any(raw[32 * len(names) :]), "index: something follows")
        demand(all(len(name) == 32 for name in names), "index: a name is cut")
    plaintext = _join(names, parts, seeds, size) if names else b""
    demand(len(plaintext) >= size and not any(plaintext[size:]), "files: cut, or something follows")
    contents = [plaintext[offset : offset + length] for _, _, offset, length, _ in files]
    for one, content in zip(files, contents, strict=True):
        demand(hashlib.sha256(content).digest() == one[4], "file: its hash")
    return tuple((one[0], content) for one, content in zip(files, contents, strict=True))


def _join(
    names: Sequence[bytes], parts: Mapping[bytes, bytes], seeds: Sequence[bytes], size: int | None = None
) -> bytes:
    """Return the plaintext of parts; with a size, of no more parts than it needs."""
    demand(all(name in parts for name in names), "parts: one is not here")
    found = [parts[name] for name in names]
    demand(all(len(one) == PART for one in found), "part: its size")
    demand(all(hashlib.sha256(one).digest() == name for name, one in zip(names, found, strict=True)), "part: its name")
    sealed = b"".join(found)
    demand(size is None or len(names) == _parts_for(age_header(sealed)[1], size), "parts: more than the files need")
    return open_age(sealed, seeds)


def _parts_for(header: int, size: int) -> int:
    """Return how many parts so many bytes of plaintext take, padding included."""
    parts = 1
    while True:
        payload = parts * PART - header - 16
        rest = payload % (CHUNK + TAG)
        room = payload - -(-payload // (CHUNK + TAG)) * TAG
        if not 1 <= rest <= TAG and room >= size:
            return parts
        parts += 1


# --- Reply -----------------------------------------------------------------------------------------------------------

REPLY_FIELDS: Spec = {
    **V,
    "instance": hexa(16),
    "conversation": hexa(32),
    "reviewer": text(32, 1),
    "number": number(1, 1_000_000),
    "seen": number(1, 1_000_000),
    "week": week,
    "roster": hexa(32),
    "recipient": hexa(32),
    "text": text(8_000),
}


def open_reply(sealed: bytes, keys: CodenameKeys, rosters: Iterable[Roster]) -> dict[str, Any]:
    """Open one reply with the keys of a codename."""
    demand(len(sealed) == REPLY, "reply: its size")
    plaintext = open_age(sealed, [keys.reply])
    envelope = read_envelope(plaintext.rstrip(b" \n"), REPLY)
    found = read(parse(envelope.payload, REPLY), REPLY_FIELDS)
    roster = next((one for one in rosters if one.digest == found["roster"]), None)
    demand(roster is not None, "reply: an unknown roster")
    assert roster is not None
    demand(roster.fields["instance"] == found["instance"], "reply: another organisation")
    key = roster.keys.get(found["reviewer"], b"")
    demand(verify(envelope, "reply", [key]), "reply: not by its reviewer")
    mine = X25519PrivateKey.from_private_bytes(keys.conversation).public_key().public_bytes_raw()
    demand(found["conversation"] == mine, "reply: another conversation")
    demand(found["recipient"] == hashlib.sha256(public_half(keys.reply)).digest(), "reply: another recipient")
    return found


def open_shelf(
    shelf: Iterable[bytes], keys: CodenameKeys, rosters: Sequence[Roster]
) -> tuple[list[dict[str, Any]], set[tuple[str, int]]]:
    """Return the replies to a codename on a shelf, each once, and which are missing."""
    found: list[dict[str, Any]] = []
    for sealed in shelf:
        try:
            reply = open_reply(sealed, keys, rosters)
        except RefusedError:
            continue
        if reply not in found:
            found.append(reply)
    there = {(one["reviewer"], one["number"]) for one in found}
    last = {who: max(number for name, number in there if name == who) for who, _ in there}
    return found, {(who, each) for who, most in last.items() for each in range(1, most)} - there


# --- Case log --------------------------------------------------------------------------------------------------------

HASH, REMARK, NAME = hexa(32), line(400), line(64, 1)
IN_CASE: Spec = {"case": hexa(16)}


def _people(value: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = many(text(32), 64)(value)
    demand(list(found) == sorted(set(found)), "people: not in order, each once")
    return found


def _warnings(value: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = many(text(64), 100)(value)
    demand(list(found) == sorted(set(found)), "warnings: not in order, each once")
    return found


def _money(value: Any) -> str:
    found: str = text(22)(value)
    demand(re.fullmatch(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,2})? [A-Z]{3}", found), "an amount")
    return found


ORGANISATION: Mapping[str, Spec] = {
    "heads": {"missing": many(b64(32, 32), 64)},
    "office-proposed": {"name": line(480, 1), "recipient": b64(1, 1216), "key": HASH},
    "office-confirmed": {"proposal": HASH},
    "office-withdrawn": {"proposal": HASH},
    "looked": {
        "pages": HASH,
        "roster": HASH,
        "language": word("en", "fr"),
        "aim": word("tip", "mailbox", "keys", "rewards"),
    },
    "alarm": {
        "what": word(
            *("roster", "sheet", "keys", "script", "foreign", "form", "header", "closed", "bundle", "release", "width"),
            *("shelf", "changed", "view"),
        ),
        "seen?": HASH,
    },
    "erased": {"proposal": HASH},
}
CASE: Mapping[str, Spec] = {
    "opened": {
        "letter?": HASH,
        "number": number(0, 1_000_000),
        "tip?": hexa(16),
        "title": REMARK,
        "members": _people,
        "checked": flag,
    },
    "attested": {"letter": HASH, "attestation": b64(1, 1_024)},
    "keyed": {"digest": HASH, "holders": _people},
    "joined": {"reviewer": line(32, 1)},
    "assigned": {"reviewer": line(32, 1)},
    "recused": {"reviewer": line(32, 1), "reason": REMARK},
    "noted": {"text": text(16_000, 1)},
    "status": {"status": word("open", "vetted", "closed")},
    "fact": {"name": NAME, "value": REMARK, "said_by": word("source", "reviewer", "office")},
    "exhibit": {
        "name": line(120, 1),
        "type": line(120),
        "size": number(0, 2**42),
        "sha256": HASH,
        "parts": many(b64(32, 32), 64),
        "index": flag,
        "captured_by": REMARK,
        "captured_on?": day,
        "taken_from": text(2_000),
        "how": text(2_000),
    },
    "handed": {
        "reviewer": line(32, 1),
        "letter?": HASH,
        "size": number(0, 2**42),
        "sha256": HASH,
        "parts": many(b64(32, 32), 64),
        "index": flag,
    },
    "replied": {"number": number(1, 1_000_000), "seen": number(0, 1_000_000), "text": text(8_000, 1), "asks": line(64)},
    "held": {"reason": REMARK},
    "resumed": {"reason": REMARK},
    "decided": {
        "purpose": word("forward", "publish"),
        "dossier?": HASH,
        "warnings": _warnings,
        "told": flag,
        "reason": REMARK,
    },
    "dossier-proposed": {"draft": free_object(18_000), "dossier": HASH, "approval": b64(1, 2_048)},
    "dossier-approved": {"proposal": HASH, "approval": b64(1, 2_048)},
    "release-proposed": {"sha256": HASH, "reason": REMARK},
    "erase-proposed": {"reason": REMARK},
    "confirmed": {"proposal": HASH},
    "withdrawn": {"proposal": HASH},
    "dossier-sent": {"proposal": HASH, "sealed": HASH},
    "answer": {"proposal": HASH, "answer": b64(1, 8_192)},
    "ledger": {
        "programme": NAME,
        "step": word(
            *("considered", "source_told", "filed", "accepted", "determination", "award", "paid", "refused", "appealed")
        ),
        "who": word("source", "counsel", "organisation", "authority"),
        "by": REMARK,
        "form": REMARK,
        "number": REMARK,
        "done_on?": day,
        "due_on?": day,
        "amount?": _money,
        "document?": HASH,
        "note": text(2_000),
    },
}


def read_content(data: bytes) -> dict[str, Any]:
    """Read what an event says; whatever is of no known kind is refused."""
    value = parse(data, 24_576)
    kind = value.get("kind") if isinstance(value.get("kind"), str) else None
    demand(kind in ORGANISATION or kind in CASE, "content: an unknown kind")
    assert kind is not None
    common: Spec = {**V, "kind": text(32), "on": day}
    return read(value, {**common, **(ORGANISATION[kind] if kind in ORGANISATION else {**IN_CASE, **CASE[kind]})})


@dataclass(frozen=True)
class Event:
    """One event of a batch; its content is None where it could not be opened or is of no known kind."""

    id: bytes
    fields: Mapping[str, Any]
    content: Mapping[str, Any] | None


@dataclass(frozen=True)
class Batch:
    """What a batch brings: events whose signature holds, and case keys as (case, key)."""

    events: tuple[Event, ...]
    keys: tuple[tuple[bytes, bytes], ...]


def open_event(envelope: Envelope, roster: Roster) -> tuple[bytes, dict[str, Any]]:
    """Return id and fields of an event."""
    payload = envelope.payload
    spec: Spec = {
        **V,
        "instance": hexa(16),
        "author": text(32, 1),
        "number": number(1, 10_000_000),
        "previous?": HASH,
        "heads": many(HASH, 32),
        "commitment": HASH,
    }
    found = read(parse(payload, 4_096), spec, exact=payload)
    demand(("previous" in found) == (found["number"] != 1), "event: number and previous")
    heads = list(found["heads"])
    demand(heads == sorted(set(heads)) and found.get("previous") not in heads, "event: its heads")
    demand(found["instance"] == roster.fields["instance"], "event: another organisation")
    demand(len(envelope.signatures) == 1, "event: not signed once")
    demand(verify(envelope, "event", [roster.authors.get(found["author"], b"")]), "event: not by its author")
    return hashlib.sha256(payload).digest(), found


LINES: tuple[Spec, ...] = (
    {"event": b64(1, 10_000), "nonce": b64(32, 32), "content": b64(1, 24_576)},
    {"event": b64(1, 10_000), "box": b64(1, 24_704)},
    {"grant": b64(1, 28_000)},
)


def open_batch(
    sealed: bytes, seeds: Sequence[bytes], roster: Roster, case_keys: Iterable[tuple[bytes, bytes]] = ()
) -> Batch:
    """Open a batch of the case log.

    Args:
        sealed: 65,536 bytes.
        seeds: of the reviewer's period identities, which open grants too.
        roster: in force.
        case_keys: pairs of a case and one of its keys; those granted in this batch are used as well.
    """
    demand(len(sealed) == LETTER, "batch: its size")
    sealed_sheet(sealed)
    plaintext = open_age(sealed, seeds)
    demand(plaintext.endswith(b"\n"), "batch: its end")
    body = plaintext[:-1].rstrip(b" ")
    demand(not body or body.endswith(b"\n"), "batch: its padding")
    return read_lines(body, seeds, roster, case_keys)


def read_lines(
    body: bytes, seeds: Sequence[bytes], roster: Roster, case_keys: Iterable[tuple[bytes, bytes]] = ()
) -> Batch:
    """Read the lines of a batch; arguments are those of `open_batch`."""
    lines = [_line(one) for one in body.split(b"\n")[:-1]]
    demand(len(lines) <= 400, "batch: too many lines")
    granted = [key for one in lines if "grant" in one for key in _granted(one["grant"], seeds)]
    keys = (*case_keys, *granted)
    events = [event for one in lines if "event" in one if (event := _event(one, roster, keys)) is not None]
    return Batch(tuple(events), tuple(granted))


def _line(data: bytes) -> dict[str, Any]:
    value = parse(data, 50_000)
    spec = next((one for one in LINES if set(one) == set(value)), None)
    demand(spec is not None, "batch: a line of no form")
    assert spec is not None
    found = read(value, spec)
    if "event" in found:
        found["event"] = read_envelope(found["event"])
    if "content" in found:
        demand(len(found["content"]) % 512 == 0, "batch: content that is not padded")
        found["said"] = _say(found["content"])
        demand("case" not in (found["said"] or {}), "batch: what belongs to a case, in the open")
    return found


def _say(content: bytes) -> dict[str, Any] | None:
    try:
        return read_content(content)
    except RefusedError:
        return None


def _event(found: Mapping[str, Any], roster: Roster, keys: Iterable[tuple[bytes, bytes]]) -> Event | None:
    try:
        name, fields = open_event(found["event"], roster)
    except RefusedError:
        return None
    if "box" in found:
        return Event(name, fields, _unbox(found["box"], name, fields["commitment"], keys))
    if hashlib.sha256(found["nonce"] + found["content"]).digest() != fields["commitment"]:
        return None
    return Event(name, fields, found["said"])


def _unbox(box: bytes, name: bytes, commitment: bytes, keys: Iterable[tuple[bytes, bytes]]) -> dict[str, Any] | None:
    for case, key in keys:
        try:
            inside = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(box[24:], name, box[:24], key)
        except (CryptoError, ValueError):
            continue
        said = _say(inside[32:]) if inside[32:] and len(inside[32:]) % 512 == 0 else None
        if hashlib.sha256(inside).digest() == commitment and said is not None and said.get("case") == case:
            return said
    return None


def _granted(sealed: bytes, seeds: Sequence[bytes]) -> tuple[tuple[bytes, bytes], ...]:
    try:
        pair = inner({"case": hexa(16), "key": hexa(32)})
        found = read(parse(open_age(sealed, seeds), 28_000), {**V, "keys": many(pair, 64, 1)})
    except RefusedError:
        return ()
    return tuple((one["case"], one["key"]) for one in found["keys"])


# --- Dossier ---------------------------------------------------------------------------------------------------------

TAGS = ("bagit.txt", "bag-info.txt", "dossier.json", "roster.json", "approvals.json")
MANIFESTS = ("manifest-sha256.txt", "manifest-sha512.txt")
TAG_MANIFESTS = ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt")
TEXTS = ("data/custody.json", "data/report.html", "data/report.txt")
OFFICE: Spec = {"name": label(120), "recipient": recipient, "key": hexa(32)}
DOSSIER: Spec = {
    **V,
    "instance": hexa(16),
    "dossier": hexa(16),
    "on": day,
    "language": word("en", "fr"),
    "title": line(240, 1),
    "purpose": line(400, 1),
    "office": inner(OFFICE),
    "roster_version": number(1, 1_000_000),
    "roster": hexa(32),
    "proposer": line(32, 1),
    "manifest_sha256": hexa(32),
    "manifest_sha512": hexa(32),
    "exhibits": many(
        inner(
            {
                "path": line(100, 1),
                "name": line(400, 1),
                "type": line(400),
                "size": number(0, 2**33 - 1),
                "sha256": hexa(32),
                "form": word("original", "safe copy"),
            }
        ),
        100,
    ),
    "claim?": lambda value: read_commitment(text(99)(value)),
    "known?": many(inner({"commitment": hexa(32), "week": week, "reviewers": many(text(32), 16, 2)}), 4, 1),
}
PLAIN = frozenset(
    {"bmp", "csv", "eml", "gif", "heic", "jpeg", "jpg", "json", "log", "pdf", "png", "tif", "tiff", "txt", "webp"}
    | {"avi", "flac", "m4a", "mkv", "mov", "mp3", "mp4", "mpeg", "ogg", "opus", "wav", "webm"}
)


def exhibit_path(place: int, name: str) -> str:
    """Return where an exhibit stands in the bag."""
    plain = unicodedata.ucd_3_2_0.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem, dot, suffix = plain.rpartition(".")
    if not dot or not re.fullmatch("[a-z0-9]{1,10}", suffix):
        stem, suffix = plain, ""
    stem = re.sub("[^a-z0-9]+", "-", stem)[:30].strip("-") or "exhibit"
    end = "" if suffix in PLAIN else ".bin"
    return f"data/exhibits/{place:02}-{stem}" + (f".{suffix}" if suffix else "") + end


def untar(data: bytes) -> dict[str, bytes]:
    """Return the files of a dossier's tar, in order, by their names with the folder."""
    files: dict[str, bytes] = {}
    at = 0
    while any(block := data[at : at + 512]):
        demand(len(block) == 512, "tar: cut")
        short, prefix = (one.rstrip(b"\0").decode("latin-1") for one in (block[:100], block[345:500]))
        name = f"{prefix}/{short}" if prefix else short
        demand(re.fullmatch(rb"[0-7]{11}\0", block[124:136]), "tar: a size")
        size = int(block[124:135], 8)
        demand(name.isascii() and block == tar_header(name, size), "tar: a header")
        content = data[at + 512 : at + 512 + size]
        at += 512 + size
        demand(len(content) == size and not any(data[at : at + -size % 512]), "tar: a content")
        at += -size % 512
        demand(name not in files, "tar: a name twice")
        files[name] = content
    rest = bytes(1024 + -(at + 1024) % 10_240)
    demand(data[at:] == rest, "tar: its end")
    return files


def tar_header(name: str, size: int) -> bytes:
    """Return the one header of a file."""
    prefix = ""
    if len(name) > 100:
        prefix, _, name = name.partition("/")
    block = bytearray(512)
    for offset, value in (
        (0, name),
        (100, "0000644\x000000000\x000000000\x00"),
        (124, f"{size:011o}\x00{946_728_000:011o}\x00" + " " * 8 + "0"),
        (257, "ustar\x0000"),
        (345, prefix),
    ):
        block[offset : offset + len(value)] = value.encode("ascii")
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


@dataclass(frozen=True)
class Dossier:
    """A dossier that holds: its files without the folder, dossier.json, its digest, and who approved."""

    files: Mapping[str, bytes]
    fields: Mapping[str, Any]
    digest: bytes
    approved: tuple[str, ...]


def open_dossier(sealed: bytes, seed: bytes, root: bytes | None = None) -> Dossier:
    """Open a sealed dossier with the office's identity, and verify all of it but the root if that is not known."""
    stanzas, _ = age_header(sealed)
    demand([one.arguments[0] for one in stanzas] == ["mlkem768x25519"] * 4, "dossier: its stanzas")
    files = untar(open_age(sealed, [seed]))
    folders = {name.partition("/")[0] for name in files}
    bag = {name.partition("/")[2]: content for name, content in files.items()}
    dossier = verify_bag(bag, root)
    demand(folders == {f"dossier-{dossier.fields['dossier'].hex()}"}, "dossier: its folder")
    demand(dossier.fields["office"]["recipient"] == public_half(seed), "dossier: for another office")
    return dossier


def verify_bag(bag: Mapping[str, bytes], root: bytes | None) -> Dossier:
    """Verify the files of a bag."""
    demand({*TAGS, *MANIFESTS, *TAG_MANIFESTS} <= set(bag), "not-a-dossier")
    demand(all(len(bag[name]) <= 2**20 for name in bag if not name.startswith("data/exhibits/")), "too long")
    demand(bag["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "not-a-dossier")
    fields = read(parse(bag["dossier.json"], 131_072), DOSSIER)
    roster = read_roster(read_envelope(bag["roster.json"]), root)
    demand(roster.digest == fields["roster"], "changed-file")
    named = (fields["roster_version"], fields["instance"])
    demand((roster.fields["version"], roster.fields["instance"]) == named, "dossier")
    demand(fields["on"] <= roster.fields["expires"], "roster-expired")
    digest = hashlib.sha256(bag["dossier.json"]).digest()
    approved = _check_approvals(bag["approvals.json"], digest, fields, roster)
    _check_payload(bag, fields)
    _check_tags(bag, fields, roster, approved)
    _check_known(bag, fields, roster)
    return Dossier(bag, fields, digest, approved)


def _check_approvals(data: bytes, digest: bytes, fields: Mapping[str, Any], roster: Roster) -> tuple[str, ...]:
    envelopes = read(parse(data, 65_536), {**V, "approvals": many(compact, 32)})["approvals"]
    office = hashlib.sha256(fields["office"]["recipient"] + fields["office"]["key"]).digest()
    spec: Spec = {
        **V,
        "instance": hexa(16),
        "dossier": hexa(32),
        "office": hexa(32),
        "roster": hexa(32),
        "proposer": text(32, 1),
        "reviewer": text(32, 1),
    }
    people = {key: who for who, key in roster.keys.items()}
    approved: list[str] = []
    for envelope in map(read_envelope, envelopes):
        (key,) = envelope.signatures if len(envelope.signatures) == 1 else (b"",)
        demand(key in people and verify(envelope, "approval", [key]), "approval-signature")
        found = read(parse(envelope.payload, 1_024), spec)
        who = people[key]
        demand(who not in approved and found["reviewer"] == who, "same-key-twice")
        demand((found["dossier"], found["proposer"]) == (digest, fields["proposer"]), "other-dossier")
        demand(found["office"] == office, "other-office")
        demand((found["instance"], found["roster"]) == (fields["instance"], roster.digest), "other-roster")
        approved.append(who)
    demand(fields["proposer"] in approved, "proposer-missing")
    demand(len(approved) >= roster.fields["approvals"], "too-few-approvals")
    return tuple(who for who in roster.keys if who in approved)


def _manifest(names: Iterable[str], bag: Mapping[str, bytes], algorithm: str) -> bytes:
    return "".join(f"{hashlib.new(algorithm, bag[name]).hexdigest()}  {name}\n" for name in sorted(names)).encode()


def _check_payload(bag: Mapping[str, bytes], fields: Mapping[str, Any]) -> None:
    listed = {*TEXTS, *(["data/attestations.json"] if "known" in fields else [])}
    for place, one in enumerate(fields["exhibits"], 1):
        demand(one["path"] == exhibit_path(place, one["name"]), "dossier")
        content = bag.get(one["path"])
        demand(content is not None, "missing-file")
        assert content is not None
        demand((len(content), hashlib.sha256(content).digest()) == (one["size"], one["sha256"]), "changed-file")
        listed.add(one["path"])
    demand(set(bag) == listed | {*TAGS, *MANIFESTS, *TAG_MANIFESTS}, "missing-file or unlisted-file")
    for algorithm in ("sha256", "sha512"):
        manifest = bag[f"manifest-{algorithm}.txt"]
        demand(hashlib.sha256(manifest).digest() == fields[f"manifest_{algorithm}"], "changed-file")
        demand(manifest == _manifest(listed, bag, algorithm), "changed-file")


def _check_tags(bag: Mapping[str, bytes], fields: Mapping[str, Any], roster: Roster, approved: Sequence[str]) -> None:
    payload = [content for name, content in bag.items() if name.startswith("data/")]
    labels = {one["id"]: one["label"] for one in roster.fields["reviewers"]}
    lines = [
        ("Bagging-Date", fields["on"].isoformat()),
        ("External-Identifier", fields["dossier"].hex()),
        ("External-Description", fields["title"]),
        ("Payload-Oxum", f"{sum(map(len, payload))}.{len(payload)}"),
        ("Lapwing-Office", fields["office"]["name"]),
        ("Lapwing-Proposed-By", labels[fields["proposer"]]),
        *(("Lapwing-Approved-By", labels[who]) for who in approved),
    ]
    info = "".join(f"{name}: {value.strip()}\n" for name, value in lines).encode()
    demand(bag["bag-info.txt"] == info, "payload-oxum or changed-file")
    for algorithm in ("sha256", "sha512"):
        expected = _manifest((*TAGS, *MANIFESTS), bag, algorithm)
        demand(bag[f"tagmanifest-{algorithm}.txt"] == expected, "changed-file")


HAPPENED = (
    *("arrest", "charge", "conviction", "penalty", "forfeiture", "recovery", "judgment", "action", "dismantling"),
    *("leader", "finances", "offer"),
)
AMOUNT = shaped(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})? [A-Z]{3}")
OUTCOME: Spec = {
    "country": shaped(r"[A-Z]{2}"),
    "happened?": many(word(*HAPPENED), 12, 1),
    "proceedings?": word("under_way", "over"),
    "law?": shaped(r"(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*"),
    "statute?": line(200, 1),
    "collected?": AMOUNT,
    "sanctions?": AMOUNT,
    "day?": day,
}
RECEIPT: Spec = {
    **V,
    "instance": hexa(16),
    "dossier": hexa(32),
    "office": hexa(32),
    "opened": day,
    "kind": word("receipt", "question", "outcome"),
    "text": text(4_000),
    "outcome?": inner(OUTCOME),
}


def open_receipt(envelope: Envelope, office_recipient: bytes, office_key: bytes, dossier: bytes) -> dict[str, Any]:
    """Read an office's answer to a dossier."""
    demand(verify(envelope, "receipt", [office_key]), "receipt: not by the office")
    found = read(parse(envelope.payload, 5_800), RECEIPT)
    demand((found["kind"] == "receipt") == (not found["text"].strip()), "receipt: its text")
    if "outcome" in found:
        demand(found["kind"] == "outcome", "receipt: an outcome in something else")
        _check_outcome(found["outcome"])
    demand(found["office"] == hashlib.sha256(office_recipient + office_key).digest(), "receipt: another office")
    demand(found["dossier"] == dossier, "receipt: another dossier")
    return found


def _check_outcome(found: dict[str, Any]) -> None:
    happened = found.get("happened", ())
    demand(list(happened) == [each for each in HAPPENED if each in happened], "outcome: not each once in order")
    laws = [found[name] for name in ("law", "statute") if found.get(name, "").strip()]
    demand(not {"law", "statute"} <= set(found), "outcome: a law and a statute")
    under_a_law = {"happened", "collected", "sanctions"} & set(found)
    demand(laws if under_a_law else "proceedings" in found, "outcome: no law, or nothing")


# --- Claim -----------------------------------------------------------------------------------------------------------

COMMITMENT_CHARACTERS = 99
CHALLENGE: Spec = {
    **V,
    "office": inner(OFFICE),
    "commitment": lambda value: read_commitment(text(COMMITMENT_CHARACTERS)(value)),
    "programme": line(200, 1),
    "case": line(120, 1),
    "expires": day,
    "nonce": hexa(16),
}
STATEMENT: Spec = {
    **V,
    "challenge": hexa(32),
    "office": hexa(32),
    "expires": day,
    "beneficiary": line(400),
    "language": word("en", "fr"),
    "words": text(2_000),
}
CLAIM_LINES = {
    "en": (
        "I wrote the tip with this commitment: ",
        "I say so to nobody but: ",
        "The agency's key: ",
        "Programme: ",
        "Case: ",
        "This counts up to and including: ",
        "Who shall receive a reward: ",
        "(nobody is named)",
    ),
    "fr": (
        "J’ai écrit le signalement qui a cet engagement : ",
        "Je ne le dis qu’à : ",
        "Clé de l’autorité : ",
        "Programme : ",
        "Affaire : ",
        "Valable jusqu’au (inclus) : ",
        "Qui doit recevoir une récompense : ",
        "(personne n’est nommé)",
    ),
}


@dataclass(frozen=True)
class Commitment:
    """What a claim is held against."""

    text: str
    known_to_intake: bool
    salt: bytes
    digest: bytes


def read_commitment(value: str) -> Commitment:
    """Read a commitment as text."""
    demand(len(value) == COMMITMENT_CHARACTERS, "commitment: its length")
    raw = bech32(value, "lapwing-claim")
    demand(len(raw) == 49 and raw[0] < 2, "commitment: its bytes")
    return Commitment(value, raw[0] == 1, raw[1:17], raw[17:])


def claim_keys(typed: str, words: Sequence[str], salt: bytes) -> tuple[SigningKey, MLDSA65PrivateKey]:
    """Return the two signing keys of claim words; ``words`` is the word list."""
    demand(len(typed) <= 1024, "claim words: too long")
    pieces = [
        one for one in re.split(r"[\s\u2010-\u2015\u2212-]+", unicodedata.normalize("NFKD", typed).lower()) if one
    ]
    demand(pieces and re.fullmatch("[0-9]{2}", pieces[-1]), "claim words: no number")
    found: list[str] = []
    for one in pieces[:-1]:
        if found and found[-1] not in words and f"{found[-1]}-{one}" in words:
            found[-1] += f"-{one}"
        else:
            found.append(one)
    demand(len(found) == 4 and set(found) <= set(words), "claim words: not four words of the list")
    positions = b"".join(words.index(one).to_bytes(2, "big") for one in found)
    number = hashlib.sha256(b"lapwing/v1/claim numbereff-long-2016" + positions).digest()[:8]
    demand(int(pieces[-1]) == int.from_bytes(number, "big") % 100, "claim words: the number")
    password = b"lapwing/v1/claimeff-long-2016" + positions
    root = argon2id.kdf(32, password, salt, opslimit=6, memlimit=65_536 * 1024)
    one, other = (
        HKDFExpand(SHA256(), 32, b"lapwing/v1/claim " + name).derive(root) for name in (b"ed25519", b"ml-dsa-65")
    )
    return SigningKey(one), MLDSA65PrivateKey.from_seed_bytes(other)


def claim_digest(ed25519: bytes, ml_dsa: bytes) -> bytes:
    """Return the commitment to two public keys."""
    return hashlib.sha256(b"lapwing/v1/claim commitment" + ed25519 + ml_dsa).digest()


def read_challenge(envelope: Envelope, on: date) -> dict[str, Any]:
    """Read an agency's challenge."""
    found = read(parse(envelope.payload, 4_096), CHALLENGE)
    demand(verify(envelope, "claim-challenge", [found["office"]["key"]]), "challenge: not by its office")
    demand(on <= found["expires"], "challenge: over")
    return found | {"digest": hashlib.sha256(envelope.payload).digest()}


def _office_digest(office: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(office["recipient"] + office["key"]).digest()


def claim_words(challenge: Mapping[str, Any], beneficiary: str, language: str) -> str:
    """Return the words of a statement."""
    *lines, nobody = CLAIM_LINES[language]
    values = (
        challenge["commitment"].text,
        challenge["office"]["name"],
        _office_digest(challenge["office"]).hex(" ", 4),
        challenge["programme"],
        challenge["case"],
        challenge["expires"].isoformat(),
        beneficiary or nobody,
    )
    return "".join(f"{before}{value}\n" for before, value in zip(lines, values, strict=True))


def open_answer(
    sealed: bytes, seed: bytes, office: Mapping[str, Any], commitment: Commitment, on: date
) -> dict[str, Any]:
    """Open and verify an answer as the agency; ``office`` has its recipient and key."""
    plain = open_age(sealed, [seed])
    demand(plain.endswith(b"\n"), "answer: its end")
    spec: Spec = {
        **V,
        "challenge": compact,
        "statement": compact,
        "ml_dsa_key": b64(1952, 1952),
        "ml_dsa_signature": b64(3309, 3309),
    }
    answer = read(parse(plain[:-1].rstrip(b" "), 32_768), spec)
    challenge = read_challenge(read_envelope(answer["challenge"]), on)
    demand(_office_digest(challenge["office"]) == _office_digest(office), "answer: to another agency")
    demand(challenge["commitment"] == commitment, "answer: about another tip")
    envelope = read_envelope(answer["statement"])
    found = read(parse(envelope.payload, 4_096), STATEMENT)
    demand(found["challenge"] == challenge["digest"], "statement: of another challenge")
    demand(found["office"] == _office_digest(office), "statement: for another agency")
    demand(found["expires"] == challenge["expires"], "statement: its last day")
    demand(found["words"] == claim_words(challenge, found["beneficiary"], found["language"]), "statement: its words")
    demand(len(envelope.signatures) == 1, "statement: not one signature")
    (key,) = envelope.signatures
    demand(claim_digest(key, answer["ml_dsa_key"]) == commitment.digest, "answer: by somebody else")
    verify(envelope, "claim", [key])
    name = TYPE.format("claim").encode()
    signed = b"DSSEv1 %d %b %d %b" % (len(name), name, len(envelope.payload), envelope.payload)
    try:
        MLDSA65PublicKey.from_public_bytes(answer["ml_dsa_key"]).verify(answer["ml_dsa_signature"], signed)
    except InvalidSignature:
        raise RefusedError("answer: its second signature") from None
    return found


# --- Attestation -----------------------------------------------------------------------------------------------------

ATTESTATION: Spec = {**V, "instance": hexa(16), "reviewer": REVIEWER_ID, "commitment": hexa(32), "week": week}
PIECE = b"lapwing/v1/attestation piece"
LINK = b"lapwing/v1/attestation link"


def open_attestation(envelope: Envelope, roster: Roster) -> dict[str, Any]:
    """Read what one reviewer's app says of a letter."""
    found = read(parse(envelope.payload, 512), ATTESTATION)
    demand(found["instance"] == roster.fields["instance"], "attestation: another organisation")
    demand(len(envelope.signatures) == 1, "attestation: not signed once")
    demand(
        verify(envelope, "attestation", [roster.keys.get(found["reviewer"], b"")]), "attestation: not by its reviewer"
    )
    return found


def commitment_to(content_line: bytes) -> bytes:
    """Return what is attested of a letter with this first line."""
    content = read(parse(content_line, LETTER), CONTENT)
    pieces = [content.get("claim", b""), content["story"].encode(), compact(content["fields"])]
    pieces += [digest for *_, digest in content["files"]]
    secret = content["instance"] + content["conversation"] + content["tip"] + content["number"].to_bytes(4, "big")
    salts = [
        hashlib.sha256(b"lapwing/v1/attestation salt" + secret + place.to_bytes(4, "big")).digest()
        for place in (*range(len(pieces)), 2**32 - 1)
    ]
    found = salts.pop()
    for salt, piece in reversed(list(zip(salts, pieces, strict=True))):
        found = hashlib.sha256(LINK + hashlib.sha256(PIECE + salt + piece).digest() + found).digest()
    return found


def open_pieces(data: bytes, commitment: bytes) -> dict[int, bytes]:
    """Return the pieces that an opening shows, by place."""
    found = read(parse(data, 32_768), {**V, "pieces": many(_piece, 104), "rest": b64(32, 32)})
    total = found["rest"]
    for leaf, _ in reversed(found["pieces"]):
        total = hashlib.sha256(LINK + leaf + total).digest()
    demand(total == commitment, "opening: of another letter")
    return {place: value for place, (_, value) in enumerate(found["pieces"]) if value is not None}


def _check_known(bag: Mapping[str, bytes], fields: Mapping[str, Any], roster: Roster) -> None:
    if "known" not in fields:
        return
    spec: Spec = {"attestations": many(compact, 16, 1), "opening": compact}
    data = bag["data/attestations.json"]
    found = read(parse(data, 262_144), {**V, "dossier": hexa(16), "letters": many(inner(spec), 4, 1)})
    demand(found["dossier"] == fields["dossier"], "attestations: of another dossier")
    claim = fields["claim"].digest if "claim" in fields else None
    exhibits = [one["sha256"] for one in fields["exhibits"]]
    told = []
    for letter in found["letters"]:
        demand(all(len(one) <= 1_024 for one in letter["attestations"]), "attestation: too long")
        said = [open_attestation(read_envelope(one), roster) for one in letter["attestations"]]
        people = sorted(one["reviewer"] for one in said)
        needed = max(roster.fields["approvals"], 2)
        demand(len(set(people)) == len(people) >= needed, "attestations: too few, or one twice")
        commitment = said[0]["commitment"]
        demand({one["commitment"] for one in said} == {commitment}, "attestations: not of one letter")
        for place, value in open_pieces(letter["opening"], commitment).items():
            demand(place != 2, "opening: all answers")
            demand(place != 0 or value == claim, "opening: another claim")
            demand(place < 3 or value in exhibits, "opening: a file that is no exhibit")
            demand(place != 1 or value.decode() is not None, "opening: no text")
        weeks = sorted(one["week"] for one in said)
        told.append({"commitment": commitment, "week": weeks[needed - 1], "reviewers": tuple(people)})
    demand(tuple(told) == tuple(fields["known"]), "attestations: not what dossier.json says")


def _piece(value: Any) -> tuple[bytes, bytes | None]:
    if isinstance(value, dict) and "leaf" in value:
        return read(value, {"leaf": b64(32, 32)})["leaf"], None
    shown = read(value, {"salt": b64(32, 32), "value": b64(0, 6_000)})
    return hashlib.sha256(PIECE + shown["salt"] + shown["value"]).digest(), shown["value"]
