"""`lapwing seal` and `lapwing unseal`: age v1 files for post-quantum recipients, streamed from and to files or pipes.

Exit codes: 0 done; 1 a file cannot be read or written; 2 usage, a bad recipient or a bad identity file;
3 no identity opens the file; 4 the file is damaged; 5 it is no age file.
"""

import contextlib
import os
import secrets
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, Final, cast

from crypto.errors import AgeError, KeyFormatError, NoMatchError, NotAgeError
from crypto.hybrid import HybridIdentity, HybridRecipient
from crypto.seal import Sealer
from crypto.unseal import Unsealer
from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments

# The first kind that an error is decides the exit code.
EXIT_CODES: Final[tuple[tuple[type[Exception], int], ...]] = (
    (OSError, EXIT_FAILED),
    (KeyFormatError, EXIT_USAGE),
    (NoMatchError, 3),
    (NotAgeError, 5),
    (AgeError, 4),
)

READ_SIZE: Final = 1 << 20  # bytes
IDENTITY_FILE_LIMIT: Final = 1 << 20  # bytes


def seal_main(arguments: list[str]) -> int:
    """Run `lapwing seal -r RECIPIENT… [-o OUT] [IN]`; return the exit code."""
    parser = Arguments(prog="lapwing seal", description="Seals a file to one or more recipients.", allow_abbrev=False)
    parser.add_argument("-r", dest="recipients", metavar="RECIPIENT", action="append", required=True, help="age1pq1…")
    options = _parse(parser, arguments)
    if isinstance(options, int):
        return options
    try:
        sealer = Sealer([HybridRecipient.parse(text) for text in options.recipients])
    except AgeError as error:
        print(f"lapwing: {error}", file=sys.stderr)
        return EXIT_USAGE
    except KeyFormatError as error:
        return _failed(error)
    try:
        with _reading(options.input) as source, _writing(options.output) as sink:
            sink.write(sealer.start())
            for block in _blocks(source):
                sink.write(sealer.update(block))
            sink.write(sealer.finish())
    except OSError as error:
        return _failed(error)
    return 0


def unseal_main(arguments: list[str]) -> int:
    """Run `lapwing unseal -i IDENTITY_FILE… [-o OUT] [IN]`; return the exit code.

    An output file appears under its name only when the last byte has verified. To standard output what has verified
    goes at once, so there the exit code tells whether it was all.
    """
    parser = Arguments(prog="lapwing unseal", description="Opens a sealed file.", allow_abbrev=False)
    parser.add_argument("-i", dest="identities", metavar="IDENTITY_FILE", action="append", required=True)
    options = _parse(parser, arguments)
    if isinstance(options, int):
        return options
    try:
        unsealer = Unsealer([identity for name in options.identities for identity in _identities(Path(name))])
        with _reading(options.input) as source, _writing(options.output) as sink:
            for block in _blocks(source):
                sink.write(unsealer.update(block))
            sink.write(unsealer.finish())
    except (AgeError, KeyFormatError, OSError) as error:
        return _failed(error)
    return 0


def _parse(parser: ArgumentParser, arguments: list[str]) -> Namespace | int:
    """The options, or the exit code when there is nothing to do."""
    parser.add_argument("-o", dest="output", metavar="OUT", default="-", help="default: standard output")
    parser.add_argument("input", metavar="IN", nargs="?", default="-", help="default: standard input")
    try:
        return parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0


def _identities(path: Path) -> list[HybridIdentity]:
    """The identities of a file: one a line, `#` begins a comment (as age writes them)."""
    with path.open("rb") as file:
        untrusted_lines = file.read(IDENTITY_FILE_LIMIT).decode("ascii", "replace").splitlines()
    lines = [line.strip() for line in untrusted_lines]
    identities = [HybridIdentity.parse(line) for line in lines if line and not line.startswith("#")]
    if not identities:
        raise KeyFormatError("an identity file holds no identity: name one that was made by a key generator")
    return identities


@contextlib.contextmanager
def _reading(name: str) -> Iterator[BufferedIOBase]:
    if name == "-":
        # What Python opens as standard input is a buffered reader, which the type of `sys.stdin` does not tell.
        yield cast("BufferedIOBase", sys.stdin.buffer)
    else:
        with Path(name).open("rb") as file:
            yield file


def _blocks(source: BufferedIOBase) -> Iterator[memoryview]:
    """What a file holds, block by block, each valid until the next is asked for."""
    # One piece of memory again and again: fresh pages for each block cost more than the cipher.
    memory = memoryview(bytearray(READ_SIZE))
    while size := source.readinto(memory):
        yield memory[:size]


@contextlib.contextmanager
def _writing(name: str) -> Iterator[BinaryIO]:
    """A file that takes its name only when all went well, so that a failure leaves nothing to be taken for whole."""
    if name == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(name)
    unfinished = target.with_name(f".{secrets.token_hex(8)}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _failed(error: Exception) -> int:
    # The system's own text of an OSError names the path, which may be a telling one.
    what = f"a file cannot be read or written: {error.strerror}" if isinstance(error, OSError) else error
    print(f"lapwing: {what}", file=sys.stderr)
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))
