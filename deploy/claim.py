"""`lapwing claim`: proof of authorship without a name. An agency asks, the source signs, the agency verifies.

    lapwing claim challenge -i KEYFILE --commitment lapwing-claim1… --programme TEXT --case TEXT --expires DAY -o OUT
    lapwing claim sign CHALLENGE -o ANSWER [--language fr]
    lapwing claim verify ANSWER -i KEYFILE --commitment lapwing-claim1… [--received DAY]

An agency's key file is that of `lapwing dossier keygen`. Claim words are asked for and never written anywhere. Works
without any network. Exit codes: 0 fine; 1 not verified, or not signed; 2 usage, or a file is not there; 3 the key does
not open the answer; 4 the answer is damaged; 5 it is no sealed file.
"""

import getpass
import secrets
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from crypto.claim import ClaimWords
from crypto.errors import AgeError, ClaimWordsError, NoMatchError, NotAgeError
from crypto.unseal import unseal
from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from prosecutor.errors import KeyFileError, PlaceError, ProsecutorError
from prosecutor.keyfile import read_key, write_new
from wire.claim import LIMITS, NONCE_SIZE, Challenge, Commitment, SignedChallenge, open_challenge, sign_challenge
from wire.claim_answer import ANSWER_SIZE, Answer, Statement, check_answer, seal_answer, sign_answer, state
from wire.draft import LANGUAGES
from wire.errors import ClaimError, WireError

EXIT_NO_MATCH: Final = 3
EXIT_DAMAGED: Final = 4
EXIT_NOT_SEALED: Final = 5

# The first kind that an error is decides exit code and message.
OUTCOMES: Final[tuple[tuple[type[Exception], int, str], ...]] = (
    (NoMatchError, EXIT_NO_MATCH, "this key does not open the answer; it was given to another agency"),
    (NotAgeError, EXIT_NOT_SEALED, "this is no sealed answer; ask for the file that claim sign made"),
    (AgeError, EXIT_DAMAGED, "the answer is damaged or cut short; ask for it again"),
    (KeyFileError, EXIT_USAGE, "{wrong}"),
    (PlaceError, EXIT_USAGE, "{wrong}"),
    (Exception, EXIT_FAILED, "{wrong}"),
)


