"""Forms without files: read whole, within narrow bounds, in memory."""

from urllib.parse import parse_qsl

from flask import request

from submission.errors import BrokenFormError, EncodingError, FieldTooLongError, UnknownFieldError
from submission.multipart import FieldEvent, FormShape, read_form

MOST_BYTES = 16_384


def read_small_form(shape: FormShape) -> dict[str, str]:
    """Return the fields of this request's form, whichever of the two ways a browser encoded it.

    Raises:
        BrokenFormError: it is neither, holds an unknown field or one twice, or is not UTF-8.
        FieldTooLongError: a field, or all together, are too long.
    """
    content_type = request.headers.get("Content-Type", "")
    if content_type.startswith("multipart/"):
        events = read_form(request.stream, content_type, shape)
        return {event.name: event.text for event in events if isinstance(event, FieldEvent)}
    body = request.stream.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise FieldTooLongError("the form is too long")
    return _parse(body, shape)


def _parse(body: bytes, shape: FormShape) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), errors="strict", max_num_fields=16
        )
    except UnicodeDecodeError:
        raise EncodingError("a field is not UTF-8") from None
    except ValueError:
        raise BrokenFormError("the form is malformed") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BrokenFormError("a field came twice")
    for name, text in pairs:
        if name not in shape.fields:
            raise UnknownFieldError("the form has no such field")
        if len(text.encode()) > shape.fields[name]:
            raise FieldTooLongError("a field is longer than the page allows")
    return fields
