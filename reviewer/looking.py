"""Coming to the visitors' onion as sources would: the requests of Tor Browser, walk by walk, each on its own circuit.

What is sent was written down from Firefox ESR 153 with Tor Browser's preferences, on an http onion: names, values and
order of the headers, no icon, and with scripts what the page's own asks for. If the intake could tell these visits from
a source's, it could lie to sources alone. So no walk goes through all pages, as no source does: whoever comes for
replies goes straight to the mailbox, and an intake could lie to those who do.
"""

import contextlib
import http.client
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Final

from reviewer.answer import MOST, Answer
from reviewer.errors import IntakeUnreachableError
from reviewer.socks import Connect
from reviewer.watch import ROSTER, SCRIPT, SEALER, SHEET, WORD_LIST

_SYSTEMS: Final = ("X11; Linux x86_64", "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10.15")
USER_AGENTS: Final = tuple(f"Mozilla/5.0 ({system}; rv:153.0) Gecko/20100101 Firefox/153.0" for system in _SYSTEMS)
"""Of computers; were it always the same one, an intake could lie to those who have another."""
CHANCE: Final = SystemRandom()
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
Walk = Sequence[tuple[str, Kind]]
"""What one person asks for who comes for one thing."""
_TIP: Final[Walk] = (("/", TYPED), *STYLED, ("/tip", PRESSED), *SCRIPTED)
_MAILBOX: Final[Walk] = (("/", TYPED), *STYLED, ("/mailbox", PRESSED), *SCRIPTED)
_OFFLINE: Final[Walk] = (
    *(("/", TYPED), *STYLED),
    *(("/keys", PRESSED), *STYLED, (ROSTER, PRESSED), (SHEET, PRESSED)),
    *(("/letter", PRESSED), *STYLED, ("/offline", PRESSED), *STYLED, (SEALER, PRESSED)),
)
_ADVICE: Final[Walk] = (
    *(("/", TYPED), *STYLED),
    *(("/rewards", PRESSED), *STYLED, ("/protection", PRESSED), *STYLED),
)
WALKS: Final[tuple[Walk, ...]] = (_TIP, _MAILBOX, _OFFLINE, _ADVICE)
STEPS: Final[Walk] = tuple(step for walk in WALKS for step in walk)
"""Everything that a visit asks for."""


@dataclass(frozen=True)
class Visitors:
    """Where visitors come.

    Attributes:
        host: of their address.
        port: of it.
        connect: makes the way of one walk: with circuits of its own, that no other request shares.
        user_agents: as the Tor Browsers of today say it; each walk has one of them.
    """

    host: str
    port: int
    connect: Callable[[], Connect]
    user_agents: Sequence[str] = USER_AGENTS


def visit(visitors: Visitors, pause: Callable[[], None]) -> tuple[tuple[str, Answer], ...]:
    """Visit once, in walks that come in any order; returns path and answer of each request.

    Args:
        visitors: whom to visit.
        pause: called where a person would read before they click.

    Raises:
        IntakeUnreachableError: an answer did not come, or not whole.
    """
    found: list[tuple[str, Answer]] = []
    for walk in CHANCE.sample(WALKS, len(WALKS)):
        connect, user_agent = visitors.connect(), CHANCE.choice(visitors.user_agents)
        for path, kind in walk:
            if kind.by_hand and found:
                pause()
            found.append((path, _ask(visitors, connect, user_agent, path, kind)))
    return tuple(found)


def _ask(visitors: Visitors, connect: Connect, user_agent: str, path: str, kind: Kind) -> Answer:
    host = visitors.host if visitors.port == 80 else f"{visitors.host}:{visitors.port}"
    destination, mode, site = kind.fetch
    headers = {
        "Host": host,
        "User-Agent": user_agent,
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
