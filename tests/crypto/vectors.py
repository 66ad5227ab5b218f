"""Reads the CCTV vectors of the age format (see tests/vectors/age/README.md)."""

import zlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "vectors" / "age"


@dataclass(frozen=True)
class Vector:
    """One vector.

    Attributes:
        name: of its file.
        head: every line before the empty one, as pairs.
        file: the age file.
    """

    name: str
    head: tuple[tuple[str, str], ...]
    file: bytes

    def all(self, key: str) -> list[str]:
        """Return the values of a key that may stand more than once."""
        return [value for name, value in self.head if name == key]

    def one(self, key: str) -> str:
        """Return the value of a key that stands once."""
        (value,) = self.all(key)
        return value

    @property
    def armored(self) -> bool:
        """Whether the file is meant to be read as armor."""
        return self.all("armored") == ["yes"]


def read_vectors() -> list[Vector]:
    """Return all vectors, ordered by name."""
    return [_read(path) for path in sorted(FOLDER.iterdir()) if path.suffix != ".md"]


def _read(path: Path) -> Vector:
    head, _, body = path.read_bytes().partition(b"\n\n")
    pairs = tuple((name, value) for name, _, value in (line.partition(": ") for line in head.decode().splitlines()))
    compressed = ("compressed", "zlib") in pairs
    return Vector(path.name, pairs, zlib.decompress(body) if compressed else body)
