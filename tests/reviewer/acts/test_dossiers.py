"""Exhibits, offices and dossiers: from a reviewer's find to an office's receipt, never by one alone."""

import hashlib
import os
from dataclasses import replace
from datetime import date

import pytest
from nacl.signing import SigningKey

from crypto.hybrid import HybridIdentity
from crypto.unseal import unseal
from reviewer.acts import cases, dossiers, offices, sending
from reviewer.acts.drafting import Choice, files_of, make_draft
from reviewer.acts.exhibits import Capture, add_exhibit
from reviewer.errors import ActError
from reviewer.files import SealedWriter, read_file
from reviewer.store import letters
from reviewer.store import log as store
from tests.reviewer.office_hours import INSTANCE, OfficeHours
from tests.reviewer.source import Source
from wire.draft import Draft
from wire.errors import DossierError, OfficeError, ReceiptError
from wire.office import Office
from wire.receipt import Receipt, sign_receipt

CAPTURE = Capture("Desk r1", date(2026, 11, 22), "https://market.example/1", "screenshot")
OFFICE_IDENTITY = HybridIdentity.generate()
OFFICE_KEY = SigningKey.generate()
OFFICE = Office("Wildlife Crime Unit", OFFICE_IDENTITY.recipient, bytes(OFFICE_KEY.verify_key))
PHOTO = b"\xff\xd8" + os.urandom(70_000)


@pytest.fixture
def case_id(office: OfficeHours) -> bytes:
    """A tip with a photo in every app, and an office that two reviewers agreed on."""
    office.open()
    source = Source(office)
    source.send("pangolin scales", files={"photo.jpg": PHOTO}, fields={"species": "Manis", "people": "a seller"})
    office.agree_on(OFFICE)
    return source.case_id


def photo_released(office: OfficeHours, case_id: bytes) -> None:
    """Let the photo leave as it is, by two."""
    release = dossiers.propose_release(
        office.hand("r1"), case_id, hashlib.sha256(PHOTO).digest(), "nothing in its metadata"
    )
    office.rounds()
    dossiers.confirm(office.hand("r3"), case_id, release)
    office.rounds(times=2)


def choice(**changes: object) -> Choice:
    """What a reviewer might choose."""
    chosen = Choice(
        title="Pangolin scales",
        purpose="investigation",
        language="en",
        office=OFFICE.digest,
        summary="A listing.",
        fields=["species"],
        story="pangolin scales",
        exhibits=[hashlib.sha256(PHOTO).digest()],
    )
    return replace(chosen, **changes)  # type: ignore[arg-type]  # names and kinds are the dataclass's own


def draft_of(hours: OfficeHours, one: str, case_id: bytes, **changes: object) -> Draft:
    """The draft that such a choice makes."""
    with hours.hand(one).work() as work:
        return make_draft(work, case_id, choice(**changes))


def proposal_state(office: OfficeHours, one: str, case_id: bytes, proposal: bytes) -> str:
    """How far a proposal got, as one app folds it."""
    return next(each.state for each in office.case(one, case_id).proposals if each.id == proposal)


def test_dossier_goes_from_proposal_to_receipt(office: OfficeHours, case_id: bytes) -> None:
    """Proposed by one, approved by another, built, opened by the office, answered, and the answer kept."""
    photo_released(office, case_id)
    proposal = dossiers.propose(office.hand("r1"), case_id, draft_of(office, "r1", case_id), ())
    office.rounds(times=2)
    assert proposal_state(office, "r2", case_id, proposal) == "open"
    dossiers.approve(office.hand("r2"), case_id, proposal)
    office.rounds(times=2)
    assert proposal_state(office, "r1", case_id, proposal) == "approved"

    built = sending.build(office.hand("r1"), case_id, proposal)
    opened = unseal(built.path.read_bytes(), [OFFICE_IDENTITY])
    assert PHOTO in opened
    assert b"a seller" not in opened
    sending.sent(office.hand("r1"), case_id, proposal)
    office.rounds(times=2)
    assert proposal_state(office, "r3", case_id, proposal) == "sent"

    digest = next(each.content.dossier for each in office.case("r1", case_id).proposals if each.id == proposal)  # type: ignore[union-attr]  # a dossier
    receipt = Receipt(INSTANCE, digest, OFFICE.digest, date(2026, 11, 26), "question", "Who took the photo?")
    answer = sign_receipt(receipt, OFFICE_KEY).encode()
    assert sending.import_answer(office.hand("r2"), case_id, proposal, answer + b"\n") == receipt
    office.rounds(times=2)
    assert len(office.case("r1", case_id).answers) == 1


def test_nobody_approves_their_own_dossier(office: OfficeHours, case_id: bytes) -> None:
    """The proposer's app refuses to approve, and without another reviewer nothing can be built."""
    photo_released(office, case_id)
    proposal = dossiers.propose(office.hand("r1"), case_id, draft_of(office, "r1", case_id), ())

    with pytest.raises(ActError, match="another reviewer must approve"):
        dossiers.approve(office.hand("r1"), case_id, proposal)
    with pytest.raises(ActError, match="not approved"):
        sending.build(office.hand("r1"), case_id, proposal)
    with pytest.raises(ActError, match="build the sealed dossier first"):
        sending.sent(office.hand("r1"), case_id, proposal)


