"""What lies at the intake, opened by hand: with a reviewer's key, and with the two programs that anybody could use."""

import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from deploy.organisation import LABELS
from deploy.processes import run
from reviewer.store.keys import identities
from reviewer.vault import Vault
from tests.interop.typage import Typage
from tests.onion.place import Place
from wire.letter import LETTER_SIZE, PART_SIZE

SIZES: Final = {"letters": LETTER_SIZE, "parts": PART_SIZE}
AWAY: Final = 3
"""The reviewer whose vault is locked, so that what comes waits at the intake."""


@dataclass(frozen=True)
class Opened:
    """A letter as a program opened it.

    Attributes:
        content: its first line.
        files: SHA-256 of each file in hexadecimal, by name.
    """

    content: Mapping[str, Any]
    files: Mapping[str, str]


class Unsealer(Protocol):
    """Opens an age file with a reviewer's identities."""

    def __call__(self, sealed: Path, reviewer: str, opened: Path) -> None:
        """Open one.

        Args:
            sealed: the age file.
            reviewer: whose identities to take.
            opened: the file to write.
        """


@dataclass(frozen=True)
class Stored:
    """The intake's disk, from somebody who has every reviewer's key.

    Attributes:
        folder: for files on the way.
        state: the intake's own folder.
        keys: a file with the period identities of each reviewer.
        typage: the npm package age-encryption.
    """

    folder: Path
    state: Path
    keys: Mapping[str, Path]
    typage: Typage

    def names(self, shelf: str) -> frozenset[bytes]:
        """Return the names of all pieces on a shelf."""
        return frozenset(self._slots(shelf))

    def piece(self, shelf: str, name: bytes) -> bytes:
        """Return a piece as it lies on the disk."""
        with (self.state / shelf).open("rb") as pieces:
            pieces.seek(self._slots(shelf)[name] * SIZES[shelf])
            found = pieces.read(SIZES[shelf])
        assert hashlib.sha256(found).digest() == name
        return found

    def _slots(self, shelf: str) -> dict[bytes, int]:
        with closing(sqlite3.connect(f"file:{self.state / 'intake.db'}?mode=ro", uri=True)) as database:
            return dict(database.execute("SELECT name, slot FROM pieces WHERE shelf = ?", (shelf,)).fetchall())

    def ours(self, sealed: Path, reviewer: str, opened: Path) -> None:
        """Open with `lapwing unseal`."""
        run("unseal", "-i", str(self.keys[reviewer]), "-o", str(opened), str(sealed), folder=self.folder)

    def theirs(self, sealed: Path, reviewer: str, opened: Path) -> None:
        """Open with age-encryption."""
        known = self.keys[reviewer].read_text("ascii").split()
        self.typage.run({"verb": "unseal", "identities": known, "from": sealed, "to": opened})

    def open(self, name: bytes, unseal: Unsealer, reviewer: str) -> Opened:
        """Open a letter and its files as docs/format.md says how to by hand: unseal, `cat`, unseal, cut."""
        sealed, opened = self.folder / "sealed.age", self.folder / "opened"
        sealed.write_bytes(self.piece("letters", name))
        unseal(sealed, reviewer, opened)
        content = json.loads(opened.read_bytes().splitlines()[0])
        opened.unlink()
        if not content["files"]:
            return Opened(content, {})
        with sealed.open("wb") as together:
            for part in content["parts"]:
                together.write(self.piece("parts", base64.b64decode(part)))
        unseal(sealed, reviewer, opened)
        files = dict(_cut(opened, content["files"]))
        opened.unlink()
        return Opened(content, files)


def _cut(opened: Path, listed: list[tuple[str, str, int, int, str]]) -> Iterator[tuple[str, str]]:
    """Give the name and the SHA-256 of each file; it is the listed one, and zeros follow the last."""
    with opened.open("rb") as together:
        for name, _, offset, length, sha256 in listed:
            assert together.tell() == offset
            found = hashlib.sha256(together.read(length)).digest()
            assert found == base64.b64decode(sha256)
            yield name, found.hex()
        assert not any(together.read())


@contextmanager
def waiting(place: Place, folder: Path, typage: Typage) -> Iterator[Stored]:
    """While the block runs a reviewer is away, so that the intake keeps all that comes.

    Args:
        place: whose intake.
        folder: an empty one, which will hold keys.
        typage: the other program.
    """
    organisation = place.made.folder
    desk = place.desks[AWAY - 1]
    desk.act("/", "/lock", {})
    keys = {reviewer: _keys(organisation, reviewer, folder) for reviewer in LABELS}
    yield Stored(folder, organisation / "intake", keys, typage)
    passphrase = (organisation / f"r{AWAY}.passphrase").read_text("ascii")
    desk.act("/unlock", "/unlock", {"passphrase": passphrase})


def _keys(organisation: Path, reviewer: str, folder: Path) -> Path:
    vault = Vault.unlock(organisation / reviewer, (organisation / f"{reviewer}.passphrase").read_text("ascii"))
    with vault.read() as connection:
        known = identities(connection)
    vault.lock()
    path = folder / f"{reviewer}.identities"
    path.touch(0o600)
    path.write_text("".join(f"{identity}\n" for identity in known.values()), "ascii")
    return path
