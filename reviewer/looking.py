"""Coming to the visitors' onion as sources would: the requests of Tor Browser, one walk at a time, on its own circuit.

If the intake could tell these visits from a source's, it could lie to sources alone. What is asked for stands in
`reviewer.walks`, what of it at once and on which connection in `reviewer.browsing`.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Final

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from reviewer.answer import Answer
from reviewer.browsing import SECONDS, Browser
from reviewer.errors import ReviewerError
from reviewer.socks import Connect
from reviewer.walks import USER_AGENTS, WALKS, WISHES, Walk, headers_of, in_language, turns
from reviewer.watch import LANGUAGES, SHEET, SHELF, named
from wire.errors import KeySheetError, WireError
from wire.keysheet import KeySheet
from wire.shelf import BITS, shelf_name

CHANCE: Final = SystemRandom()
Pause = Callable[[float, float], None]
"""Waits as long as a person takes, at least and at most so many seconds."""


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


def visit(visitors: Visitors, pause: Pause, language: str) -> tuple[tuple[str, Answer], ...]:
    """Visit once, for one thing, which nobody can foresee; returns path and answer of each request.

    A page has the path under which links lead to it, whichever way its language was chosen: by the browser, or a link.

    Args:
        visitors: whom to visit.
        pause: called where a person would read or type before anything is asked for.
        language: in which the pages are read: one of `reviewer.watch.LANGUAGES`.

    Raises:
        IntakeUnreachableError: an answer did not come, or not whole.
    """
    browser = CHANCE.choice((LANGUAGES[0], language))
    return tuple(go(visitors, in_language(CHANCE.choice(WALKS), language, browser), pause, browser))


def keep_looking(look: Callable[[], object], wait: Callable[[float], bool], mean: float) -> None:
    """Look at moments of which any is as likely as any other, once at each, until `wait` says that it is over.

    Walks that followed each other, or came each once, would tell an app from sources on an onion where few come.

    Args:
        look: visits once.
        wait: waits so many seconds; returns whether it is over.
        mean: seconds between two visits.
    """
    while not wait(CHANCE.expovariate(1 / mean)):
        with contextlib.suppress(ReviewerError, WireError, CryptoError):
            look()


def go(visitors: Visitors, walk: Walk, pause: Pause, language: str) -> list[tuple[str, Answer]]:
    """Go one walk; arguments, result and error as for `visit`, but the language is what the browser itself wishes."""
    host = visitors.host if visitors.port == 80 else f"{visitors.host}:{visitors.port}"
    connect, user_agent = visitors.connect(), CHANCE.choice(visitors.user_agents)
    found: list[tuple[str, Answer]] = []
    with Browser(
        lambda: connect(visitors.host, visitors.port, SECONDS),
        lambda kind: headers_of(host, user_agent, WISHES[language], kind),
    ) as browser:
        for turn in turns(walk):
            if found and turn[0][1].reading is not None:
                pause(*turn[0][1].reading)
            answers = browser.ask([(path + _place(found) if path == SHELF else path, kind) for path, kind in turn])
            found += [(path, answer) for (path, _), answer in zip(turn, answers, strict=True)]
    (first, answer), *rest = found
    return [(named(first, language), answer), *rest]


def _place(found: Sequence[tuple[str, Answer]]) -> str:
    """Return the name of any shelf, as wide as the key sheet on this walk says: there the page's script looks, too."""
    bits = 0
    for path, answer in found:
        if path == SHEET:
            try:
                bits = KeySheet.decode(Envelope.decode(answer.content).payload).shelf_bits
            except (CryptoError, KeySheetError):
                bits = 0  # the script goes no further than here; what was served is an alarm
    return shelf_name(CHANCE.randrange(1 << BITS), bits)
