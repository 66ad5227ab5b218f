"""Since when a letter was known, as a dossier tells it: attestations, and what of the letter is opened with them."""

import json
from dataclasses import replace

import pytest

from crypto.dsse import sign
from tests.wire.claims import COMMITMENT
from tests.wire.dossiers import PHOTO, Desk, exhibit
from tests.wire.edges import changed
from tests.wire.organisation import WEEK, Organisation
from tests.wire.test_letter import LETTER as SENT
from wire.attestation import PAYLOAD_TYPE, Attestation, attest
from wire.attested import CLAIM, FIELDS, FIRST_FILE, STORY, show
from wire.dossier import Dossier, dossier_json, text_files
from wire.draft import Draft
from wire.errors import AttestationError, DossierError
from wire.fields import Json
from wire.files import File
from wire.known import LIMITS, KnownLetter, ListedLetter, check_known, decode_file, encode_file
from wire.letter import Letter

DESK = Desk()
ROSTER = DESK.organisation.roster
FILE = DESK.draft.exhibits[1]
LETTER = replace(
    SENT,
    story="Ivory, in a lorry.",
    claim=COMMITMENT.digest,
    files=(File("a.jpg", "image/jpeg", 0, 3, FILE.sha256), File("b.jpg", "image/jpeg", 3, 3, bytes(32))),
)
OTHER = replace(LETTER, story="Another.")


def known_letter(places: set[int], letter: Letter = LETTER, by: tuple[str, ...] = ("r1", "r2")) -> KnownLetter:
    """The letter as a dossier tells of it."""
    keys = DESK.organisation.signing
    return KnownLetter(tuple(attest(letter, WEEK, one, keys[one]) for one in by), show(letter, places))


def draft_with(*letters: KnownLetter, claim: bool = False) -> Draft:
    """A draft that tells of letters."""
    return replace(DESK.draft, known=letters, claim=COMMITMENT if claim else None)


def test_a_dossier_lists_since_when_letters_were_known() -> None:
    """Week, reviewers and commitment stand in dossier.json, the signatures in a file of the bag."""
    letter = known_letter({STORY, FIRST_FILE})
    draft = Draft.decode(draft_with(letter).encode())
    dossier = Dossier.decode(dossier_json(draft, ROSTER))

    assert draft.known == (letter,)
    assert dossier.known == (ListedLetter(letter.opening.commitment, WEEK, ("r1", "r2")),)
    written = text_files(draft, ROSTER)["data/attestations.json"]
    assert decode_file(written, draft.dossier) == (letter,)


def test_without_the_tick_nothing_of_it_is_in_a_dossier() -> None:
    """Draft, dossier.json and payload are what they are without any attestation."""
    assert "known" not in json.loads(DESK.draft.encode())
    assert "known" not in json.loads(dossier_json(DESK.draft, ROSTER))
    assert set(text_files(DESK.draft, ROSTER)) == {"data/custody.json", "data/report.html", "data/report.txt"}


def test_the_report_tells_it_in_both_languages() -> None:
    """Since when, to whom, and what is shown, with the story; never that it was the first."""
    letter = known_letter({CLAIM, STORY, FIRST_FILE})
    for language, words in (("en", "Known by the week of"), ("fr", "Connu dès la semaine du")):
        texts = text_files(replace(draft_with(letter, claim=True), language=language), ROSTER)  # type: ignore[arg-type]  # one of the two
        for report in (texts["data/report.txt"].decode(), texts["data/report.html"].decode()):
            for each in (words, "2026-11-23", "Desk r1, Desk r2", LETTER.story, letter.opening.commitment.hex()):
                assert each in report


def test_a_letter_of_which_nothing_is_shown_is_its_number_alone() -> None:
    """The number can be opened later; the report says that nothing is shown."""
    report = text_files(draft_with(known_letter(set())), ROSTER)["data/report.txt"].decode()

    assert "Nothing yet: the number alone." in report
    assert LETTER.story not in report


def test_an_app_that_had_it_late_is_told() -> None:
    """Held back, or off: the office reads who had it more than a week later."""
    later = attest(LETTER, WEEK.next().next(), "r3", DESK.organisation.signing["r3"])
    letter = known_letter({STORY})
    letter = replace(letter, attestations=(*letter.attestations, later))

    assert check_known(letter, ROSTER, None, ()).late == (("r3", WEEK.next().next()),)
    assert "Desk r3 (2026-12-07)" in text_files(draft_with(letter), ROSTER)["data/report.txt"].decode()


