"""The intake behind tor's two sockets: every connection says its circuit first, and no circuit holds up another."""

import contextlib
import os
import secrets
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from crypto.codename import Codename
from submission.visit import FIRST_OF_FILES
from submission.worker import FORM_THREADS
from tests.submission.live import ROOT, LiveIntake, served
from tests.submission.tor import ONION, Tor, line, open_socket
from tests.submission.visitor import MULTIPART, encode

pytestmark = pytest.mark.slow

HEAD = f"Host: {ONION}\r\nContent-Type: {MULTIPART}\r\n"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveIntake]:
    """One intake behind tor for the tests here."""
    with served(LiveIntake(tmp_path_factory.mktemp("live"), onion=True)) as intake:
        yield intake


def say(tor: Tor, *pieces: bytes, to: str = "visitors.sock") -> bytes:
    """Send pieces on one connection, a moment apart, and return everything that comes back."""
    with open_socket(tor.folder / to) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.05 if len(pieces) > 1 else 0)
        return rest(connection)


def rest(connection: socket.socket) -> bytes:
    """Return everything that still comes back."""
    answer = b""
    while data := connection.recv(65_536):
        answer += data
    return answer


def page(path: str = "/") -> bytes:
    """Return a request for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: {ONION}\r\n\r\n".encode()


def seconds_for_a_page(tor: Tor) -> float:
    """Load the tip form by a circuit of its own, and return how long it took."""
    began = time.monotonic()
    assert say(tor, line(next(tor.circuits)) + page("/tip")).startswith(b"HTTP/1.1 200 ")
    return time.monotonic() - began


@pytest.mark.parametrize("name", ["visitors.sock", "reviewers.sock"])
@pytest.mark.parametrize("front", [b"", b"PROXY UNKNOWN\r\n", b"PROXY TCP4 127.0.0.1 127.0.0.1 9 80\r\n", b"\r\n"])
def test_a_connection_that_names_no_circuit_is_refused(tor: Tor, name: str, front: bytes) -> None:
    """Without tor's line nobody is served, and what was sent is not repeated."""
    answer = say(tor, front + page("/markerofasource"), to=name)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"marker" not in answer
    assert b"Cache-Control: no-store" in answer


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("visitors.sock", "/", b"200"),
        ("visitors.sock", "/api/letters", b"404"),
        ("reviewers.sock", "/api/letters", b"401"),
        ("reviewers.sock", "/", b"404"),
        ("reviewers.sock", "/tip", b"404"),
    ],
)
def test_each_socket_serves_its_own(tor: Tor, name: str, path: str, status: bytes) -> None:
    """Visitors find pages alone, reviewers what their apps ask for alone."""
    assert say(tor, line(1) + page(path), to=name).startswith(b"HTTP/1.1 " + status)


