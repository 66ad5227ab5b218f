"""What a visit as a source brought, held against what this app knows (pure).

A difference means that the intake lies to visitors, or that something in front of it does. Not every lie can be seen:
an intake that tells the apps' visits from a source's can lie to the source alone.
"""

import base64
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from crypto.dsse import Envelope
from crypto.errors import CryptoError
from reviewer.answer import OK, Answer, headers_right
from reviewer.clients import Clients
from reviewer.entry import Entry
from reviewer.page import STYLE, Page, Script, digest_of
from wire.bundle import page_bundle, vouched_for
from wire.content import Looked
from wire.errors import KeySheetError, RosterError
from wire.keysheet import KeySheet, open_sheet
from wire.letter import REPLY_SIZE
from wire.roster import PAYLOAD_TYPE, Roster, open_next_roster
from wire.week import Week

FORMS: Final[Mapping[str, frozenset[str]]] = {
    "/": frozenset(),
    "/tip": frozenset({"/tip"}),
    "/keys": frozenset(),
    "/letter": frozenset({"/letter"}),
    "/offline": frozenset(),
    "/rewards": frozenset(),
    "/protection": frozenset(),
    "/mailbox": frozenset({"/mailbox"}),
}
"""The pages of all visits, and where their forms may go."""
LANGUAGES: Final = ("en", "fr")
"""Of the pages; each visit reads them in one."""
FORM_PAGES: Final = frozenset({"/tip", "/mailbox"})
"""Those that have one form, and the script that seals and opens on the visitor's device."""
ROSTER: Final = "/roster.json"
SHEET: Final = "/keysheet.json"
SCRIPT: Final = "/page.js"
WORD_LIST: Final = "/words.txt"
SEALER: Final = "/sealer.html"
SHELF: Final = "/shelf/"
"""What a shelf of replies lies under; a visit names any one, and its answer is kept under this."""
ROSTERS: Final = "/rosters.json"
AIMS: Final = ("tip", "mailbox", "keys", "rewards")
"""What one comes for, by the page to which one goes from the first: each visit comes for one of them."""


@dataclass(frozen=True)
class Known:
    """What an app knows by itself.

    Attributes:
        roster: in force, with the root that signs the next one (32 bytes).
        root: that root.
        rosters: every one that it knows, as it was signed, the one in force last.
        keys: the period key (1,216 bytes) of each reviewer, by week and id, as first seen.
        open: whether a key sheet is in force, so that visitors must find one too.
        today: the date in UTC.
        clients: what seals on visitors' devices by this app's release.
        words: SHA-256 of its word list, 32 bytes.
        widths: how many bits name a shelf in each week, as every reviewer's app agreed to.
    """

    roster: Roster
    root: bytes
    rosters: tuple[Envelope, ...]
    keys: Mapping[tuple[str, str], bytes]
    open: bool
    today: date
    clients: Clients
    words: bytes
    widths: Mapping[Week, int]


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
        pages: SHA-256 of what does not differ from visit to visit; None when something was busy or closed.
        language: in which the pages were read; what others saw in another is nothing to compare with.
        aim: what the visit came for, one of `AIMS`, and so which pages it met; likewise.
    """

    differences: tuple[Difference, ...]
    pages: bytes | None
    language: str
    aim: str


Visit = Sequence[tuple[str, Answer]]
"""Path and answer of each request of one walk, in order, some more than once."""


def named(path: str, language: str) -> str:
    """Return the address of a page in a language, as the links to it have it."""
    return path if language == LANGUAGES[0] else f"{path}?lang={language}"


def compare(visit: Visit, known: Known) -> Findings:
    """Hold every answer of a visit against what an app knows."""
    paths = {path for path, _ in visit}
    language = next(each for each in reversed(LANGUAGES) if named("/", each) in paths)
    aim = next(each for each in AIMS if named(f"/{each}", language) in paths)
    views = _views(visit)
    script = _script(views[0][SCRIPT], known) if SCRIPT in paths else None
    if any(answer.busy for _, answer in visit):
        faults = _faults([each for each in visit if not each[1].busy], script)
        return Findings(_each_kind_once(faults), None, language, aim)
    found = [*_faults(visit, script), *(each for view in views for each in _signed(view, known, language))]
    missing = [answer for path, answer in visit if _must_be_there(path) and answer.status != OK]
    pages = None
    if known.open and missing:
        found.append(Difference("closed", missing[0].digest))
    elif known.open:
        pages = _digest(visit, language)
    return Findings(_each_kind_once(found), pages, language, aim)


def _must_be_there(path: str) -> bool:
    return _page(path) in FORMS or path in {STYLE, SCRIPT, WORD_LIST, SEALER, SHELF, ROSTERS}


def _page(path: str) -> str:
    return path.partition("?")[0]


def _digest(visit: Visit, language: str) -> bytes:
    """Return one SHA-256 of all pages in the visit's language, as they were each time: some come more than once."""
    pages: list[Page] = []
    for path in FORMS:
        if path != "/keys":
            texts = {answer.text for each, answer in visit if each == named(path, language)}
            different = {page.fixed: page for page in (Page(text, FORMS[path], None) for text in texts)}
            pages += [different[fixed] for fixed in sorted(different)]
    styles = sorted({answer.body for path, answer in visit if path == STYLE})
    return digest_of(pages, b"".join(styles))


