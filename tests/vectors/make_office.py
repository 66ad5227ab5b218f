"""Vectors of what an office receives and answers: dossier, receipt."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from typing import Any

from crypto.dsse import Envelope
from tests.vectors.book import Book
from tests.vectors.fixed import (
    INSTANCE,
    OFFICE,
    ROSTER,
    TODAY,
    edited,
    identity,
    packed,
    public,
    roster_envelope,
    sealed,
    secret,
    signed,
    signing,
    text,
)
from tests.vectors.make_claim import MARKED
from tests.vectors.make_messages import LETTER
from wire import receipt, roster
from wire.approval import Approval, encode_approvals, sign_approval
from wire.attestation import attest
from wire.attested import STORY, show
from wire.bag import write_bag
from wire.dossier import CustodyEntry, Draft, DraftExhibit, dossier_json
from wire.known import KnownLetter
from wire.manifest import tag_manifests
from wire.office import Office
from wire.outcome import HAPPENED, Outcome
from wire.receipt import Receipt
from wire.tar import ending, member_header, padding

PHOTO = b"\xff\xd8\xff\xe0 no photograph"
RECORD = b"chat,2026-11-01\n"


def _exhibit(name: str, content: bytes, form: Any, kind: str) -> DraftExhibit:
    digests = hashlib.sha256(content).digest(), hashlib.sha512(content).digest()
    return DraftExhibit(name, kind, len(content), *digests, form, "with the tip")


DRAFT = Draft(
    dossier=secret("dossier", 16),
    title="Ivoire vendu en ligne",
    purpose="Criminal investigation under the CITES regulation",
    language="en",
    office=OFFICE,
    proposer="r1",
    on=TODAY,
    summary="Two listings by one seller.",
    fields={"species": "Loxodonta africana"},
    story="",
    exhibits=(
        _exhibit("tusks é.JPG", PHOTO, "safe copy", "image/jpeg"),
        _exhibit("a very long name of a record of a chat.exe", RECORD, "original", "text/csv"),
    ),
    custody=(CustodyEntry(date(2026, 11, 24), "Desk North", "received with the tip", hashlib.sha256(PHOTO).digest()),),
)
DIGEST = hashlib.sha256(dossier_json(DRAFT, ROSTER)).digest()
APPROVAL = Approval(INSTANCE, DIGEST, OFFICE.digest, ROSTER.digest, "r1", "r1")

OUTCOMES = {
    "a conviction": Outcome(
        country="US",
        happened=("conviction", "forfeiture"),
        proceedings="over",
        law="us-lacey",
        collected="25000.50 USD",
        day=date(2026, 11, 20),
    ),
    "all that can happen, under a statute in words": Outcome(
        country="KE", happened=HAPPENED, statute="Wildlife Act, section 92 (é)", sanctions=f"{10**15 - 1}.99 KES"
    ),
    "proceedings alone": Outcome(country="KE", proceedings="under_way"),
    "nothing collected": Outcome(country="US", law="u" * 40, collected="0 USD"),
}


def office_books() -> tuple[Book, ...]:
    """Return the files of vectors."""
    return (_dossier(), _receipt())


def _approved(signer: str, **changes: Any) -> Envelope:
    return sign_approval(replace(APPROVAL, reviewer=signer, **changes), signing(signer))


def _known() -> KnownLetter:
    """What the apps of two reviewers attest of the letter, with its story."""
    signed_by = tuple(attest(LETTER, LETTER.week, one, signing(one)) for one in ("r1", "r2"))
    return KnownLetter(signed_by, show(LETTER, {STORY}))


def _bag(draft: Draft = DRAFT) -> dict[str, bytes]:
    """Return the files of an approved bag, by their names in the tar, in order."""
    digest = hashlib.sha256(dossier_json(draft, ROSTER)).digest()
    approvals = [_approved(one, dossier=digest, office=draft.office.digest) for one in ("r1", "r3")]
    pieces: list[bytes] = []
    contents = {hashlib.sha256(one).digest(): one for one in (PHOTO, RECORD)}
    write_bag(draft, roster_envelope(), approvals, lambda name: iter([contents[name]]), pieces.append)
    return _untar(b"".join(pieces))


def _untar(data: bytes) -> dict[str, bytes]:
    files, at = {}, 0
    while any(block := data[at : at + 512]):
        prefix = block[345:500].rstrip(b"\0").decode()
        name = (f"{prefix}/" if prefix else "") + block[:100].rstrip(b"\0").decode()
        size = int(block[124:135], 8)
        files[name.partition("/")[2]] = data[at + 512 : at + 512 + size]
        at += 512 + size + -size % 512
    return files


def _tar(files: dict[str, bytes], folder: str = f"dossier-{DRAFT.dossier.hex()}") -> bytes:
    body = b"".join(
        member_header(f"{folder}/{name}", len(content)) + content + padding(len(content))
        for name, content in files.items()
    )
    return body + ending(len(body))


def _pieces(tar: bytes, known: bytes) -> Any:
    """Return the form of a tar: blocks that stand in a known one are told by their place."""
    places = {known[at : at + 512]: at for at in reversed(range(0, len(known), 512))}
    forms: list[dict[str, Any]] = []
    rest = b""
    for block in (tar[at : at + 512] for at in range(0, len(tar), 512)):
        if block not in places:
            rest += block
            continue
        if rest:
            forms.append(packed(rest))
            rest = b""
        at = forms[-1]["to"] if forms and "slice" in forms[-1] else -1
        if known[at : at + 512] == block and at >= 0:
            forms[-1]["to"] = at + 512
        else:
            forms.append({"slice": "bag", "from": places[block], "to": places[block] + 512})
    return [*forms, packed(rest)] if rest else forms


def _with_tags(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with tag manifests that fit, so that something else is what is wrong."""
    tags = {name: content for name, content in files.items() if not name.startswith(("data/", "tagmanifest"))}
    return files | tag_manifests(tags)


