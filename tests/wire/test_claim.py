"""Commitments and challenges."""

import contextlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import bech32
from crypto.claim import claim_salt
from crypto.dsse import sign
from tests.wire.claims import CHALLENGE, COMMITMENT, EXPIRES, KEY, OFFICE, OTHER_KEY, OTHER_OFFICE, TODAY
from tests.wire.edges import changed
from tests.wire.test_letter import LETTER
from wire.claim import CHALLENGE_TYPE, Challenge, Commitment, commitment_of, open_challenge, sign_challenge
from wire.errors import ChallengeExpiredError, ClaimError
from wire.fields import Json

TEXT = COMMITMENT.encode()
PAYLOAD = CHALLENGE.encode()
COMMITMENTS = st.builds(
    Commitment, st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16), st.booleans()
)


@given(COMMITMENTS)
def test_a_commitment_is_read_as_it_was_written(commitment: Commitment) -> None:
    """As text it has 99 characters, which a person can copy."""
    text = commitment.encode()
    assert Commitment.decode(text) == commitment
    assert len(text) == 99
    assert text.startswith("lapwing-claim1")


@given(st.text(max_size=110), st.integers(0, 98), st.characters())
def test_any_other_text_is_no_commitment(text: str, place: int, sign: str) -> None:
    """Nothing but our error is raised, and one sign that was mistyped is noticed."""
    with contextlib.suppress(ClaimError):
        Commitment.decode(text)
    mistyped = TEXT[:place] + sign + TEXT[place + 1 :]
    if mistyped != TEXT:
        with pytest.raises(ClaimError):
            Commitment.decode(mistyped)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "incomplete"),
        (TEXT[:-1], "incomplete"),
        (TEXT + "q", "too long"),
        (TEXT.upper(), "lapwing-claim1"),
        (bech32.encode("lapwing-case", bytes(49)), "lapwing-claim1"),
        (bech32.encode("lapwing-claim", bytes(48)), "lapwing-claim1"),
        (bech32.encode("lapwing-claim", b"\x02" + bytes(48)), "lapwing-claim1"),
        (bech32.encode("x", bytes(50)), "lapwing-claim1"),
    ],
)
def test_what_is_wrong_with_a_commitment_is_told(text: str, match: str) -> None:
    """It says what to do, and repeats nothing."""
    with pytest.raises(ClaimError, match=match):
        Commitment.decode(text)


@pytest.mark.parametrize(("digest", "salt"), [(31, 16), (33, 16), (32, 15), (32, 17)])
def test_a_commitment_has_fixed_sizes(digest: int, salt: int) -> None:
    """A digest of 32 bytes and a salt of 16."""
    with pytest.raises(ClaimError, match="32 bytes and a salt of 16"):
        Commitment(bytes(digest), bytes(salt), known_to_intake=True)


@pytest.mark.parametrize(("sealed", "known"), [("before", False), ("device", False), ("arrival", True)])
def test_the_commitment_of_a_letter_tells_whether_the_intake_knew_the_words(sealed: str, known: bool) -> None:
    """A claim made on arrival is marked; its salt is of this tip and organisation."""
    letter = replace(LETTER, sealed=sealed, claim=bytes(range(32)))
    salt = claim_salt(letter.instance, letter.tip)
    assert commitment_of(letter) == Commitment(bytes(range(32)), salt, known)
    assert commitment_of(replace(letter, claim=None)) is None


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=50),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30),
    st.dates(),
    COMMITMENTS,
)
def test_a_challenge_is_read_as_it_was_written(programme: str, case: str, day: date, commitment: Commitment) -> None:
    """Every value comes back."""
    challenge = Challenge(OFFICE, commitment, programme, case, day, bytes(16))
    assert Challenge.decode(challenge.encode()) == challenge


def test_a_signed_challenge_opens_until_its_last_day() -> None:
    """On that day an answer still counts, on the next no more."""
    envelope = sign_challenge(CHALLENGE, KEY)
    opened = open_challenge(envelope.encode() + b"\n", EXPIRES)
    assert (opened.challenge, opened.envelope) == (CHALLENGE, envelope)
    with pytest.raises(ChallengeExpiredError, match="last day is over"):
        open_challenge(envelope.encode(), EXPIRES + timedelta(days=1))


