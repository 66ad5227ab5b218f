"""Exhibits of a reviewer's own: what was captured, by whom, when, from where and how."""

from dataclasses import dataclass
from datetime import date

from reviewer.acts.desk_work import Hand, one_line, required
from reviewer.errors import ActError
from reviewer.files import SealedWriter
from reviewer.store import letters
from reviewer.store import log as store
from wire.content import ExhibitAdded
from wire.files import clean_name, clean_type


@dataclass(frozen=True)
class Capture:
    """How an exhibit came about.

    Attributes:
        captured_by: whoever took it, saved it or was given it.
        captured_on: the day, None where nobody knows.
        taken_from: an address, a place, a person.
        how: the tool and the steps.
    """

    captured_by: str
    captured_on: date | None
    taken_from: str
    how: str


def add_exhibit(hand: Hand, case_id: bytes, name: str, media_type: str, writer: SealedWriter, capture: Capture) -> None:
    """Keep a file that was just sealed to the vault as an exhibit; the next round seals it to the other reviewers.

    Args:
        hand: who adds it.
        case_id: of which case.
        name: as the browser gave it; made fit to be a name.
        media_type: as the browser gave it; only ever shown as text.
        writer: has taken all bytes of the file, and is finished here.
        capture: who, when, from where, how.

    Raises:
        ActError: the case does not allow it, the file is empty, or is an exhibit of the case already.
    """
    with hand.work() as work:
        work.case(case_id)
        if not writer.length:
            raise ActError("the file is empty; choose another")
        captured_by = required(
            one_line(capture.captured_by), ActError("who captured it is missing; write it and try again")
        )
        file = writer.finish(case_id)
        if letters.file_of(work.connection, case_id, file.sha256) is not None:
            (hand.desk.vault.files / file.stored).unlink()
            raise ActError("this very file is in the case already")
        letters.add_file(work.connection, file)
        content = ExhibitAdded(
            on=hand.desk.today(),
            case=case_id,
            name=clean_name(name),
            type=clean_type(media_type),
            size=file.length,
            sha256=file.sha256,
            parts=(),
            index=False,
            captured_by=captured_by,
            captured_on=capture.captured_on,
            taken_from=capture.taken_from.strip(),
            how=capture.how.strip(),
        )
        store.queue(work.connection, "exhibit", content.encode(), case_id)