def test_a_tip_comes_in_and_is_pulled(live: LiveIntake) -> None:
    """A form by one socket, the letter by the other."""
    fields = {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": "by tor"}
    status, _, sent = live.exchange(
        "POST", "/tip", encode(fields, {"a": bytes(3_000_000)}), {"Content-Type": MULTIPART}
    )

    assert (status, b"Your tip has arrived" in sent) == (200, True)
    assert [opened.letter.story for opened in live.letters().values()] == ["by tor"]


def test_everything_may_come_in_pieces(tor: Tor) -> None:
    """Line, head and body are put together however they were cut, and waiting for them costs no work."""
    body = b"codename=one+word"
    head = f"POST /mailbox HTTP/1.1\r\nHost: {ONION}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    request = line(1) + f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    cuts = [0, 1, 12, 40, 60, 75, 110, 180, 200, len(request) - 3, len(request)]

    answer = say(tor, *(request[start:end] for start, end in pairwise(cuts)))

    assert b"not a codename" in answer


def test_those_who_wait_cost_no_work(live: LiveIntake, tor: Tor) -> None:
    """While many connections stand half-said, the processes do next to nothing."""
    assert live.process is not None
    with contextlib.ExitStack() as waiting:
        for number in range(60):
            connection = waiting.enter_context(open_socket(tor.folder / "visitors.sock"))
            connection.sendall((line(next(tor.circuits)) + page())[: number + 1])
        time.sleep(0.5)
        before = cpu_seconds(live.process.pid)
        time.sleep(2)
        assert cpu_seconds(live.process.pid) - before < 0.5


def cpu_seconds(parent: int) -> float:
    """Return the processor time that the server and its worker have used."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    ticks = 0
    for process in [str(parent), *children]:
        ticks += sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def test_a_crowd_that_says_nothing_whole_holds_up_nobody(tor: Tor) -> None:
    """Three hundred circuits, silent, or slow in head or body, and a page is there at once."""
    form = f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: 500000\r\n\r\n".encode()
    with contextlib.ExitStack() as crowd:
        connections = [crowd.enter_context(open_socket(tor.folder / "visitors.sock")) for _ in range(300)]
        for number, connection in enumerate(connections):
            front = line(next(tor.circuits))
            connection.sendall([b"", front + b"GET / HT", front + form][number % 3])
        for _ in range(10):
            for number, connection in enumerate(connections):
                with contextlib.suppress(OSError):
                    connection.send([b"", b"x", b"-"][number % 3])
            assert seconds_for_a_page(tor) < 1


def test_who_moves_too_slowly_is_let_go(tor: Tor) -> None:
    """Neither a line, a head nor the beginning of a form may drip: the connection ends in half a minute."""
    form = f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: 500000\r\n\r\n".encode()
    with contextlib.ExitStack() as crowd:
        drips = []
        for front in (b"", line(1)[:9], line(2), line(3) + b"GET / HT", line(4) + form):
            drips.append(crowd.enter_context(open_socket(tor.folder / "visitors.sock")))
            drips[-1].sendall(front)
        began = time.monotonic()
        while drips and time.monotonic() - began < 60:
            drips = [one for one in drips if not ended(one)]
            time.sleep(0.5)
        assert not drips
        assert time.monotonic() - began < 35


def ended(connection: socket.socket) -> bool:
    """Tell whether the other side has closed."""
    connection.setblocking(False)
    try:
        return connection.recv(4_096) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_the_uploads_of_one_circuit_hold_up_no_other(tor: Tor) -> None:
    """More large forms by one circuit than there are places, and another circuit's form is taken at once."""
    begun = f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: 5000000\r\n\r\n".encode() + bytes(FIRST_OF_FILES)
    with contextlib.ExitStack() as crowd:
        for _ in range(FORM_THREADS):
            crowd.enter_context(open_socket(tor.folder / "visitors.sock")).sendall(line(7) + begun)
        time.sleep(0.5)
        fields = {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": "another"}
        body = encode(fields, {"a": bytes(2_000_000)})
        began = time.monotonic()
        answer = say(tor, line(8) + f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert b"Your tip has arrived" in answer
        assert time.monotonic() - began < 5


def test_a_circuit_that_asks_for_too_much_at_once_is_told_when_to_try_again(tor: Tor) -> None:
    """More forms than may wait get the plain answer, with the time after which to try again."""
    begun = f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: 5000000\r\n\r\n".encode() + bytes(FIRST_OF_FILES)
    with contextlib.ExitStack() as crowd:
        connections = [crowd.enter_context(open_socket(tor.folder / "visitors.sock")) for _ in range(20)]
        for connection in connections:
            connection.sendall(line(9) + begun)
        last = connections[-1]
        answer = last.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 300\r\n" in answer
    assert "Réessayez dans cinq minutes".encode() in answer


def test_a_refused_form_is_taken_in_before_the_end(tor: Tor) -> None:
    """Who is refused unread may send the rest of a form of some megabytes, and then reads why."""
    size = 4_000_000
    begun = f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: {size}\r\n\r\n".encode() + bytes(FIRST_OF_FILES)
    with contextlib.ExitStack() as crowd:
        for _ in range(20):
            crowd.enter_context(open_socket(tor.folder / "visitors.sock")).sendall(line(10) + begun)
        time.sleep(0.5)
        connection = crowd.enter_context(open_socket(tor.folder / "visitors.sock"))
        connection.sendall(line(10) + begun)
        connection.sendall(bytes(size - FIRST_OF_FILES))
        answer = rest(connection)

    assert answer.startswith(b"HTTP/1.1 503 ")


def test_reviewers_are_served_while_visitors_crowd(live: LiveIntake, tor: Tor) -> None:
    """With every place for forms taken by many circuits, a reviewer's app pulls as ever."""
    begun = f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: 5000000\r\n\r\n".encode() + bytes(FIRST_OF_FILES)
    with contextlib.ExitStack() as crowd:
        for _ in range(FORM_THREADS + 10):
            connection = crowd.enter_context(open_socket(tor.folder / "visitors.sock"))
            connection.sendall(line(next(tor.circuits)) + begun)
        began = time.monotonic()
        live.ask("r2", "GET", "/api/letters")
        assert time.monotonic() - began < 1
        assert seconds_for_a_page(tor) < 1


def test_sockets_vanish_with_the_server_and_stale_ones_are_replaced(tmp_path: Path) -> None:
    """After an end there are none, after a kill they are in nobody's way, and a second intake is refused."""
    intake = LiveIntake(tmp_path, onion=True)
    assert intake.tor is not None
    folder = intake.tor.folder
    intake.start()
    second = subprocess.run(
        intake._command("serve", "--onion", str(folder)), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (second.returncode, "already" in second.stderr) == (1, True)
    assert intake.exchange("GET", "/")[0] == 200

    intake.kill()
    assert len(list(folder.iterdir())) == 2
    intake.start()
    assert intake.exchange("GET", "/")[0] == 200

    intake.stop()
    assert list(folder.iterdir()) == []


def test_an_end_does_not_wait_for_those_who_say_nothing(tmp_path: Path) -> None:
    """Silent connections do not hold up an end."""
    intake = LiveIntake(tmp_path, onion=True)
    assert intake.tor is not None
    intake.start()
    with contextlib.ExitStack() as crowd:
        for _ in range(20):
            crowd.enter_context(open_socket(intake.tor.folder / "visitors.sock")).sendall(line(1))
        began = time.monotonic()
        ending = threading.Thread(target=intake.stop)
        ending.start()
        ending.join(30)
        assert time.monotonic() - began < 8


def test_an_honest_slow_upload_is_taken_beside_a_crowd(live: LiveIntake, tor: Tor) -> None:
    """While more circuits than there are places drip their forms, one that comes slowly but steadily does not wait."""
    form = f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: 500000\r\n\r\n".encode()
    fields = {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": "slowly"}
    body = encode(fields, {"a": secrets.token_bytes(200_000)})
    with contextlib.ExitStack() as crowd:
        for _ in range(FORM_THREADS + 30):
            crowd.enter_context(open_socket(tor.folder / "visitors.sock")).sendall(line(next(tor.circuits)) + form)
        began = time.monotonic()
        slow = crowd.enter_context(open_socket(tor.folder / "visitors.sock"))
        slow.sendall(line(11) + f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: {len(body)}\r\n\r\n".encode())
        for start in range(0, len(body), 20_000):
            slow.sendall(body[start : start + 20_000])
            time.sleep(0.2)
        assert b"Your tip has arrived" in rest(slow)
        assert time.monotonic() - began < 8
