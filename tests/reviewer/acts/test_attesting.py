"""Since when a letter was known goes with a dossier only where a reviewer chose it, and others check it."""

import hashlib
from dataclasses import replace

import pytest

from crypto.unseal import unseal
from reviewer.acts import dossiers, sending
from reviewer.acts.attesting import KnownChoice
from reviewer.acts.drafting import make_draft
from reviewer.errors import ActError
from tests.reviewer.acts.test_dossiers import OFFICE_IDENTITY, PHOTO, choice, photo_released
from tests.reviewer.acts.test_dossiers import case_id as case_id  # noqa: PLC0414 - a fixture, used by name
from tests.reviewer.browser import open_browser
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source
from wire.attestation import open_attestation
from wire.attested import FIRST_FILE, STORY, Opening
from wire.dossier import dossier_json
from wire.draft import Draft
from wire.errors import AttestationError
from wire.known import check_known
from wire.week import Week


def letter_name(office: OfficeHours, case_id: bytes) -> bytes:
    """The name of the case's only letter."""
    (letter,) = office.case("r1", case_id).letters
    return letter.letter


def draft_with(office: OfficeHours, case_id: bytes, *pieces: str, letter: bytes | None = None) -> Draft:
    """A draft that tells since when the letter was known, with some of its pieces."""
    known = [KnownChoice(letter or letter_name(office, case_id), pieces)]
    with office.hand("r1").work() as work:
        return make_draft(work, case_id, replace(choice(), known=known))


def places(opening: Opening) -> set[int]:
    """Which pieces of a letter are shown."""
    return {place for place, piece in enumerate(opening.pieces) if not isinstance(piece, bytes)}


def test_it_is_left_out_unless_chosen(office: OfficeHours, case_id: bytes) -> None:
    """Without the tick nothing of it is in the draft."""
    with office.hand("r1").work() as work:
        assert make_draft(work, case_id, choice()).known == ()


def test_only_what_was_chosen_is_shown(office: OfficeHours, case_id: bytes) -> None:
    """Story, files that go with the dossier, a claim that does; or nothing but the number."""
    for pieces, shown in (((), set()), (("story",), {STORY}), (("claim", "files"), {FIRST_FILE})):
        (known,) = draft_with(office, case_id, *pieces).known
        assert places(known.opening) == shown
    assert b"pangolin" not in draft_with(office, case_id).known[0].opening.encode()


def test_it_reaches_the_office(office: OfficeHours, case_id: bytes) -> None:
    """Rebuilt and approved by another, it holds at the office under the roster of the dossier."""
    photo_released(office, case_id)
    draft = draft_with(office, case_id, "story")
    proposal = dossiers.propose(office.hand("r1"), case_id, draft, ())
    office.rounds(times=2)
    dossiers.approve(office.hand("r2"), case_id, proposal)
    office.rounds(times=2)
    built = sending.build(office.hand("r1"), case_id, proposal)

    assert b"data/attestations.json" in unseal(built.path.read_bytes(), [OFFICE_IDENTITY])
    shown = check_known(draft.known[0], office.roster, None, {hashlib.sha256(PHOTO).digest()})
    assert (shown.known.week, shown.known.reviewers, shown.story) == (Week(2026, 48), office.ids, "pangolin scales")


def test_an_opening_of_a_letter_that_is_not_here_is_not_approved(office: OfficeHours, case_id: bytes) -> None:
    """What others cannot compare with a letter in their vault they do not sign for; nor is it proposed."""
    photo_released(office, case_id)
    draft = draft_with(office, case_id, "story")
    (known,) = draft.known
    other = replace(known.opening, rest=bytes(32))
    with pytest.raises(ActError, match="not in this vault"):
        dossiers.propose(office.hand("r1"), case_id, replace(draft, known=(replace(known, opening=other),)), ())


def test_a_letter_that_too_few_attest_is_not_told(office: OfficeHours, case_id: bytes) -> None:
    """While one app alone has it, or without the letter, there is no such draft."""
    with pytest.raises(ActError, match="not in this vault"):
        draft_with(office, case_id, letter=bytes(32))
    source = Source(office)
    name = source.send("ivory")
    office.rounds("r1")
    with office.hand("r1").work() as work, pytest.raises(ActError, match="too few reviewers attest"):
        make_draft(work, source.case_id, replace(choice(exhibits=[]), known=[KnownChoice(name)]))


def test_a_changed_roster_asks_for_a_new_proposal(office: OfficeHours, case_id: bytes) -> None:
    """What was proposed under another roster is still shown as it was, and not approved any more."""
    photo_released(office, case_id)
    proposal = dossiers.propose(office.hand("r1"), case_id, draft_with(office, case_id, "story"), ())
    office.rounds(times=2)
    office.shelves.roster = office.sign_roster(office.make_roster(2, office.ids))
    office.rounds(times=2)
    with office.hand("r2").look() as look:
        found = dossiers.find_proposal(look.case(case_id), proposal)
        assert dossiers.rebuild(look, case_id, found).matches
    with pytest.raises(ActError, match="propose it anew"):
        dossiers.approve(office.hand("r2"), case_id, proposal)


