"""Many conversations in a vault at once, put there as pulling and logging their letters would."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from crypto.hybrid import HybridIdentity
from reviewer.pen import Pen
from reviewer.reading import read_log
from reviewer.store import letters
from reviewer.store.letters import StoredLetter
from tests.reviewer.office_hours import OfficeHours
from wire.content import CaseOpened, Replied
from wire.letter import Letter, encode_content
from wire.week import Week


@dataclass(frozen=True)
class Correspondent:
    """A source whose letter is in a vault.

    Attributes:
        case_id: of the case that it began.
        shelf: first 16 bits of their shelf value.
        reply: what opens replies to them.
    """

    case_id: bytes
    shelf: int
    reply: HybridIdentity


def correspondents(office: OfficeHours, one: str, shelves: Iterable[int]) -> list[Correspondent]:
    """Have a letter of one new source for each shelf in the vault of a reviewer, and its case in their log."""
    desk, week = office.desks[one], Week.of(office.now)
    found = [Correspondent(secrets.token_bytes(16), shelf, HybridIdentity.generate()) for shelf in shelves]
    with desk.vault.begin() as connection:
        pen = Pen(connection, desk, read_log(connection), office.roster.instance)
        for each in found:
            letter = Letter(
                instance=office.roster.instance,
                sheet=bytes(32),
                week=week,
                conversation=secrets.token_bytes(32),
                tip=secrets.token_bytes(16),
                number=1,
                sealed="before",
                reply_to=each.reply.recipient,
                shelf=each.shelf,
                case_key=secrets.token_bytes(32),
                not_to=(),
                language="en",
                fields={},
                story="x",
                files=(),
                parts=(),
                index=False,
            )
            name = secrets.token_bytes(32)
            content = encode_content(letter)
            opened = CaseOpened(
                on=office.now,
                case=each.case_id,
                letter=name,
                number=1,
                tip=letter.tip,
                title="x",
                members=office.ids,
                checked=True,
            )
            assert letter.case_key is not None
            pen.open_case(opened, letter.case_key)
            row = StoredLetter(
                name, each.case_id, letter.tip, 1, str(week), office.now, True, content, b"", "none", True
            )
            letters.add_letter(connection, row)
    return found


def answer(office: OfficeHours, one: str, whom: Iterable[Correspondent]) -> None:
    """Have it in the log that a reviewer answered these sources."""
    desk = office.desks[one]
    with desk.vault.begin() as connection:
        pen = Pen(connection, desk, read_log(connection), office.roster.instance)
        for each in whom:
            pen.write(Replied(on=office.now, case=each.case_id, number=1, seen=1, text="Merci"))
