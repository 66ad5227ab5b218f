"""The names and digests in a dossier's bag: which names exist at all, and the manifests of BagIt 1.0 (RFC 8493).

All names are ours and ASCII, so no rule of any file system, archive or shell is ever asked. docs/format.md, "Dossier".
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from unicodedata import ucd_3_2_0

from wire.errors import DossierError

ALGORITHMS: Final = {"sha256": 32, "sha512": 64}
"""Digests of the bag and their sizes in bytes."""

TAG_FILES: Final = (
    "bagit.txt",
    "bag-info.txt",
    "dossier.json",
    "roster.json",
    "approvals.json",
    "manifest-sha256.txt",
    "manifest-sha512.txt",
    "tagmanifest-sha256.txt",
    "tagmanifest-sha512.txt",
)
"""Every file of a bag that is not payload, in the order of the tar."""

TEXT_FILES: Final = ("data/custody.json", "data/report.html", "data/report.txt")
"""The payload that is written by us, in the order of the tar; exhibits follow."""

ATTESTATIONS: Final = "data/attestations.json"
"""The payload that tells since when letters were known; stands between those and the exhibits, if it is there."""

# Opened by nothing that runs code on a plain computer. All else gets `.bin`, so that no double click starts it.
PLAIN_SUFFIXES: Final = frozenset(
    {"bmp", "csv", "eml", "gif", "heic", "jpeg", "jpg", "json", "log", "pdf", "png", "tif", "tiff", "txt", "webp"}
    | {"avi", "flac", "m4a", "mkv", "mov", "mp3", "mp4", "mpeg", "ogg", "opus", "wav", "webm"}
)

_EXHIBIT: Final = re.compile(r"data/exhibits/[0-9]{2,3}-[a-z0-9][a-z0-9-]{0,29}(?:\.[a-z0-9]{1,10}){0,2}")
_LINE: Final = re.compile(r"(?P<digest>[0-9a-f]+)  (?P<path>[!-~]+)\n")


@dataclass(frozen=True)
class Limits:
    """What a bag may hold."""

    exhibits: int = 100
    file: int = 2**33 - 1  # bytes of one exhibit: what the tar's number field can say
    text: int = 1_048_576  # bytes of any other file
    path: int = 100  # bytes of a name in the tar, its folder included


LIMITS = Limits()


def exhibit_path(number: int, name: str) -> str:
    """Return where an exhibit stands in the bag.

    Args:
        number: from 1, in the order of the report.
        name: as the source or a reviewer called it; only what is harmless of it is kept.

    Returns:
        ``data/exhibits/01-name.jpg``: lower-case ASCII, at most 70 bytes. A suffix that a computer may run is followed
        by ``.bin``.
    """
    # The oldest Unicode tables that Python keeps: two apps must agree on the name, whatever Python they run on.
    plain = ucd_3_2_0.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem, dot, suffix = plain.rpartition(".")
    if not dot or not re.fullmatch(r"[a-z0-9]{1,10}", suffix):
        stem, suffix = plain, ""
    stem = re.sub(r"[^a-z0-9]+", "-", stem)[:30].strip("-") or "exhibit"
    end = f".{suffix}" if suffix in PLAIN_SUFFIXES else f".{suffix}.bin" if suffix else ".bin"
    return f"data/exhibits/{number:02}-{stem}{end}"


def most_bytes(path: str) -> int | None:
    """Return how long the file of that name may be, or None where a bag has no such name."""
    if path in TAG_FILES or path in TEXT_FILES or path == ATTESTATIONS:
        return LIMITS.text
    return LIMITS.file if _EXHIBIT.fullmatch(path) else None


def write_manifest(digests: Mapping[str, bytes]) -> bytes:
    """Return a manifest that ``sha256sum -c`` (or ``sha512sum -c``) reads, ordered by name."""
    return "".join(f"{digests[path].hex()}  {path}\n" for path in sorted(digests)).encode()


def read_manifest(untrusted: bytes, algorithm: str) -> dict[str, bytes]:
    """Read a manifest of the payload.

    Args:
        untrusted: the file.
        algorithm: one of `ALGORITHMS`.

    Raises:
        DossierError: not written as `write_manifest` does, or it names what a bag does not have.
    """
    size = ALGORITHMS[algorithm]
    try:
        text = untrusted[: LIMITS.text].decode("ascii")
    except UnicodeDecodeError:
        raise DossierError("manifest: not plain ASCII") from None
    digests = {match["path"]: bytes.fromhex(match["digest"]) for match in _LINE.finditer(text) if _is_pair(match)}
    if write_manifest(digests) != untrusted:
        raise DossierError("manifest: not in its one form")
    if any(len(digest) != size for digest in digests.values()):
        raise DossierError("manifest: a digest has the wrong length")
    if any(path in TAG_FILES or most_bytes(path) is None for path in digests):
        raise DossierError("manifest: it names a file that a bag does not have")
    return digests


def _is_pair(match: re.Match[str]) -> bool:
    return len(match["digest"]) % 2 == 0


def tag_manifests(tags: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the two tag manifests over the other tag files.

    Args:
        tags: name and bytes of each of them.
    """
    return {
        f"tagmanifest-{algorithm}.txt": write_manifest(
            {name: hashlib.new(algorithm, content).digest() for name, content in tags.items()}
        )
        for algorithm in ALGORITHMS
    }
