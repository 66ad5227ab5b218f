"""Custody tells what the log tells, in the language of the dossier."""

from dataclasses import replace

import pytest

from reviewer.acts.custody import WORDS, custody, origin
from reviewer.errors import ActError
from tests.reviewer.casework import CASE, TODAY, Desk, Staff, opening
from wire.content import Confirmed, EraseProposed, ExhibitAdded, ReleaseProposed
from wire.draft import Language

PHOTO, OTHER = b"p" * 32, b"o" * 32


def exhibit(sha256: bytes = PHOTO, how: str = "with a camera") -> ExhibitAdded:
    """What a reviewer says of something that they found."""
    return ExhibitAdded(
        on=TODAY,
        case=CASE,
        name="a.png",
        type="image/png",
        size=1,
        sha256=sha256,
        parts=(),
        index=False,
        captured_by="Desk r1",
        captured_on=TODAY,
        taken_from="an auction",
        how=how,
    )


@pytest.fixture
def desks() -> tuple[Desk, Desk]:
    """Two reviewers, one of whom opened the case's letter."""
    staff = Staff(("r1", "r2"))
    first = staff.desk("r1")
    first.open("r1", "r2")
    return first, staff.desk("r2", first)


def steps(desk: Desk, *chosen: bytes, language: Language = "en") -> list[tuple[str, str, bytes | None]]:
    """Custody as this desk tells it."""
    entries = custody(desk.case, desk.staff.roster, chosen, TODAY, "r1", language)
    return [(entry.who, entry.what, entry.sha256) for entry in entries]


def test_a_release_names_who_proposed_and_who_agreed(desks: tuple[Desk, Desk]) -> None:
    """Both reviewers stand there, in the order of the log, and nothing of what was not chosen."""
    first, second = desks
    first.say(exhibit())
    first.say(exhibit(OTHER))
    proposed = first.say(ReleaseProposed(on=TODAY, case=CASE, sha256=PHOTO, reason="x"))
    erase = first.say(EraseProposed(on=TODAY, case=CASE, reason="x"))
    second.hear(first.known.values())
    second.say(Confirmed(on=TODAY, case=CASE, proposal=proposed.id))
    second.say(Confirmed(on=TODAY, case=CASE, proposal=erase.id))
    assert steps(second, PHOTO) == [
        ("Desk r1", "opened letter 1 of the source and verified who wrote it", None),
        ("Desk r1", "added the exhibit to the case", PHOTO),
        ("Desk r1", "proposed that the original may be passed on", PHOTO),
        ("Desk r2", "agreed that the original may be passed on", PHOTO),
        ("Desk r1", "put the exhibit, as kept in the vault, into this dossier", PHOTO),
    ]


def test_a_letter_that_was_not_verified_is_not_called_so(desks: tuple[Desk, Desk]) -> None:
    """Where the source's authentication did not hold, the dossier says that."""
    _, second = desks
    second.say(replace(opening(["r1", "r2"]), checked=False))
    assert steps(second)[1][1] == "opened letter 1; that the source wrote it could not be verified"


def test_a_case_opened_by_a_reviewer_begins_with_them() -> None:
    """In French, for a French report."""
    first = Staff(("r1", "r2")).desk("r1")
    first.say(opening(["r1", "r2"], 0, None))
    assert steps(first, language="fr") == [("Desk r1", "a ouvert le dossier d’enquête", None)]


def test_too_many_steps_are_refused_not_cut_off(desks: tuple[Desk, Desk]) -> None:
    """Nothing of custody is lost in silence."""
    first, _ = desks
    with pytest.raises(ActError, match="fewer exhibits"):
        steps(first, *(bytes([number]) * 32 for number in range(100)))


def test_an_origin_says_who_captured_it_and_how() -> None:
    """What is longer than a dossier takes ends in an ellipsis, within its bytes."""
    assert origin("fr", 2, None) == "envoyée par la source avec la lettre 2"
    said = exhibit()
    assert origin("en", None, said) == "captured by Desk r1; on 2026-11-25; an auction; with a camera"
    long = origin("en", None, replace(said, captured_on=None, how="象" * 500))
    assert long.endswith("象…")
    assert len(long.encode()) <= 400


def test_both_languages_say_the_same_things() -> None:
    """No word is missing in one of them."""
    assert WORDS["en"].keys() == WORDS["fr"].keys()
