"""Coming to the visitors' onion as a source would: the requests of Tor Browser, one after the other, on one circuit.

What is sent was written down from Firefox ESR 153 with Tor Browser's preferences, on an http onion: names, values and
order of the headers, no icon, and with scripts what the page's own asks for. If the intake could tell these visits from
a source's, it could lie to sources alone.
"""

import contextlib
import http.client
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reviewer.answer import MOST, Answer
from reviewer.errors import IntakeUnreachableError
from reviewer.socks import Connect
from reviewer.watch import ROSTER, SCRIPT, SEALER, SHEET, WORD_LIST

USER_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
SECONDS: Final = 60.0
"""Without a byte."""


@dataclass(frozen=True)
class Kind:
    """What a request is for, and so what its headers say.

    Attributes:
        accept: the types that are wanted.
        fetch: destination, mode and site, as Sec-Fetch headers tell them: for a browser an onion is as good as https.
        priority: what stands in that header; empty where it is not sent.
        by_hand: somebody typed the address, or pressed a link.
        fresh: no cache may answer.
    """

    accept: str
    fetch: tuple[str, str, str]
    priority: str
    by_hand: bool = False
    fresh: bool = False


PAGES: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TYPED: Final = Kind(PAGES, ("document", "navigate", "none"), "u=0, i", by_hand=True)
PRESSED: Final = Kind(PAGES, ("document", "navigate", "same-origin"), "u=0, i", by_hand=True)
STYLE_SHEET: Final = Kind("text/css,*/*;q=0.1", ("style", "no-cors", "same-origin"), "u=2")
CODE: Final = Kind("*/*", ("script", "no-cors", "same-origin"), "")
WORKER: Final = Kind("*/*", ("worker", "same-origin", "same-origin"), "u=4")
FETCHED: Final = Kind("*/*", ("empty", "cors", "same-origin"), "u=4", fresh=True)

STYLED: Final = (("/style.css", STYLE_SHEET),)
"""What every page brings."""
SCRIPTED: Final = (
    *STYLED,
    (SCRIPT, CODE),
    (WORD_LIST, FETCHED),
    (SCRIPT, WORKER),
    (ROSTER, FETCHED),
    (SHEET, FETCHED),
)
"""What a page with a script brings: the script once more for its worker, and what that needs."""
STEPS: Final[tuple[tuple[str, Kind], ...]] = (
    ("/", TYPED),
    *STYLED,
    ("/tip", PRESSED),
    *SCRIPTED,
    ("/keys", PRESSED),
    *STYLED,
    (ROSTER, PRESSED),
    (SHEET, PRESSED),
    ("/offline", PRESSED),
    *STYLED,
    (SEALER, PRESSED),
    ("/mailbox", PRESSED),
    *SCRIPTED,
)


@dataclass(frozen=True)
class Visitors:
    """Where visitors come.

    Attributes:
        host: of their address.
        port: of it.
        connect: makes the way of one visit: with circuits of its own, that no other request shares.
        user_agent: as the Tor Browser of today says it.
    """

    host: str
    port: int
    connect: Callable[[], Connect]
    user_agent: str = USER_AGENT


def visit(visitors: Visitors, pause: Callable[[], None]) -> tuple[tuple[str, Answer], ...]:
    """Visit once; returns path and answer of each request.

    Args:
        visitors: whom to visit.
        pause: called where a person would read before they click.

    Raises:
        IntakeUnreachableError: an answer did not come, or not whole.
    """
    connect = visitors.connect()
    found: list[tuple[str, Answer]] = []
    for path, kind in STEPS:
        if kind.by_hand and found:
            pause()
        found.append((path, _ask(visitors, connect, path, kind)))
    return tuple(found)


def _ask(visitors: Visitors, connect: Connect, path: str, kind: Kind) -> Answer:
    host = visitors.host if visitors.port == 80 else f"{visitors.host}:{visitors.port}"
    destination, mode, site = kind.fetch
    headers = {
        "Host": host,
        "User-Agent": visitors.user_agent,
        "Accept": kind.accept,
        "Accept-Language": "en-US,en;q=0.9",
        "Accept-Encoding": "gzip, deflate",
        "Sec-GPC": "1",
        "Connection": "keep-alive",
        **({"Upgrade-Insecure-Requests": "1"} if kind.by_hand else {}),
        "Sec-Fetch-Dest": destination,
        "Sec-Fetch-Mode": mode,
        "Sec-Fetch-Site": site,
        **({"Sec-Fetch-User": "?1"} if kind.by_hand else {}),
        **({"Priority": kind.priority} if kind.priority else {}),
        **({"Pragma": "no-cache", "Cache-Control": "no-cache"} if kind.fresh else {}),
    }
    try:
        with contextlib.closing(connect(visitors.host, visitors.port, SECONDS)) as connection:
            connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            body = response.read(MOST)
            if response.length:
                raise http.client.IncompleteRead(body, response.length)
            told = tuple((name.lower(), value) for name, value in response.getheaders())
    except (OSError, http.client.HTTPException):
        raise IntakeUnreachableError("the visitors' onion does not answer; the next visit will try again") from None
    return Answer(response.status, told, body)
