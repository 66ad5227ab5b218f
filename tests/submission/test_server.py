"""The real server adds nothing, writes nothing about a visit, and reads a form to its end before it answers."""

import contextlib
import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.codename import Codename
from submission.headers import HEADERS
from submission.worker import FORM_THREADS
from tests.submission.disk import all_pieces
from tests.submission.live import LiveIntake, served
from tests.submission.visitor import BOUNDARY, MULTIPART, encode, encode_field

SECRET = "markerofasource"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveIntake]:
    """One intake for all tests here, with a limit of 8 MiB."""
    with served(LiveIntake(tmp_path_factory.mktemp("live"), max_upload=8 * 1024**2)) as intake:
        yield intake


def raw(port: int, request: bytes, *, end: bool = False) -> bytes:
    """Send bytes, and perhaps that no more will come, and return everything that comes back."""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(request)
        if end:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while data := connection.recv(65_536):
            answer += data
    return answer


def fields() -> dict[str, str]:
    """Return the fields of a tip."""
    return {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": SECRET}


@pytest.mark.parametrize("path", ["/", "/tip", "/nothing-here", "/api/letters", "/style.css"])
def test_the_server_adds_no_header(live: LiveIntake, path: str) -> None:
    """Besides our own headers only type, length and the end of the connection are sent."""
    _, headers, _ = live.exchange("GET", path)

    assert set(headers) == {*HEADERS, "Connection", "Content-Type", "Content-Length"}
    assert headers["Connection"] == "close"


@pytest.mark.parametrize(
    "request_line",
    [
        f"{SECRET}\r\n\r\n",
        f"GET /{SECRET} HTTP/9.9\r\n\r\n",
        f"GET / HTTP/1.1\r\n{SECRET} x\r\n\r\n",
        f"POST /tip HTTP/1.1\r\nContent-Length: {SECRET}\r\n\r\n",
    ],
)
def test_what_is_no_request_is_not_repeated(live: LiveIntake, request_line: str) -> None:
    """Bytes that are no HTTP get a fixed answer with our headers."""
    answer = raw(live.port, request_line.encode())

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert SECRET.encode() not in answer
    assert b"Cache-Control: no-store" in answer
    assert b"Server:" not in answer


def test_a_form_over_the_limit_is_read_to_its_end(live: LiveIntake) -> None:
    """A visitor who sends too much sees the page that says so, not a broken connection."""
    status, _, page = live.exchange(
        "POST", "/tip", encode(fields(), {"a": bytes(9 * 1024**2)}), {"Content-Type": MULTIPART}
    )
    assert (status, b"more than fits" in page) == (413, True)

    status, _, page = live.exchange(
        "POST", "/tip", encode(fields(), {"a": bytes(15 * 1024**2)}), {"Content-Type": MULTIPART}
    )
    assert (status, b"more than fits" in page) == (413, True)


def test_a_form_is_read_to_its_end_however_long(live: LiveIntake) -> None:
    """Who sends four times what is allowed gets the page too, in whatever order system and visitor act."""
    head = f"POST /tip HTTP/1.1\r\nHost: x\r\nContent-Length: {32 * 1024**2}\r\nContent-Type: {MULTIPART}\r\n\r\n"

    answer = raw(live.port, head.encode() + bytes(32 * 1024**2))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"more than fits" in answer


def test_a_refused_form_is_read_to_its_end(live: LiveIntake) -> None:
    """A form refused at its first field gets its page although megabytes follow."""
    before = all_pieces(live.state)
    body = encode({"unknown": "x", **fields()}, {"a": bytes(6 * 1024**2)})

    status, _, page = live.exchange("POST", "/tip", body, {"Content-Type": MULTIPART})

    assert (status, b"unexpected" in page) == (400, True)
    assert all_pieces(live.state) == before


def test_a_visitor_who_lingers_holds_up_nobody(live: LiveIntake) -> None:
    """While many connections stay open after their answers, another visitor is served at once."""
    with contextlib.ExitStack() as lingering:
        for _ in range(20):
            connection = lingering.enter_context(socket.create_connection(("127.0.0.1", live.port), 30))
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        began = time.monotonic()
        assert live.exchange("GET", "/")[0] == 200
        assert time.monotonic() - began < 5


def test_a_chunked_form_is_refused(live: LiveIntake) -> None:
    """A form whose length is not told is refused with 411."""
    head = f"POST /tip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: {MULTIPART}\r\n\r\n"

    assert raw(live.port, head.encode() + b"1\r\nx\r\n0\r\n\r\n").startswith(b"HTTP/1.1 411 ")


def test_chunks_that_are_none_are_not_repeated(live: LiveIntake) -> None:
    """What a form in chunks holds is not looked at, and nothing is written about it."""
    head = "POST /tip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

    answer = raw(live.port, f"{head}{SECRET}\r\n\r\n".encode())

    assert answer.startswith(b"HTTP/1.1 411 ")
    assert live.errors.read_bytes() == b""


@pytest.mark.parametrize("path", ["//tip", f"/{SECRET}//tip", "/api//letters"])
def test_no_address_is_led_elsewhere(live: LiveIntake, path: str) -> None:
    """An address with a slash too many is not answered with one that holds the name asked for."""
    answer = raw(live.port, f"GET {path} HTTP/1.1\r\nHost: {SECRET}\r\n\r\n".encode())

    assert b"Location" not in answer
    assert SECRET.encode() not in answer


@pytest.mark.parametrize("header", ["SCRIPT_NAME: /keys", "PATH_INFO: /keys", "X-Forwarded-Proto: https"])
def test_no_header_tells_where_a_request_came_from(live: LiveIntake, header: str) -> None:
    """Although every connection comes from this machine, none is believed to be a proxy's."""
    answer = raw(live.port, f"GET /mailbox HTTP/1.1\r\nHost: x\r\n{header}\r\nX-Forwarded-Ssl: off\r\n\r\n".encode())

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'aria-current="page">Read replies' in answer


def test_visitors_who_do_not_say_what_they_want_hold_up_nobody(live: LiveIntake) -> None:
    """While two hundred connections say nothing or half a request, another visitor is served at once."""
    with contextlib.ExitStack() as waiting:
        for number in range(200):
            connection = waiting.enter_context(socket.create_connection(("127.0.0.1", live.port), 30))
            connection.sendall(b"GET / HTTP/1.1\r\nHost: "[: number % 24])
        began = time.monotonic()
        assert live.exchange("GET", "/")[0] == 200
        assert time.monotonic() - began < 5


def test_a_request_may_come_in_pieces(live: LiveIntake) -> None:
    """Who sends half a request and later the rest is served; who sends no more is let go."""
    with socket.create_connection(("127.0.0.1", live.port), 30) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        assert live.exchange("GET", "/")[0] == 200
        slow.sendall(b"Host: x\r\n\r\n")
        assert slow.recv(12) == b"HTTP/1.1 200"
    assert raw(live.port, b"GET / HTTP/1.1\r\n", end=True) == b""
    assert raw(live.port, b"", end=True) == b""


def test_slow_forms_do_not_hold_up_the_pages(live: LiveIntake) -> None:
    """While more forms than there are threads arrive slowly, a page is served at once."""
    head = f"POST /tip HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\nContent-Type: {MULTIPART}\r\n\r\n".encode()
    with contextlib.ExitStack() as waiting:
        for _ in range(FORM_THREADS + 1):
            connection = waiting.enter_context(socket.create_connection(("127.0.0.1", live.port), 30))
            connection.sendall(head)
        began = time.monotonic()
        assert live.exchange("GET", "/")[0] == 200
        assert time.monotonic() - began < 5


def test_a_visitor_who_leaves_leaves_nothing(live: LiveIntake) -> None:
    """A form that breaks off in its file keeps nothing, on the shelves or under a temporary name."""
    before = all_pieces(live.state)
    start = b"".join(encode_field(name, value.encode()) for name, value in fields().items())
    start += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'.encode()
    head = f"POST /tip HTTP/1.1\r\nHost: x\r\nContent-Length: 7000000\r\nContent-Type: {MULTIPART}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", live.port), 30) as connection:
        connection.sendall(head.encode() + start + bytes(3_000_000))
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while connection.recv(65_536):
                continue

    assert all_pieces(live.state) == before


def test_a_tip_needs_no_temporary_folder(live: LiveIntake) -> None:
    """With TMPDIR nowhere, a tip with files is taken, and nothing is written about it."""
    body = encode(fields(), {f"{SECRET}.bin": secrets.token_bytes(5 * 1024**2)})
    status, _, page = live.exchange("POST", "/tip", body, {"Content-Type": MULTIPART})

    assert (status, b"Your tip has arrived" in page) == (200, True)
    assert any(opened.letter.story == SECRET for opened in live.letters().values())
    written = live.errors.read_bytes() + b"".join(path.read_bytes() for path in files(live.state))
    assert SECRET.encode() not in written
    assert b"127.0.0.1" not in live.errors.read_bytes()


def files(folder: Path) -> list[Path]:
    """Return every file below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]