def _dossier() -> Book:
    given = {
        "identity": identity("office").encode(),
        "signing": bytes(signing("office")).hex(),
        "office": OFFICE.name,
        "root": public("root").hex(),
    }
    book = Book("dossier", "A sealed dossier.", "Dossiers", given)
    good = _bag()
    first = "two exhibits, two approvals"
    book.given["texts"] = {"bag": packed(_tar(good))}
    book.accept(first, sealed("office", _pieces(_tar(good), _tar(good)), first))
    bare = replace(DRAFT, exhibits=(), custody=(), language="fr", dossier=secret("bare", 16))
    tar = _tar(_bag(bare), f"dossier-{bare.dossier.hex()}")
    book.accept("no exhibit, and a report in French", sealed("office", packed(tar), "bare"))
    claimed = replace(bare, claim=MARKED, dossier=secret("claimed", 16))
    tar = _tar(_bag(claimed), f"dossier-{claimed.dossier.hex()}")
    book.accept("with the commitment of a claim", sealed("office", packed(tar), "claimed"))
    dated = replace(bare, known=(_known(),), language="en", dossier=secret("dated", 16))
    tar = _tar(_bag(dated), f"dossier-{dated.dossier.hex()}")
    book.accept("since when a letter was known, with its story", sealed("office", packed(tar), "dated"))
    _wrong_approvals(book, good)
    _wrong_files(book, good)
    _wrong_tars(book, good)
    form = sealed("office", _pieces(_tar(good), _tar(good)), first)
    book.refuse("NoMatchError", "opened with another office's key", form, identity=identity("another office").encode())
    book.refuse("RosterNotSignedError", "the organisation has another root", form, root=public("next root").hex())
    book.refuse("PayloadError", "the last byte cut off", {"like": first, "size": len(book.inputs[first]) - 1})
    book.refuse("NotAgeError", "not sealed", {"slice": "bag", "from": 0, "to": 10_240})
    other = Office("Another office", identity("another office").recipient, public("another office"))
    elsewhere = replace(DRAFT, office=other)
    passed_on = sealed("office", packed(_tar(_bag(elsewhere))), "passed on")
    book.refuse("OtherRecipientError", "approved for another office", passed_on)
    return book


def _wrong_approvals(book: Book, good: dict[str, bytes]) -> None:
    mine, other = _approved("r1"), _approved("r3")
    broken = replace(other, signatures=(replace(other.signatures[0], value=bytes(64)),))
    twice = replace(other, signatures=(*other.signatures, *_approved("r2").signatures))
    as_other = sign_approval(replace(APPROVAL, reviewer="r2"), signing("r3"))
    in_own_name = sign_approval(replace(APPROVAL, reviewer="r2"), signing("r1"))
    wrong: dict[str, tuple[str, list[Envelope]]] = {
        "one approval": ("TooFewApprovalsError", [mine]),
        "no approval": ("ProposerMissingError", []),
        "not by the proposer": ("ProposerMissingError", [_approved("r2"), other]),
        "the proposer twice": ("SelfApprovalError", [mine, mine]),
        "the proposer in another's name": ("SelfApprovalError", [mine, in_own_name]),
        "another reviewer twice": ("SameKeyTwiceError", [mine, other, other]),
        "in another reviewer's name": ("ApprovalSignatureError", [mine, as_other]),
        "a signature that does not hold": ("ApprovalSignatureError", [mine, broken]),
        "two signatures on one": ("MalformedApprovalError", [mine, twice]),
        "by a removed reviewer": ("NotOnRosterError", [mine, _approved("r9")]),
        "for another dossier": ("OtherDossierError", [mine, _approved("r3", dossier=bytes(32))]),
        "for another proposer's": ("OtherDossierError", [mine, _approved("r3", proposer="r2")]),
        "for another office": ("OtherOfficeError", [mine, _approved("r3", office=bytes(32))]),
        "under another roster": ("OtherRosterError", [mine, _approved("r3", roster=bytes(32))]),
        "in another organisation": ("OtherRosterError", [mine, _approved("r3", instance=bytes(16))]),
    }
    for name, (error, envelopes) in wrong.items():
        files = _with_tags(good | {"approvals.json": encode_approvals(envelopes)})
        book.refuse(error, f"approvals: {name}", sealed("office", _pieces(_tar(files), _tar(good)), name))


