"""Acts within a case: notes, who works on it, where it stands, holds, and opening one."""

import secrets
from collections.abc import Collection

from reviewer.acts.desk_work import Hand, Work, one_line, required
from reviewer.errors import ActError
from reviewer.pen import KEY_SIZE, case_key
from reviewer.store import letters
from reviewer.store import log as store
from wire.batch import LIMITS
from wire.content import Assigned, CaseOpened, Held, Joined, Noted, Recused, Resumed, StatusSet
from wire.letter import decode_content

STATUSES = ("open", "vetted", "closed")


def open_case(hand: Hand, title: str, members: Collection[str], note: str) -> bytes:
    """Open a case from what a reviewer saw or was told; returns its id (16 bytes).

    Args:
        hand: who opens it; always one of the members.
        title: one line.
        members: ids of the other reviewers who may read it.
        note: how it came about; may be empty.

    Raises:
        ActError: the title is missing, or a member is not on the roster.
    """
    with hand.work() as work:
        everybody = tuple(sorted({*members, hand.desk.id}))
        if not set(everybody) <= set(work.roster.ids):
            raise ActError("a member is not on the roster; choose from the list")
        case_id, key = secrets.token_bytes(16), secrets.token_bytes(KEY_SIZE)
        content = CaseOpened(
            on=hand.desk.today(),
            case=case_id,
            letter=None,
            number=0,
            tip=None,
            title=required(one_line(title), ActError("the title is missing; write it and try again")),
            members=everybody,
            checked=False,
        )
        work.pen.open_case(content, key)
        work.pen.grant(case_id, (key,), everybody)
        if note.strip():
            work.pen.write(Noted(on=hand.desk.today(), case=case_id, text=note.strip()))
    return case_id


def note(hand: Hand, case_id: bytes, text: str) -> None:
    """Leave a note for the other reviewers of the case."""
    with hand.work() as work:
        work.case(case_id)
        work.pen.write(
            Noted(
                on=hand.desk.today(),
                case=case_id,
                text=required(text, ActError("the note is missing; write it and try again")),
            )
        )


def assign(hand: Hand, case_id: bytes, reviewer: str) -> None:
    """Say who takes the case forward."""
    with hand.work() as work:
        if reviewer not in work.case(case_id).members:
            raise ActError("only a reviewer who acts in the case can take it forward")
        work.pen.write(Assigned(on=hand.desk.today(), case=case_id, reviewer=reviewer))


def set_status(hand: Hand, case_id: bytes, status: str) -> None:
    """Say where the case stands: ``open``, ``vetted`` or ``closed``."""
    with hand.work() as work:
        work.case(case_id)
        if status not in STATUSES:
            raise ActError("a case is open, vetted or closed")
        work.pen.write(StatusSet(on=hand.desk.today(), case=case_id, status=status))


def recuse(hand: Hand, case_id: bytes, reviewer: str, reason: str) -> None:
    """Take a reviewer off the case; whatever is written from then on is under a key they do not have."""
    with hand.work() as work:
        if reviewer not in work.case(case_id).members:
            raise ActError("this reviewer does not act in the case")
        content = Recused(
            on=hand.desk.today(),
            case=case_id,
            reviewer=reviewer,
            reason=required(one_line(reason), ActError("the reason is missing; write it and try again")),
        )
        work.pen.write(content)


def join(hand: Hand, case_id: bytes, reviewer: str) -> None:
    """Give the case, with all its past, to another reviewer.

    Raises:
        ActError: they have it already, are not on the roster, or the source left them out.
    """
    with hand.work() as work:
        case = work.case(case_id)
        if reviewer not in work.roster.ids or reviewer in case.members:
            raise ActError("choose a reviewer of the roster who does not act in the case yet")
        if reviewer in left_out(work, case_id):
            raise ActError("the source asked that this reviewer does not read the tip; that is kept")
        before = set(store.case_keys(work.connection, case_id))
        work.pen.write(Joined(on=hand.desk.today(), case=case_id, reviewer=reviewer))
        # Only keys that the log knows, and what was made just now: whatever else somebody granted is nobody's.
        found = [case_key(work.connection, case, info.digest) for info in case.keys]
        found += [key for _, _, key in set(store.case_keys(work.connection, case_id)) - before]
        held = tuple(key for key in found if key is not None)
        for start in range(0, len(held), LIMITS.keys):
            work.pen.grant(case_id, held[start : start + LIMITS.keys], (reviewer,))


def left_out(work: Work, case_id: bytes) -> frozenset[str]:
    """Return whom the source left out, in any letter of the case."""
    found: set[str] = set()
    for stored in letters.letters_of(work.connection, case_id):
        if stored.content is not None:
            found.update(decode_content(stored.content).not_to)
    return frozenset(found)


def hold(hand: Hand, case_id: bytes, reason: str) -> None:
    """Stop everything from leaving the case until it is resumed."""
    with hand.work() as work:
        work.case(case_id)
        work.pen.write(
            Held(
                on=hand.desk.today(),
                case=case_id,
                reason=required(one_line(reason), ActError("the reason is missing; write it and try again")),
            )
        )


def resume(hand: Hand, case_id: bytes, reason: str) -> None:
    """End every hold of the case that is known here; what was approved before must be approved again."""
    with hand.work() as work:
        if not work.case(case_id).holds:
            raise ActError("the case is not on hold")
        work.pen.write(
            Resumed(
                on=hand.desk.today(),
                case=case_id,
                reason=required(one_line(reason), ActError("the reason is missing; write it and try again")),
            )
        )
