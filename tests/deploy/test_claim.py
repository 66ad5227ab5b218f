"""`lapwing claim`: an agency asks, the source signs, the agency verifies, and nobody else has any use for it."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from crypto.claim import ClaimWords
from crypto.dsse import Envelope
from deploy import claim
from deploy.claim import Person
from prosecutor.keyfile import OfficeKey
from tests.wire.claims import (
    BENEFICIARY,
    CHALLENGE,
    COMMITMENT,
    EXPIRES,
    IDENTITY,
    KEY,
    KEYS,
    OFFICE,
    OTHER_KEY,
    SALT,
    TODAY,
    WORDS,
)
from wire.claim import Challenge, Commitment, sign_challenge
from wire.claim_answer import ANSWER_SIZE

ASK = ("--programme", CHALLENGE.programme, "--case", CHALLENGE.case, "--expires", EXPIRES.isoformat())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the agency's key, another agency's key, and a challenge."""
    (tmp_path / "key").write_bytes(OfficeKey(OFFICE.name, IDENTITY, KEY).encode())
    other = OfficeKey("Another", type(IDENTITY).from_seed(bytes(32)), OTHER_KEY)
    (tmp_path / "other").write_bytes(other.encode())
    assert challenge(tmp_path) == 0
    return tmp_path


