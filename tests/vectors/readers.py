"""What reads the input of each kind of vector: our decoders, and the second reader. Both tell what they find alike."""

import base64
import hashlib
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from crypto.claim import ClaimWords, claim_salt
from crypto.codename import Codename
from crypto.dsse import Envelope
from crypto.errors import CryptoError
from crypto.hybrid import HybridIdentity, HybridRecipient
from crypto.unseal import unseal
from prosecutor.keyfile import OfficeKey
from prosecutor.opening import open_dossier
from tests import second_reader as second
from wire.attestation import open_attestation
from wire.attested import Opening, commitment_to
from wire.batch import CaseKey, Grant, Posted, decode_batch, decode_keys, open_box
from wire.claim import Commitment, open_challenge
from wire.claim_answer import Answer, check_answer
from wire.content import parse_content
from wire.content_kind import CaseContent, Content
from wire.errors import EventError
from wire.event import SignedEvent, open_event
from wire.files import File, SealedFiles
from wire.keysheet import PeriodKey, open_period_key, open_sheet
from wire.letter import PART_SIZE, decode_content, verify_letter
from wire.mailbox import open_replies
from wire.office import Office
from wire.opening import open_batch, open_letter, read_files
from wire.receipt import open_receipt
from wire.reply import reply_from_envelope
from wire.roster import Roster, open_next_roster, open_roster

Given = Mapping[str, Any]
Found = dict[str, Any]

WORDS = (Path(__file__).parents[2] / "crypto/words/eff_long.txt").read_text("ascii").split()


def _day(given: Given) -> date:
    return date.fromisoformat(given["today"])


def _hex(given: Given, name: str) -> bytes:
    return bytes.fromhex(given[name])


def _roster(given: Given) -> Roster:
    return Roster.decode(given["roster"].encode())


def _second_roster(given: Given, name: str = "roster") -> second.Roster:
    return second.read_roster(second.Envelope(second.TYPE.format("roster"), given[name].encode(), {}), None)


def _identity(given: Given) -> HybridIdentity:
    return HybridIdentity.parse(given["identity"])


def _cut(data: bytes) -> list[bytes]:
    return [data[at : at + PART_SIZE] for at in range(0, len(data), PART_SIZE)]


def _files(found: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(found.items())}


# --- Codename, DSSE --------------------------------------------------------------------------------------------------


def codename(data: bytes, given: Given) -> Found:
    """A codename as it was typed; ``instance``."""
    keys = Codename.parse(data.decode()).derive(_hex(given, "instance"))
    return {
        "reply": keys.reply.encode(),
        "conversation": bytes(keys.conversation).hex(),
        "shelf": keys.shelf.hex(),
        "case_key": keys.case_key.hex(),
    }


