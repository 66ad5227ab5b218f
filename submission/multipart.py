"""Read a form while it arrives: fields first, then files in chunks; nothing is kept on any disk.

werkzeug's `MultipartDecoder` finds the parts; the limits are ours. Everything is refused as early as it can be seen.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio import multipart

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
"""Bytes that the headers of one part, or what stands before the first one, may take."""


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
    files: int = 0
    size: int = 0

    def begin_field(self, name: str | None) -> None:
        """Refuse a field that is unknown, came before, or came after a file."""
        if name is None or name not in self.shape.fields:
            raise UnknownFieldError("the form has no such field")
        if self.files_began:
            raise LateFieldError("a field came after the first file")
        if name in self.names and name not in self.shape.repeated:
            raise BrokenFormError("a field came twice")
        self.names.add(name)
        self.current, self.in_file = name, False
        self.text.clear()

    def begin_file(self, event: multipart.File) -> None:
        """Refuse a file that the form has no input for; hold it back until it has bytes or a name."""
        if event.name not in self.shape.files:
            raise UnknownFieldError("the form has no such file input")
        self.files_began = self.in_file = True
        self.waiting = FileEvent(event.filename or "", event.headers.get("content-type", ""))

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
    if kind != "multipart/form-data" or not boundary.isascii() or not 1 <= len(boundary) <= 200:
        raise BrokenFormError("the form is not multipart")
    decoder = multipart.MultipartDecoder(boundary.encode("ascii"), CHUNK_SIZE + HEADER_ROOM)
    progress = _Progress(shape)
    ended = False
    while not ended:
        data = _read(stream)
        try:
            decoder.receive_data(data or None)
        except RequestEntityTooLarge:
            raise BrokenFormError("the headers of a part are too long") from None
        while not isinstance(event := _next_event(decoder), multipart.NeedData):
            if isinstance(event, multipart.Field):
                progress.begin_field(event.name)
            elif isinstance(event, multipart.File):
                progress.begin_file(event)
            elif isinstance(event, multipart.Data):
                yield from progress.add(event.data, more=event.more_data)
            elif isinstance(event, multipart.Epilogue):
                ended = True
                break


def _read(stream: ByteStream) -> bytes:
    try:
        return stream.read(CHUNK_SIZE)
    except (ClientDisconnected, OSError):
        raise FormCutOffError("the connection ended before the form did") from None


def _next_event(decoder: multipart.MultipartDecoder) -> multipart.Event:
    try:
        return decoder.next_event()
    except UnicodeDecodeError:
        raise EncodingError("the headers of a part are not UTF-8") from None
    except ValueError:
        raise BrokenFormError("the form is not well-formed multipart") from None
