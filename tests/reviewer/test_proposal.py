"""Dossiers, releases and erasures: how far each proposal got."""

import hashlib
from dataclasses import replace

import pytest

from crypto.dsse import sign
from reviewer.chain import Known, Past
from reviewer.proposal import Proposal
from tests.reviewer.casework import (
    CASE,
    INSTANCE,
    TODAY,
    Desk,
    Staff,
    customs,
    digest_of,
    draft_by,
    list_office,
    opening,
    share,
)
from tests.wire.claims import COMMITMENT
from tests.wire.test_letter import LETTER
from wire.approval import PAYLOAD_TYPE
from wire.attestation import attest
from wire.attested import show
from wire.content import (
    AnswerImported,
    Confirmed,
    DossierApproved,
    DossierSent,
    Erased,
    EraseProposed,
    Held,
    Noted,
    OfficeWithdrawn,
    Recused,
    ReleaseProposed,
    Resumed,
    Withdrawn,
    parse_content,
)
from wire.draft import DraftExhibit
from wire.errors import EventError
from wire.known import KnownLetter
from wire.receipt import LIMITS as RECEIPT_LIMITS
from wire.receipt import PAYLOAD_TYPE as RECEIPT_TYPE
from wire.receipt import Receipt, sign_receipt

DRAFT = draft_by("r1")
ORIGINAL = DraftExhibit("photo.jpg", "image/jpeg", 3, hashlib.sha256(b"jpg").digest(), bytes(64), "original", "source")
HELD = Held(on=TODAY, case=CASE, reason="wait")


class Office:
    """Three desks, a case and an office on the list."""

    def __init__(self) -> None:
        self.staff = Staff()
        self.r1, self.r2, self.r3 = self.desks = tuple(self.staff.desk(one) for one in self.staff.ids)
        list_office(self.r1, self.r2)
        self.meet()
        self.r1.open()
        self.meet()

    def meet(self) -> None:
        """Everybody hears everything."""
        share(*self.desks)

    def the(self, known: Known, desk: Desk | None = None) -> Proposal:
        """A proposal as everybody sees it."""
        self.meet()
        return next(each for each in (desk or self.r1).case.proposals if each.id == known.id)

    def approved(self) -> Known:
        """A dossier that r1 proposed and r2 approved."""
        proposed = self.r1.propose(DRAFT)
        self.meet()
        self.r2.approve(proposed, DRAFT)
        self.meet()
        return proposed

    def send(self, desk: Desk, proposed: Known, past: Past | None = None) -> Known:
        """Say that a dossier was handed over."""
        return desk.say(DossierSent(on=TODAY, case=CASE, proposal=proposed.id, sealed=bytes(32)), past)

    def conflicts(self) -> list[str]:
        """What people should look at."""
        self.meet()
        return [each.kind for each in self.r1.case.conflicts]

    def agree_to_erase(self) -> Known:
        """An erasure that r1 proposed and r2 confirmed."""
        proposed = self.r1.say(EraseProposed(on=TODAY, case=CASE, reason="the source asked"))
        self.meet()
        self.r2.say(Confirmed(on=TODAY, case=CASE, proposal=proposed.id))
        self.meet()
        return proposed


@pytest.fixture
def office() -> Office:
    """Three desks, a case and an office on the list."""
    return Office()


def test_a_dossier_is_approved_by_another_reviewer(office: Office) -> None:
    """Its proposer signed with the proposal."""
    proposed = office.r1.propose(DRAFT)
    assert office.the(proposed).state == "open"
    office.r2.approve(proposed, DRAFT)
    assert (office.the(proposed).state, office.the(proposed).approvals) == ("approved", ("r1", "r2"))
    assert office.conflicts() == []


