"""What a visit as a source brought, held against what this app knows (pure).

A difference means that the intake lies to visitors, or that something in front of it does. Not every lie can be seen:
an intake that tells the apps' visits from a source's can lie to the source alone.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from reviewer.entry import Entry
from reviewer.page import STYLE, Page, digest_of
from wire.content import Looked
from wire.errors import KeySheetError, RosterError
from wire.keysheet import KeySheet, open_sheet
from wire.roster import PAYLOAD_TYPE, Roster, open_next_roster

FORMS: Final[Mapping[str, frozenset[str]]] = {"/": frozenset(), "/tip": frozenset({"/tip"}), "/keys": frozenset()}
"""The pages of a visit, and where their forms may go."""
ROSTER: Final = "/roster.json"
SHEET: Final = "/keysheet.json"
BUSY: Final = frozenset({429, 503})
OK: Final = 200

NEVER: Final = frozenset(
    {"alt-svc", "clear-site-data", "date", "etag", "last-modified", "link", "nel", "onion-location", "refresh"}
    | {"report-to", "reporting-endpoints", "server", "set-cookie", "sourcemap", "vary", "x-powered-by"}
)
"""Headers that an honest intake never sends: they mark a visitor, lead elsewhere, or tell hosts and clocks apart."""
NEEDED: Final = frozenset({"base-uri", "default-src", "form-action", "frame-ancestors"})


@dataclass(frozen=True)
class Answer:
    """What came for one request.

    Attributes:
        status: HTTP status.
        headers: in their order, names in lower case.
        body: bytes.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def busy(self) -> bool:
        """Whether the intake asks to come again later, as it may ask anybody."""
        return self.status in BUSY and any(name == "retry-after" for name, _ in self.headers)


@dataclass(frozen=True)
class Known:
    """What an app knows by itself.

    Attributes:
        roster: in force, with the root that signs the next one (32 bytes).
        root: that root.
        keys: the period key (1,216 bytes) of each reviewer, by week and id, as first seen.
        open: whether a key sheet is in force, so that visitors must find one too.
        today: the date in UTC.
    """

    roster: Roster
    root: bytes
    keys: Mapping[tuple[str, str], bytes]
    open: bool
    today: date


@dataclass(frozen=True)
class Difference:
    """Something that no honest intake serves: which of `wire.content.ALARMS`, and the SHA-256 of the answer."""

    what: str
    seen: bytes | None


@dataclass(frozen=True)
class Findings:
    """What a visit came to.

    Attributes:
        differences: each kind once.
        pages: SHA-256 of what does not differ from visit to visit; None when the visit was not whole.
    """

    differences: tuple[Difference, ...]
    pages: bytes | None


Visit = Sequence[tuple[str, Answer]]
"""Path and answer of each request, in order: every path of a whole visit, some more than once."""


def compare(visit: Visit, known: Known) -> Findings:
    """Hold every answer of a visit against what an app knows."""
    if any(answer.busy for _, answer in visit):
        return Findings(_each_kind_once(_faults([each for each in visit if not each[1].busy])), None)
    first = dict(reversed(visit))
    found = [*_faults(visit), *_signed(first, known)]
    pages = None
    wanted = (*FORMS, STYLE) if known.open else ("/", STYLE)
    missing = [first[path] for path in wanted if first[path].status != OK]
    if known.open and missing:
        found.append(Difference("closed", _hash(missing[0])))
    if known.open and not missing:
        pages = digest_of([Page(_text(first[path]), FORMS[path]) for path in ("/", "/tip")], first[STYLE].body)
    return Findings(_each_kind_once(found), pages)


def _each_kind_once(found: Iterable[Difference]) -> tuple[Difference, ...]:
    return tuple({each.what: each for each in reversed(list(found))}.values())[::-1]


