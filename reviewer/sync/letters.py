"""Letters and their files: pulled, opened, verified, kept in the vault."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from crypto.hybrid import HybridIdentity
from reviewer.desk import Desk, period_identities, roster
from reviewer.errors import IntakeRefusedError, NoRoomError
from reviewer.files import SealedWriter
from reviewer.keeping import is_wanted, size_of
from reviewer.post import LIMITS, Intake, Shelf
from reviewer.reading import LogBook
from reviewer.store import letters
from reviewer.store import log as store
from reviewer.store.letters import StoredLetter
from reviewer.store.rules import check_room, get_rules
from wire.content_kind import case_of_tip
from wire.errors import LetterError, PartsError
from wire.letter import decode_content, verify_letter
from wire.opening import Listing, OpenLetter, open_letter, read_files
from wire.week import Week


def pull_letters(desk: Desk, intake: Intake) -> bool:
    """Pull every letter that waits, keep what we can open, remember what we cannot.

    Returns:
        Whether everything that the intake listed was taken.
    """
    with desk.vault.read() as connection:
        known = letters.known_names(connection, "letters")
        identities = period_identities(connection)
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
    identities: Mapping[Week, HybridIdentity],
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


def _open(desk: Desk, instance: bytes, sealed: bytes, identities: Mapping[Week, HybridIdentity]) -> OpenLetter:
    opened = open_letter(sealed, tuple(identities.values()))
    _check_week(sealed, opened.letter.week, identities)
    if opened.letter.instance != instance:
        raise LetterError("letter: for another organisation")
    verify_letter(opened.letter, opened.content, opened.macs, desk.id, desk.signing)
    return opened


def _check_week(sealed: bytes, week: Week, identities: Mapping[Week, HybridIdentity]) -> None:
    """Hold the week that a letter names against the key that opens it: a letter of a far year is never attested.

    Not against a clock, which may be wrong: whoever could seal to our key of a week had a key sheet of it.
    """
    try:
        open_letter(sealed, [identities[week]])
    except (KeyError, LetterError):
        raise LetterError("letter: it names another week than the one whose key opens it", "sheet") from None


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