def _views(visit: Visit) -> list[Mapping[str, Answer]]:
    """Return what the visit saw at each path, first, second and so on: a worker may be given another script."""
    answers: dict[str, list[Answer]] = {}
    for path, answer in visit:
        answers.setdefault(path, []).append(answer)
    most = max(len(each) for each in answers.values())
    return [{path: each[min(place, len(each) - 1)] for path, each in answers.items()} for place in range(most)]


def _each_kind_once(found: Iterable[Difference]) -> tuple[Difference, ...]:
    return tuple({each.what: each for each in reversed(list(found))}.values())[::-1]


def _script(answer: Answer, known: Known) -> Script:
    """Return the script that pages may load: the one that is served, whichever it is; its hash is looked at apart.

    The one for claims needs no look: the page's script names its hash, and no browser runs another in its place.
    """
    content = answer.content if answer.status == OK else page_bundle()
    digest = answer.digest if answer.status == OK else known.clients.page
    integrity = f"sha256-{base64.b64encode(digest).decode()}"
    return Script(SCRIPT, integrity, known.root.hex(), vouched_for(content))


def _faults(visit: Visit, script: Script | None) -> Iterator[Difference]:
    for path, answer in visit:
        page_path = _page(path)
        scripted = page_path in FORM_PAGES and answer.status == OK
        if not headers_right(answer, script if scripted else None):
            yield Difference("header", answer.digest)
        if path == STYLE and any(word in answer.body.lower() for word in (b"url(", b"@import", b"//", b"\\")):
            yield Difference("foreign", answer.digest)
        if path == SHELF and answer.status == OK and len(answer.body) % REPLY_SIZE:
            yield Difference("shelf", answer.digest)
        if path == SEALER:
            continue  # its hash says all about it
        # Whatever path it is: a browser shows it as a page if it says that it is one.
        if page_path in FORMS or answer.is_page:
            page = Page(answer.text, FORMS.get(page_path, frozenset()), script if scripted else None)
            yield from (Difference(fault, answer.digest) for fault in sorted(page.faults))
            if scripted and page.forms != [("post", page_path)]:
                yield Difference("form", answer.digest)
            if scripted and page.scripts != 1:
                yield Difference("script", answer.digest)


