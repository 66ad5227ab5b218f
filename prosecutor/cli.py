"""`lapwing dossier`: makes an office's keys, opens and verifies a dossier, and signs what the office answers.

Exit codes: 0 fine; 1 verification failed; 2 usage, or a file or folder is not there; 3 the key does not open the file;
4 the file is damaged; 5 it is no sealed file.
"""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn

from crypto.errors import AgeError, NoMatchError, NotAgeError
from prosecutor.errors import KeyFileError, OptionError, PlaceError, ProsecutorError
from prosecutor.keyfile import generate, read_key, write_new
from prosecutor.opening import open_dossier
from prosecutor.outcome import EXPLAINED, add_options, read_outcome
from prosecutor.verify import Verified, verify
from wire.claim import Commitment
from wire.errors import OfficeError, ReceiptError, WireError
from wire.known import Shown
from wire.receipt import Receipt, sign_receipt

FINE: Final = 0
NOT_VERIFIED: Final = 1
USAGE: Final = 2
NO_MATCH: Final = 3
DAMAGED: Final = 4
NOT_SEALED: Final = 5


# The first kind that an error is decides exit code and message.
OUTCOMES: Final[tuple[tuple[type[Exception], int, str], ...]] = (
    (NoMatchError, NO_MATCH, "this key does not open the file; it may have been sealed to another office"),
    (NotAgeError, NOT_SEALED, "this is no sealed dossier; ask for the file that ends in .age"),
    (AgeError, DAMAGED, "the file is damaged or cut short; ask for it again"),
    (KeyFileError, USAGE, "{wrong}"),
    (OptionError, USAGE, "{wrong}"),
    (PlaceError, USAGE, "{wrong}"),
    (OfficeError, USAGE, "{wrong}"),
    (ReceiptError, USAGE, "{wrong}"),
    (Exception, NOT_VERIFIED, "not verified ({code}): {wrong}"),
)


class _Parser(argparse.ArgumentParser):
    """Tells how it is used, without repeating what was typed: that may be a question to a source."""

    def error(self, message: str) -> NoReturn:
        """Exit with 2."""
        del message
        self.exit(USAGE, f"{self.format_usage()}{self.prog}: these arguments do not fit; --help explains them\n")


def main(arguments: list[str]) -> int:
    """Run `lapwing dossier …`.

    Args:
        arguments: what stands after ``dossier``.

    Returns:
        The exit code.
    """
    try:
        given = _parser().parse_args(arguments)
    except SystemExit as stop:
        return FINE if not stop.code else USAGE
    try:
        return PROGRAMS[given.verb](given)
    except (AgeError, ProsecutorError, WireError) as wrong:
        code, message = next((code, message) for kind, code, message in OUTCOMES if isinstance(wrong, kind))
        print(f"lapwing dossier: {message.format(code=_code(wrong), wrong=wrong)}", file=sys.stderr)
        return code


def _say(line: str) -> None:
    """Print a line; a terminal that cannot show a sign of it shows a question mark."""
    encoding = sys.stdout.encoding
    print(line.encode(encoding, "replace").decode(encoding))


