"""A mail server on loopback that keeps what it is given (SMTP as far as one client needs it)."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """Such a server.

    Attributes:
        refuses: addresses that it does not take.
        hangs_up: after the greeting.
        taken: recipient and message of each mail, in order.
        greeted: how its client called itself.
    """

    refuses: tuple[str, ...] = ()
    hangs_up: bool = False
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    port: int = 0


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run one while the test needs it."""
    kept = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            recipient = ""
            self.wfile.write(b"220 here\r\n")
            while not kept.hangs_up and (line := self.rfile.readline().decode().strip()):
                verb, _, rest = line.partition(" ")
                if verb.lower() in {"ehlo", "helo"}:
                    kept.greeted.append(rest)
                if verb.lower() == "rcpt":
                    recipient = rest.partition("<")[2].partition(">")[0]
                    self.wfile.write(b"550 no\r\n" if recipient in kept.refuses else b"250 yes\r\n")
                elif verb.lower() == "data":
                    self.wfile.write(b"354 go on\r\n")
                    lines = list(iter(self.rfile.readline, b".\r\n"))
                    kept.taken.append((recipient, b"".join(lines)))
                    self.wfile.write(b"250 kept\r\n")
                else:
                    self.wfile.write(b"221 bye\r\n" if verb.lower() == "quit" else b"250 yes\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield kept
        server.shutdown()
        thread.join()
