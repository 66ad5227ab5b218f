"""`lapwing seal` and `lapwing unseal`: age v1 files, streamed from and to files or pipes.

    lapwing seal   -r RECIPIENT… | -p  [-a] [-o OUT] [IN]
    lapwing unseal -i IDENTITY_FILE… | -p  [-o OUT] [IN]

Exit codes: 0 done; 1 a file cannot be read or written; 2 usage, a bad recipient, passphrase or identity file;
3 no identity opens the file; 4 the file is damaged; 5 it is no age file.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from crypto.armor import AnyReader, ArmorWriter
from crypto.errors import AgeError, KeyFormatError, NoMatchError, NotAgeError
from crypto.scrypt import ScryptIdentity, ScryptRecipient
from crypto.seal import Recipient, Sealer
from crypto.unseal import Identity, Unsealer
from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from deploy.identity import parse_recipient, read_identities
from deploy.passphrase import Ask, PassphraseError, ask_on_terminal, known_passphrase, new_passphrase
from deploy.streams import STANDARD, blocks_of, reading, writing

# The first kind that an error is decides the exit code.
EXIT_CODES: Final[tuple[tuple[type[Exception], int], ...]] = (
    (OSError, EXIT_FAILED),
    (PassphraseError, EXIT_USAGE),
    (KeyFormatError, EXIT_USAGE),
    (NoMatchError, 3),
    (NotAgeError, 5),
    (AgeError, 4),
)


def seal_main(arguments: list[str], ask: Ask = ask_on_terminal) -> int:
    """Run `lapwing seal`; return the exit code. ``ask`` is called where a passphrase is needed."""
    parser = Arguments(prog="lapwing seal", description="Seals a file to recipients.", allow_abbrev=False)
    to = parser.add_mutually_exclusive_group(required=True)
    to.add_argument(
        "-r", dest="recipients", metavar="RECIPIENT", action="append", help="age1pq1…, or age1…; all of one kind"
    )
    to.add_argument("-p", dest="passphrase", action="store_true", help="with a passphrase, which is asked for")
    parser.add_argument("-a", dest="armor", action="store_true", help="as text (PEM)")
    options = _parse(parser, arguments)
    if isinstance(options, int):
        return options
    if options.output is None and not options.armor and sys.stdout.isatty():
        return _failed(KeyFormatError("a sealed file is not for a terminal: add -o FILE, or -a for text"))
    try:
        sealer = Sealer(_recipients(options, ask))
    except (KeyFormatError, PassphraseError) as error:
        return _failed(error)
    except AgeError as error:
        print(f"lapwing: {error}", file=sys.stderr)
        return EXIT_USAGE
    try:
        _seal(sealer, options)
    except OSError as error:
        return _failed(error)
    return 0


def unseal_main(arguments: list[str], ask: Ask = ask_on_terminal) -> int:
    """Run `lapwing unseal`; return the exit code. ``ask`` is called where a passphrase is needed.

    An output file appears under its name only when the last byte has verified. To standard output what has verified
    goes at once, so there the exit code tells whether it was all.
    """
    parser = Arguments(prog="lapwing unseal", description="Opens a sealed file.", allow_abbrev=False)
    by = parser.add_mutually_exclusive_group(required=True)
    by.add_argument(
        "-i", dest="identities", metavar="IDENTITY_FILE", action="append", help="one identity a line, # for comments"
    )
    by.add_argument("-p", dest="passphrase", action="store_true", help="with a passphrase, which is asked for")
    options = _parse(parser, arguments)
    if isinstance(options, int):
        return options
    try:
        _unseal(Unsealer(_identities(options, ask)), options)
    except NoMatchError as error:
        told = "the passphrase does not open this file, or it was sealed to recipients" if options.passphrase else error
        return _failed(NoMatchError(told))
    except (AgeError, KeyFormatError, OSError, PassphraseError) as error:
        return _failed(error)
    return 0


def _seal(sealer: Sealer, options: Namespace) -> None:
    armor = ArmorWriter() if options.armor else None
    with reading(options.input) as source, writing(options.output or STANDARD) as sink, blocks_of(source) as blocks:
        for piece in _sealed(sealer, blocks):
            sink.write(armor.update(piece) if armor else piece)
        if armor:
            sink.write(armor.finish())


def _sealed(sealer: Sealer, blocks: Iterator[memoryview]) -> Iterator[bytes]:
    yield sealer.start()
    for block in blocks:
        yield sealer.update(block)
    yield sealer.finish()


def _unseal(unsealer: Unsealer, options: Namespace) -> None:
    reader = AnyReader()
    with reading(options.input) as source, writing(options.output or STANDARD) as sink, blocks_of(source) as blocks:
        for block in blocks:
            sink.write(unsealer.update(reader.update(block)))
        sink.write(unsealer.update(reader.finish()))
        sink.write(unsealer.finish())


def _parse(parser: ArgumentParser, arguments: list[str]) -> Namespace | int:
    """The options, or the exit code when there is nothing to do."""
    parser.add_argument("-o", dest="output", metavar="OUT", help="default, or -: standard output")
    parser.add_argument("input", metavar="IN", nargs="?", default=STANDARD, help="default, or -: standard input")
    try:
        return parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0


def _recipients(options: Namespace, ask: Ask) -> Sequence[Recipient]:
    if options.passphrase:
        return [ScryptRecipient(new_passphrase(ask))]
    return [parse_recipient(text) for text in options.recipients]


def _identities(options: Namespace, ask: Ask) -> Sequence[Identity]:
    if options.passphrase:
        return [ScryptIdentity(known_passphrase(ask))]
    return [identity for name in options.identities for identity in read_identities(Path(name))]


def _failed(error: Exception) -> int:
    # The system's own text of an OSError names the path, which may be a telling one.
    what = f"a file cannot be read or written: {error.strerror}" if isinstance(error, OSError) else error
    print(f"lapwing: {what}", file=sys.stderr)
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))
