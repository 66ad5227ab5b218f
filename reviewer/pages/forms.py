"""Reading our own forms: what a browser sends becomes values, or a page that says what is wrong."""

from datetime import date

from flask import request

from reviewer.errors import ActError


def hex_value(untrusted: str, size: int) -> bytes:
    """Return bytes of an exact size written in hexadecimal digits.

    Raises:
        ActError: it is something else.
    """
    try:
        value = bytes.fromhex(untrusted)
    except ValueError:
        value = b""
    if len(value) != size:
        raise ActError("there is no such thing here; go back and load the page again")
    return value


def text(name: str) -> str:
    """Return a text field of the form, empty when it is missing."""
    return request.form.get(name, "")


def day(name: str) -> date | None:
    """Return a day from a field, None when it is empty.

    Raises:
        ActError: it is no day.
    """
    written = text(name).strip()
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ActError("write the day like this: 2026-11-24") from None


def whole_number(name: str, most: int) -> int:
    """Return a whole number from 0 to ``most``.

    Raises:
        ActError: it is none.
    """
    written = text(name).strip()
    if not (written.isascii() and written.isdigit() and len(written) <= len(str(most)) and int(written) <= most):
        raise ActError("write a whole number")
    return int(written)


def small_file(name: str) -> bytes:
    """Return the bytes of a small file (a card, a receipt, a roster).

    Raises:
        ActError: none was chosen.
    """
    upload = request.files.get(name)
    content = upload.read() if upload is not None else b""
    if not content:
        raise ActError("choose a file first")
    return content
