"""Who keeps the server waiting too long is given up; who is slow but moves is not."""

import socket
from collections.abc import Callable, Iterator

import pytest

from submission.pace import GRACE_SECONDS, IDLE_SECONDS, MOST_SECONDS, PACE, PacedSocket


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Visitor(socket.socket):
    """A socket whose other end takes a while for each step; nothing crosses any network."""

    def __init__(self, clock: Clock, seconds: float, moved: int) -> None:
        super().__init__()
        self.clock = clock
        self.seconds = seconds
        self.moved = moved
        self.sent = bytearray()
        self.timeouts: list[float | None] = []

    def settimeout(self, value: float | None, /) -> None:
        """Note how long we would wait."""
        self.timeouts.append(value)

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Send a few bytes after a while."""
        self.clock.now += self.seconds
        return bytes(min(bufsize, self.moved))

    def send(self, data: bytes, flags: int = 0, /) -> int:  # type: ignore[override]  # bytes are all that is sent
        """Take a few bytes after a while."""
        self.clock.now += self.seconds
        self.sent += data[: self.moved]
        return min(len(data), self.moved)


@pytest.fixture
def clock() -> Clock:
    """The clock of a test."""
    return Clock()


@pytest.fixture
def visit(clock: Clock) -> Iterator[Callable[[float, int], tuple[Visitor, PacedSocket]]]:
    """Make visitors of a pace: seconds and bytes for each step."""
    made: list[Visitor] = []

    def make(seconds: float, moved: int) -> tuple[Visitor, PacedSocket]:
        visitor = Visitor(clock, seconds, moved)
        made.append(visitor)
        return visitor, PacedSocket(visitor, clock=clock)

    yield make
    for visitor in made:
        visitor.close()


Visit = Callable[[float, int], tuple[Visitor, PacedSocket]]


def test_who_sends_next_to_nothing_is_given_up(visit: Visit, clock: Clock) -> None:
    """One byte now and then holds a place for the time of grace, not for ever."""
    _, paced = visit(5, 1)

    with pytest.raises(TimeoutError):
        b"".join(paced.recv(8_192) for _ in range(100))
    assert clock.now <= GRACE_SECONDS + 5


def test_who_takes_next_to_nothing_is_given_up(visit: Visit) -> None:
    """A page that is taken byte by byte is not sent to its end."""
    visitor, paced = visit(5, 1)

    with pytest.raises(TimeoutError):
        paced.sendall(bytes(1_000))
    assert len(visitor.sent) < 10


def test_who_is_slow_but_moves_is_served_to_the_end(visit: Visit, clock: Clock) -> None:
    """At twice the least pace a large form arrives and a large answer leaves, however long it takes."""
    _, sender = visit(10, 20 * PACE)
    taken = sum(len(sender.recv(10**6)) for _ in range(100))
    assert (taken, clock.now) == (100 * 20 * PACE, 1_000)

    visitor, taker = visit(10, 20 * PACE)
    taker.sendall(bytes(range(250)) * 10_000)
    assert bytes(visitor.sent) == bytes(range(250)) * 10_000


def test_who_was_fast_once_may_not_idle_for_hours(visit: Visit, clock: Clock) -> None:
    """Time is saved up to a minute and a half, not more."""
    visitor, paced = visit(0, 10**9)
    paced.recv(10**9)
    visitor.seconds, visitor.moved = 5, 1

    with pytest.raises(TimeoutError):
        b"".join(paced.recv(1) for _ in range(100))
    assert clock.now <= MOST_SECONDS + 5


def test_our_own_time_does_not_count(visit: Visit, clock: Clock) -> None:
    """While we work, nobody has to move."""
    _, paced = visit(1, 1)
    paced.recv(1)
    clock.now += 10_000

    assert paced.recv(1) == b"\0"


def test_nobody_is_waited_for_longer_than_their_time(visit: Visit) -> None:
    """A step waits for what is left of the time, and never longer than for one who is idle."""
    visitor, paced = visit(10, 1)
    paced.recv(1)
    paced.recv(1)
    assert visitor.timeouts == [GRACE_SECONDS, pytest.approx(GRACE_SECONDS - 10, abs=0.1)]

    visitor, paced = visit(0, 65_536)
    for _ in range(MOST_SECONDS * PACE // 65_536):
        paced.recv(65_536)
    assert visitor.timeouts[-1] == IDLE_SECONDS


def test_everything_else_is_left_to_the_socket(visit: Visit) -> None:
    """What is not about pace is the socket's own."""
    visitor, paced = visit(0, 1)

    assert paced.fileno() == visitor.fileno()