def _code(wrong: Exception) -> str:
    """The name of an error as a script may match it: ``too-few-approvals``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(wrong).__name__.removesuffix("Error")).lower()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="lapwing dossier", description="Opens, checks and answers a dossier.", allow_abbrev=False)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    keygen = verbs.add_parser("keygen", help="make an office's keys, and the card to give to the organisation")
    keygen.add_argument("-o", dest="out", type=Path, required=True, metavar="KEYFILE", help="the new, secret file")
    keygen.add_argument("--name", required=True, help="the office's name, as it shall stand in dossiers")
    keygen.add_argument("--root", type=_root, metavar="HEX", help="the organisation's root key, to check each dossier")
    opening = verbs.add_parser("open", help="open a sealed dossier into a new folder")
    opening.add_argument("file", type=Path, metavar="FILE")
    opening.add_argument("-i", dest="key", type=Path, required=True, metavar="KEYFILE")
    opening.add_argument("-o", dest="out", type=Path, required=True, metavar="FOLDER")
    opening.add_argument("--root", type=_root, metavar="HEX", help="the organisation's root key")
    verifying = verbs.add_parser("verify", help="verify a folder again, and tell the first thing that is wrong")
    verifying.add_argument("folder", type=Path, metavar="FOLDER")
    verifying.add_argument("-i", dest="key", type=Path, metavar="KEYFILE", help="also check that it is for this office")
    verifying.add_argument("--root", type=_root, metavar="HEX", help="the organisation's root key")
    answering = verbs.add_parser(
        "receipt",
        help="sign a receipt, a question or the outcome, to send back",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=EXPLAINED,
    )
    answering.add_argument("folder", type=Path, metavar="FOLDER")
    answering.add_argument("-i", dest="key", type=Path, required=True, metavar="KEYFILE")
    answering.add_argument(
        "-o", dest="out", type=Path, metavar="OUT", help="by default FOLDER.receipt.json, question or outcome likewise"
    )
    kind = answering.add_mutually_exclusive_group()
    kind.add_argument("--question", metavar="TEXT", help="a question to the organisation")
    kind.add_argument("--outcome", metavar="TEXT", help="what came of the dossier, in words for a reader")
    add_options(answering)
    return parser


def _root(text: str) -> bytes:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError("a root key has 64 hexadecimal digits")
    return bytes.fromhex(text)


def _keygen(given: argparse.Namespace) -> int:
    key = generate(given.name, given.root)
    card = given.out.with_name(f"{given.out.name}.card.json")
    write_new(given.out, key.encode(), 0o600)
    write_new(card, key.office.encode())
    _say(f"secret keys:  {given.out} (keep a copy in a safe place, give it to nobody)")
    _say(f"office card:  {card} (give it to the organisation)")
    _say(f"fingerprint:  {_groups(key.office.digest)} (read it to the organisation by telephone)")
    return FINE


def _groups(digest: bytes) -> str:
    return digest.hex(" ", 4)


def _open(given: argparse.Namespace) -> int:
    verified = open_dossier(given.file, read_key(given.key), given.out, given.root)
    _tell(verified)
    _say(f"opened:       {given.out} (the report is in data/report.html and data/report.txt)")
    return FINE


def _verify(given: argparse.Namespace) -> int:
    key = None if given.key is None else read_key(given.key)
    root = given.root or (None if key is None else key.root)
    _tell(verify(given.folder, root, None if key is None else key.office))
    return FINE


def _tell(verified: Verified) -> None:
    labels = ", ".join(verified.roster.by_id(one).label for one in verified.approved)
    _say(f"verified:     {len(verified.dossier.exhibits)} exhibits and the report are what was approved")
    _say(f"title:        {verified.dossier.title}")
    _say(f"approved by:  {labels} ({len(verified.approved)} of {verified.roster.approvals} needed)")
    if verified.office_checked:
        _say(f"for:          {verified.dossier.office.name}, the office of this key")
    else:
        _say(f"for:          {verified.dossier.office.name} (not checked: verify with -i KEYFILE)")
    if verified.root_checked:
        _say("organisation: its root key signed the roster of these reviewers")
    else:
        _say("organisation: NOT CHECKED, anybody could have made this; verify with --root and the key it publishes")
    _tell_claim(verified.dossier.claim)
    for one in verified.known:
        _tell_known(one, verified)


def _tell_claim(commitment: Commitment | None) -> None:
    if commitment is None:
        return
    _say(f"claim:        {commitment.encode()} (lapwing claim challenge asks the source for proof)")
    if commitment.known_to_intake:
        _say("              its words were made on arrival: an intake taken over by then could have kept them")


def _tell_known(one: Shown, verified: Verified) -> None:
    labels = {each.id: each.label for each in verified.roster.reviewers}
    to = ", ".join(labels[each] for each in one.known.reviewers)
    _say(f"known by:     the week of {one.known.week.monday} to reviewers {to} (not: that nobody knew it before)")
    for who, week in one.late:
        _say(f"              {labels[who]} had it only in the week of {week.monday}: held back, or their app was off")
    exhibits = [path for each in one.files for path in _paths(each, verified)]
    shown = ["the story"] * (one.story is not None) + ["the claim"] * one.claim + exhibits
    _say(f"              shown: {', '.join(shown) or 'nothing of it yet, its number alone'}")


def _paths(sha256: bytes, verified: Verified) -> list[str]:
    return [each.path for each in verified.dossier.exhibits if each.sha256 == sha256]


def _receipt(given: argparse.Namespace) -> int:
    outcome = read_outcome(given)
    key = read_key(given.key)
    dossier = verify(given.folder, key.root, key.office).dossier
    receipt = Receipt(
        instance=dossier.instance,
        dossier=dossier.digest,
        office=key.office.digest,
        opened=datetime.now(UTC).date(),
        kind="question" if given.question is not None else "outcome" if given.outcome is not None else "receipt",
        text=given.question or given.outcome or "",
        outcome=outcome,
    )
    folder = Path(given.folder)
    out = given.out or folder.with_name(f"{folder.resolve().name}.{receipt.kind}.json")
    write_new(out, sign_receipt(receipt, key.signing).encode())
    _say(f"{receipt.kind + ':':<13} {out} (send it to the organisation)")
    return FINE


PROGRAMS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "keygen": _keygen,
    "open": _open,
    "verify": _verify,
    "receipt": _receipt,
}