def late_case(office: OfficeHours) -> tuple[bytes, bytes]:
    """A case whose letter one app gets three weeks after the others; returns case and letter."""
    source = Source(office)
    name = source.send("ivory")
    office.intakes["r3"].withheld.add(name)
    office.rounds(times=2)
    return source.case_id, name


def r3_gets_it(office: OfficeHours) -> None:
    """Three weeks later the intake gives the letter out."""
    office.later(weeks=3)
    office.intakes["r3"].withheld.clear()
    office.rounds(times=3)


def known_draft(office: OfficeHours, case_id: bytes, letter: bytes) -> Draft:
    """A draft without exhibits that tells since when a letter was known."""
    chosen = choice(exhibits=[], fields=[], known=[KnownChoice(letter, ("story",))])
    with office.hand("r1").look() as look:
        return make_draft(look, case_id, chosen)


@pytest.mark.usefixtures("case_id")
def test_nobody_chooses_which_attestations_go_with_a_dossier(
    office: OfficeHours, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without that of a reviewer who had it early, a letter seems known three weeks later: others do not sign it."""
    case_id, letter = late_case(office)
    r3_gets_it(office)
    draft = known_draft(office, case_id, letter)
    (known,) = draft.known
    by = {open_attestation(one, office.roster).reviewer: one for one in known.attestations}
    draft = replace(draft, known=(replace(known, attestations=(by["r1"], by["r3"])),))
    assert [one.known.week for one in draft.shown(office.roster)] == [Week(2026, 51)]

    with pytest.raises(ActError, match="something else than the apps"):
        dossiers.propose(office.hand("r1"), case_id, draft, ())
    with monkeypatch.context() as patch:
        patch.setattr(dossiers, "check_letters", lambda *_: None)
        proposal = dossiers.propose(office.hand("r1"), case_id, draft, ())
    office.rounds(times=2)
    with office.hand("r2").look() as look:
        rebuilt = dossiers.rebuild(look, case_id, dossiers.find_proposal(look.case(case_id), proposal))
    assert (rebuilt.matches, rebuilt.known_here) == (True, False)
    with pytest.raises(ActError, match="something else than the apps"):
        dossiers.approve(office.hand("r2"), case_id, proposal)
    path = f"/cases/{case_id.hex()}/proposals/{proposal.hex()}"
    assert "is not what the reviewers' apps told this one" in open_browser(office, "r2").words(path)


@pytest.mark.usefixtures("case_id")
def test_an_app_that_attests_after_a_proposal_does_not_stop_it(office: OfficeHours) -> None:
    """Its proposer could not have that attestation."""
    case_id, letter = late_case(office)
    proposal = dossiers.propose(office.hand("r1"), case_id, known_draft(office, case_id, letter), ())
    office.rounds(times=2)
    r3_gets_it(office)
    assert len(office.case("r2", case_id).attestations) == 3

    dossiers.approve(office.hand("r2"), case_id, proposal)
    office.rounds(times=2)
    assert dossiers.find_proposal(office.case("r3", case_id), proposal).state == "approved"


def test_a_dossier_whose_attestations_do_not_hold_is_shown_and_withdrawn(
    office: OfficeHours, case_id: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its page opens to everybody and says that it is blocked, and anybody can take it back."""
    photo_released(office, case_id)
    draft = draft_with(office, case_id, "story")
    with monkeypatch.context() as patch:
        patch.setattr(dossiers, "check_letters", lambda *_: None)
        written = dossier_json(draft, office.roster)
        patch.setattr(dossiers, "dossier_json", lambda *_: written)
        alone = replace(draft.known[0], attestations=draft.known[0].attestations[:1])
        proposal = dossiers.propose(office.hand("r1"), case_id, replace(draft, known=(alone,)), ())
    office.rounds(times=2)

    found = dossiers.find_proposal(office.case("r2", case_id), proposal)
    assert (found.state, found.blocked_by, found.approvals) == ("blocked", "draft", ())
    with pytest.raises(AttestationError):
        dossiers.approve(office.hand("r2"), case_id, proposal)
    browser = open_browser(office, "r2")
    path = f"/cases/{case_id.hex()}/proposals/{proposal.hex()}"
    assert "This app can build no dossier from it." in browser.words(path)
    browser.post(f"{path}/withdraw")
    assert dossiers.find_proposal(office.case("r2", case_id), proposal).state == "withdrawn"
    browser.get(path)