def _wrong_files(book: Book, good: dict[str, bytes]) -> None:
    photo, record = DRAFT.paths
    told = json.loads(good["dossier.json"])
    later = replace(ROSTER, version=8)
    signed_later = signed(roster.PAYLOAD_TYPE, later.encode(), "root")
    changes: dict[str, tuple[str, dict[str, bytes | None]]] = {
        "an exhibit was changed": ("ChangedFileError", {photo: PHOTO + b"!"}),
        "the report was changed": ("ChangedFileError", {"data/report.txt": b"nothing"}),
        "an exhibit is missing": ("MissingFileError", {photo: None}),
        "an exhibit that is not listed": ("UnlistedFileError", {"data/exhibits/03-more.txt": b"more"}),
        "two exhibits changed places": ("ChangedFileError", {photo: RECORD, record: PHOTO}),
        "another manifest": ("ChangedFileError", {"manifest-sha256.txt": good["manifest-sha256.txt"] + b"\n"}),
        "another tag manifest": ("ChangedFileError", {"tagmanifest-sha512.txt": b""}),
        "another roster": ("ChangedFileError", {"roster.json": signed_later}),
        "no roster": ("NotADossierError", {"roster.json": b"{}"}),
        "no bagit.txt": ("NotADossierError", {"bagit.txt": None}),
        "another bagit.txt": ("NotADossierError", {"bagit.txt": b"BagIt-Version: 0.97\n"}),
        "no dossier.json": ("DossierError", {"dossier.json": None}),
        "a dossier.json with a field too many": (
            "DossierError",
            {"dossier.json": json.dumps({**told, "x": 1}).encode()},
        ),
        "approvals.json that is none": ("MalformedApprovalError", {"approvals.json": b"[]\n"}),
        "bag-info.txt counts wrong": (
            "PayloadOxumError",
            {"bag-info.txt": good["bag-info.txt"].replace(b"Oxum: ", b"Oxum: 1")},
        ),
        "bag-info.txt names another": (
            "ChangedFileError",
            {"bag-info.txt": good["bag-info.txt"].replace(b"Desk North", b"Desk South")},
        ),
    }
    for name, (error, change) in changes.items():
        files = {key: value for key, value in (good | change).items() if value is not None}
        kept = files if "tag manifest" in name else _with_tags(files)
        book.refuse(error, name, sealed("office", _pieces(_tar(kept), _tar(good)), name))


def _wrong_tars(book: Book, good: dict[str, bytes]) -> None:
    tar = _tar(good)
    body = tar.rstrip(b"\0")
    first = member_header(f"dossier-{DRAFT.dossier.hex()}/bagit.txt", len(good["bagit.txt"]))

    def edit(at: int, to: bytes) -> bytes:
        return _checked(first[:at] + to + first[at + len(to) :]) + tar[512:]

    extra = member_header(f"dossier-{DRAFT.dossier.hex()}/data/run.sh", 0)
    for name, wrong in {
        "tar: a link": edit(156, b"2"),
        "tar: an executable file": edit(100, b"0000755"),
        "tar: another hour": edit(136, b"07033366101"),
        "tar: an owner": edit(265, b"root"),
        "tar: a size in another form": edit(124, b"0000000055 "),
        "tar: a wrong sum": tar[:148] + b"000000" + tar[154:],
        "tar: a name of no bag": extra + tar,
        "tar: a name with two dots": _tar({"../bagit.txt": b"", **good}),
        "tar: a name twice": tar[:1024] + tar,
        "tar: two folders": _tar(good)[: len(body) + -len(body) % 512]
        + member_header("dossier/data/report.txt", 0)
        + ending(0),
        "tar: another folder": _tar(good, "dossier"),
        "tar: something behind its end": tar + bytes(512),
        "tar: one block at the end is missing": tar[:-512],
        "tar: empty": ending(0),
        "tar: no tar": b"",
    }.items():
        book.refuse("DossierError", name, sealed("office", _pieces(wrong, tar), name))


