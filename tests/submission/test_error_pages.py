"""Whatever goes wrong, the answer says what to do and nothing of what was sent."""

from pathlib import Path

import pytest
from flask import Flask

from crypto.errors import PayloadError
from submission.app import create_app
from submission.config import Config
from submission.errors import DiskError
from wire.errors import PartsError


def test_an_unknown_page_is_told_as_such(app: Flask) -> None:
    """A page that is not there is 404, without the address that was asked for."""
    answer = app.test_client().get("/markerofasource")

    assert (answer.status_code, "There is no such page" in answer.text) == (404, True)
    assert "markerofasource" not in answer.text


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_a_fault_is_told_without_its_details(config: Config, capsys: pytest.CaptureFixture[str], prefix: str) -> None:
    """A bug gives a plain answer; the operator sees its kind and line, and nothing of a visitor."""
    app = create_app(config)

    @app.get(f"{prefix}/fault")
    def fault() -> str:
        raise RuntimeError("markerofasource")

    answer = app.test_client().get(f"{prefix}/fault?markerofasource")

    shown = capsys.readouterr()
    assert answer.status_code == 500
    assert "try again later" in answer.text or "Something broke on our side" in answer.text
    assert "markerofasource" not in answer.text + shown.out + shown.err
    assert shown.err.startswith("lapwing intake: fault RuntimeError at test_error_pages.py:")


def test_a_failing_disk_is_told_to_both(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """The source reads that nothing was kept, the operator which line of code met the disk."""
    app = create_app(config)

    @app.get("/disk")
    def disk() -> str:
        try:
            Path("/nowhere/markerofasource").read_bytes()
        except OSError as error:
            raise DiskError("the disk fails") from error
        return ""

    answer = app.test_client().get("/disk")

    assert (answer.status_code, answer.headers["Retry-After"], "Nothing was kept" in answer.text) == (503, "3600", True)
    assert capsys.readouterr().err.startswith("lapwing intake: fault FileNotFoundError at ")


@pytest.mark.parametrize("error", [PayloadError, PartsError])
def test_what_is_malformed_gets_a_plain_page(config: Config, error: type[Exception]) -> None:
    """An error of a lower room that no view foresaw is still a page, with 400."""
    app = create_app(config)

    @app.get("/malformed")
    def malformed() -> str:
        raise error("markerofasource")

    answer = app.test_client().get("/malformed")

    assert (answer.status_code, "markerofasource" in answer.text) == (400, False)


def test_an_unforeseen_http_error_gets_a_plain_page(config: Config) -> None:
    """A status without words of its own gets the general ones."""
    app = create_app(config)

    answer = app.test_client().get("/", headers={"Host": "bad host"})

    assert answer.status_code in {200, 400}