def test_an_approval_must_be_signed_for_this_dossier_by_its_author(office: Office) -> None:
    """An event alone approves nothing."""
    proposed = office.r1.propose(DRAFT)
    office.meet()
    other = office.r2.sign(draft_by("r1", title="Other"), "r1", office.staff.roster)
    borrowed = office.r3.sign(DRAFT, "r1", office.staff.roster)
    nothing = sign(PAYLOAD_TYPE, b"{}", office.staff.keys["r2"]).encode()
    for approval in (other, borrowed, nothing, b"{}"):
        office.r2.say(DossierApproved(on=TODAY, case=CASE, proposal=proposed.id, approval=approval))
    assert office.the(proposed).state == "open"
    assert [(each.author, each.reason) for each in office.the(proposed).void] == [("r2", "signature")] * 4


def test_a_proposal_without_its_proposers_signature_is_never_approved(office: Office) -> None:
    """However many others approve."""
    unsigned = office.r1.proposal(DRAFT)
    approval = office.r1.sign(draft_by("r1", title="Other"), "r1", office.staff.roster)
    proposed = office.r1.say(replace(unsigned, approval=approval))
    office.meet()
    for desk in (office.r2, office.r3):
        desk.approve(proposed, DRAFT)
    assert (office.the(proposed).state, office.the(proposed).approvals) == ("open", ())


def test_a_dossier_in_anothers_name_is_blocked(office: Office) -> None:
    """The report would tell the office that another reviewer proposed it."""
    draft = draft_by("r2")
    proposed = office.r1.propose(draft)
    office.meet()
    office.r2.approve(proposed, draft)
    assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("blocked", "draft")


def test_a_draft_that_cannot_be_read_is_blocked(office: Office) -> None:
    """Nobody can tell what it would say."""
    proposed = office.r1.say(replace(office.r1.proposal(DRAFT), draft=b"{}"))
    assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("blocked", "draft")


def test_a_draft_whose_attestations_do_not_hold_is_blocked(office: Office) -> None:
    """One reviewer alone attests nothing: approvals of such a dossier do not count, and it can be withdrawn."""
    alone = attest(LETTER, LETTER.week, "r1", office.staff.keys["r1"])
    draft = replace(DRAFT, known=(KnownLetter((alone,), show(LETTER, ())),))
    proposed = office.r1.propose(draft)
    office.meet()
    office.r2.approve(proposed, draft)
    found = office.the(proposed)
    assert (found.state, found.blocked_by, found.approvals) == ("blocked", "draft", ())

    office.r2.say(Withdrawn(on=TODAY, case=CASE, proposal=proposed.id))
    assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("withdrawn", None)


def test_a_dossier_for_an_office_not_on_the_list_is_blocked(office: Office) -> None:
    """Also when only its name is another: the name is what people read."""
    for stranger in (replace(customs().office, key=b"k" * 32), replace(customs().office, name="Police")):
        draft = replace(DRAFT, office=stranger)
        proposed = office.r1.propose(draft)
        office.meet()
        office.r2.approve(proposed, draft)
        assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("blocked", "office")


def test_a_dossier_for_an_office_that_was_taken_off_the_list_is_blocked(office: Office) -> None:
    """Although it was approved before."""
    proposed = office.approved()
    office.r3.say(OfficeWithdrawn(on=TODAY, proposal=office.r3.log.offices[0].proposal))
    assert office.the(proposed).blocked_by == "office"


def test_an_original_leaves_only_when_it_was_released(office: Office) -> None:
    """By its own act of two, since its metadata can name the source."""
    draft = draft_by("r1", ORIGINAL)
    proposed = office.r1.propose(draft)
    office.meet()
    office.r2.approve(proposed, draft)
    assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("blocked", "original")
    release = office.r3.say(ReleaseProposed(on=TODAY, case=CASE, sha256=ORIGINAL.sha256, reason="looked at"))
    assert office.the(proposed).blocked_by == "original"
    office.r1.say(Confirmed(on=TODAY, case=CASE, proposal=release.id))
    assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("approved", None)


