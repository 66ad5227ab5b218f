"""What this app writes in the case log of the letters that it opened: that it did, and since when it knows them."""

from typing import Final

from sqlalchemy import Connection

from crypto.dsse import Envelope
from reviewer.desk import Desk, roster
from reviewer.errors import ActError
from reviewer.fold import Log
from reviewer.pen import Pen
from reviewer.reading import LogBook
from reviewer.store import keys, letters
from reviewer.store.letters import StoredLetter
from wire.attestation import attest
from wire.content import CaseOpened
from wire.content_proof import Attested
from wire.errors import AttestationError
from wire.fields import is_one_line
from wire.keysheet import KeySheet
from wire.letter import Letter, decode_content
from wire.week import Week

TITLE: Final = 80
"""Most characters of a case's title made from its first letter."""


def tell_of_letters(desk: Desk, book: LogBook) -> int:
    """Write an event for each letter of which none of ours tells yet, with its attestation; returns how many.

    An attestation that waited, because this clock was behind, is written as soon as it can be.
    """
    with desk.vault.begin() as connection:
        waiting = letters.letters_to_log(connection)
        late = [stored for stored in letters.letters_to_attest(connection) if stored.logged]
        if not waiting and not late:
            return 0
        log, current = book.read(connection), roster(connection)
        pen = Pen(connection, desk, log, current.instance)
        told = _tell(connection, desk, pen, log, waiting, current.ids)
        for stored in late:
            _attest_late(connection, desk, pen, stored)
        return told


def _tell(
    connection: Connection,
    desk: Desk,
    pen: Pen,
    log: Log,
    waiting: tuple[StoredLetter, ...],
    everybody: tuple[str, ...],
) -> int:
    begun: set[bytes] = set(log.cases)
    told = 0
    for stored in waiting:
        assert stored.content is not None
        letter = decode_content(stored.content)
        if stored.case_id not in begun and letter.case_key is None:
            continue  # a follow-up that came before the first letter: it waits
        content = CaseOpened(
            on=desk.today(),
            case=stored.case_id,
            letter=stored.name,
            number=stored.number,
            tip=stored.tip,
            title=title_of(letter) if stored.number == 1 else "",
            members=_members(connection, letter, everybody),
            checked=stored.verified,
        )
        attested = _attested(desk, stored, letter)
        more = () if attested is None else (attested,)
        try:
            if letter.case_key is None:
                for each in (content, *more):
                    pen.write(each)
            else:
                pen.open_case(content, letter.case_key, *more)
        except ActError:
            continue  # recused, or the new key is not here yet: it waits
        begun.add(stored.case_id)
        letters.mark_letter(connection, stored.name, logged=True, attested=bool(more))
        told += 1
    return told


def _attest_late(connection: Connection, desk: Desk, pen: Pen, stored: StoredLetter) -> None:
    assert stored.content is not None
    attested = _attested(desk, stored, decode_content(stored.content))
    if attested is None:
        return
    try:
        pen.write(attested)
    except ActError:
        return  # recused since, or the new key is not here yet: it waits
    letters.mark_letter(connection, stored.name, attested=True)


def _attested(desk: Desk, stored: StoredLetter, letter: Letter) -> Attested | None:
    """Return what this app signs for a letter, None while its clock is behind the letter's week.

    The week is that of the pull, unless the clock was wrong by then: what it says now is later, so it is true as well.
    """
    if stored.handed_by is not None:
        return None
    pulled = Week.of(stored.pulled_on)
    week = pulled if pulled >= letter.week else Week.of(desk.today())
    try:
        envelope = attest(letter, week, desk.id, desk.signing)
    except AttestationError:
        return None
    return Attested(on=desk.today(), case=stored.case_id, letter=stored.name, attestation=envelope.encode())


def _members(connection: Connection, letter: Letter, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """Return who could open the letter: the reviewers of its key sheet but for those left out."""
    raw = keys.sheet(connection, letter.sheet)
    sheet = None if raw is None else KeySheet.decode(Envelope.decode(raw).payload)
    ids = otherwise if sheet is None else tuple(reviewer for reviewer, _ in sheet.keys)
    return tuple(sorted(set(ids) - set(letter.not_to)))


def title_of(letter: Letter) -> str:
    """Return a case's title: species and product where the source named them, else how the story begins."""
    named = [str(letter.fields[name]) for name in ("species", "product") if letter.fields.get(name)]
    # A sign that no line may hold must not keep a tip from being told of.
    text = "".join(sign if is_one_line(sign) else " " for sign in ", ".join(named) or letter.story)
    text = " ".join(text.split())
    return text if len(text) <= TITLE else text[: TITLE - 1].rstrip() + "…"
