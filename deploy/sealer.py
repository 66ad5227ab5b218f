"""`lapwing sealer`: makes the offline sealer of an organisation, or checks one that was downloaded.

    lapwing sealer --root HEX --roster roster.json -o sealer.html
    lapwing sealer --root HEX --roster roster.json --sheet keysheet.json sealer.html

The sealer is the same bytes wherever it is made from the same Lapwing, root and roster, so nobody need trust the intake
that gave it out. Roster and key sheet are the files from /roster.json and /keysheet.json; the root is the line that the
organisation publishes elsewhere. Exit codes: 0 made, or genuine; 1 not; 2 usage.
"""

import hashlib
import hmac
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from deploy.seal_tip import DOWNLOAD_LIMIT, utc_today
from wire.bundle import sealer
from wire.errors import BundleError, WireError
from wire.keysheet import open_sheet
from wire.root_words import root_words
from wire.roster import open_roster

SEALER_LIMIT: Final = 16 << 20  # bytes


def main(arguments: list[str], today: Callable[[], date] = utc_today) -> int:
    """Run `lapwing sealer`; return the exit code.

    Args:
        arguments: what stands after the verb.
        today: the day (UTC), for the dates of roster and key sheet.
    """
    parser = Arguments(prog="lapwing sealer", description="Makes or checks the offline sealer.", allow_abbrev=False)
    parser.add_argument("--root", required=True, metavar="HEX", help="the organisation's root key, as published")
    parser.add_argument("--roster", type=Path, required=True, help="the file from /roster.json")
    parser.add_argument("--sheet", type=Path, help="the file from /keysheet.json, of this week")
    parser.add_argument("-o", dest="output", type=Path, help="make the sealer; there must be no such file yet")
    parser.add_argument("file", nargs="?", type=Path, metavar="SEALER.HTML", help="check this one")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    if (options.output is None) == (options.file is None):
        parser.print_usage(sys.stderr)
        return EXIT_USAGE
    try:
        return _run(options, today())
    except OSError as error:
        print(f"lapwing: {error.strerror}", file=sys.stderr)
    except (WireError, CryptoError) as error:
        print(f"lapwing: {error}", file=sys.stderr)
    return EXIT_FAILED


def _run(options: Namespace, today: date) -> int:
    try:
        root = bytes.fromhex(options.root)
    except ValueError:
        root = b""
    envelope = _read(options.roster, DOWNLOAD_LIMIT)
    own = sealer(root, envelope)
    roster = open_roster(Envelope.decode(envelope), root, today)
    signed = None
    if options.sheet is not None:
        signed = open_sheet(Envelope.decode(_read(options.sheet, DOWNLOAD_LIMIT)), roster, today).sealer
    content = own if options.output is not None else _read(options.file, SEALER_LIMIT)
    digest = hashlib.sha256(content).digest()
    is_own, is_signed = hmac.compare_digest(content, own), signed is not None and hmac.compare_digest(digest, signed)
    if not is_own and not is_signed:
        raise BundleError("sealer: neither what this Lapwing makes nor what a key sheet names; do not use it")
    if options.output is not None:
        _write_new(options.output, own)
    print(f"root in words: {' '.join(root_words(root))}")
    print(f"SHA-256: {digest.hex()}")
    print("This Lapwing makes the same." if is_own else "Another version of Lapwing made it.")
    if options.sheet is not None:
        print("This week's key sheet names it." if is_signed else f"This week's key sheet names {_other(signed)}.")
    return 0


def _other(signed: bytes | None) -> str:
    return "none" if signed is None else "another one, which another version of Lapwing made"


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit)


def _write_new(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as file:
        file.write(content)
