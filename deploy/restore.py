"""`lapwing intake restore`: brings a backup back into two new folders, whole or not at all.

    lapwing intake restore -i IDENTITY_FILE --state NEW [--keys NEW] FILE

Nobody signs a backup: whoever knows the recipient can make one. But nobody else has the onions' keys; so what tells
whether it is yours are the addresses, which are printed to be compared.

Exit codes: 0 done; 1 something is wrong and nothing was made; 2 usage.
"""

import os
import secrets
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from crypto.errors import CryptoError
from crypto.unseal import Unsealer
from deploy.archive import FORM, FORM_FILE, read_archive
from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from deploy.check import look_at
from deploy.errors import BackupError, OperatorError, told
from deploy.findings import Level
from deploy.identity import read_identities
from deploy.onion import KEYS, SERVICES, check_service
from deploy.streams import blocks_of, reading
from submission import config as configuration
from submission.setup import TEMPORARY


def restore_main(arguments: list[str]) -> int:
    """Run `lapwing intake restore`; return the exit code."""
    parser = Arguments(prog="lapwing intake restore", description="Brings a backup back.", allow_abbrev=False)
    parser.add_argument("-i", dest="identity", type=Path, required=True, metavar="IDENTITY_FILE")
    parser.add_argument("--state", type=Path, required=True, help="new or empty folder for the intake's state")
    parser.add_argument("--keys", type=Path, default=KEYS, help=f"the same for the onion services (default {KEYS})")
    parser.add_argument("file", metavar="FILE", help="the backup; - for standard input")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    try:
        unsealer = Unsealer(read_identities(options.identity))
        addresses = restore(options.file, unsealer, options.state, options.keys)
    except (CryptoError, OperatorError, OSError) as error:
        print(f"lapwing: {told(error)}; nothing was restored", file=sys.stderr)
        return EXIT_FAILED
    for service, address in zip(SERVICES, addresses, strict=True):
        print(f"{service}: {address}")
    print(f"root: {configuration.load(options.state).root.hex()}")
    print("Compare these with what you published. If one of them differs, this backup is not yours: serve nothing.")
    return 0


def restore(file: str, unsealer: Unsealer, state: Path, keys: Path) -> tuple[str, ...]:
    """Make both folders from a backup; return the addresses of the two services.

    Raises:
        BackupError: a folder is in use, or the file is no whole backup.
        CryptoError: no identity opens the file, or it was changed or cut.
        OSError: something cannot be read or written.
    """
    with _unfinished(state) as new_state, _unfinished(keys) as new_keys:
        places = {"state": new_state, "keys": new_keys}

        def keep(name: str, size: int, content: IO[bytes]) -> None:
            if name == FORM_FILE:
                if content.read() != FORM:
                    raise BackupError("the backup is of another version of Lapwing; restore it with that one")
                return
            room, _, rest = name.partition("/")
            _write(places[room] / rest, size, content)

        with reading(file) as source, blocks_of(source) as blocks:
            read_archive(_opened(unsealer, blocks), keep)
        (new_state / TEMPORARY).mkdir(mode=0o700)
        addresses = _verified(new_state, new_keys)
        for made, target in ((new_state, state), (new_keys, keys)):
            _settle(made, target)
        new_state.rename(state)
        try:
            new_keys.rename(keys)
        except OSError:
            state.rename(new_state)
            raise
        for folder in {state.parent, keys.parent}:
            _sync(folder)
    return addresses


def _opened(unsealer: Unsealer, blocks: Iterator[memoryview]) -> Iterator[bytes]:
    for block in blocks:
        yield unsealer.update(block)
    yield unsealer.finish()


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give a folder beside the target, and remove it unless it took the target's name."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(f"{target} is not empty; choose a new folder, or move this one away")
    made = target.with_name(f".{secrets.token_hex(8)}.unfinished")
    made.mkdir(mode=0o700)
    try:
        yield made
    finally:
        if made.exists():
            shutil.rmtree(made)


def _write(path: Path, size: int, content: IO[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
        if file.tell() != size:
            raise BackupError("the backup ends within a file; take another one")
        file.flush()
        os.fsync(descriptor)


def _verified(state: Path, keys: Path) -> tuple[str, ...]:
    """Look at everything as a check does; return the services' addresses."""
    try:
        found = [finding for finding in look_at(state, quick=False) if finding.level is Level.BROKEN]
    except sqlite3.DatabaseError as error:
        raise BackupError("the database in the backup is damaged; take another one") from error
    if found:
        raise BackupError(f"the backup is not whole ({found[0].what}); take another one")
    return tuple(check_service(keys / service) for service in SERVICES)


def _settle(made: Path, target: Path) -> None:
    """Give everything to the owner of the empty target, or of the folder that it will lie in, and make it last."""
    owner = (target if target.exists() else target.parent).stat()
    paths = [made, *made.rglob("*")]
    for path in paths:
        if os.geteuid() == 0:
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
        if path.is_dir():
            _sync(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
