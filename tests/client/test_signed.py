"""Envelopes, rosters and key sheets: the client accepts and refuses what we accept and refuse."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_core_ed25519_add, crypto_scalarmult_ed25519_base_noclamp

from crypto import bech32
from crypto.dsse import Envelope, Signature
from crypto.errors import CryptoError, EnvelopeError, SignatureError
from crypto.hybrid import HybridRecipient
from tests.client.node import Core, RefusedError
from tests.vectors.fixed import (
    IDS,
    INSTANCE,
    ROSTER,
    SHEET,
    TODAY,
    WEEK,
    edited,
    identity,
    public,
    roster_envelope,
    secret,
    sheet_envelope,
    signed,
    signing,
)
from tests.vectors.shape import Vector, read_vectors
from wire import roster as roster_module
from wire.errors import KeySheetExpiredError, WeekError, WireError
from wire.keysheet import KeySheet, PeriodKey, build_sheet, open_sheet
from wire.roster import Roster, open_roster
from wire.week import Week

DAYS = st.dates(date(2026, 11, 1), date(2027, 7, 15))
Answer = dict[str, Any] | str


def shown(vector: Vector) -> str:
    """How a vector is called in the report."""
    return vector.name


# --- Both sides ------------------------------------------------------------------------------------------------------


def roster_here(envelope: bytes, root: bytes, today: date) -> Answer:
    """What we find in a roster's envelope, or that we refuse it."""
    try:
        found = open_roster(Envelope.decode(envelope), root, today)
    except (WireError, CryptoError):
        return "refused"
    return {
        "digest": found.digest.hex(),
        "version": found.version,
        "instance": found.instance.hex(),
        "expires": found.expires.isoformat(),
        "approvals": found.approvals,
        "next_root": found.next_root.hex(),
        "reviewers": [[one.id, one.label, one.key.hex()] for one in found.reviewers],
        "removed": [[one.id, one.key.hex(), one.last_event and one.last_event.hex()] for one in found.removed],
    }


def sheet_here(envelope: bytes, roster: Roster, today: date) -> Answer:
    """What we find in a key sheet's envelope, or that we refuse it."""
    try:
        found = open_sheet(Envelope.decode(envelope), roster, today)
    except (WireError, CryptoError):
        return "refused"
    return {
        "digest": found.digest.hex(),
        "instance": found.instance.hex(),
        "week": str(found.week),
        "roster_version": found.roster_version,
        "roster": found.roster.hex(),
        "keys": [[reviewer, hashlib.sha256(recipient.raw).hexdigest()] for reviewer, recipient in found.keys],
        "page_bundle": found.page_bundle and found.page_bundle.hex(),
        "sealer": found.sealer and found.sealer.hex(),
        "shelf_bits": found.shelf_bits,
    }


def asked(core: Core, verb: str, **task: object) -> Answer:
    """What the client finds, or that it refuses."""
    try:
        found: Answer = core.ask(verb, **task)
    except RefusedError:
        return "refused"
    return found


def roster_there(core: Core, envelope: bytes, root: bytes, today: date) -> Answer:
    """What the client finds in a roster's envelope."""
    return asked(core, "roster", envelope=envelope, root=root.hex(), today=today.isoformat())


def sheet_there(core: Core, envelope: bytes, roster: Roster, today: date) -> Answer:
    """What the client finds in a key sheet's envelope."""
    return asked(core, "sheet", envelope=envelope, roster=roster.encode(), today=today.isoformat())


def both_rosters(core: Core, envelope: bytes, root: bytes, today: date) -> Answer:
    """What both find in a roster's envelope."""
    found = roster_here(envelope, root, today)
    assert roster_there(core, envelope, root, today) == found
    return found


def both_sheets(core: Core, envelope: bytes, roster: Roster, today: date) -> Answer:
    """What both find in a key sheet's envelope."""
    found = sheet_here(envelope, roster, today)
    assert sheet_there(core, envelope, roster, today) == found
    return found


def both_envelopes(core: Core, envelope: bytes, kind: str, *keys: bytes, threshold: int = 1) -> bool:
    """Whether both accept an envelope."""
    try:
        found = Envelope.decode(envelope)
        signers = found.verify(kind, set(keys), threshold)
        expected: Answer = {"payload": found.payload.hex(), "signers": sorted(key.hex() for key in signers)}
    except (EnvelopeError, SignatureError):
        expected = "refused"
    hexadecimal = [key.hex() for key in keys]
    assert asked(core, "envelope", envelope=envelope, type=kind, keys=hexadecimal, threshold=threshold) == expected
    return expected != "refused"