def _faults(visit: Visit) -> Iterator[Difference]:
    for path, answer in visit:
        if not _headers_right(answer):
            yield Difference("header", _hash(answer))
        if path == STYLE and any(word in answer.body.lower() for word in (b"url(", b"@import", b"//", b"\\")):
            yield Difference("foreign", _hash(answer))
        # Whatever path it is: a browser shows it as a page if it says that it is one.
        if path in FORMS or _kind(answer) == "text/html":
            page = Page(_text(answer), FORMS.get(path, frozenset()))
            yield from (Difference(fault, _hash(answer)) for fault in sorted(page.faults))
            if path == "/tip" and answer.status == OK and page.forms != [("post", "/tip")]:
                yield Difference("form", _hash(answer))


def _headers_right(answer: Answer) -> bool:
    names = [name for name, _ in answer.headers]
    policies = [value for name, value in answer.headers if name == "content-security-policy"]
    referrer = [value for name, value in answer.headers if name == "referrer-policy"]
    return (
        not NEVER & set(names)
        and len(policies) == 1
        and _policy_right(policies[0])
        and referrer == ["no-referrer"]
        and not 300 <= answer.status < 400
    )


def _policy_right(policy: str) -> bool:
    directives: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *values = part.split()
        directives.setdefault(name.lower(), values)
    allowed = all(set(values) <= {"'self'", "'none'"} for values in directives.values())
    no_script = all(values == ["'none'"] for name, values in directives.items() if "script" in name)
    return allowed and no_script and directives.keys() >= NEEDED and directives["default-src"] == ["'none'"]


def _signed(first: Mapping[str, Answer], known: Known) -> Iterator[Difference]:
    try:
        roster = _roster(first[ROSTER].body, known)
    except (CryptoError, RosterError):
        yield Difference("roster", _hash(first[ROSTER]))
        return
    if not known.open:
        return
    if first[SHEET].status != OK:
        yield Difference("closed", _hash(first[SHEET]))
        return
    try:
        sheet = open_sheet(Envelope.decode(first[SHEET].body), roster, known.today)
    except (CryptoError, KeySheetError):
        yield Difference("sheet", _hash(first[SHEET]))
        return
    if roster == known.roster and not _keys_known(sheet, known):
        yield Difference("sheet", _hash(first[SHEET]))
    if first["/keys"].status == OK:
        words = Page(_text(first["/keys"]), frozenset()).words
        shown = [sheet.digest.hex(), roster.digest.hex(), *(one.key.hex() for one in roster.reviewers)]
        if not all(one in words for one in shown):
            yield Difference("keys", _hash(first["/keys"]))


def _roster(body: bytes, known: Known) -> Roster:
    """Return the roster that visitors are shown: ours, or one that follows it, which the next sync brings.

    Raises:
        RosterError: it is another.
        SignatureError: it is ours, but not signed.
    """
    envelope = Envelope.decode(body)
    if envelope.payload == known.roster.encode():
        envelope.verify(PAYLOAD_TYPE, {known.root})
        return known.roster
    return open_next_roster(envelope, known.roster, known.root, known.today)[0]


def _keys_known(sheet: KeySheet, known: Known) -> bool:
    return all(known.keys.get((str(sheet.week), reviewer)) == recipient.raw for reviewer, recipient in sheet.keys)


def _kind(answer: Answer) -> str:
    kinds = [value for name, value in answer.headers if name == "content-type"]
    return kinds[0].partition(";")[0].strip().lower() if kinds else "text/html"


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace")


def _hash(answer: Answer) -> bytes:
    return hashlib.sha256(answer.body).digest()


def judge_pages(
    pages: bytes,
    roster: bytes,
    own: Entry[Looked] | None,
    others: Collection[Entry[Looked]],
    precedes: Callable[[bytes, bytes], bool],
) -> str | None:
    """Tell what it means that the pages were like this: ``changed``, ``view``, or None for nothing.

    Args:
        pages: their SHA-256 just now.
        roster: SHA-256 of the roster in force; pages name reviewers, so they are compared under one roster only.
        own: the last that this app wrote of a look.
        others: the last that each other app wrote.
        precedes: whether the author of the second event (by ids) had seen the first.
    """
    if own is not None and own.content.roster == roster and own.content.pages != pages:
        return "changed"
    for other in others:
        old = own is not None and precedes(other.id, own.id)
        if other.content.roster == roster and other.content.pages != pages and not old:
            return "view"
    return None
