"""Claims: what a source left to prove authorship with leaves only when two reviewers agreed."""

import secrets
from dataclasses import replace

import pytest

from crypto.claim import claim_salt
from crypto.unseal import unseal
from reviewer.acts import dossiers, sending
from reviewer.acts.claims import CaseClaim, claims_of, propose_claim_release
from reviewer.acts.drafting import Choice, make_draft
from reviewer.case import Case
from reviewer.errors import ActError
from tests.reviewer.acts.test_dossiers import OFFICE, OFFICE_IDENTITY
from tests.reviewer.office_hours import INSTANCE, OfficeHours
from tests.reviewer.source import Source
from wire.claim import Commitment
from wire.draft import Draft

TIP = bytes(range(16))
DIGEST = bytes(range(100, 132))
COMMITMENT = Commitment(DIGEST, claim_salt(INSTANCE, TIP), known_to_intake=True)


@pytest.fixture
def source(office: OfficeHours) -> Source:
    """A source whose second letter carries a claim, and an office that two reviewers agreed on."""
    office.open()
    source = Source(office)
    source.send("pangolin scales")
    source.send("and one thing more", tip=TIP, claim=DIGEST)
    office.agree_on(OFFICE)
    return source


def claims(office: OfficeHours, one: str, case: Case) -> tuple[CaseClaim, ...]:
    """The claims that one app shows."""
    with office.hand(one).look() as look:
        return claims_of(look, case)


def draft_of(office: OfficeHours, case_id: bytes, claim: bytes | None) -> Draft:
    """The draft of a dossier with that claim."""
    choice = Choice("Scales", "investigation", "en", OFFICE.digest, "", [], "", [], claim)
    with office.hand("r1").work() as work:
        return make_draft(work, case_id, choice)


def release(office: OfficeHours, case_id: bytes) -> None:
    """Let the claim leave, by two."""
    proposal = propose_claim_release(office.hand("r1"), case_id, DIGEST, " the office\nasks for it ")
    office.rounds(times=2)
    dossiers.confirm(office.hand("r3"), case_id, proposal)
    office.rounds(times=2)


def test_a_claim_is_shown_with_its_letter_and_mark(office: OfficeHours, source: Source) -> None:
    """Every app that has the letter tells it, and that it is not released."""
    for one in ("r1", "r2", "r3"):
        assert claims(office, one, office.case(one, source.case_id)) == (CaseClaim(2, COMMITMENT, released=False),)


def test_a_letter_sent_twice_has_one_claim(office: OfficeHours, source: Source) -> None:
    """A form that was sent again carries the same commitment."""
    source.number = 1
    source.send("and one thing more", tip=TIP, claim=DIGEST)
    other = secrets.token_bytes(32)
    source.send("a third", claim=other)
    office.rounds(times=2)
    found = claims(office, "r1", office.case("r1", source.case_id))
    assert [(one.letter, one.commitment.digest) for one in found] == [(2, DIGEST), (3, other)]


def test_a_released_claim_reaches_the_office(office: OfficeHours, source: Source) -> None:
    """Proposed and agreed on by itself, then chosen, approved and sealed with a dossier."""
    release(office, source.case_id)
    (shown,) = claims(office, "r2", office.case("r2", source.case_id))
    assert shown.released
    proposal = dossiers.propose(office.hand("r1"), source.case_id, draft_of(office, source.case_id, DIGEST), ())
    office.rounds(times=2)
    dossiers.approve(office.hand("r2"), source.case_id, proposal)
    office.rounds(times=2)
    built = sending.build(office.hand("r1"), source.case_id, proposal)
    opened = unseal(built.path.read_bytes(), [OFFICE_IDENTITY])
    assert COMMITMENT.encode().encode() in opened


def test_a_claim_that_was_not_released_blocks_the_dossier(office: OfficeHours, source: Source) -> None:
    """Approved or not, it cannot be built."""
    proposal = dossiers.propose(office.hand("r1"), source.case_id, draft_of(office, source.case_id, DIGEST), ())
    office.rounds(times=2)
    dossiers.approve(office.hand("r2"), source.case_id, proposal)
    office.rounds(times=2)
    (state,) = [each for each in office.case("r1", source.case_id).proposals if each.id == proposal]
    assert (state.state, state.blocked_by) == ("blocked", "claim")
    with pytest.raises(ActError, match="not approved"):
        sending.build(office.hand("r1"), source.case_id, proposal)


def test_a_dossier_carries_no_claim_unless_one_was_chosen(office: OfficeHours, source: Source) -> None:
    """Released or not, it stays here by itself."""
    release(office, source.case_id)
    assert draft_of(office, source.case_id, None).claim is None


def test_a_claim_that_the_case_does_not_have_is_neither_released_nor_chosen(
    office: OfficeHours, source: Source
) -> None:
    """A digest that no letter carries names nothing."""
    with pytest.raises(ActError, match="no such claim"):
        propose_claim_release(office.hand("r1"), source.case_id, bytes(32), "why not")
    with pytest.raises(ActError, match="no such claim"):
        draft_of(office, source.case_id, bytes(32))


def test_a_release_has_a_reason(office: OfficeHours, source: Source) -> None:
    """The other reviewer must know what it is for."""
    with pytest.raises(ActError, match="reason is missing"):
        propose_claim_release(office.hand("r1"), source.case_id, DIGEST, " ")


@pytest.mark.parametrize(
    "other",
    [
        Commitment(DIGEST, COMMITMENT.salt, known_to_intake=False),
        Commitment(DIGEST, bytes(16), known_to_intake=True),
        Commitment(bytes(32), COMMITMENT.salt, known_to_intake=True),
    ],
)
def test_no_app_signs_for_a_claim_that_its_letters_do_not_have(
    office: OfficeHours, source: Source, other: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An app that lies about mark, salt or digest finds no other that approves; its own page says so first."""
    draft = replace(draft_of(office, source.case_id, None), claim=other)
    with pytest.raises(ActError, match="claim"):
        dossiers.propose(office.hand("r1"), source.case_id, draft, ())
    monkeypatch.setattr(dossiers, "_check_claim", lambda *_: None)
    proposal = dossiers.propose(office.hand("r1"), source.case_id, draft, ())
    monkeypatch.undo()
    office.rounds(times=2)
    with office.hand("r2").look() as look:
        found = dossiers.find_proposal(office.case("r2", source.case_id), proposal)
        rebuilt = dossiers.rebuild(look, source.case_id, found)
    assert (rebuilt.matches, rebuilt.exhibits_here, rebuilt.claim_here) == (True, True, False)
    with pytest.raises(ActError, match="claim"):
        dossiers.approve(office.hand("r2"), source.case_id, proposal)
