"""A flood from many circuits may take every place for files; words, pages and what runs already do not feel it."""

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.codename import Codename
from submission.visit import FIRST_OF_FILES
from submission.worker import FORM_THREADS, PLACES
from tests.submission.live import LiveIntake, served
from tests.submission.test_onion_sockets import HEAD, rest, say, seconds_for_a_page
from tests.submission.tor import Tor, line, open_socket
from tests.submission.visitor import encode

pytestmark = pytest.mark.slow

EACH = PLACES["forms with files"].each
BEGUN = f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: 50000000\r\n\r\n".encode() + bytes(2 * FIRST_OF_FILES)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveIntake]:
    """One intake behind tor for the tests here."""
    with served(LiveIntake(tmp_path_factory.mktemp("live"), onion=True)) as intake:
        yield intake


def tip(files: dict[str, bytes] | None = None) -> bytes:
    """Return a whole request that sends a tip."""
    fields = {"codename": str(Codename.generate()), "tip": secrets.token_hex(16), "story": "words"}
    body = encode(fields, files)
    return f"POST /tip HTTP/1.1\r\n{HEAD}Content-Length: {len(body)}\r\n\r\n".encode() + body


def take_all_places(crowd: contextlib.ExitStack, tor: Tor) -> None:
    """Begin as many forms with files as there are places, by as few circuits as it takes, and as many that wait."""
    for _ in range(FORM_THREADS // EACH + 1):
        circuit = next(tor.circuits)
        for _ in range(2 * EACH):
            crowd.enter_context(open_socket(tor.folder / "visitors.sock")).sendall(line(circuit) + BEGUN)
    time.sleep(1)


def test_words_pass_a_flood_of_files(tor: Tor) -> None:
    """With every place for files taken, and a line before them, a story without files is kept at once."""
    with contextlib.ExitStack() as crowd:
        take_all_places(crowd, tor)
        began = time.monotonic()
        for _ in range(5):
            assert b"Your tip has arrived" in say(tor, line(next(tor.circuits)) + tip())
        assert time.monotonic() - began < 5
        assert seconds_for_a_page(tor) < 1


def test_a_running_upload_is_not_cut_by_others(tor: Tor) -> None:
    """An upload that has its place ends well, whoever comes meanwhile."""
    request = tip({"a": os.urandom(400_000)})
    with contextlib.ExitStack() as crowd:
        running = crowd.enter_context(open_socket(tor.folder / "visitors.sock"))
        running.sendall(line(next(tor.circuits)) + request[:100_000])
        time.sleep(0.5)
        take_all_places(crowd, tor)
        for start in range(100_000, len(request), 50_000):
            running.sendall(request[start : start + 50_000])
            time.sleep(0.2)
        assert b"Your tip has arrived" in rest(running)


def test_files_wait_for_a_place_and_get_it(tor: Tor) -> None:
    """Who comes while all places are taken waits, and is served when the first of them ends."""
    with contextlib.ExitStack() as waiting:
        with contextlib.ExitStack() as crowd:
            take_all_places(crowd, tor)
            visitor = waiting.enter_context(open_socket(tor.folder / "visitors.sock"))
            visitor.sendall(line(next(tor.circuits)) + tip({"a": bytes(150_000)}))
            visitor.settimeout(1)
            with pytest.raises(TimeoutError):
                visitor.recv(1)
        visitor.settimeout(60)
        assert b"Your tip has arrived" in rest(visitor)


def test_a_flood_leaves_nothing_behind(live: LiveIntake, tor: Tor, tmp_path: Path) -> None:
    """What was begun and broken off is on no shelf, and nothing was written about it."""
    before = live.letters()
    with contextlib.ExitStack() as crowd:
        take_all_places(crowd, tor)

    assert b"Your tip has arrived" in say(tor, line(next(tor.circuits)) + tip({"a": bytes(150_000)}))
    assert len(live.letters()) == len(before) + 1
    assert live.errors.read_bytes() == b""
