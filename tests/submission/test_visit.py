"""When a connection has said enough, for which line, and when it has waited for too long."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]  # ships no type hints

from submission.errors import NoRequestError
from submission.sockets import Listener
from submission.visit import FIRST_OF_FILES, HEAD_SECONDS, MOST_BODY, MOST_HEAD, MOST_OWED, SLOWEST, Visit
from tests.submission.tor import address, line

Connect = Callable[..., tuple[socket.socket, Visit]]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Make a visitor's end and ours, on a listener."""
    made: list[Any] = []

    def make(listener: Listener = "visitors") -> tuple[socket.socket, Visit]:
        theirs, ours = socket.socketpair()
        visit = Visit(Config(), ours, ("127.0.0.1", 99), listener, 0.0)
        made.extend((theirs, visit))
        return theirs, visit

    yield make
    for one in made:
        one.close()


def post(path: str, length: int) -> bytes:
    """Return the head of a form."""
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


def test_a_circuit_is_named_before_the_request_is_there(connect: Connect) -> None:
    """Tor's line alone tells the circuit, and asks for nothing yet."""
    theirs, visit = connect()
    theirs.sendall(line(70_000))

    assert not visit.look(0)
    assert (visit.circuit, visit.client) == (address(70_000), (address(70_000), 0))
    assert not visit.arrived
    assert not visit.look(0)


def test_without_tor_every_connection_counts_for_itself(connect: Connect) -> None:
    """On a port there is no line, and the circuit is the other end."""
    theirs, visit = connect("both")
    theirs.sendall(b"GET / HTTP/1.1\r\n\r\n")

    assert visit.look(0)
    assert visit.circuit == "127.0.0.1 99"


@pytest.mark.parametrize(
    ("listener", "request_", "errand"),
    [
        ("visitors", b"GET /tip?lang=fr HTTP/1.1\r\n\r\n", "pages"),
        ("visitors", b"HEAD / HTTP/1.1\n\n", "pages"),
        ("visitors", b"GET /shelf/ HTTP/1.1\r\n\r\n", "shelves"),
        ("visitors", b"GET /shelf/0 HTTP/1.1\r\n\r\n", "shelves"),
        ("visitors", b"GET /%73helf/ HTTP/1.1\r\n\r\n", "shelves"),
        ("visitors", b"GET http://x/shelf/ HTTP/1.1\r\n\r\n", "shelves"),
        ("visitors", b"GET /%41 HTTP/1.1\r\n\r\n", "shelves"),
        ("visitors", b"GET / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n", "pages"),
        ("visitors", post("/mailbox", 3) + b"a=b", "small forms"),
        ("visitors", post("/tip", MOST_BODY) + bytes(MOST_BODY), "small forms"),
        ("visitors", post("/tip", MOST_BODY + 1) + bytes(FIRST_OF_FILES), "forms with files"),
        ("visitors", b"POST /tip HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "small forms"),
        ("visitors", b"DELETE / HTTP/1.1\r\n\r\n", "small forms"),
        ("reviewers", b"GET /api/letters HTTP/1.1\r\n\r\n", "reviewers"),
        ("reviewers", post("/api/parts", 2_000_000) + bytes(FIRST_OF_FILES), "reviewers"),
    ],
)
def test_a_request_waits_in_the_line_of_its_errand(
    connect: Connect, listener: Listener, request_: bytes, errand: str
) -> None:
    """What may take long waits apart from what does not, however it is written."""
    theirs, visit = connect(listener)
    theirs.sendall(line(1) + request_)

    while not visit.look(0):
        continue
    assert visit.errand == errand
    assert visit.take_arrived() == request_
    assert visit.arrived == b""


@pytest.mark.parametrize("length", [MOST_BODY, MOST_BODY + 1])
def test_a_form_is_waited_for_until_it_is_whole_or_moves(connect: Connect, length: int) -> None:
    """A form without files must be whole, and one with files must have brought its first bytes."""
    theirs, visit = connect()
    needed = length if length <= MOST_BODY else FIRST_OF_FILES
    theirs.sendall(line(1) + post("/tip", length) + bytes(needed - 1))
    for _ in range(10):
        assert not visit.look(0)
    theirs.sendall(b"\0")

    assert visit.look(0)


def test_who_moves_may_take_longer(connect: Connect) -> None:
    """The time for the head is fixed; that for a form grows with what comes of it."""
    theirs, visit = connect()
    theirs.sendall(line(1) + b"POST /tip HTTP/1.1\r\n")
    visit.look(5)
    assert visit.timeout == HEAD_SECONDS

    theirs.sendall(b"Content-Length: 70000\r\n\r\n")
    visit.look(15)
    assert visit.timeout == 15 + HEAD_SECONDS
    theirs.sendall(bytes(10 * SLOWEST))
    visit.look(20)
    assert visit.timeout == 15 + HEAD_SECONDS + 10


@pytest.mark.parametrize("size", [0, 10, len(line(1)), len(line(1)) + 5, len(line(1)) + 60])
def test_who_leaves_before_having_asked_is_forgotten(connect: Connect, size: int) -> None:
    """An end before that of the request is no request."""
    theirs, visit = connect()
    theirs.sendall((line(1) + post("/tip", 5))[:size])
    if size:
        assert not visit.look(0)
    theirs.shutdown(socket.SHUT_WR)

    with pytest.raises(ConnectionResetError):
        visit.look(0)


@pytest.mark.parametrize("front", [b"\x16\x03\x01", b"\r\n\r\n", b"G" * MOST_HEAD])
def test_what_cannot_become_a_request_is_refused(connect: Connect, front: bytes) -> None:
    """Bytes of another protocol, and a head without an end, are not waited for."""
    theirs, visit = connect()
    theirs.sendall(line(1) + front)

    with pytest.raises(NoRequestError):
        visit.look(0)


def test_what_is_still_owed_is_taken_and_dropped(connect: Connect) -> None:
    """After a refusal the rest of a form is taken in, until its end or the visitor's."""
    theirs, visit = connect()
    length = MOST_BODY + 50_000
    theirs.sendall(line(1) + post("/tip", length) + bytes(FIRST_OF_FILES))
    visit.look(0)
    assert visit.owes == length - FIRST_OF_FILES

    assert not visit.drop_more()
    for size in (MOST_BODY, length - MOST_BODY - FIRST_OF_FILES + 9):
        theirs.sendall(bytes(size))
        while visit.owes and not visit.drop_more():
            if visit.owes == length - FIRST_OF_FILES - size:
                break
    assert visit.owes == 0
    theirs.close()
    while not visit.drop_more():
        continue


def test_a_form_too_large_to_be_dropped_is_not_waited_for(connect: Connect) -> None:
    """Of a form of gigabytes nothing is taken in for the sake of a refusal; a broken connection is an end."""
    theirs, visit = connect()
    theirs.sendall(line(1) + post("/tip", MOST_OWED * 2) + bytes(FIRST_OF_FILES))
    visit.look(0)
    assert visit.owes == 0

    visit.sock.close()
    assert visit.drop_more()
