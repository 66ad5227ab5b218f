"""`lapwing seal-tip`: seals a tip on the source's own computer, before they come; works without any network.

The result is one plain file (a letter, then its parts) that goes up at /letter. Nobody on the way can open it.

    lapwing seal-tip --roster roster.json --sheet keysheet.json --root HEX -o letter.age [--story FILE] [FILE …]

The roster and the key sheet are those that the intake shows at /roster.json and /keysheet.json; the root is the line
that the organisation publishes elsewhere. The codename is made here, shown once, and never written to a file; for a
follow-up (--number 2, 3, …) it is asked for. With --claim, claim words are made and shown in the same way: years later
they prove to an agency (`lapwing claim`) that the tip was yours, and so they do for whoever finds them. Exit codes: 0
done; 1 nothing was written; 2 usage.
"""

import getpass
import os
import secrets
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, date, datetime
from mimetypes import guess_type
from pathlib import Path
from typing import BinaryIO, Final

from crypto.claim import ClaimWords, claim_salt
from crypto.codename import Codename
from crypto.dsse import Envelope
from crypto.errors import CodenameError, CryptoError
from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from wire.errors import TipFieldError, WireError
from wire.keysheet import KeySheet, open_sheet
from wire.letter import LETTER_SIZE
from wire.roster import Roster, open_roster
from wire.sealing import LetterSealer
from wire.tipform import parse_fields

READ_SIZE: Final = 1 << 20  # bytes
DOWNLOAD_LIMIT: Final = 1 << 20  # bytes of a roster or key sheet
STORY_LIMIT: Final = 1 << 20  # bytes


def utc_today() -> date:
    """The day by this computer's clock."""
    return datetime.now(UTC).date()


def main(
    arguments: list[str], ask: Callable[[str], str] = getpass.getpass, today: Callable[[], date] = utc_today
) -> int:
    """Run `lapwing seal-tip`; return the exit code.

    Args:
        arguments: what stands after the verb.
        ask: shows a prompt and reads a line that is not shown.
        today: the day (UTC), for the dates of roster and key sheet.
    """
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    try:
        return _seal_tip(options, ask, today())
    except OSError as error:
        print(f"lapwing: {error.strerror}; nothing was written", file=sys.stderr)
    except (WireError, CryptoError) as error:
        print(f"lapwing: {error}; nothing was written", file=sys.stderr)
    return EXIT_FAILED


def _parser() -> Arguments:
    parser = Arguments(prog="lapwing seal-tip", description="Seals a tip on your own computer.", allow_abbrev=False)
    parser.add_argument("--roster", type=Path, required=True, help="the file from /roster.json")
    parser.add_argument("--sheet", type=Path, required=True, help="the file from /keysheet.json, of this week")
    parser.add_argument("--root", required=True, metavar="HEX", help="the organisation's root key, as published")
    parser.add_argument("--number", type=int, default=1, help="1 for a new tip (default); 2, 3, … for a follow-up")
    parser.add_argument("--not-to", action="append", default=[], metavar="ID", help="a reviewer who must not read it")
    parser.add_argument("--story", type=Path, help="a text file with your story (UTF-8)")
    parser.add_argument("--field", nargs=2, action="append", default=[], metavar=("NAME", "ANSWER"))
    parser.add_argument("--language", default="en", choices=("en", "fr"), help="the language you write in")
    parser.add_argument("--claim", action="store_true", help="make claim words, to prove later that you wrote it")
    parser.add_argument("-o", dest="output", type=Path, default=Path("letter.age"), help="default: letter.age")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    return parser


def _seal_tip(options: Namespace, ask: Callable[[str], str], today: date) -> int:
    roster, sheet = _keys(options, today)
    fields = parse_fields(dict(options.field))
    story = _read(options.story, STORY_LIMIT).decode("utf-8", "replace").strip() if options.story else ""
    if not story and not options.files:
        raise TipFieldError("there is neither a story nor a file; give --story or name a file", None)
    codename = Codename.generate() if options.number == 1 else _ask_codename(ask)
    keys = codename.derive(roster.instance)
    tip, words = secrets.token_bytes(16), ClaimWords.generate() if options.claim else None
    claim = words.derive(claim_salt(roster.instance, tip)).public.commitment if words else None
    temporary = options.output.with_name(f".{options.output.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
            sink.write(bytes(LETTER_SIZE))  # the letter is known last and stands first
            sealer = LetterSealer(sheet, roster, keys, "before", options.not_to, store=_writer(sink))
            for path in options.files:
                _seal_file(sealer, path)
            letter = sealer.finish(tip, options.number, options.language, fields, story, claim=claim)
            sink.seek(0)
            sink.write(letter)
        temporary.replace(options.output)
    finally:
        temporary.unlink(missing_ok=True)
    _tell(codename, options.number, words)
    return 0


def _keys(options: Namespace, today: date) -> tuple[Roster, KeySheet]:
    try:
        root = bytes.fromhex(options.root)
    except ValueError:
        root = b""
    roster = open_roster(Envelope.decode(_read(options.roster, DOWNLOAD_LIMIT)), root, today)
    return roster, open_sheet(Envelope.decode(_read(options.sheet, DOWNLOAD_LIMIT)), roster, today)


def _ask_codename(ask: Callable[[str], str]) -> Codename:
    try:
        return Codename.parse(ask("your codename (8 words, not shown): "))
    except EOFError:
        raise CodenameError("no codename was given") from None


def _seal_file(sealer: LetterSealer, path: Path) -> None:
    with path.open("rb") as source:
        sealer.start_file(path.name, guess_type(path.name)[0] or "application/octet-stream")
        while data := source.read(READ_SIZE):
            sealer.write(data)
        sealer.end_file()


def _writer(sink: BinaryIO) -> Callable[[bytes], None]:
    def store(part: bytes) -> None:
        sink.write(part)

    return store


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit)


def _tell(codename: Codename, number: int, words: ClaimWords | None) -> None:
    if number == 1:
        print("Your codename, shown only now. Write it on paper; with it you read the answers at /mailbox:\n")
        print(f"    {codename}\n")
    if words:
        print(
            "Your claim words, shown only now. They prove that you wrote this; whoever finds them can prove the same.\n"
            "Write them on another paper than the codename, or let them go if you do not want that any more:\n"
        )
        print(f"    {words}\n")
    print(
        "The letter is sealed. Hand it in at /letter with Tor Browser, then delete it: it holds nothing that you need."
    )
