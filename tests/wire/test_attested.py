"""What a letter said can be shown piece by piece, and nothing else with it."""

import contextlib
import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.test_letter import FIELDS as ANSWERS
from tests.wire.test_letter import LETTER, letters
from wire.attested import CLAIM, FIELDS, FIRST_FILE, LIMITS, STORY, Opening, Piece, commitment_to, show
from wire.errors import AttestationError
from wire.fields import dump
from wire.files import File
from wire.letter import Letter, decode_content, encode_content

CLAIMED = replace(LETTER, claim=bytes(range(32)))
FILE = File("a.jpg", "image/jpeg", 0, 0, bytes(32))
LONGEST = replace(
    CLAIMED,
    story="x" * 4_000,
    fields={"people": "x" * 5_980},
    files=(FILE,) * 101,
    parts=(),
)
HASHES = st.binary(min_size=32, max_size=32)
OPENINGS = st.builds(
    Opening, st.lists(HASHES | st.builds(Piece, HASHES, st.binary(max_size=300)), max_size=6).map(tuple), HASHES
)


def test_the_commitment_follows_from_the_rules_of_the_format() -> None:
    """The number is the chain of salted hashes that docs/format.md describes."""

    def salt(place: int) -> bytes:
        secret = CLAIMED.instance + CLAIMED.conversation + CLAIMED.tip + CLAIMED.number.to_bytes(4, "big")
        return hashlib.sha256(b"lapwing/v1/attestation salt" + secret + place.to_bytes(4, "big")).digest()

    values = [bytes(range(32)), CLAIMED.story.encode(), dump(CLAIMED.fields), CLAIMED.files[0].sha256]
    rest = salt(4_294_967_295)
    for place in (3, 2, 1, 0):
        leaf = hashlib.sha256(b"lapwing/v1/attestation piece" + salt(place) + values[place]).digest()
        rest = hashlib.sha256(b"lapwing/v1/attestation link" + leaf + rest).digest()

    assert commitment_to(CLAIMED) == rest


@given(letters())
def test_every_app_comes_to_the_same(letter: Letter) -> None:
    """The letter as another app reads it has the same commitment."""
    assert commitment_to(decode_content(encode_content(letter))) == commitment_to(letter)


@given(letters(), ANSWERS)
def test_whatever_was_said_otherwise_has_another_commitment(letter: Letter, answers: dict[str, str]) -> None:
    """Another story, claim, answer, file, tip, number or conversation gives another number."""
    others = [
        replace(letter, story=letter.story[:3_000] + "x"),
        replace(letter, claim=hashlib.sha256(letter.claim or b"").digest()),
        replace(letter, tip=hashlib.sha256(letter.tip).digest()[:16]),
        replace(letter, conversation=hashlib.sha256(letter.conversation).digest()),
        replace(letter, number=2 if letter.number == 1 else letter.number % 1_000_000 + 1, case_key=None)
        if letter.number != 1_000_000
        else replace(letter, number=2),
    ]
    if dump(answers) != dump(letter.fields):
        others.append(replace(letter, fields=answers))

    assert commitment_to(letter) not in {commitment_to(other) for other in others}


@given(letters(), st.data())
def test_what_is_shown_is_what_was_said(letter: Letter, data: st.DataObject) -> None:
    """Any choice of pieces is checked against the commitment and gives their values."""
    values = [letter.claim or b"", letter.story.encode(), dump(letter.fields), *(file.sha256 for file in letter.files)]
    places = data.draw(st.sets(st.integers(0, len(values) - 1)))
    opening = Opening.decode(show(letter, places).encode())

    assert opening.check(commitment_to(letter)) == {place: values[place] for place in places}


def test_the_claim_is_shown_with_nothing_else() -> None:
    """An opening of the claim holds two hashes' worth of bytes beside it, however much the letter said."""
    opening = show(LONGEST, {CLAIM})

    assert opening.check(commitment_to(LONGEST)) == {CLAIM: bytes(range(32))}
    assert len(opening.encode()) == len(show(replace(CLAIMED, files=(), parts=()), {CLAIM}).encode())


