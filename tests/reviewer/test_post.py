"""The client of the intake: signs each request, checks what comes back, and says in words what went wrong."""

import contextlib
import hashlib
import json
import socket
import threading
from base64 import b64encode
from collections.abc import Iterator

import pytest

from reviewer.errors import (
    IntakeAnswerError,
    IntakeRefusedError,
    IntakeSwappedError,
    IntakeUnreachableError,
    SyncError,
)
from reviewer.post import HttpIntake
from tests.reviewer.web_server import Answers, web_server

PIECE = b"sealed" * 100
NAME = hashlib.sha256(PIECE).digest()


@pytest.fixture
def server() -> Iterator[Answers]:
    """A web server on loopback with prepared answers."""
    with web_server() as kept:
        yield kept


def sign(method: str, path: str, body: bytes, at_least: int) -> str:
    """A token that shows what it was made for."""
    return f"Lapwing {method} {path} {hashlib.sha256(body).hexdigest()[:8]} {at_least}"


def intake(server: Answers) -> HttpIntake:
    """The client of that server."""
    return HttpIntake(f"http://127.0.0.1:{server.port}", sign, 5)


def test_each_request_carries_a_token_for_itself(server: Answers) -> None:
    """Method, path and body are what the token was signed for."""
    server.answers = [(200, b'{"letters":[]}'), (201, b"{}")]
    client = intake(server)
    assert client.waiting("letters") == ()
    client.post_batch(PIECE)

    digest = hashlib.sha256(PIECE).hexdigest()[:8]
    assert server.asked == [
        ("GET", "/api/letters", f"Lapwing GET /api/letters {hashlib.sha256(b'').hexdigest()[:8]} 0", b""),
        ("POST", "/api/log", f"Lapwing POST /api/log {digest} 0", PIECE),
    ]


def test_roster_is_asked_for_with_a_token(server: Answers) -> None:
    """The reviewers' onion serves nothing without one."""
    server.answers = [(200, b"envelope")]

    assert intake(server).roster() == b"envelope"
    assert [(path, token is not None) for _, path, token, _ in server.asked] == [("/api/roster", True)]


def test_roster_is_read_as_everybody_does_by_who_cannot_sign_yet(server: Answers) -> None:
    """An app without a roster cannot sign, and one that is not on the intake's roster is not believed."""

    def refuse(method: str, path: str, body: bytes, at_least: int) -> str:
        raise SyncError("there is no roster yet")

    server.answers = [(200, b"first"), (401, b""), (200, b"second")]
    assert HttpIntake(f"http://127.0.0.1:{server.port}", refuse, 5).roster() == b"first"
    assert intake(server).roster() == b"second"
    assert [(path, token is not None) for _, path, token, _ in server.asked] == [
        ("/roster.json", False),
        ("/api/roster", True),
        ("/roster.json", False),
    ]


def test_lists_are_read(server: Answers) -> None:
    """Names and envelopes come back as bytes."""
    listed = json.dumps([b64encode(b"one").decode(), b64encode(b"two").decode()]).encode()
    batches = json.dumps({"batches": [NAME.hex()]}).encode()
    server.answers = [(200, listed), (200, listed), (200, batches)]
    client = intake(server)

    assert client.period_keys("2026-W48") == (b"one", b"two")
    assert client.sheets() == (b"one", b"two")
    assert client.waiting("log") == (NAME,)
    assert [path for _, path, _, _ in server.asked] == ["/api/period-keys?week=2026-W48", "/api/sheets", "/api/log"]


def test_parts_are_listed_from_where_the_last_list_ended(server: Answers) -> None:
    """The name after which the list goes on stands in the request; a list that does not go on from there is refused."""
    one, two = bytes(32), bytes([1]) * 32
    listed = json.dumps({"parts": [one.hex(), two.hex()]}).encode()
    server.answers = [(200, listed), (200, b'{"parts":[]}'), (200, listed)]
    client = intake(server)

    assert client.parts(b"") == (one, two)
    assert client.parts(two) == ()
    assert [path for _, path, _, _ in server.asked] == ["/api/parts", f"/api/parts?after={two.hex()}"]
    with pytest.raises(IntakeAnswerError, match="order"):
        client.parts(one)


def test_every_post_goes_to_its_shelf(server: Answers) -> None:
    """Rosters, keys, sheets, parts, replies and acknowledgements go where the intake takes them."""
    server.answers = [(201, b"{}")] * 6
    client = intake(server)
    client.post_roster(b"r")
    client.post_period_key(b"k")
    client.post_sheet(b"s")
    client.post_part(b"p")
    client.post_reply("01", b"a")
    client.acknowledge({"letters": [NAME], "log": []})

    assert [(path, body) for _, path, _, body in server.asked] == [
        ("/api/roster", b"r"),
        ("/api/period-keys", b"k"),
        ("/api/sheets", b"s"),
        ("/api/parts", b"p"),
        ("/api/replies?shelf=01", b"a"),
        ("/api/acknowledgements", b'{"letters":["' + NAME.hex().encode() + b'"],"parts":[],"batches":[]}'),
    ]


