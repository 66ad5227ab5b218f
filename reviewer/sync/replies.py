"""Letters for the shelves of replies: decoys, and now and then a reply in the place of one.

What the intake sees of it is the same whatever there is to say: which moments, which shelves, one letter and one batch
of the case log after it, and that nothing is ever sent twice. So
- when a letter leaves, and for which shelf, stands before any reply is written (`reviewer.timetable`);
- a reply is written into the case log only when it leaves, and a batch follows every letter, be it an empty one;
- a letter that the intake refused or did not answer is gone: a reply is sealed anew for the next one, so that its bytes
  never show again, and an intake cannot find replies by refusing letters.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection

from crypto.dsse import Envelope
from reviewer.desk import Desk, roster, sheet_in_force
from reviewer.errors import SyncError
from reviewer.pen import Pen
from reviewer.post import Intake
from reviewer.reading import LogBook
from reviewer.store import keys, letters, replies
from reviewer.store.replies import Waiting
from reviewer.sync.moments import Draw, due, stored_moments
from reviewer.timetable import Slot
from wire.content import Replied
from wire.letter import Letter, decode_content
from wire.reply import Reply, recipient_digest, seal_decoy, seal_signed, sign_reply
from wire.shelf import NARROWEST, shelf_name, shelf_names
from wire.week import Week

BATCH_OWED: Final = "batch_owed"
"""Set from the moment a letter leaves until a batch of the case log followed it."""


class Take(Protocol):
    """Finds what leaves in a letter's place."""

    def __call__(self, connection: Connection, slot: Slot) -> tuple[Waiting, bytes] | None:
        """Return the first reply that may leave then, and it sealed (16,384 bytes); None when there is none."""


def post_letters(desk: Desk, intake: Intake, book: LogBook) -> int:
    """Post each letter whose moment has come; returns how many there were.

    Raises:
        IntakeError: the intake did not take one. It is gone, and so are those after it.
        SyncError: the key sheet names narrower shelves than any app agrees to.
    """
    with desk.vault.read() as connection:
        bits = shelf_bits(connection, desk)

    def take(connection: Connection, slot: Slot) -> tuple[Waiting, bytes] | None:
        return _take(connection, desk, book, slot)

    return post_due(desk, intake, shelf_names(bits), take)


def post_due(
    desk: Desk,
    intake: Intake,
    places: Sequence[str],
    take: Take,
    decoy: Callable[[], bytes] = seal_decoy,
    draw: Draw = secrets.token_bytes,
) -> int:
    """Post a letter for each moment that has come, whether or not there is a reply to take its place.

    Args:
        desk: whose clock, timetable and queue count.
        intake: where letters go.
        places: names of the shelves that there are.
        take: finds a reply.
        decoy: makes a letter where none is found.
        draw: the system's randomness.
    """
    with desk.vault.begin() as connection:
        slots = due(connection, desk, places, draw)
        if slots:
            keys.set_property(connection, BATCH_OWED, b"1")
    for slot in slots:
        with desk.vault.begin() as connection:
            taken = take(connection, slot)
        intake.post_reply(slot.place, decoy() if taken is None else taken[1])
        with desk.vault.begin() as connection:
            if taken is not None:
                replies.left(connection, taken[0])
    return len(slots)


def shelf_bits(connection: Connection, desk: Desk) -> int:
    """Return how many bits name a shelf today; without a key sheet in force there is one shelf.

    Raises:
        SyncError: more than any app agrees to, so that few conversations may share a shelf.
    """
    sheet = sheet_in_force(connection, desk.today())
    bits = 0 if sheet is None else sheet.shelf_bits
    if bits > NARROWEST:
        raise SyncError("the key sheet names narrower shelves than it may; talk to the reviewers who signed it")
    return bits


def leave_today(connection: Connection, desk: Desk) -> frozenset[int]:
    """Return the serials of the replies that leave on this day if the app runs until its end."""
    moments, now, bits = stored_moments(connection, desk), desk.now(), shelf_bits(connection, desk)
    if moments.timetable is None or moments.timetable.day != now.date():
        return frozenset()
    end = datetime.combine(now.date(), time(), UTC) + timedelta(days=1)
    queue = [(reply, _place(connection, reply, bits)) for reply in replies.waiting(connection)]
    today: set[int] = set()
    for slot in moments.timetable.between(now, end, shelf_names(bits), moments.opening):
        for reply, place in queue:
            if place == slot.place and reply.serial not in today and replies.may_leave(reply, slot):
                today.add(reply.serial)
                break
    return frozenset(today)


def _take(connection: Connection, desk: Desk, book: LogBook, slot: Slot) -> tuple[Waiting, bytes] | None:
    """Return the oldest reply for a shelf, signed, in the case log, and sealed as it never was before."""
    log = book.read(connection)
    for reply in replies.leaving(connection, slot):
        case, letter = log.cases.get(reply.case_id), last_letter(connection, reply.case_id)
        if letter is None or shelf_name(letter.shelf, len(slot.place)) != slot.place:
            continue
        if case is None or case.erased or desk.id not in case.members:
            continue  # recused since: it waits, and holds up no other
        if reply.signed is not None and _is_for(reply.signed, letter):
            return reply, _seal(reply, letter)
        current = roster(connection)
        own = [entry.content.number for entry in case.replies if entry.author == desk.id]
        answer = Reply(
            instance=current.instance,
            conversation=letter.conversation,
            reviewer=desk.id,
            number=max(own, default=0) + 1,
            seen=reply.seen,
            week=Week.of(desk.today()),
            roster=current.digest,
            recipient=recipient_digest(letter.reply_to),
            text=reply.text,
        )
        said = Replied(
            on=desk.today(), case=case.id, number=answer.number, seen=answer.seen, text=answer.text, asks=reply.asks
        )
        Pen(connection, desk, log, current.instance).write(said)
        signed = replies.sign(connection, reply, sign_reply(answer, desk.signing).encode())
        return signed, _seal(signed, letter)
    return None


def _is_for(signed: bytes, letter: Letter) -> bool:
    """Tell whether a signed reply can be sealed to who wrote a letter; a source may name another recipient later."""
    return Reply.decode(Envelope.decode(signed).payload).recipient == recipient_digest(letter.reply_to)


def _seal(reply: Waiting, letter: Letter) -> bytes:
    assert reply.signed is not None
    return seal_signed(Envelope.decode(reply.signed), letter.reply_to)


def _place(connection: Connection, reply: Waiting, bits: int) -> str | None:
    letter = last_letter(connection, reply.case_id)
    return None if letter is None else shelf_name(letter.shelf, bits)


def last_letter(connection: Connection, case_id: bytes) -> Letter | None:
    """Return the last letter of a case's source, None when there is none here."""
    stored = [one for one in letters.letters_of(connection, case_id) if one.content is not None]
    if not stored:
        return None
    assert stored[-1].content is not None
    return decode_content(stored[-1].content)