def test_what_is_not_shown_is_not_in_the_opening() -> None:
    """Neither story, answers nor the secrets that salt them stand in an opening of a file."""
    opening = show(CLAIMED, {FIRST_FILE}).encode()

    for place in (CLAIM, STORY, FIELDS):
        assert show(CLAIMED, {place}).pieces[place] not in Opening.decode(opening).pieces
    for secret in (CLAIMED.conversation, CLAIMED.tip):
        assert secret.hex().encode() not in opening


def test_a_short_story_cannot_be_tried_out() -> None:
    """Two letters that say the same, under other codenames, have nothing in common."""
    other = replace(CLAIMED, conversation=bytes(range(32, 64)))

    shown, seen = show(CLAIMED, {FIRST_FILE}), show(other, {FIRST_FILE})
    assert not set(shown.pieces) & set(seen.pieces)
    assert shown.rest != seen.rest


def test_a_changed_piece_does_not_make_the_commitment() -> None:
    """Another story, another salt, another order or another rest is refused."""
    opening = show(CLAIMED, {STORY, FIELDS})
    claim, story, fields = opening.pieces
    assert isinstance(story, Piece)
    changed = [
        replace(opening, pieces=(claim, replace(story, value=b"other"), fields)),
        replace(opening, pieces=(claim, replace(story, salt=bytes(32)), fields)),
        replace(opening, pieces=(claim, fields, story)),
        replace(opening, pieces=(story, fields)),
        replace(opening, rest=bytes(32)),
    ]
    for other in changed:
        with pytest.raises(AttestationError, match="not of the letter"):
            other.check(commitment_to(CLAIMED))


def test_a_letter_has_no_more_pieces_than_it_has() -> None:
    """A file that was not sent cannot be shown."""
    for place in (FIRST_FILE + 1, -1):
        with pytest.raises(AttestationError, match="no such piece"):
            show(CLAIMED, {place})


def test_all_of_the_longest_letter_fits() -> None:
    """Every piece of a letter with the longest words and the most files is shown within the limit."""
    places = set(range(LIMITS.pieces))
    opening = Opening.decode(show(LONGEST, places).encode())

    assert set(opening.check(commitment_to(LONGEST))) == places


@pytest.mark.parametrize(
    ("pieces", "rest"), [((bytes(31),), bytes(32)), ((), bytes(33)), ((bytes(32),) * 105, bytes(32))]
)
def test_an_opening_has_hashes_of_one_size(pieces: tuple[bytes, ...], rest: bytes) -> None:
    """A hash of another size, or more pieces than a letter has, makes no opening."""
    with pytest.raises(AttestationError, match="too many pieces, or a hash"):
        Opening(pieces, rest)


@pytest.mark.parametrize(("salt", "value"), [(bytes(31), b""), (bytes(32), bytes(6_001))])
def test_a_piece_has_a_salt_and_a_bounded_value(salt: bytes, value: bytes) -> None:
    """A salt of another size or a value longer than any in a letter makes no piece."""
    with pytest.raises(AttestationError, match="a piece has"):
        Piece(salt, value)


@given(OPENINGS)
def test_every_opening_is_read_as_written(opening: Opening) -> None:
    """What is encoded is decoded to the same."""
    assert Opening.decode(opening.encode()) == opening


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b'"v":1', b'"v":2'),
        (b'"leaf"', b'"leave"'),
        (b'{"leaf"', b'{"more":1,"leaf"'),
        (b'"pieces":[', b'"pieces":[1,'),
        (b'"rest"', b'"more":1,"rest"'),
    ],
)
def test_what_is_no_opening_is_refused(part: bytes, other: bytes) -> None:
    """Bytes of another form are refused."""
    encoded = show(CLAIMED, {STORY}).encode()
    assert part in encoded
    with pytest.raises(AttestationError):
        Opening.decode(encoded.replace(part, other, 1))


@given(st.binary(max_size=300))
def test_any_bytes_give_an_opening_or_an_error(untrusted: bytes) -> None:
    """No bytes do anything but give an opening or an ``AttestationError``."""
    with contextlib.suppress(AttestationError):
        Opening.decode(untrusted)