def test_a_claim_leaves_only_when_it_was_released(office: Office) -> None:
    """By its own act of two, since whoever has its commitment can guess the words."""
    draft = replace(draft_by("r1"), claim=COMMITMENT)
    proposed = office.r1.propose(draft)
    office.meet()
    office.r2.approve(proposed, draft)
    assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("blocked", "claim")
    release = office.r3.say(ReleaseProposed(on=TODAY, case=CASE, sha256=COMMITMENT.digest, reason="the office asks"))
    assert office.the(proposed).blocked_by == "claim"
    office.r1.say(Confirmed(on=TODAY, case=CASE, proposal=release.id))
    assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("approved", None)


def test_a_safe_copy_needs_no_release(office: Office) -> None:
    """It was made to leave."""
    draft = draft_by("r1", replace(ORIGINAL, form="safe copy"))
    proposed = office.r1.propose(draft)
    office.meet()
    office.r2.approve(proposed, draft)
    assert office.the(proposed).state == "approved"


def test_any_member_stops_a_dossier(office: Office) -> None:
    """Withdrawn for good, held for a time."""
    proposed = office.approved()
    office.r3.say(HELD)
    assert office.the(proposed).state == "held"
    office.r3.say(Withdrawn(on=TODAY, case=CASE, proposal=proposed.id))
    office.r3.say(Resumed(on=TODAY, case=CASE, reason="never mind"))
    assert office.the(proposed).state == "withdrawn"


def test_nobody_undoes_a_withdrawal_by_spoiling_their_own_chain(office: Office) -> None:
    """Stopping counts whoever does it and whatever became of them."""
    proposed = office.approved()
    past = office.r1.chains.next_of("r1")
    office.r1.say(Withdrawn(on=TODAY, case=CASE, proposal=proposed.id), past)
    office.r1.say(Noted(on=TODAY, case=CASE, text="Other story."), past)
    assert office.the(proposed).state == "withdrawn"


def test_when_the_roster_changes_open_proposals_are_made_anew(office: Office) -> None:
    """An approval names the roster under which it was given."""
    proposed = office.approved()
    office.staff.announce(office.staff.ids)
    assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("blocked", "roster")


def test_a_false_word_of_sending_revives_nothing_of_an_older_roster(office: Office) -> None:
    """Two were enough then; three are needed now."""
    proposed = office.r1.propose(DRAFT)
    office.meet()
    office.r2.approve(proposed, DRAFT)
    office.send(office.r3, proposed)
    office.staff.announce(office.staff.ids, approvals=3)
    assert (office.the(proposed).state, office.the(proposed).blocked_by) == ("blocked", "roster")
    assert office.conflicts() == ["sent-unapproved"]


def test_a_roster_that_nobody_knows_blocks(office: Office) -> None:
    """As do bytes that name none."""
    unknown = Staff()
    unknown.keys = office.staff.keys
    stranger = unknown.announce(("r1", "r2"))
    proposed = office.r1.propose(DRAFT, roster=stranger)
    assert office.the(proposed).blocked_by == "roster"
    proposed = office.r1.say(replace(office.r1.proposal(DRAFT), approval=b"{}"))
    assert office.the(proposed).blocked_by == "roster"
    office.send(office.r1, proposed)
    assert office.conflicts() == ["sent-unapproved"]


def test_an_approved_dossier_is_sent_by_who_had_seen_it_approved(office: Office) -> None:
    """Second thoughts do not undo a sending."""
    proposed = office.approved()
    office.send(office.r3, proposed)
    assert office.the(proposed).state == "sent"
    office.r2.say(Withdrawn(on=TODAY, case=CASE, proposal=proposed.id))
    office.staff.announce(office.staff.ids)
    assert office.the(proposed).state == "sent"
    assert office.conflicts() == []


def test_a_sending_that_had_not_seen_enough_approvals_is_a_false_word(office: Office) -> None:
    """It changes nothing and shows."""
    proposed = office.r1.propose(DRAFT)
    office.meet()
    lonely = office.staff.desk("r1", office.r1)
    office.send(lonely, proposed)
    office.r2.approve(proposed, DRAFT)
    office.r1.hear(lonely.known.values())
    assert office.the(proposed).state == "approved"
    assert office.conflicts() == ["sent-unapproved"]


