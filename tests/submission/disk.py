"""What lies on the shelves of a state folder, read from the disk without asking the intake."""

import hashlib
from pathlib import Path

from submission.rows import SHELVES


def pieces(state: Path, shelf: str) -> dict[str, bytes]:
    """Return every slot of a shelf that is not empty, by the SHA-256 of its bytes."""
    path, size = state / shelf, {str(name): size for name, size in SHELVES.items()}[shelf]
    content = path.read_bytes() if path.exists() else b""
    assert len(content) % size == 0
    slots = [content[start : start + size] for start in range(0, len(content), size)]
    return {hashlib.sha256(slot).hexdigest(): slot for slot in slots if any(slot)}


def all_pieces(state: Path) -> list[str]:
    """Return the names of all pieces on all shelves."""
    return [name for shelf in SHELVES for name in pieces(state, shelf)]