# --- Envelopes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", read_vectors("dsse"), ids=shown)
def test_the_vectors_of_envelopes_end_as_they_say(core: Core, vector: Vector) -> None:
    """Each is verified, or refused as malformed or for its signatures."""
    task = {name: vector.given[name] for name in ("type", "keys", "threshold")}
    if vector.accepted is not None:
        assert core.ask("envelope", envelope=vector.input, **task) == vector.accepted
    else:
        kind = {"EnvelopeError": "malformed", "SignatureError": "signature"}[vector.refused]
        assert core.refuses("envelope", envelope=vector.input, **task) == kind


def test_a_threshold_below_one_is_a_mistake(core: Core) -> None:
    """It would accept what nobody signed, so it fails loudly."""
    with pytest.raises(AssertionError, match="threshold below one"):
        core.ask("envelope", envelope=signed("a/b", b"{}", "r1"), type="a/b", keys=[], threshold=0)


@settings(max_examples=200)
@given(st.data())
def test_a_changed_envelope_is_read_or_refused_alike(core: Core, data: st.DataObject) -> None:
    """A byte changed, bytes cut off, bytes added: both say the same."""
    whole = signed("application/x", b'{"v":1}', "r1", "r2")
    cut = data.draw(st.integers(0, len(whole)))
    with_one = bytearray(whole)
    with_one[min(cut, len(whole) - 1)] = data.draw(st.integers(0, 127))
    for changed in (whole[:cut], whole[cut:], whole + b" ", bytes(with_one)):
        both_envelopes(core, changed, "application/x", public("r1"), public("r2"))


@pytest.mark.parametrize("kind", ['"', "\\", '!"\\~', "a/b", "~" * 255, "~" * 256, "a b", "", "é", "\x7f"])
def test_any_payload_type_is_read_or_refused_alike(core: Core, kind: str) -> None:
    """Those with signs that JSON escapes too."""
    (entry,) = json.loads(signed("a/b", b"{}", "r1"))["signatures"]
    value = {"payload": "e30=", "payloadType": kind, "signatures": [entry]}
    both_envelopes(core, json.dumps(value, separators=(",", ":")).encode(), kind, public("r1"))
    if kind and kind.isascii() and " " not in kind and "\x7f" not in kind and len(kind) < 256:
        assert both_envelopes(core, signed(kind, b"{}", "r1"), kind, public("r1"))


# --- Signatures ------------------------------------------------------------------------------------------------------

ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19
KIND = "application/x"
PAYLOAD = b'{"v":1}'
MESSAGE = b"DSSEv1 %d %b %d %b" % (len(KIND), KIND.encode(), len(PAYLOAD), PAYLOAD)

# A point of order 8, from which all of low order follow, and their second encodings (y + p, or a sign where x is 0).
ORDER_8 = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
_Y8 = int.from_bytes(ORDER_8, "little")
_YS = (0, 1, PRIME - 1, _Y8, PRIME - _Y8)
LOW_ORDER = [
    (y + sign * 2**255).to_bytes(32, "little")
    for y in (*_YS, PRIME, PRIME + 1)  # the last two are 0 and 1 again
    for sign in (0, 1)
]


def scalar(*parts: bytes) -> int:
    """The hash that signatures are made with, modulo the group's order."""
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


def enveloped(key: bytes, commitment: bytes, response: int) -> bytes:
    """An envelope with a signature of these values."""
    return Envelope(KIND, PAYLOAD, (Signature(key, commitment + response.to_bytes(32, "little")),)).encode()


def private(name: str) -> int:
    """The private scalar of a name (RFC 8032, 5.1.5)."""
    half = bytearray(hashlib.sha512(bytes(signing(name))).digest()[:32])
    half[0] &= 248
    half[31] = half[31] & 127 | 64
    return int.from_bytes(half, "little")


