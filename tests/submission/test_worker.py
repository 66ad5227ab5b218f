"""What the worker does with connections that break at the worst moment, and when there are too many.

The rest is in `test_server` and `test_onion_sockets`, with real processes.
"""

import selectors
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]  # ships no type hints

from submission.refusals import BUSY, NO_REQUEST
from submission.server import SilentLogger
from submission.sockets import open_sockets
from submission.visit import FIRST_OF_FILES
from submission.worker import MOST_SILENT_EACH, SilentWorker
from tests.submission.tor import line, open_socket


class Listener(socket.socket):
    """A listener whose visitor has gone before it is taken."""

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        """Fail as the system does then."""
        raise ConnectionAbortedError


class Place:
    """A worker that was not started, and its visitors' socket; no thread of it serves anybody."""

    def __init__(self, folder: Path, opened: ExitStack, most: int) -> None:
        config = Config()
        config.set("worker_connections", most)
        self.worker = SilentWorker(1, 1, [], None, 1, config, SilentLogger(config))
        self.worker.poller = selectors.DefaultSelector()
        self.worker.method_queue.init()
        self.worker.tpool = self.worker.get_thread_pool()
        self.listener, reviewers = open_sockets(folder)
        self.path = folder / "visitors.sock"
        self.opened = opened
        for one in (self.listener, reviewers, self.worker.poller, self.worker.tmp):
            opened.callback(one.close)
        opened.callback(self.worker.method_queue.close)
        opened.callback(self.worker.tpool.shutdown)

    def visit(self, *pieces: bytes) -> socket.socket:
        """Connect as tor does, and let the worker see each piece as it comes."""
        theirs = self.opened.enter_context(open_socket(self.path))
        self.worker.accept(self.listener)
        for piece in pieces:
            theirs.sendall(piece)
            self.turn()
        return theirs

    def turn(self) -> None:
        """Let the worker do what there is to do just now."""
        self.worker.wait_for_and_dispatch_events(0)

    def end(self) -> None:
        """Let all connections end."""
        self.worker.alive = False
        self.worker.murder_pending()
        for visit in list(self.worker._lingering):
            self.worker._end(visit)
        for waiting in self.worker._lines.values():
            for visit in waiting.overdue(float("inf")):
                self.worker.finish_request(visit, None)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A worker with room for twelve connections."""
    with ExitStack() as opened:
        place = Place(tmp_path, opened, 12)
        yield place
        place.end()


def full(place: Place) -> None:
    """Take every place for forms with files, so that whoever comes has to wait."""
    for waiting in place.worker._lines.values():
        waiting._taken = 1_000


FORM = b"POST /tip HTTP/1.1\r\nContent-Length: 500000\r\n\r\n"
BEGUN = FORM + bytes(FIRST_OF_FILES)


def answer(theirs: socket.socket) -> bytes:
    """Return what has come."""
    theirs.settimeout(5)
    return theirs.recv(65_536)


def is_open(theirs: socket.socket) -> bool:
    """Tell whether the worker has not closed."""
    theirs.settimeout(0)
    try:
        return theirs.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def test_a_visitor_who_left_before_being_taken_is_forgotten(place: Place) -> None:
    """The worker goes on."""
    with Listener() as listener:
        place.worker.accept(listener)

    assert place.worker.nr_conns == 0
    assert not place.worker._asking


def test_a_connection_that_breaks_while_it_waits_is_forgotten(place: Place) -> None:
    """A reset before the request is there takes no thread and leaves no count."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        visitor = socket.create_connection(listener.getsockname())
        place.worker.accept(listener)
        # Closing with nothing to linger for resets the connection.
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        visitor.close()
        place.worker.wait_for_and_dispatch_events(5)

    assert place.worker.nr_conns == 0
    assert not place.worker._asking


def test_a_refusal_that_nobody_takes_does_no_harm(place: Place) -> None:
    """Who leaves before being told that it was no request is not told."""
    theirs = place.visit()
    (visit,) = place.worker._asking
    theirs.close()
    visit.sock.close()

    place.worker.handle_error(None, visit.sock, None, ValueError())
    place.worker._asking.clear()
    place.worker._refuse(visit, NO_REQUEST)

    assert place.worker.nr_conns == 0


