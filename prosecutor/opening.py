"""Opens a sealed dossier: unseals as it reads, unpacks strictly, verifies, and only then gives the folder its name."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from crypto.unseal import Unsealer
from prosecutor.errors import PlaceError
from prosecutor.keyfile import OfficeKey
from prosecutor.verify import Verified, verify
from wire.bag import folder_name
from wire.dossier import Dossier
from wire.errors import DossierError
from wire.manifest import LIMITS, TAG_FILES, TEXT_FILES, most_bytes
from wire.tar import read_members

_CHUNK: Final = 262_144
_MEMBERS: Final = len(TAG_FILES) + len(TEXT_FILES) + 1 + LIMITS.exhibits


class UnsealedStream:
    """Gives the plaintext of a sealed file by size. Every byte that it gives has been verified."""

    def __init__(self, sealed: BinaryIO, key: OfficeKey) -> None:
        self._sealed = sealed
        self._unsealer = Unsealer([key.identity])
        self._held = bytearray()
        self._ended = False

    def read(self, size: int) -> bytes:
        """Return exactly ``size`` bytes; fewer only at the end of the plaintext, which has then verified as a whole.

        Raises:
            AgeError: the file does not open, was changed or cut short.
        """
        while len(self._held) < size and not self._ended:
            piece = self._sealed.read(_CHUNK)
            self._ended = not piece
            self._held += self._unsealer.update(piece) if piece else self._unsealer.finish()
        given = bytes(self._held[:size])
        del self._held[:size]
        return given


def open_dossier(sealed: Path, key: OfficeKey, folder: Path, root: bytes | None = None) -> Verified:
    """Open a sealed dossier into a new folder.

    Args:
        sealed: the file as it came.
        key: of the office that it was sealed to.
        folder: must not exist; on failure it is not made, and nothing is left beside it.
        root: the organisation's root public key (32 bytes); None takes the one noted in the key file, if any.

    Raises:
        PlaceError: the file cannot be read, or the folder not be made.
        AgeError: (a subclass) the seal does not open.
        DossierError: what was sealed is no bag of ours.
        VerifyError: (a subclass) or ApprovalError: it is not a dossier approved for this office.
    """
    if os.path.lexists(folder):
        raise PlaceError("the folder to open into exists already; name a new one")
    # Beside its final place, so that the last step is one rename; random, so that nobody waits there with a link.
    unfinished = folder.parent / f"{folder.name}.unfinished-{secrets.token_hex(8)}"
    try:
        with sealed.open("rb") as file:
            unfinished.mkdir(mode=0o700)
            unpack(UnsealedStream(file, key).read, unfinished)
        verified = verify(unfinished, root or key.root, key.office)
        unfinished.rename(folder)
    except OSError:
        raise PlaceError("the file cannot be read, or the folder cannot be made there") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return verified


def unpack(read: Callable[[int], bytes], folder: Path) -> None:
    """Write the files of a bag's tar into an empty folder.

    Raises:
        DossierError: the tar has anything that a bag has not: then what was written must be thrown away.
        OSError: a file cannot be written.
    """
    (folder / "data" / "exhibits").mkdir(mode=0o700, parents=True)
    inside = ""
    seen: set[str] = set()
    for name, size, content in read_members(read):
        top, _, path = name.partition("/")
        most = most_bytes(path)
        if most is None or size > most:
            raise DossierError("tar: a name or a size that no dossier has")
        if path in seen or len(seen) == _MEMBERS:
            raise DossierError("tar: a name stands twice, or there are too many")
        if not inside:
            inside = top
        if top != inside:
            raise DossierError("tar: more than one folder")
        seen.add(path)
        _write(folder / path, content)
    if not seen:
        raise DossierError("tar: it is empty")
    _check_top(folder, inside)


def _check_top(folder: Path, inside: str) -> None:
    try:
        content = (folder / "dossier.json").read_bytes()
    except FileNotFoundError:
        raise DossierError("tar: it has no dossier.json") from None
    if inside != folder_name(Dossier.decode(content).dossier):
        raise DossierError("tar: its folder does not have the dossier's name")


def _write(path: Path, content: Iterator[bytes]) -> None:
    with path.open("xb") as file:
        for piece in content:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