def _checked(header: bytes) -> bytes:
    total = sum(header[:148]) + 8 * 32 + sum(header[156:])
    return header[:148] + f"{total:06o}\x00 ".encode() + header[156:]


def _receipt() -> Book:
    given = {"recipient": OFFICE.recipient.encode(), "key": OFFICE.key.hex(), "dossier": DIGEST.hex()}
    book = Book("receipt", "The envelope of an office's answer.", "Receipt", given)
    good = Receipt(INSTANCE, DIGEST, OFFICE.digest, TODAY, "receipt", "")
    question = replace(good, kind="question", text="Où est l’original ?\n")
    for one in (good, question, replace(question, kind="outcome", text="x" * 4_000)):
        book.accept(f"a plain {one.kind}" if one is good else f"{one.kind}", _answer(one.encode()))
    told = replace(question, kind="outcome", text="Two were convicted.")
    for name, outcome in OUTCOMES.items():
        book.accept(name, _answer(replace(told, outcome=outcome).encode()))
    encoded = question.encode()
    changes: dict[str, dict[str, Any]] = {
        "another version of the format": {"v": 2},
        "another dossier": {"dossier": "00" * 32},
        "another office": {"office": "00" * 32},
        "a receipt with a text": {"kind": "receipt"},
        "a question without one": {"text": " \n"},
        "a kind that is none": {"kind": "complaint"},
        "a text of 4,001 bytes": {"text": "x" * 4_001},
        "a payload of more than 5,800 bytes": {"text": "\n" * 3_000},
        "a day with an hour": {"opened": "2026-11-25T10:00"},
        "a field that does not belong there": {"extra": 1},
        "no day": {"opened": ...},
        "a question with an outcome": {"outcome": OUTCOMES["a conviction"].write()},
    }
    for name, change in changes.items():
        book.refuse("ReceiptError", name, _answer(edited(encoded, **change)))
    _refuse_outcomes(book, replace(told, outcome=OUTCOMES["a conviction"]).encode())
    book.refuse(
        "ReceiptError", "signed by another office", text(signed(receipt.PAYLOAD_TYPE, encoded, "another office"))
    )
    book.refuse("ReceiptError", "signed as a roster", text(signed(roster.PAYLOAD_TYPE, encoded, "office")))
    return book


def _refuse_outcomes(book: Book, encoded: bytes) -> None:
    good = OUTCOMES["a conviction"].write()
    changes: dict[str, dict[str, Any]] = {
        "no country": {"country": ...},
        "a country in small letters": {"country": "us"},
        "nothing happened": {"happened": []},
        "what nobody knows happened": {"happened": ["acquittal"]},
        "what happened in another order": {"happened": ["forfeiture", "conviction"]},
        "what happened twice": {"happened": ["conviction", "conviction"]},
        "proceedings that are neither": {"proceedings": "none"},
        "a law in capitals": {"law": "US-Lacey"},
        "a law of 41 bytes": {"law": "u" * 41},
        "an empty law": {"law": ""},
        "a law and a statute": {"statute": "16 USC 3373"},
        "no law": {"law": ...},
        "a blank in a statute's place": {"law": ..., "statute": " "},
        "a statute of two lines": {"law": ..., "statute": "16 USC\n3373"},
        "a statute of 201 bytes": {"law": ..., "statute": "x" * 201},
        "an amount without a currency": {"collected": "25000"},
        "an amount with a zero before it": {"collected": "025000 USD"},
        "an amount of three decimals": {"sanctions": "1.000 USD"},
        "an amount of 16 digits": {"sanctions": f"{10**15} USD"},
        "a day with an hour": {"day": "2026-11-25T10:00"},
        "a field that does not belong there": {"victims": 2},
    }
    for name, change in changes.items():
        book.refuse("ReceiptError", f"outcome: {name}", _answer(edited(encoded, outcome=_outcome(good, change))))
    for name, change in {
        "the country alone": dict.fromkeys(set(good) - {"country"}, ...),
        "the law alone": dict.fromkeys(set(good) - {"country", "law"}, ...),
    }.items():
        book.refuse("ReceiptError", f"outcome: {name}", _answer(edited(encoded, outcome=_outcome(good, change))))
    book.refuse("ReceiptError", "outcome: no object", _answer(edited(encoded, outcome="conviction")))


def _outcome(good: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**good, **change}.items() if value is not ...}


def _answer(payload: bytes | dict[str, Any]) -> Any:
    return text(signed(receipt.PAYLOAD_TYPE, payload, "office"))
