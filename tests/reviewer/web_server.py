"""A web server on loopback that gives prepared answers and remembers what it was asked."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Answers:
    """What it gives, in order, and what it was asked: method, path, token, body; and every header."""

    answers: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[tuple[str, str, str | None, bytes]] = field(default_factory=list)
    headers: list[list[tuple[str, str]]] = field(default_factory=list)
    port: int = 0


@contextlib.contextmanager
def web_server() -> Iterator[Answers]:
    """Run one while the test needs it."""
    kept = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            token = self.headers.get("Authorization")
            kept.asked.append((self.command, self.path, token, self.rfile.read(length)))
            kept.headers.append(list(self.headers.items()))
            status, body = kept.answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name that http.server asks for

        def log_message(self, *_arguments: object) -> None:
            """Stay silent."""

    http = HTTPServer(("127.0.0.1", 0), Handler)
    kept.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield kept
    http.shutdown()
    thread.join()
    http.server_close()
