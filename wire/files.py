"""Files that belong to a letter or an exhibit: their names, and how they are listed."""

import re
import unicodedata
from dataclasses import dataclass

from wire.errors import LetterError
from wire.fields import is_one_line

UNKNOWN_TYPE = "application/octet-stream"

_LONGEST = 512  # characters of a name that are looked at
_ENDING = 16  # bytes of a name after its last dot that are kept
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


@dataclass(frozen=True)
class Limits:
    """What a list of files may hold."""

    files: int = 101  # 100 of the source's, and a story that was too long for the letter
    name: int = 120  # bytes of UTF-8
    type: int = 80  # bytes
    total: int = 2**35  # bytes of all files together
    parts: int = 64  # names in the letter; more go into an index


LIMITS = Limits()


@dataclass(frozen=True)
class File:
    r"""One of the files that belong to a letter.

    Attributes:
        name: 1 to 120 bytes of UTF-8 on one line; none of ``/ \ "``, not ``.`` or ``..``.
        type: the media type that the source's browser claimed, at most 80 bytes.
        offset: where it starts in the plaintext of all files, in bytes.
        length: bytes.
        sha256: 32 bytes.

    Raises:
        LetterError: the values do not describe a file.
    """

    name: str
    type: str
    offset: int
    length: int
    sha256: bytes

    def __post_init__(self) -> None:
        if not is_file_name(self.name):
            raise LetterError("letter: a file's name is too long or holds what a name may not")
        if not is_media_type(self.type):
            raise LetterError("letter: a file's type is not a media type")
        if not 0 <= self.offset <= LIMITS.total or not 0 <= self.length <= LIMITS.total or len(self.sha256) != 32:
            raise LetterError("letter: a file's offset, length or hash is out of range")


@dataclass(frozen=True)
class SealedFiles:
    """What a letter or an exhibit lists about its files.

    Attributes:
        files: in order, without a gap.
        parts: SHA-256 of each part, at most 64; or of the parts of the index.
        index: true if `parts` names the parts of the index instead.

    Raises:
        LetterError: files and parts cannot belong together.
    """

    files: tuple[File, ...]
    parts: tuple[bytes, ...]
    index: bool

    def __post_init__(self) -> None:
        check_listing(self.files, self.parts, index=self.index)


def check_listing(files: tuple[File, ...], parts: tuple[bytes, ...], *, index: bool) -> None:
    """Raise `LetterError` unless files and parts can belong together.

    Files follow each other without a gap; there are parts exactly if there are bytes.
    """
    end = 0
    for file in files:
        if file.offset != end:
            raise LetterError("letter: a file does not start where the one before ends")
        end += file.length
    if len(files) > LIMITS.files or len(parts) > LIMITS.parts or end > LIMITS.total:
        raise LetterError("letter: too many files, parts or bytes", "too_much")
    if bool(parts) != bool(end) or (index and not parts):
        raise LetterError("letter: the files and the parts do not belong together")


def is_file_name(text: str) -> bool:
    """Tell whether text can be the name of a file (see `File`)."""
    fits = 1 <= len(text.encode(errors="surrogatepass")) <= LIMITS.name
    return fits and text not in {".", ".."} and is_one_line(text) and not any(sign in text for sign in '/\\"')


def is_media_type(text: str) -> bool:
    """Tell whether text can be the type of a file: ``image/jpeg``, in lower case, at most 80 bytes."""
    return len(text) <= LIMITS.type and _MEDIA_TYPE.fullmatch(text) is not None


def clean_name(untrusted: str) -> str:
    """Return a name made fit for `File`: no folder, no control character, at most 120 bytes with its ending kept."""
    text = untrusted.encode(errors="replace").decode().replace("\\", "/").replace('"', "'")
    text = text.rsplit("/", 1)[-1]
    if len(text) > _LONGEST:
        # Normalising thousands of accents on one letter takes a tenth of a second, and a form may bring 100 names.
        text = text[: _LONGEST - _ENDING] + text[-_ENDING:]
    text = "".join(sign for sign in text if is_one_line(sign))
    text = unicodedata.normalize("NFC", text).strip()
    if len(text.encode()) > LIMITS.name:
        stem, dot, ending = text.rpartition(".")
        if not dot or len(ending.encode()) > _ENDING:
            stem, dot, ending = text, "", ""
        room = LIMITS.name - len((dot + ending).encode())
        text = stem.encode()[:room].decode(errors="ignore").strip() + dot + ending
    return text if is_file_name(text) else "file"


def clean_type(untrusted: str) -> str:
    """Return a media type without parameters, or ``application/octet-stream`` if it is not fit for `File`."""
    text = untrusted.partition(";")[0].strip().lower()
    return text if is_media_type(text) else UNKNOWN_TYPE