@pytest.mark.parametrize(
    "untrusted",
    [
        sign_challenge(CHALLENGE, OTHER_KEY).encode(),
        sign_challenge(replace(CHALLENGE, office=OTHER_OFFICE), KEY).encode(),
        sign("application/x", PAYLOAD, KEY).encode(),
        replace(sign_challenge(CHALLENGE, KEY), payload=replace(CHALLENGE, case="another").encode()).encode(),
        replace(sign_challenge(CHALLENGE, KEY), signatures=()).encode(),
    ],
)
def test_a_challenge_counts_only_as_its_own_office_signed_it(untrusted: bytes) -> None:
    """Nobody else can ask in an office's name, nor change what it asked."""
    with pytest.raises(ClaimError, match="not signed by the agency"):
        open_challenge(untrusted, TODAY)


@pytest.mark.parametrize(
    "untrusted", [b"", b"{}", b"x" * 6_145, sign(CHALLENGE_TYPE, b"{}", KEY).encode(), b"\n", PAYLOAD]
)
def test_what_is_no_challenge_is_refused(untrusted: bytes) -> None:
    """A file that is none, is too long, or holds something else."""
    with pytest.raises(ClaimError, match=r"^challenge: "):
        open_challenge(untrusted, TODAY)


def test_the_longest_challenge_has_room() -> None:
    """Every value at its limit, and written in the longest way, still makes a challenge that can be read."""
    office = replace(OFFICE, name="\U0001f418" * 120)
    challenge = replace(CHALLENGE, office=office, programme='"' * 200, case="\\" * 120)
    assert open_challenge(sign_challenge(challenge, KEY).encode(), TODAY).challenge == challenge


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 0),
        ("v", 2),
        ("commitment", "x" * 100),
        ("programme", "x" * 201),
        ("programme", ""),
        ("case", "x" * 121),
        ("case", ""),
        ("nonce", "00" * 15),
        ("nonce", "00" * 17),
    ],
)
def test_a_field_out_of_bounds_is_named(name: str, value: Json) -> None:
    """The first value beyond a bound is refused where it is read, and the error says which field is wrong."""
    with pytest.raises(ClaimError, match=rf"^challenge: {name} is not .*\d"):
        Challenge.decode(changed(PAYLOAD, **{name: value}))


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("programme", "two\nlines", "control character"),
        ("case", "\u202ecase", "control character"),
        ("expires", "2026-13-01", "not a day"),
        ("commitment", TEXT[:-1] + "q", "commitment"),
        ("office", {"name": "x"}, "missing"),
        ("extra", 1, "does not belong"),
    ],
)
def test_a_malformed_challenge_is_refused(name: str, value: Json, match: str) -> None:
    """One line each, so that no value can pass for another line of the statement; a day; a commitment; an office."""
    with pytest.raises(ClaimError, match=match):
        Challenge.decode(changed(PAYLOAD, **{name: value}))


def test_a_file_of_exactly_the_limit_is_looked_at() -> None:
    """An envelope of 6,144 bytes is read as far as to its payload, and one byte more is not."""
    whole = sign(CHALLENGE_TYPE, b"{}".ljust(4_400), KEY).encode()
    longest = sign(CHALLENGE_TYPE, b"{}".ljust(4_400 + (6_144 - len(whole)) // 4 * 3), KEY).encode()
    assert len(longest) == 6_144
    with pytest.raises(ClaimError, match="more than 4096"):
        open_challenge(longest, TODAY)
    with pytest.raises(ClaimError, match="the file is none"):
        open_challenge(longest + b" ", TODAY)


def test_an_office_signs_nothing_out_of_bounds() -> None:
    """A challenge that no source could read is not signed."""
    with pytest.raises(ClaimError, match="programme"):
        sign_challenge(replace(CHALLENGE, programme=""), KEY)
    longest = replace(CHALLENGE, programme="x" * 200, case="x" * 120)
    assert sign_challenge(longest, KEY).payload == longest.encode()


def test_a_challenge_of_exactly_the_limit_is_read() -> None:
    """White space between tokens is no matter up to 4,096 bytes."""
    assert Challenge.decode(PAYLOAD.ljust(4_096)) == CHALLENGE
    with pytest.raises(ClaimError, match="more than 4096 bytes"):
        Challenge.decode(PAYLOAD.ljust(4_097))
