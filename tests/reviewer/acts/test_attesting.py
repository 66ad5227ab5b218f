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
from tests.reviewer.office_hours import OfficeHours
from tests.reviewer.source import Source
from wire.attested import FIRST_FILE, STORY, Opening
from wire.draft import Draft
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
        assert dossiers.rebuild(look, case_id, found.content).matches  # type: ignore[arg-type]  # it is a dossier
    with pytest.raises(ActError, match="propose it anew"):
        dossiers.approve(office.hand("r2"), case_id, proposal)