def _signed(seen: Mapping[str, Answer], known: Known, language: str) -> Iterator[Difference]:
    yield from _rosters(seen, known)
    if ROSTER not in seen:
        return  # who comes for advice alone fetches nothing that is signed
    try:
        roster = _roster(seen[ROSTER].body, known)
    except (CryptoError, RosterError):
        yield Difference("roster", seen[ROSTER].digest)
        return
    if not known.open:  # replies are read on visitors' devices all the same
        yield from _clients(seen, known.clients, known.words)
        return
    if seen[SHEET].status != OK:
        yield Difference("closed", seen[SHEET].digest)
        return
    try:
        sheet = open_sheet(Envelope.decode(seen[SHEET].body), roster, known.today)
    except (CryptoError, KeySheetError):
        yield Difference("sheet", seen[SHEET].digest)
        return
    if roster == known.roster:
        yield from _sheet(seen, sheet, known)
    keys = seen.get(named("/keys", language))
    if keys is not None and keys.status == OK:
        words = Page(keys.text, frozenset(), None).words
        shown = [sheet.digest.hex(), roster.digest.hex(), *(one.key.hex() for one in roster.reviewers)]
        if not all(one in words for one in shown):
            yield Difference("keys", keys.digest)


def _rosters(seen: Mapping[str, Answer], known: Known) -> Iterator[Difference]:
    if ROSTERS in seen and seen[ROSTERS].status == OK:
        try:
            _check_chain(seen[ROSTERS].body, known)
        except (CryptoError, RosterError):
            yield Difference("roster", seen[ROSTERS].digest)


def _sheet(seen: Mapping[str, Answer], sheet: KeySheet, known: Known) -> Iterator[Difference]:
    if any(known.keys.get((str(sheet.week), one)) != recipient.raw for one, recipient in sheet.keys):
        yield Difference("sheet", seen[SHEET].digest)
    if sheet.shelf_bits != known.widths.get(sheet.week):
        yield Difference("width", seen[SHEET].digest)
    signed = Clients(sheet.page_bundle or b"", sheet.sealer or b"")
    yield from _clients(seen, signed, known.words)
    if signed != known.clients:
        yield Difference("release", seen[SHEET].digest)


def _clients(seen: Mapping[str, Answer], signed: Clients, words: bytes) -> Iterator[Difference]:
    for path, digest in ((SCRIPT, signed.page), (SEALER, signed.sealer), (WORD_LIST, words)):
        if path in seen and seen[path].status == OK and seen[path].digest != digest:
            yield Difference("bundle", seen[path].digest)


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


def _check_chain(body: bytes, known: Known) -> None:
    """Check every roster there was, newest first: a reply counts that was signed under an earlier one.

    Raises:
        RosterError: one that this app knows is not there, or one is there that does not follow.
        CryptoError: one is damaged, or not signed.
    """
    lines = [Envelope.decode(line) for line in reversed(body.split(b"\n"))]
    older = len(lines)  # those from before this app's first one, which it cannot check
    for place, line in enumerate(lines):
        if line.payload == known.rosters[0].payload:
            older = place
            break
    ours = lines[older : older + len(known.rosters)]
    if [one.payload for one in ours] != [one.payload for one in known.rosters]:
        raise RosterError("rosters: one that was in force is not there")
    for line, own in zip(ours, known.rosters, strict=True):
        line.verify(PAYLOAD_TYPE, {signature.key for signature in own.signatures})
    roster, root = known.roster, known.root
    for line in lines[older + len(ours) :]:
        roster, root = open_next_roster(line, roster, root, date.min)  # whether one has expired is not the question


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
        own: the last that this app wrote of a look for the same in the same language.
        others: the last that each other app wrote of one.
        precedes: whether the author of the second event (by ids) had seen the first.
    """
    if own is not None and own.content.roster == roster and own.content.pages != pages:
        return "changed"
    for other in others:
        old = own is not None and precedes(other.id, own.id)
        if other.content.roster == roster and other.content.pages != pages and not old:
            return "view"
    return None
