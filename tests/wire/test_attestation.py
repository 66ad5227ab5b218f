"""Known by this date: what reviewers' apps sign, and what several of them come to."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto.dsse import Envelope, sign
from tests.wire.organisation import INSTANCE, WEEK, Organisation
from tests.wire.test_letter import LETTER
from wire.attestation import PAYLOAD_TYPE, Attestation, Known, attest, known_by, open_attestation
from wire.attested import commitment_to
from wire.errors import AttestationError
from wire.letter import Letter
from wire.week import Week

ORGANISATION = Organisation()
ROSTER = ORGANISATION.roster
ATTESTATION = Attestation(INSTANCE, "r1", commitment_to(LETTER), WEEK)
IN_WEEKS = (WEEK, WEEK.next(), WEEK.next().next(), WEEK.next().next().next())


class App:
    """A reviewer's app: it notes the week in which it first pulls a letter, by its own clock, and signs that."""

    def __init__(self, reviewer: str) -> None:
        self.reviewer = reviewer
        self.first: dict[bytes, Week] = {}

    def pull(self, letters: Sequence[Letter], week: Week) -> None:
        """Take what the intake gives in a week; a letter seen before stays of its first week."""
        for letter in letters:
            self.first.setdefault(commitment_to(letter), week)

    def attest(self, letter: Letter) -> Envelope:
        """Sign for a letter."""
        key = ORGANISATION.signing[self.reviewer]
        return attest(letter, self.first[commitment_to(letter)], self.reviewer, key)


def _signed(attestation: Attestation, reviewer: str = "r1") -> Envelope:
    return sign(PAYLOAD_TYPE, attestation.encode(), ORGANISATION.signing[reviewer])


def _known(letter: Letter, *apps: App) -> Known:
    return known_by([open_attestation(app.attest(letter), ROSTER) for app in apps], ROSTER.approvals)


@pytest.fixture
def apps() -> tuple[App, App, App]:
    """The apps of three reviewers."""
    first, second, third = (App(one) for one in ORGANISATION.ids)
    return first, second, third


def test_what_an_app_signs_is_opened(apps: tuple[App, App, App]) -> None:
    """An attestation names organisation, reviewer, commitment and week, and is read with the roster."""
    apps[0].pull([LETTER], WEEK)

    assert open_attestation(apps[0].attest(LETTER), ROSTER) == ATTESTATION


def test_two_apps_tell_by_when_a_letter_was_known(apps: tuple[App, App, App]) -> None:
    """Two that pulled it in one week bear that week out, whoever else comes later within the next."""
    for app in apps[:2]:
        app.pull([LETTER], WEEK)
    apps[2].pull([LETTER], WEEK.next())

    assert _known(LETTER, *apps[:2]) == Known(commitment_to(LETTER), WEEK, WEEK, ("r1", "r2"))
    assert _known(LETTER, *apps) == Known(commitment_to(LETTER), WEEK, WEEK.next(), ("r1", "r2", "r3"))
    assert not _known(LETTER, *apps).held_back


def test_one_app_alone_bears_out_nothing(apps: tuple[App, App, App]) -> None:
    """A week in which only one had it does not count, nor one by an app twice, nor where one were enough."""
    apps[0].pull([LETTER], WEEK)
    apps[1].pull([LETTER], WEEK.next())

    assert _known(LETTER, *apps[:2]).week == WEEK.next()
    with pytest.raises(AttestationError, match="1 given, 2 are needed"):
        _known(LETTER, apps[0])
    with pytest.raises(AttestationError, match="1 given, 2 are needed"):
        known_by([ATTESTATION], 1)
    with pytest.raises(AttestationError, match="two are by one reviewer"):
        _known(LETTER, apps[0], apps[0])
    with pytest.raises(AttestationError, match="0 given"):
        known_by([], 2)


def test_an_intake_that_dates_a_letter_back_is_not_believed(apps: tuple[App, App, App]) -> None:
    """A letter sealed to a sheet of weeks ago, handed out today, is known by today: apps sign their own clock."""
    today = IN_WEEKS[3]
    dated_back = replace(LETTER, week=WEEK)
    for app in apps:
        app.pull([dated_back], today)

    assert _known(dated_back, *apps).week == today