FORGED = sign(
    PAYLOAD_TYPE,
    Attestation.decode(known_letter(set()).attestations[1].payload).encode(),
    DESK.organisation.signing["r1"],
)
STRANGER = attest(LETTER, WEEK, "r1", Organisation().signing["r1"])


@pytest.mark.parametrize(
    ("letter", "message"),
    [
        (known_letter({STORY}, by=("r1",)), "1 given, 2 are needed"),
        (known_letter({STORY}, by=("r1", "r1")), "two are by one reviewer"),
        (replace(known_letter({STORY}), opening=show(OTHER, {STORY})), "not of the letter that was attested"),
        (replace(known_letter({STORY}), attestations=known_letter(set(), OTHER).attestations), "not of the letter"),
        (
            replace(known_letter({STORY}), attestations=(known_letter(set()).attestations[0], FORGED)),
            "not signed by the reviewer",
        ),
        (
            replace(known_letter({STORY}), attestations=(STRANGER, known_letter(set()).attestations[1])),
            "not signed by the reviewer",
        ),
        (known_letter({FIELDS}), "all answers of the letter"),
        (known_letter({CLAIM}), "a claim that does not go"),
        (known_letter({FIRST_FILE + 1}), "a file that does not go"),
    ],
)
def test_what_does_not_hold_makes_no_dossier(letter: KnownLetter, message: str) -> None:
    """One attestation, a changed story, another letter, a forged signature, or a piece that does not go with it."""
    with pytest.raises(AttestationError, match=message):
        dossier_json(draft_with(letter), ROSTER)


def test_another_claim_is_not_shown_beside_the_released_one() -> None:
    """The commitment that is opened must be the one that goes with the dossier."""
    other = replace(LETTER, claim=bytes(32))
    with pytest.raises(AttestationError, match="a claim that does not go"):
        dossier_json(draft_with(known_letter({CLAIM}, other), claim=True), ROSTER)
    assert check_known(known_letter({CLAIM}), ROSTER, COMMITMENT.digest, ()).claim


def test_a_file_of_attestations_belongs_to_its_dossier() -> None:
    """One of another dossier is refused, and one that is none."""
    letter = known_letter({STORY})
    with pytest.raises(AttestationError, match="another dossier"):
        decode_file(encode_file(bytes(16), [letter]), bytes(range(16)))
    for wrong in (b"{}", changed(encode_file(bytes(16), [letter]), letters=[])):
        with pytest.raises(AttestationError):
            decode_file(wrong, bytes(16))


@pytest.mark.parametrize("known", [[], [{}], [{"attestations": [{}], "opening": {}}], [{"attestations": ["x"]}]])
def test_a_draft_with_what_is_no_attestation_is_refused(known: Json) -> None:
    """Neither an empty list, nor a letter without envelopes or opening."""
    with pytest.raises(DossierError):
        Draft.decode(changed(DESK.draft.encode(), known=known))


def test_a_draft_tells_of_at_most_four_letters() -> None:
    """A fifth is refused."""
    letters = [known_letter(set(), replace(LETTER, story=str(number))) for number in range(LIMITS.letters + 1)]
    assert len(Draft.decode(draft_with(*letters[:-1]).encode()).known) == LIMITS.letters
    with pytest.raises(DossierError, match="known is not a list of 1 to 4"):
        draft_with(*letters).encode()


def test_a_story_that_is_no_text_is_refused() -> None:
    """Nothing but text can be shown as a story."""
    letter = known_letter({STORY})
    claim, piece = letter.opening.pieces
    assert not isinstance(piece, bytes)
    opening = replace(letter.opening, pieces=(claim, replace(piece, value=b"\xff")))
    keys = DESK.organisation.signing
    signed = tuple(
        sign(PAYLOAD_TYPE, Attestation(ROSTER.instance, one, opening.commitment, WEEK).encode(), keys[one])
        for one in ("r1", "r2")
    )
    with pytest.raises(AttestationError, match="no text"):
        check_known(KnownLetter(signed, opening), ROSTER, None, ())


def test_the_exhibit_itself_is_what_is_shown() -> None:
    """A safe copy is another file than the letter's, so it is not shown to have come with it."""
    copy = exhibit("copy.jpg", PHOTO)
    with pytest.raises(AttestationError, match="a file that does not go"):
        check_known(known_letter({FIRST_FILE}), ROSTER, None, {copy.sha256})