def test_a_sending_in_spite_of_what_its_author_had_seen_is_told_as_one(office: Office) -> None:
    """The office would accept the signatures: so it is sent, and people should know."""
    proposed = office.r1.propose(DRAFT)
    office.r3.say(HELD)
    office.r2.approve(proposed, DRAFT, past=office.staff.desk("r2", office.r1).chains.next_of("r2"))
    office.meet()
    office.r3.say(Resumed(on=TODAY, case=CASE, reason="never mind"))
    office.meet()
    assert office.the(proposed).state == "open"
    office.send(office.r1, proposed)
    assert office.the(proposed).state == "sent"
    assert office.conflicts() == ["sent-unapproved"]


def test_a_sending_at_odds_with_a_hold_or_a_recusal_shows(office: Office) -> None:
    """Nobody need be at fault: they acted at the same time."""
    proposed = office.approved()
    office.r3.say(HELD)
    office.r3.say(Recused(on=TODAY, case=CASE, reviewer="r1", reason="knows the seller"))
    office.send(office.r1, proposed)
    assert office.the(proposed).state == "sent"
    assert office.conflicts() == ["sent-while-held", "sent-after-recusal"]


def test_what_came_after_a_sending_is_no_conflict(office: Office) -> None:
    """Nor a hold that had ended by then, nor another's recusal."""
    office.r3.say(HELD)
    office.meet()
    office.r3.say(Resumed(on=TODAY, case=CASE, reason="never mind"))
    office.meet()
    proposed = office.approved()
    office.send(office.r1, proposed)
    office.meet()
    office.r3.say(HELD)
    office.r3.say(Recused(on=TODAY, case=CASE, reviewer="r1", reason="x"))
    office.r3.say(Recused(on=TODAY, case=CASE, reviewer="r2", reason="x"))
    assert office.conflicts() == []


def test_the_offices_answers_are_those_that_it_signed(office: Office) -> None:
    """A reviewer cannot make one up."""
    proposed = office.approved()
    office.send(office.r1, proposed)
    receipt = Receipt(INSTANCE, digest_of(DRAFT), customs().office.digest, TODAY, "receipt", "")
    for signer in (customs().signing, office.staff.keys["r1"]):
        envelope = sign_receipt(receipt, signer).encode()
        office.r1.say(AnswerImported(on=TODAY, case=CASE, proposal=proposed.id, answer=envelope))
    office.r1.say(AnswerImported(on=TODAY, case=CASE, proposal=proposed.id, answer=b"{}"))
    other = sign_receipt(replace(receipt, dossier=bytes(32)), customs().signing).encode()
    office.r1.say(AnswerImported(on=TODAY, case=CASE, proposal=proposed.id, answer=other))
    (answer,) = office.the(proposed).answers
    assert (answer.receipt, answer.office, answer.author) == (receipt, "Customs", "r1")
    assert len(office.r1.case.answers) == 4


def test_an_answer_of_the_largest_size_can_be_imported() -> None:
    """Whatever an office may sign crosses the log."""
    envelope = sign(RECEIPT_TYPE, b"x" * RECEIPT_LIMITS.payload, customs().signing).encode()
    content = AnswerImported(on=TODAY, case=CASE, proposal=bytes(32), answer=envelope)
    assert parse_content(content.encode()) == content
    with pytest.raises(EventError):
        replace(content, answer=bytes(8_193)).encode()


def test_an_erasure_needs_two_and_no_hold(office: Office) -> None:
    """It cannot be undone."""
    proposed = office.r1.say(EraseProposed(on=TODAY, case=CASE, reason="the source asked"))
    assert not office.r1.case.erased
    office.meet()
    office.r3.say(HELD)
    office.meet()
    office.r2.say(Confirmed(on=TODAY, case=CASE, proposal=proposed.id))
    assert (office.the(proposed).state, office.r1.case.erased) == ("held", False)
    office.r1.say(Resumed(on=TODAY, case=CASE, reason="never mind"))
    assert (office.the(proposed).state, office.r1.case.erased) == ("approved", True)


