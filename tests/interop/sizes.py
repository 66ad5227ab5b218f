"""Files at which an implementation of the age payload would go wrong: around each edge of a chunk, and some chunks."""

import os
from pathlib import Path

from crypto.primitives import CHUNK_SIZE

SIZES = (0, 1, *(edge * CHUNK_SIZE + more for edge in (1, 2, 3) for more in (-1, 0, 1)), 3 << 20)


def plain_files(folder: Path) -> list[Path]:
    """Write a file of each size, named by it."""
    paths = [folder / str(size) for size in SIZES]
    for path, size in zip(paths, SIZES, strict=True):
        path.write_bytes(os.urandom(size))
    return paths
