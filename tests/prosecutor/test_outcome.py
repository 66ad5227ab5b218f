"""How an office tells what came of a dossier, so that the organisation's rules can read it."""

import json
from datetime import date
from pathlib import Path

import pytest

from crypto.dsse import Envelope
from prosecutor import cli
from prosecutor.keyfile import OfficeKey
from tests.wire.dossiers import Desk
from wire.outcome import Outcome
from wire.receipt import open_receipt

SAID = ("--outcome", "Two were convicted.")
LACEY = ("--country", "US", "--law", "us-lacey")


@pytest.fixture
def place(tmp_path: Path, sealed: bytes, key: OfficeKey) -> Path:
    """A place with an opened dossier and the key."""
    (tmp_path / "dossier.age").write_bytes(sealed)
    (tmp_path / "key").write_bytes(key.encode())
    run("open", tmp_path / "dossier.age", "-i", tmp_path / "key", "-o", tmp_path / "out")
    return tmp_path


def run(*arguments: object) -> int:
    """Run the command."""
    return cli.main([str(one) for one in arguments])


def sign(place: Path, *options: str) -> int:
    """Sign an answer to the dossier."""
    return run("receipt", place / "out", "-i", place / "key", *options)


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        (
            (*LACEY, "--happened", "forfeiture, Conviction", "--collected", "025000usd", "--day", "2026-11-20"),
            Outcome(
                country="US",
                happened=("conviction", "forfeiture"),
                law="us-lacey",
                collected="25000 USD",
                day=date(2026, 11, 20),
            ),
        ),
        (
            ("--country", "ke", "--happened", "charge", "--statute", " Wildlife Act\n2013, s. 92 "),
            Outcome(country="KE", happened=("charge",), statute="Wildlife Act 2013, s. 92"),
        ),
        (("--country", "US", "--proceedings", "over"), Outcome(country="US", proceedings="over")),
        ((*LACEY, "--sanctions", "0.50 USD"), Outcome(country="US", law="us-lacey", sanctions="0.50 USD")),
        ((), None),
    ],
)
def test_what_came_of_it_is_signed(place: Path, desk: Desk, options: tuple[str, ...], outcome: Outcome | None) -> None:
    """The options come out as fields beside the text; an outcome in words alone is one too."""
    assert sign(place, *SAID, *options) == cli.FINE
    envelope = Envelope.decode((place / "out.outcome.json").read_bytes())
    receipt = open_receipt(envelope, desk.office, bytes.fromhex(json.loads(envelope.payload)["dossier"]))
    assert (receipt.kind, receipt.text, receipt.outcome) == ("outcome", "Two were convicted.", outcome)


def test_an_outcome_after_a_receipt_needs_no_other_name(place: Path) -> None:
    """Each kind of answer goes into a file of its own beside the folder."""
    assert sign(place) == sign(place, "--question", "Who?") == sign(place, *SAID) == cli.FINE
    assert {path.name for path in place.glob("*.json")} == {
        "out.receipt.json",
        "out.question.json",
        "out.outcome.json",
    }


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--happened", "conviction"), "these options go with --outcome TEXT"),
        (("--question", "Who?", "--day", "2026-11-20"), "these options go with --outcome TEXT"),
        ((*SAID, "--law", "us-lacey", "--happened", "conviction"), "--country is missing"),
        ((*SAID, "--country", "Kenya", "--proceedings", "over"), "--country is two letters"),
        ((*SAID, *LACEY), "nothing is told"),
        ((*SAID, *LACEY, "--happened", "acquittal"), "--happened is one or several, with commas, of: arrest, charge"),
        ((*SAID, *LACEY, "--happened", ""), "--happened is one or several"),
        ((*SAID, "--country", "US", "--happened", "conviction"), "add --law or --statute"),
        ((*SAID, *LACEY, "--statute", "16 USC 3373", "--happened", "conviction"), "not both"),
        ((*SAID, "--country", "US", "--law", "Lacey Act", "--happened", "conviction"), "with --statute"),
        ((*SAID, "--country", "US", "--statute", " ", "--happened", "conviction"), "--statute is one line"),
        ((*SAID, "--country", "US", "--statute", "x" * 201, "--happened", "conviction"), "at most 200 bytes"),
        ((*SAID, *LACEY, "--collected", "25,000 dollars"), "--collected is digits and a currency"),
        ((*SAID, *LACEY, "--sanctions", "1.234 USD"), "--sanctions is digits and a currency"),
        ((*SAID, *LACEY, "--happened", "charge", "--day", "yesterday"), "--day is a day such as"),
        ((*SAID, *LACEY, "--proceedings", "none"), "--proceedings is under_way or over"),
    ],
)
def test_what_does_not_fit_is_told_with_the_remedy(
    place: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], complaint: str
) -> None:
    """One line says which option is wrong and what it takes; nothing is signed, and nothing typed is repeated."""
    capsys.readouterr()
    assert sign(place, *options) == cli.USAGE
    printed = capsys.readouterr().err
    assert complaint in printed
    assert printed.count("\n") == 1
    assert not any(word in printed for word in ("acquittal", "Kenya", "dollars", "yesterday", "3373", "Lacey Act"))
    assert not list(place.glob("*.json"))


def test_the_help_shows_an_example_that_works(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the help tells to type can be typed."""
    run("receipt", "--help")
    example = capsys.readouterr().out.partition("An example:")[2]
    options = (
        "--country US --law us-lacey --happened conviction,forfeiture",
        '--collected "25000 USD" --proceedings over',
    )
    assert all(each in example for each in options)
    assert sign(place, *SAID, *options[0].split(), "--collected", "25000 USD", "--proceedings", "over") == cli.FINE
