"""Exhibits on disk: each an age file under a random name, to an identity of its own that the database keeps.

No plaintext touches the disk, and the names tell nothing. Destroying the row destroys the file, whatever a disk keeps.
"""

import hashlib
import io
import os
import secrets
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from crypto.errors import AgeError
from crypto.hybrid import HybridIdentity
from crypto.seal import Sealer
from crypto.unseal import Unsealer
from reviewer.errors import VaultError
from reviewer.store import letters
from reviewer.store.letters import StoredFile
from reviewer.vault import Vault

PIECE: Final = 1_048_576
"""Bytes read from disk at once."""
UNFINISHED: Final = "unfinished-"


class SealedWriter(io.RawIOBase):
    """Takes a file in clear, piece by piece, and leaves it sealed in the vault's folder.

    `finish` makes it last; without that, `close` removes it.
    """

    def __init__(self, vault: Vault) -> None:
        super().__init__()
        self._folder = vault.files
        self._stored = secrets.token_hex(16)
        self._path = self._folder / (UNFINISHED + self._stored)
        self._identity = HybridIdentity.generate()
        self._sealer = Sealer([self._identity.recipient])
        self._sha256, self._sha512 = hashlib.sha256(), hashlib.sha512()
        self._length = 0
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(self._sealer.start())

    @property
    def length(self) -> int:
        """Bytes in clear so far."""
        return self._length

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def seekable(self) -> bool:
        """Only to the beginning, where whoever wrote expects to find it; nothing is read back."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Do nothing: a form parser rewinds what it has written."""
        if offset or whence:
            raise io.UnsupportedOperation("a sealed file is written once, from beginning to end")
        return 0

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]  # the buffers that callers have
        """Take the next bytes."""
        piece = bytes(data)
        for digest in (self._sha256, self._sha512):
            digest.update(piece)
        self._length += len(piece)
        self._file.write(self._sealer.update(piece))
        return len(piece)

    def finish(self, case_id: bytes) -> StoredFile:
        """Make the file last; its row is for the caller to add."""
        self._file.write(self._sealer.finish())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.replace(self._folder / self._stored)
        return StoredFile(
            case_id=case_id,
            sha256=self._sha256.digest(),
            sha512=self._sha512.digest(),
            length=self._length,
            stored=self._stored,
            identity=self._identity.encode(),
        )

    def close(self) -> None:
        """Remove what was not finished."""
        if not self.closed:
            self._file.close()
            self._path.unlink(missing_ok=True)
        super().close()


def read_file(vault: Vault, file: StoredFile) -> Iterator[bytes]:
    """Give a file in clear, piece by piece; each piece is verified, the whole only at the end.

    Raises:
        VaultError: it is gone from the folder, or damaged.
    """
    unsealer = Unsealer([HybridIdentity.parse(file.identity)])
    try:
        with (vault.files / file.stored).open("rb") as sealed:
            while piece := sealed.read(PIECE):
                yield unsealer.update(piece)
        yield unsealer.finish()
    except (OSError, AgeError):
        raise VaultError("a file of the vault is gone or damaged; restore it from a backup") from None


def sweep(vault: Vault, connection: Connection) -> None:
    """Remove what an abort or a kill left in the folder: everything that no row names."""
    known = letters.stored_names(connection)
    for path in vault.files.iterdir():
        if path.name not in known:
            path.unlink()


def remove(vault: Vault, names: tuple[str, ...]) -> None:
    """Remove files whose rows are gone."""
    for name in names:
        (vault.files / name).unlink(missing_ok=True)
