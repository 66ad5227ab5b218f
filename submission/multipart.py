"""Read a form while it arrives: fields first, then files in chunks; nothing is kept on any disk.

A parser of our own: werkzeug's decoder adds a byte to a file when what it is given ends inside a boundary line, and a
file whose hash is not the source's is no evidence. Everything is refused as early as it can be seen.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import parse_options_header

from submission.errors import (
    BrokenFormError,
    EncodingError,
    FieldTooLongError,
    FormCutOffError,
    LateFieldError,
    TooManyFilesError,
    UnknownFieldError,
    UploadTooLargeError,
)

CHUNK_SIZE: Final = 131_072
HEADER_ROOM: Final = 16_384
"""Bytes that the headers of one part may take."""
MOST_SECTIONS: Final = 256
"""Fields and files of one form, empty ones included: each costs memory or time although it brings no bytes."""
LONGEST_BOUNDARY: Final = 70
"""Characters, as RFC 2046 has it."""


class ByteStream(Protocol):
    """Where a form is read from."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class FormShape:
    """What a form may hold.

    Attributes:
        fields: names of the fields, each with its most bytes in UTF-8.
        repeated: those of them that may come more than once.
        files: names of the file inputs.
        most_files: files in one form.
        most_bytes: bytes of all files together.
    """

    fields: Mapping[str, int]
    repeated: Collection[str] = ()
    files: Collection[str] = ()
    most_files: int = 0
    most_bytes: int = 0


@dataclass(frozen=True, slots=True)
class FieldEvent:
    """A field and its text, line ends as line feeds."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class FileEvent:
    """A file begins; its name and type as the browser sent them, to be cleaned before use."""

    untrusted_name: str
    untrusted_type: str


@dataclass(frozen=True, slots=True)
class DataEvent:
    """The next bytes of the file that began last."""

    data: bytes


@dataclass(frozen=True, slots=True)
class FileEndEvent:
    """The file that began last is complete."""


Event = FieldEvent | FileEvent | DataEvent | FileEndEvent


@dataclass
class _Progress:
    """What was seen of a form so far."""

    shape: FormShape
    names: set[str] = field(default_factory=set)
    current: str = ""
    text: bytearray = field(default_factory=bytearray)
    in_file: bool = False
    files_began: bool = False
    waiting: FileEvent | None = None
    sections: int = 0
    files: int = 0
    size: int = 0

    def begin(self, headers: bytes) -> None:
        """Begin the part with these headers: a file when they give a file name, even an empty one, else a field."""
        self.sections += 1
        if self.sections > MOST_SECTIONS:
            raise BrokenFormError("more fields and files than any page sends")
        parsed = _parse_headers(headers)
        _, options = parse_options_header(parsed.get("content-disposition", ""))
        name = options.get("name", "")
        if "filename" in options:
            self._begin_file(name, options["filename"], parsed.get("content-type", ""))
        else:
            self._begin_field(name)

    def _begin_field(self, name: str) -> None:
        """Refuse a field that is unknown, came before, or came after a file."""
        if name not in self.shape.fields:
            raise UnknownFieldError("the form has no such field")
        if self.files_began:
            raise LateFieldError("a field came after the first file")
        if name in self.names and name not in self.shape.repeated:
            raise BrokenFormError("a field came twice")
        self.names.add(name)
        self.current, self.in_file = name, False
        self.text.clear()

    def _begin_file(self, name: str, untrusted_name: str, untrusted_type: str) -> None:
        """Refuse a file that the form has no input for; hold it back until it has bytes or a name."""
        if name not in self.shape.files:
            raise UnknownFieldError("the form has no such file input")
        self.files_began = self.in_file = True
        self.waiting = FileEvent(untrusted_name, untrusted_type)

    def add(self, data: bytes, *, more: bool) -> Iterator[Event]:
        """Take in the next bytes of the current part."""
        if not self.in_file:
            yield from self._add_text(data, more=more)
            return
        self.size += len(data)
        if self.size > self.shape.most_bytes:
            raise UploadTooLargeError("the files together are over the limit")
        # A file input without a choice sends one file with no name and no bytes.
        if self.waiting is not None and (data or (self.waiting.untrusted_name and not more)):
            self.files += 1
            if self.files > self.shape.most_files:
                raise TooManyFilesError("more files than one letter may list")
            yield self.waiting
            self.waiting = None
        if data:
            yield DataEvent(data)
        if not more:
            if self.waiting is None:
                yield FileEndEvent()
            self.waiting = None

    def _add_text(self, data: bytes, *, more: bool) -> Iterator[Event]:
        self.text += data
        if len(self.text) > self.shape.fields[self.current]:
            raise FieldTooLongError("a field is longer than the page allows")
        if not more:
            try:
                text = self.text.decode("utf-8")
            except UnicodeDecodeError:
                raise EncodingError("a field is not UTF-8") from None
            yield FieldEvent(self.current, text.replace("\r\n", "\n").replace("\r", "\n"))


def read_form(stream: ByteStream, content_type: str, shape: FormShape) -> Iterator[Event]:
    """Yield the fields, then the files, of a multipart form as they arrive.

    Strict where browsers are: line ends are CR LF, nothing stands before the first boundary, nothing follows a boundary
    on its line. What stands after the last boundary is not read.

    Args:
        stream: the body; read in chunks of 128 KiB.
        content_type: the header that names the boundary.
        shape: what the form may hold.

    Raises:
        BrokenFormError: it is not what `shape` says or not multipart; its subclasses say how.
        FieldTooLongError, TooManyFilesError, UploadTooLargeError: over a limit, seen while it arrives.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not boundary.isascii() or not 1 <= len(boundary) <= LONGEST_BOUNDARY:
        raise BrokenFormError("the form is not multipart")
    body = _Body(stream, b"\r\n--" + boundary.encode("ascii"))
    progress = _Progress(shape)
    body.expect_delimiter()
    while body.part_follows():
        progress.begin(body.read_headers())
        for data, more in body.read_data():
            yield from progress.add(data, more=more)


