"""What the scripted story is told with: words in several languages, a small JPEG, random bytes, and their hashes."""

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.visit import Upload

MEBIBYTE: Final = 1 << 20
BIG_SIZE: Final = 40 * MEBIBYTE

# One grey pixel, JFIF; a comment is added to each copy, so that no two tips hold the same photo.
PIXEL: Final = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8Q"
    "EBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
)

STORY: Final = (
    "Sur un marché en ligne, un vendeur propose des défenses d’éléphant.\n"
    "Người bán nói: ngà voi thật, giao trong ba ngày.\n"
    "他在群里发了象牙的照片。\n"
)


@dataclass(frozen=True)
class Material:
    """Files in a folder of their own, and a mark that stands in each of them and nowhere else.

    Attributes:
        folder: where the files are.
        mark: 32 hexadecimal digits; stands in the story, in the photo, and in the photo's name.
        big_size: bytes of the big file.
    """

    folder: Path
    mark: str
    big_size: int

    @property
    def story(self) -> str:
        """What the source writes."""
        return f"{STORY}Repère {self.mark}."

    @property
    def photo(self) -> Upload:
        """A JPEG with the mark in its comment and in its name."""
        return Upload(self.folder / "photo.jpg", f"photo-{self.mark}.jpg", "image/jpeg")

    @property
    def big(self) -> Upload:
        """Random bytes."""
        return Upload(self.folder / "chat.bin", "chat.bin", "application/octet-stream")

    @property
    def screenshot(self) -> Upload:
        """What a reviewer found themselves."""
        return Upload(self.folder / "screenshot.txt", "screenshot.txt", "text/plain")


def make(folder: Path, big_size: int = BIG_SIZE) -> Material:
    """Write the files into a new folder."""
    folder.mkdir()
    material = Material(folder, secrets.token_hex(16), big_size)
    comment = f"mark {material.mark}".encode()
    segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    material.photo.path.write_bytes(PIXEL[:2] + segment + PIXEL[2:])
    material.screenshot.path.write_text("seller: @ivory (demonstration)\n", "utf-8")
    with material.big.path.open("wb") as sink:
        for start in range(0, big_size, MEBIBYTE):
            sink.write(os.urandom(min(MEBIBYTE, big_size - start)))
    return material


def digest(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