def test_original_that_was_not_released_blocks_the_dossier(office: OfficeHours, case_id: bytes) -> None:
    """Approved or not, a dossier with an original that two have not released cannot be built."""
    proposal = dossiers.propose(office.hand("r1"), case_id, draft_of(office, "r1", case_id), ())
    office.rounds()
    dossiers.approve(office.hand("r2"), case_id, proposal)
    office.rounds(times=2)

    (state,) = [each for each in office.case("r1", case_id).proposals if each.id == proposal]
    assert (state.state, state.blocked_by) == ("blocked", "original")
    with pytest.raises(ActError, match="not approved"):
        sending.build(office.hand("r1"), case_id, proposal)


def test_hold_stops_what_was_approved(office: OfficeHours, case_id: bytes) -> None:
    """A hold by anybody stops an approved dossier; after resuming it must be approved again."""
    proposal = dossiers.propose(office.hand("r1"), case_id, draft_of(office, "r1", case_id, exhibits=[]), ())
    office.rounds()
    dossiers.approve(office.hand("r2"), case_id, proposal)
    office.rounds(times=2)
    cases.hold(office.hand("r3"), case_id, "wait")
    office.rounds(times=2)
    assert proposal_state(office, "r1", case_id, proposal) == "held"

    cases.resume(office.hand("r3"), case_id, "go on")
    office.rounds(times=2)
    assert proposal_state(office, "r1", case_id, proposal) == "open"
    dossiers.approve(office.hand("r2"), case_id, proposal)
    office.rounds(times=2)
    assert sending.build(office.hand("r1"), case_id, proposal).size > 0


def test_draft_that_was_tampered_with_is_not_approved(office: OfficeHours, case_id: bytes) -> None:
    """A proposal whose digest is not that of its draft is refused by the approver's app."""
    from wire.content import DossierProposed

    draft = draft_of(office, "r1", case_id, exhibits=[])
    with office.hand("r1").work() as work:
        signed = dossiers._sign(work, draft, bytes(32))
        content = DossierProposed(on=office.now, case=case_id, draft=draft.encode(), dossier=bytes(32), approval=signed)
        proposal = work.pen.write(content)
    office.rounds()

    with pytest.raises(ActError, match="another one than was proposed"):
        dossiers.approve(office.hand("r2"), case_id, proposal)


def test_exhibit_of_a_reviewer_reaches_the_others(office: OfficeHours, case_id: bytes) -> None:
    """A reviewer's own exhibit is sealed to the other members and arrives whole, with how it was captured."""
    content = os.urandom(1_300_000)
    with SealedWriter(office.desks["r1"].vault) as writer:
        writer.write(content)
        add_exhibit(office.hand("r1"), case_id, "C:\\shots\\listing.png", "image/png", writer, CAPTURE)
    office.rounds(times=2)

    (exhibit,) = office.case("r2", case_id).exhibits
    assert (exhibit.content.name, exhibit.content.captured_by) == ("listing.png", "Desk r1")
    vault = office.desks["r2"].vault
    with vault.read() as connection:
        file = letters.file_of(connection, case_id, hashlib.sha256(content).digest())
    assert file is not None
    assert b"".join(read_file(vault, file)) == content


def test_exhibit_is_refused_empty_or_twice(office: OfficeHours, case_id: bytes) -> None:
    """An empty file and one that is in the case already are no exhibits, and leave nothing on disk."""
    before = len(list(office.desks["r1"].vault.files.iterdir()))
    for content, message in ((b"", "empty"), (PHOTO, "already")):
        with SealedWriter(office.desks["r1"].vault) as writer:
            writer.write(content)
            with pytest.raises(ActError, match=message):
                add_exhibit(office.hand("r1"), case_id, "x", "y", writer, CAPTURE)

    assert len(list(office.desks["r1"].vault.files.iterdir())) == before


def test_files_of_a_case_are_listed_with_their_origin(office: OfficeHours, case_id: bytes) -> None:
    """The source's file stands there with its letter, size and hash."""
    with office.hand("r1").work() as work:
        (file,) = files_of(work, work.case(case_id))

    assert (file.name, file.size, file.letter, file.here, file.released) == ("photo.jpg", len(PHOTO), 1, True, False)


