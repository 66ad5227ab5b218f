"""Letters and their files: pulled, opened, verified, kept in the vault, told of in the case log."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Connection

from crypto.dsse import Envelope
from crypto.hybrid import HybridIdentity
from reviewer.desk import Desk, period_identities, roster
from reviewer.errors import ActError, IntakeRefusedError, NoRoomError
from reviewer.files import SealedWriter
from reviewer.keeping import is_wanted, size_of
from reviewer.pen import Pen
from reviewer.post import LIMITS, Intake, Shelf
from reviewer.reading import LogBook
from reviewer.store import keys, letters
from reviewer.store import log as store
from reviewer.store.letters import StoredLetter
from reviewer.store.rules import check_room, get_rules
from wire.content import CaseOpened
from wire.content_kind import case_of_tip
from wire.errors import LetterError, PartsError
from wire.fields import is_one_line
from wire.keysheet import KeySheet
from wire.letter import Letter, decode_content, verify_letter
from wire.opening import Listing, OpenLetter, open_letter, read_files

TITLE: Final = 80
"""Most characters of a case's title made from its first letter."""


def pull_letters(desk: Desk, intake: Intake) -> bool:
    """Pull every letter that waits, keep what we can open, remember what we cannot.

    Returns:
        Whether everything that the intake listed was taken.
    """
    with desk.vault.read() as connection:
        known = letters.known_names(connection, "letters")
        identities = tuple(period_identities(connection).values())
        instance = roster(connection).instance
    offered = intake.waiting("letters")
    whole = len(offered) < LIMITS.names  # else the list may go on
    offered_again(desk, "letters", known.intersection(offered))
    for name in offered:
        if name in known:
            continue
        try:
            sealed = intake.fetch("letters", name)
        except IntakeRefusedError:
            whole = False  # listed, and gone or withheld: the next round asks again
            continue
        with desk.vault.begin() as connection:
            _keep(connection, desk, instance, name, sealed, identities)
    return whole


def offered_again(desk: Desk, shelf: Shelf, names: Collection[bytes]) -> None:
    """Have what the intake offers although it is safe here acknowledged once more, with the next daily batch.

    An intake that was restored from a backup forgot what it was told; else such pieces lay there for the retention.
    """
    if names:
        with desk.vault.begin() as connection:
            letters.acknowledge_again(connection, shelf, names)


def _keep(
    connection: Connection,
    desk: Desk,
    instance: bytes,
    name: bytes,
    sealed: bytes,
    identities: Sequence[HybridIdentity],
) -> None:
    letters.acknowledge(connection, "letters", [name])
    try:
        opened = _open(desk, instance, sealed, identities)
    except LetterError as error:
        letters.set_aside(connection, name, "letters", error.kind, desk.today())
        return
    case_id = case_of_tip(instance, opened.letter.conversation)
    if store.is_erased(connection, case_id):
        letters.set_aside(connection, name, "letters", "erased", desk.today())
        return
    letters.add_letter(connection, _stored(desk, name, case_id, opened))
    if opened.letter.case_key is not None:
        digest = hashlib.sha256(opened.letter.case_key).digest()
        store.add_case_key(connection, case_id, digest, opened.letter.case_key)


def _open(desk: Desk, instance: bytes, sealed: bytes, identities: Sequence[HybridIdentity]) -> OpenLetter:
    opened = open_letter(sealed, identities)
    if opened.letter.instance != instance:
        raise LetterError("letter: for another organisation")
    verify_letter(opened.letter, opened.content, opened.macs, desk.id, desk.signing)
    return opened


def _stored(desk: Desk, name: bytes, case_id: bytes, opened: OpenLetter) -> StoredLetter:
    return StoredLetter(
        name=name,
        case_id=case_id,
        tip=opened.letter.tip,
        number=opened.letter.number,
        week=str(opened.letter.week),
        pulled_on=desk.today(),
        verified=True,
        content=opened.content,
        macs=b" ".join(f"{one}={mac.hex()}".encode() for one, mac in sorted(opened.macs.items())),
        files="offered" if opened.letter.files else "none",
    )