def test_the_arithmetic_of_these_tests_makes_signatures() -> None:
    """With an honest commitment the values below are a signature that holds."""
    key, nonce = public("r1"), public("nonce")
    response = (private("nonce") + scalar(nonce, key, MESSAGE) * private("r1")) % ORDER

    assert Envelope.decode(enveloped(key, nonce, response)).verify(KIND, {key}) == frozenset({key})


@pytest.mark.parametrize("key", LOW_ORDER, ids=range(len(LOW_ORDER)))
def test_a_key_of_low_order_signs_nothing(core: Core, key: bytes) -> None:
    """Under such a key one signature would hold for anything."""
    for commitment, response in ((public("nonce"), private("nonce") % ORDER), (LOW_ORDER[2], 0), (key, 0)):
        assert not both_envelopes(core, enveloped(key, commitment, response), KIND, key)


@pytest.mark.parametrize("commitment", LOW_ORDER, ids=range(len(LOW_ORDER)))
def test_a_commitment_of_low_order_is_refused(core: Core, commitment: bytes) -> None:
    """Even one that the owner of the key made."""
    key = public("r1")
    response = scalar(commitment, key, MESSAGE) * private("r1") % ORDER

    assert not both_envelopes(core, enveloped(key, commitment, response), KIND, key)


def test_the_point_of_order_8_has_it() -> None:
    """Added to itself three times over it is the neutral point, and not before."""
    doubled = crypto_core_ed25519_add(ORDER_8, ORDER_8)
    four_times = crypto_core_ed25519_add(doubled, doubled)

    assert four_times == (PRIME - 1).to_bytes(32, "little")
    assert crypto_core_ed25519_add(four_times, four_times) == (1).to_bytes(32, "little")


@pytest.mark.parametrize("number", range(16))
def test_points_of_mixed_order_are_judged_alike(core: Core, number: int) -> None:
    """A key or a commitment with a part of low order: whatever libsodium says of it, the client says too."""
    nonce = secret(f"mixed {number}")
    honest = (int.from_bytes(nonce, "little") % ORDER).to_bytes(32, "little")
    commitment = crypto_scalarmult_ed25519_base_noclamp(honest)
    mixed_key = crypto_core_ed25519_add(public("r1"), ORDER_8)
    mixed_commitment = crypto_core_ed25519_add(commitment, ORDER_8)
    for key, sent in ((mixed_key, commitment), (public("r1"), mixed_commitment), (mixed_key, mixed_commitment)):
        response = (int.from_bytes(honest, "little") + scalar(sent, key, MESSAGE) * private("r1")) % ORDER
        both_envelopes(core, enveloped(key, sent, response), KIND, key)


def test_a_response_has_one_encoding(core: Core) -> None:
    """With the group's order added it is refused, or everybody could make a second signature of each."""
    key, nonce = public("r1"), public("nonce")
    response = (private("nonce") + scalar(nonce, key, MESSAGE) * private("r1")) % ORDER

    assert both_envelopes(core, enveloped(key, nonce, response), KIND, key)
    for more in (ORDER, 2 * ORDER, 2**253, 2**255):
        assert not both_envelopes(core, enveloped(key, nonce, response + more), KIND, key)
    assert not both_envelopes(core, enveloped(key, nonce, 0), KIND, key)


def test_points_off_the_curve_are_refused(core: Core) -> None:
    """As keys and as commitments, and so are second encodings of small points."""
    for y in (2, 5, 7, PRIME + 2, PRIME + 3, PRIME + 18, 2**255 - 1):
        for sign in (0, 2**255):
            point = (y + sign).to_bytes(32, "little")
            assert not both_envelopes(core, enveloped(point, public("nonce"), 1), KIND, point)
            assert not both_envelopes(core, enveloped(public("r1"), point, 1), KIND, public("r1"))


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_random_signatures_are_refused_alike(core: Core, key: bytes, value: bytes) -> None:
    """Whatever the bytes, nothing but a refusal comes of it."""
    assert not both_envelopes(core, Envelope(KIND, PAYLOAD, (Signature(key, value),)).encode(), KIND, key)


