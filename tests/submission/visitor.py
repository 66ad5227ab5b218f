"""What a visitor does: reads the hidden fields of a form and sends it as a browser would."""

import io
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of the last form of a page."""
    return dict(HIDDEN.findall(page.rpartition("<form")[2]))


def open_form(client: FlaskClient) -> dict[str, str]:
    """Return the hidden fields of a fresh tip form."""
    return hidden_fields(client.get("/tip").text)


def send(
    client: FlaskClient, fields: dict[str, object], files: dict[str, bytes] | None = None, path: str = "/tip"
) -> TestResponse:
    """Send a form, files last, as the page orders them."""
    data: dict[str, object] = dict(fields)
    data["files"] = [(io.BytesIO(content), name) for name, content in (files or {}).items()] or [(io.BytesIO(), "")]
    return client.post(path, data=data, content_type="multipart/form-data")