def test_one_circuit_has_so_many_connections_that_say_nothing(place: Place, tmp_path: Path) -> None:
    """With one more the oldest of that circuit goes, and nobody else's."""
    (tmp_path / "more").mkdir()
    with ExitStack() as opened:
        place = Place(tmp_path / "more", opened, 100)
        other = place.visit(line(2))
        same = [place.visit(line(1)) for _ in range(MOST_SILENT_EACH + 1)]

        assert [is_open(one) for one in [other, *same]] == [True, False] + [True] * MOST_SILENT_EACH
        place.end()


def test_when_all_is_full_who_said_nothing_goes_first(place: Place) -> None:
    """Then those who did not say all, the oldest before the others; and new visitors are taken."""
    began = [place.visit(line(number) + b"GET") for number in range(1, 4)]
    silent = [place.visit(line(number)) for number in range(4, 12)]
    assert all(map(is_open, [*began, *silent]))

    later = [place.visit(line(number) + b"GET") for number in range(12, 21)]

    assert [is_open(one) for one in silent] == [False] * 8
    assert [is_open(one) for one in began] == [False, True, True]
    assert all(map(is_open, later))
    assert place.worker.nr_conns == 11


def test_when_all_is_full_who_has_an_answer_goes_before_all_others(place: Place) -> None:
    """A connection that only lingers is the least loss."""
    refused = place.visit(b"GET / HTTP/1.1\r\n\r\n")
    assert answer(refused) == NO_REQUEST
    waiting = [place.visit(line(number)) for number in range(1, 11)]
    assert len(place.worker._lingering) == 1

    place.visit(line(99))

    assert not place.worker._lingering
    assert all(map(is_open, waiting))


def test_when_nobody_can_go_nobody_goes(place: Place) -> None:
    """Connections that wait for a thread, or have one, are not ended for a new one."""
    place.worker._make_room()

    assert place.worker.nr_conns == 0


def test_who_was_let_go_while_the_system_told_of_them_is_passed_over(place: Place) -> None:
    """Two things at the same moment: the one that comes second finds the connection gone."""
    theirs = place.visit(line(1) + b"GET")
    (asking,) = place.worker._asking
    place.worker._give_up(asking)
    place.worker.on_pending_socket_readable(asking, None)

    place.visit(b"no line")
    (lingering,) = place.worker._lingering
    place.worker._end(lingering)
    place.worker._on_lingering(lingering, None)

    assert not is_open(theirs)
    assert place.worker.nr_conns == 0


def test_who_finds_too_many_waiting_is_told_so(place: Place) -> None:
    """Half of all connections may wait for a thread; of one circuit, fewer."""
    full(place)
    for number in range(6):
        assert is_open(place.visit(line(number) + BEGUN))

    assert answer(place.visit(line(99) + BEGUN)) == BUSY


def test_who_has_too_many_waiting_is_told_so(tmp_path: Path) -> None:
    """Another circuit may still wait."""
    with ExitStack() as opened:
        place = Place(tmp_path, opened, 100)
        full(place)
        for _ in range(8):
            assert is_open(place.visit(line(1) + BEGUN))

        assert answer(place.visit(line(1) + BEGUN)) == BUSY
        assert is_open(place.visit(line(2) + BEGUN))
        place.end()


def test_who_waited_for_too_long_is_told_so(place: Place) -> None:
    """When the turn does not come, the answer says when to try again, and the rest of the form is still taken."""
    full(place)
    theirs = place.visit(line(1) + BEGUN)
    for waiting in place.worker._lines.values():
        waiting._waiting = {
            one: deque((-1_000.0, visit) for _, visit in all_) for one, all_ in waiting._waiting.items()
        }
    place.worker._next_look = 0
    place.worker.murder_pending()

    assert answer(theirs) == BUSY
    (lingering,) = place.worker._lingering
    while lingering.owes:
        theirs.send(bytes(min(50_000, lingering.owes)))
        place.turn()
    assert theirs.recv(10) == b""
    theirs.close()
    place.turn()
    assert place.worker.nr_conns == 0


def test_who_asks_or_lingers_for_too_long_is_let_go(place: Place) -> None:
    """The look now and then ends what has waited for too long, and leaves the rest."""
    theirs, refused, other = place.visit(line(1)), place.visit(b"no line"), place.visit(line(2))
    next(iter(place.worker._asking)).timeout = 0
    place.worker._lingering = dict.fromkeys(place.worker._lingering, 0.0)
    place.worker.murder_pending()
    assert answer(refused) == NO_REQUEST

    assert (is_open(theirs), is_open(refused), is_open(other)) == (False, False, True)
    next(iter(place.worker._asking)).timeout = 0
    place.worker.murder_pending()
    assert is_open(other)
