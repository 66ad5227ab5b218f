"""The past of a case for who joins it: letters and files sealed once more, to them alone, and taken in by their app.

docs/format.md, "Case keys, boxes, grants". Who hands a letter over vouches for it: nobody can verify it anew, so the
page says who it was, and the apps of those who have the letter compare.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from crypto.dsse import Envelope
from crypto.hybrid import HybridIdentity
from reviewer.case import Case
from reviewer.desk import Desk, period_identities, roster, sheet_in_force
from reviewer.entry import Entry, of
from reviewer.errors import IntakeRefusedError
from reviewer.files import read_file
from reviewer.fold import Log
from reviewer.pen import Pen
from reviewer.post import Intake
from reviewer.reading import LogBook
from reviewer.store import keys, letters
from reviewer.store.letters import StoredLetter
from reviewer.sync.exhibits import give_up
from reviewer.sync.letters import fetch_files
from wire.content import Handed, Joined
from wire.content_kind import case_of_tip
from wire.errors import LetterError, PartsError
from wire.files import UNKNOWN_TYPE, File, SealedFiles
from wire.keysheet import KeySheet
from wire.letter import LETTER_SIZE, Letter, decode_content
from wire.opening import read_files
from wire.parts import FilesSealer

NAME = "handed"


@dataclass(frozen=True)
class Piece:
    """Something to hand over: of which case, to whom, and of which letter it is the first line (None for a file)."""

    case: bytes
    reviewer: str
    letter: bytes | None
    sha256: bytes


def hand_over(desk: Desk, intake: Intake, book: LogBook) -> int:
    """Seal to those whom this reviewer let in what came before them; returns how many pieces went.

    It follows from the log what is still to be handed over, so that a round may break off anywhere.
    """
    with desk.vault.read() as connection:
        sheet = sheet_in_force(connection, desk.today())
        log = book.read(connection)
        waiting = [
            piece
            for case in log.cases.values()
            if desk.id in case.members and not case.erased
            for piece in _to_hand(connection, log, case, desk.id)
        ]
    ids = () if sheet is None else tuple(reviewer for reviewer, _ in sheet.keys)
    for piece in waiting:
        if sheet is None or piece.reviewer not in ids:
            continue
        sealer = FilesSealer(sheet, intake.post_part, [one for one in ids if one != piece.reviewer])
        sealer.start_file(NAME, UNKNOWN_TYPE)
        for content in _read(desk, piece):
            sealer.write(content)
        sealer.end_file()
        listed = sealer.finish()
        with desk.vault.begin() as connection:
            Pen(connection, desk, book.read(connection), sheet.instance).write(
                Handed(
                    on=desk.today(),
                    case=piece.case,
                    reviewer=piece.reviewer,
                    letter=piece.letter,
                    size=sealer.total,
                    sha256=piece.sha256,
                    parts=listed.parts,
                    index=listed.index,
                )
            )
    return len(waiting)


def _to_hand(connection: Connection, log: Log, case: Case, own: str) -> Iterator[Piece]:
    done = {
        (entry.content.reviewer, entry.content.letter, entry.content.sha256)
        for entry in of(case.entries, Handed)
        if entry.author == own
    }
    here = {file.sha256 for file in letters.files_of(connection, case.id)}
    last = {entry.content.reviewer: entry for entry in of(case.entries, Joined) if entry.author == own}
    for reviewer, join in last.items():
        if reviewer not in case.members:
            continue
        files = {e.content.sha256: None for e in case.exhibits if not log.chains.precedes(join.id, e.id)}
        for stored, letter in _letters_without(connection, case.id, reviewer):
            piece = Piece(case.id, reviewer, stored.name, hashlib.sha256(stored.content or b"").digest())
            files |= {file.sha256: None for file in letter.files}
            if (reviewer, piece.letter, piece.sha256) not in done:
                yield piece
        yield from (
            Piece(case.id, reviewer, None, one) for one in files if one in here and (reviewer, None, one) not in done
        )


def _letters_without(connection: Connection, case_id: bytes, reviewer: str) -> Iterator[tuple[StoredLetter, Letter]]:
    """Give the letters that a reviewer cannot have opened, but for those that leave them out."""
    for stored in letters.letters_of(connection, case_id):
        if stored.content is None:
            continue
        letter = decode_content(stored.content)
        raw = keys.sheet(connection, letter.sheet)
        named = () if raw is None else [one for one, _ in KeySheet.decode(Envelope.decode(raw).payload).keys]
        if reviewer not in (*named, *letter.not_to):
            yield stored, letter


def _read(desk: Desk, piece: Piece) -> Iterator[bytes]:
    with desk.vault.read() as connection:
        file = letters.file_of(connection, piece.case, piece.sha256)
        stored = letters.letters_of(connection, piece.case)
    if piece.letter is not None:
        yield from (one.content or b"" for one in stored if one.name == piece.letter)
    elif file is not None:
        yield from read_file(desk.vault, file)


def take_over(desk: Desk, intake: Intake, book: LogBook) -> bool:
    """Pull what was handed to this reviewer, letters first; returns whether nothing is left waiting."""
    with desk.vault.read() as connection:
        log = book.read(connection)
        aside = letters.known_names(connection, "exhibits")
        identities = tuple(period_identities(connection).values())
    whole = True
    for case in log.cases.values():
        if case.erased or desk.id not in case.members:
            continue
        mine = [e for e in of(case.entries, Handed) if e.content.reviewer == desk.id and e.id not in aside]
        letters_wait = False
        for entry in sorted(mine, key=lambda each: each.content.letter is None):
            if letters_wait and entry.content.letter is None:
                continue  # a letter that is still to come may list it
            try:
                _take(desk, intake, case, entry, identities)
            except IntakeRefusedError:
                gone = give_up(desk, entry.id)
                letters_wait |= entry.content.letter is not None and not gone
                whole = gone and whole
            except (PartsError, LetterError):
                with desk.vault.begin() as connection:
                    letters.set_aside(connection, entry.id, "exhibits", "damaged", desk.today())
    return whole


def waiting_pieces(connection: Connection, desk: Desk, log: Log) -> tuple[Entry[Handed], ...]:
    """Return what was handed to this reviewer and is not here yet."""
    aside = letters.known_names(connection, "exhibits")
    return tuple(
        entry
        for case in log.cases.values()
        if not case.erased and desk.id in case.members
        for entry in of(case.entries, Handed)
        if entry.content.reviewer == desk.id and entry.id not in aside and not _is_here(connection, entry.content)
    )


def _is_here(connection: Connection, said: Handed) -> bool:
    if said.letter is None:
        return letters.file_of(connection, said.case, said.sha256) is not None
    return said.letter in {one.name for one in letters.letters_of(connection, said.case)}


def listing_of(said: Handed) -> SealedFiles:
    """Return what was handed over as the one file of a listing, as the reader of parts takes it."""
    return SealedFiles((File(NAME, UNKNOWN_TYPE, 0, said.size, said.sha256),), said.parts, said.index)


def _take(desk: Desk, intake: Intake, case: Case, entry: Entry[Handed], identities: Collection[HybridIdentity]) -> None:
    said = entry.content
    with desk.vault.read() as connection:
        stored = letters.letters_of(connection, case.id)
        if _is_here(connection, said):
            return
    listing = listing_of(said)
    if said.letter is None:
        listed = {file.sha256 for one in stored if one.content for file in decode_content(one.content).files}
        if said.sha256 not in listed | {each.content.sha256 for each in case.exhibits}:
            raise LetterError("handed over: a file that no letter or exhibit lists")
        fetch_files(desk, intake, case.id, listing, tuple(identities))
        return
    if said.size > LETTER_SIZE:
        raise LetterError("handed over: longer than a letter")

    def fetch(name: bytes) -> bytes:
        return intake.fetch("parts", name)

    ((_, pieces),) = ((file, b"".join(content)) for file, content in read_files(listing, fetch, tuple(identities)))
    with desk.vault.begin() as connection:
        letters.add_letter(connection, _checked(connection, desk, case, entry, pieces))


def _checked(connection: Connection, desk: Desk, case: Case, entry: Entry[Handed], content: bytes) -> StoredLetter:
    """Return a letter that was handed over, if it is the one of this case that was told of.

    Raises:
        LetterError: it is not.
    """
    letter, name = decode_content(content), entry.content.letter
    told = {(each.letter, each.number, each.tip) for each in case.letters}
    instance = roster(connection).instance
    if letter.instance != instance or case_of_tip(instance, letter.conversation) != case.id:
        raise LetterError("handed over: not a letter of this case")
    if name is None or (name, letter.number, letter.tip) not in told or desk.id in letter.not_to:
        raise LetterError("handed over: not a letter that was told of, or one that leaves this reviewer out")
    return StoredLetter(
        name=name,
        case_id=case.id,
        tip=letter.tip,
        number=letter.number,
        week=str(letter.week),
        pulled_on=desk.today(),
        verified=False,
        content=content,
        macs=b"",
        files="here" if letter.files else "none",
        logged=True,
        handed_by=entry.author,
    )


def handed_wrongly(connection: Connection, case: Case) -> tuple[Entry[Handed], ...]:
    """Return what was handed over in the name of a letter that this app opened itself, and is not that letter."""
    own = {
        one.name: hashlib.sha256(one.content).digest()
        for one in letters.letters_of(connection, case.id)
        if one.content is not None and one.handed_by is None
    }
    return tuple(
        entry
        for entry in of(case.entries, Handed)
        if entry.content.letter in own and own[entry.content.letter] != entry.content.sha256
    )