def test_piece_must_be_the_one_asked_for(server: Answers) -> None:
    """A piece is taken only if its SHA-256 is its name."""
    server.answers = [(200, PIECE), (200, PIECE + b"!")]
    client = intake(server)

    assert client.fetch("letters", NAME) == PIECE
    with pytest.raises(IntakeSwappedError, match="something else"):
        client.fetch("letters", NAME)


def test_counter_goes_on_from_what_the_intake_remembers(server: Answers) -> None:
    """When a counter was used already, the request is signed again with a higher one, once."""
    server.answers = [(409, b'{"error":"used","counter":41}'), (200, b'{"letters":[]}')]

    intake(server).waiting("letters")
    assert [token.rsplit(" ", 1)[-1] for _, _, token, _ in server.asked if token] == ["0", "41"]


@pytest.mark.parametrize(
    ("status", "message"), [(401, "does not accept this app's signature"), (404, "status 404"), (503, "status 503")]
)
def test_refusal_is_told_with_its_status(server: Answers, status: int, message: str) -> None:
    """What the intake refuses is an error that holds the status and nothing of the answer."""
    server.answers = [(status, b"<html>secret</html>")]
    with pytest.raises(IntakeRefusedError, match=message) as caught:
        intake(server).waiting("letters")

    assert caught.value.status == status
    assert "secret" not in str(caught.value)


def test_conflict_without_a_counter_is_a_refusal(server: Answers) -> None:
    """A conflict that is not about the counter is not tried again."""
    server.answers = [(409, b'{"error":"another key is here"}')]
    with pytest.raises(IntakeRefusedError):
        intake(server).post_period_key(b"k")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"letters":["zz"]}',
        b'{"letters":[],"more":1}',
        b'{"batches":[]}',
        b"\xff",
        b'{"letters":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    ],
)
def test_answer_that_makes_no_sense_is_refused(server: Answers, body: bytes) -> None:
    """Anything but the list that was asked for is an error, never a crash."""
    server.answers = [(200, body)]
    with pytest.raises(IntakeAnswerError, match="cannot be read"):
        intake(server).waiting("letters")


def test_list_of_envelopes_that_is_none_is_refused(server: Answers) -> None:
    """A list with something else than base64 is refused, and so is one that breaks out of its brackets."""
    server.answers = [(200, b'["!"]'), (200, b'[],"x":1'), (200, b"{}")]
    for _ in range(3):
        with pytest.raises(IntakeAnswerError):
            intake(server).sheets()


def test_answer_that_is_too_long_is_refused(server: Answers) -> None:
    """No more is read than the largest piece."""
    server.answers = [(200, b"x" * 1_048_577), (200, b"x" * 262_145)]
    with pytest.raises(IntakeSwappedError, match="something else"):
        intake(server).fetch("parts", NAME)
    with pytest.raises(IntakeAnswerError, match="too long"):
        intake(server).roster()


def test_nobody_there_is_told(server: Answers) -> None:
    """A port where nobody listens is an error that says what to look at."""
    with pytest.raises(IntakeUnreachableError, match="is it running"):
        HttpIntake("http://127.0.0.1:9", sign, 1).sheets()


@pytest.mark.parametrize("address", ["", "127.0.0.1:8080", "https://127.0.0.1", "ftp://x", "http://", "http://x:y"])
def test_address_must_be_one(address: str) -> None:
    """Only an http address with a host is taken."""
    with pytest.raises(IntakeAnswerError, match="must look like"):
        HttpIntake(address, sign)


def test_answer_that_drips_is_broken_off() -> None:
    """An intake that sends a byte now and then, but never ends, holds a request up only for so long."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def drip() -> None:
            line, _ = listening.accept()
            with line, contextlib.suppress(OSError):
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while not ended.wait(0.05):
                    line.sendall(b" ")

        thread = threading.Thread(target=drip)
        thread.start()
        client = HttpIntake(f"http://127.0.0.1:{listening.getsockname()[1]}", sign, 5, whole=0.3)
        try:
            with pytest.raises(IntakeUnreachableError):
                client.waiting("letters")
        finally:
            ended.set()
            thread.join()


def test_redirection_is_not_followed(server: Answers) -> None:
    """An answer that points elsewhere is a refusal: nothing else is asked."""
    server.answers = [(302, b"")]
    with pytest.raises(IntakeRefusedError):
        intake(server).waiting("letters")
    assert len(server.asked) == 1
