"""What a backup is: one tar in an age file. Opened with other tools, it holds two folders that work as they are.

    backup.json                        which form this is
    state/config.json                  the settings
    state/letters, parts, replies, log the shelves, each piece in the order of its SHA-256
    state/intake.db                    the database, with the slots that the pieces have here
    keys/visitors/…, keys/reviewers/…  tor's folders of the two onions

The same intake gives the same tar, and its order tells nothing. Zeros follow the tar, so that its size tells little
about how much waits.
"""

import io
import json
import re
import tarfile
from collections.abc import Callable, Iterable
from typing import IO, Final, cast

from deploy.errors import BackupError
from deploy.onion import CLIENTS, PUBLIC_FILE, REVIEWERS, SECRET_FILE, SERVICES
from submission import config, database
from submission.rows import SHELVES

FORM_FILE: Final = "backup.json"
FORM: Final = json.dumps({"kind": "lapwing-backup", "v": 1}).encode() + b"\n"
CONFIG_FILE: Final = f"state/{config.FILE_NAME}"
DATABASE_FILE: Final = f"state/{database.FILE_NAME}"
SHELF_FILES: Final = tuple(f"state/{shelf}" for shelf in SHELVES)
SERVICE_FILES: Final = ("hostname", PUBLIC_FILE, SECRET_FILE)
KEY_FILES: Final = tuple(f"keys/{service}/{name}" for service in SERVICES for name in SERVICE_FILES)
NEEDED: Final = (FORM_FILE, CONFIG_FILE, *SHELF_FILES, DATABASE_FILE, *KEY_FILES)
"""What every backup holds, in this order; the clients of the reviewers' onion follow, by name."""
CLIENT_FILE: Final = re.compile(rf"keys/{REVIEWERS}/{CLIENTS}/[a-z0-9_-]{{1,32}}\.auth")
SMALL: Final = 65_536  # bytes; no file but the shelves and the database has more

BLOCK: Final = 16 << 20
"""A backup is filled up to a multiple of this, or of an eighth of its size and less, whichever is more."""
BUFFER: Final = 1 << 20  # bytes taken and given at a time
ZEROS: Final = bytes(BUFFER)


class Archive:
    """Writes the tar, file after file.

    Args:
        sink: takes the bytes.
    """

    def __init__(self, sink: Callable[[bytes], object]) -> None:
        self._sink = sink
        self._size = 0
        self._tar = tarfile.open(  # noqa: SIM115 - `finish` closes it
            mode="w|", fileobj=cast("IO[bytes]", self), bufsize=BUFFER, format=tarfile.PAX_FORMAT
        )

    def write(self, data: bytes) -> int:
        """Take what the tar module writes."""
        self._size += len(data)
        self._sink(data)
        return len(data)

    def add(self, name: str, content: bytes) -> None:
        """Add a file that fits into memory."""
        self.add_stream(name, len(content), [content])

    def add_stream(self, name: str, size: int, content: Iterable[bytes]) -> None:
        """Add a file of ``size`` bytes, which ``content`` yields, no more and no less."""
        info = tarfile.TarInfo(name)
        info.size = size
        info.mode = 0o600
        self._tar.addfile(info, _Stream(content))

    def finish(self) -> None:
        """End the tar, and fill up."""
        self._tar.close()
        left = padded(self._size) - self._size
        while left:
            left -= self.write(ZEROS[:left])


def padded(size: int) -> int:
    """Return the bytes that a backup of ``size`` bytes is filled up to: an eighth more at most, or 16 MiB."""
    step = max(BLOCK, 1 << max(0, size.bit_length() - 4))
    return -(-size // step) * step


class _Stream(io.RawIOBase):
    """Bytes that come piece by piece, as a file to be read."""

    def __init__(self, content: Iterable[bytes]) -> None:
        super().__init__()
        self._content = iter(content)
        self._left = b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, fewer only at the end."""
        parts = []
        while size:
            # What comes may be empty before its end: a chunk is not complete yet.
            self._left = self._left or next(filter(None, self._content), b"")
            if not self._left:
                break
            part, self._left = self._left[:size], self._left[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def read_archive(content: Iterable[bytes], keep: Callable[[str, int, IO[bytes]], None]) -> None:
    """Read a tar to its end, and give each file in it away.

    Args:
        content: its bytes, whatever follows the tar included.
        keep: takes a name as above, the bytes that the file has, and the file.

    Raises:
        BackupError: it is no backup, or one of a form that this version does not know.
    """
    stream = _Stream(content)
    seen: list[str] = []
    try:
        with tarfile.open(mode="r|", fileobj=stream, bufsize=BUFFER) as tar:
            for member in tar:
                _check(member, seen)
                file = tar.extractfile(member)
                if file is None:
                    raise BackupError("the file is no backup of an intake")
                keep(member.name, member.size, file)
                seen.append(member.name)
    except tarfile.TarError as error:
        raise BackupError("the file is no backup of an intake") from error
    while stream.read(BUFFER):
        pass
    if set(NEEDED) - set(seen):
        raise BackupError("the backup lacks a file that an intake needs; take another one")


def _check(member: tarfile.TarInfo, seen: list[str]) -> None:
    known = member.name in NEEDED or CLIENT_FILE.fullmatch(member.name)
    if not known or not member.isreg() or member.name in seen or (not seen) != (member.name == FORM_FILE):
        raise BackupError("the file is no backup of an intake, or of a later version of Lapwing")
    large = member.name in {*SHELF_FILES, DATABASE_FILE}
    if not large and member.size > SMALL:
        raise BackupError("a file in the backup is larger than it can be")
