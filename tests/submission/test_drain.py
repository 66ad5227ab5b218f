"""A form is taken in to its end before the answer; a visitor who leaves meanwhile does no harm."""

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import ClientDisconnected


class Leaving(io.BytesIO):
    """A long form whose visitor leaves before it is sent."""

    def __init__(self, error: type[Exception]) -> None:
        super().__init__(bytes(1_000_000))
        self.error = error

    def readinto(self, buffer: Any, /) -> int:
        """Fail as a connection does that has ended."""
        raise self.error


def test_a_form_is_read_to_its_end(app: Flask) -> None:
    """Also where the answer was clear from the first byte."""
    body = io.BytesIO(bytes(1_000_000))

    answer = app.test_client().post("/tip", input_stream=body, content_type="text/plain", content_length=1_000_000)

    assert (answer.status_code, body.tell()) == (400, 1_000_000)


@pytest.mark.parametrize("error", [ClientDisconnected, TimeoutError, ConnectionResetError])
def test_a_visitor_who_leaves_is_no_fault(
    app: Flask, error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer goes nowhere, and no line is written."""
    answer = app.test_client().post("/keys", input_stream=Leaving(error))

    assert answer.status_code == 405
    assert capsys.readouterr() == ("", "")