def test_an_intake_that_holds_a_letter_back_is_told(apps: tuple[App, App, App]) -> None:
    """Where one app gets a letter two weeks after the others, the week stands and people are told to look."""
    for app in apps[:2]:
        app.pull([LETTER], WEEK)
    for week in IN_WEEKS:
        apps[2].pull([] if week < IN_WEEKS[2] else [LETTER], week)

    known = _known(LETTER, *apps)
    assert (known.week, known.latest) == (WEEK, IN_WEEKS[2])
    assert known.held_back


def test_the_last_week_there_is_does_not_stop_the_counting(apps: tuple[App, App, App]) -> None:
    """Where a letter was known by a week that none follows, nobody had it later."""
    last = Week(2999, 52)
    for app in apps[:2]:
        app.pull([LETTER], last)
    apps[2].pull([LETTER], WEEK)

    assert not _known(LETTER, *apps[:2]).held_back
    assert _known(LETTER, apps[0], apps[2]).week == last


def test_a_letter_that_comes_again_stays_of_its_first_week(apps: tuple[App, App, App]) -> None:
    """An intake that gives a letter out once more changes no week."""
    for app in apps[:2]:
        app.pull([LETTER], WEEK)
        app.pull([LETTER], IN_WEEKS[3])

    assert _known(LETTER, *apps[:2]).week == WEEK


def test_an_app_whose_clock_is_behind_signs_nothing(apps: tuple[App, App, App]) -> None:
    """A week before that of the letter's key sheet is refused: no app can have had it then."""
    later = replace(LETTER, week=WEEK.next())
    apps[0].pull([later], WEEK)

    with pytest.raises(AttestationError, match="of a later week than this"):
        apps[0].attest(later)


def test_attestations_of_two_letters_are_not_one() -> None:
    """Two reviewers who signed for different letters bear out neither."""
    other = replace(ATTESTATION, reviewer="r2", commitment=bytes(32))

    with pytest.raises(AttestationError, match="not of one letter"):
        known_by([ATTESTATION, other], 2)


def test_only_the_reviewer_named_signs() -> None:
    """A signature by another reviewer, by a stranger, or for somebody who is not on the roster is refused."""
    for envelope in (
        _signed(ATTESTATION, "r2"),
        sign(PAYLOAD_TYPE, ATTESTATION.encode(), SigningKey.generate()),
        _signed(replace(ATTESTATION, reviewer="r9")),
        sign("application/x", ATTESTATION.encode(), ORGANISATION.signing["r1"]),
    ):
        with pytest.raises(AttestationError, match="not signed by the reviewer"):
            open_attestation(envelope, ROSTER)


def test_a_second_signature_is_refused() -> None:
    """An attestation is one reviewer's; who agrees signs another."""
    both = _signed(ATTESTATION).with_signatures(_signed(ATTESTATION, "r2"))

    with pytest.raises(AttestationError, match="exactly one signature"):
        open_attestation(both, ROSTER)


def test_another_organisation_is_refused() -> None:
    """What a reviewer signed for another organisation does not count here."""
    with pytest.raises(AttestationError, match="another organisation"):
        open_attestation(_signed(replace(ATTESTATION, instance=bytes(16))), ROSTER)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b'"v":1', b'"v":2'),
        (b'"r1"', b'"R 1"'),
        (str(WEEK).encode(), b"2026-W99"),
        (b'"week"', b'"more":1,"week"'),
    ],
)
def test_what_is_no_attestation_is_refused(part: bytes, other: bytes) -> None:
    """A payload of another form is refused even when the reviewer signed it."""
    payload = ATTESTATION.encode()
    assert part in payload
    with pytest.raises(AttestationError):
        open_attestation(sign(PAYLOAD_TYPE, payload.replace(part, other), ORGANISATION.signing["r1"]), ROSTER)


@given(st.binary(min_size=32, max_size=32), st.sampled_from(IN_WEEKS), st.sampled_from(["r1", "a-desk", "x" * 32]))
def test_every_attestation_is_read_as_written(commitment: bytes, week: Week, reviewer: str) -> None:
    """What is encoded is decoded to the same."""
    attestation = replace(ATTESTATION, commitment=commitment, reviewer=reviewer, week=week)

    assert Attestation.decode(attestation.encode()) == attestation


@given(st.binary(max_size=300))
def test_any_bytes_give_an_attestation_or_an_error(untrusted: bytes) -> None:
    """No bytes do anything but give an attestation or an ``AttestationError``."""
    with contextlib.suppress(AttestationError):
        Attestation.decode(untrusted)