def person(answers: Sequence[str] = (BENEFICIARY, "yes"), words: str = str(WORDS), today: date = TODAY) -> Person:
    """Return who gives these answers, in this order, and types these claim words."""
    left = list(answers)

    def ask(_prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    return Person(ask, lambda _prompt: words, lambda: today)


def challenge(place: Path, *more: str, key: str = "key", out: str = "challenge.json", today: date = TODAY) -> int:
    """Ask for proof."""
    wanted = more or ("--commitment", COMMITMENT.encode(), *ASK)
    arguments = ["challenge", "-i", str(place / key), "-o", str(place / out), *wanted]
    return claim.main(arguments, person(today=today))


def sign(place: Path, who: Person, *more: str, asked: str = "challenge.json") -> int:
    """Sign as that person."""
    return claim.main(["sign", str(place / asked), "-o", str(place / "answer.age"), *more], who)


def verify(place: Path, *more: str, key: str = "key", commitment: Commitment = COMMITMENT, today: date = TODAY) -> int:
    """Verify as that agency."""
    arguments = ["verify", str(place / "answer.age"), "-i", str(place / key), "--commitment", commitment.encode()]
    return claim.main([*arguments, *more], person(today=today))


@pytest.mark.parametrize(("language", "yes"), [("en", "Yes "), ("fr", "oui")])
def test_an_agency_asks_the_source_signs_and_the_agency_verifies(
    place: Path, capsys: pytest.CaptureFixture[str], language: str, yes: str
) -> None:
    """What the source read before signing is what the agency reads, with nothing but commitment, answer and key."""
    capsys.readouterr()
    assert sign(place, person((f" {BENEFICIARY} ", yes)), "--language", language) == 0
    read = [line for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    assert (place / "answer.age").stat().st_size == ANSWER_SIZE
    assert (place / "answer.age").stat().st_mode & 0o777 == 0o600
    (place / "challenge.json").unlink()
    assert verify(place) == 0
    printed = capsys.readouterr()
    assert [line for line in printed.out.splitlines() if line.startswith("    ")] == read
    assert len(read) == 7
    assert read[-1].endswith(BENEFICIARY)
    assert not printed.err


def test_claim_words_are_never_shown(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither what is printed nor the answer holds them."""
    assert sign(place, person()) == 0
    printed = capfd.readouterr()
    assert str(WORDS) not in printed.out + printed.err


def test_nobody_may_be_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty line as beneficiary is said in words."""
    assert sign(place, person(("", "yes"))) == 0
    assert "(nobody is named)" in capsys.readouterr().out


@pytest.mark.parametrize("answers", [("x", "no"), ("x", ""), ("x",), (), ("two\nlines", "yes"), ("x" * 401, "yes")])
def test_nothing_is_signed_without_a_yes(
    place: Path, capsys: pytest.CaptureFixture[str], answers: Sequence[str]
) -> None:
    """Whoever says no, or nothing, or writes no line, has signed nothing."""
    assert sign(place, person(answers)) == 1
    assert not (place / "answer.age").exists()
    assert capsys.readouterr().err.startswith("lapwing claim: ")


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ("abacus", "4 words and a number"),
        ("quetzalx abacus abacus abacus 07", "word 1 is not on the list"),
        (f"{str(WORDS)[:-2]}{(int(WORDS.number) + 1) % 100:02}", "do not belong together"),
        (str(ClaimWords((1, 2, 3, 4))), "belong to another tip"),
    ],
)
def test_wrong_words_are_told_and_sign_nothing(
    place: Path, capsys: pytest.CaptureFixture[str], words: str, match: str
) -> None:
    """Each in its own words, and without repeating what was typed."""
    assert sign(place, person(words=words)) == 1
    error = capsys.readouterr().err
    assert match in error
    assert "quetzalx" not in error
    assert not (place / "answer.age").exists()


def test_a_stolen_answer_is_useless_elsewhere(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another agency cannot open it; and what was given to another agency does not count here."""
    assert sign(place, person()) == 0
    assert verify(place, key="other") == claim.EXIT_NO_MATCH
    assert "given to another agency" in capsys.readouterr().err
    # The keys of both offices in one hand: who asks in their own name gets what no other office takes.
    both = OfficeKey("Another", IDENTITY, OTHER_KEY)
    (place / "both").write_bytes(both.encode())
    assert challenge(place, key="both", out="relayed.json") == 0
    (place / "answer.age").unlink()
    assert sign(place, person(), asked="relayed.json") == 0
    assert verify(place, key="both") == 0
    assert verify(place) == 1
    assert "only an answer to your own challenge counts" in capsys.readouterr().err


def test_an_answer_about_another_tip_is_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The commitment is the one that was released, in every part of it."""
    assert sign(place, person()) == 0
    assert verify(place, commitment=Commitment(KEYS.public.commitment, SALT, known_to_intake=True)) == 1
    assert "another tip" in capsys.readouterr().err


def test_an_answer_counts_by_the_day_on_which_it_came(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Years later it is verified as of the day on which it was received."""
    assert sign(place, person()) == 0
    later = EXPIRES + timedelta(days=400)
    assert verify(place, today=later) == 1
    assert "last day is over" in capsys.readouterr().err
    assert verify(place, "--received", EXPIRES.isoformat(), today=later) == 0
    assert verify(place, "--received", later.isoformat()) == 1


def test_a_challenge_that_is_over_is_neither_made_nor_signed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The agency is told when it asks, the source when they sign."""
    assert challenge(place, out="late.json", today=EXPIRES + timedelta(days=1)) == 1
    assert not (place / "late.json").exists()
    assert sign(place, person(today=EXPIRES + timedelta(days=1))) == 1
    assert capsys.readouterr().err.count("last day is over") == 2


def test_a_challenge_that_was_changed_is_not_signed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever passes it on cannot change what it asks."""
    envelope = Envelope.decode((place / "challenge.json").read_bytes().strip())
    other = Challenge.decode(envelope.payload.replace(b"FWS-2026-117", b"FWS-2026-118"))
    (place / "challenge.json").write_bytes(sign_challenge(other, OTHER_KEY).encode())
    assert sign(place, person()) == 1
    assert "not signed by the agency" in capsys.readouterr().err


def test_no_two_challenges_are_alike(place: Path) -> None:
    """Each has a nonce of its own, so that an answer belongs to one of them."""
    assert challenge(place, out="again.json") == 0
    one, other = (Envelope.decode((place / name).read_bytes().strip()) for name in ("challenge.json", "again.json"))
    assert Challenge.decode(one.payload).nonce != Challenge.decode(other.payload).nonce


def test_a_claim_made_on_arrival_is_marked_everywhere(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Agency and source are told, when it is asked, signed and verified."""
    known = Commitment(COMMITMENT.digest, COMMITMENT.salt, known_to_intake=True)
    assert challenge(place, "--commitment", known.encode(), *ASK, out="known.json") == 0
    assert sign(place, person(), asked="known.json") == 0
    assert verify(place, commitment=known) == 0
    assert capsys.readouterr().out.count("were made on arrival") == 3


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", claim.EXIT_NOT_SEALED), (b"no age file", claim.EXIT_NOT_SEALED), (None, claim.EXIT_DAMAGED)],
)
def test_a_damaged_answer_is_told_apart(place: Path, content: bytes | None, code: int) -> None:
    """What is no sealed file, and one that was cut short."""
    assert sign(place, person()) == 0
    whole = (place / "answer.age").read_bytes()
    (place / "answer.age").write_bytes(whole[:-1] if content is None else content)
    assert verify(place) == code


def test_files_that_are_not_there_or_stand_there_already_are_told(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is overwritten, and no name is repeated."""
    assert sign(place, person(), asked="missing-name") == 2
    assert verify(place) == 2
    assert challenge(place) == 2
    assert challenge(place, key="challenge.json", out="new.json") == 2
    error = capsys.readouterr().err
    assert "missing-name" not in error
    assert error.count("lapwing claim: ") == 4


@pytest.mark.parametrize(
    "arguments",
    [[], ["sing"], ["sign"], ["verify", "answer.age"], ["challenge", "--expires", "soon"], ["sign", "x", "--help-me"]],
)
def test_wrong_arguments_end_in_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Without repeating what was typed."""
    assert claim.main(arguments) == 2
    assert "soon" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--commitment", "lapwing-claim1qqq", *ASK),
        ("--commitment", COMMITMENT.encode(), "--programme", "", "--case", "x", "--expires", "2026-12-31"),
    ],
)
def test_a_challenge_that_no_source_could_read_is_not_made(
    place: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]
) -> None:
    """A commitment that was mistyped, or an empty programme."""
    assert challenge(place, *wrong, out="wrong.json") == 1
    assert not (place / "wrong.json").exists()
    assert "lapwing-claim1qqq" not in capsys.readouterr().err


def test_help_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    """It names the three verbs."""
    assert claim.main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(verb in printed for verb in ("challenge", "sign", "verify"))


def test_without_a_person_the_terminal_is_asked(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With no input there, nothing is signed."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    far = ("--commitment", COMMITMENT.encode(), *ASK[:4], "--expires", "2999-12-31")
    assert challenge(place, *far, out="far.json") == 0
    assert claim.main(["sign", str(place / "far.json"), "-o", str(place / "answer.age")]) == 1
    assert "no answer to a question" in capsys.readouterr().err
