"""What sources ask for who come for one thing, and how their browser says it (pure).

What is sent, and when, was written down from Firefox ESR 153 with Tor Browser's preferences, on an http onion: names,
values and order of the headers, no icon, what the page's own script asks for, and what of it at once. No walk goes
through all pages, as no source does: whoever comes for replies goes straight to the mailbox, and an intake could lie to
those who do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from reviewer.page import STYLE
from reviewer.watch import FORMS, ROSTER, ROSTERS, SCRIPT, SEALER, SHEET, SHELF, WORD_LIST, named

_VERSION: Final = "153.0"
_COMPUTERS: Final = ("X11; Linux x86_64", "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10.15")
USER_AGENTS: Final = (
    *(f"Mozilla/5.0 ({system}; rv:{_VERSION}) Gecko/20100101 Firefox/{_VERSION}" for system in _COMPUTERS),
    f"Mozilla/5.0 (Android 10; Mobile; rv:{_VERSION}) Gecko/{_VERSION} Firefox/{_VERSION}",
)
"""Of computers and telephones; were it always the same one, an intake could lie to those who have another. The last is
as `nsRFPService` of Gecko makes it; no telephone was listened to."""


WISHES: Final[Mapping[str, str]] = {"en": "en-US,en;q=0.9", "fr": "fr,fr-FR;q=0.9,en-US;q=0.8,en;q=0.7"}
"""What a browser in a language says of languages. One that is asked to speak English says what all of those say."""


@dataclass(frozen=True)
class Kind:
    """What a request is for, and so what its headers say.

    Attributes:
        accept: the types that are wanted.
        fetch: destination, mode and site, as Sec-Fetch headers tell them: for a browser an onion is as good as https.
        priority: what stands in that header; empty where it is not sent.
        by_hand: somebody typed the address, or pressed a link.
        fresh: no cache may answer; a browser keeps the connections of such requests apart from all others.
        turn: 0 for a page and what stands in it; what is of one turn is asked for at once, when all before it is there.
        reading: least and most seconds that a person takes before it; none where nobody does anything.
    """

    accept: str
    fetch: tuple[str, str, str]
    priority: str
    by_hand: bool = False
    fresh: bool = False
    turn: int = 0
    reading: tuple[float, float] | None = None


PAGES: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
READ_SECONDS: Final = (2.0, 25.0)
"""How long a person reads a page before they click, at least and at most."""
TYPE_SECONDS: Final = (12.0, 60.0)
"""How long they take to type a codename, and their browser to make its keys."""
TYPED: Final = Kind(PAGES, ("document", "navigate", "none"), "u=0, i", by_hand=True, reading=READ_SECONDS)
PRESSED: Final = replace(TYPED, fetch=("document", "navigate", "same-origin"))
STYLE_SHEET: Final = Kind("text/css,*/*;q=0.1", ("style", "no-cors", "same-origin"), "u=2")
CODE: Final = Kind("*/*", ("script", "no-cors", "same-origin"), "")
WORKER: Final = Kind("*/*", ("worker", "same-origin", "same-origin"), "u=4", turn=1)
FETCHED: Final = Kind("*/*", ("empty", "cors", "same-origin"), "u=4", fresh=True, turn=1)

Step = tuple[str, Kind]
"""Path and what it is asked for."""
Walk = Sequence[Step]
"""What one person asks for who comes for one thing."""
STYLED: Final[Walk] = ((STYLE, STYLE_SHEET),)
"""What every page brings."""
SCRIPTED: Final[Walk] = (
    *STYLED,
    (SCRIPT, CODE),
    (WORD_LIST, FETCHED),
    (ROSTER, FETCHED),
    (SHEET, FETCHED),
    (SCRIPT, WORKER),
)
"""What a page with a script brings, and that script once both are there: itself once more for its worker, too."""
_TIP: Final[Walk] = (("/", TYPED), *STYLED, ("/tip", PRESSED), *SCRIPTED)
_MAILBOX: Final[Walk] = (
    *(("/", TYPED), *STYLED, ("/mailbox", PRESSED), *SCRIPTED),
    (SHELF, replace(FETCHED, turn=2, reading=TYPE_SECONDS)),
    (ROSTERS, replace(FETCHED, turn=3)),
)
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


def in_language(walk: Walk, language: str, browser: str) -> Walk:
    """Return a walk as it is in a language; whose browser wishes for another one presses the link to it first."""
    first, *rest = walk
    if language != browser:
        rest = [*STYLED, ("/", PRESSED), *rest]
    return (first, *((named(path, language) if path in FORMS else path, kind) for path, kind in rest))


def turns(walk: Walk) -> Iterator[Sequence[Step]]:
    """Yield a walk in turns: what is asked for at once, or what a page has in it after that page."""
    pages = 0

    def key(step: Step) -> tuple[int, int]:
        nonlocal pages
        pages += step[1].by_hand
        return pages, step[1].turn

    for _, turn in groupby(walk, key):
        yield tuple(turn)


def headers_of(host: str, user_agent: str, languages: str, kind: Kind) -> Mapping[str, str]:
    """Return the headers of a request, in their order.

    Args:
        host: as the address has it, with the port unless it is 80.
        user_agent: what the browser says for itself.
        languages: what it says of them.
        kind: what is asked for.
    """
    destination, mode, site = kind.fetch
    return {
        "Host": host,
        "User-Agent": user_agent,
        "Accept": kind.accept,
        "Accept-Language": languages,
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
