"""A fault in the intake's own code tells the operator its kind and place, and nothing of the visitor."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.submission.live import ROOT, LiveIntake, environment
from tests.submission.tor import Tor

MARKER = "markerofasource"

PLACES = ("view", "stream", "thread", "end", "exit", "group", "after")
"""Where the intake of `FAULTY` raises."""

FAULTY = """
import gc, sys, threading
from pathlib import Path
from flask import Response, request
from submission import config
from submission.app import create_app
from submission.server import serve
from submission.sockets import open_sockets

class Broken:
    def __init__(self, words): self.words = words
    def __del__(self): raise RuntimeError(self.words)

def words():
    return " ".join([request.path, request.query_string.decode(), str(request.headers), request.get_data(as_text=True)])

def pieces(told):
    yield "the beginning"
    raise RuntimeError(told)

def fail(told):
    raise RuntimeError(told)

def aside(told):
    threading.Thread(target=fail, args=(told,)).start()
    return "x"

def make(settings):
    app = create_app(settings)
    app.add_url_rule("/view/<name>", "view", lambda name: fail(words()), methods=["GET", "POST"])
    app.add_url_rule("/stream/<name>", "stream", lambda name: Response(pieces(words())))
    app.add_url_rule("/thread/<name>", "thread", lambda name: aside(words()))
    app.add_url_rule("/end/<name>", "end", lambda name: Broken(words()).words and "x")
    app.add_url_rule("/exit/<name>", "exit", lambda name: sys.exit(words()))
    app.add_url_rule("/group/<name>", "group", lambda name: fail(ExceptionGroup(words(), [KeyError(words())])))
    app.after_request_funcs.setdefault(None, []).append(
        lambda answer: fail(words()) if request.path.startswith("/after/") else answer)
    return app

state, folder = map(Path, sys.argv[1:])
binds = [f"fd://{listener.detach()}" for listener in open_sockets(folder)]
serve(config.load(state), binds, make, lambda: print("intake serves", flush=True))
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[tuple[Tor, Path]]:
    """A real intake with views that raise, and the file that it writes to."""
    intake = LiveIntake(tmp_path, onion=True)
    assert intake.tor is not None
    said = tmp_path / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", FAULTY, str(intake.state), str(intake.tor.folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=output,
            env=environment(),
            start_new_session=True,
        )
    assert process.stdout is not None
    try:
        assert b"serves" in process.stdout.readline()
        yield intake.tor, said
        process.terminate()
        rest, _ = process.communicate(timeout=30)
        assert rest == b""
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def visit(tor: Tor, method: str, path: str) -> bytes:
    """Send the marker wherever a request can hold it; return what came back, if anything did."""
    connection = tor.connection("visitors.sock", 77)
    headers = {"X-Marker": MARKER, "User-Agent": MARKER, "Cookie": MARKER, "Content-Type": "text/plain"}
    try:
        connection.request(method, f"{path}/{MARKER}?{MARKER}={MARKER}", MARKER if method == "POST" else None, headers)
        return connection.getresponse().read()
    except http.client.IncompleteRead as cut:
        return cut.partial
    except http.client.HTTPException:
        return b""
    finally:
        connection.close()


def test_an_exception_prints_nothing_of_the_visitor(faulty: tuple[Tor, Path]) -> None:
    """Wherever a view, its answer, a thread or a destructor raises, no word of the request is written."""
    tor, said = faulty
    answers = [visit(tor, "GET", f"/{place}") for place in PLACES] + [visit(tor, "POST", "/view")]

    written = said.read_text()
    assert b"the beginning" in answers[PLACES.index("stream")]
    assert b"HTTP/1.1" not in answers[PLACES.index("stream")]
    assert written.count("fault RuntimeError at") >= len(PLACES) - 2
    for word in (MARKER, "fc00", "4dad", "Traceback", "visitors.sock"):
        assert word not in written
    assert all(line.startswith("lapwing intake: fault ") for line in written.splitlines())