def test_draft_holds_only_what_was_chosen(office: OfficeHours, case_id: bytes) -> None:
    """Answers that were not chosen are not in the draft, and its custody names labels and days."""
    draft = draft_of(office, "r1", case_id)

    assert draft.fields == {"species": "Manis"}
    assert {step.who for step in draft.custody} == {"Desk r1", "Desk r2", "Desk r3"}
    assert [one.name for one in draft.exhibits] == ["photo.jpg"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " "}, "the title is missing"),
        ({"language": "xx"}, "English or French"),
        ({"office": bytes(32)}, "choose an office"),
        ({"exhibits": [bytes(32)]}, "not in the case"),
    ],
)
def test_draft_that_makes_no_sense_is_refused(
    office: OfficeHours, case_id: bytes, changes: dict[str, object], message: str
) -> None:
    """A choice that cannot become a dossier says what is wrong."""
    with pytest.raises(ActError, match=message):
        draft_of(office, "r1", case_id, **changes)


def test_draft_that_is_too_long_is_refused(office: OfficeHours, case_id: bytes) -> None:
    """More words than an event can carry are refused when proposed."""
    draft = draft_of(office, "r1", case_id, summary="x" * 13_000, exhibits=[])
    with pytest.raises(DossierError):
        dossiers.propose(office.hand("r1"), case_id, draft, ())


def test_withdrawn_dossier_cannot_be_built(office: OfficeHours, case_id: bytes) -> None:
    """A proposal that was taken back stays so."""
    proposal = dossiers.propose(office.hand("r1"), case_id, draft_of(office, "r1", case_id, exhibits=[]), ())
    dossiers.withdraw(office.hand("r1"), case_id, proposal)

    assert proposal_state(office, "r1", case_id, proposal) == "withdrawn"
    with pytest.raises(ActError, match="too late"):
        dossiers.withdraw(office.hand("r1"), case_id, proposal)


def test_office_needs_another_reviewer(office: OfficeHours, case_id: bytes) -> None:
    """An office on the list cannot be added twice, confirmed by its proposer, or come from another file."""
    with pytest.raises(ActError, match="on the list already"):
        offices.propose_office(office.hand("r3"), OFFICE.encode())
    with pytest.raises(OfficeError):
        offices.propose_office(office.hand("r3"), b"{}")
    other = Office("Customs", HybridIdentity.generate().recipient, bytes(SigningKey.generate().verify_key))
    offices.propose_office(office.hand("r3"), other.encode())
    waiting = office.log("r3").offices[-1]
    with pytest.raises(ActError, match="another reviewer must confirm"):
        offices.confirm_office(office.hand("r3"), waiting.proposal)
    with pytest.raises(ActError, match="no such office"):
        offices.confirm_office(office.hand("r3"), bytes(32))


def test_receipt_of_somebody_else_is_refused(office: OfficeHours, case_id: bytes) -> None:
    """Only the office that a dossier is for can answer it."""
    proposal = dossiers.propose(office.hand("r1"), case_id, draft_of(office, "r1", case_id, exhibits=[]), ())
    receipt = Receipt(INSTANCE, bytes(32), OFFICE.digest, date(2026, 11, 26), "receipt", "")

    with pytest.raises(ReceiptError):
        sending.import_answer(
            office.hand("r1"), case_id, proposal, sign_receipt(receipt, SigningKey.generate()).encode()
        )
    with pytest.raises(ReceiptError, match="choose the file"):
        sending.import_answer(office.hand("r1"), case_id, proposal, b"PDF")


def test_erasure_by_two_destroys_the_case_everywhere(office: OfficeHours, case_id: bytes) -> None:
    """After two agreed, letters, files, keys and contents are gone from every vault, and the chain still stands."""
    cases.note(office.hand("r2"), case_id, "to be forgotten")
    office.rounds()
    proposal = dossiers.propose_erasure(office.hand("r1"), case_id, "the source asked for it")
    office.rounds()
    before = len(office.log("r3").chains.order)
    dossiers.confirm(office.hand("r2"), case_id, proposal)
    office.rounds(times=3)

    for one in office.ids:
        log = office.log(one)
        assert log.cases[case_id].erased
        assert not log.cases[case_id].notes
        assert not log.chains.missing
        assert len(log.chains.order) >= before + 1 + len(office.ids)
        with office.desks[one].vault.read() as connection:
            assert not store.case_keys(connection, case_id)
            assert not letters.files_of(connection, case_id)
            assert all(stored.content is None for stored in letters.letters_of(connection, case_id))
        assert not list(office.desks[one].vault.files.iterdir())
    with pytest.raises(ActError, match="erased"):
        cases.note(office.hand("r1"), case_id, "again")


def test_erasure_agreed_under_a_new_key_reaches_the_others(office: OfficeHours, case_id: bytes) -> None:
    """Whoever agrees to an erasure destroys nothing before their agreement, and the key to it, have been posted."""
    cases.recuse(office.hand("r1"), case_id, "r2", "knows the seller")
    office.rounds()
    proposal = dossiers.propose_erasure(office.hand("r1"), case_id, "the source asked for it")
    office.rounds()
    dossiers.confirm(office.hand("r3"), case_id, proposal)
    office.rounds("r3", "r1", "r3")

    for one in ("r1", "r3"):
        assert office.log(one).cases[case_id].erased
        assert not list(office.desks[one].vault.files.iterdir())