class _Body:
    """The bytes of a form as they arrive, cut at the delimiter: CR LF, two hyphens and the boundary."""

    def __init__(self, stream: ByteStream, delimiter: bytes) -> None:
        self._stream = stream
        self._delimiter = delimiter
        # The first delimiter lacks the line end, since nothing stands before it.
        self._buffer = bytearray(b"\r\n")

    def expect_delimiter(self) -> None:
        """Pass the first delimiter."""
        if self._take(len(self._delimiter)) != self._delimiter:
            raise BrokenFormError("the form does not begin with its boundary")

    def part_follows(self) -> bool:
        """Tell, right behind a delimiter, whether another part follows or the form ends."""
        after = self._take(2)
        if after not in {b"\r\n", b"--"}:
            raise BrokenFormError("a boundary is not followed by a line end")
        return after == b"\r\n"

    def read_headers(self) -> bytes:
        """Return the headers of a part, each line with its end; at most `HEADER_ROOM` bytes."""
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > HEADER_ROOM:
                raise BrokenFormError("the headers of a part are too long")
            self._fill()
        if end > HEADER_ROOM:
            raise BrokenFormError("the headers of a part are too long")
        return self._take(end + 4)

    def read_data(self) -> Iterator[tuple[bytes, bool]]:
        """Yield the content of a part in pieces, each with whether more of it follows, and pass the delimiter."""
        while (end := self._buffer.find(self._delimiter)) < 0:
            # The last bytes may be the beginning of a delimiter.
            sure = len(self._buffer) - len(self._delimiter) + 1
            if sure > 0:
                yield self._take(sure), True
            self._fill()
        yield self._take(end), False
        del self._buffer[: len(self._delimiter)]

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        taken = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return taken

    def _fill(self) -> None:
        try:
            data = self._stream.read(CHUNK_SIZE)
        except (ClientDisconnected, OSError):
            raise FormCutOffError("the connection ended before the form did") from None
        if not data:
            raise FormCutOffError("the form ends before its last boundary")
        self._buffer += data


def _parse_headers(untrusted: bytes) -> dict[str, str]:
    """Return the headers of a part by their names in lower case."""
    try:
        lines = untrusted.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise EncodingError("the headers of a part are not UTF-8") from None
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