def second_codename(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    keys = second.codename_keys(data.decode(), WORDS, _hex(given, "instance"))
    return {
        "reply": HybridIdentity(keys.reply).encode(),
        "conversation": keys.conversation.hex(),
        "shelf": keys.shelf.hex(),
        "case_key": keys.case_key.hex(),
    }


def dsse(data: bytes, given: Given) -> Found:
    """An envelope; ``type``, ``keys``, ``threshold``."""
    envelope = Envelope.decode(data)
    signers = envelope.verify(given["type"], {bytes.fromhex(one) for one in given["keys"]}, given["threshold"])
    return {"payload": envelope.payload.hex(), "signers": sorted(key.hex() for key in signers)}


def second_dsse(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    envelope = second.read_envelope(data)
    kind = given["type"].removeprefix("application/vnd.lapwing.").removesuffix("+json")
    signers = second.verify(envelope, kind, map(bytes.fromhex, given["keys"]))
    second.demand(len(signers) >= given["threshold"], "too few")
    return {"payload": envelope.payload.hex(), "signers": sorted(key.hex() for key in signers)}


# --- Roster, period key, key sheet -----------------------------------------------------------------------------------


def roster(data: bytes, given: Given) -> Found:
    """A roster's envelope; ``root``, ``today``, and where it follows another, that one's payload as ``previous``."""
    envelope, root = Envelope.decode(data), _hex(given, "root")
    if "previous" in given:
        found, root = open_next_roster(envelope, Roster.decode(given["previous"].encode()), root, _day(given))
    else:
        found = open_roster(envelope, root, _day(given))
    return {"digest": found.digest.hex(), "version": found.version, "reviewers": list(found.ids), "root": root.hex()}


def second_roster(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    envelope, root = second.read_envelope(data), _hex(given, "root")
    if "previous" in given:
        found, root = second.read_next_roster(envelope, _second_roster(given, "previous"), root, _day(given))
    else:
        found = second.read_roster(envelope, root, _day(given))
    version = found.fields["version"]
    return {"digest": found.digest.hex(), "version": version, "reviewers": list(found.keys), "root": root.hex()}


def period_key(data: bytes, given: Given) -> Found:
    """A period key's envelope; ``roster``."""
    found: PeriodKey = open_period_key(Envelope.decode(data), _roster(given))
    return {"reviewer": found.reviewer, "week": str(found.week), "recipient": found.recipient.encode()}


def key_sheet(data: bytes, given: Given) -> Found:
    """A key sheet's envelope; ``roster``, ``today``."""
    found = open_sheet(Envelope.decode(data), _roster(given), _day(given))
    keys = [hashlib.sha256(recipient.raw).hexdigest() for _, recipient in found.keys]
    return {"digest": found.digest.hex(), "keys": keys, "shelf_bits": found.shelf_bits}


def second_key_sheet(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    found = second.read_sheet(second.read_envelope(data), _second_roster(given), _day(given))
    keys = [hashlib.sha256(one["recipient"]).hexdigest() for one in found["keys"]]
    return {"digest": found["digest"].hex(), "keys": keys, "shelf_bits": found["shelf_bits"]}


# --- Letter, parts, reply --------------------------------------------------------------------------------------------


def letter(data: bytes, given: Given) -> Found:
    """A sealed letter; ``identity``, ``reviewer`` and their ``signing`` seed."""
    found = open_letter(data, [_identity(given)])
    signing = SigningKey(_hex(given, "signing"))
    verify_letter(found.letter, found.content, found.macs, given["reviewer"], signing)
    one = found.letter
    return {
        "number": one.number,
        "tip": one.tip.hex(),
        "not_to": list(one.not_to),
        "story": one.story,
        "fields": dict(one.fields),
        "files": [file.name for file in one.files],
        "shelf": one.shelf,
        "case_key": None if one.case_key is None else one.case_key.hex(),
        "claim": None if one.claim is None else one.claim.hex(),
    }


def second_letter(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    found = second.open_letter(data, [_identity(given).seed], given["reviewer"], _hex(given, "signing"))
    return {
        "number": found["number"],
        "tip": found["tip"].hex(),
        "not_to": list(found["not_to"]),
        "story": found["story"],
        "fields": found["fields"],
        "files": [one[0] for one in found["files"]],
        "shelf": found["shelf"],
        "case_key": found["case_key"].hex() if "case_key" in found else None,
        "claim": found["claim"].hex() if "claim" in found else None,
    }


def parts(data: bytes, given: Given) -> Found:
    """Parts, one after the other, in any order; ``identity``, and the letter's ``files``, ``parts``, ``index``."""
    files = tuple(
        File(name, kind, offset, length, base64.b64decode(digest))
        for name, kind, offset, length, digest in given["files"]
    )
    listing = SealedFiles(files, tuple(map(base64.b64decode, given["parts"])), given["index"])
    shelf = {hashlib.sha256(one).digest(): one for one in _cut(data)}
    found = read_files(listing, lambda name: shelf.get(name, b""), [_identity(given)])
    return {"files": _files({file.name: b"".join(content) for file, content in found})}


def second_parts(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    listing = {
        "files": second.many(second.FILE, 101)(given["files"]),
        "parts": list(map(base64.b64decode, given["parts"])),
        "index": given["index"],
    }
    shelf = {hashlib.sha256(one).digest(): one for one in _cut(data)}
    return {"files": _files(dict(second.open_files(listing, shelf, [_identity(given).seed])))}


def reply(data: bytes, given: Given) -> Found:
    """A sealed reply; ``codename``, ``instance``, ``roster``."""
    keys = Codename.parse(given["codename"]).derive(_hex(given, "instance"))
    rosters = [_roster(given)]
    envelope = Envelope.decode(unseal(data, [keys.reply]).rstrip(b" \n"), len(data))
    found = reply_from_envelope(envelope, rosters)
    picked = open_replies([data], keys, rosters).replies
    if picked != (found,):
        raise PassedOverError
    return {"reviewer": found.reviewer, "number": found.number, "seen": found.seen, "text": found.text}


class PassedOverError(Exception):
    """A reply that is somebody else's is passed over without a word."""


def second_reply(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    keys = second.codename_keys(given["codename"], WORDS, _hex(given, "instance"))
    found = second.open_reply(data, keys, [_second_roster(given)])
    return {name: found[name] for name in ("reviewer", "number", "seen", "text")}


# --- Case log --------------------------------------------------------------------------------------------------------


def event(data: bytes, given: Given) -> Found:
    """An event's envelope; ``roster``."""
    found = open_event(Envelope.decode(data), _roster(given))
    one = found.event
    return {
        "id": found.id.hex(),
        "author": one.author,
        "number": one.number,
        "cites": [each.hex() for each in one.cited],
    }


def second_event(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    name, one = second.open_event(second.read_envelope(data), _second_roster(given))
    cites = [*([one["previous"]] if "previous" in one else []), *one["heads"]]
    return {"id": name.hex(), "author": one["author"], "number": one["number"], "cites": [each.hex() for each in cites]}


def content(data: bytes, given: Given) -> Found:
    """What an event says."""
    return _said(parse_content(data))


def _said(found: Content) -> Found:
    case = found.case.hex() if isinstance(found, CaseContent) else None
    return {"kind": found.kind, "on": found.on.isoformat(), "case": case}


def second_content(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    return _second_said(second.read_content(data))


def _second_said(found: Mapping[str, Any]) -> Found:
    case = found["case"].hex() if "case" in found else None
    return {"kind": found["kind"], "on": found["on"].isoformat(), "case": case}


def batch(data: bytes, given: Given) -> Found:
    """A sealed batch; ``identity``, ``roster``, ``case_keys`` as pairs of case and key."""
    items = decode_batch(open_batch(data, [_identity(given)]))
    granted = [key for one in items if isinstance(one, Grant) for key in _granted(one, given)]
    keys = [CaseKey(bytes.fromhex(case), bytes.fromhex(key)) for case, key in given["case_keys"]] + granted
    found = [event for one in items if isinstance(one, Posted) and (event := _posted(one, _roster(given), keys))]
    return {"events": found, "granted": [[one.case.hex(), one.key.hex()] for one in granted]}


def _granted(grant: Grant, given: Given) -> tuple[CaseKey, ...]:
    try:
        return decode_keys(unseal(grant.sealed, [_identity(given)]))
    except (CryptoError, EventError):
        return ()


def _posted(one: Posted, roster: Roster, keys: list[CaseKey]) -> Found | None:
    try:
        signed = open_event(one.envelope, roster)
        if one.opened is not None:
            one.opened.check(signed.event)
    except EventError:
        return None
    said = one.opened.content if one.opened is not None else _boxed(one.box or b"", signed, keys)
    return {"id": signed.id.hex(), "says": None if said is None else _kept(said)}


def _kept(said: bytes) -> Found | None:
    try:
        return _said(parse_content(said))
    except EventError:
        return None


def _boxed(box: bytes, signed: SignedEvent, keys: list[CaseKey]) -> bytes | None:
    for key in keys:
        try:
            return open_box(box, key, signed).content
        except (CryptoError, EventError):
            continue
    return None


def second_batch(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    keys = [(bytes.fromhex(case), bytes.fromhex(key)) for case, key in given["case_keys"]]
    found = second.open_batch(data, [_identity(given).seed], _second_roster(given), keys)
    events = [
        {"id": one.id.hex(), "says": None if one.content is None else _second_said(one.content)} for one in found.events
    ]
    return {"events": events, "granted": [[case.hex(), key.hex()] for case, key in found.keys]}


# --- Dossier, receipt ------------------------------------------------------------------------------------------------


def dossier(data: bytes, given: Given) -> Found:
    """A sealed dossier; ``identity`` and ``signing`` seed of the office, ``office`` its name, ``root``."""
    key = OfficeKey(given["office"], _identity(given), SigningKey(_hex(given, "signing")))
    with tempfile.TemporaryDirectory() as place:
        sealed, folder = Path(place) / "sealed.age", Path(place) / "folder"
        sealed.write_bytes(data)
        verified = open_dossier(sealed, key, folder, _hex(given, "root"))
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {"digest": verified.dossier.digest.hex(), "approved": list(verified.approved), "files": _files(files)}


def second_dossier(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    found = second.open_dossier(data, _identity(given).seed, _hex(given, "root"))
    return {"digest": found.digest.hex(), "approved": list(found.approved), "files": _files(found.files)}


def receipt(data: bytes, given: Given) -> Found:
    """An answer's envelope; ``recipient`` and ``key`` of the office, ``dossier``."""
    office = Office("an office", HybridRecipient.parse(given["recipient"]), _hex(given, "key"))
    found = open_receipt(Envelope.decode(data), office, _hex(given, "dossier"))
    plain = {"opened": found.opened.isoformat(), "kind": found.kind, "text": found.text}
    return plain if found.outcome is None else {**plain, "outcome": found.outcome.write()}


def second_receipt(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    recipient = second.recipient(given["recipient"])
    found = second.open_receipt(second.read_envelope(data), recipient, _hex(given, "key"), _hex(given, "dossier"))
    plain = {"opened": found["opened"].isoformat(), "kind": found["kind"], "text": found["text"]}
    return {**plain, "outcome": _plain_outcome(found["outcome"])} if "outcome" in found else plain


def _plain_outcome(found: Mapping[str, Any]) -> Mapping[str, Any]:
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
    return {**plain, "day": found["day"].isoformat()} if "day" in found else plain


# --- Claim -----------------------------------------------------------------------------------------------------------


def claim_words(data: bytes, given: Given) -> Found:
    """Claim words as they were typed; ``instance`` and ``tip``."""
    keys = ClaimWords.parse(data.decode()).derive(claim_salt(_hex(given, "instance"), _hex(given, "tip"))).public
    return {
        "ed25519": keys.ed25519.hex(),
        "ml_dsa_sha256": hashlib.sha256(keys.ml_dsa).hexdigest(),
        "commitment": keys.commitment.hex(),
    }


def second_claim_words(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    salt = hashlib.sha256(b"lapwing/v1/claim salt" + _hex(given, "instance") + _hex(given, "tip")).digest()[:16]
    first, other = second.claim_keys(data.decode(), WORDS, salt)
    ed25519, ml_dsa = bytes(first.verify_key), other.public_key().public_bytes_raw()
    return {
        "ed25519": ed25519.hex(),
        "ml_dsa_sha256": hashlib.sha256(ml_dsa).hexdigest(),
        "commitment": second.claim_digest(ed25519, ml_dsa).hex(),
    }


def claim_challenge(data: bytes, given: Given) -> Found:
    """A challenge's envelope; ``today``."""
    signed = open_challenge(data, _day(given))
    found = signed.challenge
    return {
        "digest": signed.digest.hex(),
        "office": found.office.digest.hex(),
        "commitment": found.commitment.digest.hex(),
        "salt": found.commitment.salt.hex(),
        "known_to_intake": found.commitment.known_to_intake,
        "expires": found.expires.isoformat(),
    }


def second_claim_challenge(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    found = second.read_challenge(second.read_envelope(data, 6_144), _day(given))
    return {
        "digest": found["digest"].hex(),
        "office": hashlib.sha256(found["office"]["recipient"] + found["office"]["key"]).hexdigest(),
        "commitment": found["commitment"].digest.hex(),
        "salt": found["commitment"].salt.hex(),
        "known_to_intake": found["commitment"].known_to_intake,
        "expires": found["expires"].isoformat(),
    }


def claim_answer(data: bytes, given: Given) -> Found:
    """A sealed answer; ``identity`` and ``key`` of the agency, ``commitment``, ``today``."""
    office = Office("an agency", _identity(given).recipient, _hex(given, "key"))
    answer = Answer.decode(unseal(data, [_identity(given)]))
    found = check_answer(answer, office, Commitment.decode(given["commitment"]), _day(given))
    return {"beneficiary": found.beneficiary, "words": found.words}


def second_claim_answer(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    seed = _identity(given).seed
    office = {"recipient": second.public_half(seed), "key": _hex(given, "key")}
    found = second.open_answer(data, seed, office, second.read_commitment(given["commitment"]), _day(given))
    return {"beneficiary": found["beneficiary"], "words": found["words"]}


Reader = Callable[[bytes, Given], Found]

# --- Attestation -----------------------------------------------------------------------------------------------------


def attestation(data: bytes, given: Given) -> Found:
    """An attestation's envelope; ``roster``."""
    found = open_attestation(Envelope.decode(data), _roster(given))
    return {"reviewer": found.reviewer, "commitment": found.commitment.hex(), "week": found.week.monday.isoformat()}


def second_attestation(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    found = second.open_attestation(second.read_envelope(data), _second_roster(given))
    return {
        "reviewer": found["reviewer"],
        "commitment": found["commitment"].hex(),
        "week": found["week"].isoformat(),
    }


def opening(data: bytes, given: Given) -> Found:
    """An opening; ``content``, the first line of the letter."""
    commitment = commitment_to(decode_content(given["content"].encode()))
    shown = Opening.decode(data).check(commitment)
    return {"commitment": commitment.hex(), "shown": {str(place): value.hex() for place, value in shown.items()}}


def second_opening(data: bytes, given: Given) -> Found:
    """The same by the second reader."""
    commitment = second.commitment_to(given["content"].encode())
    shown = second.open_pieces(data, commitment)
    return {"commitment": commitment.hex(), "shown": {str(place): value.hex() for place, value in shown.items()}}


OURS: Mapping[str, Reader] = {
    "codename": codename,
    "dsse": dsse,
    "roster": roster,
    "period_key": period_key,
    "key_sheet": key_sheet,
    "letter": letter,
    "parts": parts,
    "reply": reply,
    "event": event,
    "content": content,
    "batch": batch,
    "dossier": dossier,
    "receipt": receipt,
    "claim_words": claim_words,
    "claim_challenge": claim_challenge,
    "claim_answer": claim_answer,
    "attestation": attestation,
    "opening": opening,
}
SECOND: Mapping[str, Reader] = {
    "codename": second_codename,
    "dsse": second_dsse,
    "roster": second_roster,
    "key_sheet": second_key_sheet,
    "letter": second_letter,
    "parts": second_parts,
    "reply": second_reply,
    "event": second_event,
    "content": second_content,
    "batch": second_batch,
    "dossier": second_dossier,
    "receipt": second_receipt,
    "claim_words": second_claim_words,
    "claim_challenge": second_claim_challenge,
    "claim_answer": second_claim_answer,
    "attestation": second_attestation,
    "opening": second_opening,
}