def utc_today() -> date:
    """The day by this computer's clock."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Person:
    """Who sits at the terminal.

    Attributes:
        ask: shows a prompt and reads a line.
        ask_secret: the same for a line that is not shown.
        today: the day (UTC).
    """

    ask: Callable[[str], str] = input
    ask_secret: Callable[[str], str] = getpass.getpass
    today: Callable[[], date] = utc_today


def main(arguments: list[str], person: Person | None = None) -> int:
    """Run `lapwing claim …`; return the exit code.

    Args:
        arguments: what stands after ``claim``.
        person: who answers; by default whoever sits at the terminal.
    """
    try:
        given = _parser().parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    try:
        verb: Callable[[Namespace, Person], None] = given.run
        verb(given, person or Person())
    except (AgeError, ClaimWordsError, ProsecutorError, WireError) as wrong:
        code, message = next((code, message) for kind, code, message in OUTCOMES if isinstance(wrong, kind))
        print(f"lapwing claim: {message.format(wrong=wrong)}", file=sys.stderr)
        return code
    return 0


def _parser() -> Arguments:
    parser = Arguments(prog="lapwing claim", description="Proof of authorship without a name.", allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    asking = verbs.add_parser("challenge", help="agency: ask the source of a tip for proof")
    asking.add_argument("-i", dest="key", type=Path, required=True, metavar="KEYFILE", help="from dossier keygen")
    asking.add_argument("--commitment", required=True, metavar="TEXT", help="lapwing-claim1…, from the dossier")
    asking.add_argument("--programme", required=True, help="the reward programme")
    asking.add_argument("--case", required=True, help="your own reference")
    asking.add_argument("--expires", type=_day, required=True, metavar="DAY", help="last day for an answer, 2027-01-31")
    asking.add_argument("-o", dest="out", type=Path, required=True, metavar="CHALLENGE")
    asking.set_defaults(run=_challenge)
    signing = verbs.add_parser("sign", help="source: read the statement, and sign it with your claim words")
    signing.add_argument("challenge", type=Path, metavar="CHALLENGE")
    signing.add_argument("--language", default="en", choices=LANGUAGES, help="of the statement")
    signing.add_argument("-o", dest="out", type=Path, default=Path("answer.age"), help="default: answer.age")
    signing.set_defaults(run=_sign)
    verifying = verbs.add_parser("verify", help="agency: check an answer, and read what the source states")
    verifying.add_argument("answer", type=Path, metavar="ANSWER")
    verifying.add_argument("-i", dest="key", type=Path, required=True, metavar="KEYFILE")
    verifying.add_argument("--commitment", required=True, metavar="TEXT", help="lapwing-claim1…, from the dossier")
    verifying.add_argument("--received", type=_day, metavar="DAY", help="when the answer came; by default today")
    verifying.set_defaults(run=_verify)
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a day is written 2027-01-31") from None


def _challenge(given: Namespace, person: Person) -> None:
    key = read_key(given.key)
    commitment = Commitment.decode(given.commitment.strip())
    nonce = secrets.token_bytes(NONCE_SIZE)
    challenge = Challenge(key.office, commitment, given.programme, given.case, given.expires, nonce)
    envelope = sign_challenge(challenge, key.signing)
    open_challenge(envelope.encode(), person.today())  # a day that is over already helps nobody
    write_new(given.out, envelope.encode() + b"\n")
    _say(f"challenge:    {given.out} (give it to the reviewers, who pass it on to the source)")
    _say(f"fingerprint:  {_groups(key.office.digest)} (the source sees it before signing: publish it)")
    _tell_mark(commitment)


def _sign(given: Namespace, person: Person) -> None:
    signed = open_challenge(_read(given.challenge, LIMITS.envelope + 1), person.today())
    statement = _agreed(signed, given, person)
    words = ClaimWords.parse(_asked(person.ask_secret, "your claim words (4 words and a number, not shown): "))
    keys = words.derive(signed.challenge.commitment.salt)
    sealed = seal_answer(sign_answer(signed, statement, keys), signed.challenge.office)
    write_new(given.out, sealed, 0o600)
    _say(f"answer:       {given.out} (only this agency can open it; send it as a file with a follow-up, or by any way)")


def _agreed(signed: SignedChallenge, given: Namespace, person: Person) -> Statement:
    """Show what would be signed, and return it once the person said so."""
    beneficiary = _asked(person.ask, "Who shall receive a reward? One line, as it shall be read; empty names nobody: ")
    statement = state(signed, beneficiary.strip(), given.language)
    _say("\nThis is what you would sign:\n")
    for line in statement.words.splitlines():
        _say(f"    {line}")
    _say(
        "\nThe agency learns what stands above, and that whoever answers has the claim words of this tip. Compare its"
        "\nkey with the one that the agency publishes or another reviewer told you;"
        "\nwhat came together with this file proves nothing."
    )
    _tell_mark(signed.challenge.commitment)
    if _asked(person.ask, "Sign it? (yes or no): ").strip().lower() not in {"yes", "oui"}:
        raise ClaimError("nothing was signed")
    return statement


def _verify(given: Namespace, person: Person) -> None:
    key = read_key(given.key)
    commitment = Commitment.decode(given.commitment.strip())
    answer = Answer.decode(unseal(_read(given.answer, ANSWER_SIZE + 1), [key.identity]))
    statement = check_answer(answer, key.office, commitment, given.received or person.today())
    _say("verified:     both signatures hold, and the answer is to your own challenge. Who wrote the tip states:\n")
    for line in statement.words.splitlines():
        _say(f"    {line}")
    _say(f"\nchallenge:    {_groups(statement.challenge[:16])} (each is answered once: keep a list)")
    _tell_mark(commitment)


def _tell_mark(commitment: Commitment) -> None:
    if commitment.known_to_intake:
        _say("note:         the claim words were made on arrival: an intake taken over by then could have kept them")


def _groups(digest: bytes) -> str:
    return digest.hex(" ", 4)


def _say(line: str) -> None:
    """Print a line; a terminal that cannot show a sign of it shows a question mark."""
    encoding = sys.stdout.encoding
    print(line.encode(encoding, "replace").decode(encoding))


def _asked(ask: Callable[[str], str], prompt: str) -> str:
    try:
        return ask(prompt)
    except EOFError:
        raise ClaimError("nothing was signed: there was no answer to a question") from None


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError:
        raise PlaceError("a file that was named cannot be read") from None
