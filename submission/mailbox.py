# ruff: noqa: A005  # the page has this name; nothing here uses the standard library's mailbox
"""The mailbox: replies for a codename, picked from the whole shelf in memory.

The one place of the intake that unseals anything, through `wire.mailbox`. There are no accounts: every codename that is
well-formed gets the same answer from outside, one status, one set of headers, one size and one of few times, whether
or not it was used.
"""

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from threading import Lock
from typing import Final

from flask import Blueprint, render_template
from markupsafe import escape

from crypto.claim import ClaimWords
from submission.codenames import Derivation, parse_codename
from submission.config import Config
from submission.errors import BrokenFormError
from submission.keys import Keys
from submission.multipart import FormShape
from submission.small_forms import read_small_form
from submission.store import Store
from wire.errors import RosterError
from wire.mailbox import open_replies
from wire.reply import Reply
from wire.roster import Roster
from wire.shelf import shelf_name, shelf_of

PAGE_SIZE: Final = 131_072
"""Bytes of every answer to a codename. What is shorter is filled up; older replies go to a next page of that size."""
ROOM: Final = 90_112
"""Bytes of it for replies, each with `AROUND_REPLY` for what stands around it. Two of the longest, escaped, fit."""
AROUND_REPLY: Final = 1_536
MOST_GAPS: Final = 20
"""Missing replies that are named; each takes up to 480 bytes."""
MOST_SKIPPED: Final = 1_000_000
ROOMY: Final = 3
"""How many times the time of its derivation an answer takes at least."""

SHAPE: Final = FormShape({"codename": 1_024, "skip": 7})


def make_blueprint(config: Config, store: Store, keys: Keys, derivation: Derivation) -> Blueprint:
    """Return the mailbox."""
    mailbox = Blueprint("mailbox", __name__)
    # Trying keeps Python's lock: several at once would take it from each other, and from everybody else.
    trying = Lock()

    @mailbox.get("/mailbox")
    def ask() -> str:
        return render_template("mailbox.html", roster=keys.newest_roster())

    @mailbox.post("/mailbox")
    def show() -> bytes:
        form = read_small_form(SHAPE)
        with in_steps(config.mailbox_step) as steps:
            return answer(form, steps)

    def answer(form: Mapping[str, str], steps: "Steps") -> bytes:
        codename = parse_codename(form.get("codename", ""))
        skip = _parse_skip(form.get("skip", "0"))
        rosters = keys.rosters()
        source = derivation.keys(codename, rosters[0].instance)
        steps.note_derivation()
        place = shelf_name(shelf_of(source.shelf), keys.shelf_widths()[0])
        with trying:
            found = open_replies(store.replies(place), source, rosters)
        shown = _fitting(list(reversed(found.replies))[skip:])
        page = render_template(
            "replies.html",
            codename=str(codename),
            replies=[(one, _label(one.reviewer, rosters), one.reviewer not in rosters[0].ids) for one in shown],
            gaps=[(_label(reviewer, rosters), number) for reviewer, number in found.gaps[:MOST_GAPS]],
            newer=skip > 0,
            older=skip + len(shown) if skip + len(shown) < len(found.replies) else None,
            next_number=found.next_number,
            next_tip=secrets.token_hex(16),
            next_claim=str(ClaimWords.generate()),
            roster=rosters[0],
            open=keys.is_open(),
        )
        return pad(page.encode())

    return mailbox


class Steps:
    """How long an answer takes: a whole number of steps, so that what little longer it took does not show.

    Reading one's own replies takes about a millisecond more than reading past those of others, or several on a busy
    machine, and now and then that would make one step more of it. So an answer takes three times as long as the
    derivation at least, which depends on the machine and not on the codename; unless a shelf is very full, nothing
    else decides in which step it ends.

    Args:
        step: seconds; with 0 an answer takes as long as it takes.
    """

    def __init__(self, step: float) -> None:
        self._step = step
        self._began = time.monotonic()
        self._least = 0.0

    def note_derivation(self) -> None:
        """Say that the keys are derived."""
        self._least = ROOMY * (time.monotonic() - self._began)

    def wait(self) -> None:
        """Wait until a step ends."""
        if self._step:
            taken = time.monotonic() - self._began
            time.sleep(ceil(max(taken, self._least) / self._step) * self._step - taken)


@contextmanager
def in_steps(step: float) -> Iterator[Steps]:
    """Let something take a whole number of steps, also when it fails."""
    steps = Steps(step)
    try:
        yield steps
    finally:
        steps.wait()


def pad(page: bytes) -> bytes:
    """Fill a page up to `PAGE_SIZE` bytes with spaces before its end.

    Raises:
        AssertionError: it is longer; what `_fitting` leaves room for was not enough.
    """
    missing = PAGE_SIZE - len(page)
    if missing < 0:
        raise AssertionError("a page of replies is longer than it may be")
    body, ending, rest = page.rpartition(b"</html>")
    return body + b" " * missing + ending + rest


def _fitting(replies: list[Reply]) -> list[Reply]:
    """Return the first replies that fit on one page; always at least one, as two of the longest fit."""
    size, fitting = 0, list[Reply]()
    for reply in replies:
        size += len(escape(reply.text).encode()) + AROUND_REPLY
        if size > ROOM:
            break
        fitting.append(reply)
    return fitting


def _label(reviewer: str, rosters: tuple[Roster, ...]) -> str:
    """Return what a reviewer was last called."""
    for roster in rosters:
        try:
            return roster.by_id(reviewer).label
        except RosterError:
            continue
    raise AssertionError("a reply was accepted from nobody on a roster")


def _parse_skip(untrusted: str) -> int:
    if not (untrusted.isascii() and untrusted.isdigit()) or int(untrusted) > MOST_SKIPPED:
        raise BrokenFormError("the place to go on from is malformed")
    return int(untrusted)
