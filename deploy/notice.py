"""`lapwing intake notice`: the same e-mail to every reviewer, every day, whether or not something came.

    lapwing intake notice --to FILE --sender ADDRESS [--smtp 127.0.0.1:25]

A timer runs it at a fixed hour. It reads nothing of the intake and is told nothing by it: the bytes are the same each
day, so the mail shows only that its reader gets it. Who reads it opens their app, whose inbox begins with who is in
danger. On a day without it, something is wrong with the machine that sends it.

Exit codes: 0 the mail server took every message; 1 it did not, or something is wrong; 2 usage.
"""

import re
import smtplib
import sys
from pathlib import Path
from typing import Final

from deploy.arguments import EXIT_FAILED, EXIT_USAGE, Arguments
from deploy.errors import OperatorError, told

SUBJECT: Final = "Daily reminder / Rappel quotidien"
BODY: Final = (
    "This is your daily reminder. Please look today.",
    "It comes every day at this hour, whatever happened. If it is missing, ask who sends it.",
    "",
    "Ceci est votre rappel quotidien. Regardez aujourd'hui, s'il vous plait.",
    "Il vient tous les jours a cette heure, quoi qu'il arrive. S'il manque, demandez a qui l'envoie.",
)
"""In ASCII, and without our name: what passes through mail servers shall not say whom somebody works with."""
ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
MOST_ADDRESSES: Final = 64
MOST_BYTES: Final = 65_536
SECONDS: Final = 60.0


def notice_main(arguments: list[str]) -> int:
    """Run `lapwing intake notice`; return the exit code."""
    parser = Arguments(prog="lapwing intake notice", description="The reviewers' daily e-mail.", allow_abbrev=False)
    parser.add_argument("--to", type=Path, required=True, help="file with one e-mail address a line")
    parser.add_argument("--sender", required=True, help="e-mail address that it comes from")
    parser.add_argument("--smtp", default="127.0.0.1:25", help="mail server on this machine (default: 127.0.0.1:25)")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return EXIT_USAGE if stop.code else 0
    try:
        send(read_addresses(options.to), _address(options.sender), *_server(options.smtp))
    except (OperatorError, OSError) as error:
        print(f"lapwing: {told(error)}", file=sys.stderr)
        return EXIT_FAILED
    return 0


def message(sender: str) -> bytes:
    """Return the message: the same bytes for everybody, every day. Date and id are the mail server's business."""
    head = (
        f"From: {sender}",
        "To: undisclosed-recipients:;",
        f"Subject: {SUBJECT}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "Auto-Submitted: auto-generated",
    )
    return "".join(f"{line}\r\n" for line in (*head, "", *BODY)).encode("ascii")


def read_addresses(file: Path) -> tuple[str, ...]:
    """Return the addresses of a file, one a line; empty lines and those that begin with # say nothing.

    Raises:
        OperatorError: there is none, there are more than 64, or a line is no address.
    """
    with file.open("rb") as opened:
        lines = opened.read(MOST_BYTES).decode("ascii", "replace").splitlines()
    wanted = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not 0 < len(wanted) <= MOST_ADDRESSES:
        raise OperatorError(f"{file}: from 1 to {MOST_ADDRESSES} e-mail addresses, one a line")
    return tuple(_address(line) for line in wanted)


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise OperatorError("one of the addresses is no e-mail address; write them like this: name@example.org")
    return text


def _server(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if host not in HERE or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise OperatorError("the mail server must be on this machine, such as 127.0.0.1:25; it passes the mail on")
    return host, int(port)


def send(addresses: tuple[str, ...], sender: str, host: str, port: int) -> None:
    """Give the message to the mail server, once for each address; one that is refused holds up no other.

    Raises:
        OperatorError: the server does not answer, or refused some; says how many, not which.
    """
    whole = message(sender)
    refused = 0
    try:
        # A name of our own would be looked up, and tell every mail server on the way which machine this is.
        with smtplib.SMTP(host, port, local_hostname="localhost", timeout=SECONDS) as server:
            for address in addresses:
                try:
                    server.sendmail(sender, [address], whole)
                except smtplib.SMTPServerDisconnected:
                    raise
                except smtplib.SMTPException:
                    refused += 1
    except (OSError, smtplib.SMTPException):
        raise OperatorError("the mail server on this machine does not answer as it must; see its own log") from None
    if refused:
        raise OperatorError(f"the mail server refused {refused} of {len(addresses)} messages; see its own log")
