"""What a visitor does: reads the hidden fields of a form and sends it as a browser would, in the order of the page."""

import re
from collections.abc import Mapping, Sequence

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
BOUNDARY = "----lapwing"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"

Fields = Mapping[str, str | Sequence[str]]


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of the last form of a page."""
    return dict(HIDDEN.findall(page.rpartition("<form")[2]))


def open_form(client: FlaskClient) -> dict[str, str]:
    """Return the hidden fields of a fresh tip form."""
    return hidden_fields(client.get("/tip").text)


def encode_field(name: str, value: bytes) -> bytes:
    """Return one field as a browser encodes it."""
    return b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (
        BOUNDARY.encode(),
        name.encode(),
        value,
    )


def encode_file(field: str, name: str, content: bytes, media_type: str = "application/octet-stream") -> bytes:
    """Return one file as a browser encodes it."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    return f"{head}Content-Type: {media_type}\r\n\r\n".encode() + content + b"\r\n"


def encode(fields: Fields, files: Mapping[str, bytes] | None = None, field: str = "files") -> bytes:
    """Return a whole form, files last; without any, one input in which none was chosen."""
    parts = [
        encode_field(name, value.encode())
        for name, values in fields.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    parts += [encode_file(field, name, content) for name, content in (files or {"": b""}).items()]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(
    client: FlaskClient,
    fields: Fields,
    files: Mapping[str, bytes] | None = None,
    path: str = "/tip",
) -> TestResponse:
    """Send a form."""
    return client.post(path, data=encode(fields, files), content_type=MULTIPART)