def keep_wanted(desk: Desk, book: LogBook) -> int:
    """Have files fetched that are small enough, or of a case on which somebody works; returns of how many letters."""
    wanted = 0
    with desk.vault.begin() as connection:
        cases, rules = book.read(connection).cases, get_rules(connection)
        for stored in letters.letters_without_files(connection, "offered"):
            assert stored.content is not None
            if is_wanted(cases.get(stored.case_id), size_of(decode_content(stored.content)), rules):
                letters.mark_letter(connection, stored.name, files="waiting")
                wanted += 1
    return wanted


def pull_files(desk: Desk, intake: Intake) -> bool:
    """Pull the files of every letter that is kept and still lacks them; returns whether none is left waiting.

    Raises:
        NoRoomError: some do not fit; all others were pulled.
    """
    with desk.vault.read() as connection:
        waiting = letters.letters_without_files(connection)
        identities = tuple(period_identities(connection).values())
    whole = True
    full: NoRoomError | None = None
    for stored in waiting:
        assert stored.content is not None
        letter = decode_content(stored.content)
        try:
            names = fetch_files(desk, intake, stored.case_id, letter, identities)
        except NoRoomError as error:
            full = error
            continue
        except IntakeRefusedError:
            whole = False
            continue
        except PartsError:
            with desk.vault.begin() as connection:
                letters.mark_letter(connection, stored.name, files="broken")
            continue
        with desk.vault.begin() as connection:
            letters.acknowledge(connection, "parts", names)
            letters.mark_letter(connection, stored.name, files="here")
    if full is not None:
        raise full
    return whole


def fetch_files(
    desk: Desk, intake: Intake, case_id: bytes, listing: Listing, identities: Sequence[HybridIdentity]
) -> tuple[bytes, ...]:
    """Pull parts, unseal them and seal each file to the vault while it streams; returns the names of the parts.

    A file that is here already is not kept twice; a round that broke off begins again. A part belongs to whatever
    named it first: else one upload and many letters that name its parts would fill this vault many times.

    Raises:
        PartsError: the parts do not give the files that are listed, or one was taken for something else before.
        IntakeError: a part could not be pulled.
        NoRoomError: they do not fit; nothing was pulled.
    """
    names: list[bytes] = []
    with desk.vault.read() as connection:
        check_room(desk.vault, connection, size_of(listing))
        taken = letters.known_names(connection, "parts")

    def fetch(name: bytes) -> bytes:
        if name in taken:
            raise PartsError("parts: one of them belongs to something else")
        names.append(name)
        return intake.fetch("parts", name)

    for file, content in read_files(listing, fetch, identities):
        with desk.vault.read() as connection:
            here = letters.file_of(connection, case_id, file.sha256) is not None
        if here:
            continue
        with SealedWriter(desk.vault) as writer:
            for piece in content:
                writer.write(piece)
            stored = writer.finish(case_id)
        with desk.vault.begin() as connection:
            letters.add_file(connection, stored)
    return tuple(names)


def tell_of_letters(desk: Desk, book: LogBook) -> int:
    """Write an event for each letter of which none of ours tells yet; returns how many."""
    with desk.vault.begin() as connection:
        waiting = letters.letters_to_log(connection)
        if not waiting:
            return 0
        log, current = book.read(connection), roster(connection)
        pen = Pen(connection, desk, log, current.instance)
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
                members=_members(connection, letter, current.ids),
                checked=stored.verified,
            )
            try:
                if letter.case_key is None:
                    pen.write(content)
                else:
                    pen.open_case(content, letter.case_key)
            except ActError:
                continue  # recused, or the new key is not here yet: it waits
            begun.add(stored.case_id)
            letters.mark_letter(connection, stored.name, logged=True)
            told += 1
        return told


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