@settings(max_examples=60)
@given(st.binary(max_size=300), st.integers(0, 511))
def test_a_flipped_bit_of_a_signature_is_found(core: Core, payload: bytes, bit: int) -> None:
    """A signature holds for its payload, and with a bit flipped for none."""
    envelope = Envelope.decode(signed(KIND, payload, "r1"))
    assert both_envelopes(core, envelope.encode(), KIND, public("r1"))

    value = bytearray(envelope.signatures[0].value)
    value[bit // 8] ^= 1 << bit % 8
    flipped = replace(envelope, signatures=(Signature(public("r1"), bytes(value)),))
    assert not both_envelopes(core, flipped.encode(), KIND, public("r1"))


# --- Rosters ---------------------------------------------------------------------------------------------------------

ROSTERS = [vector for vector in read_vectors("roster") if "previous" not in vector.given]
ROOT = public("root")


@pytest.mark.parametrize("vector", ROSTERS, ids=shown)
def test_the_vectors_of_rosters_end_as_they_say(core: Core, vector: Vector) -> None:
    """Each is opened, or refused, there as here."""
    root, today = bytes.fromhex(vector.given["root"]), date.fromisoformat(vector.given["today"])

    found = both_rosters(core, vector.input, root, today)

    if vector.accepted is None:
        assert found == "refused"
    else:
        assert isinstance(found, dict)
        assert found["digest"] == vector.accepted["digest"]
        assert [one for one, *_ in found["reviewers"]] == vector.accepted["reviewers"]


def test_a_refused_roster_says_why(core: Core) -> None:
    """By a word, which a page chooses its sentence by."""
    good = roster_envelope().encode()
    task: dict[str, Any] = {"root": ROOT.hex(), "today": TODAY.isoformat()}

    assert core.refuses("roster", **task | {"envelope": good, "root": public("r1").hex()}) == "signature"
    assert core.refuses("roster", **task | {"envelope": good, "today": "2027-07-01"}) == "expired"
    assert core.refuses("roster", **task, envelope=good[:-1]) == "malformed"
    wrong = signed(roster_module.PAYLOAD_TYPE, edited(ROSTER.encode(), approvals=1), "root")
    assert core.refuses("roster", **task, envelope=wrong) == "malformed"


def test_today_must_be_a_day(core: Core) -> None:
    """A page that gives something else has a mistake, and must not take an old roster for a good one."""
    for today in ("", "2026-11-25T00:00:00Z", "2026-02-30", "26-11-25"):
        with pytest.raises(AssertionError, match="today must be a day"):
            core.ask("roster", envelope=roster_envelope().encode(), root=ROOT.hex(), today=today)


@pytest.mark.parametrize(
    ("label", "fits"), [("é" * 80, True), ("😀" * 80, True), ("é" * 81, False), ("😀" * 81, False)]
)
def test_a_label_has_80_characters(core: Core, label: str, fits: bool) -> None:
    """Counted as characters, not as bytes and not as a browser's units."""
    value = json.loads(ROSTER.encode())
    value["reviewers"][0]["label"] = label

    found = both_rosters(core, signed(roster_module.PAYLOAD_TYPE, value, "root"), ROOT, TODAY)

    assert (found != "refused") == fits


DATES = ["2026-W48", "2026-W53", "2026-W54", "2027-W53", "2027-06-30", "2027-02-29", "2026-W48-3", "0000-01-01"]
TEXTS = ["", "r1", "R1", "r9", "é", "\u202e", "aa" * 16, "aa" * 32, "AA" * 32, *DATES]
LEAVES: st.SearchStrategy[object] = st.sampled_from([None, True, 0, 1, 2, 3, 7, 16, 17, [], {}, *TEXTS])


def changed(value: Any, data: st.DataObject) -> Any:
    """The value with one thing within it changed: another leaf, one taken away, one moved, one there twice."""
    if isinstance(value, dict) and value:
        name = data.draw(st.sampled_from(sorted(value)))
        return {**value, name: changed(value[name], data)}
    if isinstance(value, list) and value:
        at = data.draw(st.integers(0, len(value) - 1))
        rest = [*value[:at], *value[at + 1 :]]
        ways: list[Callable[[], Any]] = [
            lambda: [*value[:at], changed(value[at], data), *value[at + 1 :]],
            lambda: rest,
            lambda: [*rest, value[at]],
            lambda: [*value, value[at]],
        ]
        return ways[data.draw(st.integers(0, len(ways) - 1))]()
    return data.draw(LEAVES)


@settings(max_examples=150)
@given(st.data(), DAYS)
def test_a_changed_roster_is_opened_or_refused_alike(core: Core, data: st.DataObject, today: date) -> None:
    """Whatever is changed before the root signs."""
    value = changed(json.loads(ROSTER.encode()), data)

    both_rosters(core, signed(roster_module.PAYLOAD_TYPE, value, "root"), ROOT, today)


# --- Key sheets ------------------------------------------------------------------------------------------------------

GOOD = sheet_envelope(SHEET.encode(), "r1", "r2")
SHEETS = read_vectors("key_sheet")


@pytest.mark.parametrize("vector", SHEETS, ids=shown)
def test_the_vectors_of_key_sheets_end_as_they_say(core: Core, vector: Vector) -> None:
    """Each is opened, or refused, there as here."""
    roster = Roster.decode(vector.given["roster"].encode())

    found = both_sheets(core, vector.input, roster, date.fromisoformat(vector.given["today"]))

    if vector.accepted is None:
        assert found == "refused"
    else:
        assert isinstance(found, dict)
        assert (found["digest"], found["shelf_bits"]) == (vector.accepted["digest"], vector.accepted["shelf_bits"])
        assert [digest for _, digest in found["keys"]] == vector.accepted["keys"]


def kind_there(core: Core, envelope: bytes, roster: Roster = ROSTER, today: date = TODAY) -> str:
    """The word with which the client refuses a key sheet, which we refuse too."""
    assert sheet_here(envelope, roster, today) == "refused"
    return core.refuses("sheet", envelope=envelope, roster=roster.encode(), today=today.isoformat())


def with_keys(*keys: tuple[str, HybridRecipient]) -> KeySheet:
    """The key sheet with other keys."""
    return replace(SHEET, keys=keys)


def test_swapped_keys_are_refused(core: Core) -> None:
    """The signatures are on the keys in their places; signed anew, the order must be the roster's."""
    (one, first), (two, second), third = SHEET.keys
    swapped = with_keys((one, second), (two, first), third)

    forged = replace(Envelope.decode(GOOD), payload=swapped.encode()).encode()
    assert kind_there(core, forged) == "signature"
    moved = with_keys((two, second), (one, first), third)
    assert kind_there(core, sheet_envelope(moved.encode(), "r1", "r2")) == "roster"


def test_a_key_of_somebody_else_is_refused(core: Core) -> None:
    """One who swaps a recipient cannot sign for it."""
    swapped = with_keys((IDS[0], identity("intruder").recipient), *SHEET.keys[1:])

    assert kind_there(core, replace(Envelope.decode(GOOD), payload=swapped.encode()).encode()) == "signature"
    assert kind_there(core, sheet_envelope(swapped.encode(), "intruder", "x")) == "signature"


def test_a_sheet_without_a_reviewer_is_refused(core: Core) -> None:
    """Even when the others signed it."""
    assert kind_there(core, sheet_envelope(with_keys(*SHEET.keys[:2]).encode(), "r1", "r2")) == "roster"
    twice = with_keys(*SHEET.keys[:2], SHEET.keys[0])
    assert kind_there(core, sheet_envelope(twice.encode(), "r1", "r2")) == "roster"
    more = with_keys(*SHEET.keys, ("r4", identity("r4").recipient))
    assert kind_there(core, sheet_envelope(more.encode(), "r1", "r2")) == "roster"


def test_too_few_signatures_are_refused(core: Core) -> None:
    """One, none, one twice, one and a stranger's, one and a removed reviewer's."""
    first = Envelope.decode(sheet_envelope(SHEET.encode(), "r1")).signatures[0]
    for signers in (("r1",), ("r1", "stranger"), ("r1", "r9"), ("r1", "root"), ("stranger", "root")):
        assert kind_there(core, sheet_envelope(SHEET.encode(), *signers)) == "signature"
    assert kind_there(core, replace(Envelope.decode(GOOD), signatures=()).encode()) == "signature"
    entry = json.loads(sheet_envelope(SHEET.encode(), "r1"))
    entry["signatures"] *= 2
    assert kind_there(core, json.dumps(entry, separators=(",", ":")).encode()) == "malformed"
    under_another = Signature(public("r2"), first.value)
    borrowed = replace(Envelope.decode(GOOD), signatures=(first, under_another))
    assert kind_there(core, borrowed.encode()) == "signature"


@pytest.mark.parametrize("days", range(-8, 17))
def test_a_sheet_is_in_force_for_eight_days(core: Core, days: int) -> None:
    """From its Monday to the Monday after, on no other day."""
    today = WEEK.monday + timedelta(days)
    if 0 <= days < 8:
        assert isinstance(both_sheets(core, GOOD, ROSTER, today), dict)
    else:
        assert kind_there(core, GOOD, today=today) == "expired"
        with pytest.raises(KeySheetExpiredError):
            open_sheet(Envelope.decode(GOOD), ROSTER, today)


def test_the_sheet_of_an_old_week_is_refused(core: Core) -> None:
    """Rightly signed as it is."""
    old = Week.of(TODAY - timedelta(days=9))
    keys = [PeriodKey(one, old, identity(one).recipient, ROSTER.digest) for one in IDS]
    envelope = sheet_envelope(build_sheet(ROSTER, old, keys).encode(), *IDS)

    assert isinstance(both_sheets(core, envelope, ROSTER, old.monday), dict)
    assert kind_there(core, envelope) == "expired"


def test_a_sheet_for_another_roster_is_refused(core: Core) -> None:
    """Of another organisation, of another version, or of another roster of that version."""
    for other in (
        replace(ROSTER, instance=bytes(16)),
        replace(ROSTER, version=8),
        replace(ROSTER, expires=date(2027, 6, 29)),
    ):
        assert kind_there(core, GOOD, roster=other) == "roster"
    for foreign in (
        replace(SHEET, instance=bytes(16)),
        replace(SHEET, roster_version=6),
        replace(SHEET, roster=secret("another roster")),
    ):
        assert kind_there(core, sheet_envelope(foreign.encode(), "r1", "r2")) == "roster"


def test_a_sheet_signed_as_something_else_is_refused(core: Core) -> None:
    """A period key, a roster or a reply is no key sheet."""
    for kind in ("period-key", "roster", "reply"):
        envelope = signed(f"application/vnd.lapwing.{kind}+json", SHEET.encode(), "r1", "r2")
        assert kind_there(core, envelope) == "signature"


@pytest.mark.parametrize("part", range(17))
def test_a_sheet_cut_short_is_refused(core: Core, part: int) -> None:
    """Wherever it ends."""
    assert kind_there(core, GOOD[: len(GOOD) * part // 17]) == "malformed"


def test_the_page_and_the_sealer_are_told(core: Core) -> None:
    """A sheet may name both, one or none of them."""
    for page, sealer in ((secret("page"), secret("sealer")), (secret("page"), None), (None, secret("sealer"))):
        envelope = sheet_envelope(replace(SHEET, page_bundle=page, sealer=sealer).encode(), "r1", "r3")
        found = both_sheets(core, envelope, ROSTER, TODAY)
        assert isinstance(found, dict)
        assert (found["page_bundle"], found["sealer"]) == (page and page.hex(), sealer and sealer.hex())


@settings(max_examples=120)
@given(st.data(), DAYS, st.sets(st.sampled_from([*IDS, "r9", "root"]), min_size=1))
def test_a_changed_sheet_is_opened_or_refused_alike(
    core: Core, data: st.DataObject, today: date, signers: set[str]
) -> None:
    """Whatever is changed before whoever signs."""
    value = json.loads(SHEET.encode())
    if data.draw(st.booleans()):
        value = changed(value, data)

    both_sheets(core, sheet_envelope(value, *sorted(signers)), ROSTER, today)


@settings(max_examples=60)
@given(st.data())
def test_a_changed_byte_of_a_payload_is_opened_or_refused_alike(core: Core, data: st.DataObject) -> None:
    """Rightly signed: it is the parser that is asked."""
    payload = bytearray(SHEET.encode())
    payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))

    both_sheets(core, sheet_envelope(bytes(payload), "r1", "r2"), ROSTER, TODAY)


# --- Recipients, weeks -----------------------------------------------------------------------------------------------

RECIPIENT = identity("r1").recipient
MLKEM = RECIPIENT.raw[:1184]
X25519_LOW_ORDER = [
    (0).to_bytes(32, "little"),
    (1).to_bytes(32, "little"),
    (325606250916557431795983626356110631294008115727848805560023387167927233504).to_bytes(32, "little"),
    (39382357235489614581723060781553021112529911719440698176882885853963445705823).to_bytes(32, "little"),
    (PRIME - 1).to_bytes(32, "little"),
    PRIME.to_bytes(32, "little"),
    (PRIME + 1).to_bytes(32, "little"),
]


def both_recipients(core: Core, text: str) -> bool:
    """Whether both read a recipient."""
    try:
        raw = HybridRecipient.parse(text).raw
    except CryptoError:
        assert core.refuses("recipient", text=text) == "key"
        return False
    assert core.ask("recipient", text=text) == raw.hex()
    return True


def text_of(raw: bytes) -> str:
    """Any bytes as if they were a recipient."""
    return bech32.encode("age1pq", raw)


def test_a_recipient_is_read_and_written_alike(core: Core) -> None:
    """One that is one."""
    text = RECIPIENT.encode()
    assert both_recipients(core, text)
    assert core.ask("write_recipient", recipient=RECIPIENT.raw) == text


def test_a_damaged_recipient_is_refused_alike(core: Core) -> None:
    """In capital letters, mixed, of another kind, with another checksum, cut, too long, not in its one encoding."""
    text = RECIPIENT.encode()
    wrong = [text.upper(), text[:9] + text[9:].upper(), text[:-1], text + "q", text[:-1] + "q", "", "1", "age1pq1"]
    wrong += ["age1" + text[7:], text.replace("age1pq1", "age1pq", 1), f" {text}", text_of(RECIPIENT.raw[:-1])]
    wrong += [text_of(RECIPIENT.raw + b"\0"), text_of(b""), text.replace("age1pq1", "age2pq1", 1)]
    for one in wrong:
        assert not both_recipients(core, one)


@pytest.mark.parametrize("high", [0, 0x80])
@pytest.mark.parametrize("share", X25519_LOW_ORDER, ids=range(len(X25519_LOW_ORDER)))
def test_a_recipient_that_seals_for_everybody_is_refused(core: Core, share: bytes, high: int) -> None:
    """A share of low order, with the bit set that nobody looks at or without."""
    assert not both_recipients(core, text_of(MLKEM + share[:31] + bytes([share[31] | high])))


@settings(max_examples=60)
@given(st.integers(0, 1151), st.integers(0, 255))
def test_numbers_beyond_the_modulus_are_refused_alike(core: Core, at: int, byte: int) -> None:
    """The check of FIPS 203 on each coefficient."""
    raw = bytearray(RECIPIENT.raw)
    raw[at] = byte
    both_recipients(core, text_of(bytes(raw)))


@pytest.mark.parametrize("number", [3328, 3329, 4095])
def test_the_modulus_itself_is_too_much(core: Core, number: int) -> None:
    """3,328 is the largest coefficient, as the first and as the second of a pair."""
    low = (number | number << 12).to_bytes(3, "little")
    for at in (0, 1149):
        raw = RECIPIENT.raw[:at] + low + RECIPIENT.raw[at + 3 :]
        assert both_recipients(core, text_of(raw)) == (number < 3329)


def test_every_week_begins_and_ends_alike(core: Core) -> None:
    """All weeks of twelve centuries' years that a week can be in, by samples, the 53rd among them."""
    for year in (1999, 2000, 2004, 2015, 2020, 2024, 2026, 2027, 2032, 2100, 2400, 2800, 2998, 2999, 3000):
        for number in (0, 1, 2, 9, 26, 48, 51, 52, 53, 54, 59):
            text = f"{year}-W{number:02}"
            try:
                week = Week.parse(text)
            except WeekError:
                assert core.ask("week", week=text) is None
            else:
                assert core.ask("week", week=text) == {"monday": str(week.monday), "ends": str(week.ends)}
    for text in ("2026-w48", "2026W48", "2026-W4", " 2026-W48", "2026-W48\n", "２０２６-W48", ""):
        assert core.ask("week", week=text) is None


def test_the_examples_are_the_organisation_of_the_vectors() -> None:
    """The signed good sheet is opened here, so what is refused above is refused for what was changed."""
    assert open_sheet(Envelope.decode(GOOD), ROSTER, TODAY) == SHEET
    assert open_roster(roster_envelope(), ROOT, TODAY) == ROSTER
    assert base64.b64decode(json.loads(GOOD)["payload"]) == SHEET.encode()
    assert SHEET.instance == INSTANCE
