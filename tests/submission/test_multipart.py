"""Forms are read while they arrive, within limits, whatever the pieces they arrive in."""

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import ClientDisconnected

from submission.errors import (
    BrokenFormError,
    EncodingError,
    FieldTooLongError,
    FormCutOffError,
    LateFieldError,
    SubmissionError,
    TooManyFilesError,
    UnknownFieldError,
    UploadTooLargeError,
)
from submission.multipart import (
    MOST_SECTIONS,
    DataEvent,
    Event,
    FieldEvent,
    FileEndEvent,
    FileEvent,
    FormShape,
    read_form,
)

TYPE = "multipart/form-data; boundary=b"
SHAPE = FormShape({"story": 16, "not_to": 8}, ("not_to",), ("files",), most_files=2, most_bytes=64)


class Pieces:
    """A body that arrives in pieces of a given size."""

    def __init__(self, body: bytes, size: int) -> None:
        self.body = io.BytesIO(body)
        self.size = size

    def read(self, size: int, /) -> bytes:
        """Return the next piece."""
        return self.body.read(min(size, self.size))


class Broken:
    """A connection that ends."""

    def read(self, size: int, /) -> bytes:
        """Fail as werkzeug does."""
        raise ClientDisconnected


def field(name: str, value: bytes) -> bytes:
    """Return one field of a form."""
    return b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)


def file(name: str, content: bytes, field_name: str = "files") -> bytes:
    """Return one file of a form."""
    head = f'--b\r\nContent-Disposition: form-data; name="{field_name}"; filename="{name}"\r\nContent-Type: a/b\r\n\r\n'
    return head.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    """Return a whole form."""
    return b"".join(parts) + b"--b--\r\n"


def read(body: bytes, size: int = 1 << 20, content_type: str = TYPE, shape: FormShape = SHAPE) -> list[Event]:
    """Return the events of a form."""
    return list(read_form(Pieces(body, size), content_type, shape))


def joined(events: list[Event]) -> Iterator[Event]:
    """Give the events with neighbouring pieces of a file put together."""
    data = b""
    for event in events:
        if isinstance(event, DataEvent):
            data += event.data
            continue
        if data:
            yield DataEvent(data)
            data = b""
        yield event


@given(size=st.integers(1, 200), content=st.binary(max_size=64), story=st.text(alphabet="aé\n漢", max_size=5))
def test_the_pieces_in_which_a_form_arrives_change_nothing(size: int, content: bytes, story: str) -> None:
    """Any content in pieces of any size gives the same fields and files."""
    body = form(field("story", story.encode()), field("not_to", b"r1"), field("not_to", b"r2"), file("a.jpg", content))

    expected: list[Event] = [FieldEvent("story", story), FieldEvent("not_to", "r1"), FieldEvent("not_to", "r2")]
    expected += [FileEvent("a.jpg", "a/b"), *([DataEvent(content)] if content else []), FileEndEvent()]
    assert list(joined(read(body, size))) == expected


@given(body=st.binary(max_size=400), size=st.integers(1, 64))
def test_any_bytes_give_events_or_our_own_error(body: bytes, size: int) -> None:
    """No body makes the reader fail in another way than its own errors."""
    for whole in (body, form(field("story", b"x")) + body, b"--b\r\n" + body, form(file("x", body))):
        try:
            read(whole, size)
        except SubmissionError:
            continue


def test_line_ends_of_a_browser_become_line_feeds() -> None:
    """Browsers send CR LF in a text area."""
    assert read(form(field("story", b"a\r\nb\rc"))) == [FieldEvent("story", "a\nb\nc")]


def test_an_input_without_a_file_is_passed_over() -> None:
    """A browser sends a nameless empty file when none was chosen."""
    assert read(form(field("story", b"a"), file("", b""))) == [FieldEvent("story", "a")]


def test_an_empty_file_with_a_name_counts() -> None:
    """A file of no bytes is still a file."""
    assert read(form(file("a", b""))) == [FileEvent("a", "a/b"), FileEndEvent()]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (form(field("stories", b"a")), UnknownFieldError),
        (form(file("a", b"b", "other")), UnknownFieldError),
        (form(b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n"), UnknownFieldError),
        (form(b'--b\r\nContent-Disposition: form-data; filename="x"\r\n\r\nx\r\n'), UnknownFieldError),
        (form(field("story", b"a"), field("story", b"b")), BrokenFormError),
        (form(file("a", b"b"), field("story", b"late")), LateFieldError),
        (form(file("", b""), field("story", b"late")), LateFieldError),
        (form(field("story", b"\xff")), EncodingError),
        (form(b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n'), EncodingError),
        (form(field("story", b"x" * 17)), FieldTooLongError),
        (form(file("a", b"x" * 65)), UploadTooLargeError),
        (form(file("a", b"x" * 33), file("b", b"x" * 32)), UploadTooLargeError),
        (form(file("a", b""), file("b", b""), file("c", b"")), TooManyFilesError),
        (form(b"--b\r\nX: y\r\n\r\nx\r\n"), UnknownFieldError),
        (b"--b\r\n" + b"X: y\r\n" * 40_000, BrokenFormError),
        (b"--b\r\n" + b"X: y\r\n" * 4_000 + b"\r\n", BrokenFormError),
        (form(field("story", b"a")).replace(b"--b--", b"--bx"), BrokenFormError),
        (b"preamble\r\n" + form(field("story", b"a")), BrokenFormError),
        (field("story", b"cut"), BrokenFormError),
        (b"", BrokenFormError),
        (b"story=a", BrokenFormError),
    ],
)
def test_what_does_not_fit_the_form_is_refused(body: bytes, error: type[SubmissionError]) -> None:
    """Each way in which a form can be wrong has its own refusal."""
    with pytest.raises(error):
        read(body)


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=é", f"{TYPE}{'b' * 300}"]
)
def test_another_content_type_is_refused(content_type: str) -> None:
    """Only multipart with a boundary is read."""
    with pytest.raises(BrokenFormError):
        read(form(field("story", b"a")), content_type=content_type)


def test_a_connection_that_ends_is_an_interrupted_form() -> None:
    """What came until then is not taken for the whole."""
    with pytest.raises(FormCutOffError):
        list(read_form(Broken(), TYPE, SHAPE))


@pytest.mark.parametrize("one", [field("not_to", b"x"), file("", b"")], ids=["fields", "empty inputs"])
def test_endless_fields_are_refused(one: bytes) -> None:
    """What brings no bytes of files is bounded too: it would fill the memory or keep a thread busy for hours."""
    assert len(read(form(*[one] * MOST_SECTIONS))) <= MOST_SECTIONS

    with pytest.raises(BrokenFormError):
        read(form(*[one] * (MOST_SECTIONS + 1)))


def test_a_limit_is_noticed_before_the_rest_is_read() -> None:
    """A file over the limit is refused while most of it has not arrived."""
    pieces = Pieces(form(file("a", b"x" * 10_000_000)), 1000)

    with pytest.raises(UploadTooLargeError):
        list(read_form(pieces, TYPE, SHAPE))
    assert pieces.body.tell() <= 2000
