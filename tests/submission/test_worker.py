"""What the worker does with connections that break at the worst moment; the rest is in `test_server`."""

import selectors
import socket
from collections.abc import Iterator

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]  # ships no type hints

from submission.server import SilentLogger
from submission.worker import SilentWorker


class Listener(socket.socket):
    """A listener whose visitor has gone before it is taken."""

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        """Fail as the system does then."""
        raise ConnectionAbortedError


@pytest.fixture
def worker() -> Iterator[SilentWorker]:
    """A worker that was not started."""
    config = Config()
    worker = SilentWorker(1, 1, [], None, 1, config, SilentLogger(config))
    worker.poller = selectors.DefaultSelector()
    yield worker
    worker.poller.close()
    worker.method_queue.close()
    worker.tmp.close()


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    visitor = socket.create_connection(listener.getsockname())
    ours, _ = listener.accept()
    with listener, visitor, ours:
        yield visitor, ours


def test_a_visitor_who_left_before_being_taken_is_forgotten(worker: SilentWorker) -> None:
    """The worker goes on."""
    with Listener() as listener:
        worker.accept(listener)

    assert worker.nr_conns == 0
    assert not worker.pending_conns


def test_a_connection_that_breaks_while_it_waits_is_forgotten(worker: SilentWorker) -> None:
    """A reset before the request is there takes no thread and leaves no count."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        visitor = socket.create_connection(listener.getsockname())
        worker.accept(listener)
        # Closing with nothing to linger for resets the connection.
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        visitor.close()
        (visit,) = worker.pending_conns
        worker.poller.select(5)
        worker.on_pending_socket_readable(visit, visit.sock)

    assert worker.nr_conns == 0
    assert not worker.pending_conns


def test_a_refusal_that_nobody_takes_does_no_harm(
    worker: SilentWorker, ends: tuple[socket.socket, socket.socket]
) -> None:
    """Who leaves before being told that it was no request is not told."""
    _, ours = ends
    ours.close()

    worker.handle_error(None, ours, None, ValueError())