def test_an_erasure_rightly_carried_out_stays_so(office: Office) -> None:
    """A hold, a withdrawal or a departure that its app had not seen does not bring a case back."""
    proposed = office.agree_to_erase()
    late = office.staff.desk("r3", office.r3)
    office.r1.say(Erased(on=TODAY, proposal=proposed.id))
    late.say(HELD)
    late.say(Withdrawn(on=TODAY, case=CASE, proposal=proposed.id))
    late.say(Recused(on=TODAY, case=CASE, reviewer="r2", reason="x"))
    assert not late.case.erased
    office.r3.hear(late.known.values())
    assert (office.the(proposed).state, office.r1.case.erased) == ("approved", True)
    office.staff.announce(("r2", "r3"), {"r1": office.r3.chains.last["r1"].id})
    assert office.r2.case.erased
    assert "erased-unapproved" not in office.conflicts()


def test_an_erasure_that_nobody_agreed_to_is_not_carried_out_by_saying_so(office: Office) -> None:
    """The word of one is a conflict; nobody else destroys anything."""
    proposed = office.r3.say(EraseProposed(on=TODAY, case=CASE, reason="to hide it"))
    office.r3.say(Erased(on=TODAY, proposal=proposed.id))
    assert (office.the(proposed).state, office.r1.case.erased) == ("open", False)
    assert office.conflicts() == ["erased-unapproved"]
    office.r3.say(Erased(on=TODAY, proposal=bytes(32)))
    assert office.conflicts() == ["erased-unapproved"]


def test_an_erasure_that_was_told_before_it_was_proposed_is_not_carried_out(office: Office) -> None:
    """Its author could not have seen it agreed."""
    early = office.staff.desk("r3", office.r3)
    proposed = office.agree_to_erase()
    early.say(Erased(on=TODAY, proposal=proposed.id))
    office.r2.say(Withdrawn(on=TODAY, case=CASE, proposal=proposed.id))
    office.r3.hear(early.known.values())
    assert office.the(proposed).state == "withdrawn"


def test_an_older_roster_that_asked_for_fewer_erases_nothing(office: Office) -> None:
    """Two who agreed then are not enough when three are needed."""
    proposed = office.agree_to_erase()
    office.r1.say(Erased(on=TODAY, proposal=proposed.id))
    office.staff.announce(office.staff.ids, approvals=3)
    assert office.the(proposed).state == "open"


def test_after_an_erasure_its_own_acts_tell_of_it(office: Office) -> None:
    """Nothing else of the case can be read, and the chains verify as before."""
    office.r3.say(opening(office.staff.ids))
    office.meet()
    proposed = office.agree_to_erase()
    office.r1.say(Erased(on=TODAY, proposal=proposed.id))
    office.meet()
    before = office.r1.log
    kept = {proposed.id, *(each.id for each in office.r2.known.values() if each.author == "r2")}
    kept |= {entry.id for entry in before.organisation}
    for known in list(office.r1.known.values()):
        if known.id not in kept:
            office.r1.known[known.id] = Known(known.signed)
    after = office.r1.log
    assert after.cases[CASE].erased
    assert after.cases[CASE].writing_keys("r1") == ()
    assert [each.id for each in after.cases[CASE].entries] == [
        proposed.id,
        next(each.id for each in before.cases[CASE].entries if isinstance(each.content, Confirmed)),
    ]
    assert [each.id for each in after.chains.order] == [each.id for each in before.chains.order]


def test_every_proposal_of_a_case_is_told_in_order(office: Office) -> None:
    """Whatever is proposed."""
    erase = office.r1.say(EraseProposed(on=TODAY, case=CASE, reason="x"))
    dossier = office.r1.propose(DRAFT)
    release = office.r1.say(ReleaseProposed(on=TODAY, case=CASE, sha256=bytes(32), reason="x"))
    assert [each.id for each in office.r1.case.proposals] == [erase.id, dossier.id, release.id]
